package ast

import (
	"slices"
	"strings"

	"airline/asl/jsonpath"
	"airline/asl/jsonvalue"
)

// verdict is what is known of a condition.
type verdict uint8

const (
	undecided verdict = iota
	holds
	fails
)

// choose gives what is known on each way out of a Choice.
func (s *stateFlow) choose(facts []fact) []edge {
	edges := map[int][]fact{}
	var order []int
	add := func(name string, f fact, assign Field, output Field, at string) {
		to, ok := s.index[name]
		if !ok {
			return
		}
		f = f.assign(s.assigned(assign, nil, at+"/Assign"))
		if s.lang == JSONata && output.IsSet() {
			f.data = s.payload(output.Value(), nil, at+"/Output", s.origin(at+"/Output"))
		}
		f.route = s.onwards(f)
		if _, seen := edges[to]; !seen {
			order = append(order, to)
		}
		edges[to] = append(edges[to], f)
	}
	// Facts whose way is known go it; the others are one, see above.
	var unknown []fact
	take := func(f fact, decided bool) bool {
		s.now = f
		data := f.data
		if s.lang == JSONPath {
			data = s.part(s.st.InputPath, f.data, "/InputPath")
			f.data = s.part(s.st.OutputPath, data, "/OutputPath")
		}
		for i, r := range s.st.Choices {
			at := s.numbered("/Choices", i)
			switch s.test(r, data) {
			case holds:
				add(r.Next, f, r.Assign, r.Output, at)
				return true
			case undecided:
				if decided {
					return false
				}
				add(r.Next, f, r.Assign, r.Output, at)
			}
		}
		if s.st.Default != "" {
			add(s.st.Default, f, s.st.Assign, s.st.Output, "")
		}
		return true
	}
	for _, f := range facts {
		s.now = f
		s.variables(f)
		if !take(f, true) {
			unknown = append(unknown, f)
		}
	}
	if len(unknown) > 0 {
		take(merge(unknown), false)
	}
	slices.Sort(order)
	var out []edge
	for _, to := range order {
		out = append(out, edge{to, bounded(edges[to])})
	}
	return out
}

// test decides a condition as far as the data is known.
func (s *stateFlow) test(r *Rule, data *shape) verdict {
	switch {
	case r == nil || r.Condition.IsSet() || s.lang == JSONata:
		return undecided
	case r.Not != nil:
		switch s.test(r.Not, data) {
		case holds:
			return fails
		case fails:
			return holds
		}
		return undecided
	case r.And != nil:
		result := holds
		for _, p := range r.And {
			switch s.test(p, data) {
			case fails:
				return fails
			case undecided:
				result = undecided
			}
		}
		return result
	case r.Or != nil:
		result := fails
		for _, p := range r.Or {
			switch s.test(p, data) {
			case holds:
				return holds
			case undecided:
				result = undecided
			}
		}
		return result
	}
	return s.compare(r, data)
}

func (s *stateFlow) compare(r *Rule, data *shape) verdict {
	p := s.readable(r.Variable)
	if p == nil || p.Scope() == jsonpath.Context || !p.Definite() {
		return undecided
	}
	if p.Scope() == jsonpath.Variable {
		v, ok := s.now.vars[p.Variable()]
		if !ok {
			return undecided
		}
		data = v
	}
	found, there, _ := data.find(p.steps)
	want, isBool := r.Operand.(bool)
	if r.Operator == "IsPresent" && isBool {
		switch {
		case there == maybe:
			return undecided
		case (there == exists) == want:
			return holds
		}
		return fails
	}
	if there != exists || !found.known {
		return undecided
	}
	switch r.Operator {
	case "StringEquals", "NumericEquals", "BooleanEquals":
		if jsonvalue.Equal(found.value, r.Operand) {
			return holds
		}
		return fails
	}
	return undecided
}

// variables looks up the variables of the rules, but for those that the Choice
// tests for being there.
func (s *stateFlow) variables(f fact) {
	if s.lang != JSONPath {
		for i, r := range s.st.Choices {
			s.payload(r.Condition.Value(), nil, s.numbered("/Choices", i)+"/Condition", origin{})
		}
		return
	}
	var tested []string
	for _, r := range s.st.Choices {
		tested = presenceTests(r, tested)
	}
	data := f.data
	if s.st.InputPath.IsSet() {
		noted := s.notes
		data = s.part(s.st.InputPath, f.data, "/InputPath")
		s.notes = noted
	}
	for i, r := range s.st.Choices {
		s.compared(r, data, s.numbered("/Choices", i), tested)
		if s.test(r, data) == holds {
			return
		}
	}
}

func (s *stateFlow) compared(r *Rule, data *shape, at string, tested []string) {
	if r == nil {
		return
	}
	for i, p := range r.And {
		s.compared(p, data, s.numbered(at+"/And", i), tested)
		if s.test(p, data) == fails {
			return
		}
	}
	for i, p := range r.Or {
		s.compared(p, data, s.numbered(at+"/Or", i), tested)
		if s.test(p, data) == holds {
			return
		}
	}
	s.compared(r.Not, data, at+"/Not", tested)
	if r.Operator == "" || r.Operator == "IsPresent" {
		return
	}
	look := func(text, field string) {
		guarded := slices.ContainsFunc(tested, func(t string) bool {
			return strings.HasPrefix(text, t) || strings.HasPrefix(t, text)
		})
		if !guarded {
			s.look(text, data, field)
		}
	}
	look(r.Variable, at+"/Variable")
	if other, ok := r.Operand.(string); ok && r.Operator.FromPath() {
		look(other, at+"/"+string(r.Operator))
	}
}

// presenceTests appends the paths that a rule tests with IsPresent.
func presenceTests(r *Rule, list []string) []string {
	if r == nil {
		return list
	}
	for _, p := range r.And {
		list = presenceTests(p, list)
	}
	for _, p := range r.Or {
		list = presenceTests(p, list)
	}
	list = presenceTests(r.Not, list)
	if r.Operator == "IsPresent" {
		list = append(list, r.Variable)
	}
	return list
}
