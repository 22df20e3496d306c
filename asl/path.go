package asl

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unsafe"
)

// Path is a place in the data that holds a T.
type Path[T any] struct{ r ref }

func (p Path[T]) expression() *expr { return &expr{kind: exprRef, ref: p.r} }
func (Path[T]) of(T)                {}
func (p Path[T]) reference() ref    { return p.r }

// String is the path in JSONPath.
func (p Path[T]) String() string { return p.r.jsonPath() }

// Variable is a workflow variable that holds a T. Assign sets it; every later
// state of the same scope may read it.
type Variable[T any] struct{ r ref }

func (v Variable[T]) expression() *expr { return &expr{kind: exprRef, ref: v.r} }
func (Variable[T]) of(T)                {}
func (v Variable[T]) reference() ref    { return v.r }

// Name is the variable's name, without the dollar sign.
func (v Variable[T]) Name() string { return v.r.variable }

// String is the variable as it is written in both languages: $name.
func (v Variable[T]) String() string { return v.r.jsonPath() }

// Var is the variable of that name. Max 80 characters, letters, digits and _.
func Var[T any](name string) Variable[T] { return Variable[T]{ref{root: rootVariable, variable: name}} }

// ref is a path before it is spelled in one of the languages.
type ref struct {
	root     root
	variable string
	steps    []step
	raw      string // a path written by hand, JSONPath only
	err      error
}

// root is what a path starts from.
type root uint8

const (
	rootInput    root = iota // the state's input
	rootResult               // the state's result, in Assign, Output, ResultSelector
	rootError                // the error that is caught
	rootContext              // the context object
	rootVariable             // a workflow variable
)

type step struct {
	name  string
	index int // when name is ""
}

// Input is the whole input of the state, as a T.
func Input[T any]() Path[T] { return Path[T]{ref{root: rootInput}} }

// Result is the whole result of the state, as a T; for Assign, ResultSelector
// and Output.
func Result[T any]() Path[T] { return Path[T]{ref{root: rootResult}} }

// At is the field of the state's input that the selector points to:
//
//	key := asl.At(func(e *Event) *string { return &e.Key }) // $.key
//
// The selector is called once, with a zero value. Fields have the name of their
// json tag, else their own.
func At[S, T any](selector func(*S) *T) Path[T] { return Of(Input[S](), selector) }

// ResultAt is the field of the state's result that the selector points to.
func ResultAt[S, T any](selector func(*S) *T) Path[T] { return Of(Result[S](), selector) }

// Of is the field of what from refers to:
//
//	run := asl.Var[glue.JobRun]("run")
//	asl.Of(run, func(r *glue.JobRun) *string { return &r.ErrorMessage }) // $run.ErrorMessage
func Of[S, T any](from Ref[S], selector func(*S) *T) Path[T] {
	r := from.reference()
	steps, err := selected(selector)
	if r.err == nil {
		r.err = err
	}
	r.steps = append(r.steps[:len(r.steps):len(r.steps)], steps...)
	return Path[T]{r}
}

// Index is the element of a list, from 0.
func Index[T any](list Ref[[]T], i int) Path[T] {
	r := list.reference()
	r.steps = append(r.steps[:len(r.steps):len(r.steps)], step{index: i})
	return Path[T]{r}
}

// Entry is the value of a key in a map.
func Entry[T any](m Ref[map[string]T], key string) Path[T] {
	r := m.reference()
	r.steps = append(r.steps[:len(r.steps):len(r.steps)], step{name: key})
	return Path[T]{r}
}

// Member is the member of a document without a Go type, or of one whose type
// says nothing about it.
func Member[T, S any](from Ref[S], name string) Path[T] {
	r := from.reference()
	r.steps = append(r.steps[:len(r.steps):len(r.steps)], step{name: name})
	return Path[T]{r}
}

// RawPath is a path written by hand, in JSONPath: filters, slices and wild
// cards, which have no typed form.
func RawPath[T any](path string) Path[T] { return Path[T]{ref{raw: path}} }

// jsonPath spells the path in JSONPath.
func (r ref) jsonPath() string {
	if r.raw != "" {
		return r.raw
	}
	var b strings.Builder
	switch r.root {
	case rootContext:
		b.WriteString("$$")
	case rootVariable:
		b.WriteString("$" + r.variable)
	default:
		b.WriteString("$")
	}
	for _, s := range r.steps {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case plainName(s.name):
			b.WriteString("." + s.name)
		default:
			b.WriteString("['" + templateQuotes.Replace(s.name) + "']")
		}
	}
	return b.String()
}

// jsonata spells the path in JSONata.
func (r ref) jsonata() (string, error) {
	if r.raw != "" {
		return "", fmt.Errorf("the path %s is JSONPath in a JSONata state; write it with Q", r.raw)
	}
	var b strings.Builder
	switch r.root {
	case rootInput:
		b.WriteString("$states.input")
	case rootResult:
		b.WriteString("$states.result")
	case rootError:
		b.WriteString("$states.errorOutput")
	case rootContext:
		b.WriteString("$states.context")
	case rootVariable:
		b.WriteString("$" + r.variable)
	}
	for _, s := range r.steps {
		switch {
		case s.name == "":
			b.WriteString("[" + strconv.Itoa(s.index) + "]")
		case plainName(s.name):
			b.WriteString("." + s.name)
		default:
			b.WriteString(".`" + s.name + "`")
		}
	}
	return b.String(), nil
}

// plainName tells whether a member name needs no quotes in a path.
func plainName(name string) bool {
	for i, c := range name {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// selected finds which field a selector points to by where it points: the
// address of a field in a zero value gives the path, the type breaks the tie
// between a struct and its first field.
func selected[S, T any](selector func(*S) *T) (steps []step, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the selector panics on a zero value (%v); a selector only takes the address of a field", p)
		}
	}()
	var zero S
	field := selector(&zero)
	if field == nil {
		return nil, errors.New("the selector returns nil; a selector returns the address of a field of its argument")
	}
	base, at := uintptr(unsafe.Pointer(&zero)), uintptr(unsafe.Pointer(field))
	outer, want := reflect.TypeFor[S](), reflect.TypeFor[T]()
	if at < base || at-base > outer.Size() {
		return nil, errors.New("the selector returns no field of its argument; a selector returns the address of a field")
	}
	steps, ok := fieldAt(outer, at-base, want, nil)
	if !ok {
		return nil, fmt.Errorf("the selector returns no field of %v that has a name in JSON", outer)
	}
	return steps, nil
}

func fieldAt(t reflect.Type, offset uintptr, want reflect.Type, steps []step) ([]step, bool) {
	if offset == 0 && t == want {
		return steps, true
	}
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if offset < f.Offset || offset >= f.Offset+max(f.Type.Size(), 1) {
				continue
			}
			inner := steps[:len(steps):len(steps)]
			if name, ok := jsonName(f); !ok {
				continue
			} else if name != "" {
				inner = append(inner, step{name: name})
			}
			if found, ok := fieldAt(f.Type, offset-f.Offset, want, inner); ok {
				return found, true
			}
		}
	case reflect.Array:
		if size := t.Elem().Size(); size > 0 && offset < t.Size() {
			inner := append(steps[:len(steps):len(steps)], step{index: int(offset / size)})
			return fieldAt(t.Elem(), offset%size, want, inner)
		}
	}
	return nil, false
}

// jsonName is the name of a struct field in JSON: "" for an embedded struct
// whose fields count as the outer one's; !ok for a field that JSON leaves out.
func jsonName(f reflect.StructField) (name string, ok bool) {
	tag := f.Tag.Get("json")
	if tag == "-" {
		return "", false
	}
	name, _, _ = strings.Cut(tag, ",")
	switch {
	case name != "":
		return name, true
	case f.Anonymous && f.Type.Kind() == reflect.Struct:
		return "", true
	case !f.IsExported():
		return "", false
	}
	return f.Name, true
}
