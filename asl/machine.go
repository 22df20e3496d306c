package asl

import (
	"strings"
	"time"

	"airline/asl/ast"
)

// Settings are a machine's own fields.
type Settings struct {
	Comment string
	// Timeout is the longest time an execution may take; whole seconds. A machine
	// without one can hang for a year.
	Timeout time.Duration
	// QueryLanguage is the states' default. Left empty, it is the language of the
	// states when they all have one.
	QueryLanguage ast.QueryLanguage
	Version       string
}

// Machine builds the definition of everything that can be reached from start,
// and checks it. The error is ast.Diagnostics: all problems at once, each with
// the Go file and line of the builder call. Warnings are no error; Validate gives
// them.
//
// The states stand in the order of the story: each before what follows it, the
// ordinary way before branches, error handling last.
func Machine(start Wired) (*ast.Definition, error) { return Settings{}.Machine(start) }

// Machine is the function Machine for a machine with settings:
//
//	definition, err := asl.Settings{Timeout: 2 * time.Hour}.Machine(start)
func (set Settings) Machine(start Wired) (*ast.Definition, error) {
	b := &builder{owner: map[*node]*scope{}, told: map[*Label]bool{}}
	if set.QueryLanguage == "" {
		set.QueryLanguage = common(start)
	}
	d := b.definition(start, set.QueryLanguage, "", caller())
	d.Comment, d.Version = set.Comment, set.Version
	if set.QueryLanguage == ast.JSONata {
		d.QueryLanguage = ast.JSONata
	}
	if set.Timeout != 0 {
		d.TimeoutSeconds = seconds(set.Timeout)
	}
	problems := b.problems
	for _, p := range d.Errors() {
		if !b.reported(p.Location) {
			problems = append(problems, p)
		}
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return d, nil
}

// reported tells whether a problem at the location may follow from one that is
// reported already.
func (b *builder) reported(location string) bool {
	for _, p := range b.problems {
		if strings.HasPrefix(location, p.Location) || strings.HasPrefix(p.Location, location) {
			return true
		}
	}
	return false
}

// builder turns a graph of nodes into a definition.
type builder struct {
	problems ast.Diagnostics
	owner    map[*node]*scope
	told     map[*Label]bool // reported
}

// scope is the states that may lead to each other: the machine, a branch, a
// processor.
type scope struct {
	nodes    []*node
	location string
}

func (b *builder) definition(start Wired, lang ast.QueryLanguage, location string, pos ast.Position) *ast.Definition {
	d := &ast.Definition{}
	d.Pos = pos
	if start.n == nil {
		b.problems.Add(ast.SeverityError, pos, location, "start at a state that Then or End made", "there is no state to start at")
		return d
	}
	d.Pos = start.n.pos
	s := &scope{location: location}
	walk(start.n, func(n *node) bool {
		switch owner := b.owner[n]; owner {
		case nil:
			b.owner[n] = s
			s.nodes = append(s.nodes, n)
			return true
		case s:
			return false
		default:
			b.problems.Add(ast.SeverityError, n.pos, ast.Pointer(location+"/States", n.name),
				"a branch and a processor lead only to their own states; build a second state for the second place",
				"state %q is reached from two branches, processors or machines: from %s/States too", n.name, owner.location)
			return false
		}
	}, b.unbound)
	d.StartAt = start.n.name
	d.States = make([]*ast.State, 0, len(s.nodes))
	for _, n := range s.nodes {
		d.States = append(d.States, b.state(n, lang, location))
	}
	b.twins(d, location)
	return d
}

// twins reports states of one name.
func (b *builder) twins(d *ast.Definition, location string) {
	first := make(map[string]*ast.State, len(d.States))
	for _, s := range d.States {
		if other := first[s.Name]; other != nil {
			b.problems.Add(ast.SeverityError, s.Pos, ast.Pointer(location+"/States", s.Name),
				"names are unique; a step that is used twice needs a second name", "there is another state %q, built at %v", s.Name, other.Pos)
		}
		first[s.Name] = s
	}
}

// walk visits every node that can be reached from n, each before what it leads
// to: the ordinary way, then choices, then catchers. visit tells whether to go on from a
// node; the visited set of the caller ends cycles.
func walk(n *node, visit func(*node) bool, unbound func(*node, *Label)) {
	stack := []*node{n}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !visit(n) {
			continue
		}
		leads := n.leads(unbound)
		for i := len(leads) - 1; i >= 0; i-- {
			stack = append(stack, leads[i])
		}
	}
}

// leads are the nodes of the same scope that n leads to.
func (n *node) leads(unbound func(*node, *Label)) []*node {
	var out []*node
	add := func(to Route) {
		if next := n.resolve(to, unbound); next != nil {
			out = append(out, next)
		}
	}
	add(n.lead)
	add(n.next)
	for _, c := range n.choices {
		add(c.to)
	}
	for _, c := range n.catches {
		add(c.catcher.Next)
	}
	return out
}

// resolve is the node that a route leads to from n; nil for none.
func (n *node) resolve(to Route, unbound func(*node, *Label)) *node {
	switch to := to.(type) {
	case Wired:
		return to.n
	case *Label:
		if to == nil {
			return nil
		}
		if (to.bound == nil || to.twice) && unbound != nil {
			unbound(n, to)
		}
		return to.bound
	case onward:
		if n.next != nil {
			return n.resolve(n.next, unbound)
		}
	}
	return nil
}

// unbound reports a label that stands for no state, or for two; once.
func (b *builder) unbound(n *node, l *Label) {
	if b.told[l] {
		return
	}
	b.told[l] = true
	if l.twice {
		b.problems.Add(ast.SeverityError, l.pos, "/States/"+n.name, "bind it once; a step that is used twice needs two labels",
			"the label %q is bound to two states", l.name)
		return
	}
	b.problems.Add(ast.SeverityError, l.pos, "/States/"+n.name, "call Bind or Mark on the label",
		"the label %q, where %q leads to, is bound to no state", l.name, n.name)
}

// toldOf tells whether a route is a label that is reported already.
func (b *builder) toldOf(to Route) bool {
	l, ok := to.(*Label)
	return ok && b.told[l]
}

// common is JSONata when every state that is reached from start and has a
// language has that one.
func common(start Wired) ast.QueryLanguage {
	seen, jsonata, jsonpath := map[*node]bool{}, 0, 0
	var count func(Wired)
	count = func(w Wired) {
		if w.n == nil {
			return
		}
		var inner []Wired
		walk(w.n, func(n *node) bool {
			if seen[n] {
				return false
			}
			seen[n] = true
			switch {
			case n.neutral:
			case n.lang == ast.JSONata:
				jsonata++
			default:
				jsonpath++
			}
			inner = append(append(inner, n.branches...), n.process)
			return true
		}, nil)
		for _, w := range inner {
			count(w)
		}
	}
	count(start)
	if jsonata > 0 && jsonpath == 0 {
		return ast.JSONata
	}
	return ast.JSONPath
}
