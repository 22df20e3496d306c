package jsonata

import (
	"cmp"
	"slices"
	"unsafe"

	"airline/asl/jsonvalue"
)

// sortedKeys returns the places of the keys of o in the order of the keys.
func sortedKeys(o *jsonvalue.Object) []int {
	places := make([]int, o.Len())
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(i, j int) int {
		a, _ := o.At(i)
		b, _ := o.At(j)
		return cmp.Compare(a, b)
	})
	return places
}

// addressOf tells functions apart.
func addressOf(f *Function) uintptr { return uintptr(unsafe.Pointer(f)) }

func fnKeys(r *run, args []any) any {
	var out []any
	if o, ok := argument(args, 0).(*jsonvalue.Object); ok {
		r.grow(o.Len() * 2 * valueSize)
		out = make([]any, 0, o.Len())
		for k := range o.All() {
			out = append(out, k)
		}
		return &array{items: out, sequence: true}
	}
	items, _ := itemsOf(argument(args, 0))
	seen := map[string]bool{}
	out = r.keysOf(out, seen, items, 0)
	return &array{items: out, sequence: true}
}

func (r *run) keysOf(out []any, seen map[string]bool, items []any, depth int) []any {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	for _, item := range items {
		r.spend(1)
		o, ok := item.(*jsonvalue.Object)
		if !ok {
			inner, _ := itemsOf(item)
			out = r.keysOf(out, seen, inner, depth+1)
			continue
		}
		for k := range o.All() {
			if !seen[k] {
				seen[k] = true
				r.grow(4 * valueSize)
				out = append(out, k)
			}
		}
	}
	return out
}

func fnLookup(r *run, args []any) any {
	key, ok := argument(args, 1).(string)
	if !ok {
		return Undefined
	}
	return r.field(argument(args, 0), key)
}

func fnSpread(r *run, args []any) any {
	v := argument(args, 0)
	switch v.(type) {
	case *jsonvalue.Object:
		return &array{items: r.spreadInto(nil, v, 0), sequence: true}
	}
	if items, ok := itemsOf(v); ok {
		out := r.spreadInto(nil, v, 0)
		return &array{items: out, sequence: len(items) == 0}
	}
	return v
}

func (r *run) spreadInto(out []any, v any, depth int) []any {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	r.spend(1)
	if o, ok := v.(*jsonvalue.Object); ok {
		r.grow(o.Len() * 96)
		for k, value := range o.All() {
			single := jsonvalue.NewObject(1)
			single.Set(k, value)
			out = append(out, single)
		}
		r.made++
		return out
	}
	if items, ok := itemsOf(v); ok {
		for _, item := range items {
			out = r.spreadInto(out, item, depth+1)
		}
		return out
	}
	if IsUndefined(v) {
		return out
	}
	return append(out, v)
}

func fnMerge(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	if !ok {
		return Undefined
	}
	out := jsonvalue.NewObject(0)
	for _, item := range items {
		if o, ok := item.(*jsonvalue.Object); ok {
			r.grow(o.Len() * 32)
			r.spend(o.Len())
			for k, v := range o.All() {
				out.Set(k, v)
			}
		}
	}
	r.made++
	return out
}

// fnClone copies deeply, with what $string does to numbers and functions.
func fnClone(r *run, args []any) any {
	v := argument(args, 0)
	if a, ok := v.(*array); ok && a.wrapper {
		v = a.items[0]
	}
	return r.clone(v, 0)
}

func (r *run) clone(v any, depth int) any {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	r.spend(1)
	switch v := v.(type) {
	case *jsonvalue.Object:
		r.grow(48 * (v.Len() + 1))
		out := jsonvalue.NewObject(v.Len())
		for k, e := range v.All() {
			out.Set(k, r.clone(e, depth+1))
		}
		return out
	case *Function:
		return ""
	}
	items, ok := itemsOf(v)
	if !ok {
		if IsUndefined(v) && depth > 0 {
			return nil
		}
		return v
	}
	r.grow(valueSize * (len(items) + 1))
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = r.clone(item, depth+1)
	}
	return out
}

// eval makes the function that a transform is.
func (n *Transform) eval(r *run, _ any, e *env) any {
	r.grow(64)
	return &Function{arity: 1, signature: transformSignature, native: func(r *run, args []any) any {
		return n.transform(r, argument(args, 0), e)
	}}
}

var transformSignature = mustSignature("<(oa):o>")

func (n *Transform) transform(r *run, v any, e *env) any {
	if IsUndefined(v) {
		return v
	}
	clone, ok := r.lookup(e, "clone").(*Function)
	if !ok {
		panic(&Error{Code: "T2013", Offset: n.Offset})
	}
	out := r.call(clone, v)
	found := r.eval(n.Pattern, out, e)
	if IsUndefined(found) {
		return out
	}
	matches, ok := itemsOf(found)
	if !ok {
		matches = []any{found}
	}
	for _, match := range matches {
		n.change(r, match, e)
	}
	return out
}

// change applies update and delete to one match.
func (n *Transform) change(r *run, match any, e *env) {
	o, _ := match.(*jsonvalue.Object)
	update := r.eval(n.Update, match, e)
	if !IsUndefined(update) {
		values, ok := update.(*jsonvalue.Object)
		if !ok {
			panic(&Error{Code: "T2011", Offset: n.Update.Common().Offset, Value: update})
		}
		for k, v := range values.All() {
			if o != nil {
				r.grow(32)
				o.Set(k, v)
			}
		}
		// A transform can put an object into itself; measuring the result finds that.
		r.made += 3
	}
	if n.Delete == nil {
		return
	}
	deletions := r.eval(n.Delete, match, e)
	if IsUndefined(deletions) {
		return
	}
	names, ok := itemsOf(deletions)
	if !ok {
		names = []any{deletions}
	}
	for _, name := range names {
		if _, ok := name.(string); !ok {
			panic(&Error{Code: "T2012", Offset: n.Delete.Common().Offset, Value: deletions})
		}
	}
	for _, name := range names {
		if o != nil {
			o.Delete(name.(string))
		}
	}
}
