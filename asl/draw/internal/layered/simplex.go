package layered

// An arc asks for x[head] - x[tail] >= length and costs weight for each unit of
// that difference.
type arc struct{ tail, head, length, weight int }

// solve finds integers x[0..n-1] that satisfy all arcs at the least cost. The
// arcs must not form a cycle. It is the network simplex method: a spanning tree
// of tight arcs is improved by exchanging an arc of negative cut value for
// another one.
func solve(n int, arcs []arc) []int {
	s := &simplex{n: n, arcs: connect(n, arcs)}
	if len(s.arcs) > 0 && s.arcs[len(s.arcs)-1].tail == n {
		s.n++ // the root that connect has added
	}
	s.x = make([]int, s.n)
	s.incident = make([][]int, s.n)
	for i, a := range s.arcs {
		s.incident[a.tail] = append(s.incident[a.tail], i)
		s.incident[a.head] = append(s.incident[a.head], i)
	}
	s.longestPath()
	s.spanningTree()
	if len(s.arcs) > 0 {
		s.improve()
	}
	return s.x[:n]
}

type simplex struct {
	n        int
	arcs     []arc
	incident [][]int // arcs at each vertex
	x        []int

	inTree   []bool  // by arc
	tree     [][]int // tree arcs at each vertex
	cut      []int   // by arc
	parent   []int   // arc towards the root, -1 at the root
	low, lim []int   // the subtree of v holds the vertices with lim in [low[v], lim[v]]
}

// connect adds arcs of no weight from a new vertex n to one vertex of each
// component when there is more than one.
func connect(n int, arcs []arc) []arc {
	component := make([]int, n)
	for i := range component {
		component[i] = i
	}
	find := func(v int) int {
		for component[v] != v {
			component[v] = component[component[v]]
			v = component[v]
		}
		return v
	}
	parts := n
	for _, a := range arcs {
		if t, h := find(a.tail), find(a.head); t != h {
			component[max(t, h)] = min(t, h)
			parts--
		}
	}
	if parts <= 1 {
		return arcs
	}
	arcs = arcs[:len(arcs):len(arcs)]
	for v := range n {
		if find(v) == v {
			arcs = append(arcs, arc{tail: n, head: v})
		}
	}
	return arcs
}

func (s *simplex) slack(i int) int {
	a := &s.arcs[i]
	return s.x[a.head] - s.x[a.tail] - a.length
}

// longestPath gives every vertex the least x that its arcs allow.
func (s *simplex) longestPath() {
	waiting := make([]int, s.n)
	for _, a := range s.arcs {
		waiting[a.head]++
	}
	queue := make([]int, 0, s.n)
	for v, w := range waiting {
		if w == 0 {
			queue = append(queue, v)
		}
	}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, i := range s.incident[v] {
			a := &s.arcs[i]
			if a.tail != v {
				continue
			}
			s.x[a.head] = max(s.x[a.head], s.x[v]+a.length)
			if waiting[a.head]--; waiting[a.head] == 0 {
				queue = append(queue, a.head)
			}
		}
	}
}

// spanningTree moves parts until tight arcs connect all vertices.
func (s *simplex) spanningTree() {
	s.inTree = make([]bool, len(s.arcs))
	s.tree = make([][]int, s.n)
	s.cut = make([]int, len(s.arcs))
	s.parent = make([]int, s.n)
	s.low, s.lim = make([]int, s.n), make([]int, s.n)

	reached := make([]bool, s.n)
	members := make([]int, 0, s.n)
	var frontier []int // arcs that may leave the tree
	var reach func(v int)
	reach = func(v int) {
		reached[v] = true
		members = append(members, v)
		for _, i := range s.incident[v] {
			a := &s.arcs[i]
			w := a.tail + a.head - v
			switch {
			case reached[w]:
			case s.slack(i) == 0:
				s.addToTree(i)
				reach(w)
			default:
				frontier = append(frontier, i)
			}
		}
	}
	reach(0)
	for len(members) < s.n {
		best, bestSlack, kept := -1, 0, 0
		for _, i := range frontier {
			a := &s.arcs[i]
			if reached[a.tail] && reached[a.head] {
				continue
			}
			frontier[kept] = i
			kept++
			if slack := s.slack(i); best < 0 || slack < bestSlack {
				best, bestSlack = i, slack
			}
		}
		frontier = frontier[:kept]
		a := &s.arcs[best]
		outside, shift := a.head, bestSlack
		if reached[a.head] {
			outside, shift = a.tail, -bestSlack
		}
		if shift != 0 {
			for _, v := range members {
				s.x[v] += shift
			}
		}
		s.addToTree(best)
		reach(outside)
	}
	s.number(0, -1, 1)
	s.cutValues()
}

func (s *simplex) addToTree(i int) {
	s.inTree[i] = true
	a := &s.arcs[i]
	s.tree[a.tail] = append(s.tree[a.tail], i)
	s.tree[a.head] = append(s.tree[a.head], i)
}

func (s *simplex) removeFromTree(i int) {
	s.inTree[i] = false
	for _, v := range [2]int{s.arcs[i].tail, s.arcs[i].head} {
		list := s.tree[v]
		for k, j := range list {
			if j == i {
				list[k] = list[len(list)-1]
				s.tree[v] = list[:len(list)-1]
				break
			}
		}
	}
}

// number renews parent, low and lim in the subtree of v, counting from next,
// and gives the next free number.
func (s *simplex) number(v, parent, next int) int {
	s.parent[v], s.low[v] = parent, next
	for _, i := range s.tree[v] {
		if i != parent {
			next = s.number(s.arcs[i].tail+s.arcs[i].head-v, i, next)
		}
	}
	s.lim[v] = next
	return next + 1
}

// cutValues computes all cut values. That of a tree arc is the weight of the
// arcs from its tail's side to its head's side less that of the others; arcs
// within a side cancel out, so the sum over the vertices of one side does.
func (s *simplex) cutValues() {
	surplus := make([]int, s.n)
	for _, a := range s.arcs {
		surplus[a.tail] += a.weight
		surplus[a.head] -= a.weight
	}
	order := make([]int, s.n+1)
	for v, l := range s.lim {
		order[l] = v
	}
	for _, v := range order[1:] {
		i := s.parent[v]
		if i < 0 {
			continue
		}
		a := &s.arcs[i]
		if a.tail == v {
			s.cut[i] = surplus[v]
		} else {
			s.cut[i] = -surplus[v]
		}
		surplus[a.tail+a.head-v] += surplus[v]
	}
}

// effort bounds the work of an optimisation, in visits of an arc: about a second.
const effort = 400_000_000

// improve exchanges arcs until no cut value is negative. It gives up when that
// takes too long; the tree is feasible at any time, if not the best.
func (s *simplex) improve() {
	at := 0
	for range 100 + effort/len(s.arcs) {
		leave := -1
		for range len(s.arcs) {
			if at++; at >= len(s.arcs) {
				at = 0
			}
			if s.inTree[at] && s.cut[at] < 0 {
				leave = at
				break
			}
		}
		if leave < 0 {
			return
		}
		enter := s.entering(leave)
		if enter < 0 {
			return
		}
		s.exchange(leave, enter)
	}
}

// within tells whether v is in the subtree of top.
func (s *simplex) within(v, top int) bool { return s.low[top] <= s.lim[v] && s.lim[v] <= s.lim[top] }

// entering is the arc of least slack that leads from the head's side of the arc
// leave to its tail's side.
func (s *simplex) entering(leave int) int {
	a := &s.arcs[leave]
	top, fromInside := a.tail, false // the tail's side is the subtree: enter from outside
	if s.lim[a.head] < s.lim[a.tail] {
		top, fromInside = a.head, true
	}
	best, bestSlack := -1, 0
	for i := range s.arcs {
		b := &s.arcs[i]
		if s.within(b.tail, top) != fromInside || s.within(b.head, top) == fromInside {
			continue
		}
		if slack := s.slack(i); best < 0 || slack < bestSlack {
			if best, bestSlack = i, slack; slack == 0 {
				break
			}
		}
	}
	return best
}

func (s *simplex) exchange(leave, enter int) {
	l, e := s.arcs[leave], s.arcs[enter]
	// Move the subtree below the leaving arc so that the entering arc is tight.
	top := l.tail
	if s.lim[l.head] < s.lim[l.tail] {
		top = l.head
	}
	if shift := s.slack(enter); shift != 0 {
		if s.within(e.tail, top) {
			s.shift(top, shift)
		} else {
			s.shift(top, -shift)
		}
	}
	// Push the missing flow around the cycle that the entering arc closes.
	flow := -s.cut[leave]
	v := e.tail
	for !s.within(e.head, v) { // up from the tail: the cycle runs against it
		i := s.parent[v]
		if s.arcs[i].tail == v {
			s.cut[i] -= flow
			v = s.arcs[i].head
		} else {
			s.cut[i] += flow
			v = s.arcs[i].tail
		}
	}
	join := v
	for v = e.head; v != join; {
		i := s.parent[v]
		if s.arcs[i].tail == v {
			s.cut[i] += flow
			v = s.arcs[i].head
		} else {
			s.cut[i] -= flow
			v = s.arcs[i].tail
		}
	}
	s.cut[enter], s.cut[leave] = flow, 0
	parent, low := s.parent[join], s.low[join]
	s.removeFromTree(leave)
	s.addToTree(enter)
	s.number(join, parent, low)
}

// shift moves the subtree of v by d.
func (s *simplex) shift(v, d int) {
	s.x[v] += d
	for _, i := range s.tree[v] {
		if i != s.parent[v] {
			s.shift(s.arcs[i].tail+s.arcs[i].head-v, d)
		}
	}
}
