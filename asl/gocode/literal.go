package gocode

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// quote is a text as a Go string literal, between back quotes where that reads
// better.
func quote(s string) string {
	quoted := strconv.Quote(s)
	if strings.Count(quoted, `\`) > 1 && strconv.CanBackquote(strings.ReplaceAll(strings.ReplaceAll(s, "\n", ""), "\t", "")) {
		return "`" + s + "`"
	}
	return quoted
}

// literal is a JSON value as a Go expression without operands.
func (f *file) literal(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return strconv.FormatBool(v)
	case string:
		return quote(v)
	case float64, json.Number:
		return f.number(v)
	case []any:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = f.literal(item)
		}
		return composite("[]any", parts)
	case *jsonvalue.Object:
		parts := make([]string, 0, v.Len())
		for k, m := range v.All() {
			parts = append(parts, quote(k)+": "+f.literal(m))
		}
		return composite("asl.Object", parts)
	}
	return f.literal(jsonvalue.From(v))
}

// number is a number that Go prints as JSON has it, as far as its value goes.
func (f *file) number(v any) string {
	text := jsonvalue.String(v)
	n, err := strconv.ParseFloat(text, 64)
	if err == nil && jsonvalue.Equal(n, v) {
		if short := jsonvalue.String(n); n > -1<<53 && n < 1<<53 && !strings.HasPrefix(short, "-0") {
			return short
		}
		return "float64(" + text + ")"
	}
	f.imports["encoding/json"] = true
	return "json.Number(" + quote(text) + ")"
}

// literalFunction writes a definition as literals of the model.
func (f *file) literalFunction(d *ast.Definition, name string) {
	fmt.Fprintf(&f.body, "// %s %s. It has faults, which Validate\n// tells; that is why it is written as it is and not built.\nfunc %s() (*ast.Definition, error) {\n", name, summary(d), name)
	text := f.model(reflect.ValueOf(d))
	spells := spelled("d", reflect.ValueOf(d))
	if len(spells) == 0 {
		fmt.Fprintf(&f.body, "return %s, nil\n}\n\n", text)
		return
	}
	fmt.Fprintf(&f.body, "d := %s\n%s\nreturn d, nil\n}\n\n", text, strings.Join(spells, "\n"))
}

// model is a part of the model as a Go expression.
func (f *file) model(v reflect.Value) string {
	switch p := v.Interface().(type) {
	case ast.Field:
		return "ast.NewField(" + f.literal(p.Value()) + ")"
	case ast.QueryLanguage:
		if p == ast.JSONPath || p == ast.JSONata {
			return "ast." + string(p)
		}
	case ast.StateType:
		switch p {
		case ast.TypeTask, ast.TypePass, ast.TypeChoice, ast.TypeWait, ast.TypeSucceed, ast.TypeFail, ast.TypeParallel, ast.TypeMap:
			return "ast.Type" + string(p)
		}
	}
	switch v.Kind() {
	case reflect.String:
		return quote(v.String())
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Pointer:
		return "&" + f.model(v.Elem())
	case reflect.Slice:
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = f.model(v.Index(i))
		}
		return composite(v.Type().String(), parts)
	case reflect.Struct:
		var parts []string
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() || v.Field(i).IsZero() {
				continue
			}
			if field.Name == "Operand" {
				parts = append(parts, "Operand: "+f.operandLiteral(v.Field(i).Interface()))
				continue
			}
			parts = append(parts, field.Name+": "+f.model(v.Field(i)))
		}
		return composite(v.Type().String(), parts)
	}
	return "nil"
}

// operandLiteral is a rule's operand, which must have the form of package
// jsonvalue.
func (f *file) operandLiteral(v any) string {
	switch v.(type) {
	case nil, bool, string:
		return f.literal(v)
	}
	return "ast.NewField(" + f.literal(v) + ").Value()"
}

// spelled gives calls of ast.Spell for all fields below a part that are printed
// though they have their zero value.
func spelled(at string, v reflect.Value) []string {
	var list []string
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		if names := ast.Explicit(v.Interface()); len(names) > 0 {
			list = append(list, spellCall(at, names))
		}
		if v.Elem().Kind() == reflect.Struct && strings.HasPrefix(v.Elem().Type().String(), "ast.") {
			for i := range v.Elem().NumField() {
				if field := v.Elem().Type().Field(i); field.IsExported() && field.Type != reflect.TypeFor[ast.Field]() {
					list = append(list, spelled(at+"."+field.Name, v.Elem().Field(i))...)
				}
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			list = append(list, spelled(at+"["+strconv.Itoa(i)+"]", v.Index(i))...)
		}
	}
	return list
}

func spellCall(at string, names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = quote(n)
	}
	return "ast.Spell(" + at + ", " + strings.Join(quoted, ", ") + ")"
}
