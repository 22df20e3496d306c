package draw

import (
	"slices"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/draw/internal/layered"
)

// transition is a line from one state to another: everything that leads from the
// one to the other in the same way.
type transition struct {
	from, to string // to is "" for the end
	kind     layered.Kind
	weight   int
	labels   []string // conditions or error names, in full
}

// defaultLabel stands on the line that a Choice state takes when no rule
// matches.
const defaultLabel = "default"

// transitions of a definition in the order of the definition; those from a state
// to another one for the same reason are one.
func transitions(d *ast.Definition) []transition {
	var list []transition
	type key struct {
		from, to string
		kind     layered.Kind
	}
	index := map[key]int{}
	add := func(from, to string, kind layered.Kind, weight int, labels ...string) {
		k := key{from, to, kind}
		i, ok := index[k]
		if !ok {
			i = len(list)
			index[k] = i
			list = append(list, transition{from: from, to: to, kind: kind})
		}
		list[i].weight = max(list[i].weight, weight)
		for _, l := range labels {
			if !slices.Contains(list[i].labels, l) {
				list[i].labels = append(list[i].labels, l)
			}
		}
	}
	for _, s := range d.States {
		if s == nil {
			continue
		}
		if s.Type == ast.TypeChoice {
			for _, r := range s.Choices {
				if r != nil && r.Next != "" {
					add(s.Name, r.Next, layered.Flow, 2, condition(r))
				}
			}
			if s.Default != "" {
				add(s.Name, s.Default, layered.Flow, 2, defaultLabel)
			}
		} else if s.Next != "" {
			add(s.Name, s.Next, layered.Flow, 4)
		}
		if s.End || s.Type == ast.TypeSucceed {
			add(s.Name, "", layered.Flow, 1)
		}
		for _, c := range s.Catch {
			if c == nil || c.Next == "" {
				continue
			}
			errors := c.ErrorEquals
			if len(errors) == 0 {
				errors = []string{"error"}
			}
			add(s.Name, c.Next, layered.Error, 1, errors...)
		}
	}
	nameUnlabelled(list)
	return list
}

// nameUnlabelled gives each transition a label where a state has several, but
// for catchers: that a state has both Next and End is a mistake to be seen.
func nameUnlabelled(list []transition) {
	flows := map[string]int{}
	for _, t := range list {
		if t.kind == layered.Flow {
			flows[t.from]++
		}
	}
	for i := range list {
		t := &list[i]
		if t.kind != layered.Flow || flows[t.from] < 2 || len(t.labels) > 0 {
			continue
		}
		t.labels = []string{"Next"}
		if t.to == "" {
			t.labels[0] = "End"
		}
	}
}

// Limits of the label of a line. That of a line from a state to itself stands
// beside the state and must not be higher, or in a flow to the right not wider,
// than it.
const (
	labelWidth     = 190 // pixels
	labelLines     = 4
	loopLabelWidth = 96
)

// lines breaks the labels of a transition into lines to show.
func (t *transition) lines(d Direction) []string {
	var lines []string
	width, most := labelWidth, labelLines
	if t.from == t.to && d == Right {
		width = loopLabelWidth
	} else if t.from == t.to {
		most = 1
	}
	for i, l := range t.labels {
		room := most - len(lines)
		rest := len(t.labels) - i
		if room < 1 || room == 1 && rest > 1 {
			return append(lines, strconv.Itoa(rest)+more(len(lines)))
		}
		if oneLine(l) == "" {
			l = "…"
		}
		lines = append(lines, labelFont.wrap(l, width, min(2, room-min(1, rest-1)))...)
	}
	return lines
}

func more(before int) string {
	if before == 0 {
		return " reasons"
	}
	return " more"
}

// String is the transition in words.
func (t *transition) String() string {
	to := t.to
	if to == "" {
		to = "end"
	}
	text := t.from + " → " + to
	if len(t.labels) > 0 {
		text += ": " + strings.Join(t.labels, "; ")
	}
	return text
}
