package ast

import (
	"math"
	"slices"
	"strings"

	"airline/asl/states"
)

// reservedErrors are the error names of the language.
var reservedErrors = []string{
	states.ALL, states.Timeout, states.TaskFailed, states.HeartbeatTimeout, states.Permissions, states.DataLimitExceeded, states.Runtime,
	states.BranchFailed, states.NoChoiceMatched, states.IntrinsicFailure, states.ParameterPathFailure, states.ResultPathMatchFailure,
	states.ExceedToleratedFailureThreshold, states.ItemReaderFailed, states.ResultWriterFailed, states.QueryEvaluationError,
}

// errorEquals checks the errors of a retrier or catcher, the last or not.
func (v *validator) errorEquals(errors []string, open, last bool, pos Position, at, what string) {
	if len(errors) == 0 && !open {
		v.error(pos, at+"/ErrorEquals", `name the errors, or ["States.ALL"]`, "the %s matches no error", what)
	}
	for i, name := range errors {
		if name == "" {
			v.error(pos, index(at+"/ErrorEquals", i), "name an error", "an error has an empty name")
		}
		v.reservedError(name, pos, index(at+"/ErrorEquals", i))
	}
	if !slices.Contains(errors, states.ALL) {
		return
	}
	if len(errors) > 1 {
		v.error(pos, at+"/ErrorEquals", "give States.ALL a "+what+" of its own", "States.ALL must stand alone")
	}
	if !last {
		v.error(pos, at+"/ErrorEquals", "move it to the end", "States.ALL must be in the last %s: those after it match nothing", what)
	}
}

// reservedError warns of a name that was meant to be one of the language's own errors.
func (v *validator) reservedError(name string, pos Position, at string) {
	prefix, bare, dotted := strings.Cut(name, ".")
	switch {
	case slices.Contains(reservedErrors, name) || HasPlaceholder(name):
	case strings.HasPrefix(name, "States.Http."):
		if part, _, _ := strings.Cut(bare[len("Http."):], "."); part != "StatusCode" && part != "Socket" {
			v.warn(pos, at, "write States.Http.StatusCode. and the status, or States.Http.Socket", "an HTTP task does not raise %q", name)
		}
	case prefix == "States" && dotted:
		v.warn(pos, at, suggest(name, reservedErrors), "the name %q begins with States., which is reserved, and is none that Step Functions raises", name)
	case dotted && Nearest(prefix, []string{"States"}) != "" && slices.Contains(reservedErrors, "States."+bare), name == "TaskFailed", name == "ALL":
		if !dotted {
			bare = name
		}
		v.warn(pos, at, "write States."+bare, "Step Functions does not raise %q", name)
	}
}

func (v *validator) retry(s *State, at string) {
	for i, r := range s.Retry {
		reported := len(v.problems)
		v.retrier(r, at, i == len(s.Retry)-1)
		v.problems.Under(reported, at, "/Retry", i)
	}
}

func (v *validator) retrier(r *Retrier, location string, last bool) {
	v.errorEquals(r.ErrorEquals, r.isOpen("ErrorEquals"), last, r.Pos, location, "retrier")
	v.number(r.IntervalSeconds, r.Pos, location, "/IntervalSeconds", JSONPath, 1, MaxSeconds, true)
	v.number(r.MaxAttempts, r.Pos, location, "/MaxAttempts", JSONPath, 0, MaxSeconds, true)
	v.number(r.BackoffRate, r.Pos, location, "/BackoffRate", JSONPath, 1, math.MaxFloat64, false)
	v.number(r.MaxDelaySeconds, r.Pos, location, "/MaxDelaySeconds", JSONPath, 1, MaxRetryDelay, true)
	switch r.JitterStrategy {
	case "", "FULL", "NONE":
	default:
		if !HasPlaceholder(r.JitterStrategy) {
			v.error(r.Pos, location+"/JitterStrategy", `use "FULL" or "NONE"`, "there is no jitter strategy %q", r.JitterStrategy)
		}
	}
	interval := or64(r.IntervalSeconds, 1)
	if most, ok := r.MaxDelaySeconds.Number(); ok && most <= interval {
		v.error(r.Pos, location+"/MaxDelaySeconds", "make it greater than IntervalSeconds", "MaxDelaySeconds %s is not above IntervalSeconds %s", plain(most), plain(interval))
	}
	if total := delays(r); v.limit > 0 && total > v.limit {
		v.warn(r.Pos, location, "retry less often, bound the delay with MaxDelaySeconds, or raise TimeoutSeconds",
			"the retries wait up to %s s, longer than the machine's TimeoutSeconds of %s", plain(math.Ceil(total)), plain(v.limit))
	}
}

func or64(f Field, missing float64) float64 {
	if n, ok := f.Number(); ok {
		return n
	}
	return missing
}

// delays are the seconds that a retrier waits altogether, without jitter.
func delays(r *Retrier) float64 {
	delay, total := or64(r.IntervalSeconds, 1), 0.0
	rate, most := or64(r.BackoffRate, 2), or64(r.MaxDelaySeconds, math.Inf(1))
	attempts := or64(r.MaxAttempts, 3)
	for n := 0.0; n < attempts && total < MaxSeconds; n++ {
		if delay >= most {
			return total + (attempts-n)*most
		}
		total += delay
		if rate == 1 {
			return attempts * delay
		}
		delay *= rate
	}
	return total
}

func (v *validator) catch(s *State, at string, lang QueryLanguage, g *graph) {
	for i, c := range s.Catch {
		reported := len(v.problems)
		v.catcher(c, at, i == len(s.Catch)-1, lang, g)
		v.problems.Under(reported, at, "/Catch", i)
	}
}

func (v *validator) catcher(c *Catcher, location string, last bool, lang QueryLanguage, g *graph) {
	v.errorEquals(c.ErrorEquals, c.isOpen("ErrorEquals"), last, c.Pos, location, "catcher")
	if c.Next == "" {
		v.error(c.Pos, location+"/Next", "name the state that handles the error", "the catcher leads nowhere")
	} else {
		v.target(c.Next, c.Pos, location, "/Next", g)
	}
	v.resultPath(c.ResultPath, c.Pos, location, "/ResultPath")
	v.atHand = "errorOutput"
	v.assign(c.Assign, c.Pos, location, "/Assign", lang)
	v.template(c.Output, c.Pos, location, "/Output", lang)
	v.atHand = ""
	if lang == JSONata && c.ResultPath.IsSet() {
		v.error(c.Pos, location+"/ResultPath", "use Output, or change the state's QueryLanguage", "ResultPath is a field of JSONPath, and the state is in JSONata")
	}
	if lang == JSONPath && c.Output.IsSet() {
		v.error(c.Pos, location+"/Output", "use ResultPath, or change the state's QueryLanguage", "Output is a field of JSONata, and the state is in JSONPath")
	}
}
