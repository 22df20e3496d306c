package ast

import (
	"math"
	"strings"
)

// loops warns of poll loops that write more events than a history holds before
// the machine's time is over: such an execution fails in the middle.
func (v *validator) loops(d *Definition, g *graph, at string) {
	for _, component := range g.cycles() {
		in := make(map[int]bool, len(component))
		for _, i := range component {
			in[i] = true
		}
		if g.bounded(component, in, counts) {
			continue
		}
		for _, i := range component {
			s := g.states[i]
			wait, ok := s.Seconds.Number()
			if s.Type != TypeWait || !ok || wait < 1 {
				continue
			}
			events, seconds := g.round(i, in)
			if events == 0 {
				continue
			}
			rounds := float64(MaxEvents) / events
			lasts := rounds * seconds
			if v.limit > 0 && v.limit <= lasts {
				continue
			}
			location := Pointer(at+"/States", s.Name)
			fix := "count the rounds, wait longer, or set the machine's TimeoutSeconds below that"
			if v.limit > 0 {
				fix = "count the rounds, wait longer, or lower TimeoutSeconds from " + plain(v.limit)
			}
			v.warn(s.Pos, location, fix, "the loop through %q exceeds the history's 25,000 events after %s s: a round writes %s events in %s s",
				s.Name, plain(math.Floor(lasts)), plain(events), plain(seconds))
			break
		}
	}
}

// bounded tells whether a Choice of the cycle leaves it by a rule that ends loops: by a count or a time.
func (g *graph) bounded(component []int, in map[int]bool, ends func(*Rule) bool) bool {
	for _, i := range component {
		for _, r := range g.states[i].Choices {
			to := g.index[r.Next]
			if to == nil || in[*to] && !g.exits(i, in) {
				continue
			}
			if ends(r) {
				return true
			}
		}
	}
	return false
}

// exits tells whether the state leads out of the cycle.
func (g *graph) exits(i int, in map[int]bool) bool {
	for _, to := range g.next[i] {
		if !in[to] {
			return true
		}
	}
	return false
}

func counts(r *Rule) bool {
	op := string(r.Operator)
	if strings.HasPrefix(op, "Numeric") || strings.HasPrefix(op, "Timestamp") {
		return true
	}
	if r.Condition.IsSet() {
		text, _ := r.Condition.Text()
		return strings.ContainsAny(text, "<>")
	}
	for _, inner := range append(append([]*Rule{}, r.And...), r.Or...) {
		if counts(inner) {
			return true
		}
	}
	return r.Not != nil && counts(r.Not)
}

// round is the shortest way from a state back to itself inside the cycle: its
// events and its waiting time.
func (g *graph) round(start int, in map[int]bool) (events, seconds float64) {
	from := map[int]int{}
	queue := []int{start}
	for len(queue) > 0 {
		i := queue[0]
		queue = queue[1:]
		for _, to := range g.next[i] {
			if to == start {
				for {
					e, s := cost(g.states[i])
					events, seconds = events+e, seconds+s
					if i == start {
						return events, seconds
					}
					i = from[i]
				}
			}
			if _, seen := from[to]; in[to] && !seen {
				from[to] = i
				queue = append(queue, to)
			}
		}
	}
	return 0, 0
}

// cost is what a visit of a state writes and waits, at the least.
func cost(s *State) (events, seconds float64) {
	switch s.Type {
	case TypeTask:
		return 5, 0
	case TypeWait:
		n, _ := s.Seconds.Number()
		return 2, n
	}
	return 2, 0
}
