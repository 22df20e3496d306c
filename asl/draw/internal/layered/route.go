package layered

import (
	"slices"
	"sort"
)

// channel is the space below a row, where lines change their x.
type channel struct {
	nets   []int
	tracks int
}

// span is the extent of a net's horizontal stroke.
type span struct {
	net         int
	left, right int
	ups, downs  []int // x of the ends, distinct
	track       int
}

// routeChannels gives every net that is not straight a track in its channel:
// nets that overlap have different ones, in an order with few crossings.
func (g *graph) routeChannels() {
	g.channels = make([]channel, len(g.rows))
	for i := range g.links {
		l := &g.links[i]
		n := &g.nets[l.net]
		if len(n.links) == 0 {
			c := &g.channels[g.vertices[l.up].row]
			c.nets = append(c.nets, l.net)
		}
		n.links = append(n.links, i)
	}
	for r := range g.channels {
		g.assignTracks(&g.channels[r])
	}
}

func (g *graph) span(net int) span {
	s := span{net: net}
	for _, i := range g.nets[net].links {
		s.ups = append(s.ups, g.upX(i))
		s.downs = append(s.downs, g.downX(i))
	}
	slices.Sort(s.ups)
	slices.Sort(s.downs)
	s.ups, s.downs = slices.Compact(s.ups), slices.Compact(s.downs)
	s.left = min(s.ups[0], s.downs[0])
	s.right = max(s.ups[len(s.ups)-1], s.downs[len(s.downs)-1])
	return s
}

func (g *graph) assignTracks(c *channel) {
	var spans []span
	var taken []int // x of all vertical strokes
	for _, n := range c.nets {
		s := g.span(n)
		taken = append(append(taken, s.ups...), s.downs...)
		if s.left < s.right {
			spans = append(spans, s)
		} else {
			g.nets[n].track = -1
		}
	}
	sort.SliceStable(spans, func(i, j int) bool { return spans[i].left < spans[j].left })
	n := len(spans)
	// prefer[i][j] > 0: so much worse is j above i than i above j.
	prefer := make([][]int, n)
	for i := range prefer {
		prefer[i] = make([]int, n)
	}
	for i := range spans {
		for j := i + 1; j < n; j++ {
			if spans[i].overlaps(&spans[j]) {
				d := spans[j].costAbove(&spans[i]) - spans[i].costAbove(&spans[j])
				prefer[i][j], prefer[j][i] = d, -d
			}
		}
	}
	var placed []*span
	place := func(s *span) {
		for _, t := range placed {
			if t.overlaps(s) {
				s.track = max(s.track, t.track+1)
			}
		}
		placed = append(placed, s)
		c.tracks = max(c.tracks, s.track+1)
	}
	order := topmostFirst(prefer)
	for _, i := range order {
		place(&spans[i])
		g.nets[spans[i].net].track = spans[i].track
	}
	for k, i := range order {
		for _, j := range order[:k] {
			for _, x := range spans[j].coinciding(&spans[i]) {
				jog := g.evade(&spans[j], x, taken)
				taken = append(taken, jog.to)
				s := &span{left: min(x, jog.to), right: max(x, jog.to)}
				place(s)
				jog.track = s.track
			}
		}
	}
}

// topmostFirst orders nets from top to bottom: it takes again and again the one
// that loses least by standing above all the rest. prefer[i][j] is how much worse
// j above i is than i above j.
func topmostFirst(prefer [][]int) []int {
	placed := make([]bool, len(prefer))
	var order []int
	for range prefer {
		best, bestLoss, bestGain := -1, 0, 0
		for i := range prefer {
			if placed[i] {
				continue
			}
			loss, gain := 0, 0
			for j := range prefer {
				if !placed[j] {
					loss += max(0, -prefer[i][j])
					gain += max(0, prefer[i][j])
				}
			}
			if best < 0 || loss < bestLoss || loss == bestLoss && gain > bestGain {
				best, bestLoss, bestGain = i, loss, gain
			}
		}
		placed[best] = true
		order = append(order, best)
	}
	return order
}

// jog is a detour of a net on the last part of its way down: it comes down at
// x = to, and goes over to its end in a track of its own.
type jog struct {
	to, track, y int
}

// evade gives the links of a net that end at x a jog to a place that no other
// vertical stroke has taken.
func (g *graph) evade(s *span, x int, taken []int) *jog {
	free := func(to int) bool {
		for _, t := range taken {
			if t-to < laneGap/2 && to-t < laneGap/2 {
				return false
			}
		}
		return true
	}
	j := &jog{to: x}
	for d := laneGap / 2; ; d += 2 {
		if free(x+d) && x+d < s.right {
			j.to = x + d
		} else if free(x-d) && x-d > s.left {
			j.to = x - d
		} else if d > 2*(s.right-s.left) { // very crowded
			j.to = x + d
		} else {
			continue
		}
		break
	}
	for _, i := range g.nets[s.net].links {
		if g.downX(i) == x {
			g.links[i].jog = j
		}
	}
	return j
}

// coinciding gives the x at which s, standing above t, runs down where t comes
// down.
func (s *span) coinciding(t *span) []int {
	var list []int
	for _, x := range s.downs {
		for _, y := range t.ups {
			if x-y < laneGap/2 && y-x < laneGap/2 {
				list = append(list, x)
				break
			}
		}
	}
	return list
}

// overlaps tells whether two nets must not have the same track.
func (s *span) overlaps(t *span) bool { return s.left < t.right+trackGap && t.left < s.right+trackGap }

// costAbove counts what happens when s stands above t: crossings, and, much
// worse, vertical strokes that lie on one another.
func (s *span) costAbove(t *span) int {
	cost := 0
	for _, x := range s.downs { // they go down through t's stroke
		if t.left < x && x < t.right {
			cost++
		}
	}
	cost += 1000 * len(s.coinciding(t))
	for _, x := range t.ups { // they come down through s's stroke
		if s.left < x && x < s.right {
			cost++
		}
	}
	return cost
}
