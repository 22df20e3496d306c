package layered

// assignX finds the horizontal coordinates: the sum of the links' horizontal
// extents, weighted so that long lines are straight, is minimal. Vertices that
// could stand at several places at the same cost are then moved to the
// middle of these.
func (g *graph) assignX() {
	for i := range g.vertices {
		v := &g.vertices[i]
		v.left, v.right = v.w/2, v.w-v.w/2
		if v.node >= 0 {
			v.left += g.selfMargin(v.node, 0)
			v.right += g.selfMargin(v.node, 1)
		}
	}
	at, n := g.straightRuns()
	arcs := g.separations(at)
	for i := range g.links {
		l := &g.links[i]
		if at[l.up] == at[l.down] {
			continue
		}
		up, down := g.upOffset(i), g.downOffset(i)
		least := max(up, down)
		arcs = append(arcs,
			arc{tail: n, head: at[l.up], length: least - up, weight: l.weight},
			arc{tail: n, head: at[l.down], length: least - down, weight: l.weight})
		n++
	}
	x := solve(n, arcs)
	for v := range g.vertices {
		g.vertices[v].x = x[at[v]]
	}
	for range 3 {
		g.centre()
	}
	g.straighten()
	least := g.vertices[0].x - g.vertices[0].left
	for i := range g.vertices {
		least = min(least, g.vertices[i].x-g.vertices[i].left)
	}
	for i := range g.vertices {
		g.vertices[i].x -= least
	}
}

// straightRuns gives each vertex the number of its variable: the bends of a line
// share one as long as the line crosses no other one that does, so that long
// lines are straight. It also gives the number of variables.
func (g *graph) straightRuns() (at []int, n int) {
	at = make([]int, len(g.vertices))
	for v := range at {
		at[v] = -1
	}
	for r, row := range g.rows {
		for _, v := range row {
			if at[v] < 0 {
				at[v] = n
				n++
			}
		}
		if r+1 == len(g.rows) {
			break
		}
		var inner []int // links between bends, by their upper ends
		for _, v := range row {
			for _, l := range g.vertices[v].down {
				if g.bend(v) && g.bend(g.links[l].down) {
					inner = append(inner, l)
				}
			}
		}
		for _, l := range g.uncrossed(inner) {
			at[g.links[l].down] = at[g.links[l].up]
		}
	}
	return at, n
}

// uncrossed picks as many of the links, given by their upper ends, as possible so
// that none crosses another: a longest increasing sequence of lower ends.
func (g *graph) uncrossed(links []int) []int {
	length := make([]int, len(links))
	before := make([]int, len(links))
	end := -1
	for i := range links {
		length[i], before[i] = 1, -1
		for k := range i {
			if g.downAt(links[k]) < g.downAt(links[i]) && length[k]+1 > length[i] {
				length[i], before[i] = length[k]+1, k
			}
		}
		if end < 0 || length[i] > length[end] {
			end = i
		}
	}
	var kept []int
	for ; end >= 0; end = before[end] {
		kept = append(kept, links[end])
	}
	return kept
}

// separations are the distances that neighbours keep, at[v] being the variable of
// vertex v.
func (g *graph) separations(at []int) []arc {
	var arcs []arc
	index := map[[2]int]int{}
	for _, row := range g.rows {
		for i := 1; i < len(row); i++ {
			v, w := row[i-1], row[i]
			a := arc{tail: at[v], head: at[w], length: g.distance(v, w)}
			if g.besideOne(v, w) {
				a.weight = 1
			}
			k, ok := index[[2]int{a.tail, a.head}]
			if !ok {
				index[[2]int{a.tail, a.head}] = len(arcs)
				arcs = append(arcs, a)
				continue
			}
			arcs[k].length = max(arcs[k].length, a.length)
			arcs[k].weight += a.weight
		}
	}
	return arcs
}

// distance is the least distance of the centres of neighbours v and w.
func (g *graph) distance(v, w int) int {
	a, b := &g.vertices[v], &g.vertices[w]
	gap := lineGap
	if g.besideOne(v, w) {
		gap = laneGap
	}
	if a.node >= 0 && b.node >= 0 {
		gap = nodeGap
	}
	return a.right + gap + b.left
}

// besideOne tells whether two neighbours are a box and its lane, or two lanes of
// a box.
func (g *graph) besideOne(v, w int) bool {
	a, b := &g.vertices[v], &g.vertices[w]
	return (a.beside >= 0 || b.beside >= 0) && g.owner(v) == g.owner(w)
}

// bend tells whether a vertex is a place where a line passes a row.
func (g *graph) bend(v int) bool {
	b := &g.vertices[v]
	return b.node < 0 && b.label < 0 && b.beside < 0
}

// owner is the vertex of the box that a lane belongs to; any other vertex is its
// own.
func (g *graph) owner(v int) int {
	if b := g.vertices[v].beside; b >= 0 {
		return b
	}
	return v
}

// upOffset and downOffset are the places of a link's ends relative to the
// centres of its vertices.
func (g *graph) upOffset(i int) int {
	l := &g.links[i]
	v := &g.vertices[l.up]
	if l.upPort == aside {
		return g.asideOffset(v.w)
	}
	return 0
}

func (g *graph) downOffset(i int) int {
	l := &g.links[i]
	v := &g.vertices[l.down]
	if l.downPort == aside {
		for _, other := range v.up { // beside the flow, if there is any
			if g.links[other].downPort == middle {
				return g.asideOffset(v.w)
			}
		}
	}
	return 0
}

func (g *graph) asideOffset(w int) int { return min(w/4, 40) }
