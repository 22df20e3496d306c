package jsonpath

import (
	"encoding/json"
	"strconv"
	"strings"

	"airline/asl/jsonvalue"
)

// holds compares the two sides as Jayway does.
func (c comparison) holds(item, root any) bool {
	left, foundLeft := c.left.value(item, root)
	right, foundRight := c.right.value(item, root)
	switch c.operator {
	case "==":
		return foundLeft && foundRight && equal(left, right)
	case "!=":
		return !(foundLeft && foundRight && equal(left, right)) && (foundLeft || foundRight)
	}
	if !foundLeft || !foundRight {
		return false
	}
	switch c.operator {
	case "<":
		order, ok := compare(left, right)
		return ok && order < 0
	case "<=":
		order, ok := compare(left, right)
		return ok && order <= 0
	case ">":
		order, ok := compare(left, right)
		return ok && order > 0
	case ">=":
		order, ok := compare(left, right)
		return ok && order >= 0
	case "=~":
		return matches(c.left, c.right, left, right)
	case "in":
		return among(left, right)
	case "nin":
		return !among(left, right)
	case "contains":
		if text, ok := left.(string); ok {
			part, ok := right.(string)
			return ok && strings.Contains(text, part)
		}
		return among(right, left)
	case "size":
		n, ok := number(right)
		length, has := size(left)
		return ok && has && float64(length) == n
	case "empty":
		length, has := size(left)
		want, ok := right.(bool)
		return has && ok && (length == 0) == want
	}
	return c.sets(left, right)
}

// sets answers subsetof, anyof and noneof.
func (c comparison) sets(left, right any) bool {
	list, ok := left.([]any)
	if !ok {
		return false
	}
	found := 0
	for _, item := range list {
		if among(item, right) {
			found++
		}
	}
	switch c.operator {
	case "subsetof":
		return found == len(list)
	case "anyof":
		return found > 0
	}
	return found == 0
}

func matches(a, b operand, left, right any) bool {
	pattern, text := b.pattern, left
	if pattern == nil {
		pattern, text = a.pattern, right
	}
	if pattern == nil {
		return false
	}
	switch v := text.(type) {
	case string:
		return pattern.MatchString(v)
	case float64, json.Number, bool:
		return pattern.MatchString(jsonvalue.String(v))
	}
	return false
}

func among(item, list any) bool {
	items, _ := list.([]any)
	for _, other := range items {
		if equal(item, other) {
			return true
		}
	}
	return false
}

func size(value any) (int, bool) {
	switch v := value.(type) {
	case string:
		return len([]rune(v)), true
	case []any:
		return len(v), true
	case *jsonvalue.Object:
		return v.Len(), true
	}
	return 0, false
}

// equal compares as Jayway does: a number and a string are equal when the string
// spells the number.
func equal(a, b any) bool {
	x, okX := number(a)
	y, okY := number(b)
	switch {
	case okX && okY:
		return x == y
	case okX:
		return spells(b, x)
	case okY:
		return spells(a, y)
	}
	return jsonvalue.Equal(a, b)
}

func spells(v any, n float64) bool {
	text, ok := v.(string)
	if !ok {
		return false
	}
	parsed, err := strconv.ParseFloat(text, 64)
	return err == nil && parsed == n
}

func compare(a, b any) (int, bool) {
	if x, ok := number(a); ok {
		y, ok := number(b)
		switch {
		case !ok:
			return 0, false
		case x < y:
			return -1, true
		case x > y:
			return 1, true
		}
		return 0, true
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
