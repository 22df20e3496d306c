package sim

import (
	"context"
	"fmt"
	"strings"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// An expression is compiled JSONata, without its delimiters.
type expression struct {
	source  string
	expr    *jsonata.Expr
	context bool // it may look at $states.context
}

func compileExpression(source string) (*expression, error) {
	expr, err := jsonata.CompileStepFunctions(source)
	if err != nil {
		return nil, err
	}
	return &expression{source, expr, looksAtContext(source)}, nil
}

// looksAtContext reports whether an expression may need $states.context, which
// costs more to make than the rest of $states.
func looksAtContext(source string) bool {
	for _, after := range strings.Split(source, "$states")[1:] {
		after = strings.TrimLeft(after, " \t\r\n")
		if !strings.HasPrefix(after, ".input") && !strings.HasPrefix(after, ".result") && !strings.HasPrefix(after, ".errorOutput") {
			return true
		}
	}
	return false
}

// bindings gives an expression $states and the variables.
type bindings struct {
	thread *thread
	expr   *expression
}

func (b bindings) Lookup(name string) (any, bool) {
	th := b.thread
	if name != "states" {
		return th.scope.get(name)
	}
	states := jsonvalue.NewObject(4)
	states.Set("input", th.input)
	if th.hasResult {
		states.Set("result", th.result)
	}
	if th.visit != nil && th.visit.failure != nil {
		states.Set("errorOutput", th.visit.failure.output())
	}
	if b.expr.context {
		states.Set("context", th.context())
	}
	return states, true
}

// evaluate computes a JSONata expression in the field of that name.
func (th *thread) evaluate(e *expression, field string) (any, *fault) {
	x := th.exec
	value, err := e.expr.EvalField(context.Background(), field, jsonata.Options{
		Bindings: bindings{th, e},
		Now:      x.clock.Now,
		Random:   x.random().Float64,
		Limits:   x.options.Limits,
	})
	if err == nil {
		return value, nil
	}
	return nil, th.evaluationFault(err.Error(), field)
}

// evaluationFault is a failed JSONata field, or one with the wrong type of result.
func (th *thread) evaluationFault(what, location string) *fault {
	f := th.stateFault(states.QueryEvaluationError, what)
	f.evaluation, f.location = true, location
	return f
}

// typeFault says that a field has another type than it must.
func (th *thread) typeFault(t *template, want string, value any) *fault {
	source := jsonvalue.String(value)
	if t.expr != nil {
		source = t.expr.source
	}
	return th.evaluationFault(fmt.Sprintf(
		"The JSONata expression '%s' specified for the field '%s' returned an unexpected result type. Expected '%s', but was '%s' for value: %s",
		source, t.field, want, typeName(value), jsonvalue.String(value)), t.field)
}

func typeName(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case *jsonvalue.Object:
		return "object"
	}
	return "number"
}
