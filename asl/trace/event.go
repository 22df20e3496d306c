package trace

import (
	"strings"
	"time"

	"airline/asl/draw"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// event takes one event of the history in.
func (t *Trace) event(e sim.Event) {
	if t.Start.IsZero() {
		t.Start = e.Time
	}
	t.End = e.Time
	name := e.Type.String()
	from, ok := t.at[e.PreviousID]
	if !ok {
		from = place{visit: -1, item: -1}
	}
	switch {
	case strings.HasPrefix(name, "Execution"):
		t.execution(e, from)
		t.at[e.ID] = place{visit: -1, item: -1}
		return
	case strings.HasSuffix(name, "StateEntered"):
		t.enter(e, strings.TrimSuffix(name, "StateEntered"), from)
		return
	}
	i := t.about(e, name, from)
	if i < 0 {
		t.at[e.ID] = from
		return
	}
	here := place{visit: i, item: -1}
	v := &t.Visits[i]
	switch {
	case strings.HasPrefix(name, "MapIteration"):
		here = place{visit: i, item: v.iterate(e, strings.TrimPrefix(name, "MapIteration")), opens: name == "MapIterationStarted"}
	case e.Type == sim.ParallelStateStarted:
		here.opens = true
	case e.Type == sim.MapRunStarted:
		v.MapRun = text(e, "mapRunArn")
	case strings.HasSuffix(name, "StateExited"):
		v.exit(e)
	case strings.HasSuffix(name, "StateAborted"):
		v.Status, v.Left = draw.Canceled, e.Time
		v.close(e.Time)
	case strings.HasSuffix(name, "StateFailed"), e.Type == sim.EvaluationFailed:
		v.fail(e)
	case strings.HasPrefix(name, "MapRun"), strings.HasPrefix(name, "MapState"), strings.HasPrefix(name, "ParallelState"):
	default:
		v.attempt(e, name)
	}
	t.at[e.ID] = here
}

func (t *Trace) execution(e sim.Event, from place) {
	switch e.Type {
	case sim.ExecutionStarted:
		return
	case sim.ExecutionSucceeded:
		t.Status = sim.Succeeded
		return
	case sim.ExecutionFailed:
		t.Status = sim.Failed
	case sim.ExecutionAborted:
		t.Status = sim.Aborted
	case sim.ExecutionTimedOut:
		t.Status = sim.TimedOut
	}
	t.Error = text(e, "error")
	t.Cause = text(e, "cause")
	if t.Status != sim.Failed || from.visit < 0 {
		return
	}
	for i := from.visit; i >= 0; i = t.Visits[i].Parent {
		v := &t.Visits[i]
		if v.Status == draw.InProgress || v.Status == draw.Failed && v.Parent < 0 {
			v.Status = draw.Failed
			if v.Error == "" && v.Cause == "" {
				v.Error, v.Cause = t.Error, t.Cause
			}
		}
	}
}

// enter begins a visit.
func (t *Trace) enter(e sim.Event, kind string, from place) {
	v := Visit{State: e.State, Type: kind, Status: draw.InProgress, Parent: -1, Item: -1, Before: from.visit, Event: e.ID, Entered: e.Time}
	switch {
	case from.opens:
		v.Parent, v.Item = from.visit, from.item
	case from.visit >= 0:
		v.Parent, v.Item = t.Visits[from.visit].Parent, t.Visits[from.visit].Item
	}
	v.Input, _ = e.Details().Get("input")
	switch e.Type {
	case sim.FailStateEntered:
		v.Status = draw.Failed
	case sim.WaitStateEntered:
		v.span(e.Time, true)
	}
	i := len(t.Visits)
	t.Visits = append(t.Visits, v)
	t.open[v.State] = append(t.open[v.State], i)
	t.at[e.ID] = place{visit: i, item: -1}
}

// about finds the visit that an event is about: on the way that led to it, or, for what was broken off by something elsewhere,
// the first of the state that is still under way.
func (t *Trace) about(e sim.Event, name string, from place) int {
	if !strings.HasSuffix(name, "Aborted") {
		for i := from.visit; i >= 0; i = t.Visits[i].Parent {
			if t.Visits[i].State == e.State {
				return i
			}
		}
	}
	// Those that have ended are forgotten on the way, so that many are not looked through again and again.
	list := t.open[e.State]
	for len(list) > 0 && !t.Visits[list[0]].Left.IsZero() {
		list = list[1:]
	}
	t.open[e.State] = list
	for _, i := range list {
		if v := &t.Visits[i]; v.Left.IsZero() && v.Status == draw.InProgress {
			return i
		}
	}
	return -1
}

// iterate takes an event of one of a Map's items in, and gives the item's index.
func (v *Visit) iterate(e sim.Event, what string) int {
	number, _ := e.Details().Get("index")
	f, _ := number.(float64)
	index := int(f)
	if what == "Started" {
		v.Items = append(v.Items, Item{Index: index, Status: draw.InProgress, Begun: e.Time})
		return index
	}
	status := map[string]draw.Status{"Succeeded": draw.Succeeded, "Failed": draw.Failed, "Aborted": draw.Canceled}[what]
	for i := len(v.Items) - 1; i >= 0; i-- {
		if item := &v.Items[i]; item.Index == index && item.End.IsZero() {
			item.Status, item.End = status, e.Time
			break
		}
	}
	return index
}

func (v *Visit) exit(e sim.Event) {
	v.Left = e.Time
	v.close(e.Time)
	v.Output, v.HasOutput = e.Details().Get("output")
	if variables, ok := e.Details().Get("assignedVariables"); ok {
		v.Assigned, _ = variables.(*jsonvalue.Object)
	}
	if v.Status == draw.Failed {
		v.Status = draw.CaughtError
	} else {
		v.Status = draw.Succeeded
	}
}

func (v *Visit) fail(e sim.Event) {
	v.Status = draw.Failed
	v.Error = text(e, "error")
	v.Cause = text(e, "cause")
}

// attempt takes an event of a task's call in.
func (v *Visit) attempt(e sim.Event, name string) {
	n := len(v.Attempts)
	if strings.HasSuffix(name, "Scheduled") {
		a := Attempt{Begun: e.Time, Status: draw.InProgress}
		details := e.Details()
		for _, member := range []string{"parameters", "input"} {
			if value, ok := details.Get(member); ok {
				a.Parameters = value
			}
		}
		v.Status = draw.InProgress
		v.Attempts = append(v.Attempts, a)
		v.span(e.Time, e.Type == sim.ActivityScheduled)
		return
	}
	if n == 0 {
		return
	}
	a := &v.Attempts[n-1]
	switch {
	case strings.HasSuffix(name, "Started"):
		v.span(e.Time, false)
	case e.Type == sim.TaskSubmitted:
		if strings.HasSuffix(text(e, "resource"), ".waitForTaskToken") {
			v.span(e.Time, true)
		}
	case strings.HasSuffix(name, "Succeeded"):
		a.Status, a.Ended = draw.Succeeded, e.Time
		a.Output, _ = e.Details().Get("output")
		v.close(e.Time)
	case strings.HasSuffix(name, "Failed"), strings.HasSuffix(name, "TimedOut"):
		v.fail(e)
		a.Status, a.Ended, a.Error, a.Cause = draw.Failed, e.Time, v.Error, v.Cause
		v.span(e.Time, true) // until the next attempt, if there is one
	}
}

// span begins a span and ends the one before.
func (v *Visit) span(at time.Time, waiting bool) {
	if n := len(v.Spans); n > 0 && v.Spans[n-1].To.IsZero() && v.Spans[n-1].Waiting == waiting {
		return
	}
	v.close(at)
	v.Spans = append(v.Spans, Span{From: at, Waiting: waiting})
}

// close ends the last span; one without length is none.
func (v *Visit) close(at time.Time) {
	n := len(v.Spans)
	if n == 0 || !v.Spans[n-1].To.IsZero() {
		return
	}
	if v.Spans[n-1].From.Equal(at) {
		v.Spans = v.Spans[:n-1]
		return
	}
	v.Spans[n-1].To = at
}

// text is a member of an event's details that is a text; "" for anything else.
func text(e sim.Event, name string) string {
	value, _ := e.Details().Get(name)
	s, _ := value.(string)
	return s
}
