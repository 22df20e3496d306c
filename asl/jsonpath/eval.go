package jsonpath

import (
	"encoding/json"
	"fmt"
	"slices"
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
	return p.collect(root, root, false)
}

// collect evaluates a path that is not plain from a place of a document. With
// demanding, names that are missing are errors even on an indefinite way, as the
// existence test of a filter wants.
func (p *Path) collect(from, document any, demanding bool) (any, error) {
	c := collector{path: p, root: document, found: []any{}, demanding: demanding}
	var err error
	if last := len(p.steps) - 1; last > 0 && p.steps[0].kind == Descendants && p.steps[last].kind == Function {
		err = c.aggregateScan(from, last)
	} else {
		err = c.visit(from, 0)
	}
	if err != nil {
		return nil, err
	}
	if !p.definite {
		return c.found, nil
	}
	if len(c.found) == 0 {
		return nil, &NotFoundError{p.source, "No results for path: " + p.canonical(len(p.steps))}
	}
	return c.found[len(c.found)-1], nil
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

// collector gathers every match of a path that is not plain.
type collector struct {
	path      *Path
	root      any
	found     []any
	depth     int
	visits    int
	demanding bool
}

// maxVisits bounds what a path such as $..*..*..* can cost.
const maxVisits = 5_000_000

// visit applies step i and those after it.
func (c *collector) visit(value any, i int) error {
	if c.visits++; c.visits > maxVisits {
		return c.fail("the path visits too many places")
	}
	if i == len(c.path.steps) {
		c.found = append(c.found, value)
		return nil
	}
	s := &c.path.steps[i]
	switch s.kind {
	case Property:
		return c.names(value, s, i, []string{s.name})
	case Index:
		return c.items(value, s, i, []int{s.index})
	case Union:
		if s.names != nil {
			return c.names(value, s, i, s.names)
		}
		return c.items(value, s, i, s.indexes)
	case Slice:
		return c.slice(value, s, i)
	case Wildcard:
		return children(value, func(child any) error { return c.visit(child, i+1) })
	case Filter:
		return c.filter(value, s, i)
	case Descendants:
		return c.descend(value, i+1)
	case Function:
		result, err := call(s.name, s.args, value)
		if err != nil {
			return c.fail("%v", err)
		}
		return c.visit(result, i+1)
	}
	return nil
}

func (c *collector) fail(format string, args ...any) error {
	return &NotFoundError{c.path.source, sprintf(format, args...)}
}

// names follows one name or several. Several names at the end of a path give one
// object of those that are there; before another step they are followed in turn.
func (c *collector) names(value any, s *step, i int, names []string) error {
	object, ok := value.(*jsonvalue.Object)
	if !ok {
		if !s.reached {
			return nil
		}
		return c.fail("%s", notObject(s, c.path.canonical(i), value))
	}
	leaf := i == len(c.path.steps)-1
	if leaf && len(names) > 1 {
		merged := jsonvalue.NewObject(len(names))
		for _, name := range names {
			if member, ok := object.Get(name); ok {
				merged.Set(name, member)
			} else if c.demanding {
				return c.fail("Missing property in path %s", c.path.canonical(i+1))
			}
		}
		return c.visit(merged, i+1)
	}
	for _, name := range names {
		member, ok := object.Get(name)
		switch {
		case ok:
			if err := c.visit(member, i+1); err != nil {
				return err
			}
		case c.demanding && leaf:
			return c.fail("No results for path: %s", c.path.canonical(i+1))
		case leaf, c.path.scan || !c.path.definite && !c.demanding:
			// as on AWS: $.none[*] is an empty array, although $.none is an error
		case c.demanding || s.reached && s.kind == Property:
			return c.fail("Missing property in path %s", c.path.canonical(i+1))
		}
	}
	return nil
}

// items follows one index or several; an index that the array lacks gives null.
func (c *collector) items(value any, s *step, i int, indexes []int) error {
	list, ok, err := c.list(value, s, i)
	if err != nil || !ok {
		return err
	}
	for _, n := range indexes {
		if err := c.item(list, n, i); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) item(list []any, n, i int) error {
	if n < 0 {
		n += len(list)
	}
	if n < 0 || n >= len(list) {
		return c.visit(nil, i+1)
	}
	return c.visit(list[n], i+1)
}

func (c *collector) list(value any, s *step, i int) ([]any, bool, error) {
	list, ok := value.([]any)
	if !ok && s.reached {
		return nil, false, c.fail("%s", notArray(s, c.path.canonical(i), value))
	}
	return list, ok, nil
}

// slice follows the items of a slice. As in Jayway a start from the end counts
// from the array's length only where the slice has no end; before an end it is
// the index of an item from the end, item by item.
func (c *collector) slice(value any, s *step, i int) error {
	list, ok, err := c.list(value, s, i)
	if err != nil || !ok {
		return err
	}
	from, to := 0, len(list)
	switch {
	case s.to == nil:
		if from = *s.from; from < 0 {
			from = max(0, from+len(list))
		}
	case s.from == nil:
		if to = *s.to; to < 0 {
			to += len(list)
		}
	default:
		from, to = *s.from, *s.to
	}
	for n := from; n < min(to, len(list)) && len(list) > 0; n++ {
		if err := c.item(list, n, i); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) filter(value any, s *step, i int) error {
	switch v := value.(type) {
	case *jsonvalue.Object:
		holds, err := c.holds(s, v)
		if err == nil && holds {
			err = c.visit(v, i+1)
		}
		return err
	case []any:
		for _, item := range v {
			holds, err := c.holds(s, item)
			if err == nil && holds {
				err = c.visit(item, i+1)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if s.reached {
		var rest strings.Builder
		for j := range c.path.steps[i:] {
			c.path.steps[i+j].writeTo(&rest)
		}
		return c.fail("Filter: %s can not be applied to primitives. Current context is: %s", &rest, jsonvalue.String(value))
	}
	return nil
}

// holds tests an item with a filter. A test that cannot be applied does not hold.
func (c *collector) holds(s *step, item any) (bool, error) {
	holds, err := s.filter.holds(item, c.root)
	if err == errInapplicable {
		return false, nil
	}
	if err != nil {
		return false, c.fail("%v", err)
	}
	return holds, nil
}

// descend applies the steps from i on to value and to every object and array
// inside it. A filter also tests each object as a whole.
func (c *collector) descend(value any, i int) error {
	if c.depth++; c.depth > maxDepth {
		return c.fail("the value is nested too deeply for '..'")
	}
	defer func() { c.depth-- }()
	s := &c.path.steps[i]
	list, isList := value.([]any)
	if !isList {
		if _, isObject := value.(*jsonvalue.Object); !isObject {
			return nil
		}
	}
	apply := true
	if s.kind == Filter && isList {
		var err error
		if apply, err = c.holds(s, list); err != nil {
			return err
		}
	} else if s.kind == Index || s.kind == Slice || s.kind == Union && s.indexes != nil {
		apply = isList
	} else if s.kind == Property || s.kind == Union && i == len(c.path.steps)-1 {
		apply = !isList && hasAll(value.(*jsonvalue.Object), s)
	}
	if apply {
		if err := c.visit(value, i); err != nil {
			return err
		}
	}
	return children(value, func(child any) error { return c.descend(child, i) })
}

func hasAll(object *jsonvalue.Object, s *step) bool {
	if s.kind == Property {
		_, ok := object.Get(s.name)
		return ok
	}
	for _, name := range s.names {
		if _, ok := object.Get(name); !ok {
			return false
		}
	}
	return true
}

// aggregateScan applies the function at the end of a path that begins with '..'
// to all matches together, as Jayway does.
func (c *collector) aggregateScan(from any, last int) error {
	s := c.path.steps[last]
	steps := c.path.steps[:last]
	if s.name == "length" || s.name == "size" {
		steps = append(steps[:last:last], step{kind: Wildcard})
	}
	inner := collector{path: &Path{source: c.path.source, steps: steps, scan: true}, root: c.root}
	if err := inner.visit(from, 0); err != nil {
		return err
	}
	var result any
	var err error
	switch s.name {
	case "length", "size":
		result = float64(len(inner.found))
	case "keys", "first", "last", "index": // of the whole document, in Jayway
		result, err = call(s.name, s.args, from)
	default:
		list, _ := from.([]any) // the numbers of the document itself count too, in Jayway
		result, err = aggregate(s.name, append(slices.Clip(list), inner.found...))
	}
	if err != nil {
		return c.fail("%v", err)
	}
	c.found = append(c.found, result)
	return nil
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
