package jsonpath

import (
	"fmt"

	"airline/asl/jsonvalue"
)

// Set returns root with value at the place that a reference path names, as
// ResultPath does. Neither root nor its parts are changed: what lies on the way
// is copied. Missing objects on the way are made; an array must have the item.
// A root or a part that the path cannot enter is a *NotFoundError.
func (p *Path) Set(root, value any) (any, error) {
	if !p.plain {
		return nil, &NotFoundError{p.source, "not a reference path"}
	}
	return p.set(root, value, 0)
}

func (p *Path) set(node, value any, i int) (any, error) {
	if i == len(p.steps) {
		return value, nil
	}
	s := &p.steps[i]
	if s.kind == Index {
		list, ok := node.([]any)
		n := s.index
		if n < 0 {
			n += len(list)
		}
		if !ok || n < 0 || n >= len(list) {
			return nil, &NotFoundError{p.source, fmt.Sprintf("there is no item %d at %s", s.index, p.canonical(i))}
		}
		item, err := p.set(list[n], value, i+1)
		if err != nil {
			return nil, err
		}
		list = append([]any(nil), list...)
		list[n] = item
		return list, nil
	}
	object, ok := node.(*jsonvalue.Object)
	if !ok {
		return nil, &NotFoundError{p.source, fmt.Sprintf("there is no object at %s", p.canonical(i))}
	}
	child, found := object.Get(s.name)
	if !found && i < len(p.steps)-1 {
		child = jsonvalue.NewObject(1)
	}
	child, err := p.set(child, value, i+1)
	if err != nil {
		return nil, err
	}
	object = object.Clone()
	object.Set(s.name, child)
	return object, nil
}
