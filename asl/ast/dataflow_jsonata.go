package ast

import (
	"slices"

	"airline/asl/jsonata"
)

// expression looks the variables of a JSONata expression up.
func (s *stateFlow) expression(source, field string) {
	for _, u := range s.free(source) {
		if _, ok := s.now.vars[u.name]; ok {
			s.note(field, u.name, true)
		} else {
			s.unset(u.name, field)
		}
		if !s.quiet {
			n := &s.notes[len(s.notes)-1]
			n.called, n.guarded = u.called, u.guarded
		}
	}
}

// use is a variable in an expression.
type use struct {
	name    string
	called  bool // as a function
	guarded bool // the expression has a value also where the variable has none
}

// free is the function free, each expression parsed once.
func (f *flow) free(source string) []use {
	uses, ok := f.expressions[source]
	if !ok {
		uses = free(source)
		f.expressions[source] = uses
	}
	return uses
}

// free are the workflow variables of an expression: those that it neither binds
// itself nor calls as functions of the language.
func free(source string) []use {
	x, err := jsonata.CompileStepFunctions(source)
	if err != nil {
		return nil
	}
	bound := map[string]bool{"": true, "$": true, "states": true}
	var used []use
	called := map[*jsonata.Variable]bool{}
	jsonata.Walk(x.Root(), func(n jsonata.Node) bool {
		base := n.Common()
		bound[base.Focus], bound[base.Index] = true, true
		for _, stage := range base.Stages {
			bound[stage.Index] = true
		}
		switch n := n.(type) {
		case *jsonata.Variable:
			used = append(used, use{name: n.Name, called: called[n]})
		case *jsonata.Bind:
			bound[n.Name] = true
		case *jsonata.Call:
			if v, ok := n.Function.(*jsonata.Variable); ok {
				called[v] = true
			}
		case *jsonata.Lambda:
			for _, p := range n.Parameters {
				bound[p] = true
			}
		}
		return true
	})
	needed := map[string]bool{}
	needs(x.Root(), needed)
	var uses []use
	for _, u := range used {
		if !bound[u.name] && !slices.Contains(jsonata.FunctionNames(), u.name) {
			u.guarded = !u.called && !needed[u.name]
			uses = append(uses, u)
		}
	}
	return uses
}

// tolerant are the functions that have a value also where an argument has none.
var tolerant = []string{"exists", "count", "not", "merge", "append", "zip"}

// needs adds the variables without which the expression has no value. JSONata
// drops what has no value from arrays, objects, concatenations and conditions.
func needs(n jsonata.Node, names map[string]bool) {
	switch n := n.(type) {
	case *jsonata.Variable:
		names[n.Name] = true
	case *jsonata.Path:
		needs(n.Steps[0], names)
	case *jsonata.Negate:
		needs(n.Operand, names)
	case *jsonata.Binary:
		switch n.Op {
		case "+", "-", "*", "/", "%", "<", "<=", ">", ">=":
			needs(n.Left, names)
			needs(n.Right, names)
		}
	case *jsonata.Condition:
		needs(n.Then, names)
		if n.Else != nil {
			needs(n.Else, names)
		}
	case *jsonata.Block:
		if last := len(n.Expressions); last > 0 {
			needs(n.Expressions[last-1], names)
		}
	case *jsonata.Bind:
		needs(n.Value, names)
	case *jsonata.Apply:
		needs(n.Left, names)
	case *jsonata.Call:
		if v, ok := n.Function.(*jsonata.Variable); ok && slices.Contains(tolerant, v.Name) {
			return
		}
		needs(n.Function, names)
		if len(n.Arguments) > 0 && n.Arguments[0] != nil {
			needs(n.Arguments[0], names)
		}
	}
}
