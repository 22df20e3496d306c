package sim

import (
	"strings"
	"time"

	"airline/asl/jsonvalue"
)

// AWS writes the moments of the context object with milliseconds.
const contextTime = "2006-01-02T15:04:05.000Z07:00"

// context makes the context object, $$, as the thread sees it now.
func (th *thread) context() *jsonvalue.Object {
	x := th.exec
	if t := x.test(); t != nil && t.Context != nil {
		return t.Context
	}
	o := jsonvalue.NewObject(5)
	if x.contextual == nil {
		x.contextual = x.describe()
	}
	for name, part := range x.contextual.All() {
		o.Set(name, part)
	}
	state := jsonvalue.NewObject(3)
	state.Set("Name", th.state.name)
	state.Set("EnteredTime", x.clock.start.Add(time.Duration(th.enteredAt)).UTC().Format(contextTime))
	if k := th.state.kind; k == kindTask || k == kindMap || k == kindParallel {
		state.Set("RetryCount", jsonvalue.Box(float64(th.retries())))
	}
	o.Set("State", state)
	if item, ok := th.currentItem(); ok {
		o.Set("Map", item.context(!x.before(itemsSourced)))
	}
	if t := th.state.task; t != nil && t.pattern != "" && th.rare().token == "" {
		th.visit.token = x.id()
	}
	if v := th.visit; v != nil && v.token != "" {
		task := jsonvalue.NewObject(1)
		task.Set("Token", v.token)
		o.Set("Task", task)
	}
	return o
}

// describe makes the parts of the context object that stay the same.
func (x *Execution) describe() *jsonvalue.Object {
	execution := jsonvalue.NewObject(6)
	execution.Set("Id", x.ARN())
	execution.Set("Input", x.input)
	execution.Set("StartTime", x.StartTime().UTC().Format(contextTime))
	execution.Set("Name", x.Name())
	role := x.options.RoleARN
	if role == "" {
		parts := strings.Split(x.StateMachineARN(), ":")
		role = "arn:aws:iam::" + parts[min(4, len(parts)-1)] + ":role/StateMachine"
	}
	execution.Set("RoleArn", role)
	if !x.before(redriveCounted) && x.test() == nil {
		n, at := x.Redrives()
		execution.Set("RedriveCount", jsonvalue.Box(float64(n)))
		if n > 0 {
			execution.Set("RedriveTime", at.UTC().Format(contextTime))
		}
	}
	machine := jsonvalue.NewObject(2)
	arn := x.StateMachineARN()
	machine.Set("Id", arn)
	machine.Set("Name", arn[strings.LastIndexByte(arn, ':')+1:])
	o := jsonvalue.NewObject(2)
	o.Set("Execution", execution)
	o.Set("StateMachine", machine)
	return o
}

// mapItem is the item that a Map iteration works on.
type mapItem struct {
	index  int
	value  any
	key    string // of an object's member
	keyed  bool
	source string
}

// context is the item in the context object; sourced tells whether with its source.
func (m mapItem) context(sourced bool) *jsonvalue.Object {
	item := jsonvalue.NewObject(4)
	item.Set("Index", jsonvalue.Box(float64(m.index)))
	item.Set("Value", m.value)
	if m.keyed {
		item.Set("Key", m.key)
	}
	if sourced {
		item.Set("Source", m.source)
	}
	o := jsonvalue.NewObject(1)
	o.Set("Item", item)
	return o
}

// currentItem is the item of the innermost Map iteration around the thread.
func (th *thread) currentItem() (item mapItem, ok bool) {
	if th.visit != nil && th.visit.selects {
		return th.visit.selecting, true
	}
	for t := th; t != nil; t = t.outer() {
		if t.owner != nil && t.owner.source != nil {
			return t.owner.source.at(t.index), true
		}
	}
	if r := th.exec.parent; r != nil && r.source != nil {
		return r.source.at(int(th.exec.index)), true
	}
	return mapItem{}, false
}
