package shape

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// Encode makes a tree of an SDK output. Members that are absent are not in it.
func Encode(v reflect.Value, naming Naming) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if name, value, ok := union(v, naming); ok {
			o := NewObject()
			o.Set(name, Encode(value, naming))
			return o
		}
		return Encode(v.Elem(), naming)
	case reflect.Struct:
		if v.Type() == timeType {
			return v.Interface().(time.Time)
		}
		o := NewObject()
		for i, name := range membersOf(v.Type()) {
			if name != "" && !Absent(v.Field(i)) {
				o.Set(naming(v.Type(), name), Encode(v.Field(i), naming))
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
		o := NewObject()
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
	e := v
	for e.Kind() == reflect.Interface || e.Kind() == reflect.Pointer {
		e = e.Elem()
	}
	if v.Kind() != reflect.Interface || e.Kind() != reflect.Struct {
		return "", reflect.Value{}, false
	}
	_, name, ok := strings.Cut(e.Type().Name(), "Member")
	value := e.FieldByName("Value")
	return naming(v.Type(), name), value, ok && value.IsValid()
}
