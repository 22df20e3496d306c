package cases

import (
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// plainEvent is an event in the form of the recordings.
func plainEvent(e sim.Event) *jsonvalue.Object {
	o := jsonvalue.NewObject(4)
	o.Set("id", float64(e.ID))
	o.Set("previousEventId", float64(e.PreviousID))
	o.Set("type", e.Type.String())
	details := e.Details()
	if e.Type == sim.ExecutionStarted {
		details.Delete("roleArn")
	}
	o.Set("details", details)
	return o
}

// compareEvents compares the history: in order, or, where the recording says that
// the order is not determined, as a bag.
func (c *recording) compareEvents(m *matcher, x *sim.Execution, want []any) error {
	var got []any
	for _, e := range x.History() {
		if c.lost() && lostTypes[e.Type.String()] {
			continue
		}
		got = append(got, plainEvent(e))
	}
	if c.is("unordered") || c.is("concurrent") {
		return compareBags(m, got, want, c)
	}
	for i := range max(len(got), len(want)) {
		if i >= len(want) {
			return fmt.Errorf("event %d: got %s, want no more events", i+1, jsonvalue.String(got[i]))
		}
		if i >= len(got) {
			return fmt.Errorf("event %d: got no more events, want %s", i+1, jsonvalue.String(want[i]))
		}
		if !m.event(got[i], want[i]) {
			return fmt.Errorf("event %d:\n    got  %s\n    want %s", i+1, jsonvalue.String(got[i]), jsonvalue.String(want[i]))
		}
	}
	return nil
}

// lostTypes are the events that the recorder has lost where it says "lost".
var lostTypes = map[string]bool{"ParallelStateSucceeded": true, "ParallelStateFailed": true, "ParallelStateExited": true}

func compareBags(m *matcher, got, want []any, c *recording) error {
	used := make([]bool, len(got))
	for _, w := range want {
		wanted := w.(*jsonvalue.Object)
		kind, _ := wanted.Get("type")
		if name, _ := kind.(string); c.lost() && lostTypes[name] {
			continue
		}
		found := false
		for i, g := range got {
			event := g.(*jsonvalue.Object)
			have, _ := event.Get("type")
			details, _ := event.Get("details")
			expected, _ := wanted.Get("details")
			if used[i] || have != kind || !m.equal(details, expected, "") {
				continue
			}
			used[i], found = true, true
			break
		}
		if !found {
			return fmt.Errorf("no event equals %s", jsonvalue.String(w))
		}
	}
	for i, g := range got {
		if !used[i] {
			return fmt.Errorf("unexpected event %s", jsonvalue.String(g))
		}
	}
	return nil
}

// A matcher compares values; placeholder texts of the recording match anything,
// and so do texts with something that the engine has made up: a token, an id.
type matcher struct {
	wild []string
	made map[string]bool
}

// invented reports whether a text holds an id that this run has made.
func (m *matcher) invented(text string) bool {
	for id := range m.made {
		if strings.Contains(text, id) {
			return true
		}
	}
	return false
}

func (m *matcher) event(got, want any) bool {
	g, w := got.(*jsonvalue.Object), want.(*jsonvalue.Object)
	for _, name := range []string{"id", "previousEventId", "type", "details"} {
		a, _ := g.Get(name)
		b, _ := w.Get(name)
		if kind, _ := w.Get("type"); kind == "ActivityStarted" && name == "details" {
			continue // the worker and its name are outside
		}
		if !m.equal(a, b, name) {
			return false
		}
	}
	return true
}

// equal compares got with want. name is the member that holds them: a cause is
// compared as JSON where the recording has an object.
func (m *matcher) equal(got, want any, name string) bool {
	switch w := want.(type) {
	case *jsonvalue.Object:
		if text, ok := got.(string); ok && name == "cause" {
			parsed, err := jsonvalue.Decode([]byte(text))
			if err != nil {
				return false
			}
			got = parsed
		}
		g, ok := got.(*jsonvalue.Object)
		if !ok || g.Len() != w.Len() {
			return false
		}
		for key, value := range w.All() {
			have, ok := g.Get(key)
			if !ok || !m.equal(have, value, key) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !m.equal(g[i], w[i], name) {
				return false
			}
		}
		return true
	case string:
		g, ok := got.(string)
		if !ok {
			return false
		}
		return g == w || m.matches(g, w) || m.invented(g)
	}
	return jsonvalue.Equal(got, want)
}

// matches compares a text with one that holds placeholders.
func (m *matcher) matches(got, want string) bool {
	parts := []string{want}
	for _, wild := range m.wild {
		var split []string
		for _, part := range parts {
			split = append(split, strings.Split(part, wild)...)
		}
		parts = split
	}
	if len(parts) == 1 {
		return false
	}
	if !strings.HasPrefix(got, parts[0]) {
		return false
	}
	got = got[len(parts[0]):]
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(got, part)
		if i < 0 {
			return false
		}
		got = got[i+len(part):]
	}
	return strings.HasSuffix(got, last)
}
