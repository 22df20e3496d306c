package layered

import (
	"slices"
	"sort"
)

// A lane is the place beside a box where a loop runs: into the box's side from
// below, or out of it to above. Lanes are vertices next to their box, so
// that the layout may move them away from it to keep a line straight.

// side is 0 for left, 1 for right.
func (p port) side() int {
	if p == rightLane {
		return 1
	}
	return 0
}

func (p port) lane() bool { return p == leftLane || p == rightLane }

// addLanes puts the lanes into the rows, on each side of a box the farther out
// the farther out their way goes on, and hangs the links of loops on them.
func (g *graph) addLanes() {
	sides := make([][2][]int, len(g.nodes)) // lanes from the innermost outwards
	for n := range g.nodes {
		for side := range 2 {
			sides[n][side] = g.lanesOf(n, side)
		}
	}
	for r, row := range g.rows {
		var order []int
		for _, v := range row {
			n := g.vertices[v].node
			if n < 0 {
				order = append(order, v)
				continue
			}
			left := slices.Clone(sides[n][0])
			slices.Reverse(left)
			order = append(append(append(order, left...), v), sides[n][1]...)
		}
		g.setRow(r, order)
	}
	g.linkVertices()
}

// lanesOf makes the lanes on one side of node n.
func (g *graph) lanesOf(n, side int) []int {
	type candidate struct {
		links []int
		in    bool
		at    int // where the way goes on, the greater the farther right
	}
	var list []candidate
	byNet := map[int]int{}
	for _, i := range g.vertices[n].down {
		l := &g.links[i]
		if !l.upPort.lane() || l.upPort.side() != side {
			continue
		}
		k, ok := byNet[l.net] // all loops to a box in one line
		if !ok {
			k = len(list)
			byNet[l.net] = k
			list = append(list, candidate{in: true, at: g.downAt(i)})
		}
		list[k].links = append(list[k].links, i)
	}
	for _, i := range g.vertices[n].up {
		if l := &g.links[i]; l.downPort.lane() && l.downPort.side() == side {
			list = append(list, candidate{links: []int{i}, at: g.upAt(i)})
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		if side == 0 {
			return list[i].at > list[j].at
		}
		return list[i].at < list[j].at
	})
	var lanes []int
	count := [2]int{}
	for _, c := range list {
		i := len(g.vertices)
		g.vertices = append(g.vertices, vertex{node: -1, label: -1, beside: n, side: side, in: c.in, row: g.vertices[n].row})
		for _, k := range c.links {
			if c.in {
				g.links[k].up, g.links[k].upPort = i, middle
			} else {
				g.links[k].down, g.links[k].downPort = i, middle
			}
		}
		lanes = append(lanes, i)
		g.vertices[i].laneAt = count[kindOf(c.in)]
		count[kindOf(c.in)]++
	}
	for _, i := range lanes {
		g.vertices[i].lanes = count[kindOf(g.vertices[i].in)]
	}
	return lanes
}

func kindOf(in bool) int {
	if in {
		return 1
	}
	return 0
}

// findSelfLoops notes the edges from a box to itself, by node and side.
func (g *graph) findSelfLoops() {
	g.self = make([][2]int, len(g.nodes))
	for v := range g.self {
		g.self[v] = [2]int{-1, -1}
	}
	for i := range g.edges {
		if e := &g.edges[i]; g.selfLoop(i) {
			g.self[e.From][e.Kind] = i
		}
	}
}

// selfMargin is how much room the self-loop on one side of a node takes.
func (g *graph) selfMargin(n, side int) int {
	e := g.self[n][side]
	switch {
	case e < 0:
		return 0
	case g.edges[e].LabelW > 0:
		return laneGap + loopGap + g.edges[e].LabelW
	}
	return laneGap
}

// band is the height that the self-loop on one side of a node has for itself.
func (g *graph) band(n, side int) int {
	if e := g.self[n][side]; e >= 0 {
		return max(minBand, g.edges[e].LabelH)
	}
	return minBand
}

const minBand = 20

// sideHeight is the part of the side of a box of height h that loops use, from
// the top, when band of it is the self-loop's.
func sideHeight(h, band int) int { return min(h, max(60, band+36)) }

// laneY is where the k-th of n lanes meets the side of a box of height h, from
// the box's top: lanes out above the band, the outer the lower, lanes in below
// it, the outer the higher. So no two cross, and none crosses the self-loop.
func laneY(h, band, k, n int, in bool) int {
	h = sideHeight(h, band)
	last := max(2, (h-band)/2-3)
	step := min(7, max(1, (last-2)/max(n, 1)))
	y := max(1, last-(n-1-k)*step)
	if in {
		return h - y
	}
	return y
}
