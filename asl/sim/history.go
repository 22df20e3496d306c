package sim

import (
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// An Event is one entry of an execution's history.
type Event struct {
	ID         int // from 1
	PreviousID int // 0 for the first two
	Type       EventType
	Time       time.Time
	State      string // name of the state that it is about; "" for those of the execution
	record     record
}

// record is an event as it is kept: small, and made readable only when asked
// for. What value and extra hold depends on the kind.
type record struct {
	id, previous int32
	kind         EventType
	at           int64 // nanoseconds of the clock
	state        *state
	value        any // a JSON value, or a *fault
	extra        any // *assigned, iteration, *Task, a string, or of an event that was read back all its details as an object
}

// assigned is the extra of an Exited event: the variables it set.
type assigned struct {
	names  []string
	values []any
}

// iteration is the extra of the MapIteration events: the index.
type iteration int

// record adds an event to the execution's history and makes it the thread's
// latest. previous is the event it follows.
func (x *Execution) record(kind EventType, previous int, state *state, value, extra any) int {
	x.events++
	if !x.options.History && x.options.OnEvent == nil {
		return x.events
	}
	r := record{int32(x.events), int32(previous), kind, x.clock.now, state, value, extra}
	if x.options.History {
		if x.options.Spill != nil && len(x.history) >= spillEvents {
			x.spill()
		}
		x.history = append(x.history, r)
	}
	if x.options.OnEvent != nil {
		x.options.OnEvent(x.event(r))
	}
	return x.events
}

func (x *Execution) event(r record) Event {
	e := Event{ID: int(r.id), PreviousID: int(r.previous), Type: r.kind,
		Time: x.clock.start.Add(time.Duration(r.at)), record: r}
	if r.state != nil {
		e.State = r.state.name
	}
	return e
}

// History lists the events so far, if Options.History asked for them.
func (x *Execution) History() []Event {
	events := make([]Event, 0, x.events)
	if x.special != nil {
		for _, c := range x.special.chunks {
			events = append(events, x.read(c)...)
		}
	}
	for _, r := range x.history {
		events = append(events, x.event(r))
	}
	return events
}

// Details are the event's details as AWS gives them, save that JSON texts
// (input, output, parameters, assigned variables) are values and not strings,
// and that the hints about truncation (inputDetails and the like) are left out.
func (e Event) Details() *jsonvalue.Object {
	if whole, ok := e.record.extra.(*jsonvalue.Object); ok {
		return whole
	}
	o := jsonvalue.NewObject(4)
	r := &e.record
	if f, ok := r.value.(*fault); ok && f != nil {
		if f.hasName {
			o.Set("error", f.name)
		}
		if f.hasCause {
			o.Set("cause", f.cause)
		}
	}
	switch extra := r.extra.(type) {
	case iteration:
		o.Set("name", r.state.name)
		o.Set("index", jsonvalue.Box(float64(extra)))
	case *Task:
		extra.details(o, r.kind)
	case *assigned:
		if extra != nil {
			variables := jsonvalue.NewObject(len(extra.names))
			for i, name := range extra.names {
				variables.Set(name, extra.values[i])
			}
			o.Set("assignedVariables", variables)
		}
	}
	switch name := r.kind.String(); {
	case strings.HasSuffix(name, "StateEntered"):
		o.Set("name", r.state.name)
		o.Set("input", r.value)
	case strings.HasSuffix(name, "StateExited"):
		o.Set("name", r.state.name)
		o.Set("output", r.value)
	}
	switch r.kind {
	case ExecutionStarted:
		o.Set("input", r.value)
		if role, _ := r.extra.(string); role != "" {
			o.Set("roleArn", role)
		}
	case ExecutionSucceeded, TaskSubmitted, TaskSucceeded, ActivitySucceeded, LambdaFunctionSucceeded:
		o.Set("output", r.value)
	case LambdaFunctionScheduled, ActivityScheduled:
		o.Set("input", r.value)
	case TaskScheduled:
		o.Set("parameters", r.value)
	case ActivityStarted:
		if r.value != "" {
			o.Set("workerName", r.value)
		}
	case ExecutionRedriven:
		o.Set("redriveCount", jsonvalue.Box(float64(r.value.(int))))
	case MapStateStarted:
		o.Set("length", r.value)
	case MapRunStarted:
		o.Set("mapRunArn", r.value)
	case EvaluationFailed:
		o.Set("state", r.state.name)
		if f := r.value.(*fault); f.location != "" {
			o.Set("location", f.location)
		}
	}
	return o
}

// texts are the members of the details that hold JSON as text.
var texts = map[string]string{"input": "inputDetails", "output": "outputDetails", "parameters": ""}

// JSON is the event as the API's GetExecutionHistory answers it: payloads are
// texts, the time is in seconds since 1970.
func (e Event) JSON() *jsonvalue.Object {
	o := jsonvalue.NewObject(5)
	o.Set("timestamp", float64(e.Time.UnixMilli())/1000)
	o.Set("type", e.Type.String())
	o.Set("id", float64(e.ID))
	o.Set("previousEventId", float64(e.PreviousID))
	plain := e.Details()
	if plain.Len() == 0 {
		return o
	}
	whole := jsonvalue.NewObject(1)
	whole.Set("truncated", false)
	details := jsonvalue.NewObject(plain.Len() + 1)
	for name, value := range plain.All() {
		hint, isText := texts[name]
		switch {
		case name == "assignedVariables":
			variables := jsonvalue.NewObject(0)
			for variable, content := range value.(*jsonvalue.Object).All() {
				variables.Set(variable, jsonvalue.String(content))
			}
			details.Set(name, variables)
			details.Set("assignedVariablesDetails", whole)
			continue
		case isText:
			value = jsonvalue.String(value)
		}
		details.Set(name, value)
		if hint != "" {
			details.Set(hint, whole)
		}
	}
	o.Set(e.Type.detailsName(), details)
	return o
}
