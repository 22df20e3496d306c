package asl

import (
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// comparison spells a typed comparison in JSONata, so that the same conditions
// serve both languages.
func (r renderer) comparison(at Reference, op ast.Operator, operand any) string {
	value := r.source(at)
	var other string
	if o, ok := operand.(Reference); ok {
		other = r.source(o)
	} else {
		other = jsonvalue.String(operand)
	}
	switch op {
	case "IsPresent":
		return negated(operand, "$exists("+value+")")
	case "IsNull":
		return negated(operand, "$type("+value+") = 'null'")
	case "IsString":
		return negated(operand, "$type("+value+") = 'string'")
	case "IsNumeric":
		return negated(operand, "$type("+value+") = 'number'")
	case "IsBoolean":
		return negated(operand, "$type("+value+") = 'boolean'")
	case "IsTimestamp":
		return negated(operand, "$exists($toMillis("+value+"))")
	case "StringMatches":
		pattern, _ := operand.(string)
		return "$exists($match(" + value + ", /" + wildcards(pattern) + "/))"
	}
	relation := strings.TrimSuffix(string(op), "Path")
	if strings.HasPrefix(relation, "Timestamp") {
		value, other = "$toMillis("+value+")", "$toMillis("+other+")"
	}
	for _, s := range []struct{ suffix, sign string }{
		{"LessThanEquals", "<="}, {"GreaterThanEquals", ">="}, {"LessThan", "<"}, {"GreaterThan", ">"}, {"Equals", "="},
	} {
		if strings.HasSuffix(relation, s.suffix) {
			return value + " " + s.sign + " " + other
		}
	}
	r.fail("write the condition with Cond", "the operator %s has no form in JSONata", op)
	return "false"
}

// joined puts conditions together in JSONata.
func joined(r renderer, list []Rule, word string) *ast.Rule {
	sources := make([]string, len(list))
	for i, c := range list {
		sources[i] = "(" + c.source(r) + ")"
	}
	return &ast.Rule{Condition: ast.NewField("{% " + strings.Join(sources, word) + " %}")}
}

// source is the condition's JSONata, without delimiters.
func (c Rule) source(r renderer) string {
	text, _ := c.spell(r).Condition.Expression()
	return text
}

func (r renderer) source(op Operand) string {
	text, err := r.jsonata(op.expression())
	if err != nil {
		r.fail("", "%v", err)
	}
	return text
}

func negated(operand any, test string) string {
	if operand == false {
		return "$not(" + test + ")"
	}
	return test
}

// wildcards is a StringMatches pattern as a regular expression.
func wildcards(pattern string) string {
	var b strings.Builder
	b.WriteByte('^')
	escaped := false
	for _, c := range pattern {
		switch {
		case c == '\\' && !escaped:
			escaped = true
			continue
		case c == '*' && !escaped:
			b.WriteString("[\\s\\S]*")
		case strings.ContainsRune(`\.+*?()|[]{}^$/`, c):
			b.WriteString(`\` + string(c))
		default:
			b.WriteRune(c)
		}
		escaped = false
	}
	b.WriteByte('$')
	return b.String()
}
