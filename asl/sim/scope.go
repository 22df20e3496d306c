package sim

import "slices"

// A scope holds the variables of an execution, a branch or an iteration. A
// branch sees the variables around it, and cannot change them.
type scope struct {
	outer  *scope
	names  []string
	values []any
	bytes  int // of the values' JSON texts
}

func (s *scope) get(name string) (any, bool) {
	for ; s != nil; s = s.outer {
		if i := slices.Index(s.names, name); i >= 0 {
			return s.values[i], true
		}
	}
	return nil, false
}

// set assigns a variable, and returns by how many bytes the scope has grown.
func (s *scope) set(name string, value any) int {
	growth := size(value, maxVariables, 0, textSize)
	if i := slices.Index(s.names, name); i >= 0 {
		growth -= size(s.values[i], maxVariables, 0, textSize)
		s.values[i] = value
	} else {
		s.names = append(s.names, name)
		s.values = append(s.values, value)
	}
	s.bytes += growth
	return growth
}

// maxVariables is how many bytes all variables of an execution may hold together
// (10 MiB, Step Functions Developer Guide, "Variable limits").
const maxVariables = 10 << 20

// forget drops the variables of a thread that has ended.
func (th *thread) forget() {
	if outer := th.around(); th.scope != outer && th.scope != nil {
		th.exec.variables -= th.scope.bytes
		th.scope = outer
	}
}
