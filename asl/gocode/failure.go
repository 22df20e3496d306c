package gocode

import (
	"reflect"
	"strconv"
	"strings"

	"airline/asl"
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

func (w *stateWriter) retry(at string, r *asl.Retrier) {
	var spec []string
	set := func(field string, f asl.Field) { w.change(at + "." + field + " = " + w.model(reflect.ValueOf(f))) }
	span := func(name, field string, f asl.Field) {
		if text, ok := w.duration(f); ok && text != "0" {
			spec = append(spec, name+": "+text)
		} else if f.IsSet() {
			set(field, f)
		}
	}
	number := func(name, field string, f asl.Field, whole bool) {
		n, ok := f.Number()
		if _, isInt := f.Int(); ok && n != 0 && (isInt || !whole) {
			spec = append(spec, name+": "+w.number(f.Value()))
		} else if f.IsSet() {
			set(field, f)
		}
	}
	span("Interval", "IntervalSeconds", r.IntervalSeconds)
	number("MaxAttempts", "MaxAttempts", r.MaxAttempts, true)
	number("Rate", "BackoffRate", r.BackoffRate, false)
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
	backoff := composite("asl.Backoff", spec)
	if len(r.ErrorEquals) == 1 && r.ErrorEquals[0] == "States.ALL" && !(w.lang == asl.JSONata && w.st.Type != asl.TypeTask) {
		w.call("RetryAll", backoff)
	} else {
		args := []string{backoff}
		for _, e := range r.ErrorEquals {
			args = append(args, w.errorName(e))
		}
		w.call("Retry", args...)
	}
	if names := asl.Explicit(r); len(names) > 0 {
		w.change(spellCall(at, names))
	}
}

func (w *stateWriter) catch(at string, c *asl.Catcher, last bool) {
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
	if names := asl.Explicit(c); len(names) > 0 {
		w.change(spellCall(at, names))
	}
}

// handler is the target of a catcher.
func (w *stateWriter) handler(at string, c *asl.Catcher) string {
	spec := []string{"To: " + w.target(c.Next)}
	set := func(field string, f asl.Field) { w.change(at + "." + field + " = " + w.model(reflect.ValueOf(f))) }
	if text, ok := c.ResultPath.Text(); ok && w.lang == asl.JSONPath {
		spec = append(spec, "ResultPath: "+w.path(text, "any"))
	} else if c.ResultPath.IsNull() && w.lang == asl.JSONPath {
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
	case w.lang == asl.JSONata && text == "{% $states.input %}":
		spec = append(spec, "KeepInput: true")
	case w.lang == asl.JSONata && !c.Output.IsNull():
		spec = append(spec, "Output: "+w.document(c.Output.Value(), w.lang))
	default:
		set("Output", c.Output)
	}
	if c.Comment != "" {
		spec = append(spec, "Comment: "+quote(c.Comment))
	}
	if len(spec) == 1 {
		return strings.TrimPrefix(spec[0], "To: ")
	}
	return composite("asl.Handler", spec)
}

// languageErrors are the errors of the language that package asl has constants for.
var languageErrors = map[string]bool{
	asl.StatesTimeout:                         true,
	asl.StatesTaskFailed:                      true,
	asl.StatesHeartbeatTimeout:                true,
	asl.StatesPermissions:                     true,
	asl.StatesDataLimitExceeded:               true,
	asl.StatesRuntime:                         true,
	asl.StatesBranchFailed:                    true,
	asl.StatesNoChoiceMatched:                 true,
	asl.StatesIntrinsicFailure:                true,
	asl.StatesParameterPathFailure:            true,
	asl.StatesResultPathMatchFailure:          true,
	asl.StatesExceedToleratedFailureThreshold: true,
	asl.StatesItemReaderFailed:                true,
	asl.StatesResultWriterFailed:              true,
	asl.StatesQueryEvaluationError:            true,
}

// errorName is an error's name as a Go expression.
func (w *stateWriter) errorName(name string) string {
	if constant := operationErrors[operationError{w.operation, name}]; constant != "" {
		return constant
	}
	if languageErrors[name] {
		return "asl.States" + strings.TrimPrefix(name, "States.")
	}
	return quote(name)
}
