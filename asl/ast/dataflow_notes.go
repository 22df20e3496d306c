package ast

import (
	"slices"
	"strconv"
	"strings"

	"airline/asl/jsonata"
)

// note is one lookup of a path, or of a variable, on one route.
type note struct {
	state    *stateFlow
	field    string // what follows the state's location
	name     string
	variable bool
	called   bool  // as a function
	guarded  bool  // what reads it has a value also where it does not exist
	gone     *gone // nil where it may exist
}

// gone is why something cannot exist.
type gone struct {
	lacks missing
	route *route
	vars  map[string]*shape // the variables that are set there
}

// subject is what is looked up, and where.
type subject struct{ location, what string }

func (n *note) subject() subject {
	what := "the path " + n.name
	if n.variable {
		what = "the variable $" + n.name
	}
	return subject{n.state.at + n.field, what}
}

// fix is the advice for what does not exist.
func (n *note) fix() string {
	if !n.variable {
		return "correct the path, or keep what it needs: with ResultPath, or in a variable"
	}
	known := []string{"states"}
	if n.called {
		known = jsonata.FunctionNames()
	}
	for name := range n.gone.vars {
		known = append(known, name)
	}
	slices.Sort(known)
	if name := Nearest(n.name, known); name != "" {
		return "did you mean $" + name + "?"
	}
	if n.called {
		return "correct its name, or assign a function of the expression before: $f := function($x) {...}"
	}
	return "correct its name, or set it in a state before, with Assign"
}

// tally counts on how many routes something is looked up, and on how many it
// cannot exist; first is the first note of the latter.
type tally struct {
	total, gone int
	first       *note
}

// pointer is the function Pointer; what it gives is made once, as a state is
// looked at for every route.
func (f *flow) pointer(location, element string) string {
	if f.quiet {
		return ""
	}
	key := [2]string{location, element}
	p, ok := f.pointers[key]
	if !ok {
		p = Pointer(location, element)
		f.pointers[key] = p
	}
	return p
}

// numbered is the pointer to one of a list.
func (f *flow) numbered(location string, i int) string {
	if f.quiet {
		return ""
	}
	return location + "/" + strconv.Itoa(i)
}

// routeText writes a route to the state at a location; of a long one, its end.
func routeText(r *route, location string) string {
	const most = 4
	text := ""
	for n := 0; r != nil; r = r.before {
		if n++; n > most {
			text = "... -> " + text
			break
		}
		text = r.state + " -> " + text
	}
	_, state, _ := cutLast(location, "/States/")
	state, _, _ = strings.Cut(state, "/")
	return text + strings.NewReplacer("~1", "/", "~0", "~").Replace(state)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
