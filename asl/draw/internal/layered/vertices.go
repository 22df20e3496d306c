package layered

import "slices"

// addVertices makes the rows: boxes, labels, and for each bundle one bend in
// every row that it passes, with the links between them.
func (g *graph) addVertices() {
	g.collectBundles()
	layers := slices.Max(g.layer) + 1
	g.labelRow = make([]bool, layers)
	for i, e := range g.edges {
		if e.LabelW > 0 && !g.selfLoop(i) {
			g.labelRow[g.labelLayer(i)] = true
		}
	}
	g.rowOf = make([]int, layers)
	rows := 0
	for l := range layers {
		g.rowOf[l] = rows
		rows++
		if g.labelRow[l] {
			rows++
		}
	}
	g.rows = make([][]int, rows)
	for v := range g.nodes {
		g.add(vertex{node: v, label: -1, row: g.rowOf[g.layer[v]], w: g.nodes[v].W, h: g.nodes[v].H})
	}
	for b := range g.bundles {
		g.addBundle(b)
	}
	g.linkVertices()
}

// linkVertices tells the vertices their links.
func (g *graph) linkVertices() {
	for i := range g.vertices {
		g.vertices[i].up, g.vertices[i].down = nil, nil
	}
	for i, l := range g.links {
		g.vertices[l.up].down = append(g.vertices[l.up].down, i)
		g.vertices[l.down].up = append(g.vertices[l.down].up, i)
	}
}

// labelLayer is the layer below which the label of edge i has its place: close
// to where the edge begins.
func (g *graph) labelLayer(i int) int {
	if l := g.layer[g.edges[i].From]; !g.back[i] {
		return l
	} else {
		return l - 1
	}
}

func (g *graph) collectBundles() {
	type key struct {
		to   int
		kind Kind
		back bool
	}
	index := map[key]*bundle{}
	for i, e := range g.edges {
		if g.selfLoop(i) {
			continue
		}
		k := key{e.To, e.Kind, g.back[i]}
		if index[k] == nil {
			index[k] = &bundle{to: e.To, kind: e.Kind, back: g.back[i]}
			g.bundles = append(g.bundles, index[k])
		}
		index[k].edges = append(index[k].edges, i)
	}
}

func (g *graph) add(v vertex) int {
	v.beside = -1
	g.vertices = append(g.vertices, v)
	i := len(g.vertices) - 1
	g.rows[v.row] = append(g.rows[v.row], i)
	return i
}

// ports of an edge at a box: where it leaves, where it arrives.
func ports(kind Kind, back bool) (leave, arrive port) {
	switch {
	case back && kind == Error:
		return rightLane, rightLane
	case back:
		return leftLane, leftLane
	case kind == Error:
		return aside, aside
	}
	return middle, middle
}

// addBundle adds the bends, labels and links of a bundle. It goes through the
// rows from the target; step is -1 for a bundle from above, 1 for one from
// below.
func (g *graph) addBundle(b int) {
	bundle := g.bundles[b]
	leave, arrive := ports(bundle.kind, bundle.back)
	step := -1
	if bundle.back {
		step = 1
	}
	target := g.rowOf[g.layer[bundle.to]]
	far := target // the row farthest from the target where an edge or its label joins
	for _, i := range bundle.edges {
		row := g.rowOf[g.layer[g.edges[i].From]]
		if g.edges[i].LabelW > 0 {
			row -= step
		}
		if (row-far)*step > 0 {
			far = row
		}
	}
	// The trunk: trunk[k] is the vertex k rows away from the target.
	trunk := []int{bundle.to}
	for row := target + step; (far-row)*step > 0; row += step {
		trunk = append(trunk, g.add(vertex{node: -1, label: -1, row: row}))
	}
	hubPort := func(k int) port {
		if k == 0 {
			return arrive
		}
		return middle
	}
	connect := func(far int, farPort port, near int, nearPort port, net, weight int) {
		l := link{up: far, upPort: farPort, down: near, downPort: nearPort, bundle: b, net: net, weight: weight}
		if bundle.back {
			l.up, l.upPort, l.down, l.downPort = near, nearPort, far, farPort
		}
		g.links = append(g.links, l)
	}
	nets := make([]int, len(trunk))
	for k := range trunk {
		nets[k] = g.newNet(bundle.kind)
	}
	weight := 0
	for _, i := range bundle.edges {
		weight = max(weight, g.edges[i].Weight)
	}
	for k := 1; k < len(trunk); k++ {
		w := 8 * weight
		if k == 1 {
			w = 2 * weight
		}
		connect(trunk[k], middle, trunk[k-1], hubPort(k-1), nets[k-1], w)
	}
	for _, i := range bundle.edges {
		e := &g.edges[i]
		row := g.rowOf[g.layer[e.From]]
		from, fromPort := e.From, leave
		w := 3 * e.Weight
		if e.LabelW > 0 {
			row -= step
			label := g.add(vertex{node: -1, label: i, row: row, w: e.LabelW, h: e.LabelH})
			connect(e.From, leave, label, middle, g.fanNet(e.From, bundle), e.Weight)
			from, fromPort = label, middle
			w = 2 * e.Weight
		}
		k := (row-target)*step - 1
		connect(from, fromPort, trunk[k], hubPort(k), nets[k], w)
	}
}

// net is a set of links in one channel that share an end, the hub, and the line
// through the channel.
type net struct {
	kind  Kind
	links []int
	// track is the index of its horizontal stroke in the channel, y the stroke's
	// place.
	track, y int
}

// fan names the net of the labelled edges of one kind below a node.
type fan struct {
	from int
	kind Kind
}

func (g *graph) newNet(kind Kind) int {
	g.nets = append(g.nets, net{kind: kind})
	return len(g.nets) - 1
}

// fanNet is the net from a box to the labels below it, one for each kind. A
// loop has a lane and a net of its own.
func (g *graph) fanNet(from int, b *bundle) int {
	if b.back {
		return g.newNet(b.kind)
	}
	k := fan{from, b.kind}
	n, ok := g.fans[k]
	if !ok {
		n = g.newNet(b.kind)
		g.fans[k] = n
	}
	return n
}
