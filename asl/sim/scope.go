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

// each visits every variable that can be seen, inner ones first.
func (s *scope) each(visit func(name string, value any)) {
	var seen []string
	for ; s != nil; s = s.outer {
		for i, name := range s.names {
			if !slices.Contains(seen, name) {
				seen = append(seen, name)
				visit(name, s.values[i])
			}
		}
	}
}
