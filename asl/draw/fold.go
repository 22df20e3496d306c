package draw

import (
	"slices"

	"airline/asl/ast"
	"airline/asl/draw/internal/layered"
)

// folds are what Options.FoldFailures leaves out of a picture.
type folds struct {
	marked map[*ast.State]bool // those that a route is left out of
	ends   []string            // the tasks and Fail states that such routes lead to
}

// fold leaves the states out that lead to nothing but a Fail state, with the routes to them; what is left is a copy. Of a run,
// what was entered stays, with the routes from there.
func fold(d *ast.Definition, run map[string]Visit) (*ast.Definition, folds) {
	f := folds{marked: map[*ast.State]bool{}}
	return f.definition(d, run, 0), f
}

func (f *folds) definition(d *ast.Definition, run map[string]Visit, depth int) *ast.Definition {
	if d == nil || depth > maxDepth { // as deep as is drawn
		return nil
	}
	lost := doomed(d)
	if lost[d.StartAt] {
		clear(lost)
	}
	kept := *d
	kept.States = nil
	for _, s := range d.States {
		switch {
		case s == nil:
		case lost[s.Name] && run[s.Name].Status == NotEntered:
			if (s.Type == ast.TypeTask || s.Type == ast.TypeFail) && !slices.Contains(f.ends, s.Name) {
				f.ends = append(f.ends, s.Name)
			}
		default:
			kept.States = append(kept.States, f.state(s, lost, run, depth))
		}
	}
	return &kept
}

// state is a copy of a state without the routes that are left out.
func (f *folds) state(s *ast.State, lost map[string]bool, run map[string]Visit, depth int) *ast.State {
	c := *s
	hidden := func(to string) bool {
		if !lost[to] {
			return false
		}
		v := run[to]
		return v.Status == NotEntered || run[s.Name].Status == NotEntered || v.From != nil && !slices.Contains(v.From, s.Name)
	}
	c.Choices = slices.DeleteFunc(slices.Clone(s.Choices), func(r *ast.Rule) bool { return r != nil && hidden(r.Next) })
	c.Catch = slices.DeleteFunc(slices.Clone(s.Catch), func(r *ast.Catcher) bool { return r != nil && hidden(r.Next) })
	cut := len(c.Choices) < len(s.Choices) || len(c.Catch) < len(s.Catch)
	if hidden(s.Default) {
		c.Default, cut = "", true
	}
	if hidden(s.Next) {
		c.Next, cut = "", true
	}
	c.Branches = nil
	for _, b := range s.Branches {
		c.Branches = append(c.Branches, f.definition(b, run, depth+1))
	}
	c.ItemProcessor, c.Iterator = f.definition(s.ItemProcessor, run, depth+1), f.definition(s.Iterator, run, depth+1)
	if cut {
		f.marked[&c] = true
	}
	return &c
}

// doomed are the states of a definition that reach a Fail state and no other end.
func doomed(d *ast.Definition) map[string]bool {
	before := map[string][]string{}
	var good, bad []string
	for _, t := range transitions(d) {
		if t.to == "" {
			good = append(good, t.from)
		} else {
			before[t.to] = append(before[t.to], t.from)
		}
	}
	for _, s := range d.States {
		if s != nil && s.Type == ast.TypeFail {
			bad = append(bad, s.Name)
		}
	}
	leading := func(to []string) map[string]bool {
		seen := map[string]bool{}
		for len(to) > 0 {
			name := to[len(to)-1]
			to = to[:len(to)-1]
			if !seen[name] {
				seen[name] = true
				to = append(to, before[name]...)
			}
		}
		return seen
	}
	lost := leading(bad)
	for name := range leading(good) {
		delete(lost, name)
	}
	return lost
}

const (
	foldMark   = 8 // radius
	foldLegend = 28
)

// foldMark marks a box that a route was left out of.
func (w *svgWriter) foldMark(x, y int) {
	w.printf(`<g><title>%s</title><circle class="fold" cx="%d" cy="%d" r="%d"/><path class="foldcross" d="M%d %dl6 6m0 -6l-6 6"/></g>`+"\n",
		esc(w.foldText()), x, y, foldMark, x-3, y-3)
}

// foldText says what the marks stand for.
func (w *picture) foldText() string {
	text := "on failure: "
	for i, name := range w.folds.ends {
		if i > 0 {
			text += ", "
		}
		text += oneLine(name)
	}
	return captionFont.shorten(text, 600)
}

// foldLegend explains the marks, below the picture.
func (w *svgWriter) foldLegend() {
	y := w.h - margin - foldMark
	if w.Run != nil {
		y -= legendHeight
	}
	w.foldMark(margin+foldMark, y)
	w.text("caption", margin+3*foldMark, y+4, w.foldText(), captionFont)
}

// transitionsShown are the transitions to draw: when routes are left out, a single one that is left of several needs no label.
func (dr *drawer) transitionsShown(d *ast.Definition) []transition {
	list := transitions(d)
	if !dr.FoldFailures {
		return list
	}
	flows := map[string]int{}
	for _, t := range list {
		if t.kind == layered.Flow {
			flows[t.from]++
		}
	}
	for i := range list {
		if t := &list[i]; t.kind == layered.Flow && flows[t.from] == 1 && len(t.labels) == 1 && t.labels[0] == defaultLabel {
			t.labels = nil
		}
	}
	return list
}
