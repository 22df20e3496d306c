package sim

import (
	"errors"
	"fmt"
	"slices"

	"airline/asl/intrinsic"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A fault is why a state failed. Error and cause may be absent, which AWS tells
// from empty: an expired task has no cause, SendTaskFailure may give neither.
type fault struct {
	name, cause       string
	hasName, hasCause bool
	// nulls says that an absent part stands as null in the error output, not
	// as "".
	nulls bool
	// terminal: neither retried nor caught (States.Runtime).
	terminal bool
	// evaluation: of a JSONata field, which gives an EvaluationFailed event.
	evaluation bool
	location   string
	heartbeat  bool // a States.Timeout that is also a States.HeartbeatTimeout
	// answered: a States.DataLimitExceeded of what a task answers, which is a
	// failure of the task that States.ALL takes (recorded on AWS in 2024, against
	// the guide). What else exceeds the limit no catcher takes by States.ALL.
	answered bool
}

// runtimeFault is a mistake in the definition or its data that AWS reports as
// States.Runtime, in AWS's words.
func (th *thread) runtimeFault(what string) *fault {
	return &fault{name: states.Runtime, hasName: true, cause: th.sentence(what), hasCause: true, terminal: true}
}

// stateFault is a mistake of a state that may be retried and caught.
func (th *thread) stateFault(name, what string) *fault {
	return &fault{name: name, hasName: true, cause: th.sentence(what), hasCause: true}
}

// dataLimitFault is a result over the payload limit, of a state or task.
func dataLimitFault(of string) *fault {
	return &fault{name: states.DataLimitExceeded, hasName: true, hasCause: true, cause: fmt.Sprintf(
		"The state/task '%s' returned a result with a size exceeding the maximum number of bytes service limit.", of)}
}

// inputLimitFault is what a state or task would be given, or would keep as
// variables, when that is over the payload limit.
func inputLimitFault(of, what string) *fault {
	return &fault{name: states.DataLimitExceeded, hasName: true, hasCause: true, cause: fmt.Sprintf(
		"The %s of the state/task '%s' exceeds the maximum number of bytes service limit.", what, of)}
}

// variablesFault is an assignment after which the execution's variables are over
// their limit. Nobody has published the name of the error; this is the nearest.
func variablesFault(state string) *fault {
	return &fault{name: states.DataLimitExceeded, hasName: true, hasCause: true, cause: fmt.Sprintf(
		"After the state '%s' the variables of the execution exceed %d bytes.", state, maxVariables)}
}

// sentence puts AWS's introduction before the description of a mistake; TestState has none.
func (th *thread) sentence(what string) string {
	if th.testing() != nil {
		return what
	}
	return fmt.Sprintf("An error occurred while executing the state '%s' (entered at the event id #%d). %s",
		th.state.name, th.entered, what)
}

func (th *thread) intrinsicFault(err error) *fault {
	if e := (*intrinsic.Error)(nil); errors.As(err, &e) && e.Name == states.IntrinsicFailure {
		return th.stateFault(states.IntrinsicFailure, e.Cause)
	} else if e != nil {
		return th.runtimeFault(e.Cause)
	}
	return th.runtimeFault(err.Error())
}

// output is the error output that a catcher hands on.
func (f *fault) output() *jsonvalue.Object {
	o := jsonvalue.NewObject(2)
	part := func(key, text string, has bool) {
		if !has && f.nulls {
			o.Set(key, nil)
			return
		}
		o.Set(key, text)
	}
	part("Error", f.name, f.hasName)
	part("Cause", f.cause, f.hasCause)
	return o
}

// matches reports whether a retrier or catcher for the names takes the fault.
func (f *fault) matches(names []string) bool {
	if f.terminal {
		return false
	}
	return slices.ContainsFunc(names, func(name string) bool {
		switch name {
		case states.ALL:
			return f.name != states.DataLimitExceeded || f.answered
		case states.TaskFailed:
			return f.name != states.Timeout && (f.name != states.DataLimitExceeded || f.answered)
		case states.HeartbeatTimeout:
			return f.heartbeat || f.name == states.HeartbeatTimeout
		}
		return f.hasName && name == f.name
	})
}
