package asl

import (
	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// Assignment sets a variable.
type Assignment struct {
	name  string
	value any
}

// Let sets the variable to the value.
func Let[T any](v Variable[T], value Value[T]) Assignment {
	return Assignment{v.r.variable, value}
}

// Saving sets a variable from a task's output.
type Saving[Out any] struct{ Assignment }

// Into saves the field of a task's output that the selector points to:
//
//	runJob.Save(asl.Into(state, func(r *glue.JobRun) *string { return &r.JobRunState }))
func Into[Out, T any](v Variable[T], selector func(*Out) *T) Saving[Out] {
	return Saving[Out]{Assignment{v.r.variable, ResultAt(selector)}}
}

// Whole saves a task's output.
func Whole[Out any](v Variable[Out]) Saving[Out] {
	return Saving[Out]{Assignment{v.r.variable, Result[Out]()}}
}

func assignments[Out any](list []Saving[Out]) []Assignment {
	out := make([]Assignment, len(list))
	for i, s := range list {
		out[i] = s.Assignment
	}
	return out
}

func assigned(r renderer, list []Assignment) ast.Field {
	if len(list) == 0 {
		return ast.Field{}
	}
	o := jsonvalue.NewObject(len(list))
	for _, a := range list {
		if _, twice := o.Get(a.name); twice {
			r.fail("a variable gets one value in a state", "the variable %s is assigned twice", a.name)
			continue
		}
		r.member(o, a.name, a.value)
	}
	return ast.NewField(o)
}
