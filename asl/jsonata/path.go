package jsonata

import (
	"math"

	"airline/asl/jsonvalue"
)

// prepare finds out whether the path is nothing but field names, maybe after a variable: that has a shorter way.
func (n *Path) prepare() {
	steps := n.Steps
	if v, ok := steps[0].(*Variable); ok && v.plain() && len(steps) > 1 {
		n.start = v
		steps = steps[1:]
	}
	names := make([]string, len(steps))
	for i, step := range steps {
		name, ok := step.(*Name)
		if !ok || !name.plain() {
			return
		}
		names[i] = name.Value
	}
	if n.Group == nil && !n.tuple {
		n.names = names
	}
}

// plain reports whether nothing is attached to a step.
func (b *Base) plain() bool {
	return b.Stages == nil && !b.tuple && b.Predicates == nil && b.Group == nil && b.Focus == "" && b.Index == "" && !b.KeepArray
}

func (n *Path) eval(r *run, in any, e *env) any {
	if n.names == nil {
		if _, variable := n.Steps[0].(*Variable); !variable {
			if items, ok := itemsOf(in); ok {
				return n.walk(r, in, items, e, 0)
			}
		}
		single := r.single(in)
		v := n.walk(r, in, single, e, 0)
		return v
	}
	v, first := in, 0
	if n.start != nil {
		v, first = n.start.eval(r, in, e), 1
	}
	for i, name := range n.names {
		o, ok := v.(*jsonvalue.Object)
		if !ok {
			items, ok := itemsOf(v)
			if !ok {
				return Undefined
			}
			if a, ok := v.(*array); ok && a.cons && i+first > 0 {
				items = []any{v}
			}
			return n.walk(r, in, items, e, i+first)
		}
		if v, ok = o.Get(name); !ok {
			return Undefined
		}
	}
	if isArray(v) {
		if a, ok := v.(*array); ok && a.sequence {
			return &array{items: a.items, sequence: true, keep: n.keep}
		}
		return v
	}
	if n.keep {
		return &array{items: []any{v}, sequence: true, keep: true}
	}
	return v
}

// single returns an array of one item, from the room for arguments.
func (r *run) single(v any) []any {
	items := r.arguments(1)
	items[0] = v
	return items
}

// walk takes the steps from number from on, over the items of the context.
func (n *Path) walk(r *run, in any, items []any, e *env, from int) any {
	var tuples *stream
	var plain any // the result, when it is an array of the document as it stands
	streaming := false
	var buffer []any // holds items, and is given back after the next step
	for i := from; i < len(n.Steps); i++ {
		step := n.Steps[i]
		b := step.Common()
		streaming = streaming || b.tuple
		switch {
		case i == 0 && b.consArray:
			context := in
			if !isArray(in) {
				context = sequenceOf(in)
			}
			plain = r.eval(step, context, e)
			if b.Focus != "" && isArray(plain) {
				continue
			}
			items, _ = itemsOf(plain)
			if IsUndefined(plain) {
				return n.conclude(r, nil, nil, nil, e)
			}
			if a, ok := plain.(*array); ok && a.sequence {
				plain = nil
			}
			if !streaming && isArray(plain) && len(items) == 0 {
				return n.conclude(r, items, plain, nil, e)
			}
			continue
		case streaming:
			tuples = r.tupleStep(step, items, tuples, e)
		default:
			last := i == len(n.Steps)-1
			var out []any
			if !last {
				out = r.takeBuffer()
			}
			var owned bool
			items, plain, owned = r.step(step, items, e, out, last)
			if buffer != nil {
				r.giveBuffer(buffer)
			}
			if buffer = out; owned && !last {
				buffer = items
			}
			if len(items) == 0 {
				return n.conclude(r, nil, plain, nil, e)
			}
		}
	}
	if streaming {
		if n.tuple {
			return n.conclude(r, nil, tuples, tuples, e)
		}
		return n.conclude(r, tuples.values(), nil, tuples, e)
	}
	return n.conclude(r, items, plain, nil, e)
}

// conclude makes the value of a path from the items found, or from plain where that is given.
func (n *Path) conclude(r *run, items []any, plain any, tuples *stream, e *env) any {
	var v any
	switch {
	case plain != nil:
		v = plain
		if a, ok := plain.(*array); ok && n.keep && a.cons && !a.sequence {
			r.contain(a)
			v = &array{items: []any{a}, sequence: true, keep: true}
		} else if ok && n.keep && a.sequence {
			a.keep = true
		}
	case len(items) == 1 && !n.keep && !n.KeepArray && n.Group == nil:
		return items[0]
	default:
		v = &array{items: items, sequence: true, keep: n.keep}
	}
	if n.Group != nil {
		if tuples != nil {
			v = tuples
		}
		return r.group(n.Group.Pairs, n.Group.Offset, v, e)
	}
	return v
}

// step takes one step from all items and flattens the results by one level, appending to out. When it is the last
// one and finds a single array, that array is the result as it stands: then also plain is set. Owned says that the
// items are in out, rather than those of an array found.
func (r *run) step(n Node, items []any, e *env, out []any, last bool) (found []any, plain any, owned bool) {
	if s, ok := n.(*Sort); ok {
		found, plain = r.sortStep(s, items, e)
		return found, plain, false
	}
	b := n.Common()
	name, _ := n.(*Name)
	if name != nil && (b.Predicates != nil || b.Group != nil) {
		name = nil
	}
	if out == nil && len(items) > 1 {
		out = make([]any, 0, len(items))
	}
	var single any
	count := 0
	for _, item := range items {
		var v any
		if name != nil {
			r.spend(1)
			v = r.field(item, name.Value)
			if a, ok := v.(*array); ok && a.sequence {
				v = a.settle(b.KeepArray)
			}
		} else {
			v = r.eval(n, item, e)
		}
		for i := range b.Stages {
			if f := b.Stages[i].Filter; f != nil {
				v = r.filter(f, v, e)
			}
		}
		if IsUndefined(v) {
			continue
		}
		if count == 0 {
			single = v
		} else {
			if count == 1 {
				out = r.splice(out, single)
			}
			out = r.splice(out, v)
		}
		count++
	}
	if count != 1 {
		return out, nil, true
	}
	if list, ok := itemsOf(single); ok {
		if last && !isSequence(single) {
			return list, single, false
		}
		if a, ok := single.(*array); !ok || !a.cons {
			return list[:len(list):len(list)], nil, false
		}
	}
	return r.splice(out, single), nil, true
}

// takeBuffer returns an empty slice for the items between two steps; giveBuffer takes it back.
func (r *run) takeBuffer() []any {
	if n := len(r.buffers); n > 0 {
		b := r.buffers[n-1]
		r.buffers = r.buffers[:n-1]
		return b
	}
	return make([]any, 0, 16)
}

func (r *run) giveBuffer(b []any) {
	clear(b)
	r.buffers = append(r.buffers, b[:0])
}

// splice appends v to out: the items of an array, anything else as one.
func (r *run) splice(out []any, v any) []any {
	switch v := v.(type) {
	case []any:
		r.grow(len(v) * valueSize)
		return append(out, v...)
	case *array:
		if !v.cons {
			r.grow(len(v.items) * valueSize)
			return append(out, v.items...)
		}
		r.contain(v)
	case *stream:
		return append(out, v.values()...)
	}
	r.grow(valueSize)
	return append(out, v)
}

// filter keeps what a predicate selects: by position when it gives numbers, else by truth.
func (r *run) filter(predicate Node, v any, e *env) any {
	if s, ok := v.(*stream); ok {
		return r.filterTuples(predicate, s, e)
	}
	items, ok := itemsOf(v)
	if !ok {
		items = []any{v}
		r.contain(v)
	}
	if lit, ok := predicate.(*Literal); ok {
		if f, ok := lit.Value.(float64); ok {
			i := position(f, len(items))
			if i < 0 || IsUndefined(items[i]) {
				return &array{sequence: true}
			}
			if isArray(items[i]) {
				return items[i]
			}
			return sequenceOf(items[i])
		}
	}
	var out []any
	for i, item := range items {
		if n := selected(r.eval(predicate, item, e), i, len(items)); n > 0 {
			for range n {
				r.grow(valueSize)
				out = append(out, item)
			}
		}
	}
	return &array{items: out, sequence: true}
}

// position turns an index, maybe counted from the end, into a place, or -1.
func position(f float64, length int) int {
	f = math.Floor(f)
	if f < 0 {
		f += float64(length)
	}
	if f >= 0 && f < float64(length) {
		return int(f)
	}
	return -1
}

// selected reports how often the result of a predicate selects the item at index i of length.
func selected(v any, i, length int) int {
	if b, ok := v.(bool); ok {
		if b {
			return 1
		}
		return 0
	}
	if f, ok := numeric(v); ok {
		if position(f, length) == i {
			return 1
		}
		return 0
	}
	list, ok := itemsOf(v)
	if !ok {
		if truth(v) {
			return 1
		}
		return 0
	}
	n := 0
	for _, item := range list {
		f, ok := numeric(item)
		if !ok {
			if truthOfItems(list) {
				return 1
			}
			return 0
		}
		if position(f, length) == i {
			n++
		}
	}
	return n
}
