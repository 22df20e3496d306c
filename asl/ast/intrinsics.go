package ast

import "strings"

// intrinsics are the fields of a part that a CloudFormation template computes: {"Ref": "Job"}, {"Fn::GetAtt": [...]}. The
// template has them as objects where the language has a text or a number; they are printed as they were written.
type intrinsics map[string]any

// templateIntrinsic is the text that stands for an intrinsic function of CloudFormation until deployment: the text of
// Fn::Sub, whose ${Names} are filled in, and a placeholder for every other.
func templateIntrinsic(n *jsonNode) (string, bool) {
	if n.kind != kindObject || len(n.members) != 1 {
		return "", false
	}
	name, argument := n.members[0].name, &n.items[0]
	switch {
	case name == "Ref" && argument.kind == kindString:
		return "${" + argument.text + "}", true
	case name == "Fn::Sub":
		if argument.kind == kindArray && len(argument.items) > 0 {
			argument = &argument.items[0]
		}
		if argument.kind == kindString {
			return argument.text, true
		}
		return "", false
	case name == "Fn::GetAtt" && argument.kind == kindArray && len(argument.items) == 2:
		return "${" + argument.items[0].text + "." + argument.items[1].text + "}", true
	case strings.HasPrefix(name, "Fn::"):
		return "${" + name + "}", true
	}
	return "", false
}

// written keeps what a field was written as.
func (s *source) written(field string, value any) {
	if s.template == nil {
		s.template = &intrinsics{}
	}
	(*s.template)[field] = value
}

func (s *source) asWritten(field string) (any, bool) {
	if s.template == nil {
		return nil, false
	}
	value, ok := (*s.template)[field]
	return value, ok
}
