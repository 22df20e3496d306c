package asl

import (
	"time"

	"airline/asl/ast"
	"airline/asl/states"
)

// Task is a state that calls a service, not yet wired. Op is the operation: it
// decides which errors can be caught. Out is the operation's output: it decides
// what can be saved and, in package sim, what a mock answers.
//
// The service packages make Tasks; NewTask makes one of any resource.
type Task[Op, Out any] struct{ c core }

// NewTask makes a task of a resource ARN and its parameters: any Go value that
// JSON takes, with operands in it. Op is any type; it stands for the operation.
//
//	asl.NewTask[Snapshot, SnapshotOutput]("Snapshot", asl.SDK("ec2", "createSnapshot"), asl.Object{"VolumeId": volume})
func NewTask[Op, Out any](name, resource string, parameters any) Task[Op, Out] {
	c := newCore(name, ast.TypeTask)
	c.state.Resource = resource
	if parameters != nil {
		c = c.parameters(parameters)
	}
	return Task[Op, Out]{c}
}

// SDK is the resource ARN of an AWS SDK integration: the service's name in
// lower case, the action in camel case.
func SDK(service, action string) string { return "arn:aws:states:::aws-sdk:" + service + ":" + action }

// Runs is a task state with operation Op and output Out, wired or not: what a
// mock binds to.
type Runs[Op, Out any] interface {
	StateName() string
	runs(Op) Out
}

func (t Task[Op, Out]) runs(Op) (out Out) { return out }

// StateName is the name of the state.
func (t Task[Op, Out]) StateName() string { return t.c.state.Name }

// Comment is for the readers of the definition.
func (t Task[Op, Out]) Comment(text string) Task[Op, Out] {
	t.c.state.Comment = text
	return t
}

// Timeout fails the state with States.Timeout after d; for .sync the job is
// stopped. Whole seconds, 1 to 99,999,999; by default there is none.
func (t Task[Op, Out]) Timeout(d time.Duration) Task[Op, Out] {
	t.c.state.TimeoutSeconds = seconds(d)
	return t
}

// TimeoutFrom is Timeout with the seconds from the data.
func (t Task[Op, Out]) TimeoutFrom(seconds Ref[int]) Task[Op, Out] {
	t.c = t.c.with(func(r renderer, s *ast.State) { r.field(seconds, &s.TimeoutSeconds, &s.TimeoutSecondsPath) })
	return t
}

// Heartbeat fails the state with States.HeartbeatTimeout when the task gives no
// sign of life for d. Shorter than Timeout.
func (t Task[Op, Out]) Heartbeat(d time.Duration) Task[Op, Out] {
	t.c.state.HeartbeatSeconds = seconds(d)
	return t
}

// HeartbeatFrom is Heartbeat with the seconds from the data.
func (t Task[Op, Out]) HeartbeatFrom(seconds Ref[int]) Task[Op, Out] {
	t.c = t.c.with(func(r renderer, s *ast.State) { r.field(seconds, &s.HeartbeatSeconds, &s.HeartbeatSecondsPath) })
	return t
}

// AssumeRole runs the task with another role, as of another account.
func (t Task[Op, Out]) AssumeRole(role Value[string]) Task[Op, Out] {
	t.c = t.c.with(func(r renderer, s *ast.State) {
		s.Credentials = ast.NewField(r.at("/Credentials", placeInput).template(Object{"RoleArn": role}))
	})
	return t
}

// InputPath takes a part of the state's input for the input.
func (t Task[Op, Out]) InputPath(p Reference) Task[Op, Out] {
	t.c = t.c.inputPath(p)
	return t
}

// ResultSelector replaces the result by a document made of it.
func (t Task[Op, Out]) ResultSelector(document any) Task[Op, Out] {
	t.c = t.c.resultSelector(document)
	return t
}

// ResultPath puts the result into the input; by default it replaces it.
func (t Task[Op, Out]) ResultPath(p Reference) Task[Op, Out] {
	t.c = t.c.resultPath(p)
	return t
}

// KeepInput hands the input on and drops the result, of which variables may
// have been saved.
func (t Task[Op, Out]) KeepInput() Task[Op, Out] {
	t.c.state.ResultPath = ast.NewField(nil)
	return t
}

// OutputPath hands only a part on.
func (t Task[Op, Out]) OutputPath(p Reference) Task[Op, Out] {
	t.c = t.c.outputPath(p)
	return t
}

// Save sets variables from fields of the output; see Into.
func (t Task[Op, Out]) Save(list ...Saving[Out]) Task[Op, Out] {
	for _, s := range list {
		t.c = t.c.assigning(s.Assignment)
	}
	return t
}

// Assign sets variables; see Let. $ is the result here.
func (t Task[Op, Out]) Assign(list ...Assignment) Task[Op, Out] {
	t.c = t.c.assigning(list...)
	return t
}

// Grant adds permissions that the parameters do not show, as of a key that
// encrypts what the task writes.
func (t Task[Op, Out]) Grant(grants ...ast.Grant) Task[Op, Out] {
	t.c.state.Grants = append(t.c.state.Grants[:len(t.c.state.Grants):len(t.c.state.Grants)], grants...)
	return t
}

// Narrow tells the ARNs of what the task touches, where its parameters do not:
// in the grants each takes the place of the pattern that it fits.
func (t Task[Op, Out]) Narrow(arns ...string) Task[Op, Out] {
	for _, arn := range arns {
		if arn != "" {
			t.c.state.Touches = append(t.c.state.Touches[:len(t.c.state.Touches):len(t.c.state.Touches)], arn)
		}
	}
	return t
}

// Retry tries again after one of the errors.
func (t Task[Op, Out]) Retry(b Retrier, errors ...Err[Op]) Task[Op, Out] {
	t.c = t.c.retrying(b, names(errors))
	return t
}

// RetryAll tries again after any error; after it no Retry can match.
func (t Task[Op, Out]) RetryAll(b Retrier) Task[Op, Out] {
	t.c = t.c.retrying(b, []string{states.ALL})
	return t
}

// Catch leads to the target when the task failed with the error.
func (t Task[Op, Out]) Catch(e Err[Op], to CatchTarget) Task[Op, Out] {
	t.c = t.c.catching(to, string(e))
	return t
}

// CatchAll leads to the target when the task failed with any other error. It
// comes last: what it returns has no Catch.
func (t Task[Op, Out]) CatchAll(to CatchTarget) GuardedTask[Op, Out] {
	return GuardedTask[Op, Out]{t.c.catching(to, states.ALL)}
}

// JSONata turns the state to JSONata. Call it before anything that only one of
// the languages has.
func (t Task[Op, Out]) JSONata() JSONataTask[Op, Out] { return JSONataTask[Op, Out]{t.c.jsonata()} }

// Then leads on to the target.
func (t Task[Op, Out]) Then(to Target) Wired { return t.c.wire(to) }

// End ends the machine, or the branch, after the task.
func (t Task[Op, Out]) End() Wired { return t.c.wire(nil) }

func (t Task[Op, Out]) wire(to Target) Wired        { return t.c.wire(to) }
func (t Task[Op, Out]) guarded(to CatchTarget) Step { return GuardedTask[Op, Out]{t.c.guarded(to)} }

// GuardedTask is a Task after CatchAll: all that is left is where it leads.
type GuardedTask[Op, Out any] struct{ c core }

func (t GuardedTask[Op, Out]) runs(Op) (out Out) { return out }

// StateName is the name of the state.
func (t GuardedTask[Op, Out]) StateName() string { return t.c.state.Name }

// Then leads on to the target.
func (t GuardedTask[Op, Out]) Then(to Target) Wired { return t.c.wire(to) }

// End ends the machine, or the branch, after the task.
func (t GuardedTask[Op, Out]) End() Wired { return t.c.wire(nil) }

func (t GuardedTask[Op, Out]) wire(to Target) Wired     { return t.c.wire(to) }
func (t GuardedTask[Op, Out]) guarded(CatchTarget) Step { return t }
