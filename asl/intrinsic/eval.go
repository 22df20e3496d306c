package intrinsic

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// Env is what an expression is evaluated in.
type Env struct {
	// Roots resolves the paths.
	Roots jsonpath.Roots
	// Rand is the source of MathRandom without a seed and of UUID. Without it
	// both fail.
	Rand *rand.Rand
	// UUID, if given, makes the results of States.UUID.
	UUID func() string
}

// An Error says why an evaluation failed, as AWS words it in the cause of the
// state's failure.
type Error struct {
	Name  string // states.IntrinsicFailure: a function refused its arguments; states.Runtime: a path has no match
	Cause string
}

func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// A function is one intrinsic function.
type function struct {
	min, max int // arguments; max -1: any number
	apply    func(env *Env, args []any) (any, error)
	numbers  []int // arguments that must be numbers, where they are literals
}

func (f *function) arity() string {
	switch {
	case f.max < 0 && f.min == 0:
		return "any number of arguments"
	case f.max < 0:
		return fmt.Sprintf("at least %d arguments", f.min)
	case f.min != f.max:
		return fmt.Sprintf("%d or %d arguments", f.min, f.max)
	case f.min == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", f.min)
}

var functions = map[string]*function{
	"States.Array":          {0, -1, array, nil},
	"States.ArrayContains":  {2, 2, arrayContains, nil},
	"States.ArrayGetItem":   {2, 2, arrayGetItem, []int{1}},
	"States.ArrayLength":    {1, 1, arrayLength, nil},
	"States.ArrayPartition": {2, 2, arrayPartition, []int{1}},
	"States.ArrayRange":     {3, 3, arrayRange, []int{0, 1, 2}},
	"States.ArrayUnique":    {1, 1, arrayUnique, nil},
	"States.Base64Decode":   {1, 1, base64Decode, nil},
	"States.Base64Encode":   {1, 1, base64Encode, nil},
	"States.Format":         {1, -1, format, nil},
	"States.Hash":           {2, 2, hash, nil},
	"States.JsonMerge":      {3, 3, jsonMerge, nil},
	"States.JsonToString":   {1, 1, jsonToString, nil},
	"States.MathAdd":        {2, 2, mathAdd, []int{0, 1}},
	"States.MathRandom":     {2, 3, mathRandom, []int{0, 1, 2}},
	"States.StringSplit":    {2, 2, stringSplit, nil},
	"States.StringToJson":   {1, 1, stringToJSON, nil},
	"States.UUID":           {0, 0, uuid, nil},
}

// Names lists the intrinsic functions in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(functions)) }

// Eval computes the value of the expression. Its error is an *Error.
func (e *Expr) Eval(env *Env) (any, error) {
	return e.eval(env, e.call)
}

func (e *Expr) eval(env *Env, c *Call) (any, error) {
	var space [4]any
	args := space[:0]
	for i, arg := range c.Args {
		if i == 0 && c.template != nil {
			continue
		}
		var value any
		var err error
		switch arg := arg.(type) {
		case Literal:
			value = arg.Value
		case *Call:
			if value, err = e.eval(env, arg); err != nil {
				return nil, err
			}
		case PathArg:
			if value, err = arg.Path.Resolve(env.Roots); err != nil {
				return nil, e.notFound(env, c, arg.Path)
			}
		}
		args = append(args, value)
	}
	var value any
	var err error
	switch {
	case c.problem != nil:
		err = c.problem
	case c.template != nil:
		value, err = fill(c.template, args)
	default:
		value, err = c.function.apply(env, args)
	}
	if err != nil {
		return nil, &Error{states.IntrinsicFailure, fmt.Sprintf("The function '%s' had the following error: %s", e.text(c), err)}
	}
	return value, nil
}

// text is the call as it was written.
func (e *Expr) text(c *Call) string { return e.source[c.Offset:c.End] }

func (e *Expr) notFound(env *Env, c *Call, path *jsonpath.Path) error {
	var root any
	switch path.Scope() {
	case jsonpath.Context:
		root = env.Roots.Context()
	case jsonpath.Variable:
		root, _ = env.Roots.Variable(path.Variable())
	default:
		root = env.Roots.Input()
	}
	return &Error{states.Runtime, fmt.Sprintf(
		"The function '%s' had the following error: The JsonPath argument for the field '%s' could not be found in the input '%s'",
		e.text(c), path, jsonvalue.String(root))}
}

// fill puts the arguments of Format between the parts of its template.
func fill(template []string, args []any) (any, error) {
	if err := bounded(args); err != nil {
		return nil, err
	}
	var b strings.Builder
	for i, part := range template {
		b.WriteString(part)
		if i < len(args) {
			spell(&b, args[i])
		}
	}
	return b.String(), nil
}
