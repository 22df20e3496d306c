package intrinsic

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"airline/asl/jsonvalue"
)

// anyValue stands for an argument that is known only when the call is evaluated, where the function takes any such value.
var anyValue = map[string][]any{
	"States.ArrayPartition": {[]any{}},
	"States.Hash":           {""},
	"States.JsonMerge":      {jsonvalue.NewObject(0), jsonvalue.NewObject(0)},
}

// Doomed is why every evaluation of the expression fails, whatever the data: a template with a lone brace, a literal that the
// function does not take. It is nil where none is known. Step Functions takes such an expression, and fails the execution.
func (e *Expr) Doomed() error {
	env := &Env{Rand: rand.New(rand.NewPCG(1, 1))}
	var doomed func(c *Call) error
	doomed = func(c *Call) error {
		args, known := make([]any, 0, len(c.Args)), true
		for i, arg := range c.Args {
			switch arg := arg.(type) {
			case Literal:
				args = append(args, arg.Value)
				continue
			case *Call:
				if err := doomed(arg); err != nil {
					return err
				}
			}
			if some := anyValue[c.Name]; i < len(some) {
				args = append(args, some[i])
			} else {
				known = false
			}
		}
		err := c.problem
		if err == nil && known && c.template == nil {
			_, err = c.function.apply(env, args)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", e.text(c), err)
		}
		return nil
	}
	return doomed(e.call)
}

// Unknown is the name of the function that an error of Parse says there is not; "" for another error.
func Unknown(err error) string {
	var e *SyntaxError
	if errors.As(err, &e) {
		return e.unknown
	}
	return ""
}
