package gocode

import (
	"reflect"
	"strconv"
	"strings"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/dynamodb"
	"airline/asl/internal/typed"
	"airline/asl/jsonvalue"

	// the operations with typed tasks
	_ "airline/asl/athena"
	_ "airline/asl/batch"
	_ "airline/asl/bedrock"
	_ "airline/asl/cloudwatch"
	_ "airline/asl/ecs"
	_ "airline/asl/emrserverless"
	_ "airline/asl/events"
	_ "airline/asl/glue"
	_ "airline/asl/lambda"
	_ "airline/asl/redshiftdata"
	_ "airline/asl/s3"
	_ "airline/asl/scheduler"
	_ "airline/asl/sfn"
	_ "airline/asl/sns"
	_ "airline/asl/sqs"
)

// packages are the names of the packages with typed tasks.
func packages() map[string]string {
	names := map[string]string{}
	for _, s := range typed.Tasks() {
		path := s.Parameters.PkgPath()
		names[path[strings.LastIndexByte(path, '/')+1:]] = path
	}
	return names
}

// typedTask is a task of a typed service, when all parameters fit into its
// struct.
func (w *stateWriter) typedTask(parameters ast.Field) (string, bool) {
	service, ok := typed.Tasks()[w.st.Resource]
	if !ok {
		return "", false
	}
	o, ok := parameters.Value().(*jsonvalue.Object)
	if !ok {
		return "", false
	}
	text, ok := w.structure(o, service.Parameters)
	if !ok {
		return "", false
	}
	w.imports[service.Parameters.PkgPath()] = true
	w.operation = service.Parameters.String()
	if strings.HasPrefix(service.Make, ".") {
		return text + service.Make + "(" + w.name() + ")", true
	}
	return service.Make + "(" + text + ", " + w.name() + ")", true
}

// structure is an object as a literal of a struct type, if all members fit and no
// field is missing that would be printed all the same.
func (w *stateWriter) structure(o *jsonvalue.Object, t reflect.Type) (string, bool) {
	used := map[string]bool{}
	parts, ok := w.fields(o, t, used)
	return composite(t.String(), parts), ok && len(used) == o.Len()
}

func (w *stateWriter) fields(o *jsonvalue.Object, t reflect.Type, used map[string]bool) (parts []string, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case name == "" && f.Anonymous:
			inner, ok := w.fields(o, f.Type, used)
			if !ok {
				return nil, false
			}
			if len(inner) > 0 {
				parts = append(parts, f.Name+": "+composite(f.Type.String(), inner))
			}
			continue
		case name == "":
			name = f.Name
		}
		key := name
		v, present := o.Get(key)
		isDynamic := false
		if !present && w.lang == ast.JSONPath {
			key = name + ".$"
			if v, present = o.Get(key); present {
				_, _, isDynamic = dynamic(key, v, w.lang)
				if !isDynamic {
					return nil, false
				}
			}
		}
		if !present {
			nilable := f.Type.Kind() == reflect.Interface || f.Type.Kind() == reflect.Slice || f.Type.Kind() == reflect.Map || f.Type.Kind() == reflect.Pointer
			if !nilable && !strings.Contains(options, "omit") {
				return nil, false
			}
			continue
		}
		text, ok := w.fit(v, f.Type, isDynamic)
		if !ok {
			return nil, false
		}
		used[key] = true
		parts = append(parts, f.Name+": "+text)
	}
	return parts, true
}

// valueTypes are the Value types with the Go types of their values.
var valueTypes = map[reflect.Type]string{
	reflect.TypeFor[asl.Value[string]]():  "string",
	reflect.TypeFor[asl.Value[int]]():     "int",
	reflect.TypeFor[asl.Value[float64]](): "float64",
	reflect.TypeFor[asl.Value[bool]]():    "bool",
	reflect.TypeFor[asl.Value[any]]():     "any",
}

// fit is a value as an expression of a type.
func (w *stateWriter) fit(v any, t reflect.Type, isDynamic bool) (string, bool) {
	if typ, ok := valueTypes[t]; ok {
		if isDynamic {
			return w.expression(v.(string), typ), true
		}
		return w.typedLiteral(v, typ, w.lang)
	}
	if t == reflect.TypeFor[any]() {
		if isDynamic {
			return w.expression(v.(string), operand), true
		}
		return w.document(v, w.lang), v != nil
	}
	if isDynamic {
		return "", false
	}
	switch t.Kind() {
	case reflect.Slice:
		return w.fitList(v, t)
	case reflect.Map:
		return w.fitMap(v, t)
	case reflect.Pointer:
		text, ok := w.fit(v, t.Elem(), false)
		return "&" + text, ok && t.Elem().Kind() == reflect.Struct
	case reflect.Struct:
		return w.fitStruct(v, t)
	case reflect.String:
		s, ok := v.(string)
		return quote(s), ok && s != ""
	case reflect.Bool:
		b, ok := v.(bool)
		return strconv.FormatBool(b), ok && b
	case reflect.Int:
		n, ok := ast.NewField(v).Int()
		return strconv.Itoa(n), ok && n != 0
	}
	return "", false
}

// attributes are the functions that make an attribute of one field.
var attributes = map[string]string{"S": "dynamodb.S", "N": "dynamodb.N", "BOOL": "dynamodb.B"}

func (w *stateWriter) fitStruct(v any, t reflect.Type) (string, bool) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return "", false
	}
	if t == reflect.TypeFor[dynamodb.Attribute]() && o.Len() == 1 {
		name, v := o.At(0)
		base, _, isDynamic := dynamic(name, v, w.lang)
		if function := attributes[base]; function != "" {
			f, _ := t.FieldByName(base)
			text, ok := w.fit(v, f.Type, isDynamic)
			return function + "(" + text + ")", ok
		}
	}
	return w.structure(o, t)
}

func (w *stateWriter) fitList(v any, t reflect.Type) (string, bool) {
	list, ok := v.([]any)
	var parts []string
	for _, item := range list {
		part, fits := w.fit(item, t.Elem(), false)
		ok = ok && fits
		parts = append(parts, strings.TrimPrefix(part, t.Elem().String()))
	}
	return composite(t.String(), parts), ok
}

func (w *stateWriter) fitMap(v any, t reflect.Type) (string, bool) {
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return "", false
	}
	var parts []string
	for key, item := range o.All() {
		base, _, isDynamic := dynamic(key, item, w.lang)
		if !isDynamic {
			base = key
		} else if _, both := o.Get(base); both {
			return "", false
		}
		part, fits := w.fit(item, t.Elem(), isDynamic)
		if !fits {
			return "", false
		}
		parts = append(parts, quote(base)+": "+strings.TrimPrefix(part, t.Elem().String()))
	}
	return composite(t.String(), parts), true
}
