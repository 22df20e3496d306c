package gocode

import (
	"reflect"
	"strconv"
	"strings"

	"airline/asl/ast"
)

func (w *stateWriter) choice() string {
	w.comment()
	if w.lang == ast.JSONPath {
		w.reference("InputPath", w.st.InputPath, "InputPath")
		w.reference("OutputPath", w.st.OutputPath, "OutputPath")
	} else {
		w.payload("Output", w.st.Output, "Output")
	}
	w.assign()
	for i, r := range w.st.Choices {
		w.rule("s.Choices["+strconv.Itoa(i)+"]", r)
	}
	return "asl.Choice(" + w.name() + ")"
}

// rule writes a rule of the Choice.
func (w *stateWriter) rule(at string, r *ast.Rule) {
	condition, ok := w.condition(r)
	if !ok {
		// A rule of which only the target is known, and then the whole of it.
		bare := *r
		bare.Next = ""
		w.call("When", w.placeholder(), w.target(r.Next))
		w.change("*" + at + " = " + strings.Replace(w.model(reflect.ValueOf(bare)), "ast.Rule{", "ast.Rule{Next: "+at+".Next, ", 1))
		w.changes = append(w.changes, spelled(at, reflect.ValueOf(r))...)
		return
	}
	args := []string{condition, w.target(r.Next)}
	method := "When"
	if r.Output.IsSet() && !r.Output.IsNull() && w.lang == ast.JSONata {
		method = "WhenOutput"
		args = append(args, w.document(r.Output.Value(), w.lang))
	} else if r.Output.IsSet() {
		w.change(at + ".Output = " + w.model(reflect.ValueOf(r.Output)))
	}
	if list, ok := w.assignments(r.Assign, w.lang); ok {
		args = append(args, list...)
	} else if r.Assign.IsSet() {
		w.change(at + ".Assign = " + w.model(reflect.ValueOf(r.Assign)))
	}
	w.call(method, args...)
	w.ruleComments(at, r)
}

// placeholder is a condition of no meaning.
func (w *stateWriter) placeholder() string {
	if w.lang == ast.JSONata {
		return `asl.Cond("true")`
	}
	return "asl.IsPresent(asl.Input[any]())"
}

// ruleComments sets the comments of a rule and of those in it.
func (w *stateWriter) ruleComments(at string, r *ast.Rule) {
	if r.Comment != "" {
		w.change(at + ".Comment = " + quote(r.Comment))
	}
	if names := ast.Explicit(r); len(names) > 0 {
		w.change(spellCall(at, names))
	}
	for i, p := range r.And {
		w.ruleComments(at+".And["+strconv.Itoa(i)+"]", p)
	}
	for i, p := range r.Or {
		w.ruleComments(at+".Or["+strconv.Itoa(i)+"]", p)
	}
	if r.Not != nil {
		w.ruleComments(at+".Not", r.Not)
	}
}

// condition is a rule's condition; ok is false when the builders have no form of
// it.
func (w *stateWriter) condition(r *ast.Rule) (string, bool) {
	if w.lang == ast.JSONata {
		text, _ := r.Condition.Text()
		source, ok := jsonataSource(text)
		return "asl.Cond(" + quote(source) + ")", ok && onlyOne(r, r.Condition.IsSet())
	}
	join := func(function string, rules []*ast.Rule) (string, bool) {
		var parts []string
		for _, p := range rules {
			part, ok := w.condition(p)
			if !ok {
				return "", false
			}
			parts = append(parts, part)
		}
		return arguments(function, parts), len(rules) > 1
	}
	switch {
	case r.Condition.IsSet():
		return "", false
	case r.And != nil && onlyOne(r, true):
		return join("asl.And", r.And)
	case r.Or != nil && onlyOne(r, true):
		return join("asl.Or", r.Or)
	case r.Not != nil && onlyOne(r, true):
		inner, ok := w.condition(r.Not)
		return "asl.Not(" + inner + ")", ok
	case r.Operator != "" && onlyOne(r, true):
		return w.comparison(r)
	}
	return "", false
}

// onlyOne tells whether a rule has one form of test, the one that holds.
func onlyOne(r *ast.Rule, holds bool) bool {
	n := 0
	for _, present := range []bool{r.And != nil, r.Or != nil, r.Not != nil, r.Operator != "", r.Condition.IsSet()} {
		if present {
			n++
		}
	}
	return holds && n == 1 && (r.Operator != "" || r.Variable == "")
}

// relations are the functions for a relation: on numbers and booleans, on texts,
// and between two places in the data.
var relations = map[string][3]string{
	"Equals":            {"Eq", "Eq", "EqRef"},
	"LessThan":          {"Lt", "TextLess", "LtRef"},
	"LessThanEquals":    {"Le", "TextAtMost", "LeRef"},
	"GreaterThan":       {"Gt", "TextGreater", "GtRef"},
	"GreaterThanEquals": {"Ge", "TextAtLeast", "GeRef"},
}

// comparison is a single comparison, typed where the operand is of the
// operator's type.
func (w *stateWriter) comparison(r *ast.Rule) (string, bool) {
	if r.Variable == "" {
		return "", false
	}
	operator := string(r.Operator)
	at := func(typ string) string { return w.path(r.Variable, typ) }
	test := func(yes, no string) (string, bool) {
		switch r.Operand {
		case true:
			return "asl." + yes + "(" + at("any") + ")", true
		case false:
			if no != "" {
				return "asl." + no + "(" + at("any") + ")", true
			}
			return "asl.Compare(" + at("any") + ", " + quote(operator) + ", false)", true
		}
		return "", false
	}
	switch operator {
	case "IsPresent":
		return test("IsPresent", "IsAbsent")
	case "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp":
		return test(operator, "")
	case "StringMatches":
		if pattern, ok := r.Operand.(string); ok {
			return "asl.Matches(" + at("string") + ", " + quote(pattern) + ")", true
		}
		return "", false
	}
	return w.related(r, operator, at)
}

func (w *stateWriter) related(r *ast.Rule, operator string, at func(string) string) (string, bool) {
	kind, typ := "", ""
	for k, t := range map[string]string{"String": "string", "Numeric": "float64", "Boolean": "bool", "Timestamp": "time.Time"} {
		if strings.HasPrefix(operator, k) {
			kind, typ = k, t
		}
	}
	relation, ref := strings.CutSuffix(strings.TrimPrefix(operator, kind), "Path")
	functions, ok := relations[relation]
	text, isText := r.Operand.(string)
	_, isBool := r.Operand.(bool)
	_, isNumber := ast.NewField(r.Operand).Number()
	switch {
	case !ok || kind == "":
		return "", false
	case ref && isText && (kind != "String" || relation == "Equals"):
		return "asl." + functions[2] + "(" + at(typ) + ", " + w.path(text, typ) + ")", true
	case ref && isText, kind == "Timestamp" && isText:
		return "asl.Compare(" + at("any") + ", " + quote(operator) + ", " + quote(text) + ")", true
	case kind == "String" && isText:
		return "asl." + functions[1] + "(" + at(typ) + ", " + quote(text) + ")", true
	case kind == "Numeric" && isNumber && w.exactFloat(r.Operand):
		return "asl." + functions[0] + "(" + at(typ) + ", " + w.number(r.Operand) + ")", true
	case kind == "Boolean" && isBool:
		return "asl.Eq(" + at(typ) + ", " + w.file.literal(r.Operand) + ")", relation == "Equals"
	}
	return "", false
}

// exactFloat tells whether a number is a Go float64 as it stands.
func (w *stateWriter) exactFloat(v any) bool { return !strings.HasPrefix(w.number(v), "json.") }
