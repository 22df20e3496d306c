package asl

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/asl/internal/flaw"
	"airline/asl/jsonvalue"
)

// place is where a value stands: what $ means there.
type place uint8

const (
	placeInput  place = iota // Parameters, InputPath, conditions: $ is the state's input
	placeResult              // ResultSelector, Assign, Output after a task: $ is the result
	placeError               // a catcher's Assign and Output: $ is the error
)

// renderer spells operands in one of the languages and collects the mistakes.
type renderer struct {
	lang     ast.QueryLanguage
	place    place
	location string
	pos      ast.Position
	problems *ast.Diagnostics
	rebase   *ref // what a result is kept in, where a poll loop looks at it later
}

// settled is the path as it is here: a result that was kept is found where it
// was kept.
func (r renderer) settled(p ref) ref {
	if r.rebase != nil && p.root == rootResult && p.raw == "" {
		kept := *r.rebase
		kept.steps = append(kept.steps[:len(kept.steps):len(kept.steps)], p.steps...)
		kept.err = p.err
		return kept
	}
	if p.err != nil {
		r.fail("", "%v", p.err)
	}
	return p
}

func (r renderer) at(location string, p place) renderer {
	r.location, r.place = r.location+location, p
	return r
}

func (r renderer) fail(detail, format string, args ...any) {
	r.problems.Add(ast.SeverityError, r.pos, r.location, detail, format, args...)
}

// template spells a document: any Go value with operands in it.
func (r renderer) template(v any) any {
	switch v := v.(type) {
	case nil, bool, float64, string, json.Number:
		return v
	case *jsonvalue.Object:
		o := jsonvalue.NewObject(v.Len())
		for k, m := range v.All() {
			r.member(o, k, m)
		}
		return o
	case formatTemplate:
		return string(v)
	case flaw.Value:
		r.fail(v.Fix, "%s", v.What)
		return nil
	case OrderedObject:
		return r.ordered(v)
	case Operand:
		text, dynamic := r.operand(v.expression())
		if dynamic && r.lang == ast.JSONPath {
			r.fail("in JSONPath only the members of objects are evaluated; give the value a name",
				"the expression %v stands where it is not evaluated", text)
		}
		return text
	}
	return r.reflected(reflect.ValueOf(v))
}

func (r renderer) ordered(v OrderedObject) any {
	o := jsonvalue.NewObject(len(v.members) / 2)
	for i := 0; i+1 < len(v.members); i += 2 {
		name, ok := v.members[i].(string)
		if !ok {
			r.fail("call Ordered(name, value, name, value ...)", "member %d of Ordered has the name %v, which is no string", i/2, v.members[i])
			continue
		}
		r.member(o, name, v.members[i+1])
	}
	if len(v.members)%2 != 0 {
		r.fail("call Ordered(name, value, name, value ...)", "the last name of Ordered has no value")
	}
	return o
}

// member sets a member of an object: under "name.$" when it is an expression in
// JSONPath.
func (r renderer) member(o *jsonvalue.Object, name string, v any) {
	reported := len(*r.problems)
	text, dynamic := r.value(v)
	r.problems.Within(reported, r.location, name)
	if dynamic && r.lang == ast.JSONPath {
		name += ".$"
	}
	o.Set(name, text)
}

// value spells a member's value; dynamic tells whether it is an expression as
// a whole.
func (r renderer) value(v any) (any, bool) {
	if op, ok := v.(Operand); ok {
		return r.operand(op.expression())
	}
	if rv := reflect.ValueOf(v); r.lang == ast.JSONPath && rv.Kind() == reflect.Slice {
		if text, ok := r.list(rv); ok {
			return text, true
		}
	}
	return r.template(v), false
}

// list spells a list that has expressions for items: JSONPath evaluates no
// items of literal lists, so it becomes States.Array(...).
func (r renderer) list(v reflect.Value) (string, bool) {
	args, dynamic := make([]Operand, v.Len()), false
	for i := range args {
		item := v.Index(i).Interface()
		op, ok := item.(Operand)
		if !ok {
			op = literal[any](item)
		}
		e := op.expression()
		dynamic = dynamic || e.kind != exprLiteral && e.kind != exprLate
		args[i] = op
	}
	if !dynamic {
		return "", false
	}
	text, _ := r.operand(&expr{kind: exprIntrinsic, name: "States.Array", args: args})
	s, ok := text.(string)
	return s, ok
}

func (r renderer) reflected(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return r.template(v.Elem().Interface())
	case reflect.Struct:
		if _, ok := v.Interface().(interface{ MarshalJSON() ([]byte, error) }); ok {
			break
		}
		o := jsonvalue.NewObject(v.NumField())
		r.fields(o, v)
		return o
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String {
			break
		}
		o := jsonvalue.NewObject(v.Len())
		for _, k := range sortedKeys(v) {
			r.member(o, k.String(), v.MapIndex(k).Interface())
		}
		return o
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		list := make([]any, v.Len())
		for i := range list {
			reported := len(*r.problems)
			list[i] = r.template(v.Index(i).Interface())
			r.problems.Under(reported, r.location, "", i)
		}
		return list
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return float64(v.Int())
	case reflect.Func, reflect.Chan, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		r.fail("use text, numbers, booleans, maps, slices, structs and operands", "a %v cannot stand in JSON", v.Type())
		return nil
	}
	return jsonvalue.From(v.Interface())
}

// fields adds the fields of a struct; nil ones and empty omitempty ones are
// left out. A nil one with the tag asl:"required" is a problem.
func (r renderer) fields(o *jsonvalue.Object, v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := jsonName(f)
		if !ok {
			continue
		}
		if name == "" {
			r.fields(o, v.Field(i))
			continue
		}
		value := v.Field(i)
		switch value.Kind() {
		case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
			if value.IsNil() {
				if f.Tag.Get("asl") == "required" {
					r.fail("set "+t.Name()+"."+f.Name, "the parameter %s is missing, without which the call fails", name)
				}
				continue
			}
		default:
			if value.IsZero() && strings.Contains(f.Tag.Get("json"), ",omit") {
				continue
			}
		}
		r.member(o, name, value.Interface())
	}
}

// operand spells one operand; dynamic tells whether it is evaluated at run time.
func (r renderer) operand(e *expr) (text any, dynamic bool) {
	if e.err != nil && e.kind != exprRef {
		r.fail("", "%v", e.err)
	}
	switch e.kind {
	case exprLiteral:
		return r.template(e.value), false
	case exprLate:
		return "${" + e.name + "}", false
	}
	if r.lang == ast.JSONata {
		source, err := r.jsonata(e)
		if err != nil {
			r.fail("", "%v", err)
		}
		return "{% " + source + " %}", true
	}
	return r.jsonPath(e), true
}

// jsonPath spells a path or an intrinsic call.
func (r renderer) jsonPath(e *expr) string {
	switch e.kind {
	case exprRef:
		p := r.settled(e.ref)
		r.checkRoot(p)
		return p.jsonPath()
	case exprJSONata:
		r.fail("call .JSONata() on the state, or write the value as a path or with the intrinsic functions",
			"the JSONata expression %q stands in a JSONPath state", e.source)
		return "$"
	}
	var b strings.Builder
	b.WriteString(e.name + "(")
	for i, arg := range e.args {
		if i > 0 {
			b.WriteString(", ")
		}
		switch a := arg.expression(); a.kind {
		case exprLiteral:
			v := a.value
			if t, ok := v.(formatTemplate); !ok {
				v = r.template(v)
			} else {
				v = t
			}
			text, ok := intrinsicLiteral(v)
			if !ok {
				r.fail("intrinsic functions take texts, numbers, booleans, null, paths and calls; put the document into a variable first",
					"argument %d of %s is a %T", i+1, e.name, v)
			}
			b.WriteString(text)
		case exprLate:
			b.WriteString("'${" + a.name + "}'")
		default:
			b.WriteString(r.jsonPath(a))
		}
	}
	b.WriteByte(')')
	return b.String()
}

// jsonata spells an operand as JSONata source.
func (r renderer) jsonata(e *expr) (string, error) {
	switch e.kind {
	case exprJSONata:
		return strings.TrimSpace(e.source), e.err
	case exprRef:
		return r.settled(e.ref).jsonata()
	case exprLiteral:
		return jsonvalue.String(r.template(e.value)), nil
	case exprLate:
		return jsonvalue.String("${" + e.name + "}"), nil
	}
	return "", fmt.Errorf("the intrinsic function %s stands in a JSONata state; use JSONata's own functions with Q", e.name)
}

// checkRoot reports a path from a root that $ does not mean here.
func (r renderer) checkRoot(p ref) {
	if p.raw != "" {
		return
	}
	switch {
	case p.root == rootInput && r.place != placeInput:
		r.fail("use ResultAt or Caught for what is at hand here, or keep the input's value in a variable",
			"the path %s means the state's input, but $ is not the input here", p.jsonPath())
	case p.root == rootResult && r.place == placeInput:
		r.fail("use At for the input; a result is at hand in Assign, ResultSelector and Output only",
			"the path %s means the state's result, which does not exist yet", p.jsonPath())
	case p.root == rootResult && r.place == placeError, p.root == rootError && r.place != placeError:
		r.fail("a caught error is at hand only in a Handler, a result only without an error",
			"the path %s means something that does not exist here", p.jsonPath())
	}
}

// field spells an operand for a field that is evaluated by itself (Seconds,
// Items): literal and expression go into the same field in JSONata, into two in
// JSONPath.
func (r renderer) field(op Operand, plain, path *ast.Field) {
	if op == nil {
		return
	}
	text, dynamic := r.operand(op.expression())
	if dynamic && r.lang == ast.JSONPath {
		*path = ast.NewField(text)
		return
	}
	*plain = ast.NewField(text)
}

func sortedKeys(m reflect.Value) []reflect.Value {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}
