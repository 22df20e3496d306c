package layered

import "slices"

// finish sets the vertical coordinates and makes the strokes.
func (g *graph) finish() Layout {
	out := Layout{}
	bottoms := make([]int, len(g.rows))
	y := 0
	for r, row := range g.rows {
		h := 0
		for _, v := range row {
			h = max(h, g.vertices[v].h)
		}
		for _, i := range row {
			v := &g.vertices[i]
			out.W = max(out.W, v.x+v.right)
			switch {
			case v.node >= 0:
				g.nodes[v.node].X, g.nodes[v.node].Y = v.x-v.w/2, y
			case v.label >= 0:
				g.edges[v.label].LabelX, g.edges[v.label].LabelY = v.x-v.w/2, y
			}
		}
		y += h
		bottoms[r] = y
		y += g.channelHeight(r, y)
	}
	out.H = y
	f := &finisher{graph: g, bottoms: bottoms, out: &out}
	for n := range g.nets {
		if len(g.nets[n].links) > 0 {
			f.net(n)
		}
	}
	f.arrows()
	f.selfLoops()
	f.routes()
	return out
}

// channelHeight is the height of the channel below row r, which begins at y; it
// sets the y of the nets in the channel.
func (g *graph) channelHeight(r, y int) int {
	if r+1 == len(g.rows) {
		return 0
	}
	boxAbove, boxBelow := false, false
	for _, v := range g.rows[r] {
		boxAbove = boxAbove || g.vertices[v].node >= 0
	}
	for _, v := range g.rows[r+1] {
		boxBelow = boxBelow || g.vertices[v].node >= 0
	}
	top, bottom, least := corner+2, corner+2, 2*corner+4
	if boxBelow {
		bottom += arrow + 2
		least += arrow
		if boxAbove {
			least += 10
		}
	}
	c := &g.channels[r]
	if c.tracks == 0 {
		return least
	}
	strokes := (c.tracks - 1) * trackGap
	height := max(least, top+strokes+bottom)
	first := y + top + (height-top-strokes-bottom)/2
	for _, n := range c.nets {
		if t := g.nets[n].track; t >= 0 {
			g.nets[n].y = first + t*trackGap
		}
		for _, i := range g.nets[n].links {
			if j := g.links[i].jog; j != nil {
				j.y = first + j.track*trackGap
			}
		}
	}
	return height
}

type finisher struct {
	*graph
	bottoms []int // of the rows
	out     *Layout
}

// upEnd is the way of link i from its upper vertex down to the channel: one
// point, or two for a loop that arrives at the side of a box. The first point
// lies at the box, behind the arrow head if there is one.
func (f *finisher) upEnd(i int) []Point {
	v := &f.vertices[f.links[i].up]
	x := f.upX(i)
	switch {
	case v.beside >= 0:
		p := f.atSide(v)
		if v.side == 0 {
			p.X -= arrow - 1
		} else {
			p.X += arrow - 1
		}
		return []Point{p, {x, p.Y}}
	case v.node >= 0:
		n := &f.nodes[v.node]
		return []Point{{x, n.Y + n.H}}
	}
	return []Point{{x, f.bottoms[v.row]}}
}

// lowerX is where link i comes down from its net's stroke.
func (f *finisher) lowerX(i int) int {
	if j := f.links[i].jog; j != nil {
		return j.to
	}
	return f.downX(i)
}

// downEnd is the way of link i from its net's stroke to its lower vertex, through
// the row if that is not a box.
func (f *finisher) downEnd(i int) []Point {
	if j := f.links[i].jog; j != nil {
		return append([]Point{{j.to, j.y}, {f.downX(i), j.y}}, f.lastPart(i)...)
	}
	return f.lastPart(i)
}

func (f *finisher) lastPart(i int) []Point {
	v := &f.vertices[f.links[i].down]
	x := f.downX(i)
	switch {
	case v.beside >= 0:
		p := f.atSide(v)
		return []Point{{x, p.Y}, p}
	case v.node >= 0:
		return []Point{{x, f.nodes[v.node].Y - arrow + 1}}
	}
	return []Point{{x, f.bottoms[v.row]}}
}

// atSide is where a lane meets its box.
func (f *finisher) atSide(v *vertex) Point {
	n := &f.nodes[v.beside]
	p := Point{n.X, n.Y + laneY(n.H, f.band(v.beside, v.side), v.laneAt, v.lanes, v.in)}
	if v.side == 1 {
		p.X += n.W
	}
	return p
}

func (f *finisher) piece(kind Kind, net int, points ...Point) {
	if points = simplify(points); len(points) > 1 {
		f.out.Pieces = append(f.out.Pieces, Piece{kind, net, points})
	}
}

// net draws a net: a trunk at the hub, and a branch for each other end. What
// branches share is drawn once, so that dashes stay dashes.
func (f *finisher) net(n int) {
	net := &f.nets[n]
	first := net.links[0]
	if len(net.links) == 1 {
		f.piece(net.kind, n, f.linkRoute(first)...)
		return
	}
	fanIn := f.links[first].down == f.links[net.links[1]].down
	near, far := f.upEnd, f.downEnd
	nearX, farX := f.upX(first), f.lowerX
	if fanIn {
		near, far = f.downEnd, f.upEnd
		nearX, farX = f.lowerX(first), f.upX
	}
	trunk := near(first) // from the box
	branch := func(i int) []Point {
		p := far(i)
		if !fanIn { // from the far end
			p = slices.Clone(p)
			slices.Reverse(p)
		}
		return p
	}
	if fanIn {
		trunk = slices.Clone(trunk)
		slices.Reverse(trunk)
	}
	if net.track < 0 { // all straight, at one x
		for _, i := range net.links {
			f.piece(net.kind, n, f.linkRoute(i)...)
		}
		return
	}
	// The trunk ends a corner's radius before the stroke, where branches bend
	// away from it.
	joint := Point{nearX, net.y - corner}
	if fanIn {
		joint.Y = net.y + corner
	}
	f.piece(net.kind, n, append(trunk, joint)...)
	var left, right []int
	for _, i := range net.links {
		switch x := farX(i); {
		case x < nearX:
			left = append(left, i)
		case x > nearX:
			right = append(right, i)
		default:
			f.piece(net.kind, n, append(branch(i), joint)...)
		}
	}
	for side, list := range [2][]int{left, right} {
		if len(list) == 0 {
			continue
		}
		outer := list[0]
		for _, i := range list {
			if side == 0 && farX(i) < farX(outer) || side == 1 && farX(i) > farX(outer) {
				outer = i
			}
		}
		for _, i := range list {
			x := farX(i)
			switch {
			case i == outer:
				f.piece(net.kind, n, append(branch(i), Point{x, net.y}, Point{nearX, net.y}, joint)...)
			case x == farX(outer):
				f.piece(net.kind, n, append(branch(i), Point{x, net.y})...)
			case side == 0:
				f.piece(net.kind, n, append(branch(i), Point{x, net.y}, Point{min(x+corner, nearX), net.y})...)
			default:
				f.piece(net.kind, n, append(branch(i), Point{x, net.y}, Point{max(x-corner, nearX), net.y})...)
			}
		}
	}
}

// linkRoute is the whole way of a link downwards.
func (f *finisher) linkRoute(i int) []Point {
	points := slices.Clone(f.upEnd(i))
	if up, down := f.upX(i), f.lowerX(i); up != down {
		y := f.nets[f.links[i].net].y
		points = append(points, Point{up, y}, Point{down, y})
	}
	return append(points, f.downEnd(i)...)
}

// simplify drops points that are no bends.
func simplify(points []Point) []Point {
	var out []Point
	for _, p := range points {
		if n := len(out); n > 0 && out[n-1] == p {
			continue
		}
		if n := len(out); n > 1 && (out[n-2].X == out[n-1].X && out[n-1].X == p.X && between(out[n-2].Y, out[n-1].Y, p.Y) ||
			out[n-2].Y == out[n-1].Y && out[n-1].Y == p.Y && between(out[n-2].X, out[n-1].X, p.X)) {
			out[n-1] = p
			continue
		}
		out = append(out, p)
	}
	return out
}

func between(a, b, c int) bool { return a <= b && b <= c || a >= b && b >= c }

// arrows puts a head where each bundle arrives.
func (f *finisher) arrows() {
	done := make([]bool, len(f.bundles))
	for i := range f.links {
		l := &f.links[i]
		b := f.bundles[l.bundle]
		if done[l.bundle] {
			continue
		}
		a := Arrow{Kind: b.kind, To: b.to}
		switch n := &f.nodes[b.to]; {
		case !b.back && l.down == b.to:
			x := f.downX(i)
			a.Tip, a.From = Point{x, n.Y}, Point{x, n.Y - arrow}
		case b.back && f.owner(l.up) == b.to:
			a.Tip = f.atSide(&f.vertices[l.up])
			a.From = Point{n.X - arrow, a.Tip.Y}
			if a.Tip.X > n.X {
				a.From.X = n.X + n.W + arrow
			}
		default:
			continue
		}
		done[l.bundle] = true
		f.out.Arrows = append(f.out.Arrows, a)
	}
}

// selfLoops draws the edges from a box to itself beside the box.
func (f *finisher) selfLoops() {
	for v := range f.self {
		n := &f.nodes[v]
		for side, i := range f.self[v] {
			if i < 0 {
				continue
			}
			e := &f.edges[i]
			h := sideHeight(n.H, f.band(v, side))
			low, high := n.Y+h/2+7, n.Y+h/2-7
			edge, sign := n.X, -1
			if side == 1 {
				edge, sign = n.X+n.W, 1
			}
			x := edge + sign*(laneGap)
			back := edge + sign*(arrow-1)
			e.Route = []Point{{edge, low}, {x, low}, {x, high}, {edge, high}}
			f.piece(e.Kind, -1-i, Point{edge, low}, Point{x, low}, Point{x, high}, Point{back, high})
			f.out.Arrows = append(f.out.Arrows, Arrow{e.Kind, v, Point{edge, high}, Point{edge + sign*arrow, high}})
			if e.LabelW > 0 {
				e.LabelX, e.LabelY = x+loopGap, n.Y+h/2-e.LabelH/2
				if side == 0 {
					e.LabelX = x - loopGap - e.LabelW
				}
			}
		}
	}
}

// routes puts together the whole way of every edge.
func (f *finisher) routes() {
	// From a vertex of a bundle to the next one towards the target.
	type step struct{ vertex, bundle int }
	next := map[step]int{}
	for i := range f.links {
		l := &f.links[i]
		if f.bundles[l.bundle].back {
			next[step{f.owner(l.down), l.bundle}] = i
		} else if f.vertices[l.down].label < 0 {
			next[step{l.up, l.bundle}] = i
		}
	}
	label := map[int]int{} // first link of a labelled edge
	for i := range f.links {
		l := &f.links[i]
		end := l.down
		if f.bundles[l.bundle].back {
			end = l.up
		}
		if e := f.vertices[end].label; e >= 0 {
			label[e] = i
		}
	}
	for b, bundle := range f.bundles {
		for _, i := range bundle.edges {
			e := &f.edges[i]
			var points []Point
			at := e.From
			for at != e.To {
				k, ok := next[step{at, b}]
				if first, labelled := label[i]; labelled && at == e.From {
					k, ok = first, true
				}
				if !ok {
					break
				}
				way := f.linkRoute(k)
				if bundle.back {
					slices.Reverse(way)
					at = f.owner(f.links[k].up)
				} else {
					at = f.links[k].down
				}
				points = append(points, way...)
			}
			if n := len(points); n > 0 { // up to the very border
				points[n-1] = touch(points[n-1], &f.nodes[e.To])
			}
			e.Route = simplify(points)
		}
	}
}

// touch moves a point onto the border of a box that it stands close to.
func touch(p Point, n *Node) Point {
	switch {
	case p.Y < n.Y:
		p.Y = n.Y
	case p.X < n.X:
		p.X = n.X
	case p.X > n.X+n.W:
		p.X = n.X + n.W
	}
	return p
}
