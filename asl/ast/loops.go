package ast

import (
	"strconv"
	"strings"
)

// Loop is a cycle of states: each can be reached from each of the others.
type Loop struct {
	// Location is the JSON pointer of the loop's first state in the order of the definition.
	Location string
	// States are the loop's states in that order.
	States []string
	// Bounded tells that a Choice in the loop leaves it by a count or a time. A loop without one ends when something
	// outside changes, or when the machine's time or history is over.
	Bounded bool
}

// Loops are the cycles of the definition and of those nested in its states.
func (d *Definition) Loops() []Loop { return loopsOf(d, "") }

func loopsOf(d *Definition, at string) []Loop {
	g := graphOf(d)
	var out []Loop
	for _, component := range g.cycles() {
		in := make(map[int]bool, len(component))
		for _, i := range component {
			in[i] = true
		}
		loop := Loop{Bounded: g.bounded(component, in, advances)}
		for i, s := range d.States {
			if !in[i] {
				continue
			}
			if loop.Location == "" {
				loop.Location = Pointer(at+"/States", s.Name)
			}
			loop.States = append(loop.States, s.Name)
		}
		out = append(out, loop)
	}
	for _, s := range d.States {
		location := Pointer(at+"/States", s.Name)
		for i, b := range s.Branches {
			out = append(out, loopsOf(b, Pointer(location+"/Branches", strconv.Itoa(i)))...)
		}
		if s.ItemProcessor != nil {
			out = append(out, loopsOf(s.ItemProcessor, location+"/ItemProcessor")...)
		} else if s.Iterator != nil {
			out = append(out, loopsOf(s.Iterator, location+"/Iterator")...)
		}
	}
	return out
}

// enteredTime is the one time of the context object that goes on while an execution lasts.
const enteredTime = "$$.State.EnteredTime"

// advances tells whether a rule compares what grows with every round: a number, or the time now. That one result of a task is
// later than another, or than the execution's beginning, says nothing about when the loop is over.
func advances(r *Rule) bool {
	op := string(r.Operator)
	if strings.HasPrefix(op, "Numeric") {
		return true
	}
	if strings.HasPrefix(op, "Timestamp") {
		operand, _ := r.Operand.(string)
		return r.Variable == enteredTime || operand == enteredTime
	}
	if r.Condition.IsSet() {
		text, _ := r.Condition.Text()
		return strings.ContainsAny(text, "<>")
	}
	for _, inner := range append(append([]*Rule{}, r.And...), r.Or...) {
		if advances(inner) {
			return true
		}
	}
	return r.Not != nil && advances(r.Not)
}
