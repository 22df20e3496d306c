package main

import (
	"fmt"
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// variablesState sets the variables that a single state starts with.
const variablesState = "(variables)"

// single is a definition that runs one state of d, wherever in it: it starts with the variables, if there are any, and
// ends in the state that follows.
func single(d *ast.Definition, name string, variables *jsonvalue.Object) (*ast.Definition, error) {
	state, lang, known := findState(d, name, d.Language(ast.JSONPath))
	if state == nil {
		return nil, fmt.Errorf("--state %s: there is no such state; there are %s", name, strings.Join(known, ", "))
	}
	alone := &ast.Definition{QueryLanguage: lang, StartAt: name, States: []*ast.State{state}}
	for _, target := range state.Targets() {
		if target != name && !slices.ContainsFunc(alone.States, func(s *ast.State) bool { return s.Name == target }) {
			alone.States = append(alone.States, &ast.State{Name: target, Type: ast.TypeSucceed})
		}
	}
	if variables != nil && variables.Len() > 0 {
		if evaluated(variables) {
			return nil, fmt.Errorf("--variables: a name ends in .$, which would be evaluated; give values")
		}
		alone.StartAt = variablesState
		alone.States = append(alone.States, &ast.State{Name: variablesState, Type: ast.TypePass, QueryLanguage: ast.JSONPath, Assign: ast.NewField(variables), Next: name})
	}
	return alone, nil
}

// evaluated tells whether a literal has a member that a payload in JSONPath would evaluate.
func evaluated(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, evaluated)
	case *jsonvalue.Object:
		for name, member := range v.All() {
			if strings.HasSuffix(name, ".$") || evaluated(member) {
				return true
			}
		}
	}
	return false
}

// findState is the state of a name and the language of the scope that it is in, or the names that there are.
func findState(d *ast.Definition, name string, lang ast.QueryLanguage) (found *ast.State, scope ast.QueryLanguage, known []string) {
	lang = d.Language(lang)
	for _, s := range d.States {
		if s.Name == name {
			return s, lang, nil
		}
		known = append(known, s.Name)
		inner := s.Branches
		if p := s.Processor(); p != nil {
			inner = append(slices.Clip(inner), p)
		}
		for _, b := range inner {
			found, scope, names := findState(b, name, lang)
			if found != nil {
				return found, scope, nil
			}
			known = append(known, names...)
		}
	}
	return nil, "", known
}

// reportState adds to a report what the state alone did: where it leads, and the variables that it set.
func reportState(o *jsonvalue.Object, x *sim.Execution, name string) {
	for _, e := range x.History() {
		details := e.Details()
		if details == nil {
			continue
		}
		at, _ := details.Get("name")
		switch kind := e.Type.String(); {
		case strings.HasSuffix(kind, "StateExited") && at == name:
			if assigned, ok := details.Get("assignedVariables"); ok {
				o.Set("assignedVariables", assigned)
			}
		case strings.HasSuffix(kind, "StateEntered") && at != name && at != variablesState:
			o.Set("nextState", at)
		}
	}
}
