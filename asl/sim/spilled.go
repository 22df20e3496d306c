package sim

import (
	"fmt"
	"strconv"
	"time"

	"airline/asl/jsonvalue"
)

// spillEvents is how many events of an execution are gathered before they go to Options.Spill.
const spillEvents = 32

// chunk is where some of an execution's events stand in Options.Spill.
type chunk struct {
	at             int64
	length, events int
}

// spill moves the events that are in memory out of it.
func (x *Execution) spill() {
	if len(x.history) == 0 {
		return
	}
	text := append(x.clock.scratch[:0], '[')
	for i, r := range x.history {
		if i > 0 {
			text = append(text, ',')
		}
		name := ""
		if r.state != nil {
			name = r.state.name
		}
		text = append(text, '[')
		for _, n := range []int64{int64(r.id), int64(r.previous), int64(r.kind), r.at / int64(time.Second), r.at % int64(time.Second)} { // each exact as a JSON number
			text = append(strconv.AppendInt(text, n, 10), ',')
		}
		text = append(jsonvalue.AppendString(text, name), ',')
		text = append(jsonvalue.Append(text, x.event(r).Details()), ']')
	}
	text = append(text, ']')
	s := x.specially()
	s.chunks = append(s.chunks, chunk{x.options.Spill.Add(text), len(text), len(x.history)})
	clear(x.history)
	x.history, x.clock.scratch = x.history[:0], text
}

// read gives a chunk's events back. If that fails, each tells so in its details: the error is of a temporary file.
func (x *Execution) read(c chunk) []Event {
	events, err := x.decode(c)
	if err == nil {
		return events
	}
	problem := jsonvalue.NewObject(1)
	problem.Set("error", "the event cannot be read back: "+err.Error())
	events = make([]Event, c.events)
	for i := range events {
		events[i].record.extra = problem
	}
	return events
}

func (x *Execution) decode(c chunk) ([]Event, error) {
	text, err := x.options.Spill.Read(c.at, c.length, nil)
	if err != nil {
		return nil, err
	}
	value, err := jsonvalue.Decode(text)
	if err != nil {
		return nil, err
	}
	list, _ := value.([]any)
	if len(list) != c.events {
		return nil, fmt.Errorf("%d events are there, %d were kept", len(list), c.events)
	}
	events := make([]Event, len(list))
	for i, one := range list {
		fields, _ := one.([]any)
		if len(fields) != 7 {
			return nil, fmt.Errorf("event %d has %d fields", i, len(fields))
		}
		var n [5]int64
		for j := range n {
			f, _ := jsonvalue.Float(fields[j])
			n[j] = int64(f)
		}
		name, _ := fields[5].(string)
		details, ok := fields[6].(*jsonvalue.Object)
		if !ok || n[2] < 0 || n[2] >= int64(len(eventNames)) {
			return nil, fmt.Errorf("event %d is not one", i)
		}
		at := n[3]*int64(time.Second) + n[4]
		events[i] = Event{ID: int(n[0]), PreviousID: int(n[1]), Type: EventType(n[2]), Time: x.clock.start.Add(time.Duration(at)), State: name,
			record: record{id: int32(n[0]), previous: int32(n[1]), kind: EventType(n[2]), at: at, extra: details}}
	}
	return events, nil
}
