package asl

import (
	"reflect"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// Rule is what a choice rule tests, in JSONPath or, from Cond, in JSONata.
type Rule struct {
	rule func(r renderer) *ast.Rule
}

// Comparable are the types of the values that a choice rule can test for
// equality.
type Comparable interface {
	~string | ~bool | Ordinal
}

// Ordinal are the types with an order in which the comparison means what it
// says: numbers and times. Texts have an order too, that of their code points:
// see TextLess and its like.
type Ordinal interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~float32 | ~float64 | time.Time
}

// Eq tests whether the value is v. A value of another type fails the test.
func Eq[T Comparable](at Ref[T], v T) Rule { return compare[T](at, "Equals", v) }

// Ne tests whether the value is not v.
func Ne[T Comparable](at Ref[T], v T) Rule { return Not(Eq(at, v)) }

// Lt tests whether the value is less than v.
func Lt[T Ordinal](at Ref[T], v T) Rule { return compare[T](at, "LessThan", v) }

// Le tests whether the value is at most v.
func Le[T Ordinal](at Ref[T], v T) Rule { return compare[T](at, "LessThanEquals", v) }

// Gt tests whether the value is greater than v.
func Gt[T Ordinal](at Ref[T], v T) Rule { return compare[T](at, "GreaterThan", v) }

// Ge tests whether the value is at least v.
func Ge[T Ordinal](at Ref[T], v T) Rule { return compare[T](at, "GreaterThanEquals", v) }

// TextLess tests whether the text comes before v.
func TextLess[T ~string](at Ref[T], v T) Rule { return compare[T](at, "LessThan", v) }

// TextAtMost tests whether the text is v or comes before it.
func TextAtMost[T ~string](at Ref[T], v T) Rule { return compare[T](at, "LessThanEquals", v) }

// TextGreater tests whether the text comes after v.
func TextGreater[T ~string](at Ref[T], v T) Rule { return compare[T](at, "GreaterThan", v) }

// TextAtLeast tests whether the text is v or comes after it.
func TextAtLeast[T ~string](at Ref[T], v T) Rule {
	return compare[T](at, "GreaterThanEquals", v)
}

// EqRef tests whether two values of the data are equal.
func EqRef[T Comparable](at, other Ref[T]) Rule { return compareRef[T](at, "Equals", other) }

// LtRef tests whether the first is less than the second.
func LtRef[T Ordinal](at, other Ref[T]) Rule { return compareRef[T](at, "LessThan", other) }

// LeRef tests whether the first is at most the second.
func LeRef[T Ordinal](at, other Ref[T]) Rule { return compareRef[T](at, "LessThanEquals", other) }

// GtRef tests whether the first is greater than the second.
func GtRef[T Ordinal](at, other Ref[T]) Rule { return compareRef[T](at, "GreaterThan", other) }

// GeRef tests whether the first is at least the second.
func GeRef[T Ordinal](at, other Ref[T]) Rule {
	return compareRef[T](at, "GreaterThanEquals", other)
}

// Matches tests whether the text fits the pattern, in which * stands for any
// characters and \ takes the meaning from what follows.
func Matches[T ~string](at Ref[T], pattern string) Rule {
	return comparison(at, "StringMatches", pattern)
}

// IsPresent tests whether the value exists, be it null. What may be absent is
// tested before it is compared: a missing value fails the state.
func IsPresent(at Reference) Rule { return comparison(at, "IsPresent", true) }

// IsAbsent tests whether the value does not exist.
func IsAbsent(at Reference) Rule { return comparison(at, "IsPresent", false) }

// IsNull tests whether the value is null.
func IsNull(at Reference) Rule { return comparison(at, "IsNull", true) }

// IsString tests whether the value is a text.
func IsString(at Reference) Rule { return comparison(at, "IsString", true) }

// IsNumeric tests whether the value is a number.
func IsNumeric(at Reference) Rule { return comparison(at, "IsNumeric", true) }

// IsBoolean tests whether the value is a boolean.
func IsBoolean(at Reference) Rule { return comparison(at, "IsBoolean", true) }

// IsTimestamp tests whether the value is a text in the form of a timestamp.
func IsTimestamp(at Reference) Rule { return comparison(at, "IsTimestamp", true) }

// Compare is a comparison by its operator's name, for what has no typed form.
func Compare(at Reference, op ast.Operator, operand any) Rule { return comparison(at, op, operand) }

// And holds when all conditions hold; it stops at the first that does not.
func And(first, second Rule, more ...Rule) Rule {
	list := append([]Rule{first, second}, more...)
	return Rule{func(r renderer) *ast.Rule {
		if r.lang == ast.JSONata {
			return joined(r, list, " and ")
		}
		return &ast.Rule{And: rules(r, list)}
	}}
}

// Or holds when one of the conditions holds.
func Or(first, second Rule, more ...Rule) Rule {
	list := append([]Rule{first, second}, more...)
	return Rule{func(r renderer) *ast.Rule {
		if r.lang == ast.JSONata {
			return joined(r, list, " or ")
		}
		return &ast.Rule{Or: rules(r, list)}
	}}
}

// Not holds when the condition does not.
func Not(c Rule) Rule {
	return Rule{func(r renderer) *ast.Rule {
		if r.lang == ast.JSONata {
			return &ast.Rule{Condition: ast.NewField("{% $not(" + c.source(r) + ") %}")}
		}
		return &ast.Rule{Not: c.spell(r)}
	}}
}

// Cond is a condition in JSONata, without the delimiters {% and %}; it must
// give a boolean.
func Cond(source string) Rule {
	return Rule{func(r renderer) *ast.Rule {
		if r.lang != ast.JSONata {
			r.fail("call .JSONata() on the Choice, or compare with Eq, Lt ...", "the JSONata condition %q stands in a JSONPath state", source)
		}
		return &ast.Rule{Condition: ast.NewField("{% " + source + " %}")}
	}}
}

func rules(r renderer, conditions []Rule) []*ast.Rule {
	list := make([]*ast.Rule, len(conditions))
	for i, c := range conditions {
		list[i] = c.spell(r)
	}
	return list
}

func (c Rule) spell(r renderer) *ast.Rule {
	if c.rule == nil {
		r.fail("make it with Eq, Lt, IsPresent ...", "the condition is empty")
		return &ast.Rule{}
	}
	return c.rule(r)
}

func compare[T any](at Ref[T], relation string, v T) Rule {
	if t, ok := any(v).(time.Time); ok {
		return comparison(at, ast.Operator("Timestamp"+relation), t.UTC().Format(time.RFC3339Nano))
	}
	return comparison(at, operatorOf[T](relation), jsonvalue.From(v))
}

func compareRef[T any](at Ref[T], relation string, other Ref[T]) Rule {
	return comparison(at, operatorOf[T](relation)+"Path", other)
}

// operatorOf is the operator for values of type T.
func operatorOf[T any](relation string) ast.Operator {
	t := reflect.TypeFor[T]()
	switch {
	case t == reflect.TypeFor[time.Time]():
		return ast.Operator("Timestamp" + relation)
	case t.Kind() == reflect.String:
		return ast.Operator("String" + relation)
	case t.Kind() == reflect.Bool:
		return ast.Operator("Boolean" + relation)
	}
	return ast.Operator("Numeric" + relation)
}

func comparison(at Reference, op ast.Operator, operand any) Rule {
	return Rule{func(r renderer) *ast.Rule {
		if r.lang == ast.JSONata {
			return &ast.Rule{Condition: ast.NewField("{% " + r.comparison(at, op, operand) + " %}")}
		}
		p := r.settled(at.reference())
		r.checkRoot(p)
		operand := operand
		if other, ok := operand.(Reference); ok {
			o := r.settled(other.reference())
			r.checkRoot(o)
			operand = o.jsonPath()
		}
		return &ast.Rule{Variable: p.jsonPath(), Operator: op, Operand: operand}
	}}
}
