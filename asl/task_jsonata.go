package asl

import (
	"time"

	"airline/asl/ast"
	"airline/asl/states"
)

// JSONataTask is a Task in JSONata: its parameters are its Arguments, and
// Output takes the place of ResultSelector, ResultPath and OutputPath.
type JSONataTask[Op, Out any] struct{ c core }

func (t JSONataTask[Op, Out]) runs(Op) (out Out) { return out }

// StateName is the name of the state.
func (t JSONataTask[Op, Out]) StateName() string { return t.c.state.Name }

// Comment is for the readers of the definition.
func (t JSONataTask[Op, Out]) Comment(text string) JSONataTask[Op, Out] {
	t.c.state.Comment = text
	return t
}

// Timeout is as for Task.
func (t JSONataTask[Op, Out]) Timeout(d time.Duration) JSONataTask[Op, Out] {
	t.c.state.TimeoutSeconds = seconds(d)
	return t
}

// TimeoutFrom is Timeout with the seconds from the data.
func (t JSONataTask[Op, Out]) TimeoutFrom(seconds Value[int]) JSONataTask[Op, Out] {
	t.c = t.c.with(func(r renderer, s *ast.State) { r.field(seconds, &s.TimeoutSeconds, &s.TimeoutSecondsPath) })
	return t
}

// Heartbeat is as for Task.
func (t JSONataTask[Op, Out]) Heartbeat(d time.Duration) JSONataTask[Op, Out] {
	t.c.state.HeartbeatSeconds = seconds(d)
	return t
}

// HeartbeatFrom is Heartbeat with the seconds from the data.
func (t JSONataTask[Op, Out]) HeartbeatFrom(seconds Value[int]) JSONataTask[Op, Out] {
	t.c = t.c.with(func(r renderer, s *ast.State) { r.field(seconds, &s.HeartbeatSeconds, &s.HeartbeatSecondsPath) })
	return t
}

// AssumeRole is as for Task.
func (t JSONataTask[Op, Out]) AssumeRole(role Value[string]) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{Task[Op, Out]{t.c}.AssumeRole(role).c}
}

// Output is what the state hands on: any document. By default the result.
func (t JSONataTask[Op, Out]) Output(document any) JSONataTask[Op, Out] {
	t.c = t.c.output(document)
	return t
}

// KeepInput hands the input on and drops the result.
func (t JSONataTask[Op, Out]) KeepInput() JSONataTask[Op, Out] {
	t.c.state.Output = ast.NewField("{% $states.input %}")
	return t
}

// Save sets variables from fields of the output; see Into.
func (t JSONataTask[Op, Out]) Save(list ...Saving[Out]) JSONataTask[Op, Out] {
	for _, s := range list {
		t.c = t.c.assigning(s.Assignment)
	}
	return t
}

// Assign sets variables; see Let.
func (t JSONataTask[Op, Out]) Assign(list ...Assignment) JSONataTask[Op, Out] {
	t.c = t.c.assigning(list...)
	return t
}

// Grant is as for Task.
func (t JSONataTask[Op, Out]) Grant(grants ...ast.Grant) JSONataTask[Op, Out] {
	return JSONataTask[Op, Out]{Task[Op, Out]{t.c}.Grant(grants...).c}
}

// Retry tries again after one of the errors.
func (t JSONataTask[Op, Out]) Retry(b Retrier, errors ...Err[Op]) JSONataTask[Op, Out] {
	t.c = t.c.retrying(b, names(errors))
	return t
}

// RetryAll tries again after any error.
func (t JSONataTask[Op, Out]) RetryAll(b Retrier) JSONataTask[Op, Out] {
	t.c = t.c.retrying(b, []string{states.ALL})
	return t
}

// Catch leads to the target when the task failed with the error.
func (t JSONataTask[Op, Out]) Catch(e Err[Op], to CatchTarget) JSONataTask[Op, Out] {
	t.c = t.c.catching(to, string(e))
	return t
}

// CatchAll is as for Task: it comes last.
func (t JSONataTask[Op, Out]) CatchAll(to CatchTarget) GuardedTask[Op, Out] {
	return GuardedTask[Op, Out]{t.c.catching(to, states.ALL)}
}

// Then leads on to the target.
func (t JSONataTask[Op, Out]) Then(to Target) Wired { return t.c.wire(to) }

// End ends the machine, or the branch, after the task.
func (t JSONataTask[Op, Out]) End() Wired { return t.c.wire(nil) }

func (t JSONataTask[Op, Out]) wire(to Target) Wired { return t.c.wire(to) }
func (t JSONataTask[Op, Out]) guarded(to CatchTarget) Step {
	return GuardedTask[Op, Out]{t.c.guarded(to)}
}
