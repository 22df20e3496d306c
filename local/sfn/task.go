package sfn

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

const principal = "states.amazonaws.com"

// assume starts a session of a machine's role.
func (s *Service) assume(m *machine) (context.Context, error) {
	return s.door.Assume(context.Background(), door.Assumption{
		Role: m.role, Service: principal, SourceARN: m.arn, Session: strings.ReplaceAll(s.door.UUID(), "-", "")[:32],
	})
}

// perform does a task: it calls the API as the machine's role now and answers when the call's latency has passed.
func (s *Service) perform(m *machine, t *sim.Task) {
	if s.queue(t) || s.function(m, t) {
		return
	}
	method, err := s.registry.Find(t.Resource)
	if err != nil {
		t.Fail("States.Runtime", err.Error())
		return
	}
	ctx, err := s.assume(m)
	if err != nil {
		t.Fail("States.TaskFailed", err.Error())
		return
	}
	parameters := t.Parameters
	if method.Integration.Optimized {
		parameters = textMembers(parameters)
	}
	out, err := method.Invoke(ctx, parameters)
	s.clock.After(door.Elapsed(ctx), func() {
		if t.Done() {
			return
		}
		if err != nil {
			s.fail(t, method.Integration, err)
			return
		}
		s.answer(m, t, method.Integration, out)
	})
}

// answer goes on after the first call: with its output, or with waiting for what it set going.
func (s *Service) answer(m *machine, t *sim.Task, in door.Integration, out any) {
	switch in.Pattern {
	case "":
		t.Succeed(out)
	case "waitForTaskToken":
		t.Submitted(out)
		s.tokens[t.Token] = t
		t.OnStop(func() { delete(s.tokens, t.Token) })
	default:
		job, ok := s.jobOf(in)
		if !ok {
			t.Fail("States.Runtime", fmt.Sprintf("the local world does not model %s", t.Resource))
			return
		}
		t.Submitted(out)
		job.follow(m, t, out)
	}
}

// fail ends a task with the name that Step Functions gives the service's error. A parameter that the API does
// not have would have been refused when the machine was created.
func (s *Service) fail(t *sim.Task, in door.Integration, err error) {
	var parameter *door.ParameterError
	if errors.As(err, &parameter) {
		t.Fail("States.Runtime", "The Parameters of the state could not be used to start the Task: ["+parameter.Error()+"]")
		return
	}
	name, cause := TaskError(in, err, s.door.UUID())
	t.Fail(name, cause)
}

// textMembers are the members of optimised integrations that take any JSON and send it as text.
func textMembers(parameters any) any {
	o, ok := parameters.(*jsonvalue.Object)
	if !ok {
		return parameters
	}
	out := o.Clone()
	for name, value := range o.All() {
		switch name {
		case "Message", "MessageBody", "Input", "Detail":
			switch value.(type) {
			case *jsonvalue.Object, []any, bool, float64:
				out.Set(name, jsonvalue.String(value))
			}
		case "Entries": // of events:putEvents
			if list, ok := value.([]any); ok {
				entries := make([]any, len(list))
				for i, e := range list {
					entries[i] = textMembers(e)
				}
				out.Set(name, entries)
			}
		}
	}
	return out
}
