package jsonata

import (
	"strconv"

	"airline/asl/jsonvalue"
)

func fnAppend(r *run, args []any) any {
	a, b := argument(args, 0), argument(args, 1)
	if IsUndefined(a) {
		return b
	}
	if IsUndefined(b) {
		return a
	}
	x, ok := itemsOf(a)
	if !ok {
		x = []any{a}
	}
	y, ok := itemsOf(b)
	if !ok {
		y = []any{b}
	}
	r.grow((len(x) + len(y)) * valueSize)
	r.spend((len(x) + len(y)) >> 4)
	r.made++
	out := make([]any, 0, len(x)+len(y))
	return append(append(out, x...), y...)
}

func fnReverse(r *run, args []any) any {
	v := argument(args, 0)
	items, ok := itemsOf(v)
	if !ok || len(items) <= 1 {
		return v
	}
	r.grow(len(items) * valueSize)
	out := make([]any, len(items))
	for i, item := range items {
		out[len(items)-1-i] = item
	}
	return out
}

func fnShuffle(r *run, args []any) any {
	v := argument(args, 0)
	items, ok := itemsOf(v)
	if !ok || len(items) <= 1 {
		return v
	}
	r.grow(len(items) * valueSize)
	out := make([]any, len(items))
	for i, item := range items {
		j := min(int(r.random("shuffle")*float64(i+1)), i)
		out[i] = out[j]
		out[j] = item
	}
	return out
}

func fnZip(r *run, args []any) any {
	lists := make([][]any, len(args))
	shortest := -1
	for i, a := range args {
		lists[i], _ = itemsOf(a)
		if shortest < 0 || len(lists[i]) < shortest {
			shortest = len(lists[i])
		}
	}
	r.grow(max(shortest, 0) * (len(args) + 1) * valueSize)
	out := make([]any, 0, max(shortest, 0))
	for i := range shortest {
		row := make([]any, len(lists))
		for j := range lists {
			row[j] = lists[j][i]
		}
		out = append(out, row)
	}
	r.made++
	return out
}

func fnSort(r *run, args []any) any {
	v := argument(args, 0)
	items, ok := itemsOf(v)
	if !ok || len(items) <= 1 {
		return v
	}
	r.grow(2 * len(items) * valueSize)
	if f, ok := argument(args, 1).(*Function); ok {
		return mergeSort(items, func(a, b *any) bool { return truth(r.call(f, *a, *b)) })
	}
	numbers, strings := true, true
	for _, item := range items {
		if _, ok := numeric(item); !ok {
			numbers = false
		}
		if _, ok := item.(string); !ok {
			strings = false
		}
	}
	switch {
	case strings:
		return mergeSort(items, func(a, b *any) bool {
			r.spend(1)
			return compareStrings((*a).(string), (*b).(string)) > 0
		})
	case numbers:
		return mergeSort(items, func(a, b *any) bool {
			r.spend(1)
			x, _ := number(*a)
			y, _ := number(*b)
			return x > y
		})
	}
	panic(&Error{Code: "D3070", Offset: -1, index: 1})
}

func fnDistinct(r *run, args []any) any {
	v := argument(args, 0)
	items, ok := itemsOf(v)
	if !ok || len(items) <= 1 {
		return v
	}
	seen := make(map[any]bool, len(items))
	var out []any
	var key []byte
	for _, item := range items {
		r.spend(1)
		var k any
		switch x := item.(type) {
		case string:
			k = x
		case bool, nil, *Function, *undefined:
			k = x
		default:
			if f, ok := number(item); ok {
				if f != f {
					out = append(out, item)
					continue
				}
				k = f
				break
			}
			key = r.canonical(key[:0], item, 0)
			k = composite(key)
		}
		if !seen[k] {
			seen[k] = true
			r.grow(4 * valueSize)
			out = append(out, item)
		}
	}
	if isSequence(v) {
		return &array{items: out, sequence: true}
	}
	return out
}

// composite is the canonical text of an array or object, as a key that differs from every string.
type composite string

// canonical appends a text of v that equal values share and no others.
func (r *run) canonical(dst []byte, v any, depth int) []byte {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	r.spend(1)
	r.grow(16)
	switch v := v.(type) {
	case *Function:
		return append(dst, "f"+strconv.FormatUint(uint64(addressOf(v)), 16)...)
	case *jsonvalue.Object:
		dst = append(dst, '{')
		for _, i := range sortedKeys(v) {
			key, value := v.At(i)
			dst = jsonvalue.AppendString(dst, key)
			dst = append(dst, ':')
			dst = append(r.canonical(dst, value, depth+1), ',')
		}
		return append(dst, '}')
	}
	if items, ok := itemsOf(v); ok {
		dst = append(dst, '[')
		for _, item := range items {
			dst = append(r.canonical(dst, item, depth+1), ',')
		}
		return append(dst, ']')
	}
	if f, ok := number(v); ok {
		return jsonvalue.AppendFloat(dst, f)
	}
	return jsonvalue.Append(dst, v)
}
