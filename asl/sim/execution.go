package sim

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// Status is the status of an execution, as DescribeExecution spells it.
type Status string

// The statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	Aborted   Status = "ABORTED"
	TimedOut  Status = "TIMED_OUT"
)

// Options say how an execution runs. The zero value is usable for a machine
// without tasks.
type Options struct {
	// Name of the execution; by default ID makes one.
	Name string
	// StateMachineARN, ExecutionARN and RoleARN appear in the context object. By
	// default the first two are made from Region, Account and Name.
	StateMachineARN, ExecutionARN, RoleARN string
	Region                                 string // by default us-east-1, or what StateMachineARN names
	Account                                string // by default 123456789012

	// Tasks performs the tasks. Without it a Task state fails the execution.
	Tasks TaskHandler
	// Objects is where distributed Maps read items and write results.
	Objects ObjectStore

	// Seed makes the source of randomness (jitter, MathRandom, ids) unless Rand is given.
	Seed uint64
	Rand *rand.Rand
	// ID makes unique names and task tokens; by default UUIDs from Rand.
	ID func() string

	// History keeps the events for Execution.History.
	History bool
	// Spill is where events are kept once there are some, and all when the execution is over; without it they stay in memory.
	Spill *Spill
	// OnEvent is told every event when it happens.
	OnEvent func(Event)
	// OnDone is told when the execution has ended.
	OnDone func(*Execution)
	// OnChild is told of every child execution that a distributed Map starts.
	OnChild func(*Execution)
	// OnMapRun is told of every distributed Map that begins, before its items are read.
	OnMapRun func(*MapRun)

	// PayloadLimit replaces ast.MaxPayload, EventLimit ast.MaxEvents; negative: no limit.
	PayloadLimit, EventLimit int
	// Limits bound each JSONata expression.
	Limits jsonata.Limits

	// AsOf asks for the behaviour that AWS had at that date, where a recording
	// shows that it has changed; the zero value is the latest.
	AsOf time.Time

	// Coverage gathers which parts of the machine are used, over many executions.
	Coverage *Coverage

	trace trace // of Coverage
}

// An Execution is a run of a Machine. Everything about it happens in calls from
// its Clock.
type Execution struct {
	machine     *Machine
	program     *program
	options     *Options // shared by the children of a map run
	name, arn   string
	clock       *Clock
	input       any
	output      any
	status      Status
	failure     *fault
	startTime   int64
	stopTime    int64
	events      int
	variables   int       // bytes that the variables hold, of all branches and iterations together
	history     []record  // the latest events
	ready       []*thread // ready[head:] can go on
	space       [2]*thread
	head        int32
	transitions int32
	index       int32 // in parent
	draining    bool
	main        thread
	expiry      *Timer
	parent      *mapRun           // of a distributed Map's child
	contextual  *jsonvalue.Object // the parts of the context object that do not change
	special     *special          // nil for most
}

// special is what few executions have. With its options an Execution has 768 bytes, one of the sizes that are allocated: the next is an eighth
// more, and a simulation has many executions.
type special struct {
	chunks   []chunk    // the events before the latest
	test     *stateTest // of one state alone
	redrives int
	redriven int64 // when it last was
}

// specially makes room for what few executions have.
func (x *Execution) specially() *special {
	if x.special == nil {
		x.special = &special{}
	}
	return x.special
}

// test is the test of one state alone, or nil.
func (x *Execution) test() *stateTest {
	if x.special == nil {
		return nil
	}
	return x.special.test
}

// Start begins an execution with an input. Nothing happens before the clock is
// stepped or run.
func (m *Machine) Start(clock *Clock, input any, options Options) *Execution {
	x := &struct {
		Execution
		given Options
	}{Execution{machine: m, program: m.program, clock: clock, input: input}, options}
	x.options = &x.given
	if options.Coverage != nil {
		x.given.trace = options.Coverage.tracer(m)
	}
	x.prepare()
	clock.begin(&x.Execution)
	return &x.Execution
}

func (x *Execution) prepare() {
	x.status = Running
	x.startTime = x.clock.now
	if x.options.PayloadLimit == 0 {
		x.options.PayloadLimit = ast.MaxPayload
	}
	if x.options.EventLimit == 0 {
		x.options.EventLimit = ast.MaxEvents
	}
	if x.options.History {
		room := max(16, x.machine.events.Load())
		if x.options.Spill != nil {
			room = min(room, spillEvents)
		}
		x.history = make([]record, 0, room)
	}
}

func (x *Execution) begin() {
	if x.status != Running {
		return
	}
	x.startTime = x.clock.now
	x.record(ExecutionStarted, 0, nil, x.input, x.options.RoleARN)
	if x.machine.timeout > 0 && x.parent == nil {
		x.expiry = x.clock.After(time.Duration(x.machine.timeout)*time.Second, func() {
			x.end(TimedOut, ExecutionTimedOut, &fault{name: states.Timeout, hasName: true})
		})
	}
	if x.tooLarge(x.input) {
		x.finish(Failed, ExecutionFailed, 0, &fault{name: states.DataLimitExceeded, hasName: true, hasCause: true,
			cause: "The input exceeds the maximum number of bytes service limit."})
		return
	}
	x.main = thread{exec: x, state: x.program.start, input: x.input}
	if t := x.test(); t != nil {
		t.begin(&x.main)
	}
	x.wake(&x.main, wakeEnter)
}

// wake lets a thread go on, now or as soon as those before it have.
func (x *Execution) wake(th *thread, w wake) {
	th.wake = w
	if x.ready == nil {
		x.ready = x.space[:0]
	}
	x.ready = append(x.ready, th)
	if x.draining {
		return
	}
	x.draining = true
	for int(x.head) < len(x.ready) && x.status == Running {
		next := x.ready[x.head]
		x.ready[x.head] = nil
		if x.head++; int(x.head) == len(x.ready) {
			x.ready, x.head = x.ready[:0], 0
		} else if x.head >= 1024 && 2*int(x.head) >= len(x.ready) {
			n := copy(x.ready, x.ready[x.head:])
			clear(x.ready[n:])
			x.ready, x.head = x.ready[:n], 0
		}
		if next.state != nil { // not aborted meanwhile
			next.run()
		}
	}
	x.draining = false
}

// end stops whatever is under way and finishes the execution.
func (x *Execution) end(status Status, kind EventType, f *fault) {
	if x.status != Running {
		return
	}
	previous := x.main.prev
	if kind == ExecutionAborted || kind == ExecutionTimedOut && !x.before(expiryDetailed) {
		previous = 0 // as AWS has it
	}
	x.main.abort(0, true)
	x.finish(status, kind, previous, f)
}

func (x *Execution) finish(status Status, kind EventType, previous int, f *fault) {
	x.status, x.failure, x.stopTime = status, f, x.clock.now
	x.expiry.Stop()
	var value any
	if status == Succeeded {
		value = x.output
	} else if f != nil && (status != TimedOut || !x.before(expiryDetailed)) {
		value = f
	}
	x.record(kind, previous, nil, value, nil)
	if n := int32(min(x.events, maxHint)); x.options.History && n > x.machine.events.Load() {
		x.machine.events.Store(n)
	}
	if x.options.Spill != nil {
		x.spill()
		x.history = nil
	}
	if x.parent != nil {
		x.parent.childEnded(x)
	}
	if x.options.OnDone != nil {
		x.options.OnDone(x)
	}
}

// Stop ends a running execution as StopExecution does: with status ABORTED, an
// error and a cause, which may be empty.
func (x *Execution) Stop(err, cause string) {
	x.end(Aborted, ExecutionAborted, &fault{name: err, hasName: err != "", cause: cause, hasCause: cause != ""})
}

// Status is the status of the execution.
func (x *Execution) Status() Status { return x.status }

// Input is what the execution was started with.
func (x *Execution) Input() any { return x.input }

// Output is the result of an execution that has succeeded.
func (x *Execution) Output() any { return x.output }

// Error is the error name of an execution that has not succeeded, or "".
func (x *Execution) Error() string {
	if x.failure == nil {
		return ""
	}
	return x.failure.name
}

// Cause is the cause of an execution that has not succeeded, or "".
func (x *Execution) Cause() string {
	if x.failure == nil {
		return ""
	}
	return x.failure.cause
}

// Machine is what the execution runs.
func (x *Execution) Machine() *Machine { return x.machine }

// Clock is the clock that the execution runs on.
func (x *Execution) Clock() *Clock { return x.clock }

// StartTime is the moment of the start.
func (x *Execution) StartTime() time.Time { return x.clock.start.Add(time.Duration(x.startTime)) }

// StopTime is the moment of the end, or zero.
func (x *Execution) StopTime() time.Time {
	if x.status == Running {
		return time.Time{}
	}
	return x.clock.start.Add(time.Duration(x.stopTime))
}

// Elapsed is how long the execution has run, or ran, in virtual time.
func (x *Execution) Elapsed() time.Duration {
	end := x.stopTime
	if x.status == Running {
		end = x.clock.now
	}
	return time.Duration(end - x.startTime)
}

// Transitions counts state transitions as AWS bills them: each state entered,
// and each retry.
func (x *Execution) Transitions() int { return int(x.transitions) }

// Events counts the events of the history, kept or not.
func (x *Execution) Events() int { return x.events }

// Name is the name of the execution.
func (x *Execution) Name() string {
	if x.name == "" {
		if x.name = x.options.Name; x.name == "" {
			x.name = x.id()
		}
	}
	return x.name
}

// StateMachineARN is the ARN of the machine.
func (x *Execution) StateMachineARN() string {
	if x.options.StateMachineARN == "" {
		account := x.options.Account
		if account == "" {
			account = "123456789012"
		}
		x.options.StateMachineARN = fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:StateMachine", x.Region(), account)
	}
	return x.options.StateMachineARN
}

// ARN is the ARN of the execution.
func (x *Execution) ARN() string {
	if x.arn == "" {
		if x.arn = x.options.ExecutionARN; x.arn == "" {
			x.arn = strings.Replace(x.StateMachineARN(), ":stateMachine:", ":execution:", 1) + ":" + x.Name()
		}
	}
	return x.arn
}

// Region is the region in which the execution takes place.
func (x *Execution) Region() string {
	if x.options.Region == "" {
		x.options.Region = "us-east-1"
		if parts := strings.Split(x.options.StateMachineARN, ":"); len(parts) > 3 && parts[3] != "" {
			x.options.Region = parts[3]
		}
	}
	return x.options.Region
}

// random is the source of randomness.
func (x *Execution) random() *rand.Rand {
	if x.options.Rand == nil {
		x.options.Rand = rand.New(rand.NewPCG(x.options.Seed, 0x9E3779B97F4A7C15))
	}
	return x.options.Rand
}

// id makes a unique name.
func (x *Execution) id() string {
	if x.options.ID != nil {
		return x.options.ID()
	}
	random := x.random()
	high, low := random.Uint64(), random.Uint64()
	high = high&^0xF000 | 0x4000
	low = low&^(0xC<<60) | 0x8<<60
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xFFFF, high&0xFFFF, low>>48, low&(1<<48-1))
}
