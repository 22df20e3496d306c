package layered

// graph is the work sheet of one layout.
type graph struct {
	nodes []Node
	edges []Edge
	start int

	back  []bool // by edge: closes a cycle
	layer []int  // by node

	rows     [][]int // vertices of each row from left to right
	vertices []vertex
	links    []link
	bundles  []*bundle
	nets     []net
	fans     map[fan]int
	self     [][2]int  // by node: self-loops on the left and on the right, -1 without
	channels []channel // below each row

	labelRow []bool // by layer: there is a row for labels below the layer
	rowOf    []int  // by layer
}

// vertex is what has a place in a row: a box, a label, a bend of a line that
// passes the row, or a lane. The vertex of a node has the node's index.
type vertex struct {
	node  int // -1: none
	label int // edge, -1: none
	row   int
	at    int // index in the row
	x     int // of the centre
	// left and right are how far the vertex extends from its centre.
	left, right int
	w, h        int // of box or label
	// A lane beside a box; beside is -1 for other vertices.
	beside, side  int
	in            bool
	laneAt, lanes int // index among the lanes in, or out, of the side, and their number
	up, down      []int
}

// port says where at a vertex a link ends.
type port uint8

const (
	middle port = iota
	aside       // right of the middle: errors
	leftLane
	rightLane
)

// rank orders the ports of one side of a box from left to right.
func (p port) rank() int { return [...]int{middle: 1, aside: 2, leftLane: 0, rightLane: 3}[p] }

// link is the part of an edge, or of several edges of one bundle, between two
// neighbouring rows.
type link struct {
	up, down         int // vertices
	upPort, downPort port
	bundle           int
	net              int
	weight           int
	jog              *jog // at the lower end, or nil
}

// bundle is the edges of one kind to one node that run in one direction: they
// share a line.
type bundle struct {
	to    int
	kind  Kind
	back  bool
	edges []int
}

func newGraph(nodes []Node, edges []Edge, start int) *graph {
	g := &graph{nodes: nodes, edges: edges, start: start, fans: map[fan]int{}}
	for i := range edges {
		edges[i].Route = nil
		edges[i].Weight = max(edges[i].Weight, 1)
	}
	return g
}

func (g *graph) selfLoop(e int) bool { return g.edges[e].From == g.edges[e].To }

// breakCycles marks the edges that lead back to a node on the way from the start
// in a depth-first search that takes the edges in their order.
func (g *graph) breakCycles() {
	out := make([][]int, len(g.nodes))
	for i, e := range g.edges {
		out[e.From] = append(out[e.From], i)
	}
	g.back = make([]bool, len(g.edges))
	const (
		unseen = iota
		open
		done
	)
	state := make([]uint8, len(g.nodes))
	type frame struct{ node, next int }
	visit := func(root int) {
		stack := []frame{{root, 0}}
		state[root] = open
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if top.next == len(out[top.node]) {
				state[top.node] = done
				stack = stack[:len(stack)-1]
				continue
			}
			i := out[top.node][top.next]
			top.next++
			switch to := g.edges[i].To; state[to] {
			case open:
				g.back[i] = true
			case unseen:
				state[to] = open
				stack = append(stack, frame{to, 0})
			}
		}
	}
	visit(g.start)
	incoming := make([]int, len(g.nodes))
	for i := range g.edges {
		if !g.selfLoop(i) {
			incoming[g.edges[i].To]++
		}
	}
	for v := range g.nodes { // what cannot be reached, beginning at its beginnings
		if state[v] == unseen && incoming[v] == 0 {
			visit(v)
		}
	}
	for v := range g.nodes {
		if state[v] == unseen {
			visit(v)
		}
	}
	for i, e := range g.edges { // nothing stands above the start
		if e.To == g.start && !g.selfLoop(i) {
			g.back[i] = true
		}
	}
}

// assignLayers gives each node a layer so that edges, but for those that close a
// cycle, lead downwards and are short.
func (g *graph) assignLayers() {
	var arcs []arc
	incoming := make([]bool, len(g.nodes))
	for i, e := range g.edges {
		if g.selfLoop(i) {
			continue
		}
		a := arc{tail: e.From, head: e.To, length: 1, weight: e.Weight}
		if g.back[i] {
			a.tail, a.head = a.head, a.tail
		}
		arcs = append(arcs, a)
		incoming[a.head] = true
	}
	for v := range g.nodes {
		if v != g.start && !incoming[v] {
			arcs = append(arcs, arc{tail: g.start, head: v})
		}
	}
	g.layer = solve(len(g.nodes), arcs)
	least := g.layer[0]
	for _, l := range g.layer {
		least = min(least, l)
	}
	for v := range g.layer {
		g.layer[v] -= least
	}
}
