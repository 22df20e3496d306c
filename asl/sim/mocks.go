package sim

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// An Answer is what a task gets.
type Answer struct {
	Output any
	// Fails: with Error and Cause, each of which may be nil for null.
	Fails        bool
	Error, Cause *string
	// Submitted is the first answer of a .sync or .waitForTaskToken task.
	Submitted    any
	HasSubmitted bool
	// Takes is the virtual time until the answer.
	Takes time.Duration
	// Timeout and HeartbeatTimeout: no answer comes; the task expires.
	Timeout, HeartbeatTimeout bool
	// Index is the Map iteration that the answer is for, or -1 for any.
	Index int
}

// Give answers the task.
func (a *Answer) Give(t *Task) {
	if !a.Timeout {
		t.Started("mock")
	}
	if a.HasSubmitted {
		t.Submitted(a.Submitted)
	}
	switch {
	case a.Timeout || a.HeartbeatTimeout:
		a.expire(t)
	case a.Takes > 0:
		t.Execution.clock.After(a.Takes, func() { a.finish(t) })
	default:
		a.finish(t)
	}
}

func (a *Answer) finish(t *Task) {
	switch {
	case !a.Fails:
		t.Succeed(a.Output)
	case a.Error != nil && a.Cause != nil:
		t.Fail(*a.Error, *a.Cause)
	default:
		t.FailWithout(a.Error, a.Cause)
	}
}

// expire leaves the task without an answer. A heartbeat timeout needs a
// heartbeat, a timeout needs the heartbeats to go on.
func (a *Answer) expire(t *Task) {
	if a.HeartbeatTimeout {
		if t.Heartbeat == 0 {
			t.Expire(true)
		}
		return
	}
	if t.Heartbeat > 0 {
		var beat func()
		beat = func() {
			if !t.Done() {
				t.SendHeartbeat()
				t.Execution.clock.After(max(t.Heartbeat/2, time.Nanosecond), beat)
			}
		}
		t.Execution.clock.After(max(t.Heartbeat/2, time.Nanosecond), beat)
	}
}

// Mocks are the answers of a machine's tasks by the name of the state, in the
// order in which the tasks are scheduled: over visits of the state and over
// retries.
type Mocks map[string][]Answer

// Player gives the answers to one execution, from the beginning.
func (m Mocks) Player() *Player { return &Player{mocks: m} }

// A Player is the TaskHandler that plays Mocks. It must serve one execution (with
// its children) only.
type Player struct {
	mocks   Mocks
	cursors []cursor
}

type cursor struct {
	state   string
	answers []Answer
	next    int    // the first that has not been given
	indexed bool   // some answers are for certain iterations
	used    []bool // then: which have been given
}

// StartTask gives the next answer for the task's state.
func (p *Player) StartTask(t *Task) {
	i := slices.IndexFunc(p.cursors, func(c cursor) bool { return c.state == t.State })
	if i < 0 {
		i = len(p.cursors)
		answers := p.mocks[t.State]
		p.cursors = append(p.cursors, cursor{state: t.State, answers: answers,
			indexed: slices.ContainsFunc(answers, func(a Answer) bool { return a.Index >= 0 })})
	}
	if a := p.cursors[i].take(t.Index); a != nil {
		a.Give(t)
		return
	}
	have := len(p.mocks[t.State])
	if have == 0 {
		t.FailUnmocked(fmt.Sprintf("there are no mocks for the task of state %q (%s): add {%[1]q: [{\"return\": ...}]} to the mocks", t.State, t.Resource))
		return
	}
	t.FailUnmocked(fmt.Sprintf(
		"no answer is left for the task of state %q (%s), which has been scheduled more than %d times: add an answer for it to the mocks",
		t.State, t.Resource, have))
}

func (c *cursor) take(index int) *Answer {
	if !c.indexed {
		if c.next >= len(c.answers) {
			return nil
		}
		c.next++
		return &c.answers[c.next-1]
	}
	if c.used == nil {
		c.used = make([]bool, len(c.answers))
	}
	for i := c.next; i < len(c.answers); i++ {
		a := &c.answers[i]
		if c.used[i] || a.Index >= 0 && a.Index != index {
			continue
		}
		c.used[i] = true
		for c.next < len(c.used) && c.used[c.next] {
			c.next++
		}
		return a
	}
	return nil
}

// ErrUnmocked is the error of a task for which a test has no answer. It is
// neither retried nor caught.
const ErrUnmocked = "Unmocked"

// FailUnmocked ends the task with an error that no retrier or catcher takes,
// because it is the test that is wrong and not the machine.
func (t *Task) FailUnmocked(what string) {
	t.settle(nil, &fault{name: ErrUnmocked, hasName: true, cause: what, hasCause: true, terminal: true})
}

// Check reports the states that the mocks name and the machine does not have as
// tasks: a misspelt name would otherwise never answer.
func (m Mocks) Check(machine *Machine) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(m)) {
		named := func(s *state) bool { return s.name == name }
		switch i := slices.IndexFunc(machine.states, named); {
		case i < 0:
			errs = append(errs, fmt.Errorf("mocks: the definition has no state %q", name))
		case !slices.ContainsFunc(machine.states, func(s *state) bool { return named(s) && s.kind == kindTask }):
			errs = append(errs, fmt.Errorf("mocks: state %q is no Task and needs no answer", name))
		}
	}
	return errors.Join(errs...)
}

// ParseMocks reads mocks in one of two forms: that of AWS Step Functions Local
// (StateMachines, MockedResponses), of which machine and test name the test case
// ("" takes the only one, or the first in order); or {state: [answer, ...]},
// where an answer is {"return": v}, {"throw": {"error", "cause"}},
// {"timeout": true} or {"heartbeatTimeout": true}, with "submitted", "index" and
// "takes" (seconds) beside it if need be.
func ParseMocks(data []byte, machine, test string) (Mocks, error) {
	value, err := jsonvalue.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("mocks: %w", err)
	}
	object, ok := value.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("mocks: expected an object")
	}
	if machines, ok := object.Get("StateMachines"); ok {
		return localMocks(object, machines, machine, test)
	}
	return MocksOf(object)
}

// MocksOf reads mocks of the form {state: [answer, ...]}.
func MocksOf(object *jsonvalue.Object) (Mocks, error) {
	m := Mocks{}
	for state, value := range object.All() {
		list, ok := value.([]any)
		if !ok {
			return nil, fmt.Errorf("mocks of state %q: expected a list of answers", state)
		}
		for i, entry := range list {
			answer, err := answerOf(entry)
			if err != nil {
				return nil, fmt.Errorf("mocks of state %q, answer %d: %w", state, i, err)
			}
			m[state] = append(m[state], answer)
		}
	}
	return m, nil
}

func answerOf(value any) (Answer, error) {
	a := Answer{Index: -1}
	object, ok := value.(*jsonvalue.Object)
	if !ok {
		return a, fmt.Errorf("expected an object such as {\"return\": ...} or {\"throw\": {\"error\": ..., \"cause\": ...}}")
	}
	outcomes := 0
	for key, v := range object.All() {
		switch strings.ToLower(key) {
		case "return":
			a.Output = v
			outcomes++
		case "throw":
			outcomes++
			if err := a.throw(v); err != nil {
				return a, err
			}
		case "timeout", "heartbeattimeout":
			if v != true {
				return a, fmt.Errorf("%s can only be true; without it, leave it out", key)
			}
			a.Timeout = len(key) == len("timeout")
			a.HeartbeatTimeout = !a.Timeout
			outcomes++
		case "submitted":
			a.Submitted, a.HasSubmitted = v, true
		case "index":
			n, ok := jsonvalue.Float(v)
			if !ok || n < 0 || n > math.MaxInt32 || n != math.Trunc(n) {
				return a, fmt.Errorf("index must be the number of a Map iteration, from 0")
			}
			a.Index = int(n)
		case "takes":
			n, ok := jsonvalue.Float(v)
			if !ok || n < 0 || n > math.MaxInt32 {
				return a, fmt.Errorf("takes must be a number of seconds, from 0 to %d", math.MaxInt32)
			}
			a.Takes = time.Duration(n * float64(time.Second))
		default:
			return a, fmt.Errorf("unknown member %q; known are return, throw, timeout, heartbeatTimeout, submitted, index, takes", key)
		}
	}
	if outcomes != 1 {
		return a, fmt.Errorf("expected exactly one of return, throw, timeout, heartbeatTimeout")
	}
	return a, nil
}

// throw reads {"error", "cause"}; either may be null or absent.
func (a *Answer) throw(value any) error {
	thrown, ok := value.(*jsonvalue.Object)
	if !ok {
		return fmt.Errorf("throw must be an object such as {\"error\": ..., \"cause\": ...}")
	}
	a.Fails = true
	for name, part := range thrown.All() {
		text, isText := part.(string)
		switch strings.ToLower(name) {
		case "error":
			if isText {
				a.Error = &text
			} else if part != nil {
				return fmt.Errorf("the error must be a text, or null")
			}
		case "cause":
			if !isText && part != nil {
				text, isText = jsonvalue.String(part), true
			}
			if isText {
				a.Cause = &text
			}
		default:
			return fmt.Errorf("unknown member %q in throw; known are error and cause", name)
		}
	}
	return nil
}

// localMocks reads the configuration of AWS Step Functions Local.
func localMocks(config *jsonvalue.Object, machines any, machine, test string) (Mocks, error) {
	pick := func(value any, name, what string) (any, error) {
		object, _ := value.(*jsonvalue.Object)
		if object.Len() == 0 {
			return nil, fmt.Errorf("mocks: there is no %s", what)
		}
		if name == "" {
			_, first := object.At(0)
			return first, nil
		}
		found, ok := object.Get(name)
		if !ok {
			return nil, fmt.Errorf("mocks: there is no %s %q", what, name)
		}
		return found, nil
	}
	found, err := pick(machines, machine, "state machine")
	if err != nil {
		return nil, err
	}
	described, _ := found.(*jsonvalue.Object)
	cases, _ := described.Get("TestCases")
	if found, err = pick(cases, test, "test case"); err != nil {
		return nil, err
	}
	states, _ := found.(*jsonvalue.Object)
	value, _ := config.Get("MockedResponses")
	responses, _ := value.(*jsonvalue.Object)
	m := Mocks{}
	for state, name := range states.All() {
		text, _ := name.(string)
		response, ok := responses.Get(text)
		if !ok {
			return nil, fmt.Errorf("mocks: MockedResponses has no %q, which state %q names", text, state)
		}
		answers, _ := response.(*jsonvalue.Object)
		for span, entry := range answers.All() {
			from, to, err := parseSpan(span)
			if err != nil {
				return nil, fmt.Errorf("mocks: MockedResponses/%s: %w", text, err)
			}
			answer, err := answerOf(entry)
			if err != nil {
				return nil, fmt.Errorf("mocks: MockedResponses/%s/%s: %w", text, span, err)
			}
			for len(m[state]) <= to {
				m[state] = append(m[state], Answer{Index: -1})
			}
			for i := from; i <= to; i++ {
				m[state][i] = answer
			}
		}
	}
	return m, nil
}

// maxSpan bounds the invocations that a mock configuration can name.
const maxSpan = 100_000

// parseSpan reads "0" or "0-2".
func parseSpan(span string) (from, to int, err error) {
	first, last, isRange := strings.Cut(span, "-")
	if !isRange {
		last = first
	}
	from, err1 := strconv.Atoi(first)
	to, err2 := strconv.Atoi(last)
	if err1 != nil || err2 != nil || from < 0 || to < from || to > maxSpan {
		return 0, 0, fmt.Errorf("expected an invocation such as \"0\" or \"0-2\", not %q", span)
	}
	return from, to, nil
}
