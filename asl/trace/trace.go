// Package trace tells what an execution did, state by state, out of its history.
//
//	t := trace.Read(x.History())
//	for _, v := range t.Visits {
//		fmt.Println(v.State, v.Status, v.Left.Sub(v.Entered))
//	}
//	svg := draw.SVG(definition, draw.Options{Run: t.Run()})
//
// A visit is one stay of an execution in a state: a loop visits its states again, the items of a Map visit the states of the
// processor one after the other or side by side.
package trace

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"airline/asl/draw"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// Trace is what an execution has done so far.
type Trace struct {
	Visits []Visit // in the order in which the states were entered
	// Status is that of the execution.
	Status sim.Status
	// Start is the moment of the first event, End that of the last.
	Start, End time.Time
	// Error and Cause are those of an execution that has not succeeded.
	Error, Cause string

	at   map[int]place // by id of the event
	open map[string][]int
}

// Visit is one stay in a state.
type Visit struct {
	State  string
	Type   string // "Task", "Map" ...
	Status draw.Status
	// Parent is the visit of the Map or Parallel state around it, -1 without; Item is the index of the Map's item, else -1.
	Parent, Item int
	// Before is the visit that led here, -1 for the first.
	Before int
	// Event is the id of the event of its beginning.
	Event         int
	Entered, Left time.Time // Left is zero as long as it lasts
	Input, Output any       // JSON values; Output is valid once HasOutput is set
	HasOutput     bool
	Assigned      *jsonvalue.Object // the variables that it has set; nil for none
	Error, Cause  string            // of the latest failure, also of one that was caught
	Attempts      []Attempt         // of a task
	Spans         []Span            // work and waiting, in order
	Items         []Item            // of a Map
	MapRun        string            // ARN of the run of a distributed Map, whose items are executions of their own
}

// Attempt is one call of a task.
type Attempt struct {
	Begun, Ended time.Time // Ended is zero as long as it lasts
	Status       draw.Status
	Parameters   any
	Output       any // valid when it has succeeded
	Error, Cause string
}

// Span is a part of a visit in which a state worked, or waited: in a Wait state, between two attempts, for a worker or a token.
type Span struct {
	From, To time.Time
	Waiting  bool
}

// Item is one iteration of a Map.
type Item struct {
	Index      int
	Status     draw.Status
	Begun, End time.Time // End is zero as long as it lasts
}

// place says where in the execution an event stands.
type place struct {
	visit int
	item  int
	opens bool // what follows is within the visit
}

// Read reads a history, or the first part of one.
func Read(history []sim.Event) *Trace {
	t := &Trace{Status: sim.Running, at: make(map[int]place, len(history)), open: map[string][]int{}}
	for _, e := range history {
		t.event(e)
	}
	t.settle()
	return t
}

// Run is how draw shows the execution: of each state the latest visit, of a Map's items the worst.
func (t *Trace) Run() map[string]draw.Visit {
	type stay struct {
		state        string
		parent, item int
	}
	last := map[stay]draw.Status{}
	counts := map[string]int{}
	for _, v := range t.Visits {
		last[stay{v.State, v.Parent, v.Item}] = v.Status
		counts[v.State]++
	}
	run := map[string]draw.Visit{}
	for s, status := range last {
		v, ok := run[s.state]
		if !ok || rank(status) > rank(v.Status) {
			v.Status = status
		}
		v.Count = counts[s.state]
		run[s.state] = v
	}
	for _, v := range t.Visits {
		before := "" // nothing led to the first
		if v.Before >= 0 {
			before = t.Visits[v.Before].State
		}
		if entered := run[v.State]; !slices.Contains(entered.From, before) {
			entered.From = append(entered.From, before)
			run[v.State] = entered
		}
	}
	return run
}

// rank orders statuses by what a reader should see first.
func rank(s draw.Status) int {
	order := [...]int{draw.NotEntered: 0, draw.Succeeded: 1, draw.Canceled: 2, draw.CaughtError: 3, draw.Failed: 4, draw.InProgress: 5}
	return order[s]
}

// Path names the items that a visit is in, such as "Each[2] › Row[0]"; "" at the top.
func (t *Trace) Path(visit int) string {
	v := t.Visits[visit]
	if v.Parent < 0 {
		return ""
	}
	text := t.Visits[v.Parent].State
	if v.Item >= 0 {
		text = fmt.Sprintf("%s[%d]", text, v.Item)
	}
	if around := t.Path(v.Parent); around != "" {
		text = around + " › " + text
	}
	return text
}

// Variables are those that the state sees when it is entered.
func (t *Trace) Variables(visit int) *jsonvalue.Object {
	seen := jsonvalue.NewObject(0)
	around := map[int]bool{} // they set theirs when they are left
	for i := t.Visits[visit].Parent; i >= 0; i = t.Visits[i].Parent {
		around[i] = true
	}
	for i := t.Visits[visit].Before; i >= 0; i = t.Visits[i].Before {
		v := &t.Visits[i]
		if v.Assigned == nil || around[i] {
			continue
		}
		for name, value := range v.Assigned.All() {
			if _, ok := seen.Get(name); !ok {
				seen.Set(name, value)
			}
		}
	}
	return seen
}

// End is when the visit ended, or now.
func (v *Visit) End(now time.Time) time.Time { return endOr(v.Left, now) }

// End is when the attempt ended, or now.
func (a *Attempt) End(now time.Time) time.Time { return endOr(a.Ended, now) }

// End is when the span ended, or now.
func (s Span) End(now time.Time) time.Time { return endOr(s.To, now) }

// endOr is the end of what has ended, else now.
func endOr(end, now time.Time) time.Time {
	if end.IsZero() {
		return now
	}
	return end
}

// Worked and Waited are how long a visit did either, up to now for one that lasts.
func (v *Visit) Worked(now time.Time) time.Duration { return v.total(now, false) }

// Waited is how long a visit waited.
func (v *Visit) Waited(now time.Time) time.Duration { return v.total(now, true) }

func (v *Visit) total(now time.Time, waiting bool) (sum time.Duration) {
	for _, s := range v.Spans {
		if s.Waiting == waiting {
			sum += s.End(now).Sub(s.From)
		}
	}
	return sum
}

// settle gives what was under way when the execution ended its end.
func (t *Trace) settle() {
	if t.Status == sim.Running {
		return
	}
	for i := range t.Visits {
		v := &t.Visits[i]
		if !v.Left.IsZero() {
			continue
		}
		v.Left = t.End
		v.close(t.End)
		if v.Status == draw.InProgress {
			v.Status = draw.Canceled
		}
		for k := range v.Items {
			if item := &v.Items[k]; item.End.IsZero() {
				item.End = t.End
				item.Status = draw.Canceled
			}
		}
		if n := len(v.Attempts); n > 0 && v.Attempts[n-1].Ended.IsZero() {
			v.Attempts[n-1].Ended = t.End
			v.Attempts[n-1].Status = cmp.Or(v.Status, draw.Canceled)
		}
	}
}
