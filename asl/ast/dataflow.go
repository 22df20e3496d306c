package ast

import (
	"maps"
	"slices"
)

// The dataflow check follows the shape of the data from state to state along
// every route, and warns of paths that cannot exist on one. It warns only of what
// is certain: where it knows nothing, as of a machine's input, any path may
// exist; and where a Choice decides by what it does not know, what arrives by
// different routes counts as one thing of which some members may be absent, as
// the decision may well depend on the route.

// fact is what is known when a state is entered by one route.
type fact struct {
	data *shape
	vars map[string]*shape // the variables that are set
	// route is the states before, for messages; facts are equal whichever it is.
	route *route
}

// route is the states on the way to a state, the last one first.
type route struct {
	state  string
	before *route
}

func (f fact) equal(g fact) bool {
	return f.data.equal(g.data) && maps.EqualFunc(f.vars, g.vars, (*shape).equal)
}

// assign is the fact with variables set.
func (f fact) assign(vars map[string]*shape) fact {
	if len(vars) > 0 {
		f.vars = maps.Clone(f.vars)
		if f.vars == nil {
			f.vars = map[string]*shape{}
		}
		maps.Copy(f.vars, vars)
	}
	return f
}

// merge is what is known when either of the facts holds.
func merge(facts []fact) fact {
	out := facts[0]
	for _, f := range facts[1:] {
		out.data = join(out.data, f.data)
		vars := map[string]*shape{}
		for name, s := range out.vars {
			if t, ok := f.vars[name]; ok {
				vars[name] = join(s, t)
			} else {
				vars[name] = nil // may be unset
			}
		}
		for name := range f.vars {
			if _, ok := out.vars[name]; !ok {
				vars[name] = nil
			}
		}
		for name, s := range vars {
			if s == nil {
				vars[name] = anything
			}
		}
		out.vars = vars
	}
	return out
}

// Bounds of the analysis. Beyond them it knows less, or gives up.
const (
	maxFacts      = 6  // routes that are told apart in one state
	maxShapeDepth = 12 // of nested data
	maxScopeDepth = 6  // of nested branches and processors
)

// flow is the analysis of a machine.
type flow struct {
	*texts
	expressions map[string][]use             // variables of JSONata expressions
	outputs     map[string]*shape            // of tasks, by resource
	results     func(resource string) Result // nil for none
	pointers    map[[2]string]string
	depth       int
	// In a quiet analysis nothing is noted; missed is whether anything was looked up that cannot exist.
	quiet, missed bool
	notes         []note
}

// dataflow follows the shape of the data along every route.
func (v *validator) dataflow(d *Definition) {
	f := &flow{texts: v.texts, expressions: map[string][]use{}, outputs: map[string]*shape{}, pointers: map[[2]string]string{}, results: v.results}
	f.quiet = true
	f.scope(d, "", JSONPath, []fact{{data: anything}})
	if !f.missed { // as in most machines: what can be told of lookups is not needed, and costs more than the analysis
		return
	}
	f.quiet = false
	f.scope(d, "", JSONPath, []fact{{data: anything}})
	tallies := map[subject]*tally{}
	var order []subject
	for i := range f.notes { // what is gone on some route
		n := &f.notes[i]
		if n.gone == nil {
			continue
		}
		if k := n.subject(); tallies[k] == nil {
			tallies[k] = &tally{first: n}
			order = append(order, k)
		}
	}
	if len(order) == 0 {
		return
	}
	for i := range f.notes {
		n := &f.notes[i]
		if t := tallies[n.subject()]; t != nil {
			t.total++
			if n.gone != nil {
				t.gone++
			}
		}
	}
	for _, k := range order {
		t := tallies[k]
		what, fix := k.what, t.first.fix()
		if t.first.called {
			what = "the function $" + t.first.name
		}
		why := t.first.gone.lacks.String()
		if why != "" {
			why = ": " + why
		}
		if t.gone == t.total {
			report := v.warn
			if v.strict {
				report = v.error
			}
			report(t.first.state.st.Pos, k.location, fix, "%s never exists here%s", what, why)
		} else if !v.strict && !t.first.guarded {
			v.warn(t.first.state.st.Pos, k.location, fix, "%s does not exist on the route %s%s", k.what, routeText(t.first.gone.route, k.location), why)
		}
	}
}

// edge is what is known on a transition.
type edge struct {
	to    int
	facts []fact
}

// scope analyses a definition that is entered with any of the facts, and gives
// the data that it ends with; nil when it never ends well.
func (f *flow) scope(d *Definition, at string, lang QueryLanguage, start []fact) *shape {
	if d == nil || f.depth >= maxScopeDepth {
		return anything
	}
	f.depth++
	defer func() { f.depth-- }()
	lang = d.Language(lang)
	index := make(map[string]int, len(d.States))
	for i, s := range d.States {
		if _, twice := index[s.Name]; !twice {
			index[s.Name] = i
		}
	}
	first, ok := index[d.StartAt]
	if !ok {
		return anything
	}
	w := &scopeFlow{flow: f, states: make([]stateFlow, len(d.States)), start: start, first: first}
	for i, s := range d.States {
		w.states[i] = stateFlow{flow: f, st: s, lang: s.Language(lang), scopeLang: lang, index: index, changed: true}
		if !f.quiet {
			w.states[i].at = Pointer(at+"/States", s.Name)
		}
	}
	order := depthFirst(d, index, first)
	outer := f.notes
	stable := w.settle(order)
	f.notes = outer
	if !stable {
		return anything // too intricate: nothing is said
	}
	var end *shape
	for _, i := range order {
		s := &w.states[i]
		f.notes = append(f.notes, s.seen...)
		for _, e := range s.ends {
			if end == nil {
				end = e.data
			} else {
				end = join(end, e.data)
			}
		}
	}
	return end
}

// scopeFlow is the analysis of one definition.
type scopeFlow struct {
	*flow
	states []stateFlow
	start  []fact
	first  int
}

// settle evaluates the states, each again as long as what leads to it changes.
func (w *scopeFlow) settle(order []int) bool {
	for range 8 + len(order) {
		again := false
		for _, i := range order {
			s := &w.states[i]
			if !s.changed {
				continue
			}
			again, s.changed = true, false
			w.notes = nil
			edges, ends := s.leave(w.entered(i))
			s.seen, s.ends = w.notes, ends
			w.renew(s, edges)
		}
		if !again {
			return true
		}
	}
	return false
}

// renew replaces what is known on the ways out of s, and marks the states where
// that makes a difference.
func (w *scopeFlow) renew(s *stateFlow, edges []edge) {
	for _, e := range edges {
		k := slices.IndexFunc(s.edges, func(old edge) bool { return old.to == e.to })
		if k < 0 || !slices.EqualFunc(s.edges[k].facts, e.facts, fact.equal) {
			w.states[e.to].changed = true
		}
		if from := &w.states[e.to].from; !slices.Contains(*from, s) {
			*from = append(*from, s)
		}
	}
	for _, old := range s.edges {
		if !slices.ContainsFunc(edges, func(e edge) bool { return e.to == old.to }) {
			w.states[old.to].changed = true
		}
	}
	s.edges = edges
}

// entered is what is known when state i is entered.
func (w *scopeFlow) entered(i int) []fact {
	var facts []fact
	if i == w.first {
		facts = append(facts, w.start...)
	}
	for _, from := range w.states[i].from {
		for _, e := range from.edges {
			if e.to == i {
				facts = append(facts, e.facts...)
			}
		}
	}
	return bounded(facts)
}

// bounded drops repeated facts, and merges them when there are too many.
func bounded(facts []fact) []fact {
	if len(facts) == 1 && facts[0].data.depth <= maxShapeDepth {
		return facts
	}
	var out []fact
	for _, f := range facts {
		if f.data.depth > maxShapeDepth {
			f.data = anything
		}
		if !slices.ContainsFunc(out, f.equal) {
			out = append(out, f)
		}
	}
	if len(out) > maxFacts {
		return []fact{merge(out)}
	}
	return out
}

// depthFirst is an order of the states that can be reached in which most stand
// after those that lead to them.
func depthFirst(d *Definition, index map[string]int, first int) []int {
	seen := make([]bool, len(d.States))
	var post []int
	type frame struct {
		state   int
		targets []string
	}
	seen[first] = true
	stack := []frame{{first, d.States[first].Targets()}}
	for len(stack) > 0 {
		top := &stack[len(stack)-1]
		if len(top.targets) == 0 {
			post = append(post, top.state)
			stack = stack[:len(stack)-1]
			continue
		}
		next, ok := index[top.targets[0]]
		top.targets = top.targets[1:]
		if ok && !seen[next] {
			seen[next] = true
			stack = append(stack, frame{next, d.States[next].Targets()})
		}
	}
	slices.Reverse(post)
	return post
}
