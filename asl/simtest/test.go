// Package simtest tests state machines on the virtual clock of package sim: Test
// runs one with typed mocks (On) for its tasks, a Run asserts on its route, on
// what it sent, on virtual time and output, and a PolicyProof compares the
// machine's IAM policy with the calls that tests have made.
//
//	run := simtest.Test{Definition: d, Input: upload, Mocks: []simtest.Mocked{
//		simtest.On(runJob).Return(glue.JobRun{JobRunState: glue.JobSucceeded}).Takes(40 * time.Minute),
//	}}.Run(t)
//	run.Succeeded().Route("Identify", "RunJob", "Done").Took(40 * time.Minute)
package simtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// TB is what of testing.TB a Test needs.
type TB interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// A Test runs a machine once, with mocks for its tasks:
//
//	run := simtest.Test{Definition: d, Input: upload, Mocks: []simtest.Mocked{
//		simtest.On(runJob).Return(glue.JobRun{JobRunState: glue.JobSucceeded}).Takes(40 * time.Minute),
//	}}.Run(t)
//	run.Succeeded()
//	run.Route("Identify", "RunJob", "Done")
//	run.Took(40 * time.Minute)
type Test struct {
	Definition *ast.Definition
	Input      any // any Go value that JSON takes
	Mocks      []Mocked
	Start      time.Time     // by default 2026-01-01T00:00:00Z
	Options    sim.Options   // Tasks, History and Coverage are set by Run
	Coverage   *sim.Coverage // gathers what was visited, over many tests
}

// A Run is a test's execution with the calls it made. Its assertions report
// through the TB that it was run with, and print the route.
type Run struct {
	Execution *sim.Execution
	Calls     []Call
	tb        TB
}

// Run executes the machine until nothing is left to happen. A task without a mock
// is reported as an error.
func (t Test) Run(tb TB) *Run {
	tb.Helper()
	machine, err := sim.Compile(t.Definition)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	if t.Start.IsZero() {
		t.Start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	s := newStage(t.Mocks)
	t.Options.Tasks, t.Options.History, t.Options.Coverage = s, true, t.Coverage
	clock := sim.NewClock(t.Start)
	x := machine.Start(clock, jsonvalue.From(t.Input), t.Options)
	clock.Run(context.Background())
	r := &Run{Execution: x, Calls: s.calls, tb: tb}
	for _, what := range s.unmocked {
		r.errorf("%s", what)
	}
	return r
}

func (r *Run) errorf(format string, args ...any) {
	r.tb.Helper()
	r.tb.Errorf("%s\n%s", fmt.Sprintf(format, args...), r.Text())
}

// States is the route: the names of the states in the order in which they were
// entered, those of branches and iterations among them. The items of a distributed Map
// are executions of their own: CallsOf has what they called.
func (r *Run) States() []string {
	var names []string
	for _, e := range r.Execution.History() {
		if strings.HasSuffix(e.Type.String(), "StateEntered") {
			names = append(names, e.State)
		}
	}
	return names
}

// Text describes the run: the route with times and what went wrong, one line a
// state.
func (r *Run) Text() string {
	var b strings.Builder
	x := r.Execution
	fmt.Fprintf(&b, "route (%s after %v, %d transitions):\n", x.Status(), x.Elapsed(), x.Transitions())
	for _, e := range x.History() {
		at := e.Time.Sub(x.StartTime())
		details := e.Details()
		failure, failed := details.Get("error")
		cause, explained := details.Get("cause")
		switch name := e.Type.String(); {
		case strings.HasSuffix(name, "StateEntered"):
			fmt.Fprintf(&b, "  %10v  %s\n", at, e.State)
		case failed || explained:
			indent := ""
			if e.State != "" {
				indent = "  "
			}
			fmt.Fprintf(&b, "  %10v  %s%s: %s\n", at, indent, name, sentence(failure, cause))
		}
	}
	return b.String()
}

// sentence is an error's name with its cause, of which either may be absent.
func sentence(failure, cause any) string {
	name, _ := failure.(string)
	if text, _ := cause.(string); text != "" {
		return name + ": " + text
	}
	return name
}

// Succeeded asserts that the execution has succeeded.
func (r *Run) Succeeded() *Run {
	r.tb.Helper()
	if r.Execution.Status() != sim.Succeeded {
		r.errorf("status: got %s, want %s", r.Execution.Status(), sim.Succeeded)
	}
	return r
}

// Failed asserts that the execution has ended with an error of that name.
func (r *Run) Failed(err string) *Run {
	r.tb.Helper()
	if x := r.Execution; x.Status() == sim.Succeeded || x.Error() != err {
		r.errorf("status and error: got %s %q, want a failure with %q", x.Status(), x.Error(), err)
	}
	return r
}

// Route asserts the names of the states entered, in order and complete.
func (r *Run) Route(states ...string) *Run {
	r.tb.Helper()
	if got := r.States(); !slices.Equal(got, states) {
		r.errorf("route: got %s\nwant %s", strings.Join(got, " > "), strings.Join(states, " > "))
	}
	return r
}

// Visited asserts how often a state was entered.
func (r *Run) Visited(state string, times int) *Run {
	r.tb.Helper()
	got := 0
	for _, name := range r.States() {
		if name == state {
			got++
		}
	}
	if got != times {
		r.errorf("state %q: entered %d times, want %d", state, got, times)
	}
	return r
}

// Took asserts the virtual time from start to end.
func (r *Run) Took(d time.Duration) *Run {
	r.tb.Helper()
	if got := r.Execution.Elapsed(); got != d {
		r.errorf("elapsed: got %v, want %v", got, d)
	}
	return r
}

// TookBetween asserts bounds of the virtual time from start to end, for machines
// with jitter.
func (r *Run) TookBetween(least, most time.Duration) *Run {
	r.tb.Helper()
	if got := r.Execution.Elapsed(); got < least || got > most {
		r.errorf("elapsed: got %v, want %v to %v", got, least, most)
	}
	return r
}

// Transitions asserts the number of state transitions.
func (r *Run) Transitions(n int) *Run {
	r.tb.Helper()
	if got := r.Execution.Transitions(); got != n {
		r.errorf("transitions: got %d, want %d", got, n)
	}
	return r
}

// Sent asserts the parameters of a state's n-th call (from 0, retries counted),
// compared as JSON.
func (r *Run) Sent(state string, n int, want any) *Run {
	r.tb.Helper()
	calls := r.CallsOf(state)
	if n >= len(calls) {
		r.errorf("state %q: %d calls, want at least %d", state, len(calls), n+1)
		return r
	}
	if w := jsonvalue.From(want); !jsonvalue.Equal(calls[n].Parameters, w) {
		r.errorf("state %q, call %d: sent %s\nwant %s", state, n, jsonvalue.String(calls[n].Parameters), jsonvalue.String(w))
	}
	return r
}

// Output asserts the execution's output, compared as JSON.
func (r *Run) Output(want any) *Run {
	r.tb.Helper()
	if w := jsonvalue.From(want); !jsonvalue.Equal(r.Execution.Output(), w) {
		r.errorf("output: got %s\nwant %s", jsonvalue.String(r.Execution.Output()), jsonvalue.String(w))
	}
	return r
}

// CallsOf lists the calls of one state.
func (r *Run) CallsOf(state string) []Call {
	var calls []Call
	for _, c := range r.Calls {
		if c.State == state {
			calls = append(calls, c)
		}
	}
	return calls
}
