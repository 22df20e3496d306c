// Package resource reads deployed resources strictly: a service model says which properties it honours and
// which are without effect in the local world, and any other property is an error with its name, because
// ignoring it could make the local world behave unlike AWS.
//
//	var in struct {
//		Name string `prop:"name"`
//		ARN  string `prop:"arn,output"`  // what AWS adds on creation
//		Tags any    `prop:"tags,ignore"` // known, and without effect here
//	}
//	if err := resource.Read(r, &in); err != nil { ... }
package resource

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"airline/local/recorder"
)

// Read fills the struct that into points to. Its fields name properties by the tag prop; nested objects are
// structs of the same kind, lists are slices, open tables are maps; a pointer tells absent from zero. The
// error lists every property that is not modelled or has an unexpected type.
func Read(r *recorder.Resource, into any) error {
	v := reflect.ValueOf(into).Elem()
	p := reader{outputs: r.Outputs}
	p.object("", r.Inputs, v)
	if len(p.problems) == 0 {
		return nil
	}
	errs := make([]error, len(p.problems))
	for i, problem := range p.problems {
		errs[i] = Problem(r, "%s", problem)
	}
	return errors.Join(errs...)
}

// Problem is an error about a resource: it says which, and where in the program it is made.
func Problem(r *recorder.Resource, format string, args ...any) error {
	return fmt.Errorf("%s %q (%s): %s", r.Type, r.Name, r.Source, fmt.Sprintf(format, args...))
}

type reader struct {
	outputs  map[string]any
	problems []string
}

func (p *reader) problem(path, format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf("property %s ", path)+fmt.Sprintf(format, args...))
}

func (p *reader) object(path string, properties map[string]any, into reflect.Value) {
	known := map[string]bool{}
	for i := range into.NumField() {
		tag, ok := into.Type().Field(i).Tag.Lookup("prop")
		if !ok {
			continue
		}
		name, mode, _ := strings.Cut(tag, ",")
		known[name] = true
		at := join(path, name)
		value := properties[name]
		switch mode {
		case "ignore":
			continue
		case "output":
			value = p.outputs[name]
		}
		if value != nil {
			p.value(at, value, into.Field(i))
		}
	}
	var unknown []string
	for name, value := range properties {
		if !known[name] && value != nil {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		p.problem(join(path, name), "is not modelled by the local world")
	}
}

func (p *reader) value(path string, v any, into reflect.Value) {
	switch special := v.(type) {
	case nil:
		return
	case recorder.Unknown:
		p.problem(path, "is unknown")
		return
	case recorder.Secret:
		p.value(path, special.Value, into)
		return
	case *recorder.Asset:
		data, err := special.Bytes()
		if err != nil {
			p.problem(path, "cannot be read: %v", err)
			return
		}
		v = string(data)
	}
	switch into.Kind() {
	case reflect.Interface:
		into.Set(reflect.ValueOf(v))
		return
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		p.value(path, v, into.Elem())
		return
	case reflect.String:
		if s, ok := v.(string); ok {
			into.SetString(s)
			return
		}
	case reflect.Bool:
		if b, ok := v.(bool); ok {
			into.SetBool(b)
			return
		}
	case reflect.Int, reflect.Int64:
		if f, ok := v.(float64); ok && f == float64(int64(f)) {
			into.SetInt(int64(f))
			return
		}
	case reflect.Float64:
		if f, ok := v.(float64); ok {
			into.SetFloat(f)
			return
		}
	case reflect.Struct:
		if m, ok := v.(map[string]any); ok {
			p.object(path, m, into)
			return
		}
	case reflect.Slice:
		if s, ok := v.(string); ok && into.Type().Elem().Kind() == reflect.Uint8 {
			into.SetBytes([]byte(s))
			return
		}
		if list, ok := v.([]any); ok {
			into.Set(reflect.MakeSlice(into.Type(), len(list), len(list)))
			for i, e := range list {
				p.value(fmt.Sprintf("%s[%d]", path, i), e, into.Index(i))
			}
			return
		}
	case reflect.Map:
		if m, ok := v.(map[string]any); ok {
			p.table(path, m, into)
			return
		}
	}
	p.problem(path, "is a %T, the local world expects a %s", v, into.Type())
}

func (p *reader) table(path string, m map[string]any, into reflect.Value) {
	into.Set(reflect.MakeMapWithSize(into.Type(), len(m)))
	for key, value := range m {
		e := reflect.New(into.Type().Elem()).Elem()
		p.value(join(path, key), value, e)
		into.SetMapIndex(reflect.ValueOf(key), e)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
