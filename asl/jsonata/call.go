package jsonata

// Function is a function value: of the library, of the expression itself, or of the caller.
type Function struct {
	name      string
	signature *signature
	arity     int // number of arguments that $map and its like give it
	native    func(r *run, args []any) any

	lambda *Lambda // a function of the expression, with what it was made in
	params []string
	env    *env
	in     any

	regex *Regex // a regular expression

	partial *Function // applied to bound, whose gaps are nil pointers to gap
	bound   []any

	scoped func(r *run, e *env, in any, args []any) any // library functions that look at where they are called
}

// gap stands for an argument that a partial application leaves open.
type gap struct{}

// Name returns the name of a function of the library or of the caller, else nothing.
func (f *Function) Name() string { return f.name }

// MarshalJSON prints a function as an empty string, as $string does.
func (f *Function) MarshalJSON() ([]byte, error) { return []byte(`""`), nil }

// parameters returns how many arguments the function takes.
func (f *Function) parameters() int {
	switch {
	case f.lambda != nil:
		return len(f.params)
	case f.partial != nil:
		n := 0
		for _, b := range f.bound {
			if _, ok := b.(gap); ok {
				n++
			}
		}
		return n
	}
	return f.arity
}

// tailCall is a call that a function leaves to its caller to make, so that recursion needs no stack.
type tailCall struct {
	function *Function
	args     []any
	site     *Call
}

// name returns how the function is called in the source.
func (n *Call) name() string {
	switch f := n.Function.(type) {
	case *Variable:
		return f.Name
	case *Path:
		if name, ok := f.Steps[0].(*Name); ok {
			return name.Value
		}
	}
	return ""
}

func (n *Call) eval(r *run, in any, e *env) any {
	if n.partial {
		return n.apply(r, in, e)
	}
	f, v := n.callee(r, in, e, "T1005")
	args := r.arguments(len(n.Arguments))
	for i, a := range n.Arguments {
		args[i] = r.eval(a, in, e)
	}
	if f == nil {
		panic(&Error{Code: "T1006", Offset: n.Offset, Token: n.name(), Value: v})
	}
	return r.invoke(n, f, args, in, e)
}

// callee evaluates what is to be called. What is no function is found out after the arguments have been evaluated,
// except when a $ has been forgotten, which is an error of the given code at once.
func (n *Call) callee(r *run, in any, e *env, meant string) (*Function, any) {
	v := r.eval(n.Function, in, e)
	if f, ok := v.(*Function); ok {
		return f, nil
	}
	if p, ok := n.Function.(*Path); ok && IsUndefined(v) {
		if name, ok := p.Steps[0].(*Name); ok && truthOrFunction(r.lookup(e, name.Value)) {
			panic(&Error{Code: meant, Offset: n.Offset, Token: name.Value})
		}
	}
	return nil, v
}

func truthOrFunction(v any) bool {
	_, ok := v.(*Function)
	return ok || truth(v)
}

// arguments returns room for n arguments.
func (r *run) arguments(n int) []any {
	const chunk = 128
	if n > chunk {
		return make([]any, n)
	}
	if len(r.slab) < n {
		r.slab = make([]any, chunk)
	}
	args := r.slab[:n:n]
	r.slab = r.slab[n:]
	return args
}

// invoke calls f for the call n, or leaves that to the caller when n is in tail position.
func (r *run) invoke(n *Call, f *Function, args []any, in any, e *env) any {
	if n.tail {
		r.pending = tailCall{f, args, n}
		return &r.pending
	}
	outer := r.site
	r.site = n
	v := r.apply(f, args, in, e)
	r.site = outer
	return v
}

// apply calls f. The context stands in for arguments that may be left out.
func (r *run) apply(f *Function, args []any, in any, e *env) any {
	for {
		if r.steps--; r.steps < r.nextCheck {
			r.checkpoint()
		}
		if f.partial == nil {
			args = f.signature.arguments(args, in)
		}
		switch {
		case f.native != nil:
			return f.native(r, args)
		case f.lambda != nil:
			v := r.eval(f.lambda.Body, f.in, f.frame(r, args))
			tail, ok := v.(*tailCall)
			if !ok {
				return v
			}
			f, args = tail.function, tail.args
			if r.site != nil {
				r.site = tail.site
			}
		case f.partial != nil:
			f, args = f.partial, f.complete(args)
			in = Undefined
		case f.regex != nil:
			return r.matchFunction(f.regex, args)
		default:
			return f.scoped(r, e, in, args)
		}
	}
}

// frame binds the parameters of a function of the expression.
func (f *Function) frame(r *run, args []any) *env {
	r.grow(96)
	e := newEnv(f.env)
	for i, name := range f.params {
		if i < len(args) {
			e.bind(name, args[i])
		} else {
			e.bind(name, Undefined)
		}
	}
	return e
}

// complete fills the gaps of a partial application.
func (f *Function) complete(args []any) []any {
	all := make([]any, 0, len(f.bound))
	for _, b := range f.bound {
		if _, open := b.(gap); !open {
			all = append(all, b)
			continue
		}
		if len(args) > 0 {
			all = append(all, args[0])
			args = args[1:]
		} else {
			all = append(all, Undefined)
		}
	}
	return all
}

// call calls f from within a library function, where there is no context.
func (r *run) call(f *Function, args ...any) any {
	if r.depth++; r.depth > r.maxDepth {
		panic(fault("D1011", nil))
	}
	v := r.apply(f, args, nil, nil)
	r.depth--
	return v
}

// apply makes a function of a call with gaps.
func (n *Call) apply(r *run, in any, e *env) any {
	bound := make([]any, len(n.Arguments))
	for i, a := range n.Arguments {
		if a == nil {
			bound[i] = gap{}
		} else {
			bound[i] = r.eval(a, in, e)
		}
	}
	f, v := n.callee(r, in, e, "T1007")
	if f == nil {
		panic(&Error{Code: "T1008", Offset: n.Offset, Token: n.name(), Value: v})
	}
	r.grow(64 + len(bound)*valueSize)
	return &Function{partial: f, bound: bound}
}

func (n *Apply) eval(r *run, in any, e *env) any {
	left := r.eval(n.Left, in, e)
	if c, ok := n.Right.(*Call); ok && !c.partial {
		f, v := c.callee(r, in, e, "T1005")
		args := r.arguments(len(c.Arguments) + 1)
		args[0] = left
		for i, a := range c.Arguments {
			args[i+1] = r.eval(a, in, e)
		}
		if f == nil {
			panic(&Error{Code: "T1006", Offset: c.Offset, Token: c.name(), Value: v})
		}
		outer := r.site
		r.site = c
		v = r.apply(f, args, in, e)
		r.site = outer
		return v
	}
	right, ok := r.eval(n.Right, in, e).(*Function)
	if !ok {
		panic(&Error{Code: "T2006", Offset: n.Offset, Token: "~>"})
	}
	if first, ok := left.(*Function); ok {
		r.grow(64)
		return &Function{arity: 1, native: func(r *run, args []any) any {
			return r.call(right, r.call(first, argument(args, 0)))
		}}
	}
	return r.apply(right, []any{left}, nil, e)
}

// argument returns an argument, or undefined when it was left out.
func argument(args []any, i int) any {
	if i < len(args) {
		return args[i]
	}
	return Undefined
}
