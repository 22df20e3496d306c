package jsonata

import (
	"airline/asl/jsonvalue"
)

// eval evaluates n with in as the context, and applies what is attached to n.
func (r *run) eval(n Node, in any, e *env) any {
	if r.depth++; r.depth > r.maxDepth {
		panic(fault("D1011", nil))
	}
	if r.steps--; r.steps < r.nextCheck {
		r.checkpoint()
	}
	v := n.eval(r, in, e)
	b := n.Common()
	if b.Predicates != nil {
		for _, p := range b.Predicates {
			v = r.filter(p, v, e)
		}
	}
	if b.Group != nil {
		if _, isPath := n.(*Path); !isPath {
			v = r.group(b.Group.Pairs, b.Group.Offset, v, e)
		}
	}
	if a, ok := v.(*array); ok && a.sequence {
		v = a.settle(b.KeepArray)
	}
	r.depth--
	return v
}

// settle turns a sequence into the value it stands for: nothing, its only item, or itself.
func (a *array) settle(keep bool) any {
	if keep {
		a.keep = true
	}
	switch len(a.items) {
	case 0:
		return Undefined
	case 1:
		if !a.keep {
			return a.items[0]
		}
	}
	return a
}

func (n *Literal) eval(*run, any, *env) any { return n.Value }

func (n *Name) eval(r *run, in any, _ *env) any { return r.field(in, n.Value) }

// field looks up a field; of an array, in all its items.
func (r *run) field(in any, name string) any {
	switch in := in.(type) {
	case *jsonvalue.Object:
		if v, ok := in.Get(name); ok {
			return v
		}
		return Undefined
	case []any:
		return r.fields(in, name, 0)
	case *array:
		return r.fields(in.items, name, 0)
	}
	return Undefined
}

func (r *run) fields(items []any, name string, depth int) any {
	out := r.fieldsInto(nil, items, name, depth)
	return &array{items: out, sequence: true}
}

func (r *run) fieldsInto(out, items []any, name string, depth int) []any {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	r.spend(len(items)>>2 + 1)
	for _, item := range items {
		if o, ok := item.(*jsonvalue.Object); ok {
			v, ok := o.Get(name)
			if !ok {
				continue
			}
			if list, ok := itemsOf(v); ok {
				r.grow(len(list) * valueSize)
				out = append(out, list...)
			} else {
				r.grow(valueSize)
				out = append(out, v)
			}
		} else if list, ok := itemsOf(item); ok {
			out = r.fieldsInto(out, list, name, depth+1)
		}
	}
	return out
}

func (n *Wildcard) eval(r *run, in any, _ *env) any {
	if a, ok := in.(*array); ok && a.wrapper && len(a.items) > 0 {
		in = a.items[0]
	}
	out := &array{sequence: true}
	add := func(v any) {
		if list, ok := itemsOf(v); ok {
			out.items = r.flatten(out.items, list, 0)
			out.sequence = false
			return
		}
		r.grow(valueSize)
		out.items = append(out.items, v)
	}
	switch in := in.(type) {
	case *jsonvalue.Object:
		for _, v := range in.All() {
			add(v)
		}
	default:
		items, _ := itemsOf(in)
		for _, v := range items {
			add(v)
		}
	}
	r.spend(len(out.items) >> 2)
	return out
}

func (r *run) flatten(out, items []any, depth int) []any {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	r.grow(len(items) * valueSize)
	for _, item := range items {
		if list, ok := itemsOf(item); ok {
			out = r.flatten(out, list, depth+1)
		} else {
			out = append(out, item)
		}
	}
	return out
}

func (n *Descendant) eval(r *run, in any, _ *env) any {
	if IsUndefined(in) {
		return Undefined
	}
	items := r.descend(nil, in, 0)
	if len(items) == 1 {
		return items[0]
	}
	return &array{items: items, sequence: true}
}

func (r *run) descend(out []any, v any, depth int) []any {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	r.spend(1)
	if items, ok := itemsOf(v); ok {
		for _, item := range items {
			out = r.descend(out, item, depth+1)
		}
		return out
	}
	r.grow(valueSize)
	out = append(out, v)
	if o, ok := v.(*jsonvalue.Object); ok {
		for _, item := range o.All() {
			out = r.descend(out, item, depth+1)
		}
	}
	return out
}

func (n *Parent) eval(r *run, _ any, e *env) any { return r.lookup(e, n.slot.label) }

func (n *Variable) eval(r *run, in any, e *env) any {
	if n.Name == "" {
		if a, ok := in.(*array); ok && a.wrapper {
			return a.items[0]
		}
		return in
	}
	if e == nil && r.options.Bindings == nil && n.library != nil && !r.stepFunctions {
		return n.library
	}
	return r.lookup(e, n.Name)
}

func (n *Array) eval(r *run, in any, e *env) any {
	var out []any
	if len(n.Items) > 1 {
		out = make([]any, 0, len(n.Items))
	}
	owned := true // out is not the array of somebody else
	for _, item := range n.Items {
		v := r.eval(item, in, e)
		if IsUndefined(v) {
			continue
		}
		if _, nested := item.(*Array); nested {
			r.contain(v)
			out = append(out, v)
			continue
		}
		list, ok := itemsOf(v)
		switch {
		case !ok:
			if !owned {
				out, owned = append([]any(nil), out...), true
			}
			out = append(out, v)
		case out == nil && len(n.Items) == 1:
			out, owned = list, false
		default:
			r.grow(len(list) * valueSize)
			out = append(out, list...)
		}
	}
	r.grow(len(n.Items)*valueSize + 8)
	r.made++
	if out == nil {
		out = []any{}
	}
	if n.consArray {
		return &array{items: out, cons: true}
	}
	return out
}

// contain notes that v becomes part of another value.
func (r *run) contain(v any) {
	switch v.(type) {
	case *array, *stream, *undefined:
		r.internal = true
	}
}

func (n *Object) eval(r *run, in any, e *env) any { return r.group(n.Pairs, n.Offset, in, e) }

func (n *Block) eval(r *run, in any, e *env) any {
	if n.frame {
		e = newEnv(e)
	}
	var v any = Undefined
	for _, x := range n.Expressions {
		v = r.eval(x, in, e)
	}
	return v
}

func (n *Condition) eval(r *run, in any, e *env) any {
	test := r.eval(n.If, in, e)
	switch n.Op {
	case "??":
		if !IsUndefined(test) {
			return test
		}
	case "?:":
		if truth(test) {
			return test
		}
	default:
		if truth(test) {
			return r.eval(n.Then, in, e)
		}
	}
	if n.Else == nil {
		return Undefined
	}
	return r.eval(n.Else, in, e)
}

func (n *Bind) eval(r *run, in any, e *env) any {
	v := r.eval(n.Value, in, e)
	e.bind(n.Name, v)
	return v
}

func (n *Lambda) eval(r *run, in any, e *env) any {
	r.grow(64)
	return &Function{lambda: n, params: n.Parameters, signature: n.signature, env: e, in: in}
}

func (n *Regex) eval(*run, any, *env) any { return n.matcher }

// truth is what a condition makes of a value; undefined is false.
func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return v != ""
	case nil, *undefined, *Function:
		return false
	case *jsonvalue.Object:
		return v.Len() > 0
	case []any:
		return truthOfItems(v)
	case *array:
		return truthOfItems(v.items)
	case *stream:
		return truthOfItems(v.values())
	}
	f, _ := numeric(v)
	return f != 0
}

func truthOfItems(items []any) bool {
	for len(items) == 1 {
		inner, ok := itemsOf(items[0])
		if !ok {
			return truth(items[0])
		}
		items = inner
	}
	for _, item := range items {
		if truth(item) {
			return true
		}
	}
	return false
}
