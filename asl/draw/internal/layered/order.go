package layered

import (
	"slices"
	"sort"
)

// orderRows puts the vertices of each row in an order with few crossings: it
// sweeps down and up, moving each vertex to the mean of its neighbours in
// the row before, then exchanges neighbours as long as that helps, and keeps the
// best order seen.
func (g *graph) orderRows() {
	g.initialOrder()
	best, bestCount := g.copyRows(), g.crossings()
	stale := 0
	for sweep := 0; bestCount > 0 && stale < 6 && sweep < 24; sweep++ {
		g.sweep(sweep%2 == 0)
		g.exchangeNeighbours()
		if count := g.crossings(); count < bestCount {
			best, bestCount, stale = g.copyRows(), count, 0
		} else {
			stale++
		}
	}
	for r := range best {
		g.setRow(r, best[r])
	}
}

func (g *graph) copyRows() [][]int {
	rows := make([][]int, len(g.rows))
	for r := range rows {
		rows[r] = slices.Clone(g.rows[r])
	}
	return rows
}

func (g *graph) setRow(r int, order []int) {
	g.rows[r] = order
	for at, v := range order {
		g.vertices[v].at = at
	}
}

// initialOrder appends the vertices to their rows as a depth-first search along
// the links finds them; loops come first, on the left.
func (g *graph) initialOrder() {
	rows := make([][]int, len(g.rows))
	seen := make([]bool, len(g.vertices))
	var visit func(v int)
	visit = func(v int) {
		if seen[v] {
			return
		}
		seen[v] = true
		rows[g.vertices[v].row] = append(rows[g.vertices[v].row], v)
		down := slices.Clone(g.vertices[v].down)
		sort.SliceStable(down, func(i, j int) bool {
			return g.links[down[i]].upPort.rank() < g.links[down[j]].upPort.rank()
		})
		for _, l := range down {
			visit(g.links[l].down)
		}
	}
	visit(g.start)
	for v := range g.vertices {
		if len(g.vertices[v].up) == 0 {
			visit(v)
		}
	}
	for v := range g.vertices {
		visit(v)
	}
	for r := range rows {
		g.setRow(r, rows[r])
	}
}

// upAt and downAt are places along the row where a link begins and ends, fine
// enough to tell the ports of a box apart.
func (g *graph) upAt(l int) int { return 4*g.vertices[g.links[l].up].at + g.links[l].upPort.rank() }
func (g *graph) downAt(l int) int {
	return 4*g.vertices[g.links[l].down].at + g.links[l].downPort.rank()
}

func (g *graph) sweep(down bool) {
	rows := len(g.rows)
	for k := 1; k < rows; k++ {
		r := k
		if !down {
			r = rows - 1 - k
		}
		order := slices.Clone(g.rows[r])
		mean := make(map[int]float64, len(order))
		var movable []int // places in the row
		for at, v := range order {
			sum, n := 0, 0
			if down {
				for _, l := range g.vertices[v].up {
					sum, n = sum+g.upAt(l), n+1
				}
			} else {
				for _, l := range g.vertices[v].down {
					sum, n = sum+g.downAt(l), n+1
				}
			}
			if n > 0 {
				mean[v] = float64(sum) / float64(n)
				movable = append(movable, at)
			}
		}
		moved := make([]int, len(movable))
		for i, at := range movable {
			moved[i] = order[at]
		}
		sort.SliceStable(moved, func(i, j int) bool { return mean[moved[i]] < mean[moved[j]] })
		for i, at := range movable {
			order[at] = moved[i]
		}
		g.setRow(r, order)
	}
}

// exchangeNeighbours exchanges neighbours in a row while that removes
// crossings.
func (g *graph) exchangeNeighbours() {
	for range 8 {
		improved := false
		for r := range g.rows {
			row := g.rows[r]
			for i := 0; i+1 < len(row); i++ {
				v, w := row[i], row[i+1]
				now, then := g.pairCrossings(v, w)
				if then < now {
					row[i], row[i+1] = w, v
					g.vertices[v].at, g.vertices[w].at = i+1, i
					improved = true
				}
			}
		}
		if !improved {
			return
		}
	}
}

// pairCrossings counts the crossings among the links of two neighbours, v left
// of w: as they are, and when exchanged.
func (g *graph) pairCrossings(v, w int) (now, then int) {
	count := func(a, b []int, end func(int) int) {
		for _, l := range a {
			for _, m := range b {
				switch x, y := end(l), end(m); {
				case x > y:
					now++
				case x < y:
					then++
				}
			}
		}
	}
	count(g.vertices[v].up, g.vertices[w].up, g.upAt)
	count(g.vertices[v].down, g.vertices[w].down, g.downAt)
	return now, then
}

// crossings counts the crossings in all channels.
func (g *graph) crossings() int {
	total := 0
	type ends struct{ up, down int }
	var list []ends
	for r := range len(g.rows) - 1 {
		list = list[:0]
		for _, v := range g.rows[r] {
			for _, l := range g.vertices[v].down {
				list = append(list, ends{g.upAt(l), g.downAt(l)})
			}
		}
		slices.SortFunc(list, func(a, b ends) int {
			if a.up != b.up {
				return a.up - b.up
			}
			return a.down - b.down
		})
		// Inversions by a Fenwick tree over the lower ends.
		width := 4 * (len(g.rows[r+1]) + 1)
		tree := make([]int, width+1)
		seen := 0
		for i := 0; i < len(list); {
			j := i
			for ; j < len(list) && list[j].up == list[i].up; j++ {
				notAbove := 0
				for k := list[j].down + 1; k > 0; k -= k & -k {
					notAbove += tree[k]
				}
				total += seen - notAbove
			}
			for ; i < j; i++ {
				for k := list[i].down + 1; k <= width; k += k & -k {
					tree[k]++
				}
				seen++
			}
		}
	}
	return total
}
