package sim

import "slices"

// A scope holds the variables of an execution, a branch or an iteration. A
// branch sees the variables around it, and cannot change them.
type scope struct {
	outer  *scope
	names  []string
	values []any
}

func (s *scope) get(name string) (any, bool) {
	for ; s != nil; s = s.outer {
		if i := slices.Index(s.names, name); i >= 0 {
			return s.values[i], true
		}
	}
	return nil, false
}

func (s *scope) set(name string, value any) {
	if i := slices.Index(s.names, name); i >= 0 {
		s.values[i] = value
		return
	}
	s.names = append(s.names, name)
	s.values = append(s.values, value)
}
