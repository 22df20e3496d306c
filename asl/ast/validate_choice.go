package ast

import (
	"strings"

	"airline/asl/jsonvalue"
)

func (v *validator) choice(s *State, at string, lang QueryLanguage, g *graph) {
	if len(s.Choices) == 0 && !s.isOpen("Choices") {
		v.error(s.Pos, at+"/Choices", "give it a rule, or use a Pass state", "a Choice state without rules chooses nothing")
	}
	for i, r := range s.Choices {
		reported := len(v.problems)
		v.rule(r, at, lang)
		if r.Next == "" {
			v.error(r.Pos, at+"/Next", "name the state that follows when the rule matches", "the rule leads nowhere")
		} else {
			v.target(r.Next, r.Pos, at, "/Next", g)
		}
		v.problems.Under(reported, at, "/Choices", i)
	}
	if s.Default != "" {
		v.target(s.Default, s.Pos, at, "/Default", g)
	}
}

// rule checks a choice rule and those in it.
func (v *validator) rule(r *Rule, at string, lang QueryLanguage) {
	if lang == JSONata {
		v.condition(r, at)
		return
	}
	v.assign(r.Assign, r.Pos, at, "/Assign", lang)
	if r.Output.IsSet() {
		v.error(r.Pos, at+"/Output", "remove it, or change the state's QueryLanguage", "Output is a field of JSONata, and the state is in JSONPath")
	}
	if r.Condition.IsSet() {
		v.error(r.Pos, at+"/Condition", "compare with Variable, or change the state's QueryLanguage", "Condition is a field of JSONata, and the state is in JSONPath")
		return
	}
	forms := 0
	for _, given := range []bool{r.And != nil || r.isOpen("And"), r.Or != nil || r.isOpen("Or"), r.Not != nil || r.isOpen("Not"), r.Operator != "" || r.Variable != ""} {
		if given {
			forms++
		}
	}
	if forms != 1 {
		v.error(r.Pos, at, "give the rule one of And, Or, Not, or a Variable with one comparison", "the rule has %d conditions", forms)
	}
	v.operands(r.And, r.Pos, at, "/And")
	v.operands(r.Or, r.Pos, at, "/Or")
	if r.Not != nil {
		reported := len(v.problems)
		v.nested(r.Not, at)
		v.problems.Under(reported, at, "/Not", -1)
	}
	if r.Operator != "" || r.Variable != "" {
		v.comparison(r, at)
	}
}

func (v *validator) operands(rules []*Rule, pos Position, at, name string) {
	if rules != nil && len(rules) == 0 {
		v.error(pos, at+name, "give it conditions", "it holds no condition")
	}
	for i, r := range rules {
		reported := len(v.problems)
		v.nested(r, at)
		v.problems.Under(reported, at, name, i)
	}
}

func (v *validator) nested(r *Rule, at string) {
	if r.Next != "" {
		v.error(r.Pos, at+"/Next", "only the outermost rule has a Next", "a condition inside a rule leads nowhere by itself")
	}
	if r.Assign.IsSet() {
		v.error(r.Pos, at+"/Assign", "only the outermost rule has an Assign", "a condition inside a rule assigns nothing by itself")
	}
	v.rule(r, at, JSONPath)
}

func (v *validator) comparison(r *Rule, at string) {
	switch {
	case r.Variable == "":
		v.error(r.Pos, at+"/Variable", "name the value to compare by its path", "the comparison has no Variable")
	default:
		v.path(r.Variable, r.Pos, at, "/Variable", true)
	}
	if r.Operator == "" {
		v.error(r.Pos, at, "add one, such as StringEquals", "the rule compares nothing: it has no comparison operator")
		return
	}
	reported := len(v.problems)
	v.operand(r, at)
	v.problems.Within(reported, at, string(r.Operator))
}

// operand checks what a comparison compares with.
func (v *validator) operand(r *Rule, at string) {
	text, isText := r.Operand.(string)
	if isText && HasPlaceholder(text) {
		return
	}
	wrong := func(want string) {
		v.error(r.Pos, at, "", "%s compares with %s, not with %s", r.Operator, want, jsonvalue.String(r.Operand))
	}
	switch operators[r.Operator] {
	case operandString:
		if !isText {
			wrong("a text")
		} else if looksLikePath(text) && v.parsePath(text, false) == nil && r.Operator != "StringMatches" {
			v.warn(r.Pos, at, "use "+string(r.Operator)+"Path to compare with the value at the path", "%s compares with %q as it is, as a text", r.Operator, text)
		}
	case operandNumber:
		if _, ok := number(r.Operand); !ok {
			wrong("a number")
		}
	case operandBool, operandTest:
		if _, ok := r.Operand.(bool); !ok {
			wrong("true or false")
		}
	case operandTime:
		if !timestamp(text) {
			wrong("a timestamp such as 2026-01-31T12:00:00Z")
		}
	case operandPath:
		if !isText {
			wrong("a path")
			return
		}
		v.path(text, r.Pos, at, "", true)
	}
}

// condition checks a rule in JSONata.
func (v *validator) condition(r *Rule, at string) {
	v.assign(r.Assign, r.Pos, at, "/Assign", JSONata)
	v.template(r.Output, r.Pos, at, "/Output", JSONata)
	if r.Variable != "" || r.Operator != "" || r.And != nil || r.Or != nil || r.Not != nil {
		v.error(r.Pos, at, "write the comparison as a Condition", "a comparison with Variable is JSONPath, and the state is in JSONata")
	}
	if !r.Condition.IsSet() {
		v.error(r.Pos, at+"/Condition", `write "Condition": "{% expression %}"`, "the rule has no Condition")
		return
	}
	if text, ok := r.Condition.Text(); ok {
		if !strings.HasPrefix(text, "{%") && !HasPlaceholder(text) {
			v.error(r.Pos, at+"/Condition", "write {% expression %}", "%q is no expression", clip(text))
			return
		}
		v.expression(text, r.Pos, at+"/Condition")
	}
}
