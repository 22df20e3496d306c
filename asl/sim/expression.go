package sim

import (
	"context"
	"errors"
	"fmt"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

// An expression is compiled JSONata, without its delimiters.
type expression struct {
	source string
	expr   *jsonata.Expr
}

func compileExpression(source string) (*expression, error) {
	expr, err := jsonata.CompileStepFunctions(source)
	if err != nil {
		return nil, err
	}
	return &expression{source, expr}, nil
}

// bindings gives an expression $states and the variables.
type bindings struct{ thread *thread }

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
	if th.failure != nil {
		states.Set("errorOutput", th.failure.output())
	}
	states.Set("context", th.context())
	return states, true
}

// evaluate computes a JSONata expression in the field of that name.
func (th *thread) evaluate(e *expression, field string) (any, *fault) {
	x := th.exec
	value, err := e.expr.EvalField(context.Background(), field, jsonata.Options{
		Bindings: bindings{th},
		Now:      x.clock.Now,
		Random:   x.random().Float64,
		Limits:   x.options.Limits,
	})
	if err == nil {
		return value, nil
	}
	what := err.Error()
	if own := (*jsonata.FieldError)(nil); errors.As(err, &own) {
		what = own.Error()
	}
	return nil, th.evaluationFault(what, field)
}

// evaluationFault is a failed JSONata field, or one with the wrong type of result.
func (th *thread) evaluationFault(what, location string) *fault {
	f := th.stateFault(ErrQueryEvaluation, what)
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
