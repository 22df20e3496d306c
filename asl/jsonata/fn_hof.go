package jsonata

import "airline/asl/jsonvalue"

// The functions that take functions. Each gives its function as many arguments as that has parameters.

// callItem calls f with an item, and its place and the whole when f takes them.
func (r *run) callItem(f *Function, n int, item, place, whole any) any {
	r.spend(1)
	switch {
	case n >= 3:
		args := r.arguments(3)
		args[0], args[1], args[2] = item, place, whole
		return r.callArgs(f, args)
	case n == 2:
		args := r.arguments(2)
		args[0], args[1] = item, place
		return r.callArgs(f, args)
	}
	args := r.arguments(1)
	args[0] = item
	return r.callArgs(f, args)
}

func (r *run) callArgs(f *Function, args []any) any {
	if r.depth++; r.depth > r.maxDepth {
		panic(fault("D1011", nil))
	}
	v := r.apply(f, args, nil, nil)
	r.depth--
	return v
}

func fnMap(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	f, _ := argument(args, 1).(*Function)
	n := f.parameters()
	out := make([]any, 0, len(items))
	for i, item := range items {
		if v := r.callItem(f, n, item, jsonvalue.Box(float64(i)), args[0]); !IsUndefined(v) {
			r.contain(v)
			r.grow(valueSize)
			out = append(out, v)
		}
	}
	r.made++
	return &array{items: out, sequence: true}
}

func fnFilter(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	f, _ := argument(args, 1).(*Function)
	n := f.parameters()
	var out []any
	for i, item := range items {
		if truth(r.callItem(f, n, item, jsonvalue.Box(float64(i)), args[0])) {
			r.grow(valueSize)
			out = append(out, item)
		}
	}
	return &array{items: out, sequence: true}
}

func fnSingle(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	f, _ := argument(args, 1).(*Function)
	var result any
	found := false
	for i, item := range items {
		if f != nil && !truth(r.callItem(f, f.parameters(), item, jsonvalue.Box(float64(i)), args[0])) {
			continue
		}
		if found {
			panic(&Error{Code: "D3138", Offset: -1, index: i})
		}
		result, found = item, true
	}
	if !found {
		panic(fault("D3139", nil))
	}
	return result
}

func fnReduce(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	f, _ := argument(args, 1).(*Function)
	n := f.parameters()
	if n < 2 {
		panic(&Error{Code: "D3050", Offset: -1, index: 1})
	}
	result := argument(args, 2)
	start := 0
	if IsUndefined(result) && len(items) > 0 {
		result, start = items[0], 1
	}
	for i := start; i < len(items); i++ {
		call := r.arguments(min(n, 4))
		call[0], call[1] = result, items[i]
		if n >= 3 {
			call[2] = jsonvalue.Box(float64(i))
		}
		if n >= 4 {
			call[3] = args[0]
		}
		r.spend(1)
		result = r.callArgs(f, call)
	}
	return result
}

func fnEach(r *run, args []any) any {
	o, _ := argument(args, 0).(*jsonvalue.Object)
	f, _ := argument(args, 1).(*Function)
	n := f.parameters()
	var out []any
	for k, v := range o.All() {
		if v := r.callItem(f, n, v, k, o); !IsUndefined(v) {
			r.contain(v)
			r.grow(valueSize)
			out = append(out, v)
		}
	}
	r.made++
	return &array{items: out, sequence: true}
}

func fnSift(r *run, args []any) any {
	o, ok := argument(args, 0).(*jsonvalue.Object)
	f, given := argument(args, 1).(*Function)
	if !ok || !given {
		return Undefined
	}
	n := f.parameters()
	out := jsonvalue.NewObject(0)
	for k, v := range o.All() {
		if truth(r.callItem(f, n, v, k, o)) {
			r.grow(32)
			out.Set(k, v)
		}
	}
	if out.Len() == 0 {
		return Undefined
	}
	r.made++
	return out
}
