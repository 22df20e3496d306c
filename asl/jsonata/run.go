package jsonata

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"airline/asl/jsonvalue"
)

// run is one evaluation. Errors travel as panics with an *Error and become results in Expr.Eval, the way
// text/template does it.
type run struct {
	ctx     context.Context
	options Options
	cache   *cache
	root    any   // $$
	site    *Call // the innermost running call, for errors without a place

	stepFunctions bool // the flavour of Step Functions
	infinite      bool // arithmetic has made a number that JSON does not have

	depth, maxDepth  int
	steps, nextCheck int // steps left; the context is looked at when they are below nextCheck
	size             int // bytes that may still be made

	made     int  // arrays and objects made, which bounds how deep the result can be nested
	internal bool // a value of an internal type may be inside of another value
	pending  tailCall
	slab     []any
	buffers  [][]any
	matching matches
	millis   float64
	clock    bool // millis has been read
}

// checkEvery is the number of steps between two looks at the context.
const checkEvery = 4096

func (r *run) checkpoint() {
	if r.steps < 0 {
		panic(fault("D1012", nil))
	}
	if err := r.ctx.Err(); err != nil {
		e := fault("D1012", nil)
		e.cause = err
		panic(e)
	}
	r.nextCheck = max(r.steps-checkEvery, 0)
}

// spend counts n steps.
func (r *run) spend(n int) {
	if r.steps -= n; r.steps < r.nextCheck {
		r.checkpoint()
	}
}

// grow counts n bytes of values being made.
func (r *run) grow(n int) {
	if r.size -= n; r.size < 0 {
		panic(fault("D2015", nil))
	}
}

// growText counts the bytes of a text being made, which Step Functions bounds.
func (r *run) growText(n int) {
	r.grow(n)
	if r.stepFunctions && n > maxStepFunctionsText {
		panic(fault("D2015", nil))
	}
}

// valueSize is what one item of an array counts as.
const valueSize = 16

// runs keeps what evaluations need for the next ones.
var runs = sync.Pool{New: func() any { return new(run) }}

// evaluate evaluates an expression, and turns panics into errors.
func (x *Expr) evaluate(ctx context.Context, input any, o Options) (v any, err error) {
	r := runs.Get().(*run)
	r.ctx, r.options, r.root, r.cache, r.stepFunctions = ctx, o, input, &x.cache, x.stepFunctions
	r.depth, r.made, r.internal, r.infinite, r.clock = 0, 0, false, false, false
	depth := defaultDepth
	if x.stepFunctions {
		depth = stepFunctionsDepth
	}
	r.maxDepth = orDefault(o.Limits.Depth, depth)
	r.steps = orDefault(o.Limits.Steps, defaultSteps)
	r.size = orDefault(o.Limits.Size, defaultSize)
	r.nextCheck = max(r.steps-checkEvery, 0)
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		e, ok := p.(*Error)
		if !ok {
			e = &Error{Code: "X0001", Offset: -1, Value: fmt.Sprint(p)}
		}
		if e.Offset < 0 && r.site != nil {
			e.at(r.site.Offset, r.site.name())
		}
		v, err = Undefined, e.fill()
	}()
	if ctx.Err() != nil {
		r.checkpoint()
	}
	in := input
	if isArray(input) {
		in = &array{items: []any{input}, sequence: true, wrapper: true}
	}
	var e *env
	if x.binds {
		e = newEnv(nil)
	}
	v = r.finish(r.eval(x.root, in, e))
	if r.infinite && x.stepFunctions {
		v = withoutInfinity(v)
	}
	r.release()
	return v, nil
}

// release gives r back for the next evaluation. It keeps little memory and no values of this one.
func (r *run) release() {
	const most = 4096
	for i, b := range r.buffers {
		if cap(b) > most || i >= 8 {
			r.buffers = slices.Delete(r.buffers, i, len(r.buffers))
			break
		}
	}
	if cap(r.matching.matcher.stack) > most {
		r.matching.matcher.stack = nil
	}
	r.ctx, r.root, r.cache, r.site = nil, nil, nil, nil
	r.options, r.pending = Options{}, tailCall{}
	runs.Put(r)
}

// array is an array made by the evaluator, with the marks that the language's rules for sequences need. Arrays
// of documents are plain []any.
type array struct {
	items    []any
	sequence bool // the items are results; an array of one such is that one
	keep     bool // not even then
	cons     bool // made by [...] as a step: not flattened
	wrapper  bool // the input, an array, as a single item
}

func sequenceOf(items ...any) *array { return &array{items: items, sequence: true} }

// itemsOf returns the items of an array of either kind.
func itemsOf(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case *array:
		return v.items, true
	case *stream:
		return v.values(), true
	}
	return nil, false
}

func isArray(v any) bool {
	switch v.(type) {
	case []any, *array, *stream:
		return true
	}
	return false
}

func isSequence(v any) bool {
	a, ok := v.(*array)
	return ok && a.sequence
}

// variable is a name with its value in an env.
type variable struct {
	name  string
	value any
}

// env holds the variables of a block, a call or a tuple, inside of those of parent.
type env struct {
	parent *env
	vars   []variable
	shared bool // vars belong to a tuple: copy before writing
	inline [2]variable
}

func newEnv(parent *env) *env {
	e := &env{parent: parent}
	e.vars = e.inline[:0]
	return e
}

func (e *env) bind(name string, value any) {
	if e.shared {
		e.vars = append([]variable(nil), e.vars...)
		e.shared = false
	}
	for i := range e.vars {
		if e.vars[i].name == name {
			e.vars[i].value = value
			return
		}
	}
	e.vars = append(e.vars, variable{name, value})
}

func (r *run) lookup(e *env, name string) any {
	for ; e != nil; e = e.parent {
		for i := range e.vars {
			if e.vars[i].name == name {
				return e.vars[i].value
			}
		}
	}
	if name == "$" {
		return r.root
	}
	if r.options.Bindings != nil {
		if v, ok := r.options.Bindings.Lookup(name); ok {
			return v
		}
	}
	if r.stepFunctions {
		if f, ok := stepFunctionsLibrary[name]; ok {
			return f
		}
		if name == "eval" {
			return Undefined
		}
	}
	if f, ok := library[name]; ok {
		return f
	}
	return Undefined
}

// finish prepares a result for the caller: internal arrays become plain ones. Where an expression has made
// several arrays or objects, they may contain each other so often that the result is far larger than what was
// made, or nested more deeply than the document: that is measured.
func (r *run) finish(v any) any {
	if r.made > 2 {
		r.measure(v, 0)
	}
	return r.plain(v, 0)
}

// maxDepthOfValues bounds the nesting of values, for the sake of everything that walks over them.
const maxDepthOfValues = 2 * jsonvalue.MaxDepth

func (r *run) measure(v any, depth int) {
	if depth > maxDepthOfValues {
		panic(fault("L0002", nil))
	}
	if o, ok := v.(*jsonvalue.Object); ok {
		r.spend(1 + o.Len()>>2)
		r.grow(valueSize * o.Len())
		for i := range o.Len() {
			_, e := o.At(i)
			r.measure(e, depth+1)
		}
		return
	}
	items, _ := itemsOf(v)
	r.spend(1 + len(items)>>2)
	r.grow(valueSize * len(items))
	for _, item := range items {
		switch item.(type) {
		case string, float64, bool, nil:
		default:
			r.measure(item, depth+1)
		}
	}
}

// plain replaces internal arrays in v. Values made from the document alone have none inside, which r.internal
// knows.
func (r *run) plain(v any, depth int) any {
	switch v := v.(type) {
	case *array:
		return r.plainItems(v.items, depth)
	case *stream:
		return r.plainItems(v.values(), depth)
	case []any:
		if r.internal {
			return r.plainItems(v, depth)
		}
	case *jsonvalue.Object:
		if !r.internal {
			return v
		}
		var copied *jsonvalue.Object
		for i := range v.Len() {
			key, old := v.At(i)
			if value := r.plain(old, depth+1); !same(value, old) {
				if copied == nil {
					copied = v.Clone()
				}
				copied.Set(key, value)
			}
		}
		if copied != nil {
			return copied
		}
	case *undefined:
		if depth > 0 {
			return nil
		}
	}
	return v
}

func (r *run) plainItems(items []any, depth int) []any {
	if !r.internal {
		return items
	}
	var copied []any
	for i, old := range items {
		if value := r.plain(old, depth+1); !same(value, old) {
			if copied == nil {
				copied = append([]any(nil), items...)
			}
			copied[i] = value
		}
	}
	if copied != nil {
		return copied
	}
	return items
}

// same reports whether a and b are the same value in the sense of JavaScript's ===: equal strings, numbers ...,
// identical arrays and objects.
func same(a, b any) bool {
	switch x := a.(type) {
	case []any:
		y, ok := b.([]any)
		return ok && len(x) == len(y) && (len(x) == 0 || &x[0] == &y[0])
	case string:
		y, ok := b.(string)
		return ok && x == y
	}
	if x, ok := jsonvalue.Float(a); ok {
		y, ok := jsonvalue.Float(b)
		return ok && x == y
	}
	if _, ok := b.([]any); ok {
		return false
	}
	return a == b
}
