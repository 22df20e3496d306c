package intrinsic

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"airline/asl/jsonvalue"
)

// maxItems is the greatest number of items that AWS makes or takes.
const maxItems = 1_000

func array(_ *Env, args []any) (any, error) {
	return append(make([]any, 0, len(args)), args...), nil
}

func list(args []any, i int) ([]any, error) {
	items, ok := args[i].([]any)
	if !ok {
		return nil, fmt.Errorf("argument %d must be an array", i+1)
	}
	return items, nil
}

// integer rounds a number to the nearest integer, halves up.
func integer(args []any, i int) (int, error) {
	n, ok := jsonvalue.Float(args[i])
	if !ok {
		return 0, fmt.Errorf("argument %d must be a number", i+1)
	}
	n = math.Floor(n + 0.5)
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, fmt.Errorf("argument %d is out of the range of a 32-bit integer", i+1)
	}
	return int(n), nil
}

func arrayPartition(_ *Env, args []any) (any, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	size, err := integer(args, 1)
	if err != nil {
		return nil, err
	}
	if size <= 0 {
		return nil, errors.New("the chunk size must be a non-zero, positive integer")
	}
	chunks := []any{}
	for chunk := range slices.Chunk(items, size) {
		chunks = append(chunks, chunk)
	}
	return chunks, nil
}

func arrayContains(_ *Env, args []any) (any, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	return slices.ContainsFunc(items, func(item any) bool { return jsonvalue.Equal(item, args[1]) }), nil
}

func arrayRange(_ *Env, args []any) (any, error) {
	first, err := integer(args, 0)
	if err != nil {
		return nil, err
	}
	last, err := integer(args, 1)
	if err != nil {
		return nil, err
	}
	step, err := integer(args, 2)
	if err != nil {
		return nil, err
	}
	if step == 0 {
		return nil, errors.New("the increment must not be zero")
	}
	count := (last-first)/step + 1
	if (last-first)*step < 0 {
		count = 0
	}
	if count > maxItems {
		return nil, fmt.Errorf("the range holds %d items, more than %d", count, maxItems)
	}
	items := make([]any, count)
	for i := range items {
		items[i] = jsonvalue.Box(float64(first + i*step))
	}
	return items, nil
}

func arrayGetItem(_ *Env, args []any) (any, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	index, err := integer(args, 1)
	if err != nil {
		return nil, err
	}
	if index < 0 || index >= len(items) {
		return nil, fmt.Errorf("the index %d is out of the bounds of the array, which has %d items", index, len(items))
	}
	return items[index], nil
}

func arrayLength(_ *Env, args []any) (any, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	return jsonvalue.Box(float64(len(items))), nil
}

// arrayUnique keeps the first of equal items. Equal items have the same text
// once numbers are normalised, which keeps the cost linear.
func arrayUnique(_ *Env, args []any) (any, error) {
	items, err := list(args, 0)
	if err != nil {
		return nil, err
	}
	seen := make(map[any]bool, len(items))
	unique := make([]any, 0, len(items))
	var others []any
	for _, item := range items {
		var key any
		if n, ok := jsonvalue.Float(item); ok {
			key = n
		} else {
			switch v := item.(type) {
			case nil, bool, string:
				key = v
			default:
				if slices.ContainsFunc(others, func(o any) bool { return jsonvalue.Equal(o, item) }) {
					continue
				}
				others = append(others, item)
				unique = append(unique, item)
				continue
			}
		}
		if !seen[key] {
			seen[key] = true
			unique = append(unique, item)
		}
	}
	return unique, nil
}
