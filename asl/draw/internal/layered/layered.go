// Package layered draws directed graphs in layers, the way that a reader
// follows a flow: from the first node downwards, one layer after the other.
//
// The method is Sugiyama's. Edges that close a cycle are found by a
// depth-first search and run upwards on the left of the boxes; layers and
// horizontal coordinates are optima found by a network simplex (Gansner et al.,
// "A Technique for Drawing Directed Graphs", 1993); crossings are reduced by
// barycentres and exchange of neighbours. Edges are drawn orthogonally in
// channels between the rows, so that no edge runs through a box, and every label
// has a place of its own in a row between two layers, so that no label lies on
// a box or on another label. Edges of one kind that lead to one node share
// their way: what joins a line can only go where the line goes.
//
// The result depends on nothing but the input.
package layered

// Kind tells two sorts of edges apart. They leave a box at different places and
// never share a line.
type Kind uint8

// The kinds of edges.
const (
	Flow  Kind = iota // leaves in the middle; loops run on the left
	Error             // leaves on the right of the middle; loops run on the right
)

// Node is a box. Width and height are given, X and Y, the upper left corner,
// are the result.
type Node struct {
	W, H int
	X, Y int
}

// Edge is an edge from one node to another, by index. There is at most one
// edge of a kind between two nodes in one direction.
type Edge struct {
	From, To int
	Kind     Kind
	// Weight says how much it matters that the edge is short and straight; 0
	// counts as 1.
	Weight int
	// LabelW and LabelH are the size of the label, 0 without a label. LabelX
	// and LabelY, its upper left corner, are a result.
	LabelW, LabelH int
	LabelX, LabelY int
	// Route is a result: the whole way from the border of From to the border of
	// To, with all bends.
	Route []Point
}

// Point is a place in the drawing; Y grows downwards.
type Point struct{ X, Y int }

// Piece is a part of the lines to be drawn: a chain of horizontal and vertical
// strokes whose inner points are bends, to be rounded. Pieces meet at their
// ends and never lie on one another.
type Piece struct {
	Kind   Kind
	Net    int // pieces of one net are one line
	Points []Point
}

// Arrow is the head of one line: its tip touches node To; From is a point on
// the line behind the tip.
type Arrow struct {
	Kind      Kind
	To        int
	Tip, From Point
}

// Layout is the drawing as a whole; everything lies within (0, 0) and (W, H).
type Layout struct {
	W, H   int
	Pieces []Piece
	Arrows []Arrow
}

// Distances, in pixels.
const (
	nodeGap  = 36 // between two boxes of a row
	lineGap  = 18 // between a line or label and its neighbours
	trackGap = 12 // between two parallel lines in a channel
	laneGap  = 14 // between two loops beside a box, and the box
	arrow    = 7  // length of an arrow head: lines end so far before the tip
	corner   = 8  // radius of a bend
	loopGap  = 6  // between a self-loop and its label
)

// Place lays out a graph whose first node is start. It sets the results in
// nodes and edges.
func Place(nodes []Node, edges []Edge, start int) Layout {
	if len(nodes) == 0 {
		return Layout{}
	}
	g := newGraph(nodes, edges, start)
	g.breakCycles()
	g.findSelfLoops()
	g.assignLayers()
	g.addVertices()
	g.orderRows()
	g.addLanes()
	g.assignX()
	g.routeChannels()
	return g.finish()
}
