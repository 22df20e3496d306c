package asl

import (
	"time"

	"airline/asl/ast"
)

// calling is what a task has in both languages. Seconds is the type of a number
// of seconds in the data.
type calling[S, Op, Out any, Seconds Operand] struct{ made[S] }

func (t calling[S, Op, Out, Seconds]) runs(Op) (out Out) { return out }

// StateName is the name of the state.
func (t calling[S, Op, Out, Seconds]) StateName() string { return t.c.name }

// Timeout fails the state with States.Timeout after d; for .sync the job is
// stopped. Whole seconds, 1 to 99,999,999; by default there is none.
func (t calling[S, Op, Out, Seconds]) Timeout(d time.Duration) S {
	return t.with(func(_ renderer, s *ast.State) { s.TimeoutSeconds = seconds(d) })
}

// TimeoutFrom is Timeout with the seconds from the data.
func (t calling[S, Op, Out, Seconds]) TimeoutFrom(seconds Seconds) S {
	return t.with(func(r renderer, s *ast.State) { r.field(seconds, &s.TimeoutSeconds, &s.TimeoutSecondsPath) })
}

// Heartbeat fails the state with States.HeartbeatTimeout when the task gives no
// sign of life for d. Shorter than Timeout.
func (t calling[S, Op, Out, Seconds]) Heartbeat(d time.Duration) S {
	return t.with(func(_ renderer, s *ast.State) { s.HeartbeatSeconds = seconds(d) })
}

// HeartbeatFrom is Heartbeat with the seconds from the data.
func (t calling[S, Op, Out, Seconds]) HeartbeatFrom(seconds Seconds) S {
	return t.with(func(r renderer, s *ast.State) { r.field(seconds, &s.HeartbeatSeconds, &s.HeartbeatSecondsPath) })
}

// AssumeRole runs the task with another role, as of another account.
func (t calling[S, Op, Out, Seconds]) AssumeRole(role Value[string]) S {
	return t.with(func(r renderer, s *ast.State) {
		s.Credentials = ast.NewField(r.at("/Credentials", placeInput).template(Object{"RoleArn": role}))
	})
}

// Save sets variables from fields of the output; see Into.
func (t calling[S, Op, Out, Seconds]) Save(list ...Saving[Out]) S {
	return t.as(t.c.edited(func(c *core) {
		assign := append([]Assignment(nil), c.assign...)
		for _, s := range list {
			assign = append(assign, s.Assignment)
		}
		c.assign = assign
	}))
}

// Grant adds permissions that the parameters do not show.
func (t calling[S, Op, Out, Seconds]) Grant(grants ...ast.Grant) S {
	return t.with(func(_ renderer, s *ast.State) { s.Grants = append(s.Grants, grants...) })
}

// GrantKey adds the permission for actions on the KMS key that encrypts what the
// task reads or writes; nothing without a key.
func (t calling[S, Op, Out, Seconds]) GrantKey(keyARN string, actions ...string) S {
	if keyARN == "" {
		return t.as(t.c)
	}
	return t.Grant(ast.Grant{Actions: actions, Resources: []string{keyARN}})
}

// Narrow tells the ARNs of what the task touches, where its parameters do not:
// in the grants each takes the place of the pattern that it fits.
func (t calling[S, Op, Out, Seconds]) Narrow(arns ...string) S {
	return t.with(func(_ renderer, s *ast.State) {
		for _, arn := range arns {
			if arn != "" {
				s.Touches = append(s.Touches, arn)
			}
		}
	})
}
