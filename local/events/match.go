package events

import (
	"airline/asl/jsonvalue"
)

// Match reports whether the pattern is for this event.
func (p *Pattern) Match(event any) bool {
	return p.root.match(event, event, nil)
}

// match looks at one object of the event. path leads from the root to it, for fields that must be absent:
// they must be so everywhere, not only in one element of an array.
func (n *node) match(v, root any, path []string) bool {
	o, _ := v.(*jsonvalue.Object)
	for _, f := range n.fields {
		if !f.match(o, root, append(path[:len(path):len(path)], f.name)) {
			return false
		}
	}
	for _, group := range n.groups {
		hit := false
		for _, alternative := range group {
			if alternative.match(v, root, path) {
				hit = true
				break
			}
		}
		if !hit {
			return false
		}
	}
	return true
}

func (f field) match(o *jsonvalue.Object, root any, path []string) bool {
	v, present := o.Get(f.name)
	if f.below != nil {
		return f.below.matchAny(v, root, path)
	}
	if !present || isEmptyArray(v) {
		for _, m := range f.any {
			if m.absent && !leafExists(root, path) {
				return true
			}
		}
		return false
	}
	return f.matchValue(v)
}

// matchAny matches the pattern of an object with a value: an array matches when one of its elements does.
func (n *node) matchAny(v, root any, path []string) bool {
	list, ok := v.([]any)
	if !ok {
		return n.match(v, root, path)
	}
	for _, e := range list {
		if n.matchAny(e, root, path) {
			return true
		}
	}
	return len(list) == 0 && n.match(nil, root, path)
}

func (f field) matchValue(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if f.matchValue(e) {
				return true
			}
		}
		return false
	case *jsonvalue.Object: // patterns look at leaves only
		for _, m := range f.any {
			if m.absent {
				return true
			}
		}
		return false
	default:
		for _, m := range f.any {
			if m.match(v) {
				return true
			}
		}
		return false
	}
}

func isEmptyArray(v any) bool {
	list, ok := v.([]any)
	return ok && len(list) == 0
}

// leafExists reports whether a value that is not an object stands at the path, in any element of the arrays
// on the way.
func leafExists(v any, path []string) bool {
	if list, ok := v.([]any); ok {
		for _, e := range list {
			if leafExists(e, path) {
				return true
			}
		}
		return false
	}
	o, isObject := v.(*jsonvalue.Object)
	if len(path) == 0 {
		return !isObject
	}
	below, ok := o.Get(path[0])
	return ok && leafExists(below, path[1:])
}
