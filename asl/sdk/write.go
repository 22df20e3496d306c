package sdk

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"airline/asl/awsapi"
	"airline/asl/jsonvalue"
)

// Output is an operation's output as Step Functions hands it on: members have its names, what is not there is left out. A
// mock answers with it.
type Output[T any] struct{ Value T }

// Out is the output with a value.
func Out[T any](v T) Output[T] { return Output[T]{v} }

// MarshalJSON writes the output as Step Functions does.
func (o Output[T]) MarshalJSON() ([]byte, error) {
	w := writer{}
	document, ok := w.structure(reflect.ValueOf(o.Value))
	if !ok {
		return []byte("{}"), nil
	}
	if len(w.flaws) > 0 {
		return nil, fmt.Errorf("sdk: %s", strings.Join(w.flaws, "; "))
	}
	return jsonvalue.Append(nil, document), nil
}

var _ json.Marshaler = Output[struct{}]{}

// writer turns the SDK's values into those of Step Functions.
type writer struct{ flaws []string }

// structure is a struct, without the fields that are zero; !ok when there is none.
func (w *writer) structure(v reflect.Value) (*jsonvalue.Object, bool) {
	if member, ok := strings.CutPrefix(lastPart(v.Type().Name()), "Member"); ok && v.NumField() > 0 && v.Type().Field(0).Name == "Value" {
		o := jsonvalue.NewObject(1) // a union's member
		value, _ := w.value(v.Field(0))
		o.Set(member, value)
		return o, true
	}
	o := jsonvalue.NewObject(v.NumField())
	for i := range v.NumField() {
		name, ok := spelled(v.Type().Field(i))
		if !ok {
			continue
		}
		if value, ok := w.value(v.Field(i)); ok {
			o.Set(name, value)
		}
	}
	return o, o.Len() > 0
}

// lastPart is the name of a union's member behind the union's: AttributeValueMemberS is MemberS.
func lastPart(name string) string {
	if i := strings.LastIndex(name, "Member"); i > 0 {
		return name[i:]
	}
	return ""
}

// spelled is a field's name in Step Functions; !ok for those that are the SDK's own.
func spelled(f reflect.StructField) (string, bool) {
	if !f.IsExported() || f.Anonymous || f.Name == "ResultMetadata" {
		return "", false
	}
	return awsapi.Spell(f.Name), true
}

var moment = reflect.TypeFor[time.Time]()

// value is a value in JSON; !ok when it is zero, which the SDK takes for absent.
func (w *writer) value(v reflect.Value) (any, bool) {
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil(), v.Kind() == reflect.Interface && v.IsNil():
		return nil, false
	case v.Kind() == reflect.Pointer:
		value, ok := w.value(v.Elem())
		if !ok && v.Elem().Kind() == reflect.Struct && v.Elem().Type() != moment {
			return jsonvalue.NewObject(0), true
		}
		if !ok {
			value = scalar(v.Elem()) // a pointer to a zero is a zero that was meant
		}
		return value, true
	case v.Kind() == reflect.Interface:
		return w.value(v.Elem())
	case v.IsZero():
		return nil, false
	}
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == moment {
			return scalar(v), true
		}
		o, ok := w.structure(v)
		return o, ok
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return string(v.Bytes()), true
		}
		list := make([]any, v.Len())
		for i := range list {
			var ok bool
			if list[i], ok = w.value(v.Index(i)); !ok {
				list[i] = scalar(v.Index(i))
			}
		}
		return list, true
	case reflect.Map:
		o := jsonvalue.NewObject(v.Len())
		for _, k := range sortedKeys(v) {
			value, ok := w.value(v.MapIndex(k))
			if !ok {
				value = scalar(v.MapIndex(k))
			}
			o.Set(k.String(), value)
		}
		return o, true
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Float32, reflect.Float64:
		return scalar(v), true
	}
	w.flaws = append(w.flaws, fmt.Sprintf("a %v has no form in Step Functions that is known here; use asl.NewTask", v.Type()))
	return nil, false
}

// scalar is a text, number, boolean or moment, zero or not.
func scalar(v reflect.Value) any {
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(v.Int())
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return t.UTC().Format(time.RFC3339Nano)
		}
		return jsonvalue.NewObject(0)
	}
	return nil
}
