package asl

import "time"

// Operand is a value of any type in a definition: a literal, a typed path, a
// variable, the result of an intrinsic function, a JSONata expression, or a
// value known only at deployment.
type Operand interface {
	expression() *expr
}

// Value is an Operand that gives a T. Path[T], Variable[T] and Expr[T] are
// Values; Text, Int, Num, Bool and JSON make literal ones.
type Value[T any] interface {
	Operand
	of(T)
}

// Ref is a Value that refers to a place in the data: a Path or a Variable.
// Comparisons and the fields that take a reference path need one.
type Ref[T any] interface {
	Value[T]
	reference() ref
}

// Reference is a Path or Variable of any type.
type Reference interface {
	Operand
	reference() ref
}

// expr is what an operand is made of.
type expr struct {
	kind   exprKind
	value  any // literal: a Go value, which may hold operands
	ref    ref
	name   string // intrinsic function, late-bound value
	source string // JSONata
	args   []Operand
	err    error // a mistake in making it, reported by Machine
}

type exprKind uint8

const (
	exprLiteral exprKind = iota
	exprRef
	exprIntrinsic
	exprJSONata
	exprLate
)

// Expr is a computed or literal Value.
type Expr[T any] struct{ e expr }

func (x Expr[T]) expression() *expr { return &x.e }
func (Expr[T]) of(T)                {}

func literal[T any](v any) Expr[T] { return Expr[T]{expr{kind: exprLiteral, value: v}} }

// Text is a literal text.
func Text[S ~string](s S) Expr[string] { return literal[string](string(s)) }

// Int is a literal integer.
func Int(n int) Expr[int] { return literal[int](n) }

// Num is a literal number.
func Num(n float64) Expr[float64] { return literal[float64](n) }

// Bool is a literal boolean.
func Bool(b bool) Expr[bool] { return literal[bool](b) }

// Time is a literal timestamp, printed in RFC 3339 with seconds or finer.
func Time(t time.Time) Expr[time.Time] {
	return literal[time.Time](t.UTC().Format(time.RFC3339Nano))
}

// JSON is a document: any Go value that is JSON when printed (maps, slices,
// structs with json tags), with operands wherever values are to be filled in:
//
//	asl.JSON(asl.Object{"state": asl.Context.State.Name, "reason": "rejects"})
//
// nil fields of structs are left out; maps print with sorted keys.
func JSON(v any) Expr[any] { return literal[any](v) }

// As gives v the type that its place needs, where the types of Go cannot know
// it: the fields of a document that came as any, a named string type.
func As[T any](v Operand) Expr[T] { return Expr[T]{*v.expression()} }

// Object is a JSON object in a document; it prints with sorted keys. Use Ordered
// where the order matters to a reader.
type Object = map[string]any

// Ordered is a JSON object that keeps the order in which its members are
// given: name, value, name, value ...
func Ordered(members ...any) OrderedObject { return OrderedObject{members} }

// OrderedObject is made by Ordered.
type OrderedObject struct{ members []any }

// Late is a text that is known only at deployment. It stands in the definition
// as ${name} until Fill puts the text in; checks and simulation take it for
// whatever its place needs.
func Late(name string) Expr[string] { return Expr[string]{expr{kind: exprLate, name: name}} }

// Q is a JSONata expression, without the delimiters {% and %}. It fits only
// states in JSONata; Machine checks its syntax.
func Q[T any](source string) Expr[T] { return Expr[T]{expr{kind: exprJSONata, source: source}} }
