package layered

import "sort"

// centre moves blocks of straight lines to the middle of the places where they
// are as well placed as where they stand.
func (g *graph) centre() {
	perNet := make([]int, len(g.nets))
	for i := range g.links {
		perNet[g.links[i].net]++
	}
	// Blocks are connected by links that have their line for themselves.
	blocks, block := g.straightBlocks(func(l *link) bool {
		return perNet[l.net] == 1 || g.bend(l.up) || g.bend(l.down)
	})
	for b, members := range blocks {
		g.centreBlock(b, members, block)
	}
}

// straightBlocks gives the sets of vertices that straight links connect, of the
// links that are rigid, and the set of each vertex.
func (g *graph) straightBlocks(rigid func(*link) bool) (blocks [][]int, block []int) {
	block = make([]int, len(g.vertices))
	for v := range block {
		block[v] = -1
	}
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
					if block[w] < 0 && rigid(&g.links[i]) && g.upX(i) == g.downX(i) {
						block[w] = len(blocks)
						members = append(members, w)
					}
				}
			}
		}
		blocks = append(blocks, members)
	}
	return blocks, block
}

func (g *graph) upX(i int) int   { return g.vertices[g.links[i].up].x + g.upOffset(i) }
func (g *graph) downX(i int) int { return g.vertices[g.links[i].down].x + g.downOffset(i) }

func (g *graph) centreBlock(b int, members, block []int) {
	roomLeft, roomRight := g.room(b, members, block)
	type pull struct {
		by, weight int
		line       bool
	}
	var pulls []pull
	total := 0
	for _, m := range members {
		v := &g.vertices[m]
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

// room is how far a block can move to the left and to the right.
func (g *graph) room(b int, members, block []int) (left, right int) {
	left, right = 1<<40, 1<<40
	for _, m := range members {
		v := &g.vertices[m]
		row := g.rows[v.row]
		if v.at > 0 && block[row[v.at-1]] != b {
			left = min(left, v.x-g.vertices[row[v.at-1]].x-g.distance(row[v.at-1], m))
		}
		if v.at+1 < len(row) && block[row[v.at+1]] != b {
			right = min(right, g.vertices[row[v.at+1]].x-v.x-g.distance(m, row[v.at+1]))
		}
	}
	return left, right
}

// straighten removes small jogs where a block can move a little without making
// as many others.
func (g *graph) straighten() {
	small := func(d int) bool { return d != 0 && -3*corner < d && d < 3*corner }
	blocks, block := g.straightBlocks(func(*link) bool { return true })
	for range 2 {
		for i := range g.links {
			jog := g.downX(i) - g.upX(i)
			if !small(jog) {
				continue
			}
			for _, move := range [2]struct{ vertex, by int }{{g.links[i].up, jog}, {g.links[i].down, -jog}} {
				b := block[move.vertex]
				left, right := g.room(b, blocks[b], block)
				if move.by < -left || move.by > right || !g.fewerJogs(b, blocks[b], block, move.by, small) {
					continue
				}
				for _, m := range blocks[b] {
					g.vertices[m].x += move.by
				}
				break
			}
		}
	}
}

// fewerJogs tells whether moving a block by d leaves fewer small jogs, and no
// more lines that are not straight.
func (g *graph) fewerJogs(b int, members, block []int, d int, small func(int) bool) bool {
	before, after, bentBefore, bentAfter := 0, 0, 0, 0
	count := func(jog, moved int) {
		if small(jog) {
			before++
		}
		if small(moved) {
			after++
		}
		if jog != 0 {
			bentBefore++
		}
		if moved != 0 {
			bentAfter++
		}
	}
	for _, m := range members {
		for _, i := range g.vertices[m].up {
			if block[g.links[i].up] != b {
				jog := g.downX(i) - g.upX(i)
				count(jog, jog+d)
			}
		}
		for _, i := range g.vertices[m].down {
			if block[g.links[i].down] != b {
				jog := g.downX(i) - g.upX(i)
				count(jog, jog-d)
			}
		}
	}
	return after < before && bentAfter <= bentBefore
}
