package sdk

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"airline/asl"
)

// ResultAt is a field of the task's result.
func ResultAt[Out, T any](field func(*Out) *T) asl.Path[T] { return Of(asl.Result[Out](), field) }

// Of is a field of a value of one of the SDK's types, in the data:
//
//	row := asl.Index(sdk.ResultAt(func(o *athena.GetQueryResultsOutput) *[]types.Row { return &o.ResultSet.Rows }), 0)
//	cells := sdk.Of(row, func(r *types.Row) *[]types.Datum { return &r.Data })
func Of[S, T any](from asl.Ref[S], field func(*S) *T) asl.Path[T] {
	path, problem := locate(field)
	if problem != "" {
		// asl's own selectors report their mistakes: hand it one that makes the same.
		return asl.Of(from, func(*S) *T { panic(errors.New(problem)) })
	}
	if len(path) == 1 {
		return asl.Member[T](from, path[0])
	}
	at := asl.Member[any](from, path[0])
	for _, name := range path[1 : len(path)-1] {
		at = asl.Member[any](at, name)
	}
	return asl.Member[T](at, path[len(path)-1])
}

// locate finds the names on the way to the field that a selector points to, by where it points: in a value all of whose
// pointers lead somewhere, each field has an address of its own.
func locate[S, T any](selector func(*S) *T) (path []string, problem string) {
	defer func() {
		if p := recover(); p != nil {
			path, problem = nil, fmt.Sprintf("the selector panics (%v); a selector only points at a field, and not into a list or map", p)
		}
	}()
	if t := reflect.TypeFor[S](); t.Kind() != reflect.Struct {
		return nil, fmt.Sprintf("%v has no fields", t)
	}
	value := reflect.New(reflect.TypeFor[S]())
	fill(value.Elem(), nil)
	field := selector(value.Interface().(*S))
	if field == nil {
		return nil, "the selector returns nil; a selector points at a field of its argument"
	}
	if path = find(value.Elem(), unsafe.Pointer(field), reflect.TypeFor[T]()); len(path) == 0 {
		return nil, fmt.Sprintf("the selector points at no field of %v", reflect.TypeFor[S]())
	}
	return path, ""
}

// fill makes every pointer lead to a value of its own, but for types within themselves.
func fill(v reflect.Value, within []reflect.Type) {
	switch v.Kind() {
	case reflect.Pointer:
		if t := v.Type().Elem(); v.CanSet() && !slices.Contains(within, t) {
			v.Set(reflect.New(t))
			fill(v.Elem(), within)
		}
	case reflect.Struct:
		if v.Type() == moment {
			return
		}
		within = append(slices.Clip(within), v.Type())
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), within)
			}
		}
	}
}

// find is the way from a struct to an address.
func find(v reflect.Value, at unsafe.Pointer, want reflect.Type) []string {
	for i := range v.NumField() {
		name, ok := spelled(v.Type().Field(i))
		if !ok {
			continue
		}
		f := v.Field(i)
		if f.Kind() == reflect.Pointer && !f.IsNil() {
			if f.UnsafePointer() == at && f.Type().Elem() == want {
				return []string{name}
			}
			f = f.Elem()
		}
		if f.CanAddr() && f.Addr().UnsafePointer() == at && f.Type() == want {
			return []string{name}
		}
		if f.Kind() == reflect.Struct && f.Type() != moment {
			if rest := find(f, at, want); rest != nil {
				return append([]string{name}, rest...)
			}
		}
	}
	return nil
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
