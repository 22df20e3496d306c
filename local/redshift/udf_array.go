package redshift

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// arrayUDFs compare the elements of arrays; what is no array is NULL.
func arrayUDFs() []*udf {
	return []*udf{
		udf3("rs_array_contains", func(s, value string, nulls bool) (maybe[bool], error) {
			at, known := positions(s, value, nulls)
			return maybe[bool]{len(at) > 0, known}, nil
		}),
		udf3("rs_array_position", func(s, value string, nulls bool) (maybe[int32], error) {
			at, known := positions(s, value, nulls)
			return maybe[int32]{append(at, -1)[0], known}, nil
		}),
		udf3("rs_array_positions", func(s, value string, nulls bool) (maybe[string], error) {
			at, known := positions(s, value, nulls)
			list := make([]json.RawMessage, len(at))
			for i, n := range at {
				list[i] = strconv.AppendInt(nil, int64(n), 10)
			}
			return maybe[string]{joinArray(list), known}, nil
		}),
		udf1("rs_array_distinct", func(s string) (maybe[string], error) {
			list, err := jsonArray(s)
			return maybe[string]{joinArray(distinctElements(list)), err == nil}, nil
		}),
		udf3("rs_array_except", func(a, b string, distinct bool) (maybe[string], error) {
			return chosen(a, b, distinct, func(inOther bool) bool { return !inOther }), nil
		}),
		udf3("rs_array_intersection", func(a, b string, distinct bool) (maybe[string], error) {
			return chosen(a, b, distinct, func(inOther bool) bool { return inOther }), nil
		}),
		udf2("rs_arrays_overlap", func(a, b string) (maybe[bool], error) {
			x, err := jsonArray(a)
			y, err2 := jsonArray(b)
			other := countElements(y)
			overlap := slices.ContainsFunc(x, func(v json.RawMessage) bool { return other[superKey(v)] > 0 })
			return maybe[bool]{overlap, err == nil && err2 == nil}, nil
		}),
		udf3("rs_array_sort", func(s string, ascending, nullsFirst bool) (maybe[string], error) {
			list, err := jsonArray(s)
			slices.SortStableFunc(list, func(a, b json.RawMessage) int {
				x, y := string(a) == "null", string(b) == "null"
				switch {
				case x && y:
					return 0
				case x == nullsFirst && (x || y):
					return -1
				case x || y:
					return 1
				case ascending:
					return superOrder(a, b)
				}
				return superOrder(b, a)
			})
			return maybe[string]{joinArray(list), err == nil}, nil
		}),
	}
}

// positions are where a value is in an array. Without nulls nothing is known of null, nor of a value that is not found beside one.
func positions(s, value string, nulls bool) (at []int32, known bool) {
	list, err := jsonArray(s)
	if err != nil || !nulls && value == "null" {
		return nil, false
	}
	key, null := superKey(json.RawMessage(value)), false
	for i, v := range list {
		if superKey(v) == key {
			at = append(at, int32(i))
		}
		null = null || string(v) == "null"
	}
	return at, nulls || len(at) > 0 || !null
}

func countElements(list []json.RawMessage) map[string]int {
	count := map[string]int{}
	for _, v := range list {
		count[superKey(v)]++
	}
	return count
}

func distinctElements(list []json.RawMessage) []json.RawMessage {
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(v json.RawMessage) bool {
		key := superKey(v)
		again := seen[key]
		seen[key] = true
		return again
	})
}

// chosen are the elements of a that are kept, by whether b has them: as sets, or each element of b for one of a.
func chosen(a, b string, distinct bool, keep func(inOther bool) bool) maybe[string] {
	x, err := jsonArray(a)
	y, err2 := jsonArray(b)
	other := countElements(y)
	if distinct {
		x = distinctElements(x)
	}
	x = slices.DeleteFunc(x, func(v json.RawMessage) bool {
		key := superKey(v)
		in := other[key] > 0
		if !distinct {
			other[key]--
		}
		return !keep(in)
	})
	return maybe[string]{joinArray(x), err == nil && err2 == nil}
}

// superKey is the same for values that are equal ([superEqual]), and for null.
func superKey(raw json.RawMessage) string {
	s := string(raw)
	if n := rational(s); n != nil {
		return n.RatString()
	}
	if jsonTypeOf(s) == "string" {
		return `"` + strings.TrimRight(superText(s).value, " ")
	}
	v, ok := decoded(s)
	if !ok {
		return s
	}
	b, err := json.Marshal(v) // with the keys in order
	if err != nil {
		return s
	}
	return string(b)
}

// superOrder is the order of ARRAY_SORT: booleans, numbers, texts, arrays, objects, and each among its own.
func superOrder(a, b json.RawMessage) int {
	rank := func(s string) int {
		return slices.Index([]string{"boolean", "number", "string", "array", "object"}, jsonTypeOf(s))
	}
	x, y := string(a), string(b)
	if c := cmp.Compare(rank(x), rank(y)); c != 0 {
		return c
	}
	if c, _ := superCompare(x, y); c.ok {
		return int(c.value)
	}
	if jsonTypeOf(x) == "number" { // beyond what decimals hold
		n, _ := strconv.ParseFloat(x, 64)
		m, _ := strconv.ParseFloat(y, 64)
		return cmp.Compare(n, m)
	}
	list, err := jsonArray(x)
	other, err2 := jsonArray(y)
	if err != nil || err2 != nil {
		return cmp.Compare(superKey(a), superKey(b))
	}
	return slices.CompareFunc(list, other, superOrder)
}
