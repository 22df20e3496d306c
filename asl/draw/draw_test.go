package draw

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"airline/asl/ast"
	"airline/asl/draw/internal/layered"
	"airline/asl/internal/conformance"
)

// definitions gives all definitions of the conformance data by name.
func definitions(t testing.TB) map[string]*ast.Definition {
	t.Helper()
	texts := conformance.Recorded(t)
	for _, pattern := range []string{"workflows/*.json", "validator/*.json", "flow.json"} {
		maps.Copy(texts, conformance.Files(t, pattern))
	}
	defs := map[string]*ast.Definition{}
	for id, text := range texts {
		// A definition with mistakes is drawn as far as it could be read.
		if d, _ := ast.Parse(text); d != nil {
			defs[id] = d
		}
	}
	return defs
}

// faults gives what is wrong with the geometry of a picture.
func faults(p *picture) []string {
	var list []string
	fault := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	canvas := rect{0, 0, p.w, p.h}
	solid := func(b *box) bool { return b.kind != containerBox && b.kind != lane }
	for i := range p.boxes {
		b := &p.boxes[i]
		if !canvas.holds(b.rect) {
			fault("box %v %v is outside the picture", b.name, b.rect)
		}
		for k := range p.boxes[:i] {
			o := &p.boxes[k]
			if o.overlaps(b.rect) && (solid(o) || !o.holds(b.rect)) {
				fault("boxes %v %v and %v %v overlap", o.name, o.rect, b.name, b.rect)
			}
		}
		if solid(b) && b.kind != startDot && b.kind != endDot {
			for _, line := range b.name {
				if w := nameFont.width(line); w > b.w-textLeft-textRight {
					fault("name %q (%d pixels) is wider than its box %v", line, w, b.rect)
				}
			}
		}
	}
	for i := range p.labels {
		l := &p.labels[i]
		if !canvas.holds(l.rect) {
			fault("label %q %v is outside the picture", l.lines, l.rect)
		}
		for k := range p.labels[:i] {
			if o := &p.labels[k]; o.overlaps(l.rect) {
				fault("labels %q %v and %q %v overlap", o.lines, o.rect, l.lines, l.rect)
			}
		}
		for k := range p.boxes {
			if o := &p.boxes[k]; o.overlaps(l.rect) && (solid(o) || !o.holds(l.rect)) {
				fault("label %q %v lies on box %v %v", l.lines, l.rect, o.name, o.rect)
			}
		}
		for _, line := range l.lines {
			if w := labelFont.width(line); w > l.w-2*labelPadX {
				fault("label %q is wider (%d) than its place %v", line, w, l.rect)
			}
		}
	}
	for _, r := range p.routes {
		if len(r.points) < 2 {
			fault("no line from %v to %v", r.from, r.to)
			continue
		}
		if first := r.points[0]; !r.from.border(first) {
			fault("line from %v begins at %v: %v", r.from, first, r.points)
		}
		if last := r.points[len(r.points)-1]; !r.to.border(last) {
			fault("line to %v ends at %v: %v", r.to, last, r.points)
		}
		for i := 1; i < len(r.points); i++ {
			a, b := r.points[i-1], r.points[i]
			if a.X != b.X && a.Y != b.Y {
				fault("line is oblique: %v", r.points)
			}
			s := stroke(a, b)
			if !canvas.holds(s) {
				fault("line %v is outside the picture", r.points)
			}
			for k := range p.boxes {
				if o := &p.boxes[k]; solid(o) && o.inner().overlaps(s) {
					fault("line %v runs through box %v %v", r.points, o.name, o.rect)
				}
			}
		}
	}
	for i, a := range p.pieces {
		for _, b := range p.pieces[:i] {
			if where, ok := coincide(a.Points, b.Points); ok && (a.Net != b.Net || max(where.w, where.h) > bend+1) {
				fault("lines %v and %v lie on one another at %v", a.Points, b.Points, where)
			}
		}
	}
	return list
}

func (r rect) overlaps(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rect) holds(o rect) bool {
	return r.x <= o.x && o.x+o.w <= r.x+r.w && r.y <= o.y && o.y+o.h <= r.y+r.h
}

// inner is what a line may not touch.
func (r rect) inner() rect { return rect{r.x + 1, r.y + 1, r.w - 2, r.h - 2} }

func (r rect) border(p layered.Point) bool {
	inX, inY := r.x <= p.X && p.X <= r.x+r.w, r.y <= p.Y && p.Y <= r.y+r.h
	return inX && inY && (p.X == r.x || p.X == r.x+r.w || p.Y == r.y || p.Y == r.y+r.h)
}

func stroke(a, b layered.Point) rect {
	return rect{min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X) - min(a.X, b.X) + 1, max(a.Y, b.Y) - min(a.Y, b.Y) + 1}
}

// coincide tells whether two lines share more than a point: parallel strokes at
// the same place.
func coincide(a, b []layered.Point) (rect, bool) {
	for i := 1; i < len(a); i++ {
		for k := 1; k < len(b); k++ {
			p, q := stroke(a[i-1], a[i]), stroke(b[k-1], b[k])
			if p.w > 1 && q.w > 1 && p.y == q.y || p.h > 1 && q.h > 1 && p.x == q.x {
				x, y := max(p.x, q.x), max(p.y, q.y)
				w, h := min(p.x+p.w, q.x+q.w)-x, min(p.y+p.h, q.y+q.h)-y
				if w > 1 && h == 1 || h > 1 && w == 1 {
					return rect{x, y, w, h}, true
				}
			}
		}
	}
	return rect{}, false
}

func TestPublishedDefinitionsAreDrawnWell(t *testing.T) {
	for id, d := range definitions(t) {
		for _, o := range []Options{{}, {Direction: Right, Title: id}} {
			if list := faults(newPicture(d, o)); len(list) > 0 {
				t.Errorf("%s, direction %d: %d faults, first: %s", id, o.Direction, len(list), list[0])
			}
			if err := wellFormed(SVG(d, o)); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}

func TestRandomMachinesAreDrawnWell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := machine(rapidChance{t}, rapid.IntRange(1, 25).Draw(t, "n"), rapid.Bool().Draw(t, "wild"))
		o := Options{Direction: Direction(rapid.IntRange(0, 1).Draw(t, "direction"))}
		if list := faults(newPicture(d, o)); len(list) > 0 {
			t.Fatalf("%d faults, first: %s\n%s", len(list), list[0], d)
		}
		svg := SVG(d, o)
		if err := wellFormed(svg); err != nil {
			t.Fatalf("%v\n%s", err, svg)
		}
		if !bytes.Equal(svg, SVG(d, o)) {
			t.Fatalf("two pictures of one machine differ\n%s", d)
		}
	})
}

func wellFormed(svg []byte) error {
	dec := xml.NewDecoder(bytes.NewReader(svg))
	for {
		_, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("not well-formed XML: %w", err)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	for _, n := range []int{7, 20, 60, 300} {
		seed := seeded(n)
		d := machine(&seed, n, false)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				SVG(d, Options{})
			}
		})
	}
}
