package ast

import (
	"context"

	"airline/asl/jsonata"
)

// expression looks the variables of a JSONata expression up.
func (s *stateFlow) expression(source, field string) {
	for _, name := range s.free(source) {
		if _, ok := s.now.vars[name]; ok {
			s.note(field, name, true)
		} else {
			s.unset(name, field)
		}
	}
}

// free is the function free, each expression parsed once.
func (f *flow) free(source string) []string {
	names, ok := f.expressions[source]
	if !ok {
		names = free(source)
		f.expressions[source] = names
	}
	return names
}

// free are the workflow variables of an expression: those that it neither binds
// itself nor calls as functions of the language.
func free(source string) []string {
	x, err := jsonata.CompileStepFunctions(source)
	if err != nil {
		return nil
	}
	bound := map[string]bool{"": true, "$": true, "states": true}
	var used []string
	jsonata.Walk(x.Root(), func(n jsonata.Node) bool {
		base := n.Common()
		bound[base.Focus], bound[base.Index] = true, true
		for _, stage := range base.Stages {
			bound[stage.Index] = true
		}
		switch n := n.(type) {
		case *jsonata.Variable:
			used = append(used, n.Name)
		case *jsonata.Bind:
			bound[n.Name] = true
		case *jsonata.Lambda:
			for _, p := range n.Parameters {
				bound[p] = true
			}
		}
		return true
	})
	var names []string
	for _, name := range used {
		if !bound[name] && !function(name) {
			names = append(names, name)
		}
	}
	return names
}

// function tells whether the language has a function of that name.
func function(name string) bool {
	x, err := jsonata.CompileStepFunctions("$exists($" + name + ")")
	if err != nil {
		return false
	}
	found, err := x.Eval(context.Background(), nil, jsonata.Options{})
	return err == nil && found == true
}
