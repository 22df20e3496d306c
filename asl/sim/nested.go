package sim

import (
	"fmt"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// Machines performs states:startExecution tasks, with and without .sync, by
// running the machine of that ARN on the same clock. Every other task is left to
// Next.
type Machines struct {
	// ByARN holds the machines that can be started.
	ByARN map[string]*Machine
	// Next performs the other tasks.
	Next TaskHandler
	// Options are those of the executions it starts; Tasks is this handler
	// unless given.
	Options Options
	// Started is told of every execution, if given.
	Started func(*Execution)
}

// StartTask starts an execution, or leaves the task to Next.
func (m *Machines) StartTask(t *Task) {
	nested := (t.Service == "states" || t.Service == "aws-sdk:sfn") && t.Action == "startExecution"
	if !nested {
		if m.Next == nil {
			t.FailUnmocked(fmt.Sprintf("nobody performs the task of state %q (%s): give Machines.Next", t.State, t.Resource))
			return
		}
		m.Next.StartTask(t)
		return
	}
	parameters, _ := t.Parameters.(*jsonvalue.Object)
	text := func(name string) string {
		value, _ := parameters.Get(name)
		s, _ := value.(string)
		return s
	}
	arn := text("StateMachineArn")
	machine := m.ByARN[arn]
	if machine == nil {
		t.Fail("StepFunctions.StateMachineDoesNotExistException", fmt.Sprintf(
			"State Machine Does Not Exist: '%s' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist)", arn))
		return
	}
	input, ok := parameters.Get("Input")
	if source, isText := input.(string); isText {
		decoded, err := jsonvalue.Decode([]byte(source))
		if err != nil {
			t.Fail("StepFunctions.InvalidExecutionInputException", "Invalid State Machine Execution Input: '"+err.Error()+"'")
			return
		}
		input = decoded
	} else if !ok {
		input = jsonvalue.NewObject(0)
	}
	options := m.Options
	options.Name, options.StateMachineARN, options.ExecutionARN = text("Name"), arn, ""
	if options.Tasks == nil {
		options.Tasks = m
	}
	if options.Rand == nil {
		options.Rand = t.Execution.random()
	}
	after := options.OnDone
	options.OnDone = func(x *Execution) {
		if after != nil {
			after(x)
		}
		finishNested(t, x)
	}
	x := machine.Start(t.Execution.clock, input, options)
	if m.Started != nil {
		m.Started(x)
	}
	answer := jsonvalue.NewObject(2)
	answer.Set("ExecutionArn", x.ARN())
	answer.Set("StartDate", x.clock.Now().UTC().Format(time.RFC3339Nano))
	if t.Pattern == "" {
		t.Succeed(answer)
		return
	}
	t.Submitted(answer)
	if t.Pattern != "waitForTaskToken" {
		t.OnStop(func() { x.Stop("", "") })
	}
}

// finishNested ends a .sync task with the execution's description. sync:2 gives
// the input and output as JSON instead of as text.
func finishNested(t *Task, x *Execution) {
	if t.Pattern != "sync" && t.Pattern != "sync:2" {
		return
	}
	description := describe(x)
	if x.status != Succeeded {
		t.Fail(states.TaskFailed, jsonvalue.String(description))
		return
	}
	if t.Pattern == "sync:2" {
		description.Set("Input", x.input)
		description.Set("Output", x.output)
	}
	t.Succeed(description)
}
