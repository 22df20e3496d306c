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
func (c *recording) compareEvents(m *matcher, got, want []any) error {
	if c.is("unordered") || c.is("concurrent") {
		return compareBags(m, got, want, c.lost(), c.is("unordered"))
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

// lostTypes are the events that the recorder has lost some of where it says "lost".
var lostTypes = map[string]bool{"ParallelStateSucceeded": true, "ParallelStateFailed": true, "ParallelStateExited": true}

// compareBags compares without order. An event must follow one of the same type
// as the recorded one does, unless the recorder has zeroed that. As many events
// as it has lost may be too many.
func compareBags(m *matcher, got, want []any, lost int, zeroed bool) error {
	used := make([]bool, len(got))
	for _, w := range want {
		found := false
		for i, g := range got {
			if used[i] || eventType(g) != eventType(w) || !zeroed && previousType(g, got) != previousType(w, want) ||
				!m.equal(member(g, "details"), member(w, "details"), "details") {
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
		if used[i] {
			continue
		}
		if lost--; lost < 0 || !lostTypes[eventType(g)] {
			return fmt.Errorf("unexpected event %s", jsonvalue.String(g))
		}
	}
	return nil
}

// previousType is the type of the event that an event follows.
func previousType(event any, all []any) string {
	previous := member(event, "previousEventId")
	for _, e := range all {
		if member(e, "id") == previous {
			return eventType(e)
		}
	}
	return ""
}

func member(event any, name string) any {
	o, _ := event.(*jsonvalue.Object)
	value, _ := o.Get(name)
	return value
}

func eventType(event any) string {
	name, _ := member(event, "type").(string)
	return name
}

// A matcher compares values. Placeholder texts of the recording match anything.
// Some placeholders are not listed: a text that the engine has made up, a token
// or an ARN that ends with an id, matches any one word, but always the same one.
type matcher struct {
	wild   []string
	made   func(string) bool
	stands map[string]string // what the recording has for a made text
}

// invented reports whether a text that this run has made may stand for want.
func (m *matcher) invented(got, want string) bool {
	if !m.made(got) && !(strings.HasPrefix(got, "arn:") && m.made(got[strings.LastIndexByte(got, ':')+1:])) {
		return false
	}
	known, ok := m.stands[got]
	if !ok {
		m.stands[got] = want
	}
	return !ok || known == want
}

func (m *matcher) event(got, want any) bool {
	for _, name := range []string{"id", "previousEventId", "type"} {
		if !m.equal(member(got, name), member(want, name), name) {
			return false
		}
	}
	details, expected := member(got, "details"), member(want, "details")
	if eventType(want) == "ActivityStarted" {
		// Which worker takes the task is decided outside.
		details, expected = withoutWorker(details), withoutWorker(expected)
	}
	return m.equal(details, expected, "details")
}

func withoutWorker(details any) any {
	o, ok := details.(*jsonvalue.Object)
	if !ok {
		return details
	}
	o = o.Clone()
	o.Delete("workerName")
	return o
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
		return g == w || m.matches(g, w) || !strings.ContainsAny(w, ":/ ") && m.invented(g, w)
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
