package sim

import (
	"fmt"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/intrinsic"
	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// A template is compiled JSON with places to be filled in: Parameters,
// Arguments, Output, Assign and the like. A part without such a place is a value
// that all evaluations share.
type template struct {
	value   any // of a constant
	dynamic bool
	names   []string    // of an object
	parts   []*template // of an object or array
	object  bool
	path    *jsonpath.Path
	call    *intrinsic.Expr
	expr    *expression
	field   string // as causes name it: 'value.$', 'Output/result'
}

// template compiles a value. field is the name of the field that holds it.
func (c *compiler) template(value any, jsonata bool, location, field string) *template {
	return c.part(value, jsonata, location+"/"+field, field)
}

func (c *compiler) part(value any, jsonata bool, location, field string) *template {
	switch v := value.(type) {
	case string:
		if source, ok := ast.Expression(v); ok && jsonata {
			return c.expressionTemplate(source, location, field)
		}
	case []any:
		t := &template{field: field}
		for i, item := range v {
			n := strconv.Itoa(i)
			t.add(c.part(item, jsonata, location+"/"+n, field+"["+n+"]"))
		}
		return t.fold(value)
	case *jsonvalue.Object:
		t := &template{object: true, field: field}
		for name, member := range v.All() {
			at := location + "/" + name
			if text, ok := member.(string); ok && !jsonata && strings.HasSuffix(name, ".$") {
				t.names = append(t.names, strings.TrimSuffix(name, ".$"))
				t.add(c.reference(text, at, name))
				continue
			}
			t.names = append(t.names, name)
			t.add(c.part(member, jsonata, at, field+"/"+name))
		}
		return t.fold(value)
	}
	return &template{value: value, field: field}
}

func (t *template) add(part *template) {
	t.parts = append(t.parts, part)
	t.dynamic = t.dynamic || part.dynamic
}

// fold makes a template without places a constant.
func (t *template) fold(value any) *template {
	if t.dynamic {
		return t
	}
	return &template{value: value, field: t.field}
}

// reference compiles what stands in a field whose name ends in ".$", or in a
// field such as ErrorPath: a path or a call of an intrinsic function.
func (c *compiler) reference(text, location, field string) *template {
	t := &template{dynamic: true, field: field}
	var err error
	if strings.HasPrefix(text, "$") {
		t.path, err = jsonpath.Parse(text)
	} else {
		t.call, err = intrinsic.Parse(text)
	}
	if err != nil {
		c.fail(location, "%v", err)
	}
	return t
}

func (c *compiler) expressionTemplate(source, location, field string) *template {
	expr, err := compileExpression(source)
	if err != nil {
		c.fail(location, "%v", err)
		return &template{field: field}
	}
	return &template{dynamic: true, expr: expr, field: field}
}

// eval fills a template in, $ being root.
func (t *template) eval(th *thread, root any) (any, *fault) {
	switch {
	case !t.dynamic:
		return t.value, nil
	case t.path != nil:
		value, err := t.path.Resolve(th.from(root))
		if err != nil {
			return nil, th.runtimeFault(fmt.Sprintf(
				"The JSONPath '%s' specified for the field '%s' could not be found in the input '%s'",
				t.path, t.field, jsonvalue.String(root)))
		}
		return value, nil
	case t.call != nil:
		value, err := t.call.Eval(th.intrinsicEnv(root))
		if err != nil {
			return nil, th.intrinsicFault(err)
		}
		return value, nil
	case t.expr != nil:
		return th.evaluate(t.expr, t.field)
	case t.object:
		object := jsonvalue.NewObject(len(t.names))
		for i, part := range t.parts {
			value, f := part.eval(th, root)
			if f != nil {
				return nil, f
			}
			object.Set(t.names[i], value)
		}
		return object, nil
	}
	list := make([]any, len(t.parts))
	for i, part := range t.parts {
		value, f := part.eval(th, root)
		if f != nil {
			return nil, f
		}
		list[i] = value
	}
	return list, nil
}

// roots is what the paths of a state start from. A clock has one for all its
// threads, of which one at a time evaluates a path.
type roots struct {
	thread *thread
	input  any
}

// from gives the roots of paths with $ being input.
func (th *thread) from(input any) *roots {
	r := &th.exec.clock.roots
	r.thread, r.input = th, input
	return r
}

func (r *roots) Input() any   { return r.input }
func (r *roots) Context() any { return r.thread.context() }
func (r *roots) Variable(name string) (any, bool) {
	return r.thread.scope.get(name)
}

// choose applies an InputPath or OutputPath.
func (s *selector) choose(th *thread, root any) (any, *fault) {
	if s == nil {
		return root, nil
	}
	if s.path == nil {
		return jsonvalue.NewObject(0), nil
	}
	value, err := s.path.Resolve(th.from(root))
	if err != nil {
		return nil, th.runtimeFault(err.Error())
	}
	return value, nil
}
