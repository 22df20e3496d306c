package draw

import (
	"strconv"

	"airline/asl/ast"
	"airline/asl/draw/internal/layered"
)

// picture is everything in a drawing, with its place.
type picture struct {
	w, h   int
	boxes  []box // a box that holds others comes before them
	pieces []layered.Piece
	arrows []layered.Arrow
	labels []label
	routes []route
	folds  folds
}

// rect is a place: upper left corner and size.
type rect struct{ x, y, w, h int }

// boxKind says how a box is drawn.
type boxKind uint8

const (
	stateBox boxKind = iota
	containerBox
	lane     // the frame of one branch in a container
	startDot // circle
	endDot
	missing // a state that a transition names and that does not exist
)

type box struct {
	rect
	kind    boxKind
	depth   int // 0 in the machine, 1 in its branches ...
	state   *ast.State
	name    []string // lines
	caption string
	badge   string // upper right corner: retries, visits
	visit   Visit
	folded  bool // has a route that is left out
}

// label is the text on a line.
type label struct {
	rect
	lines []string
	full  string // the transition in words
	kind  layered.Kind
}

// route is the way of one transition.
type route struct {
	from, to rect
	kind     layered.Kind
	points   []layered.Point
}

// Sizes in pixels.
const (
	margin       = 20
	tile         = 32 // icon
	tileInset    = 10
	textLeft     = tileInset + tile + 10
	textRight    = 14
	nameLine     = 16
	captionTop   = 19 // baseline
	nameTop      = 37
	boxHeight    = 54 // with one line of name
	minText      = 90
	maxText      = 200
	nameLines    = 4
	dot          = 44
	labelPadX    = 6
	labelPadY    = 3
	labelLine    = 14
	containerPad = 20
	branchGap    = 16
	titleHeight  = 36
)

// maxDepth bounds how deep nested machines are drawn; it also ends a machine
// that contains itself.
const maxDepth = 60

// drawer makes a picture.
type drawer struct {
	Options
	folds folds
}

func newPicture(d *ast.Definition, o Options) *picture {
	if d == nil {
		d = &ast.Definition{}
	}
	dr := &drawer{Options: o}
	if o.FoldFailures {
		d, dr.folds = fold(d, o.Run)
	}
	s := dr.scope(d, 0)
	p := &picture{w: s.w + 2*margin, h: s.h + 2*margin, folds: dr.folds}
	if len(p.folds.ends) > 0 {
		p.h += foldLegend
		p.w = max(p.w, captionFont.width(p.foldText())+2*margin+3*foldMark)
	}
	top := margin
	if o.Title != "" {
		top += titleHeight
		p.h += titleHeight
		p.w = max(p.w, titleFont.width(titleText(o.Title))+2*margin)
	}
	if o.Run != nil {
		p.h += legendHeight
		p.w = max(p.w, legendWidth()+2*margin)
	}
	s.emit(p, (p.w-s.w)/2, top)
	return p
}

func titleText(title string) string { return titleFont.shorten(oneLine(title), 600) }

// figure is a box whose place is not known yet, with what lies in it.
type figure struct {
	box
	inner []placed
}

// placed is a scope with its place in the box that holds it. Several in one box
// have a frame each.
type placed struct {
	*scope
	frame  rect
	framed bool
	x, y   int // of the scope
}

// scope is a definition whose states have their places: the machine, a branch,
// or a processor.
type scope struct {
	w, h    int
	figures []figure
	layout  layered.Layout
	edges   []layered.Edge
	lines   []transition
	shown   [][]string // the labels of the lines
}

// scope lays out a definition.
func (dr *drawer) scope(d *ast.Definition, depth int) *scope {
	s := &scope{}
	index := map[string]int{}
	add := func(f figure) int {
		f.depth = depth
		s.figures = append(s.figures, f)
		return len(s.figures) - 1
	}
	top := depth == 0
	if top {
		add(figure{box: box{kind: startDot, rect: rect{w: dot, h: dot}}})
	}
	for _, st := range d.States {
		if st == nil {
			continue
		}
		if _, twice := index[st.Name]; !twice {
			index[st.Name] = add(dr.figure(st, depth))
		}
	}
	target := func(name string) int {
		i, ok := index[name]
		if !ok {
			f := figure{box: box{kind: missing, caption: "No such state"}}
			f.size(name, 0)
			i = add(f)
			index[name] = i
		}
		return i
	}
	end := -1
	connect := func(from int, t transition) {
		if t.to == "" && !top {
			return
		}
		e := layered.Edge{From: from, Kind: t.kind, Weight: t.weight}
		if t.to != "" {
			e.To = target(t.to)
		} else {
			if end < 0 {
				end = add(figure{box: box{kind: endDot, rect: rect{w: dot, h: dot}}})
			}
			e.To = end
		}
		lines := t.lines(dr.Direction)
		if len(lines) > 0 {
			for _, l := range lines {
				e.LabelW = max(e.LabelW, labelFont.width(l)+2*labelPadX)
			}
			e.LabelH = len(lines)*labelLine + 2*labelPadY
		}
		s.edges = append(s.edges, e)
		s.lines = append(s.lines, t)
		s.shown = append(s.shown, lines)
	}
	start := 0
	if d.StartAt != "" {
		first := target(d.StartAt)
		if top {
			connect(0, transition{to: d.StartAt, weight: 4})
		} else {
			start = first
		}
	}
	for _, t := range dr.transitionsShown(d) {
		connect(index[t.from], t)
	}
	dr.place(s, start)
	return s
}

// place runs the layout, turned for a flow to the right.
func (dr *drawer) place(s *scope, start int) {
	turned := dr.Direction == Right
	nodes := make([]layered.Node, len(s.figures))
	for i, f := range s.figures {
		nodes[i] = layered.Node{W: f.w, H: f.h}
		if turned {
			nodes[i] = layered.Node{W: f.h, H: f.w}
		}
	}
	if turned {
		for i := range s.edges {
			e := &s.edges[i]
			e.LabelW, e.LabelH = e.LabelH, e.LabelW
		}
	}
	s.layout = layered.Place(nodes, s.edges, start)
	if turned {
		turn(nodes, s.edges, &s.layout)
	}
	s.w, s.h = s.layout.W, s.layout.H
	for i := range s.figures {
		s.figures[i].x, s.figures[i].y = nodes[i].X, nodes[i].Y
	}
}

// turn exchanges x and y.
func turn(nodes []layered.Node, edges []layered.Edge, l *layered.Layout) {
	swap := func(p *layered.Point) { p.X, p.Y = p.Y, p.X }
	for i := range nodes {
		n := &nodes[i]
		n.X, n.Y, n.W, n.H = n.Y, n.X, n.H, n.W
	}
	for i := range edges {
		e := &edges[i]
		e.LabelX, e.LabelY, e.LabelW, e.LabelH = e.LabelY, e.LabelX, e.LabelH, e.LabelW
		for k := range e.Route {
			swap(&e.Route[k])
		}
	}
	for i := range l.Pieces {
		for k := range l.Pieces[i].Points {
			swap(&l.Pieces[i].Points[k])
		}
	}
	for i := range l.Arrows {
		swap(&l.Arrows[i].Tip)
		swap(&l.Arrows[i].From)
	}
	l.W, l.H = l.H, l.W
}

// figure makes the box of a state, with what it contains laid out.
func (dr *drawer) figure(st *ast.State, depth int) figure {
	f := figure{box: box{kind: stateBox, state: st, caption: caption(st), visit: dr.Run[st.Name], folded: dr.folds.marked[st]}}
	var badge int
	if f.visit.Count > 1 {
		f.badge = "×" + strconv.Itoa(f.visit.Count)
		badge = captionFont.width(f.badge) + 8
	}
	f.size(st.Name, badge)
	if f.visit.Status > Canceled {
		f.visit.Status = NotEntered
	}
	inner := st.Branches
	if p := st.Processor(); p != nil {
		inner = append(inner[:len(inner):len(inner)], p)
	}
	if len(inner) == 0 || depth >= maxDepth {
		return f
	}
	dr.contain(&f, inner, depth)
	return f
}

// size sets the texts of a box of its own and the size that they need.
func (f *figure) size(name string, badge int) {
	f.caption = captionFont.shorten(oneLine(f.caption), maxText-badge)
	f.name = nameFont.wrap(name, maxText, nameLines)
	text := max(minText, captionFont.width(f.caption)+badge)
	for _, l := range f.name {
		text = max(text, nameFont.width(l))
	}
	f.w = even(textLeft + text + textRight)
	f.h = boxHeight + nameLine*(len(f.name)-1)
}

func even(n int) int { return n + n%2 }

// contain puts definitions into a box, beside one another.
func (dr *drawer) contain(f *figure, inner []*ast.Definition, depth int) {
	f.kind = containerBox
	header, pad := f.h, 0
	if len(inner) > 1 {
		pad = branchGap / 2
	}
	right := dr.Direction == Right
	w, h := 0, 0
	for i, d := range inner {
		if d == nil {
			d = &ast.Definition{}
		}
		s := dr.scope(d, depth+1)
		p := placed{scope: s, framed: pad > 0, frame: rect{w: max(s.w, 60) + 2*pad, h: max(s.h, 30) + 2*pad}}
		gap := 0
		if i > 0 {
			gap = branchGap
		}
		if right {
			p.frame.y = h + gap
			w, h = max(w, p.frame.w), h+gap+p.frame.h
		} else {
			p.frame.x = w + gap
			w, h = w+gap+p.frame.w, max(h, p.frame.h)
		}
		f.inner = append(f.inner, p)
	}
	f.w, f.h = even(max(f.w, w+2*containerPad)), header+h+containerPad
	for i := range f.inner { // in the middle, below the header, frames of equal length
		p := &f.inner[i]
		if right {
			p.frame.w = w
		} else {
			p.frame.h = h
		}
		p.frame.x += (f.w - w) / 2
		p.frame.y += header
		p.x, p.y = p.frame.x+pad, p.frame.y+pad
		if right {
			p.y = p.frame.y + (p.frame.h-p.scope.h)/2
		} else {
			p.x = p.frame.x + (p.frame.w-p.scope.w)/2
		}
	}
}

// emit adds the scope to the picture at a place.
func (s *scope) emit(p *picture, x, y int) {
	at := func(q layered.Point) layered.Point { return layered.Point{X: q.X + x, Y: q.Y + y} }
	points := func(list []layered.Point) []layered.Point {
		moved := make([]layered.Point, len(list))
		for i, q := range list {
			moved[i] = at(q)
		}
		return moved
	}
	rects := make([]rect, len(s.figures))
	for i := range s.figures {
		f := &s.figures[i]
		b := f.box
		b.x, b.y = b.x+x, b.y+y
		rects[i] = b.rect
		p.boxes = append(p.boxes, b)
		for _, in := range f.inner {
			if in.framed {
				frame := in.frame
				frame.x, frame.y = frame.x+b.x, frame.y+b.y
				p.boxes = append(p.boxes, box{kind: lane, depth: b.depth, rect: frame})
			}
			in.emit(p, b.x+in.x, b.y+in.y)
		}
	}
	for _, piece := range s.layout.Pieces {
		p.pieces = append(p.pieces, layered.Piece{Kind: piece.Kind, Net: len(p.boxes)<<20 + piece.Net, Points: points(piece.Points)})
	}
	for _, a := range s.layout.Arrows {
		a.Tip, a.From = at(a.Tip), at(a.From)
		p.arrows = append(p.arrows, a)
	}
	for i := range s.edges {
		e, t := &s.edges[i], &s.lines[i]
		p.routes = append(p.routes, route{rects[e.From], rects[e.To], e.Kind, points(e.Route)})
		if e.LabelW > 0 {
			p.labels = append(p.labels, label{rect{e.LabelX + x, e.LabelY + y, e.LabelW, e.LabelH}, s.shown[i], t.String(), t.kind})
		}
	}
}
