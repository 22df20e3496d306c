package iam

import (
	"fmt"
	"strings"
)

// Keys are the condition keys of a request, with their values. Their names are compared without regard to case.
type Keys map[string][]string

func (k Keys) get(name string) ([]string, bool) {
	v, ok := k[name]
	if !ok {
		for other, values := range k {
			if len(other) == len(name) && strings.EqualFold(other, name) {
				v, ok = values, true
				break
			}
		}
	}
	return v, ok && len(v) > 0
}

// expand replaces policy variables: ${aws:username}, ${aws:PrincipalTag/team, 'none'}, ${*}. It is false when one has no value in
// the request: such a text equals nothing. With quoting, the result is a pattern in which the wildcards of values stand for
// themselves.
func expand(text string, keys Keys, quoting bool) (string, bool) {
	var b strings.Builder
	write := func(literal string) {
		if !quoting {
			b.WriteString(literal)
			return
		}
		for i := 0; i < len(literal); i++ {
			if c := literal[i]; c == '*' || c == '?' || c == escape {
				b.WriteByte(escape)
			}
			b.WriteByte(literal[i])
		}
	}
	for {
		before, name, after, ok := cutVariable(text)
		if quoting {
			before = strings.ReplaceAll(before, string(rune(escape)), "\x01\x01")
		}
		b.WriteString(before)
		if !ok {
			return b.String(), true
		}
		text = after
		if name == "*" || name == "?" || name == "$" {
			write(name)
			continue
		}
		name, otherwise, hasDefault := strings.Cut(name, ",")
		values, present := keys.get(name)
		switch {
		case present && len(values) == 1:
			write(values[0])
		case hasDefault && !present:
			write(strings.Trim(strings.TrimSpace(otherwise), "'"))
		default:
			return "", false
		}
	}
}

// cutVariable cuts at the first variable.
func cutVariable(text string) (before, name, after string, ok bool) {
	before, rest, ok := strings.Cut(text, "${")
	if !ok {
		return text, "", "", false
	}
	name, after, ok = strings.Cut(rest, "}")
	if !ok {
		return text, "", "", false
	}
	return before, name, after, true
}

// checkVariables says what is wrong with the variables of a text.
func checkVariables(text, version string) error {
	for i, rest := 0, text; ; i++ {
		at := strings.Index(rest, "${")
		if at < 0 {
			return nil
		}
		if version != version2012 {
			return fmt.Errorf("has a variable, which only Version %q replaces: in %q it would be literal text", version2012, version)
		}
		name, after, ok := strings.Cut(rest[at+2:], "}")
		if !ok {
			return fmt.Errorf("has a variable without its closing brace")
		}
		rest = after
		name, otherwise, hasDefault := strings.Cut(name, ",")
		otherwise = strings.TrimSpace(otherwise)
		switch {
		case name == "*" || name == "?" || name == "$":
		case name == "":
			return fmt.Errorf("has a variable without a name")
		case strings.ContainsAny(name, " \t\r\n"):
			return fmt.Errorf("has a blank in the variable %q", "${"+name+"}")
		case !validKey(name):
			return fmt.Errorf("has the variable %q, which is no condition key", "${"+name+"}")
		}
		if hasDefault && (len(otherwise) < 2 || otherwise[0] != '\'' || otherwise[len(otherwise)-1] != '\'') {
			return fmt.Errorf("has a default that is not in single quotes in the variable %q", "${"+name+"}")
		}
	}
}
