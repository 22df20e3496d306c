package asl

import (
	"time"

	"airline/asl/ast"
	"airline/asl/states"
)

// JSONataTask is a Task in JSONata: its parameters are its Arguments, and
// Output takes the place of ResultSelector, ResultPath and OutputPath.
type JSONataTask[Op, Out any] struct{ leading }

// StateName is the name of the state.
func (t JSONataTask[Op, Out]) StateName() string { return t.c.name }

// Comment is for the readers of the definition.
func (t JSONataTask[Op, Out]) Comment(text string) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.comment(text)}}
}

// Timeout fails the state with States.Timeout after d; for .sync the job is
// stopped. Whole seconds, 1 to 99,999,999; by default there is none.
func (t JSONataTask[Op, Out]) Timeout(d time.Duration) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.timeout(d)}}
}

// TimeoutFrom is Timeout with the seconds from the data.
func (t JSONataTask[Op, Out]) TimeoutFrom(seconds Value[int]) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.timeoutFrom(seconds)}}
}

// Heartbeat fails the state with States.HeartbeatTimeout when the task gives no
// sign of life for d. Shorter than Timeout.
func (t JSONataTask[Op, Out]) Heartbeat(d time.Duration) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.heartbeat(d)}}
}

// HeartbeatFrom is Heartbeat with the seconds from the data.
func (t JSONataTask[Op, Out]) HeartbeatFrom(seconds Value[int]) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.heartbeatFrom(seconds)}}
}

// AssumeRole runs the task with another role, as of another account.
func (t JSONataTask[Op, Out]) AssumeRole(role Value[string]) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.assumeRole(role)}}
}

// Output is what the state hands on: any document. By default the result.
func (t JSONataTask[Op, Out]) Output(document any) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.output(document)}}
}

// KeepInput hands the input on and drops the result, of which variables may have
// been saved.
func (t JSONataTask[Op, Out]) KeepInput() JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.keepInput()}}
}

// Assign sets variables; see Let. $ is the result here.
func (t JSONataTask[Op, Out]) Assign(list ...Assignment) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.assigning(list)}}
}

// Save sets variables from fields of the output; see Into.
func (t JSONataTask[Op, Out]) Save(list ...Saving[Out]) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.assigning(assignments(list))}}
}

// Grant adds permissions that the parameters do not show.
func (t JSONataTask[Op, Out]) Grant(grants ...ast.Grant) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.grant(grants)}}
}

// GrantKey adds the permission for actions on the KMS key that encrypts what the
// task reads or writes; nothing without a key.
func (t JSONataTask[Op, Out]) GrantKey(keyARN string, actions ...string) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.grantKey(keyARN, actions)}}
}

// Narrow tells the ARNs of what the task touches, where its parameters do not:
// in the grants each takes the place of the pattern that it fits.
func (t JSONataTask[Op, Out]) Narrow(arns ...string) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.narrow(arns)}}
}

// Retry tries again after one of the errors.
func (t JSONataTask[Op, Out]) Retry(b Retrier, errors ...Err[Op]) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.retrying(b, texts(errors)...)}}
}

// RetryAll tries again after any error; after it no Retry can match.
func (t JSONataTask[Op, Out]) RetryAll(b Retrier) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.retrying(b, states.ALL)}}
}

// Catch leads to the target when the task failed with the error.
func (t JSONataTask[Op, Out]) Catch(err Err[Op], to CatchTarget) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.catching(to, string(err))}}
}

// Handle adds the retriers and catchers of the handler.
func (t JSONataTask[Op, Out]) Handle(h ErrorHandler) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{leading{t.c.handling(h.c)}}
}

// CatchAll leads to the target when the task failed with any other error. It
// comes last: what it returns has no Catch.
func (t JSONataTask[Op, Out]) CatchAll(to CatchTarget) GuardedTask[Op, Out] {
	return GuardedTask[Op, Out]{leading{t.c.catching(to, states.ALL)}}
}

func (t JSONataTask[Op, Out]) runs(Op) (out Out) { return out }

func (t JSONataTask[Op, Out]) guarded(to CatchTarget) Step {
	return GuardedTask[Op, Out]{leading{t.c.guarded(to)}}
}
