package jsonpath

import (
	"errors"
	"fmt"
	"math"

	"airline/asl/jsonvalue"
)

// function reads a call after its '('.
func (s *scanner) function(p *Path, name string, at int) error {
	st := step{kind: Function, name: name, offset: at}
	for s.space(); !s.accept(")"); s.space() {
		arg, err := s.literal()
		if err != nil {
			return err
		}
		st.args = append(st.args, arg)
		if s.space(); !s.accept(",") && s.peek() != ')' {
			return s.fail("expected ',' or ')' in the call of %s", name)
		}
	}
	if want, ok := arity[name]; !ok {
		return &SyntaxError{s.text, at, "there is no function " + name + "() in JSONPath; known are length, size, min, max, avg, sum, stddev, keys, first, last, index"}
	} else if want != len(st.args) {
		return &SyntaxError{s.text, at, fmt.Sprintf("%s() takes %d arguments", name, want)}
	}
	p.steps = append(p.steps, st)
	return nil
}

// arity gives the number of arguments of every function.
var arity = map[string]int{"length": 0, "size": 0, "min": 0, "max": 0, "avg": 0, "sum": 0,
	"stddev": 0, "keys": 0, "first": 0, "last": 0, "index": 1}

func call(name string, args []any, value any) (any, error) {
	switch name {
	case "length", "size":
		switch v := value.(type) {
		case []any:
			return float64(len(v)), nil
		case *jsonvalue.Object:
			return float64(v.Len()), nil
		}
		return nil, nil
	case "keys":
		object, ok := value.(*jsonvalue.Object)
		if !ok {
			return nil, nil
		}
		keys := make([]any, 0, object.Len())
		for key := range object.All() {
			keys = append(keys, key)
		}
		return keys, nil
	case "first", "last", "index":
		list, ok := value.([]any)
		if !ok {
			return nil, errors.New(emptyAggregate)
		}
		n := 0
		if name == "last" {
			n = -1
		} else if name == "index" {
			index, ok := number(args[0])
			if !ok || index != math.Trunc(index) || math.Abs(index) > 1<<31 {
				return nil, fmt.Errorf("index() takes an integer")
			}
			n = int(index)
		}
		if n >= 0 && n < len(list) {
			return list[n], nil
		}
		if n < 0 && n+len(list) > 0 { // not the first item: a slip of Jayway
			return list[n+len(list)], nil
		}
		return nil, fmt.Errorf("Target index:%d larger than object count:%d", n, len(list))
	}
	return aggregate(name, value)
}

const emptyAggregate = "Aggregation function attempted to calculate value using empty array"

// aggregate computes min, max, avg, sum and stddev over the numbers of an array.
func aggregate(name string, value any) (any, error) {
	list, _ := value.([]any)
	var count, sum, squares float64
	low, high := math.Inf(1), math.Inf(-1)
	for _, item := range list {
		n, ok := number(item)
		if !ok {
			continue
		}
		count++
		sum += n
		squares += n * n
		low, high = min(low, n), max(high, n)
	}
	if count == 0 {
		return nil, errors.New(emptyAggregate)
	}
	switch name {
	case "min":
		return low, nil
	case "max":
		return high, nil
	case "avg":
		return sum / count, nil
	case "sum":
		return sum, nil
	}
	return math.Sqrt(max(0, squares/count-(sum/count)*(sum/count))), nil
}
