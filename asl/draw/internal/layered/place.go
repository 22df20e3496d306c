package layered

import "sort"

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

// centre moves blocks of straight lines to the middle of the places where they
// are as well placed as where they stand.
func (g *graph) centre() {
	perNet := make([]int, len(g.nets))
	for i := range g.links {
		perNet[g.links[i].net]++
	}
	// Blocks are connected by straight links that have their line for
	// themselves.
	block := make([]int, len(g.vertices))
	for v := range block {
		block[v] = -1
	}
	straight := func(i int) bool {
		l := &g.links[i]
		return (perNet[l.net] == 1 || g.bend(l.up) || g.bend(l.down)) && g.upX(i) == g.downX(i)
	}
	var blocks [][]int
	for v := range g.vertices {
		if block[v] >= 0 {
			continue
		}
		members := []int{v}
		block[v] = len(blocks)
		for k := 0; k < len(members); k++ {
			u := &g.vertices[members[k]]
			for _, list := range [2][]int{u.up, u.down} {
				for _, i := range list {
					w := g.links[i].up + g.links[i].down - members[k]
					if block[w] < 0 && straight(i) {
						block[w] = len(blocks)
						members = append(members, w)
					}
				}
			}
		}
		blocks = append(blocks, members)
	}
	for b, members := range blocks {
		g.centreBlock(b, members, block)
	}
}

func (g *graph) upX(i int) int   { return g.vertices[g.links[i].up].x + g.upOffset(i) }
func (g *graph) downX(i int) int { return g.vertices[g.links[i].down].x + g.downOffset(i) }

func (g *graph) centreBlock(b int, members, block []int) {
	const far = 1 << 40
	roomLeft, roomRight := far, far
	type pull struct {
		by, weight int
		line       bool
	}
	var pulls []pull
	total := 0
	for _, m := range members {
		v := &g.vertices[m]
		row := g.rows[v.row]
		if v.at > 0 && block[row[v.at-1]] != b {
			roomLeft = min(roomLeft, v.x-g.vertices[row[v.at-1]].x-g.distance(row[v.at-1], m))
		}
		if v.at+1 < len(row) && block[row[v.at+1]] != b {
			roomRight = min(roomRight, g.vertices[row[v.at+1]].x-v.x-g.distance(m, row[v.at+1]))
		}
		for _, i := range v.up {
			if l := &g.links[i]; block[l.up] != b {
				pulls = append(pulls, pull{g.upX(i) - g.downX(i), l.weight, g.bend(l.up) || g.bend(l.down)})
				total += l.weight
			}
		}
		for _, i := range v.down {
			if l := &g.links[i]; block[l.down] != b {
				pulls = append(pulls, pull{g.downX(i) - g.upX(i), l.weight, g.bend(l.up) || g.bend(l.down)})
				total += l.weight
			}
		}
	}
	if total == 0 {
		return
	}
	sort.Slice(pulls, func(i, j int) bool { return pulls[i].by < pulls[j].by })
	// The cost is least between the lower and the upper weighted median.
	sum, lower, upper := 0, 0, 0
	for _, p := range pulls {
		if 2*sum < total {
			lower = p.by
		}
		if 2*sum <= total {
			upper = p.by
		}
		sum += p.weight
	}
	by := max(-roomLeft, min(roomRight, lower+(upper-lower)/2))
	cost := func(shift int) int {
		c := 0
		for _, p := range pulls {
			c += p.weight * max(p.by-shift, shift-p.by)
		}
		return c
	}
	// Rather a straight line, or none with a small jog, than the very middle.
	best := by
	for _, p := range pulls {
		near := max(p.by-by, by-p.by)
		if (p.line || near < 3*corner) && -roomLeft <= p.by && p.by <= roomRight && cost(p.by) <= cost(by) &&
			(best == by || near < max(best-by, by-best)) {
			best = p.by
		}
	}
	by = best
	if by == 0 || cost(by) > cost(0) {
		return
	}
	for _, m := range members {
		g.vertices[m].x += by
	}
}
