package asl

import (
	"time"

	"airline/asl/ast"
)

// The fields that several builders set, in both query languages: the builders'
// methods say what a field means, and the work is done here once. Nothing of it is
// inlined: the compiler would copy it into the methods of every Task type, at
// three places each, in every package that names the type.

//go:noinline
func (c *core) comment(text string) *core {
	return c.with(func(_ renderer, s *ast.State) { s.Comment = text })
}

//go:noinline
func (c *core) keepInput() *core {
	return c.with(func(r renderer, s *ast.State) {
		if r.lang == ast.JSONata {
			s.Output = ast.NewField("{% $states.input %}")
		} else {
			s.ResultPath = ast.NewField(nil)
		}
	})
}

//go:noinline
func (c *core) parameters(document any) *core {
	return c.with(func(r renderer, s *ast.State) {
		if r.lang == ast.JSONata {
			text, _ := r.at("/Arguments", placeInput).value(document)
			s.Arguments = ast.NewField(text)
		} else {
			s.Parameters = ast.NewField(r.at("/Parameters", placeInput).template(document))
		}
	})
}

//go:noinline
func (c *core) inputPath(p Reference) *core {
	return c.with(func(r renderer, s *ast.State) { s.InputPath = r.at("/InputPath", placeInput).path(p) })
}

//go:noinline
func (c *core) outputPath(p Reference) *core {
	return c.with(func(r renderer, s *ast.State) { s.OutputPath = r.at("/OutputPath", placeInput).somewhere(p) })
}

//go:noinline
func (c *core) resultPath(p Reference) *core {
	return c.with(func(r renderer, s *ast.State) { s.ResultPath = r.at("/ResultPath", placeInput).somewhere(p) })
}

//go:noinline
func (c *core) resultSelector(document any) *core {
	return c.with(func(r renderer, s *ast.State) {
		s.ResultSelector = ast.NewField(r.at("/ResultSelector", placeResult).template(document))
	})
}

//go:noinline
func (c *core) output(document any) *core {
	return c.with(func(r renderer, s *ast.State) {
		text, _ := r.at("/Output", c.resultPlace()).value(document)
		s.Output = ast.NewField(text)
	})
}

//go:noinline
func (c *core) timeout(d time.Duration) *core {
	return c.with(func(_ renderer, s *ast.State) { s.TimeoutSeconds = seconds(d) })
}

//go:noinline
func (c *core) timeoutFrom(n Operand) *core {
	return c.with(func(r renderer, s *ast.State) { r.field(n, &s.TimeoutSeconds, &s.TimeoutSecondsPath) })
}

//go:noinline
func (c *core) heartbeat(d time.Duration) *core {
	return c.with(func(_ renderer, s *ast.State) { s.HeartbeatSeconds = seconds(d) })
}

//go:noinline
func (c *core) heartbeatFrom(n Operand) *core {
	return c.with(func(r renderer, s *ast.State) { r.field(n, &s.HeartbeatSeconds, &s.HeartbeatSecondsPath) })
}

//go:noinline
func (c *core) assumeRole(role Value[string]) *core {
	return c.with(func(r renderer, s *ast.State) {
		s.Credentials = ast.NewField(r.at("/Credentials", placeInput).template(Object{"RoleArn": role}))
	})
}

//go:noinline
func (c *core) grant(grants []ast.Grant) *core {
	return c.with(func(_ renderer, s *ast.State) { s.Grants = append(s.Grants, grants...) })
}

//go:noinline
func (c *core) grantKey(keyARN string, actions []string) *core {
	if keyARN == "" {
		return c
	}
	return c.grant([]ast.Grant{{Actions: actions, Resources: []string{keyARN}}})
}

//go:noinline
func (c *core) narrow(arns []string) *core {
	return c.with(func(_ renderer, s *ast.State) {
		for _, arn := range arns {
			if arn != "" {
				s.Touches = append(s.Touches, arn)
			}
		}
	})
}
