package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"airline/asl/draw"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/trace"
)

// Options say how much of an execution is shown. The zero value is the drawing, the time line and the first events.
type Options struct {
	// ID begins the ids of the elements; it must be unique on the page.
	ID string
	// States shows what every state got and gave; State only that state, as the element ID-state.
	States bool
	State  string
	// Failed shows the state at which an execution failed, when State is empty.
	Failed bool
	// Link is where the box of a state leads to; nil: to what the page shows of the state.
	Link func(state string) string
	// Visits, Items and Events are where the lists of a state's visits, of a Map's items and of the history begin.
	Visits, Items, Events int
	// Turn gives the address of the page on which one of these lists begins elsewhere; nil: there is none.
	Turn func(list string, from int) string
	// Payload is how many bytes of a JSON text are shown, 0: 20,000. MaxEvents is how many events, 0: 1,000.
	Payload, MaxEvents int
	// Share is that of the drawing (draw.Options): what it has in common with others on the page. Nil: it stands alone.
	Share func(piece string) (id string)
	// Brief leaves out what is there in another form: the details of the events, and the variables that others have set. Of a state
	// it shows one visit.
	Brief bool
}

// The length of a page of each list.
const (
	visitsShown = 5
	itemsShown  = 50
	barsShown   = 400
)

// View is an execution as the templates show it.
type View struct {
	ID, Name, Machine string
	Status            string
	Error, Cause      string
	Started, Ended    time.Time // Ended is zero as long as it runs
	Elapsed           time.Duration
	Graph             template.HTML
	TooLarge          bool // to be drawn
	Rows              []Row
	States            []State
	Events            []Event
	EventList         List
	Brief             bool
}

// Row is a state's line of the time line.
type Row struct {
	State, Link    string
	Status         string
	Visits         int
	Worked, Waited time.Duration
	Bars           []Bar
}

// Paths are the bars of each kind as the data of a path.
func (r Row) Paths() []Bar {
	var list []Bar
	for _, kind := range []string{"stay", "work", "wait"} {
		path := ""
		for _, b := range r.Bars {
			if b.Kind == kind {
				path += "M" + b.X + " 1h" + b.W + "v12h-" + b.W + "z"
			}
		}
		if path != "" {
			list = append(list, Bar{Kind: kind, Path: path})
		}
	}
	return list
}

// Bar is a part of a line; a line is 1,000 long.
type Bar struct {
	X, W string
	Kind string // work, wait or stay
	Path string // of all bars of the kind
	Tip  string
}

// State is what a state got and gave.
type State struct {
	ID, Name, Type string
	Status         string
	Visits         []Visit
	List           List
}

// Visit is one stay in a state.
type Visit struct {
	trace.Visit
	Path, In, Out  string
	Set, Variables string
	Same           bool // the output is the input
	Took           time.Duration
	Calls          []Call
	ItemRows       []trace.Item
	ItemList       List
}

// Call is an attempt of a task.
type Call struct {
	trace.Attempt
	In, Out string
	Took    time.Duration
}

// Event is a line of the history.
type Event struct {
	sim.Event
	Offset  time.Duration // since the start
	Payload string
}

// List says which part of a list is shown.
type List struct {
	From, To, Total int // the part is [From, To)
	Before, After   string
}

// More tells whether the list is longer than what is shown.
func (l List) More() bool { return l.To-l.From < l.Total }

// First is the number of the first that is shown, from 1.
func (l List) First() int { return min(l.From+1, l.To) }

// list cuts a page out of a list.
func (o Options) list(name string, from, length, total int) List {
	l := List{From: max(0, min(from, total)), Total: total}
	l.To = min(l.From+length, total)
	if o.Turn != nil {
		if l.From > 0 {
			l.Before = o.Turn(name, max(0, l.From-length))
		}
		if l.To < total {
			l.After = o.Turn(name, l.To)
		}
	}
	return l
}

// View reads an execution's history.
func (o Options) View(x Execution) *View {
	if o.Payload == 0 {
		o.Payload = 20_000
	}
	if o.MaxEvents == 0 {
		o.MaxEvents = 1000
	}
	t := trace.Read(x.History)
	now := t.End
	if x.Now.After(now) {
		now = x.Now
	}
	v := &View{Brief: o.Brief, ID: o.ID, Name: x.Name, Machine: x.Machine, Status: string(t.Status), Error: t.Error, Cause: t.Cause, Started: t.Start, Elapsed: t.End.Sub(t.Start)}
	if t.Status == sim.Running {
		v.Elapsed = now.Sub(t.Start)
	} else {
		v.Ended = t.End
	}
	if o.Failed && o.State == "" && t.Status != sim.Succeeded {
		o.State = failedAt(t)
	}
	var order []string
	byState := map[string][]int{}
	for i, visit := range t.Visits {
		if byState[visit.State] == nil {
			order = append(order, visit.State)
		}
		byState[visit.State] = append(byState[visit.State], i)
	}
	number := map[string]int{}
	for i, state := range order {
		number[state] = i
	}
	link := o.Link
	if link == nil {
		link = func(state string) string {
			if n, ok := number[state]; ok {
				return fmt.Sprintf("#%s-s%d", o.ID, n)
			}
			return ""
		}
	}
	run := t.Run()
	if x.Definition == nil || draw.Transitions(x.Definition) > draw.MaxTransitions {
		v.TooLarge = true
	} else {
		v.Graph = template.HTML(draw.SVG(x.Definition, draw.Options{Run: run, FoldFailures: true, Link: link, Part: o.ID + "-graph", Share: o.Share}))
	}
	for i, state := range order {
		status := run[state].Status.String()
		v.Rows = append(v.Rows, row(t, state, link(state), status, byState[state], v.Elapsed, now))
		id := fmt.Sprintf("%s-s%d", o.ID, i)
		if !o.States {
			id = o.ID + "-state"
		}
		if o.States || o.State == state {
			v.States = append(v.States, o.state(t, id, state, status, byState[state], now))
		}
	}
	v.EventList = o.list("events", o.Events, o.MaxEvents, len(x.History))
	for _, e := range x.History[v.EventList.From:v.EventList.To] {
		shown := Event{e, e.Time.Sub(t.Start), ""}
		if !o.Brief {
			shown.Payload = pretty(e.Details(), o.Payload)
		}
		v.Events = append(v.Events, shown)
	}
	return v
}

// failedAt is the state at which an execution failed: the last whose error was caught, as what follows tells of it; without one, the
// last that failed. It is empty when none has.
func failedAt(t *trace.Trace) string {
	failed := ""
	for _, v := range slices.Backward(t.Visits) {
		switch {
		case v.Status == draw.CaughtError:
			return v.State
		case v.Status == draw.Failed && failed == "":
			failed = v.State
		}
	}
	return failed
}

// row is the line of a state.
func row(t *trace.Trace, state, link, status string, visits []int, whole time.Duration, now time.Time) Row {
	r := Row{State: state, Link: link, Status: status, Visits: len(visits)}
	place := func(at time.Time) float64 {
		if whole <= 0 {
			return 0
		}
		return 1000 * float64(at.Sub(t.Start)) / float64(whole)
	}
	add := func(from, to time.Time, kind string) {
		if len(r.Bars) == barsShown {
			return
		}
		x := place(from)
		r.Bars = append(r.Bars, Bar{X: fmt.Sprintf("%.1f", min(x, 998)), W: fmt.Sprintf("%.1f", max(place(to)-x, 2)), Kind: kind,
			Tip: fmt.Sprintf("%s, from %s for %s", map[string]string{"work": "working", "wait": "waiting", "stay": "in the state"}[kind],
				Duration(from.Sub(t.Start)), Duration(to.Sub(from)))})
	}
	for _, i := range visits {
		v := &t.Visits[i]
		r.Worked += v.Worked(now)
		r.Waited += v.Waited(now)
		if len(v.Spans) == 0 {
			add(v.Entered, v.End(now), "stay")
		}
		for _, s := range v.Spans {
			kind := "work"
			if s.Waiting {
				kind = "wait"
			}
			add(s.From, s.End(now), kind)
		}
	}
	return r
}

// state is what a state got and gave, as far as it is shown.
func (o Options) state(t *trace.Trace, id, name, status string, visits []int, now time.Time) State {
	s := State{ID: id, Name: name, Type: t.Visits[visits[0]].Type, Status: status}
	shown := visitsShown
	if o.Brief {
		shown = 1
	}
	s.List = o.list("visits", o.Visits, shown, len(visits))
	for _, i := range visits[s.List.From:s.List.To] {
		v := Visit{Visit: t.Visits[i], Path: t.Path(i), In: pretty(t.Visits[i].Input, o.Payload)}
		if v.HasOutput {
			v.Out = pretty(v.Output, o.Payload)
		}
		if v.Assigned != nil {
			v.Set = pretty(v.Assigned, o.Payload)
		}
		v.Same = v.HasOutput && v.Out == v.In
		if variables := t.Variables(i); variables.Len() > 0 && !o.Brief {
			v.Variables = pretty(variables, o.Payload)
		}
		v.Took = v.End(now).Sub(v.Entered)
		for _, a := range v.Attempts {
			c := Call{Attempt: a, In: pretty(a.Parameters, o.Payload), Took: a.End(now).Sub(a.Begun)}
			if a.Status == draw.Succeeded {
				c.Out = pretty(a.Output, o.Payload)
			}
			v.Calls = append(v.Calls, c)
		}
		v.ItemList = o.list("items", o.Items, itemsShown, len(v.Items))
		v.ItemRows = v.Items[v.ItemList.From:v.ItemList.To]
		s.Visits = append(s.Visits, v)
	}
	return s
}

// pretty is a value as indented JSON, at most that many bytes of it.
func pretty(value any, limit int) string {
	text := jsonvalue.Append(nil, value)
	var b bytes.Buffer
	if len(text) < 4*limit && json.Indent(&b, text, "", "  ") == nil {
		text = b.Bytes()
	}
	return Bounded(string(text), limit)
}

// Bounded is a text, or at most that many bytes of it and how many more there are.
func Bounded(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := strings.ToValidUTF8(text[:limit], "")
	return fmt.Sprintf("%s\n… and %s bytes more", cut, Count(len(text)-len(cut)))
}
