package asl

import (
	"time"

	"airline/asl/ast"
	"airline/asl/states"
)

// Task is a state that calls a service, not yet wired. Op is the operation: it
// decides which errors can be caught. Out is the operation's output: it decides
// what can be saved and, in package simtest, what a mock answers.
//
// The service packages make Tasks; NewTask makes one of any resource.
type Task[Op, Out any] struct{ leading }

// NewTask makes a task of a resource ARN and its parameters: any Go value that
// JSON takes, with operands in it. Op is any type; it stands for the operation.
//
//	asl.NewTask[Snapshot, SnapshotOutput]("Snapshot", asl.SDK("ec2", "createSnapshot"), asl.Object{"VolumeId": volume})
func NewTask[Op, Out any](name, resource string, parameters any) Task[Op, Out] {
	return Task[Op, Out]{leading{newTask(name, resource, parameters)}}
}

//go:noinline
func newTask(name, resource string, parameters any) *core {
	c := newCore(name, ast.TypeTask).with(func(_ renderer, s *ast.State) { s.Resource = resource })
	if parameters != nil {
		c = c.parameters(parameters)
	}
	return c
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

// StateName is the name of the state.
func (t Task[Op, Out]) StateName() string { return t.c.name }

// JSONata turns the state to JSONata. Call it before anything that only one of
// the languages has.
func (t Task[Op, Out]) JSONata() JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.jsonata()}}
}

// Comment is for the readers of the definition.
func (t Task[Op, Out]) Comment(text string) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.comment(text)}}
}

// Timeout fails the state with States.Timeout after d; for .sync the job is
// stopped. Whole seconds, 1 to 99,999,999; by default there is none.
func (t Task[Op, Out]) Timeout(d time.Duration) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.timeout(d)}}
}

// TimeoutFrom is Timeout with the seconds from the data.
func (t Task[Op, Out]) TimeoutFrom(seconds Ref[int]) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.timeoutFrom(seconds)}}
}

// Heartbeat fails the state with States.HeartbeatTimeout when the task gives no
// sign of life for d. Shorter than Timeout.
func (t Task[Op, Out]) Heartbeat(d time.Duration) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.heartbeat(d)}}
}

// HeartbeatFrom is Heartbeat with the seconds from the data.
func (t Task[Op, Out]) HeartbeatFrom(seconds Ref[int]) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.heartbeatFrom(seconds)}}
}

// AssumeRole runs the task with another role, as of another account.
func (t Task[Op, Out]) AssumeRole(role Value[string]) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.assumeRole(role)}}
}

// InputPath takes a part of the state's input for the input.
func (t Task[Op, Out]) InputPath(path Reference) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.inputPath(path)}}
}

// ResultSelector replaces the result by a document made of it, an object: JSONPath evaluates only the values of members. OutputPath takes
// a part of the result as it is.
func (t Task[Op, Out]) ResultSelector(document any) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.resultSelector(document)}}
}

// ResultPath puts the result into the input; by default it replaces it.
func (t Task[Op, Out]) ResultPath(path Reference) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.resultPath(path)}}
}

// OutputPath hands only a part on, by default of the result.
func (t Task[Op, Out]) OutputPath(path Reference) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.outputPath(path)}}
}

// KeepInput hands the input on and drops the result, of which variables may have
// been saved.
func (t Task[Op, Out]) KeepInput() Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.keepInput()}}
}

// Assign sets variables; see Let. $ is the result here.
func (t Task[Op, Out]) Assign(list ...Assignment) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.assigning(list)}}
}

// Save sets variables from fields of the output; see Into.
func (t Task[Op, Out]) Save(list ...Saving[Out]) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.assigning(assignments(list))}}
}

// Grant adds permissions that the parameters do not show.
func (t Task[Op, Out]) Grant(grants ...ast.Grant) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.grant(grants)}}
}

// GrantKey adds the permission for actions on the KMS key that encrypts what the
// task reads or writes; nothing without a key.
func (t Task[Op, Out]) GrantKey(keyARN string, actions ...string) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.grantKey(keyARN, actions)}}
}

// Narrow tells the ARNs of what the task touches, where its parameters do not:
// in the grants each takes the place of the pattern that it fits.
func (t Task[Op, Out]) Narrow(arns ...string) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.narrow(arns)}}
}

// Retry tries again after one of the errors.
func (t Task[Op, Out]) Retry(b Retrier, errors ...Err[Op]) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.retrying(b, texts(errors)...)}}
}

// RetryAll tries again after any error; after it no Retry can match.
func (t Task[Op, Out]) RetryAll(b Retrier) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.retrying(b, states.ALL)}}
}

// Catch leads to the target when the task failed with the error.
func (t Task[Op, Out]) Catch(err Err[Op], to CatchTarget) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.catching(to, string(err))}}
}

// Handle adds the retriers and catchers of the handler.
func (t Task[Op, Out]) Handle(h ErrorHandler) Task[Op, Out] {
	return Task[Op, Out]{leading{t.c.handling(h.c)}}
}

// CatchAll leads to the target when the task failed with any other error. It
// comes last: what it returns has no Catch.
func (t Task[Op, Out]) CatchAll(to CatchTarget) GuardedTask[Op, Out] {
	return GuardedTask[Op, Out]{leading{t.c.catching(to, states.ALL)}}
}

func (t Task[Op, Out]) runs(Op) (out Out) { return out }

func (t Task[Op, Out]) guarded(to CatchTarget) Step {
	return GuardedTask[Op, Out]{leading{t.c.guarded(to)}}
}

// GuardedTask is a Task after CatchAll: all that is left is where it leads.
type GuardedTask[Op, Out any] struct{ leading }

// StateName is the name of the state.
func (t GuardedTask[Op, Out]) StateName() string { return t.c.name }

func (t GuardedTask[Op, Out]) runs(Op) (out Out) { return out }

func (t GuardedTask[Op, Out]) guarded(CatchTarget) Step { return t }
