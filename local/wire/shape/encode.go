package shape

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"airline/asl/jsonvalue"
)

// Encode makes a tree of an SDK output. Members that are absent are not in it.
func Encode(v reflect.Value, naming Naming) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if name, value, ok := union(v, naming); ok {
			o := jsonvalue.NewObject(1)
			o.Set(name, Encode(value, naming))
			return o
		}
		return Encode(v.Elem(), naming)
	case reflect.Struct:
		if v.Type() == timeType {
			return v.Interface().(time.Time)
		}
		all := Fields(v.Type())
		o := jsonvalue.NewObject(len(all))
		for _, f := range all {
			if field := v.Field(f.Index); !Absent(field) {
				o.Set(naming(v.Type(), f), Encode(field, naming))
			}
		}
		return o
	case reflect.Slice:
		if v.Type() == bytesType {
			return v.Bytes()
		}
		list := make([]any, v.Len())
		for i := range list {
			list[i] = Encode(v.Index(i), naming)
		}
		return list
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		o := jsonvalue.NewObject(0)
		for _, k := range keys {
			o.Set(k.String(), Encode(v.MapIndex(k), naming))
		}
		return o
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	}
	return nil
}

// Absent reports members that are not in an answer: nil, and the empty text of an enumeration.
func Absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

// union takes a value like &types.FieldMemberStringValue{Value} apart.
func union(v reflect.Value, naming Naming) (string, reflect.Value, bool) {
	if v.Kind() != reflect.Interface {
		return "", reflect.Value{}, false
	}
	e := v
	for e.Kind() == reflect.Interface || e.Kind() == reflect.Pointer {
		e = e.Elem()
	}
	if e.Kind() != reflect.Struct {
		return "", reflect.Value{}, false
	}
	f := choiceOf(e.Type())
	if f.Index < 0 {
		return "", reflect.Value{}, false
	}
	return naming(v.Type(), f), e.Field(f.Index), true
}

var choices sync.Map // type of a union's member to its Field

// choiceOf is the member of a union that a type stands for; its Index is -1 when the type is none's.
func choiceOf(t reflect.Type) Field {
	if known, ok := choices.Load(t); ok {
		return known.(Field)
	}
	f := Field{Index: -1}
	value, has := t.FieldByName("Value")
	if _, name, ok := strings.Cut(t.Name(), "Member"); ok && has {
		f = Field{value.Index[0], name, lowerFirst(name)}
	}
	choices.Store(t, f)
	return f
}
