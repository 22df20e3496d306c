package ast

import (
	"slices"
	"strings"

	"airline/asl/intrinsic"
	"airline/asl/jsonata"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// Slips are texts that Step Functions takes as they are, and that were meant to be evaluated; and members of the context
// object that it does not have. All are warnings.

// contextMembers are the members of the context object, by path ("Accessing execution data from the Context object",
// Step Functions guide). What is not listed holds data of the machine.
var contextMembers = map[string][]string{
	"":             {"Execution", "State", "StateMachine", "Task", "Map"},
	"Execution":    {"Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime"},
	"State":        {"EnteredTime", "Name", "RetryCount"},
	"StateMachine": {"Id", "Name"},
	"Task":         {"Token"},
	"Map":          {"Item"},
	"Map.Item":     {"Index", "Value", "Key", "Source"},
}

// contextPath warns of a member that the context object does not have in this state.
func (v *validator) contextPath(written string, names []string, pos Position, at string) {
	path := ""
	for _, name := range names {
		known, listed := contextMembers[path]
		if !listed {
			return
		}
		if !slices.Contains(known, name) {
			within := "the context object"
			if path != "" {
				within = path + " of the context object"
			}
			v.warn(pos, at, suggest(name, known)+" (there is "+strings.Join(known, ", ")+")", "%s does not exist: %s has no member %q", written, within, name)
			return
		}
		path = strings.TrimPrefix(path+"."+name, ".")
		switch {
		case path == "Task" && !v.token:
			v.warn(pos, at, `let the Resource end in .waitForTaskToken`, "%s does not exist: only a task that waits for its token has one", written)
			return
		case path == "Map" && !v.inMap:
			v.warn(pos, at, "use it in a Map's ItemSelector or in the states of its ItemProcessor", "%s does not exist outside of a Map", written)
			return
		}
	}
}

// contextOf are the first member names of a path into the context object.
func contextOf(l *lookup) (names []string) {
	for _, step := range l.steps {
		if step.Kind != jsonpath.Property {
			break
		}
		names = append(names, step.Name)
	}
	return names
}

// waitsForToken tells whether a state has a task token, or may have one.
func waitsForToken(s *State) bool {
	return s.Type == TypeTask && (strings.HasSuffix(s.Resource, ".waitForTaskToken") || HasPlaceholder(s.Resource))
}

// literal warns of a member of a payload in JSONPath whose text looks evaluated, and is not.
func (v *validator) literal(name, text string, pos Position, at string) {
	if HasPlaceholder(text) {
		return
	}
	switch {
	case (looksLikePath(text) || v.namesVariable(text)) && !strings.HasSuffix(name, "Path"):
		if v.parsePath(text, false) == nil {
			v.warn(pos, at, `write "`+name+`.$" to take the value at the path`, "%q is handed on as it is, as a text", text)
		}
	case intrinsic.Is(text):
		if _, err := v.texts.call(text); err == nil {
			v.warn(pos, at, `write "`+name+`.$" to call the function`, "%q is handed on as it is, as a text", clip(text))
		}
	default:
		if _, ok := Expression(text); ok {
			v.warn(pos, at, `write a JSONPath and the name "`+name+`.$", or set "QueryLanguage": "JSONata" in the state`, "%q is handed on as it is: the state is in JSONPath", clip(text))
		}
	}
}

// namesVariable tells whether a text is a path into a variable that a state of this scope or of one around it sets.
func (v *validator) namesVariable(text string) bool {
	if len(text) < 2 || text[0] != '$' {
		return false
	}
	l := v.texts.readable(text)
	return l != nil && l.Scope() == jsonpath.Variable && slices.ContainsFunc(v.scopes, func(names map[string]bool) bool { return names[l.Variable()] })
}

// looksLikePath tells whether a text is, or begins as, a path into the input or the context object.
func looksLikePath(text string) bool {
	return text == "$" || text == "$$" || strings.HasPrefix(text, "$.") || strings.HasPrefix(text, "$[") || strings.HasPrefix(text, "$$.")
}

// fixed warns of what looks evaluated in a Pass state's Result, which never is.
func (v *validator) fixed(value any, pos Position, at string) {
	const fix = "use Parameters, which is evaluated, in the place of Result"
	switch value := value.(type) {
	case string:
		_, expression := Expression(value)
		if !HasPlaceholder(value) && (expression || looksLikePath(value) && v.parsePath(value, false) == nil) {
			v.warn(pos, at, fix, "%q is the result as it is, as a text: nothing in Result is evaluated", clip(value))
		}
	case []any:
		for i, item := range value {
			reported := len(v.problems)
			v.fixed(item, pos, at)
			v.problems.Under(reported, at, "", i)
		}
	case *jsonvalue.Object:
		for name, member := range value.All() {
			reported := len(v.problems)
			if text, _ := member.(string); strings.HasSuffix(name, ".$") && strings.HasPrefix(text, "$") {
				v.warn(pos, at, fix, "the member stays %q: nothing in Result is evaluated", name)
			} else {
				v.fixed(member, pos, at)
			}
			v.problems.Within(reported, at, name)
		}
	}
}

// literalText warns of a text field in JSONPath that has a twin for paths.
func (v *validator) literalText(f Field, pos Position, at, name string, lang QueryLanguage) {
	if text, ok := f.Text(); ok && lang != JSONata && looksLikePath(text) && v.parsePath(text, false) == nil {
		v.warn(pos, at+name, "use "+name[1:]+"Path to take the value at the path", "%q is the %s as it is, as a text", text, strings.ToLower(name[1:]))
	}
}

// bare warns of a text of a JSONata state that is no expression and was meant to be one.
func (v *validator) bare(text string, pos Position, at string) {
	open := strings.Index(text, "{%")
	switch {
	case HasPlaceholder(text):
	case open >= 0 && strings.Contains(text[open:], "%}"):
		v.warn(pos, at, "let the expression be the whole text, and join texts in it: {% 'a ' & $states.input.b %}", "%q is handed on as it is: the delimiters are not its first and last characters", clip(text))
	case intrinsic.Is(text):
		if _, err := v.texts.call(text); err == nil {
			v.warn(pos, at, "write an expression with a function of JSONata: {% ... %}", "%q is handed on as it is: intrinsic functions have no meaning in JSONata", clip(text))
		}
	case strings.HasPrefix(text, "$.") || strings.HasPrefix(text, "$$."):
		if v.parsePath(text, false) == nil {
			v.warn(pos, at, "write {% $states.input... %} or {% $states.context... %}", "%q is handed on as it is: a JSONPath has no meaning in JSONata", clip(text))
		}
	case strings.HasPrefix(text, "$") && strings.Contains(text, "$states"):
		if _, err := jsonata.CompileStepFunctions(text); err == nil {
			v.warn(pos, at, "write {% "+clip(text)+" %}", "%q is handed on as it is: it has no delimiters", clip(text))
		}
	}
}

// arithmetic warns of texts that are added, which fails: JSONata joins them with &.
func (v *validator) arithmetic(x *jsonata.Expr, pos Position, at string) {
	jsonata.Walk(x.Root(), func(n jsonata.Node) bool {
		b, ok := n.(*jsonata.Binary)
		if !ok || b.Op != "+" {
			return true
		}
		for _, side := range []jsonata.Node{b.Left, b.Right} {
			literal, _ := side.(*jsonata.Literal)
			if literal == nil {
				continue
			}
			if text, isText := literal.Value.(string); isText {
				v.warn(pos, at, "join texts with &", "%q is added with +, which takes numbers alone", clip(text))
				return false
			}
		}
		return true
	})
}

// functionWithoutDollar is the advice for a function that is called without its $, or that is of JSONPath.
func functionWithoutDollar(source string, err error) string {
	e, ok := err.(*jsonata.Error)
	if !ok || e.Token == "" || e.Offset < 0 || e.Offset+len(e.Token) > len(source) {
		return ""
	}
	after := strings.TrimSpace(source[e.Offset+len(e.Token):])
	switch {
	case e.Token == "States" && strings.HasPrefix(after, "."):
		return "intrinsic functions have no meaning in JSONata: use its own, such as $uuid(), $hash(), $parse(), $string(), $range() or &"
	case strings.HasPrefix(after, "(") && slices.Contains(jsonata.FunctionNames(), e.Token):
		return "write $" + e.Token + "(...)"
	}
	return ""
}

// foreignOperators are operators of other languages, with what JSONata has instead.
var foreignOperators = []struct{ token, instead string }{
	{"===", "="}, {"!==", "!="}, {"==", "="}, {"&&", "and"}, {"||", "or"}, {"<>", "!="}, {"!", "$not(...)"},
}

// foreignOperator is the advice for an expression with an operator that JSONata does not have.
func foreignOperator(source string) (advice string, found bool) {
	var quote byte
	for i := 0; i < len(source); i++ {
		c := source[i]
		switch {
		case quote != 0:
			if c == '\\' && quote != '`' {
				i++
			} else if c == quote {
				quote = 0
			}
			continue
		case c == '"' || c == '\'' || c == '`':
			quote = c
			continue
		}
		for _, o := range foreignOperators {
			if !strings.HasPrefix(source[i:], o.token) {
				continue
			}
			if o.token == "!" && strings.HasPrefix(source[i:], "!=") {
				break
			}
			return "JSONata has no " + o.token + ": write " + o.instead, true
		}
	}
	return "", false
}
