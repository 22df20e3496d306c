package asl

import (
	"time"

	"airline/asl/ast"
)

// WaitState waits; not yet wired. It fits both languages: the values decide.
type WaitState struct{ c core }

// Wait waits for d: whole seconds, at most 99,999,999.
func Wait(name string, d time.Duration) WaitState {
	c := newWait(name)
	c.state.Seconds = seconds(d)
	return WaitState{c}
}

// WaitSeconds waits for the number of seconds in the data: a Ref in JSONPath.
func WaitSeconds(name string, n Value[int]) WaitState {
	return WaitState{newWait(name).with(func(r renderer, s *ast.State) {
		r.at("/Seconds", placeInput).field(n, &s.Seconds, &s.SecondsPath)
	})}
}

// WaitUntil waits until t, which is Time, or a Ref in JSONPath.
func WaitUntil(name string, t Value[time.Time]) WaitState {
	return WaitState{newWait(name).with(func(r renderer, s *ast.State) {
		r.at("/Timestamp", placeInput).field(t, &s.Timestamp, &s.TimestampPath)
	})}
}

func newWait(name string) core {
	c := newCore(name, ast.TypeWait)
	c.neutral = true
	return c
}

// Comment is for the readers of the definition.
func (w WaitState) Comment(text string) WaitState {
	w.c.state.Comment = text
	return w
}

// Assign sets variables; see Let. $ is the input here.
func (w WaitState) Assign(list ...Assignment) WaitState {
	w.c = w.c.assigning(list...)
	return w
}

// InputPath takes a part of the input (JSONPath).
func (w WaitState) InputPath(path Reference) WaitState {
	w.c = w.c.inputPath(path)
	w.c.neutral = false
	return w
}

// OutputPath hands only a part on (JSONPath).
func (w WaitState) OutputPath(path Reference) WaitState {
	w.c = w.c.outputPath(path)
	w.c.neutral = false
	return w
}

// JSONata turns the state to JSONata.
func (w WaitState) JSONata() JSONataWait {
	w.c.neutral = false
	return JSONataWait{w.c.jsonata()}
}

// Then leads on to the target.
func (w WaitState) Then(to Target) Wired { return w.c.wire(to) }

// End ends the machine, or the branch, after the wait.
func (w WaitState) End() Wired { return w.c.wire(nil) }

func (w WaitState) wire(to Target) Wired     { return w.c.wire(to) }
func (w WaitState) guarded(CatchTarget) Step { return w }

// JSONataWait is a WaitState in JSONata.
type JSONataWait struct{ c core }

// Output is what the state hands on.
func (w JSONataWait) Output(document any) JSONataWait {
	w.c = w.c.output(document)
	return w
}

// Assign sets variables; see Let.
func (w JSONataWait) Assign(list ...Assignment) JSONataWait {
	w.c = w.c.assigning(list...)
	return w
}

// Then leads on to the target.
func (w JSONataWait) Then(to Target) Wired { return w.c.wire(to) }

// End ends the machine, or the branch, after the wait.
func (w JSONataWait) End() Wired { return w.c.wire(nil) }

func (w JSONataWait) wire(to Target) Wired     { return w.c.wire(to) }
func (w JSONataWait) guarded(CatchTarget) Step { return w }
