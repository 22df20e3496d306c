package fifo

import (
	"strings"
	"testing"
	"time"
)

func TestWindow(t *testing.T) {
	start := time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)
	one, ofGroup := Key{ID: "1"}, Key{"g", "1"}
	var w Window
	for _, c := range []struct {
		after time.Duration
		key   Key
		id    string // of the message; "" where it repeats one
		want  Accepted
	}{
		{0, one, "A", Accepted{ID: "A", Number: 1}},
		{time.Minute, ofGroup, "B", Accepted{ID: "B", Number: 2}},
		{Interval - 1, one, "", Accepted{ID: "A", Number: 1}},
		{Interval, one, "C", Accepted{ID: "C", Number: 3}},
		{Interval, ofGroup, "", Accepted{ID: "B", Number: 2}},
		{2*Interval - 1, one, "", Accepted{ID: "C", Number: 3}},
		{2 * Interval, one, "D", Accepted{ID: "D", Number: 4}},
	} {
		got, repeated := w.Repeated(c.key, start.Add(c.after))
		if repeated != (c.id == "") {
			t.Fatalf("after %v %v repeats: %v", c.after, c.key, repeated)
		}
		if !repeated {
			got = w.Accept(c.key, c.id, start.Add(c.after))
		}
		if got.ID != c.want.ID || got.Number != c.want.Number {
			t.Errorf("after %v %v: got %+v, want %+v", c.after, c.key, got, c.want)
		}
	}
	if len(w.known) != 1 || len(w.keys) != 1 {
		t.Errorf("%d keys are known and %d are in order, want those of five minutes alone", len(w.known), len(w.keys))
	}
}

func TestMalformed(t *testing.T) {
	good, space, long := "aZ9!~", "a b", strings.Repeat("x", 129)
	for name, c := range map[string]struct {
		group, id *string
		want      string
	}{
		"none":     {},
		"good":     {&good, &good, ""},
		"group":    {&space, nil, "MessageGroupId a b"},
		"id":       {&good, &long, "MessageDeduplicationId " + long},
		"both":     {&space, &long, "MessageGroupId a b"},
		"empty id": {&good, new(string), "MessageDeduplicationId "},
	} {
		member, value := Malformed(c.group, c.id)
		if got := member + " " + value; got != c.want && (c.want != "" || member != "") {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
