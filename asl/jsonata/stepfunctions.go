package jsonata

import (
	"context"
	"errors"
	"math"

	"airline/asl/jsonvalue"
)

// CompileStepFunctions parses an expression as Step Functions does: src is what stands between {% and %}. Step
// Functions speaks JSONata 2.0.6, so ?: and ?? are refused, by name; so are $eval, and whatever reads the context
// where there is none: $, $$, field names, *, ** and % at the top level. The expression starts from $states or
// from a variable, given as [Options.Bindings]; its functions are those of the language and $partition, $range,
// $hash, $random with a seed, $uuid and $parse.
//
// Evaluate it with [Expr.EvalField], which refuses the results that AWS refuses.
func CompileStepFunctions(src string) (*Expr, error) {
	root, err := compile(src)
	if err == nil {
		err = checkStepFunctions(root)
	}
	if err != nil {
		return nil, err.fill()
	}
	return &Expr{src: src, root: root, stepFunctions: true, binds: binds(root)}, nil
}

// Diagnostic returns the code under which Step Functions reports an error of [CompileStepFunctions] when a state
// machine is created, and the text.
func Diagnostic(err error) (code, message string) {
	var e *Error
	if !errors.As(err, &e) {
		return "INVALID_JSONATA_EXPRESSION", err.Error()
	}
	if e.Code == "V0003" {
		return "UNSUPPORTED_JSONATA_EXPRESSION", e.Message
	}
	return "INVALID_JSONATA_EXPRESSION", e.Message
}

// checkStepFunctions refuses what Step Functions does not have.
func checkStepFunctions(root Node) *Error {
	var found *Error
	Walk(root, func(n Node) bool {
		switch n := n.(type) {
		case *Condition:
			if n.Op != "?" {
				found = &Error{Code: "V0001", Offset: n.Offset, Token: n.Op}
			}
		case *Call:
			if v, ok := n.Function.(*Variable); ok && v.Name == "eval" {
				found = &Error{Code: "V0002", Offset: v.Offset, Token: "eval"}
			}
		}
		return found == nil
	})
	if found == nil {
		found = topLevel(root)
	}
	return found
}

// topLevel finds what reads the context in n, where n has none. Steps of a path after the first, predicates,
// groupings and transforms have one.
func topLevel(n Node) *Error {
	refuse := func(what string) *Error {
		return &Error{Code: "V0003", Offset: n.Common().Offset, Token: what}
	}
	switch n := n.(type) {
	case *Path:
		return topLevel(n.Steps[0])
	case *Name:
		return refuse(n.Value)
	case *Wildcard:
		return refuse("*")
	case *Descendant:
		return refuse("**")
	case *Parent:
		return refuse("%")
	case *Variable:
		if n.Name == "" || n.Name == "$" {
			return refuse("$" + n.Name)
		}
		return nil
	case *Transform:
		return nil
	}
	var below []Node
	below = n.Children(below)
	attached := n.Common().attached(nil)
	for _, child := range below[:len(below)-len(attached)] {
		if err := topLevel(child); err != nil {
			return err
		}
	}
	return nil
}

// FieldError is why a field of a state has no value. Its text is the one that AWS gives as the cause of
// States.QueryEvaluationError, without the introduction that names the state.
type FieldError struct {
	Expression string // as written, without {% %}
	Field      string // such as Output, Arguments/FunctionName, Choices[1]/Condition
	Problem    string // what follows "specified for the field '...' " in the text
	Err        error  // the error of the evaluation, if there was one
}

func (e *FieldError) Error() string {
	return "The JSONata expression '" + e.Expression + "' specified for the field '" + e.Field + "' " + e.Problem
}

// Unwrap returns the error of the evaluation.
func (e *FieldError) Unwrap() error { return e.Err }

// EvalField evaluates an expression of a field of a state. No value and a function are refused, as AWS refuses
// them; infinities become strings. The error is a [*FieldError].
func (x *Expr) EvalField(ctx context.Context, field string, o Options) (any, error) {
	v, err := x.evaluate(ctx, Undefined, o)
	if err != nil {
		return nil, x.problem(field, "threw an error during evaluation"+reason(err), err)
	}
	if IsUndefined(v) {
		return nil, x.problem(field, "returned nothing (undefined).", nil)
	}
	if hasFunction(v) {
		return nil, x.problem(field, "returned an unsupported result type.", nil)
	}
	return v, nil
}

func (x *Expr) problem(field, problem string, err error) *FieldError {
	return &FieldError{Expression: x.src, Field: field, Problem: problem, Err: err}
}

// Unexpected returns the error for a value of another type than the field takes; want is array, boolean, number,
// object or string.
func (x *Expr) Unexpected(field, want string, v any) error {
	got := "object"
	switch typeOf(v) {
	case typeArray:
		got = "array"
	case typeBoolean:
		got = "boolean"
	case typeNull:
		got = "null"
	case typeNumber:
		got = "number"
	case typeString:
		got = "string"
	}
	return x.problem(field, "returned an unexpected result type. Expected '"+want+"', but was '"+got+"' for value: "+jsonvalue.String(v), nil)
}

// reason is how AWS goes on after "threw an error during evaluation".
func reason(err error) string {
	var e *Error
	if !errors.As(err, &e) {
		return ": " + err.Error()
	}
	switch e.Code {
	case "D1011":
		return ": Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as tail-recursive."
	case "D1012":
		return ": Expression evaluation timeout: Check for infinite loop"
	case "D2015":
		return ": Expression evaluation memory limit exceeded: Check for excessive memory usage"
	}
	return ". " + e.Code + ": " + e.Message
}

// hasFunction looks at the value itself: inside of values, functions count as empty strings.
func hasFunction(v any) bool {
	_, ok := v.(*Function)
	return ok
}

// Limits of Step Functions that others measured against AWS (github.com/floci-io/floci, issue 2737, August 2026):
// the numbers that one range may make and the bytes of a text, beyond which the memory limit fails the state (texts
// of 2^22 characters pass and of 2^23 do not; this is 8 bytes for each number of the longest range), and how deep
// evaluations may nest, beyond which it is the stack.
const (
	stepFunctionsDepth    = 100
	maxStepFunctionsText  = 8 * maxStepFunctionsSpan
	maxStepFunctionsSpan  = 873_782
	maxStepFunctionsRange = 360_145
)

// withoutInfinity replaces the numbers that JSON lacks by what AWS puts in their place.
func withoutInfinity(v any) any {
	switch v := v.(type) {
	case float64:
		switch {
		case math.IsInf(v, 1):
			return "Infinity"
		case math.IsInf(v, -1):
			return "-Infinity"
		case math.IsNaN(v):
			return "NaN"
		}
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = withoutInfinity(e)
		}
		return out
	case *jsonvalue.Object:
		out := jsonvalue.NewObject(v.Len())
		for k, e := range v.All() {
			out.Set(k, withoutInfinity(e))
		}
		return out
	case *Function:
		return v
	}
	return v
}
