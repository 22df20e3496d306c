package sim

import (
	"errors"
	"fmt"
	"time"

	"airline/asl/states"
)

// Redrive goes on with an execution that has not succeeded, from its unsuccessful state and with that state's input, as
// RedriveExecution does: what succeeded stays, retries and timeouts count anew. An unsuccessful Map or Parallel, of which AWS
// redrives single iterations and branches, is refused.
func (x *Execution) Redrive() error {
	switch {
	case x.status == Running || x.status == Succeeded:
		return fmt.Errorf("Execution is %s and cannot be redriven", x.status)
	case x.parent != nil:
		return errors.New("the child of a Map Run is redriven with its parent, which is not modelled")
	case x.main.state == nil:
		return errors.New("Execution did not enter a state and cannot be redriven")
	case x.main.state.kind == kindMap || x.main.state.kind == kindParallel:
		return fmt.Errorf("the redrive of an unsuccessful Map or Parallel state (%s) is not modelled", x.main.state.name)
	case x.options.EventLimit > 0 && x.events >= x.options.EventLimit-1:
		return errors.New("Execution history event count exceeds the limit and cannot be redriven")
	}
	x.status, x.failure, x.stopTime = Running, nil, 0
	s := x.specially()
	s.redrives++
	s.redriven, x.contextual = x.clock.now, nil
	th := &x.main
	th.prev = x.record(ExecutionRedriven, x.events, nil, s.redrives, nil)
	th.task, th.visit, th.fork, th.fault, th.pending = nil, nil, nil, nil, nil
	th.entered, th.enteredAt = th.prev, x.clock.now
	x.ready, x.head = x.space[:0], 0
	if x.machine.timeout > 0 {
		x.expiry = x.clock.After(time.Duration(x.machine.timeout)*time.Second, func() {
			x.end(TimedOut, ExecutionTimedOut, &fault{name: states.Timeout, hasName: true})
		})
	}
	// The caller may be in the middle of something: go on in a step of the clock.
	x.clock.After(0, func() {
		if x.status == Running {
			x.wake(th, wakeAttempt)
		}
	})
	return nil
}

// Redrives is how often the execution was redriven, and when it last was.
func (x *Execution) Redrives() (int, time.Time) {
	s := x.special
	if s == nil || s.redrives == 0 {
		return 0, time.Time{}
	}
	return s.redrives, x.clock.start.Add(time.Duration(s.redriven))
}
