package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/draw/internal/layered"
)

// SVG draws a machine as a standalone SVG document.
func SVG(d *ast.Definition, o Options) []byte {
	p := newPicture(d, o)
	w := &svgWriter{picture: p, Options: o, palette: o.Theme.palette()}
	w.document(d)
	return w.Bytes()
}

type svgWriter struct {
	bytes.Buffer
	*picture
	Options
	palette palette
}

func (w *svgWriter) printf(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// esc makes a text safe within XML, in elements and attributes; characters that
// XML does not have become U+FFFD.
func esc(s string) string {
	var b strings.Builder
	// EscapeText fails only when writing does.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func (w *svgWriter) document(d *ast.Definition) {
	title := oneLine(w.Title)
	if title == "" {
		title = "State machine"
	}
	body := w.body()
	if w.Share != nil && w.Part != "" {
		body = w.shared()
	}
	id := w.Part
	if id == "" {
		id = fmt.Sprintf("asl-%08x", fingerprint(title, body))
	}
	width, height := w.w, w.h
	if w.Width > 0 {
		width, height = w.Width, (w.h*w.Width+w.w-1)/w.w
	}
	w.printf(`<svg xmlns="http://www.w3.org/2000/svg" id="%s" class="asl-picture" width="%d" height="%d" viewBox="0 0 %d %d" role="graphics-document document" aria-labelledby="%s-title %s-desc">`+"\n",
		esc(id), width, height, w.w, w.h, esc(id), esc(id))
	w.printf("<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", esc(id), esc(title), esc(id), esc(describe(d, w.Part != "")))
	if w.Part == "" {
		w.printf("<style>%s</style>\n", w.palette.style("#"+id))
	}
	w.printf(`<rect class="canvas" width="%d" height="%d"/>`+"\n", w.w, w.h)
	w.WriteString(body)
	w.WriteString("</svg>\n")
}

func fingerprint(parts ...string) uint32 {
	h := fnv.New32a()
	for _, p := range parts {
		h.Write([]byte(p))
	}
	return h.Sum32()
}

// body is everything that can be seen, in the order of painting: boxes that hold
// others, lines, boxes, labels.
func (w *svgWriter) body() string {
	b := &svgWriter{picture: w.picture, Options: w.Options, palette: w.palette}
	if w.Title != "" {
		b.text("title", margin, margin+titleFont.baseline(), titleText(w.Title), titleFont)
	}
	for i := range w.boxes {
		if k := w.boxes[i].kind; k == containerBox || k == lane {
			b.box(&w.boxes[i])
		}
	}
	for _, kind := range []layered.Kind{layered.Flow, layered.Error} {
		b.lines(kind)
	}
	for i := range w.boxes {
		if k := w.boxes[i].kind; k != containerBox && k != lane {
			b.box(&w.boxes[i])
		}
	}
	b.above()
	return b.String()
}

// above is what is painted above the boxes.
func (w *svgWriter) above() {
	for _, a := range w.arrows {
		w.arrow(a)
	}
	for i := range w.labels {
		w.label(&w.labels[i])
	}
	if len(w.folds.ends) > 0 {
		w.foldLegend()
	}
	if w.Run != nil {
		w.legend()
	}
}

// shared is the body of a picture whose lines and texts are elsewhere on the page, in the order of painting: boxes that hold others, what is
// below boxes, boxes, what is above them.
func (w *svgWriter) shared() string {
	piece := func() *svgWriter { return &svgWriter{picture: w.picture, Options: w.Options, palette: w.palette} }
	own, below, above := piece(), piece(), piece()
	refer := func(piece *svgWriter) {
		own.printf(`<use href="#%s" pointer-events="none"/>`+"\n", esc(w.Share(piece.String())))
	}
	frames := func(containers bool) {
		for i := range w.boxes {
			switch b := &w.boxes[i]; {
			case containers != (b.kind == containerBox || b.kind == lane):
			case b.kind == lane:
				own.box(b)
			case b.kind == startDot || b.kind == endDot:
				above.box(b)
			default:
				own.frame(b, true)
				above.content(b)
			}
		}
	}
	frames(true)
	for _, kind := range []layered.Kind{layered.Flow, layered.Error} {
		below.lines(kind)
	}
	refer(below)
	frames(false)
	above.above()
	refer(above)
	return own.String()
}

func (f font) baseline() int { return int(f.size) }

// text writes one line. Its length is fixed where it is known, so that another
// font cannot run over the borders.
func (w *svgWriter) text(class string, x, y int, s string, f font) {
	w.printf(`<text class="%s" x="%d" y="%d"%s>%s</text>`+"\n", class, x, y, length(s, f), esc(s))
}

func length(s string, f font) string {
	if s == "" || !plain(s) {
		return ""
	}
	return fmt.Sprintf(` textLength="%d" lengthAdjust="spacingAndGlyphs"`, f.width(s))
}

func className(k layered.Kind) string {
	if k == layered.Error {
		return "error"
	}
	return "flow"
}

func (w *svgWriter) lines(kind layered.Kind) {
	first := true
	for _, p := range w.pieces {
		if p.Kind != kind {
			continue
		}
		if first {
			w.printf(`<path class="%s" d="`, className(kind))
			first = false
		}
		w.WriteString(rounded(p.Points))
	}
	if !first {
		w.WriteString("\"/>\n")
	}
}

// bend is the radius of the corners of lines.
const bend = 8

// rounded is the path data of a line with its corners rounded.
func rounded(points []layered.Point) string {
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", points[0].X, points[0].Y)
	for i := 1; i < len(points); i++ {
		p := points[i]
		if i+1 == len(points) {
			fmt.Fprintf(&b, "L%d %d", p.X, p.Y)
			break
		}
		before, after := points[i-1], points[i+1]
		r := float64(bend)
		share := func(q layered.Point, end bool) {
			d := float64(max(q.X-p.X, p.X-q.X) + max(q.Y-p.Y, p.Y-q.Y))
			if !end {
				d /= 2
			}
			r = min(r, d)
		}
		share(before, i == 1)
		share(after, i+2 == len(points))
		from, to := towards(p, before, r), towards(p, after, r)
		fmt.Fprintf(&b, "L%s %sQ%d %d %s %s", num(from[0]), num(from[1]), p.X, p.Y, num(to[0]), num(to[1]))
	}
	return b.String()
}

func towards(p, q layered.Point, r float64) [2]float64 {
	x, y := float64(p.X), float64(p.Y)
	switch {
	case q.X > p.X:
		x += r
	case q.X < p.X:
		x -= r
	case q.Y > p.Y:
		y += r
	case q.Y < p.Y:
		y -= r
	}
	return [2]float64{x, y}
}

func num(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (w *svgWriter) arrow(a layered.Arrow) {
	dx, dy := a.Tip.X-a.From.X, a.Tip.Y-a.From.Y
	// Half as wide as it is long, on each side.
	const half = 4
	nx, ny := sign(dy)*half, sign(dx)*half
	w.printf(`<path class="%shead" d="M%d %dL%d %dL%d %dz"/>`+"\n", className(a.Kind),
		a.Tip.X, a.Tip.Y, a.From.X+nx, a.From.Y+ny, a.From.X-nx, a.From.Y-ny)
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

func (w *svgWriter) label(l *label) {
	pill, text := "pill", "label"
	if l.kind == layered.Error {
		pill, text = "errorpill", "errorlabel"
	}
	w.printf(`<g><title>%s</title><rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="8"/>`+"\n", esc(l.full), pill, l.x, l.y, l.w, l.h)
	for i, line := range l.lines {
		x := l.x + (l.w-labelFont.width(line))/2
		w.text(text, x, l.y+labelPadY+labelLine*i+11, line, labelFont)
	}
	w.WriteString("</g>\n")
}

func (w *svgWriter) box(b *box) {
	switch b.kind {
	case lane:
		w.printf(`<rect class="lane lane%d" x="%d" y="%d" width="%d" height="%d" rx="6"/>`+"\n", b.depth%2, b.x, b.y, b.w, b.h)
		return
	case startDot, endDot:
		word := "Start"
		if b.kind == endDot {
			word = "End"
		}
		w.printf(`<g><circle class="dot" cx="%d" cy="%d" r="%d"/><text class="dottext" x="%d" y="%d">%s</text></g>`+"\n",
			b.x+b.w/2, b.y+b.h/2, b.w/2, b.x+b.w/2, b.y+b.h/2+4, word)
		return
	}
	end := w.frame(b, false)
	w.content(b)
	w.WriteString(end)
}

// frame draws a box without what stands in it, and gives what ends the element, which is open for that. A closed one has no text that
// belongs to all executions, and tells of the state by its label.
func (w *svgWriter) frame(b *box, closed bool) (end string) {
	end = "</g>\n"
	if to := w.link(b); to != "" {
		w.printf(`<a href="%s" class="state" aria-label="%s">`, esc(to), esc(strings.ReplaceAll(tooltip(b), "\n", ", ")))
		end = "</g></a>\n"
	}
	if closed {
		end = strings.TrimPrefix(end, "</g>")
	} else {
		w.printf("<g><title>%s</title>", esc(tooltip(b)))
	}
	class := "box"
	switch {
	case b.kind == missing:
		class = "missing"
	case b.kind == containerBox:
		class = "nest nest" + strconv.Itoa(b.depth%2)
	}
	if c := b.visit.Status.class(); c != "" {
		class += " " + c
	}
	w.printf(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="8"/>`+"\n", class, b.x, b.y, b.w, b.h)
	if !closed {
		return end
	}
	w.badge(b)
	w.WriteString(end)
	return ""
}

func (w *svgWriter) badge(b *box) {
	if b.badge != "" {
		w.text("caption", b.x+b.w-10-captionFont.width(b.badge), b.y+captionTop, b.badge, captionFont)
	}
}

// content is what stands in a box of a state: icon, kind and name.
func (w *svgWriter) content(b *box) {
	mark, colour := glyphCross, w.palette.missing
	if b.state != nil {
		mark, colour = icon(b.state)
	}
	head := boxHeight + nameLine*(len(b.name)-1)
	if b.kind != containerBox {
		head = b.h
	}
	tx, ty := b.x+tileInset, b.y+(head-tile)/2
	w.printf(`<rect x="%d" y="%d" width="%d" height="%d" rx="6" fill="%s"/><path class="glyph" transform="translate(%d %d)" d="%s"/>`+"\n",
		tx, ty, tile, tile, colour, tx+(tile-24)/2, ty+(tile-24)/2, mark)
	w.text("caption", b.x+textLeft, b.y+captionTop, b.caption, captionFont)
	for i, line := range b.name {
		w.text("name", b.x+textLeft, b.y+nameTop+nameLine*i, line, nameFont)
	}
	if w.Share == nil {
		w.badge(b)
	}
	if b.folded {
		w.foldMark(b.x+b.w, b.y)
	}
}

// link is where a box leads to.
func (w *svgWriter) link(b *box) string {
	if w.Link == nil || b.state == nil {
		return ""
	}
	return w.Link(b.state.Name)
}

// tooltip is what a reader sees who points at a box.
func tooltip(b *box) string {
	if b.state == nil {
		return strings.Join(b.name, " ") + ": there is no such state"
	}
	text := oneLine(b.state.Name) + "\n" + caption(b.state)
	if b.state.Comment != "" {
		text += "\n" + b.state.Comment
	}
	if b.visit.Status != NotEntered {
		text += "\n" + b.visit.Status.String()
	}
	return text
}
