package simtest

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// Mocked is what Test.Mocks holds: made by On and OnState.
type Mocked interface{ mocked() *script }

// A Mock says what the tasks of one state answer. What it answers has the type
// of the operation's output, and its errors are the operation's own:
//
//	simtest.On(getCrawler).Script(running, running, ready).Takes(2 * time.Second)
//	simtest.On(runJob).Visit(0).Attempt(0).Fail(glue.ConcurrentRuns, "busy")
//	simtest.On(runJob).Return(glue.JobRun{JobRunState: glue.JobSucceeded}).Takes(40 * time.Minute)
//
// Of several answers that fit a call, the most particular is taken, and of
// equally particular ones the latest.
type Mock[Op, Out any] struct {
	script         *script
	visit, attempt int // -1: any
	latest         int // index of the first rule that the last answer made
}

// On makes a mock for a task of the machine.
func On[Op, Out any](task asl.Runs[Op, Out]) *Mock[Op, Out] {
	return &Mock[Op, Out]{script: &script{state: task.StateName()}, visit: -1, attempt: -1}
}

// OnState makes a mock for a state of that name, for definitions that were not
// built from typed tasks.
func OnState(name string) *Mock[any, any] {
	return &Mock[any, any]{script: &script{state: name}, visit: -1, attempt: -1}
}

func (m *Mock[Op, Out]) mocked() *script { return m.script }

// Visit narrows the next answers to one visit of the state, counted from 0.
func (m *Mock[Op, Out]) Visit(n int) *Mock[Op, Out] {
	scoped := *m
	scoped.visit = n
	return &scoped
}

// Attempt narrows the next answers to one attempt within a visit: 0 is the first,
// 1 the first retry.
func (m *Mock[Op, Out]) Attempt(n int) *Mock[Op, Out] {
	scoped := *m
	scoped.attempt = n
	return &scoped
}

// Return answers with an output.
func (m *Mock[Op, Out]) Return(out Out) *Mock[Op, Out] {
	return m.add(sim.Answer{Output: jsonvalue.From(out)})
}

// Script answers visit after visit with the outputs; the last one repeats.
func (m *Mock[Op, Out]) Script(outs ...Out) *Mock[Op, Out] {
	m.latest = len(m.script.rules)
	for i, out := range outs {
		r := answerRule{from: i, to: i, attempt: m.attempt, answer: sim.Answer{Output: jsonvalue.From(out), Index: -1}}
		if i == len(outs)-1 {
			r.to = -1
		}
		m.script.rules = append(m.script.rules, r)
	}
	return m
}

// Fail answers with an error that the operation can raise.
func (m *Mock[Op, Out]) Fail(err asl.Err[Op], cause string) *Mock[Op, Out] {
	name := string(err)
	return m.add(sim.Answer{Fails: true, Error: &name, Cause: &cause})
}

// Expire lets the task run into its TimeoutSeconds.
func (m *Mock[Op, Out]) Expire() *Mock[Op, Out] { return m.add(sim.Answer{Timeout: true}) }

// LoseHeartbeat lets the task run into its HeartbeatSeconds.
func (m *Mock[Op, Out]) LoseHeartbeat() *Mock[Op, Out] {
	return m.add(sim.Answer{HeartbeatTimeout: true})
}

// Takes gives the answers of the last call (Return, Script, Fail) a duration.
func (m *Mock[Op, Out]) Takes(d time.Duration) *Mock[Op, Out] {
	for i := m.latest; i < len(m.script.rules); i++ {
		m.script.rules[i].answer.Takes = d
	}
	return m
}

// Call answers with whatever f does with the task.
func (m *Mock[Op, Out]) Call(f func(*sim.Task)) *Mock[Op, Out] {
	m.add(sim.Answer{})
	m.script.rules[m.latest].call = f
	return m
}

func (m *Mock[Op, Out]) add(a sim.Answer) *Mock[Op, Out] {
	a.Index = -1
	r := answerRule{from: 0, to: -1, attempt: m.attempt, answer: a}
	if m.visit >= 0 {
		r.from, r.to = m.visit, m.visit
	}
	m.latest = len(m.script.rules)
	m.script.rules = append(m.script.rules, r)
	return m
}

// script is the answers of one state.
type script struct {
	state string
	rules []answerRule
}

type answerRule struct {
	from, to int // visits; to -1: all from then on
	attempt  int // -1: any
	answer   sim.Answer
	call     func(*sim.Task)
}

func (r *answerRule) fits(visit, attempt int) bool {
	return visit >= r.from && (r.to < 0 || visit <= r.to) && (r.attempt < 0 || attempt == r.attempt)
}

// particular ranks rules: one visit before open ends, one attempt before any.
func (r *answerRule) particular() int {
	rank := 0
	if r.to >= 0 {
		rank += 2
	} else if r.from > 0 {
		rank++
	}
	if r.attempt >= 0 {
		rank += 2
	}
	return rank
}

func (s *script) find(visit, attempt int) *answerRule {
	var best *answerRule
	for i := range s.rules {
		if r := &s.rules[i]; r.fits(visit, attempt) && (best == nil || r.particular() >= best.particular()) {
			best = r
		}
	}
	return best
}

// A Call is a task that the machine has scheduled during a test.
type Call struct {
	State, Resource          string
	Service, Action, Pattern string
	Parameters               any
	Visit, Attempt           int
	At                       time.Duration // since the start, in virtual time
}

// stage is the TaskHandler of a test: it answers from scripts and writes down
// what it is asked.
type stage struct {
	scripts  map[string]*script
	visits   map[string]int
	calls    []Call
	unmocked []string
}

func newStage(mocks []Mocked) *stage {
	s := &stage{scripts: map[string]*script{}, visits: map[string]int{}}
	for _, m := range mocks {
		own := m.mocked()
		if known := s.scripts[own.state]; known != nil {
			own = &script{state: own.state, rules: append(append([]answerRule{}, known.rules...), own.rules...)}
		}
		s.scripts[own.state] = own
	}
	return s
}

// StartTask answers a task.
func (s *stage) StartTask(t *sim.Task) {
	visit := s.visits[t.State]
	if t.Attempt == 0 {
		s.visits[t.State]++
	} else {
		visit--
	}
	s.calls = append(s.calls, Call{State: t.State, Resource: t.Resource, Service: t.Service, Action: t.Action,
		Pattern: t.Pattern, Parameters: t.Parameters, Visit: visit, Attempt: t.Attempt, At: t.Execution.Elapsed()})
	var rule *answerRule
	if own := s.scripts[t.State]; own != nil {
		rule = own.find(visit, t.Attempt)
	}
	switch {
	case rule == nil:
		what := fmt.Sprintf("state %q calls %s, visit %d, attempt %d, and no mock answers: add simtest.On(<the task>).Return(...) to Mocks, "+
			"or simtest.OnState(%q)", t.State, t.Resource, visit, t.Attempt, t.State)
		s.unmocked = append(s.unmocked, what)
		t.FailUnmocked(what)
	case rule.call != nil:
		rule.call(t)
	default:
		rule.answer.Give(t)
	}
}
