package layered

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestSolveIsOptimal compares with all assignments of small numbers.
func TestSolveIsOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "n")
		var arcs []arc
		for range rapid.IntRange(0, 8).Draw(t, "arcs") {
			if n < 2 {
				break
			}
			tail := rapid.IntRange(0, n-2).Draw(t, "tail")
			arcs = append(arcs, arc{tail, rapid.IntRange(tail+1, n-1).Draw(t, "head"),
				rapid.IntRange(0, 2).Draw(t, "length"), rapid.IntRange(0, 3).Draw(t, "weight")})
		}
		cost := func(x []int) (sum int, ok bool) {
			for _, a := range arcs {
				d := x[a.head] - x[a.tail]
				if d < a.length {
					return 0, false
				}
				sum += d * a.weight
			}
			return sum, true
		}
		got, ok := cost(solve(n, arcs))
		if !ok {
			t.Fatalf("constraint violated: %v", solve(n, arcs))
		}
		best := -1
		x := make([]int, n)
		var try func(v int)
		try = func(v int) {
			if v == n {
				if c, ok := cost(x); ok && (best < 0 || c < best) {
					best = c
				}
				return
			}
			for x[v] = 0; x[v] <= 8; x[v]++ {
				try(v + 1)
			}
		}
		try(0)
		if got != best {
			t.Fatalf("cost %d, the best is %d", got, best)
		}
	})
}

func TestCrossingsAreCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		nodes := make([]Node, 2*n)
		var edges []Edge
		for from := range n {
			for to := range n {
				if rapid.Bool().Draw(t, "edge") {
					edges = append(edges, Edge{From: from, To: n + to})
				}
			}
		}
		g := newGraph(nodes, edges, 0)
		g.back = make([]bool, len(edges))
		g.layer = make([]int, 2*n)
		for v := n; v < 2*n; v++ {
			g.layer[v] = 1
		}
		g.addVertices()
		g.initialOrder()
		want := 0
		for i := range g.links {
			for k := range i {
				a, b := g.upAt(i)-g.upAt(k), g.downAt(i)-g.downAt(k)
				if a < 0 && b > 0 || a > 0 && b < 0 {
					want++
				}
			}
		}
		if got := g.crossings(); got != want {
			t.Fatalf("%d crossings, want %d", got, want)
		}
	})
}

func ExamplePlace() {
	nodes := []Node{{W: 40, H: 20}, {W: 40, H: 20}, {W: 40, H: 20}}
	edges := []Edge{{From: 0, To: 1}, {From: 1, To: 2}, {From: 2, To: 1}}
	l := Place(nodes, edges, 0)
	for _, n := range nodes {
		fmt.Println(n.X, n.Y)
	}
	fmt.Println(l.W, l.H, len(l.Arrows))
	// Output:
	// 14 0
	// 14 57
	// 14 114
	// 54 134 3
}

func BenchmarkPlaceChain(b *testing.B) {
	const n = 2000
	for b.Loop() {
		nodes := make([]Node, n)
		edges := make([]Edge, 0, 2*n)
		for v := range nodes {
			nodes[v] = Node{W: 160, H: 54}
			if v > 0 {
				edges = append(edges, Edge{From: v - 1, To: v})
			}
			if v > 1 && v < n-1 {
				edges = append(edges, Edge{From: v, To: n - 1, Kind: Error, LabelW: 80, LabelH: 20})
			}
		}
		Place(nodes, edges, 0)
	}
}
