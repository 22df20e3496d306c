package gocode

import (
	"strings"

	"airline/asl/ast"
)

// generator writes one function.
type generator struct {
	*file
	*identifiers
	machine    ast.QueryLanguage // the default that asl.Machine gets
	labels     []*head           // that have a label
	statements []statement
}

// statement defines the variable of a chain.
type statement struct {
	head *head
	expr string
}

// head is a state that begins a chain and has a variable: the first one, and each
// that is the target of more than one transition or of one that is not the
// ordinary way.
type head struct {
	state string
	name  string // of the variable
	label string // of the label's variable, "" without: the state is part of a loop
	uses  int    // of the variable
	begun bool
	done  bool
}

// scope is the states of one definition: the machine, a branch or a processor.
type scope struct {
	*generator
	states map[string]*ast.State
	lang   ast.QueryLanguage
	heads  map[string]*head
}

// scope writes the statements that build a definition, and gives the expression
// for its first state. lang is the language of the definition around it.
func (g *generator) scope(d *ast.Definition, lang ast.QueryLanguage) string {
	s := &scope{generator: g, states: map[string]*ast.State{}, lang: d.Language(lang), heads: map[string]*head{}}
	for _, st := range d.States {
		s.states[st.Name] = st
	}
	s.findHeads(d)
	return s.target(d.StartAt)
}

// ordinary is the state that st leads to when nothing special happens.
func ordinary(st *ast.State) string {
	if st.Type == ast.TypeChoice {
		return st.Default
	}
	return st.Next
}

func (s *scope) findHeads(d *ast.Definition) {
	arrivals := map[string]int{d.StartAt: 2}
	for _, st := range d.States {
		arrivals[ordinary(st)]++
		for _, r := range st.Choices {
			arrivals[r.Next] += 2
		}
		for _, c := range st.Catch {
			arrivals[c.Next] += 2
		}
	}
	for _, st := range d.States {
		if arrivals[st.Name] > 1 {
			s.heads[st.Name] = &head{state: st.Name, name: s.of(st.Name)}
		}
	}
}

// target is the expression for a head; its chain is written first, unless it is
// in the making, when a label stands for it.
func (s *scope) target(name string) string {
	h := s.heads[name]
	switch {
	case !h.begun:
		s.chain(h)
	case !h.done:
		if h.label == "" {
			h.label = s.unused(h.name + "Label")
			s.labels = append(s.labels, h)
		}
		return h.label
	}
	h.uses++
	return h.name
}

// chain writes the statement for the states from a head on, along the ordinary
// way, up to the end or the next head.
func (s *scope) chain(h *head) {
	h.begun = true
	var states []*ast.State
	next := h.state
	for {
		states = append(states, s.states[next])
		next = ordinary(s.states[next])
		if next == "" || s.heads[next] != nil {
			break
		}
	}
	steps := make([]built, len(states))
	for i, st := range states {
		steps[i] = s.build(st)
	}
	to := ""
	if next != "" {
		to = s.target(next)
	}
	s.statements = append(s.statements, statement{h, sequence(steps, to)})
	h.done = true
}

// built is the expression that builds a state: a step without its way on, or, when
// wired is set, the finished state.
type built struct {
	expr    string
	choice  bool
	wired   bool
	changes []string // statements about the finished state s
}

func (b built) adjust() string {
	return "func(s *ast.State) {\n" + strings.Join(b.changes, "\n") + "\n}"
}

// step is the state as a step of a chain.
func (b built) step() string {
	if len(b.changes) > 0 {
		return "asl.Adjust(" + b.expr + ", " + b.adjust() + ")"
	}
	return b.expr
}

// finished is a state that needs no way on.
func (b built) finished() string {
	if len(b.changes) > 0 {
		return method(b.expr, "Adjust("+b.adjust()+")")
	}
	return b.expr
}

// sequence is the expression for states that follow each other; the last one
// leads to the target, or ends when that is "".
func sequence(steps []built, to string) string {
	last := len(steps) - 1
	if steps[last].choice && to == "" {
		steps[last].expr, steps[last].wired = method(steps[last].expr, "OrFail()"), true
	}
	if steps[last].wired {
		to = steps[last].finished()
		if steps = steps[:last]; last == 0 {
			return to
		}
	}
	expr, then := steps[0].expr, "Then"
	switch {
	case len(steps) > 1:
		parts := make([]string, len(steps))
		for i, b := range steps {
			parts[i] = b.step()
		}
		expr = "asl.Chain(\n" + strings.Join(parts, ",\n") + ",\n)"
	case len(steps[0].changes) > 0:
		expr = "asl.Chain(" + steps[0].step() + ")"
	case steps[0].choice:
		then = "Otherwise"
	}
	if to == "" {
		return method(expr, "End()")
	}
	return method(expr, then+"("+to+")")
}

// method is a call of a method, on a line of its own when what it is called on
// ends with one.
func method(expr, call string) string {
	line := expr[strings.LastIndexByte(expr, '\n')+1:]
	if line != expr && !strings.HasPrefix(line, ")") && !strings.HasPrefix(line, "}") || len(line)+len(call) > 140 {
		return expr + ".\n" + call
	}
	return expr + "." + call
}

// lines are the statements of the function.
func (g *generator) lines() []string {
	var lines []string
	for _, h := range g.labels {
		lines = append(lines, h.label+" := asl.NewLabel("+quote(h.state)+")")
	}
	for _, s := range g.statements {
		expr := s.expr
		if s.head.label != "" {
			expr = s.head.label + ".Bind(" + expr + ")"
		}
		if s.head.uses > 0 {
			expr = s.head.name + " := " + expr
		}
		if strings.Contains(expr, "\n") {
			expr += "\n"
		}
		lines = append(lines, expr)
	}
	return lines
}
