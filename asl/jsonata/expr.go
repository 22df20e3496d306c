package jsonata

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// Expr is a compiled expression. It does not change, and any number of goroutines may evaluate it at once.
type Expr struct {
	src           string
	root          Node
	stepFunctions bool
	binds         bool // it binds variables outside of blocks and functions
	cache         cache
}

// Compile parses a JSONata 2.2 expression. The error is an [*Error]. Bytes that are not UTF-8 count as U+FFFD.
func Compile(src string) (*Expr, error) {
	root, err := compile(src)
	if err != nil {
		return nil, err.fill()
	}
	return &Expr{src: src, root: root, binds: binds(root)}, nil
}

func compile(src string) (Node, *Error) {
	clean := src
	if !utf8.ValidString(src) {
		clean = eachValid(src, func(part string) string { return strings.ToValidUTF8(part, "\uFFFD") })
	}
	x, err := parse(clean)
	var root Node
	if err == nil {
		root, err = resolve(x)
	}
	if err != nil {
		err.Offset = min(err.Offset, len(src))
		return nil, err
	}
	Walk(root, func(n Node) bool {
		if p, ok := n.(*Path); ok {
			p.prepare()
		}
		return true
	})
	return root, nil
}

// Source returns the text that was compiled.
func (x *Expr) Source() string { return x.src }

// Root returns the syntax tree.
func (x *Expr) Root() Node { return x.root }

// String prints the expression from its syntax tree, in one line.
func (x *Expr) String() string { return Print(x.root) }

// Bindings gives the values of variables. Names are without $. Values are those of package jsonvalue, or
// functions.
type Bindings interface {
	Lookup(name string) (value any, ok bool)
}

// Map is the plainest [Bindings].
type Map map[string]any

// Lookup implements [Bindings].
func (m Map) Lookup(name string) (any, bool) {
	v, ok := m[name]
	return v, ok
}

// Options are what an expression can use besides its input. The zero value gives it nothing: no variables, no
// clock, no randomness, no $eval, and limits that stop runaway expressions within seconds.
type Options struct {
	Bindings Bindings
	// Now is asked once per evaluation, when $now, $millis or an incomplete date needs it. Nil makes that an
	// error of code F0001.
	Now func() time.Time
	// Random returns numbers from 0 up to but not including 1, for $random and $shuffle. Nil makes that an error
	// of code F0001.
	Random func() float64
	// Eval allows the function $eval.
	Eval bool
	// Limits bound what one evaluation may use.
	Limits Limits
}

// Limits bound one evaluation. A field that is 0 means its default.
type Limits struct {
	// Depth is how deep evaluations may nest, and with them calls that are not in tail position: a call of a
	// typical function nests by about five. Default 50,000; for Step Functions 100. Beyond it: D1011.
	Depth int
	// Steps is about how many nodes may be evaluated and items be visited. Default 200,000,000, some seconds.
	// Beyond it, or when the context is done: D1012.
	Steps int
	// Size is about how many bytes of values may be made in all, including those dropped again. Default 2 GiB.
	// Beyond it: D2015.
	Size int
}

const (
	defaultDepth = 50_000
	defaultSteps = 200_000_000
	defaultSize  = 2 << 30
)

func orDefault(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}

// Eval evaluates the expression with input as its context. The input is a value of package jsonvalue, which Eval
// does not change; ordinary maps are converted. [Undefined] stands for no input.
//
// The result is again such a value, sharing parts with the input; or [Undefined] when nothing was found; or it
// is, or contains, a [*Function]. The error is an [*Error].
func (x *Expr) Eval(ctx context.Context, input any, o Options) (any, error) {
	if !IsUndefined(input) {
		input = jsonvalue.From(input)
	}
	return x.evaluate(ctx, input, o)
}

// NewFunction makes a function that bindings can hand to expressions. The signature is JSONata's, such as
// <s-n?:s>, and checks and converts the arguments; empty means none. Arguments that were left out are [Undefined].
// An error that f returns and that is no [*Error] becomes one of code D3137.
func NewFunction(name, sig string, f func(ctx context.Context, args []any) (any, error)) (*Function, error) {
	fn := &Function{name: name, arity: 1}
	if sig != "" {
		s, err := parseSignature(sig)
		if err != nil {
			return nil, err.fill()
		}
		fn.signature, fn.arity = s, len(s.params)
	}
	fn.native = func(r *run, args []any) any {
		in := make([]any, max(len(args), fn.arity))
		for i := range in {
			in[i] = r.plain(argument(args, i), 0)
		}
		v, err := f(r.ctx, in)
		if err == nil {
			return v
		}
		if e, ok := err.(*Error); ok {
			panic(e)
		}
		panic(&Error{Code: "D3137", Offset: -1, Message: err.Error(), Value: err.Error(), cause: err})
	}
	return fn, nil
}
