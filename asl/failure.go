package asl

import (
	"math"
	"slices"
	"time"

	"airline/asl/ast"
	"airline/asl/internal/flaw"
)

// Err is the name of an error that the operation Op can raise. Each service
// package has those of its operations; an error of one operation cannot be
// caught on another. The errors of the language itself and those that a
// function of your own raises are untyped constants, which fit every task:
//
//	charge.Catch("CardDeclined", refund)
type Err[Op any] string

func texts[E ~string](errors []E) []string {
	out := make([]string, len(errors))
	for i, e := range errors {
		out[i] = string(e)
	}
	return out
}

// Retrier is how often and when to try again. The zero value is the language's
// default: 3 retries after 1, 2 and 4 seconds.
type Retrier struct {
	// Interval before the first retry; whole seconds, at least one.
	Interval time.Duration
	// MaxAttempts is the number of retries: 0 is the language's default, 3; Never
	// is none, which keeps a later retrier from trying again.
	MaxAttempts int
	// BackoffRate multiplies the interval after each retry; at least 1.
	BackoffRate float64
	// MaxDelay bounds the interval; greater than Interval, at most 366 days.
	MaxDelay time.Duration
	// Jitter draws each delay evenly from zero to its full length, so that many
	// executions do not come back at the same moment.
	Jitter  bool
	Comment string
}

// Never is the MaxAttempts of a Retrier that does not try again.
const Never = -1

// retry is a retrier with its errors and the place of the call that added it.
type retry struct {
	retrier Retrier
	errors  []string
	pos     ast.Position
}

func (k retry) spell() *ast.Retrier {
	b := k.retrier
	r := &ast.Retrier{Comment: b.Comment, ErrorEquals: slices.Clone(k.errors)}
	r.Pos = k.pos
	if b.Interval != 0 {
		r.IntervalSeconds = seconds(b.Interval)
	}
	switch {
	case b.MaxAttempts == Never:
		r.MaxAttempts = ast.NewField(0)
	case b.MaxAttempts != 0:
		r.MaxAttempts = ast.NewField(b.MaxAttempts)
	}
	if b.BackoffRate != 0 {
		r.BackoffRate = ast.NewField(b.BackoffRate)
	}
	if b.MaxDelay != 0 {
		r.MaxDelaySeconds = seconds(b.MaxDelay)
	}
	if b.Jitter {
		r.JitterStrategy = "FULL"
	}
	return r
}

// seconds is a duration in whole seconds, rounded up.
func seconds(d time.Duration) ast.Field { return ast.NewField(math.Ceil(d.Seconds())) }

// Catcher is a target for errors that also says what is kept of the error. By
// default the error, {"Error", "Cause"}, replaces the state's input.
type Catcher struct {
	Next Route
	// KeepInput hands the state's input on instead of the error.
	KeepInput bool
	// ResultPath puts the error into the state's input (JSONPath).
	ResultPath Reference
	// Assign sets variables; Caught and Context are at hand.
	Assign []Assignment
	// Output is what the target gets as input (JSONata).
	Output  any
	Comment string
}

func (c Catcher) catcher() Catcher { return c }

// names reports the errors that the operation cannot raise.
func (r renderer) names(errors []string) {
	for _, name := range errors {
		if what, ok := flaw.InName(name); ok {
			r.fail("", "%s", what)
		}
	}
}

// catch is a catcher with its errors and the place of the call that added it.
type catch struct {
	errors  []string
	catcher Catcher
	pos     ast.Position
}

// spell is the catcher; its Next is the machine's to fill.
func (c catch) spell(r renderer) *ast.Catcher {
	h := c.catcher
	k := &ast.Catcher{Comment: h.Comment, ErrorEquals: slices.Clone(c.errors)}
	k.Pos = c.pos
	r.pos = c.pos
	switch {
	case h.ResultPath != nil:
		k.ResultPath = ast.NewField(h.ResultPath.reference().jsonPath())
		if h.KeepInput {
			r.fail("remove one of them", "the catcher has both KeepInput and ResultPath")
		}
	case h.KeepInput && r.lang == ast.JSONata:
		k.Output = ast.NewField("{% $states.input %}")
	case h.KeepInput:
		k.ResultPath = ast.NewField(nil)
	}
	k.Assign = assigned(r.at("/Assign", placeError), h.Assign)
	if h.Output != nil {
		out := r.at("/Output", placeError)
		text, _ := out.value(h.Output)
		k.Output = ast.NewField(text)
	}
	return k
}

// ErrorHandler is retriers and catchers as one value, which Handle adds to any
// number of tasks, Maps and Parallels:
//
//	handler := asl.OnError().Retry(asl.Retrier{MaxAttempts: 5}, states.TaskFailed).CatchAll(tell)
//	crawl.Handle(handler)
//	load.Handle(handler)
//
// Its errors are texts, as those of one operation fit no other.
type ErrorHandler struct {
	failing[ErrorHandler, ErrorHandler]
}

// OnError is an ErrorHandler without retriers and catchers yet.
func OnError() ErrorHandler { return errorHandlerOf(&core{}) }

func errorHandlerOf(c *core) ErrorHandler {
	return ErrorHandler{failing[ErrorHandler, ErrorHandler]{part[ErrorHandler]{c, errorHandlerOf}, errorHandlerOf}}
}
