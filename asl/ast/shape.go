package ast

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// A shape is what is known of a value before it exists: nothing (the zero
// shape and nil), its kind, the members of an object. Shapes are immutable.
type shape struct {
	kind   shapeKind
	fields map[string]slot
	open   bool     // the object may have other members too
	items  []*shape // of a list, when its length is known
	value  any      // of a scalar, when known
	known  bool
	// origin tells where an object's members come from, for messages.
	origin origin
	depth  int // of nesting
}

// origin tells where an object's members come from, for messages: "Parameters of"
// a state.
type origin struct{ what, state string }

func (o origin) String() string {
	if o.state == "" {
		return "the " + o.what
	}
	return "the " + o.what + " " + strconv.Quote(o.state)
}

type shapeKind uint8

const (
	shapeAny shapeKind = iota
	shapeObject
	shapeList
	shapeScalar
)

type slot struct {
	shape *shape
	maybe bool // the member may be absent
}

var (
	anything = &shape{}
	someText = &shape{kind: shapeScalar}
	someList = &shape{kind: shapeList, depth: 1}
)

func object(from origin, fields map[string]slot) *shape {
	s := &shape{kind: shapeObject, fields: fields, origin: from}
	s.measure()
	return s
}

func listOf(items []*shape) *shape {
	s := &shape{kind: shapeList, items: items}
	s.measure()
	return s
}

// measure sets the depth, which bounds what loops can build up.
func (s *shape) measure() {
	s.depth = 1
	for _, f := range s.fields {
		s.depth = max(s.depth, f.shape.depth+1)
	}
	for _, item := range s.items {
		s.depth = max(s.depth, item.depth+1)
	}
}

// shapeOf is the shape of a literal.
func shapeOf(v any, from origin) *shape {
	switch v := v.(type) {
	case *jsonvalue.Object:
		fields := make(map[string]slot, v.Len())
		for k, m := range v.All() {
			fields[k] = slot{shape: shapeOf(m, from)}
		}
		return object(from, fields)
	case []any:
		items := make([]*shape, len(v))
		for i, m := range v {
			items[i] = shapeOf(m, from)
		}
		return listOf(items)
	}
	return &shape{kind: shapeScalar, value: v, known: true}
}

// presence tells whether a path exists.
type presence uint8

const (
	maybe presence = iota
	exists
	absent
)

// missing says what a path lacks.
type missing struct {
	parent *shape // that has not got the member
	reason string // where there is no parent
}

func (m missing) String() string {
	if m.parent == nil {
		return m.reason
	}
	if m.parent.kind != shapeObject {
		return "the value is no object there"
	}
	text := "there are no members"
	if names := slices.Sorted(maps.Keys(m.parent.fields)); len(names) > 0 {
		if len(names) > 8 {
			names = append(names[:8], "...")
		}
		text = "there is only " + strings.Join(names, ", ")
	}
	if m.parent.origin != (origin{}) {
		text += " in " + m.parent.origin.String()
	}
	return text
}

// find follows the steps of a path.
func (s *shape) find(steps []jsonpath.Step) (*shape, presence, missing) {
	result := exists
	for _, step := range steps {
		switch {
		case s.kind == shapeAny:
			return anything, maybe, missing{}
		case step.Kind == jsonpath.Property && s.kind == shapeObject:
			f, ok := s.fields[step.Name]
			switch {
			case !ok && s.open:
				return anything, maybe, missing{}
			case !ok:
				return anything, absent, missing{parent: s}
			case f.maybe:
				result = maybe
			}
			s = f.shape
		case step.Kind == jsonpath.Property:
			return anything, absent, missing{parent: s}
		case step.Kind == jsonpath.Index && s.kind == shapeList && s.items != nil:
			switch {
			case step.Index < 0:
				return anything, maybe, missing{}
			case step.Index >= len(s.items):
				return anything, absent, missing{reason: "the list is shorter"}
			}
			s = s.items[step.Index]
		default: // filters, wild cards, functions: they may give anything
			return anything, maybe, missing{}
		}
	}
	return s, result, missing{}
}

// with is the shape with a value put at the place that the steps name.
func (s *shape) with(steps []jsonpath.Step, value *shape) *shape {
	if len(steps) == 0 {
		return value
	}
	step := steps[0]
	if step.Kind != jsonpath.Property {
		return anything
	}
	out := &shape{kind: shapeObject, fields: map[string]slot{}, open: true}
	inner := anything
	if s.kind == shapeObject {
		out.fields, out.open, out.origin = maps.Clone(s.fields), s.open, s.origin
		if f, ok := s.fields[step.Name]; ok {
			inner = f.shape
		} else if !s.open {
			inner = object(s.origin, nil)
		}
		if out.fields == nil {
			out.fields = map[string]slot{}
		}
	}
	out.fields[step.Name] = slot{shape: inner.with(steps[1:], value)}
	out.measure()
	return out
}

// join is what is known of a value that is of either shape.
func join(a, b *shape) *shape {
	if a == b {
		return a
	}
	if a.kind != b.kind || a.kind == shapeAny {
		return anything
	}
	out := &shape{kind: a.kind}
	if a.origin == b.origin {
		out.origin = a.origin
	}
	switch a.kind {
	case shapeObject:
		out.open = a.open || b.open
		out.fields = make(map[string]slot, len(a.fields))
		for name, f := range a.fields {
			g, ok := b.fields[name]
			switch {
			case ok:
				out.fields[name] = slot{join(f.shape, g.shape), f.maybe || g.maybe}
			case b.open:
				out.fields[name] = slot{anything, true}
			default:
				out.fields[name] = slot{f.shape, true}
			}
		}
		for name, g := range b.fields {
			if _, ok := a.fields[name]; !ok {
				f := slot{g.shape, true}
				if a.open {
					f.shape = anything
				}
				out.fields[name] = f
			}
		}
	case shapeList:
		if len(a.items) == len(b.items) && a.items != nil && b.items != nil {
			for i := range a.items {
				out.items = append(out.items, join(a.items[i], b.items[i]))
			}
		}
	case shapeScalar:
		if a.known && b.known && jsonvalue.Equal(a.value, b.value) {
			out.value, out.known = a.value, true
		}
	}
	out.measure()
	return out
}

func (s *shape) equal(t *shape) bool {
	if s == t {
		return true
	}
	if s.kind != t.kind || s.open != t.open || s.known != t.known || len(s.fields) != len(t.fields) ||
		len(s.items) != len(t.items) || (s.items == nil) != (t.items == nil) || s.known && !jsonvalue.Equal(s.value, t.value) {
		return false
	}
	for name, f := range s.fields {
		g, ok := t.fields[name]
		if !ok || f.maybe != g.maybe || !f.shape.equal(g.shape) {
			return false
		}
	}
	for i := range s.items {
		if !s.items[i].equal(t.items[i]) {
			return false
		}
	}
	return true
}
