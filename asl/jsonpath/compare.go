package jsonpath

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"airline/asl/jsonvalue"
)

// holds compares the two sides as Jayway does.
func (c comparison) holds(item, root any) (bool, error) {
	left, right := c.left.value(item, root), c.right.value(item, root)
	switch c.operator {
	case "==":
		return c.equal(left, right), nil
	case "!=":
		return !c.equal(left, right), nil
	case "===":
		return kind(left) == kind(right) && c.equal(left, right), nil
	case "!==":
		return kind(left) != kind(right) || !c.equal(left, right), nil
	case "<", "<=", ">", ">=":
		order, ok := compare(left, right)
		switch {
		case !ok:
			return false, nil
		case order == 0:
			return len(c.operator) == 2, nil
		}
		return (order < 0) == (c.operator[0] == '<'), nil
	case "=~":
		return c.matches(left, right)
	case "contains":
		part, isText := right.(string)
		switch v := left.(type) {
		case string:
			return isText && strings.Contains(v, part), nil
		case []any:
			return contains(v, right), plainItems(v)
		}
		return false, nil
	case "size":
		n, ok := number(right)
		switch v := left.(type) {
		case string:
			return ok && len(utf16.Encode([]rune(v))) == int(n), nil
		case []any:
			return ok && len(v) == int(n), nil
		}
		return false, nil
	case "empty":
		return c.empty(left, right)
	}
	return c.sets(left, right)
}

func (c comparison) empty(left, right any) (bool, error) {
	size := 0
	switch v := left.(type) {
	case string:
		size = len(v)
	case []any:
		size = len(v)
	case *jsonvalue.Object:
		size = v.Len()
	default:
		return false, nil
	}
	want, ok := right.(bool)
	if !ok {
		return false, errInapplicable
	}
	return (size == 0) == want, nil
}

// sets answers in, nin, all, subsetof, anyof and noneof.
func (c comparison) sets(left, right any) (bool, error) {
	switch c.operator {
	case "in", "nin":
		list, known, err := asList(right)
		if err != nil {
			return false, err
		}
		return known && contains(list, left) == (c.operator == "in") || !known && c.operator == "nin", nil
	case "all":
		required, isList := right.([]any)
		if !isList || c.right.path == nil { // a written list is no list of values to Jayway
			return false, errInapplicable
		}
		list, known, _ := asList(left)
		_, isObject := left.(*jsonvalue.Object)
		if !known {
			return isObject, nil
		}
		return containsAll(list, required), nil
	}
	list, known, err := asList(right)
	if err != nil || !known {
		return false, err
	}
	of, known, err := asList(left)
	if err != nil || !known {
		return false, err
	}
	if c.operator == "subsetof" {
		return containsAll(list, of), nil
	}
	any := slices.ContainsFunc(of, func(item any) bool { return contains(list, item) })
	return any == (c.operator == "anyof"), nil
}

// asList gives the items of a list. An object has none; anything else cannot be
// taken for a list.
func asList(value any) (list []any, known bool, err error) {
	switch v := value.(type) {
	case []any:
		return v, true, plainItems(v)
	case *jsonvalue.Object:
		return nil, false, nil
	}
	return nil, false, errInapplicable
}

// plainItems refuses lists with objects or lists in them, which end the
// evaluation, as in Jayway.
func plainItems(list []any) error {
	for _, item := range list {
		switch item.(type) {
		case []any, *jsonvalue.Object:
			return errors.New("Could not determine value type")
		}
	}
	return nil
}

func (c comparison) matches(left, right any) (bool, error) {
	pattern, text := c.right.pattern, left
	if pattern == nil {
		pattern, text = c.left.pattern, right
	} else if c.left.pattern != nil {
		return false, nil
	}
	if pattern == nil {
		return false, nil
	}
	if list, ok := text.([]any); ok {
		return slices.ContainsFunc(list, func(item any) bool { return pattern.MatchString(spelled(item)) }), plainItems(list)
	}
	return pattern.MatchString(spelled(text)), nil
}

// spelled is a value as a pattern sees it.
func spelled(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64, json.Number, bool:
		return jsonvalue.String(v)
	}
	return ""
}

func contains(list []any, item any) bool {
	return slices.ContainsFunc(list, func(other any) bool { return equal(item, other) })
}

func containsAll(list, items []any) bool {
	return !slices.ContainsFunc(items, func(item any) bool { return !contains(list, item) })
}

// equal is the equality of two operands: a list or an object that is written on
// the left equals nothing, in Jayway.
func (c comparison) equal(left, right any) bool {
	switch left.(type) {
	case []any, *jsonvalue.Object:
		if c.left.path == nil {
			return false
		}
	}
	return equal(left, right)
}

// equal compares as Jayway does: the left side decides, a number equals a string
// that spells it in any form, a string a number that is spelled like it.
func equal(left, right any) bool {
	switch v := left.(type) {
	case undefined:
		return false
	case string:
		switch right.(type) {
		case float64, json.Number:
			return v == jsonvalue.String(right)
		}
	}
	x, isNumber := number(left)
	if !isNumber {
		return jsonvalue.Equal(left, right)
	}
	if text, ok := right.(string); ok {
		y, err := strconv.ParseFloat(text, 64)
		return err == nil && x == y
	}
	y, ok := number(right)
	return ok && x == y
}

// kind tells the types of values apart, as === does.
func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64, json.Number:
		return "number"
	case undefined:
		return "undefined"
	}
	return "json"
}

func compare(a, b any) (int, bool) {
	if x, ok := number(a); ok {
		y, ok := number(b)
		return cmp.Compare(x, y), ok
	}
	x, okX := a.(string)
	y, okY := b.(string)
	return strings.Compare(x, y), okX && okY
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
