package jsonpath

import (
	"encoding/json"
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
)

func sprintf(format string, args ...any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}

// Roots gives a path what it starts from.
type Roots interface {
	Input() any
	Context() any
	Variable(name string) (value any, ok bool)
}

// Resolve evaluates the path from the root that it names. An unknown variable is
// a *NotFoundError.
func (p *Path) Resolve(roots Roots) (any, error) {
	switch p.scope {
	case Context:
		return p.Eval(roots.Context())
	case Variable:
		root, ok := roots.Variable(p.variable)
		if !ok {
			return nil, &NotFoundError{p.source, "the variable $" + p.variable + " is not assigned"}
		}
		return p.Eval(root)
	}
	return p.Eval(roots.Input())
}

// Eval evaluates the path from root, whatever its scope. A definite path without
// a match is a *NotFoundError; any other path yields a []any.
func (p *Path) Eval(root any) (any, error) {
	if p.plain {
		return p.walk(root)
	}
	steps := p.steps
	last := &steps[len(steps)-1]
	if last.kind == Function {
		upstream := &Path{source: p.source, steps: steps[:len(steps)-1], plain: true}
		for _, s := range upstream.steps {
			upstream.plain = upstream.plain && (s.kind == Property || s.kind == Index)
		}
		value := root
		if len(upstream.steps) > 0 {
			var err error
			if value, err = upstream.Eval(root); err != nil {
				return nil, err
			}
		}
		result, err := call(last.name, last.args, value)
		if err != nil {
			return nil, &NotFoundError{p.source, err.Error()}
		}
		return result, nil
	}
	c := collector{path: p, root: root, found: []any{}}
	if err := c.visit(root, 0, true); err != nil {
		return nil, err
	}
	return c.found, nil
}

// walk follows names and single indexes to the one value they lead to.
func (p *Path) walk(value any) (any, error) {
	for i := range p.steps {
		s := &p.steps[i]
		if s.kind == Property {
			object, ok := value.(*jsonvalue.Object)
			if !ok {
				return nil, &NotFoundError{p.source, notObject(s, p.canonical(i), value)}
			}
			next, ok := object.Get(s.name)
			if !ok {
				return nil, p.missing(i)
			}
			value = next
			continue
		}
		list, ok := value.([]any)
		if !ok {
			return nil, &NotFoundError{p.source, notArray(s, p.canonical(i), value)}
		}
		n := s.index
		if n < 0 {
			n += len(list)
		}
		if n < 0 || n >= len(list) {
			return nil, &NotFoundError{p.source, "No results for path: " + p.canonical(len(p.steps))}
		}
		value = list[n]
	}
	return value, nil
}

func (p *Path) missing(i int) *NotFoundError {
	if i == len(p.steps)-1 {
		return &NotFoundError{p.source, "No results for path: " + p.canonical(i+1)}
	}
	return &NotFoundError{p.source, "Missing property in path " + p.canonical(i+1)}
}

// notObject is Jayway's complaint about a name applied to something else.
func notObject(s *step, at string, value any) string {
	return fmt.Sprintf("Expected to find an object with property ['%s'] in path %s but found '%s'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
		s.name, at, javaType(value))
}

// notArray is Jayway's complaint about an index applied to something else.
func notArray(s *step, at string, value any) string {
	if value == nil {
		return "The path " + at + " is null"
	}
	var b strings.Builder
	s.writeTo(&b)
	return fmt.Sprintf("Filter: %s can only be applied to arrays. Current context is: %s", b.String(), jsonvalue.String(value))
}

// javaType names the class that holds the value on AWS's side.
func javaType(value any) string {
	switch v := value.(type) {
	case bool:
		return "com.fasterxml.jackson.databind.node.BooleanNode"
	case string:
		return "com.fasterxml.jackson.databind.node.TextNode"
	case float64:
		if v == float64(int32(v)) {
			return "com.fasterxml.jackson.databind.node.IntNode"
		}
		return "com.fasterxml.jackson.databind.node.DoubleNode"
	case json.Number:
		return "com.fasterxml.jackson.databind.node.DecimalNode"
	case []any:
		return "com.fasterxml.jackson.databind.node.ArrayNode"
	}
	return "com.fasterxml.jackson.databind.node.NullNode"
}

// collector gathers every match of an indefinite path.
type collector struct {
	path   *Path
	root   any
	found  []any
	depth  int
	visits int
}

// maxVisits bounds what a path such as $..*..*..* can cost.
const maxVisits = 5_000_000

// visit applies step i and those after it. definite says that only names and
// indexes led here, so that what is missing is an error and not just no match.
func (c *collector) visit(value any, i int, definite bool) error {
	if c.visits++; c.visits > maxVisits {
		return &NotFoundError{c.path.source, "the path visits too many places"}
	}
	if i == len(c.path.steps) {
		c.found = append(c.found, value)
		return nil
	}
	s := &c.path.steps[i]
	switch s.kind {
	case Property:
		return c.property(value, s, s.name, i, definite)
	case Index:
		list, err := c.list(value, s, i, definite)
		if err != nil {
			return err
		}
		return c.item(list, s.index, i, definite)
	case Union:
		for _, name := range s.names {
			if object, ok := value.(*jsonvalue.Object); ok {
				if _, ok := object.Get(name); !ok {
					continue
				}
			}
			if err := c.property(value, s, name, i, definite); err != nil {
				return err
			}
		}
		if s.indexes == nil {
			return nil
		}
		list, err := c.list(value, s, i, definite)
		if err != nil {
			return err
		}
		for _, n := range s.indexes {
			if err := c.item(list, n, i, false); err != nil {
				return err
			}
		}
	case Slice:
		list, err := c.list(value, s, i, definite)
		if err != nil {
			return err
		}
		from, to := bounds(s, len(list))
		for n := from; n < to; n++ {
			if err := c.visit(list[n], i+1, false); err != nil {
				return err
			}
		}
	case Wildcard:
		return children(value, func(child any) error { return c.visit(child, i+1, false) })
	case Filter:
		return c.filter(value, s, i)
	case Descendants:
		return c.descend(value, i+1)
	}
	return nil
}

func (c *collector) property(value any, s *step, name string, i int, definite bool) error {
	object, ok := value.(*jsonvalue.Object)
	if !ok {
		if !definite {
			return nil
		}
		named := step{kind: Property, name: name}
		return &NotFoundError{c.path.source, notObject(&named, c.path.canonical(i), value)}
	}
	child, ok := object.Get(name)
	if !ok {
		return nil // as on AWS: $.none[*] is an empty array, although $.none is an error
	}
	return c.visit(child, i+1, definite && s.kind == Property)
}

func (c *collector) list(value any, s *step, i int, definite bool) ([]any, error) {
	list, ok := value.([]any)
	if !ok && definite {
		return nil, &NotFoundError{c.path.source, notArray(s, c.path.canonical(i), value)}
	}
	return list, nil
}

func (c *collector) item(list []any, n, i int, definite bool) error {
	if n < 0 {
		n += len(list)
	}
	if n < 0 || n >= len(list) {
		return nil
	}
	return c.visit(list[n], i+1, definite)
}

func (c *collector) filter(value any, s *step, i int) error {
	list, ok := value.([]any)
	if !ok {
		if _, isObject := value.(*jsonvalue.Object); isObject && s.filter.holds(value, c.root) {
			return c.visit(value, i+1, false)
		}
		return nil
	}
	for _, item := range list {
		if s.filter.holds(item, c.root) {
			if err := c.visit(item, i+1, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// descend applies the steps from i on to value and to everything inside it.
func (c *collector) descend(value any, i int) error {
	if c.depth++; c.depth > maxDepth {
		return &NotFoundError{c.path.source, "the value is nested too deeply for '..'"}
	}
	defer func() { c.depth-- }()
	if c.path.steps[i].kind == Filter {
		if _, isObject := value.(*jsonvalue.Object); !isObject {
			if err := c.visit(value, i, false); err != nil {
				return err
			}
		}
	} else if err := c.visit(value, i, false); err != nil {
		return err
	}
	return children(value, func(child any) error { return c.descend(child, i) })
}

// children visits the items of an array or the values of an object.
func children(value any, visit func(any) error) error {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if err := visit(item); err != nil {
				return err
			}
		}
	case *jsonvalue.Object:
		for _, member := range v.All() {
			if err := visit(member); err != nil {
				return err
			}
		}
	}
	return nil
}

// bounds gives the half-open range of a slice over n items.
func bounds(s *step, n int) (from, to int) {
	to = n
	if s.from != nil {
		if from = *s.from; from < 0 {
			from = max(0, from+n)
		}
	}
	if s.to != nil {
		if to = *s.to; to < 0 {
			to += n
		}
	}
	return from, min(to, n)
}
