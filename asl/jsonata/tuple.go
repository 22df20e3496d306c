package jsonata

// Steps that bind a variable with @ or #, and those whose parent % is asked for, work on tuples: each item carries
// the variables bound on the way to it.

// tuple is an item with its variables.
type tuple struct {
	item any
	vars []variable // never changed in place
}

// stream is a list of tuples on its way through a path.
type stream struct{ tuples []*tuple }

// values returns the items alone.
func (s *stream) values() []any {
	items := make([]any, len(s.tuples))
	for i, t := range s.tuples {
		items[i] = t.item
	}
	return items
}

func (t *tuple) env(parent *env) *env {
	return &env{parent: parent, vars: t.vars, shared: true}
}

// with returns the variables of t and one more.
func (t *tuple) with(name string, value any) []variable {
	return withVariable(t.vars, name, value)
}

func withVariable(vars []variable, name string, value any) []variable {
	out := make([]variable, len(vars), len(vars)+1)
	copy(out, vars)
	for i := range out {
		if out[i].name == name {
			out[i].value = value
			return out
		}
	}
	return append(out, variable{name, value})
}

// tupleStep takes one step from all tuples; where none came before, from items.
func (r *run) tupleStep(n Node, items []any, from *stream, e *env) *stream {
	b := n.Common()
	var out *stream
	if s, ok := n.(*Sort); ok {
		out = r.sortTuples(s, items, from, e)
	} else {
		if from == nil {
			from = &stream{}
			for _, item := range items {
				from.tuples = append(from.tuples, &tuple{item: item})
			}
		}
		out = &stream{}
		for _, t := range from.tuples {
			r.stepFrom(n, t, out, e)
		}
	}
	for i := range b.Stages {
		if f := b.Stages[i].Filter; f != nil {
			if s, ok := r.filterTuples(f, out, e).(*stream); ok {
				out = s
			}
			continue
		}
		for j, t := range out.tuples {
			out.tuples[j] = &tuple{t.item, t.with(b.Stages[i].Index, float64(j))}
		}
	}
	return out
}

// stepFrom takes a step from one tuple and appends the results to out.
func (r *run) stepFrom(n Node, from *tuple, out *stream, e *env) {
	b := n.Common()
	v := r.eval(n, from.item, from.env(e))
	if IsUndefined(v) {
		return
	}
	if inner, ok := v.(*stream); ok {
		for _, t := range inner.tuples {
			vars := from.vars
			for _, x := range t.vars {
				vars = withVariable(vars, x.name, x.value)
			}
			r.add(out, &tuple{t.item, vars})
		}
		return
	}
	items, ok := itemsOf(v)
	if !ok {
		items = []any{v}
	}
	for i, item := range items {
		t := &tuple{item, from.vars}
		if b.Focus != "" {
			t.vars = t.with(b.Focus, item)
			t.item = from.item
		}
		if b.Index != "" {
			t.vars = t.with(b.Index, float64(i))
		}
		if b.ancestor != nil {
			t.vars = t.with(b.ancestor.label, from.item)
		}
		r.add(out, t)
	}
}

func (r *run) add(out *stream, t *tuple) {
	r.grow(64 + 32*len(t.vars))
	out.tuples = append(out.tuples, t)
}

func (r *run) filterTuples(predicate Node, s *stream, e *env) any {
	out := &stream{}
	if lit, ok := predicate.(*Literal); ok {
		if f, ok := lit.Value.(float64); ok {
			if i := position(f, len(s.tuples)); i >= 0 {
				out.tuples = append(out.tuples, s.tuples[i])
			}
			return out
		}
	}
	for i, t := range s.tuples {
		v := r.eval(predicate, t.item, t.env(e))
		for range selected(v, i, len(s.tuples)) {
			r.add(out, t)
		}
	}
	return out
}

// merged makes one tuple of several: item and variables become arrays of those of all.
func merged(tuples []*tuple) *tuple {
	if len(tuples) == 1 {
		return tuples[0]
	}
	var names []string
	values := map[string]*gathered{}
	gather := func(name string, v any) {
		g := values[name]
		if g == nil {
			g = &gathered{}
			values[name] = g
			names = append(names, name)
		}
		g.add(v)
	}
	items := &gathered{}
	for _, t := range tuples {
		items.add(t.item)
		for _, v := range t.vars {
			gather(v.name, v.value)
		}
	}
	out := &tuple{item: items.value()}
	for _, name := range names {
		out.vars = append(out.vars, variable{name, values[name].value()})
	}
	return out
}

// gathered collects values the way $append does: the first stays as it is until there is a second.
type gathered struct {
	first any
	count int
	items []any
}

func (g *gathered) add(v any) {
	switch g.count {
	case 0:
		g.first = v
	case 1:
		g.items = spread(nil, g.first)
		fallthrough
	default:
		g.items = spread(g.items, v)
	}
	g.count++
}

func (g *gathered) value() any {
	if g.count == 1 {
		return g.first
	}
	return g.items
}

// spread appends the items of an array, or a single value unless it is undefined.
func spread(out []any, v any) []any {
	if items, ok := itemsOf(v); ok {
		return append(out, items...)
	}
	if IsUndefined(v) {
		return out
	}
	return append(out, v)
}
