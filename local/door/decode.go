package door

import (
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// decode makes an SDK input of type t from a Task's parameters (values of package jsonvalue). With check it
// looks at what is known at definition time only: paths and JSONata expressions pass as any value.
func decode(parameters any, t reflect.Type, check bool) (reflect.Value, error) {
	in := reflect.New(t)
	if parameters == nil {
		return in, nil
	}
	d := decoder{check: check}
	if err := d.value("", jsonvalue.From(parameters), in.Elem()); err != nil {
		return reflect.Value{}, err
	}
	return in, nil
}

type decoder struct{ check bool }

func refuse(path, format string, args ...any) error {
	if path == "" {
		path = "(all)"
	}
	return &ParameterError{Path: path, Reason: fmt.Sprintf(format, args...)}
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	readerType = reflect.TypeFor[io.Reader]()
	bytesType  = reflect.TypeFor[[]byte]()
)

func (d decoder) value(path string, v any, into reflect.Value) error {
	if v == nil {
		return nil
	}
	if s, ok := v.(string); ok && d.check && strings.HasPrefix(s, "{%") && strings.HasSuffix(s, "%}") {
		return nil
	}
	switch t := into.Type(); {
	case t == timeType:
		s, ok := v.(string)
		if !ok {
			return refuse(path, "must be a time in ISO 8601, is %s", kind(v))
		}
		parsed, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			return refuse(path, "must be a time in ISO 8601, is %q", s)
		}
		into.Set(reflect.ValueOf(parsed))
		return nil
	case t == readerType:
		into.Set(reflect.ValueOf(strings.NewReader(text(v))))
		return nil
	case t == bytesType:
		into.SetBytes([]byte(text(v)))
		return nil
	case t.Kind() == reflect.Pointer:
		into.Set(reflect.New(t.Elem()))
		return d.value(path, v, into.Elem())
	case t.Kind() == reflect.Struct:
		return d.object(path, v, into)
	case t.Kind() == reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			return refuse(path, "must be an array, is %s", kind(v))
		}
		into.Set(reflect.MakeSlice(t, len(list), len(list)))
		for i, e := range list {
			if err := d.value(fmt.Sprintf("%s[%d]", path, i), e, into.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case t.Kind() == reflect.Map:
		return d.table(path, v, into)
	default:
		return d.scalar(path, v, into)
	}
}

// object fills a struct: every parameter must be a member of the API.
func (d decoder) object(path string, v any, into reflect.Value) error {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return refuse(path, "must be an object, is %s", kind(v))
	}
	fields := map[string]int{}
	for i := range into.NumField() {
		if f := into.Type().Field(i); f.IsExported() && f.Name != "ResultMetadata" {
			fields[memberName(f.Name)] = i
		}
	}
	for key, value := range o.All() {
		name := key
		if d.check {
			name = strings.TrimSuffix(key, ".$")
		}
		at := join(path, name)
		i, ok := fields[name]
		if !ok {
			return refuse(at, "is not supported by the API, which has %s", listOf(fields))
		}
		if d.check && name != key {
			continue
		}
		if err := d.value(at, value, into.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

func (d decoder) table(path string, v any, into reflect.Value) error {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return refuse(path, "must be an object, is %s", kind(v))
	}
	t := into.Type()
	into.Set(reflect.MakeMapWithSize(t, o.Len()))
	for key, value := range o.All() {
		if d.check && strings.HasSuffix(key, ".$") {
			continue
		}
		e := reflect.New(t.Elem()).Elem()
		if err := d.value(join(path, key), value, e); err != nil {
			return err
		}
		into.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), e)
	}
	return nil
}

func (d decoder) scalar(path string, v any, into reflect.Value) error {
	switch into.Kind() {
	case reflect.String:
		s, ok := v.(string)
		if !ok {
			return refuse(path, "must be a string, is %s", kind(v))
		}
		if known := enumValues(into); known != nil && !slices.Contains(known, s) {
			return refuse(path, "must be one of %s, is %q", strings.Join(known, ", "), s)
		}
		into.SetString(s)
	case reflect.Bool:
		b, ok := v.(bool)
		if !ok {
			return refuse(path, "must be true or false, is %s", kind(v))
		}
		into.SetBool(b)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f, ok := jsonvalue.Float(v)
		if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 || into.OverflowInt(int64(f)) {
			return refuse(path, "must be a whole number, is %s", kind(v))
		}
		into.SetInt(int64(f))
	case reflect.Float32, reflect.Float64:
		f, ok := jsonvalue.Float(v)
		if !ok {
			return refuse(path, "must be a number, is %s", kind(v))
		}
		into.SetFloat(f)
	default:
		return refuse(path, "is of a kind (%s) that the local world does not model", into.Type())
	}
	return nil
}

// enumValues lists the values of an SDK enumeration, nil for any other string.
func enumValues(v reflect.Value) []string {
	values := v.MethodByName("Values")
	if !values.IsValid() || values.Type().NumIn() != 0 || values.Type().NumOut() != 1 {
		return nil
	}
	list := values.Call(nil)[0]
	if list.Kind() != reflect.Slice || list.Type().Elem() != v.Type() {
		return nil
	}
	names := make([]string, list.Len())
	for i := range names {
		names[i] = list.Index(i).String()
	}
	return names
}

// text is a value where the API takes bytes: strings as they are, anything else as JSON.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return jsonvalue.String(v)
}

func kind(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return fmt.Sprint(v)
	case string:
		return fmt.Sprintf("the string %q", v)
	case []any:
		return "an array"
	case *jsonvalue.Object:
		return "an object"
	default:
		return "the number " + jsonvalue.String(v)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func listOf(fields map[string]int) string {
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "no parameters"
	}
	return strings.Join(names, ", ")
}
