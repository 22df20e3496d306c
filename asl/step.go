package asl

import (
	"slices"

	"airline/asl/ast"
)

// Wired is a state that has its way out, and with it everything that can be
// reached from there: the only thing a machine starts at, and a target of
// transitions.
type Wired struct{ n *node }

// Target is what a transition leads to: a Wired state or a Label.
type Target interface {
	Route
	target()
}

// Route is a Target, or Continue.
type Route interface {
	CatchTarget
	route()
}

// CatchTarget is where a catcher leads to: a Route, or a Catcher that also says
// what is kept of the error.
type CatchTarget interface {
	catcher() Catcher
}

func (Wired) target()            {}
func (Wired) route()             {}
func (w Wired) catcher() Catcher { return Catcher{Next: w} }

// Continue leads to where the state leads when nothing special happens: its
// Next; as a target of Catch with the state's input, not with the error. A
// crawler that runs already is no failure:
//
//	start.Catch(glue.CrawlerRunning, asl.Continue)
var Continue = onward{}

type onward struct{}

func (onward) route()             {}
func (o onward) catcher() Catcher { return Catcher{Next: o, KeepInput: true} }

// Label is a name for a state that is built later, so that an earlier one can
// lead to it: the way to write a loop.
type Label struct {
	name  string
	pos   ast.Position
	bound *node
	twice bool
}

// NewLabel makes a label. Bind it, or Mark a step of a chain with it, before
// the machine is built; the name is for messages.
func NewLabel(name string) *Label { return &Label{name: name, pos: caller()} }

func (*Label) target()            {}
func (*Label) route()             {}
func (l *Label) catcher() Catcher { return Catcher{Next: l} }

// Bind lets the label stand for the state, and gives the state back.
func (l *Label) Bind(w Wired) Wired {
	l.twice = l.twice || l.bound != nil
	l.bound = w.n
	return w
}

// Mark is the step with the label at its first state.
func (l *Label) Mark(s Step) Step { return marked{s, l} }

type marked struct {
	Step
	label *Label
}

func (m marked) wire(to Target) Wired { return m.label.Bind(m.Step.wire(to)) }
func (m marked) guarded(h CatchTarget) Step {
	return marked{m.Step.guarded(h), m.label}
}

// Step is something with one ordinary way on: an unfinished state, a chain, a
// poll loop. Steps are values: what is derived from one leaves it as it was.
type Step interface {
	// wire finishes the step: on to the target, or the end when it is nil.
	wire(to Target) Wired
	// guarded is the step with a catch-all in each state that can fail and has none.
	guarded(CatchTarget) Step
}

// Chained is a sequence of steps, itself a step: a reusable part of a machine.
type Chained struct{ steps []Step }

// Chain makes one step of several: each leads to the next.
func Chain(first Step, more ...Step) Chained {
	return Chained{append([]Step{first}, more...)}
}

// Add is the chain with more steps at its end.
func (c Chained) Add(more ...Step) Chained {
	return Chained{append(slices.Clip(c.steps), more...)}
}

// CatchAll lets every state of the chain that can fail and has no catch-all of
// its own lead to the target when it fails.
func (c Chained) CatchAll(to CatchTarget) Chained {
	if _, known := to.(placed); !known && to != nil {
		to = placed{to, caller()}
	}
	steps := make([]Step, len(c.steps))
	for i, s := range c.steps {
		steps[i] = s.guarded(to)
	}
	return Chained{steps}
}

// placed is a target with the place of the call that gave it to several steps.
type placed struct {
	CatchTarget
	pos ast.Position
}

// Then leads from the last step to the target.
func (c Chained) Then(to Target) Wired { return c.wire(to) }

// End ends the machine, or the branch, after the last step.
func (c Chained) End() Wired { return c.wire(nil) }

func (c Chained) wire(to Target) Wired {
	var first Wired
	for _, s := range slices.Backward(c.steps) {
		if s == nil {
			continue
		}
		first = s.wire(to)
		to = first
	}
	return first
}

func (c Chained) guarded(to CatchTarget) Step { return c.CatchAll(to) }

// Adjust is a step of one state with its finished form changed by f: the way to
// fields and forms that the builders do not spell, as in definitions that were
// written by hand. Names of states in it are not followed; Machine checks the
// result like any other.
//
//	asl.Adjust(step, func(s *ast.State) { s.TimeoutSeconds = ast.NewField("${Timeout}") })
func Adjust(s Step, f func(*ast.State)) Step { return adjusted{s, f} }

type adjusted struct {
	Step
	f func(*ast.State)
}

func (a adjusted) wire(to Target) Wired {
	w := a.Step.wire(to) // new, and nobody else's yet
	w.adjust(a.f)
	return w
}

func (a adjusted) guarded(h CatchTarget) Step { return adjusted{a.Step.guarded(h), a.f} }

// Adjust is the state with its finished form changed by f; see the function
// Adjust.
func (w Wired) Adjust(f func(*ast.State)) Wired {
	if w.n == nil {
		return w
	}
	n := *w.n
	changed := Wired{&n}
	changed.adjust(f)
	return changed
}

func (w Wired) adjust(f func(*ast.State)) {
	if w.n != nil && f != nil {
		w.n.adjust = append(slices.Clip(w.n.adjust), f)
	}
}

// node is a finished state in the graph that Machine turns into a Definition.
type node struct {
	*core
	next   Target
	lead   Route // the ordinary way on where that is not next: out of a poll loop
	adjust []func(*ast.State)
}
