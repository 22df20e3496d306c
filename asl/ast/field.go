package ast

import (
	"encoding/json"
	"math"
	"strings"

	"airline/asl/jsonvalue"
)

// Field is the content of a field of the language that may be absent. Absent
// and null are different things in the language ("ResultPath": null discards
// the result, no ResultPath replaces the input), and most fields take either a
// literal or an expression ("Seconds": 10, "Seconds": "{% $delay %}"), so
// a field holds a JSON value in the form of package jsonvalue. The zero Field
// is absent.
type Field struct {
	value any
	set   bool
}

// NewField makes a present field of a JSON value: nil, bool, any number type,
// string, []any, *jsonvalue.Object, or anything that jsonvalue.From takes.
func NewField(v any) Field {
	switch n := v.(type) {
	case int:
		v = float64(n)
	case int64:
		v = float64(n)
	case nil, bool, float64, json.Number, string, []any, *jsonvalue.Object:
	default:
		v = jsonvalue.From(v)
	}
	return Field{value: v, set: true}
}

// IsSet tells whether the field is present, be it null.
func (f Field) IsSet() bool { return f.set }

// IsNull tells whether the field is present and null.
func (f Field) IsNull() bool { return f.set && f.value == nil }

// Value is the JSON value; nil when absent or null.
func (f Field) Value() any { return f.value }

// Text is the string when the field is a string: a path, an expression, a
// literal text.
func (f Field) Text() (string, bool) {
	s, ok := f.value.(string)
	return s, ok
}

// Number is the number when the field is a literal number.
func (f Field) Number() (float64, bool) { return number(f.value) }

// Int is the number when the field is a literal integer.
func (f Field) Int() (int, bool) {
	n, ok := f.Number()
	if !ok || n != math.Trunc(n) || math.Abs(n) > 1<<53 {
		return 0, false
	}
	return int(n), true
}

// Expression is the JSONata source between {% and %} when the field is a
// JSONata expression.
func (f Field) Expression() (string, bool) {
	s, ok := f.value.(string)
	if !ok {
		return "", false
	}
	return Expression(s)
}

// String is the field as compact JSON, "" when absent.
func (f Field) String() string {
	if !f.set {
		return ""
	}
	return jsonvalue.String(f.value)
}

// Expression is the JSONata source in s when s is a JSONata expression of the
// States Language, "{% source %}": white space outside the delimiters is not
// allowed.
func Expression(s string) (string, bool) {
	if len(s) < 4 || !strings.HasPrefix(s, "{%") || !strings.HasSuffix(s, "%}") {
		return "", false
	}
	return strings.TrimSpace(s[2 : len(s)-2]), true
}

// HasPlaceholder tells whether s holds a ${Name} that a deployment tool fills
// in: such a text is taken for whatever its place needs.
func HasPlaceholder(s string) bool {
	_, after, ok := strings.Cut(s, "${")
	return ok && strings.Contains(after, "}")
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	}
	return 0, false
}
