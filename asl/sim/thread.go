package sim

import (
	"fmt"
	"time"

	"airline/asl/intrinsic"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A thread is one line of states: the main one of an execution, a branch of a
// Parallel state, an iteration of a Map. It runs until it has to wait for time, a
// task or threads of its own; nothing but data stands for it meanwhile.
type thread struct {
	exec      *Execution
	state     *state
	wake      wake
	hasResult bool

	input     any       // of the state, as it came
	effective any       // after InputPath
	result    any       // of a Task, Map or Parallel
	scope     *scope    // its own once it has assigned a variable, before that the one around it
	pending   *assigned // what the state assigns when it is left
	visit     *visit    // what is seldom needed about the visit of the state

	prev        int // the latest event of this thread
	entered     int // the event by which the state was entered
	beforeEnter int // the event before that one
	enteredAt   int64

	task  *Task
	timer Timer // a Wait state's, or of a retry
	fork  *fork
	fault *fault // what a wake brings

	owner    *fork // what this thread is part of
	index    int   // in it
	prevLive *thread
	nextLive *thread
}

// visit is what only some visits of a state need.
type visit struct {
	retried    []int // per retrier
	retryCount int
	token      string
	failure    *fault // while a catcher is evaluated
	selecting  mapItem
	selects    bool // while ItemSelector is evaluated for selecting
}

// rare makes room for what the visit of the state seldom needs.
func (th *thread) rare() *visit {
	if th.visit == nil {
		th.visit = &visit{}
	}
	return th.visit
}

// retries counts how often the state has been tried again.
func (th *thread) retries() int {
	if th.visit == nil {
		return 0
	}
	return th.visit.retryCount
}

// around is the scope that the thread's own lies in.
func (th *thread) around() *scope {
	if th.owner == nil {
		return nil
	}
	return th.owner.parent.scope
}

// wake says where a thread goes on.
type wake uint8

const (
	wakeEnter   wake = iota // enter the state
	wakeAttempt             // try the state, for the first time or again
	wakeWait                // a Wait state's delay has passed
	wakeTask                // the task has ended
	wakeFork                // the branches or iterations have ended
)

// run goes on until the thread must wait or has ended.
func (th *thread) run() {
	x := th.exec
	for x.status == Running {
		blocked, f := th.advance()
		if f != nil {
			blocked = th.handle(f)
		}
		if blocked || x.status != Running {
			return
		}
		if th.state == nil {
			th.finish()
			return
		}
		th.wake = wakeEnter
	}
}

// advance does the next piece of the current state.
func (th *thread) advance() (blocked bool, f *fault) {
	switch th.wake {
	case wakeWait:
		return false, th.endWait()
	case wakeTask:
		return th.endTask()
	case wakeFork:
		return th.endFork()
	case wakeAttempt:
		if th.full() {
			return true, nil
		}
	case wakeEnter:
		if th.enter() {
			return true, nil
		}
	}
	switch th.state.kind {
	case kindPass:
		return false, th.pass()
	case kindChoice:
		return false, th.choose()
	case kindWait:
		return th.startWait()
	case kindSucceed:
		return false, th.succeed()
	case kindFail:
		return false, th.failState()
	case kindTask:
		return th.startTask()
	case kindParallel:
		return th.startParallel()
	}
	return th.startMap()
}

// enteredEvents and exitedEvents are indexed by kind.
var (
	enteredEvents = [...]EventType{PassStateEntered, TaskStateEntered, ChoiceStateEntered, WaitStateEntered,
		SucceedStateEntered, FailStateEntered, ParallelStateEntered, MapStateEntered}
	exitedEvents = [...]EventType{PassStateExited, TaskStateExited, ChoiceStateExited, WaitStateExited,
		SucceedStateExited, ExecutionFailed, ParallelStateExited, MapStateExited}
)

// enter records that the state is entered; it reports whether that ended the
// execution because its history is full.
func (th *thread) enter() (ended bool) {
	x := th.exec
	if th.full() {
		return true
	}
	x.transitions++
	if x.options.trace != nil {
		x.options.trace(th.state, "", 0)
	}
	th.beforeEnter = th.prev
	th.prev = x.record(enteredEvents[th.state.kind], th.prev, th.state, th.input, nil)
	th.inspect("input", th.input)
	th.entered, th.enteredAt = th.prev, x.clock.now
	th.visit = nil
	th.result, th.hasResult = nil, false
	return false
}

// full reports whether the execution's history is full, which ends it.
func (th *thread) full() bool {
	x := th.exec
	limit := x.options.EventLimit
	if limit <= 0 || x.events < limit-1 {
		return false
	}
	x.end(Failed, ExecutionFailed, &fault{name: states.Runtime, hasName: true, hasCause: true,
		cause: fmt.Sprintf("The execution reached the maximum number of history events (%d).", limit)})
	return true
}

// exit leaves the state with an output for the next one; nil is the end.
func (th *thread) exit(output any, next *state) *fault {
	x := th.exec
	if x.grown(th.input, output) && x.tooLarge(output) {
		return dataLimitFault(th.state.name)
	}
	var extra any
	if p := th.pending; p != nil {
		if outer := th.around(); th.scope == outer {
			th.scope = &scope{outer: outer}
		}
		for i, name := range p.names {
			x.variables += th.scope.set(name, p.values[i])
		}
		if x.variables > maxVariables && x.options.PayloadLimit > 0 {
			return variablesFault(th.state.name)
		}
		extra, th.pending = p, nil
	}
	th.prev = x.record(exitedEvents[th.state.kind], th.prev, th.state, output, extra)
	if t := th.testing(); t != nil {
		t.leave(th, next)
		next = nil
	}
	th.input, th.state = output, next
	th.task, th.visit, th.fork, th.effective = nil, nil, nil, nil
	return nil
}

// assign evaluates Assign; the variables change when the state is left.
func (th *thread) assign(t *template, root any) *fault {
	th.pending = nil
	if t == nil {
		return nil
	}
	value, f := t.eval(th, root)
	if f != nil {
		return f
	}
	object, ok := value.(*jsonvalue.Object)
	if !ok || object.Len() == 0 {
		return nil
	}
	if th.exec.tooLarge(object) {
		return inputLimitFault(th.state.name, "Assign field")
	}
	th.pending = &assigned{}
	for name, content := range object.All() {
		th.pending.names = append(th.pending.names, name)
		th.pending.values = append(th.pending.values, content)
	}
	return nil
}

// finish ends the thread after its last state.
func (th *thread) finish() {
	if th.owner != nil {
		th.forget()
		th.owner.childDone(th)
		return
	}
	th.exec.output = th.input
	th.exec.finish(Succeeded, ExecutionSucceeded, th.prev, nil)
}

// fail ends the thread with a fault that nothing in it has caught. A terminal
// fault ends the execution, wherever it happens.
func (th *thread) fail(f *fault) {
	if th.owner != nil && !f.terminal {
		th.forget()
		th.owner.childFailed(th, f)
		return
	}
	if th.owner != nil {
		th.exec.main.abort(0, true)
	}
	th.exec.finish(Failed, ExecutionFailed, th.prev, f)
}

// sleep wakes the thread when a delay has passed.
func (th *thread) sleep(d time.Duration, w wake) {
	if d <= 0 {
		th.exec.wake(th, w)
		return
	}
	th.timer = Timer{clock: th.exec.clock, thread: th, wake: w}
	th.exec.clock.schedule(&th.timer, d)
}

// abort stops what the thread is doing, and records that when cause, the event
// that made it stop, is given. quiet keeps the history as it is.
func (th *thread) abort(cause int, quiet bool) {
	th.timer.Stop()
	s := th.state
	if s == nil {
		return
	}
	if th.fork != nil {
		th.fork.abort(cause, quiet)
	}
	if th.owner != nil { // the variables of the main thread are there for a redrive
		th.forget()
	}
	if th.task != nil {
		th.task.stop()
	}
	if quiet || th.entered == 0 {
		return
	}
	switch s.kind {
	case kindTask:
		th.exec.record(TaskStateAborted, cause, s, nil, nil)
	case kindWait:
		th.exec.record(WaitStateAborted, cause, s, nil, nil)
	case kindMap:
		th.exec.record(MapStateAborted, cause, s, nil, nil)
	case kindParallel:
		th.exec.record(ParallelStateAborted, cause, s, nil, nil)
	}
}

// recordEvaluation records a failed JSONata field. Until December 2024 AWS let
// the event follow the one before the state was entered.
func (th *thread) recordEvaluation(f *fault) {
	previous := th.prev
	if th.exec.before(evaluationFollowsEntered) {
		previous = th.beforeEnter
	}
	th.prev = th.exec.record(EvaluationFailed, previous, th.state, f, nil)
	f.evaluation = false // the states around this one do not record it again
}

// recordForkFailed records that a Map or Parallel state has failed for good.
func (th *thread) recordForkFailed() {
	switch th.state.kind {
	case kindMap:
		th.prev = th.exec.record(MapStateFailed, th.prev, th.state, nil, nil)
	case kindParallel:
		th.prev = th.exec.record(ParallelStateFailed, th.prev, th.state, nil, nil)
	}
}

// intrinsicEnv is what intrinsic functions are evaluated in.
func (th *thread) intrinsicEnv(root any) *intrinsic.Env {
	env := &th.exec.clock.intrinsics
	env.Roots, env.Rand, env.UUID = th.from(root), th.exec.random(), th.exec.options.ID
	return env
}

// resultPathFault says that a result cannot be placed where ResultPath says.
func (th *thread) resultPathFault(path *jsonpath.Path, input any) *fault {
	return th.stateFault(states.ResultPathMatchFailure, fmt.Sprintf("Unable to apply ReferencePath %s to input %s", path, jsonvalue.String(input)))
}
