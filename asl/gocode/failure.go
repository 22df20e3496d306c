package gocode

import (
	"reflect"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/states"
)

// failures writes Retry and Catch; it comes last, as CatchAll ends the chain of
// methods.
func (w *stateWriter) failures() {
	for i, r := range w.st.Retry {
		w.retry("s.Retry["+strconv.Itoa(i)+"]", r)
	}
	for i, c := range w.st.Catch {
		w.catch("s.Catch["+strconv.Itoa(i)+"]", c, i == len(w.st.Catch)-1)
	}
}

func (w *stateWriter) retry(at string, r *ast.Retrier) {
	var spec []string
	set := func(field string, f ast.Field) { w.change(at + "." + field + " = " + w.model(reflect.ValueOf(f))) }
	span := func(name, field string, f ast.Field) {
		if text, ok := w.duration(f); ok && text != "0" {
			spec = append(spec, name+": "+text)
		} else if f.IsSet() {
			set(field, f)
		}
	}
	number := func(name, field string, f ast.Field, whole bool) {
		n, ok := f.Number()
		if name == "MaxAttempts" && ok && n == 0 {
			spec = append(spec, "MaxAttempts: asl.Never")
		} else if _, isInt := f.Int(); ok && n != 0 && (isInt || !whole) {
			spec = append(spec, name+": "+w.number(f.Value()))
		} else if f.IsSet() {
			set(field, f)
		}
	}
	span("Interval", "IntervalSeconds", r.IntervalSeconds)
	number("MaxAttempts", "MaxAttempts", r.MaxAttempts, true)
	number("BackoffRate", "BackoffRate", r.BackoffRate, false)
	span("MaxDelay", "MaxDelaySeconds", r.MaxDelaySeconds)
	switch r.JitterStrategy {
	case "":
	case "FULL":
		spec = append(spec, "Jitter: true")
	default:
		w.change(at + ".JitterStrategy = " + quote(r.JitterStrategy))
	}
	if r.Comment != "" {
		spec = append(spec, "Comment: "+quote(r.Comment))
	}
	retrier := composite("asl.Retrier", spec)
	if len(r.ErrorEquals) == 1 && r.ErrorEquals[0] == "States.ALL" {
		w.call("RetryAll", retrier)
	} else {
		args := []string{retrier}
		for _, e := range r.ErrorEquals {
			args = append(args, w.errorName(e))
		}
		w.call("Retry", args...)
	}
	if names := ast.Explicit(r); len(names) > 0 {
		w.change(spellCall(at, names))
	}
}

func (w *stateWriter) catch(at string, c *ast.Catcher, last bool) {
	to := w.handler(at, c)
	switch {
	case len(c.ErrorEquals) == 1 && c.ErrorEquals[0] == "States.ALL" && last:
		w.call("CatchAll", to)
	case len(c.ErrorEquals) == 1:
		w.call("Catch", w.errorName(c.ErrorEquals[0]), to)
	default:
		w.call("Catch", `""`, to)
		w.change(at + ".ErrorEquals = " + w.model(reflect.ValueOf(c.ErrorEquals)))
	}
	if names := ast.Explicit(c); len(names) > 0 {
		w.change(spellCall(at, names))
	}
}

// handler is the target of a catcher.
func (w *stateWriter) handler(at string, c *ast.Catcher) string {
	spec := []string{"Next: " + w.target(c.Next)}
	set := func(field string, f ast.Field) { w.change(at + "." + field + " = " + w.model(reflect.ValueOf(f))) }
	if text, ok := c.ResultPath.Text(); ok && w.lang == ast.JSONPath {
		spec = append(spec, "ResultPath: "+w.path(text, "any"))
	} else if c.ResultPath.IsNull() && w.lang == ast.JSONPath {
		spec = append(spec, "KeepInput: true")
	} else if c.ResultPath.IsSet() {
		set("ResultPath", c.ResultPath)
	}
	if list, ok := w.assignments(c.Assign, w.lang); ok && len(list) > 0 {
		spec = append(spec, "Assign: "+composite("[]asl.Assignment", list))
	} else if c.Assign.IsSet() {
		set("Assign", c.Assign)
	}
	switch text, _ := c.Output.Text(); {
	case !c.Output.IsSet():
	case w.lang == ast.JSONata && text == "{% $states.input %}":
		spec = append(spec, "KeepInput: true")
	case w.lang == ast.JSONata && !c.Output.IsNull():
		spec = append(spec, "Output: "+w.document(c.Output.Value(), w.lang))
	default:
		set("Output", c.Output)
	}
	if c.Comment != "" {
		spec = append(spec, "Comment: "+quote(c.Comment))
	}
	if len(spec) == 1 {
		return strings.TrimPrefix(spec[0], "Next: ")
	}
	return composite("asl.Catcher", spec)
}

// languageErrors are the errors of the language that package states has constants for.
var languageErrors = map[string]bool{
	states.Timeout:                         true,
	states.TaskFailed:                      true,
	states.HeartbeatTimeout:                true,
	states.Permissions:                     true,
	states.DataLimitExceeded:               true,
	states.Runtime:                         true,
	states.BranchFailed:                    true,
	states.NoChoiceMatched:                 true,
	states.IntrinsicFailure:                true,
	states.ParameterPathFailure:            true,
	states.ResultPathMatchFailure:          true,
	states.ExceedToleratedFailureThreshold: true,
	states.ItemReaderFailed:                true,
	states.ResultWriterFailed:              true,
	states.QueryEvaluationError:            true,
}

// errorName is an error's name as a Go expression.
func (w *stateWriter) errorName(name string) string {
	if constant := operationErrors[operationError{w.operation, name}]; constant != "" {
		return constant
	}
	if languageErrors[name] {
		return "states." + strings.TrimPrefix(name, "States.")
	}
	return quote(name)
}
