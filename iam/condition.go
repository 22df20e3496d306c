package iam

import (
	"fmt"
	"strings"
)

// Condition is one operator applied to one key: it holds when the key's values in the request compare with Values as the
// operator says. All conditions of a statement must hold.
type Condition struct {
	Operator string // as written: "ForAllValues:StringLikeIfExists"
	Key      string
	Values   []string
}

// If is the condition that the operator holds for the key and one of the values.
func If(operator, key string, values ...string) Condition { return Condition{operator, key, values} }

// test is a condition made ready for evaluation.
type test struct {
	key      string
	set      qualifier
	ifExists bool
	null     bool
	several  bool // the key may have several values, which only a set qualifier takes
	op       *operator
	values   []operand
}

type qualifier int

const (
	noQualifier qualifier = iota
	forAllValues
	forAnyValue
)

// parseOperator reads the name of an operator with what stands before and behind it.
func parseOperator(name string) (t test, err error) {
	base := name
	if before, rest, ok := strings.Cut(name, ":"); ok {
		switch lower(before) {
		case "forallvalues":
			t.set = forAllValues
		case "foranyvalue":
			t.set = forAnyValue
		default:
			return t, fmt.Errorf("unknown set qualifier %q: there are ForAllValues and ForAnyValue", before)
		}
		base = rest
	}
	base, t.ifExists = strings.CutSuffix(lower(base), "ifexists")
	if base == "null" {
		if t.ifExists || t.set != noQualifier {
			return t, fmt.Errorf("Null tells whether a key exists, and takes neither IfExists nor a set qualifier")
		}
		t.null = true
		return t, nil
	}
	if t.op = operators[base]; t.op == nil {
		return t, fmt.Errorf("unknown condition operator %q", name)
	}
	return t, nil
}

// compileCondition makes a condition ready; the problems are those of its operator and values.
func compileCondition(c Condition) (t test, problems []error) {
	t, err := parseOperator(c.Operator)
	if err != nil {
		return t, []error{err}
	}
	t.key, t.several = c.Key, severalValues(c.Key)
	typ := Bool
	if !t.null {
		typ = t.op.typ
	}
	for _, v := range c.Values {
		o, err := readOperand(typ, v)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		t.values = append(t.values, o)
	}
	return t, problems
}

// holds evaluates the condition for a request's keys.
func (t *test) holds(keys Keys) bool {
	values, present := keys.get(t.key)
	switch {
	case t.null:
		for i := range t.values {
			if t.values[i].flag == !present {
				return true
			}
		}
		return false
	case t.op == nil:
		return false
	case t.set != noQualifier && (!present || len(values) == 1 && values[0] == ""):
		// "It also returns true if there are no keys in the request, or if the key values resolve to a null data set, such as
		// an empty string"; ForAnyValue is false then, also with IfExists.
		return t.set == forAllValues
	case !present:
		return t.ifExists || t.op.negated
	case t.set == noQualifier && (len(values) > 1 || t.several):
		return false // several values need a set qualifier
	case t.set == forAllValues:
		for _, v := range values {
			if !t.one(v, keys) {
				return false
			}
		}
		return true
	}
	for _, v := range values {
		if t.one(v, keys) {
			return true
		}
	}
	return false
}

// one compares one value of the request.
func (t *test) one(value string, keys Keys) bool {
	request, ok := readRequest(t.op.typ, value)
	if !ok {
		return false
	}
	for i := range t.values {
		if t.op.compare(&request, &t.values[i], keys) {
			return !t.op.negated
		}
	}
	return t.op.negated
}
