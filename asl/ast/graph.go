package ast

import "slices"

// graph is the transitions between the states of one definition.
type graph struct {
	index     map[string]*int
	names     []string
	states    []*State
	next      [][]int // by state, without transitions to states that do not exist
	reachable []bool
}

func graphOf(d *Definition) *graph {
	g := &graph{
		index: make(map[string]*int, len(d.States)), states: d.States,
		next: make([][]int, len(d.States)), reachable: make([]bool, len(d.States)), names: make([]string, 0, len(d.States)),
	}
	positions := make([]int, len(d.States))
	for i, s := range d.States {
		positions[i] = i
		g.index[s.Name] = &positions[i]
		g.names = append(g.names, s.Name)
	}
	for i, s := range d.States {
		for name := range s.targets {
			if to := g.index[name]; to != nil {
				g.next[i] = append(g.next[i], *to)
			}
		}
	}
	start := g.index[d.StartAt]
	if start == nil || g.open() {
		for i := range g.reachable {
			g.reachable[i] = true // one problem is enough; or nobody knows
		}
		return g
	}
	stack := []int{*start}
	for len(stack) > 0 {
		i := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !g.reachable[i] {
			g.reachable[i] = true
			stack = append(stack, g.next[i]...)
		}
	}
	return g
}

// open tells whether a state has transitions that nobody knows yet.
func (g *graph) open() bool {
	for _, s := range g.states {
		if s.isOpen("Choices") || s.isOpen("Catch") {
			return true
		}
	}
	return false
}

// Targets are the names of the states that the state leads to: Next, then
// those of its rules, its Default, then those of its catchers.
func (s *State) Targets() []string {
	return slices.Collect(s.targets)
}

func (s *State) targets(yield func(string) bool) {
	lead := func(name string) bool { return name == "" || yield(name) }
	if !lead(s.Next) {
		return
	}
	for _, r := range s.Choices {
		if !lead(r.Next) {
			return
		}
	}
	if !lead(s.Default) {
		return
	}
	for _, c := range s.Catch {
		if !lead(c.Next) {
			return
		}
	}
}

// leadsTo is how many transitions the state has.
func (s *State) leadsTo() (n int) {
	for range s.targets {
		n++
	}
	return n
}

// terminates tells whether a state that ends can be reached. Where a
// transition leads to no state, which is reported there, it may.
func (g *graph) terminates() bool {
	for i, s := range g.states {
		if !g.reachable[i] {
			continue
		}
		if s.Type == TypeSucceed || s.Type == TypeFail || s.End || s.isOpen("End") || s.isOpen("Choices") || len(g.next[i]) < s.leadsTo() {
			return true
		}
		if s.Type != TypeChoice && s.Next == "" {
			return true // reported as a state that neither ends nor leads on
		}
	}
	return false
}

// cycles are the sets of states that can reach each other (strongly connected
// components with a cycle), by Tarjan's algorithm without recursion.
func (g *graph) cycles() [][]int {
	n := len(g.states)
	order, low := make([]int, n), make([]int, n)
	onStack, edge := make([]bool, n), make([]int, n)
	var stack []int
	var out [][]int
	count := 0
	for root := range n {
		if order[root] != 0 {
			continue
		}
		path := []int{root}
		for len(path) > 0 {
			v := path[len(path)-1]
			if order[v] == 0 {
				count++
				order[v], low[v] = count, count
				stack, onStack[v] = append(stack, v), true
			}
			if edge[v] < len(g.next[v]) {
				w := g.next[v][edge[v]]
				edge[v]++
				if order[w] == 0 {
					path = append(path, w)
				} else if onStack[w] {
					low[v] = min(low[v], order[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[v])
			}
			if low[v] != order[v] {
				continue
			}
			var component []int
			for {
				w := stack[len(stack)-1]
				stack, onStack[w] = stack[:len(stack)-1], false
				component = append(component, w)
				if w == v {
					break
				}
			}
			if len(component) > 1 || contains(g.next[v], v) {
				out = append(out, component)
			}
		}
	}
	return out
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}
