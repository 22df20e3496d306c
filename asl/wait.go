package asl

import (
	"time"

	"airline/asl/ast"
)

// WaitState waits; not yet wired. It fits both languages: the values decide.
type WaitState struct {
	described[WaitState]
	leading
}

// Wait waits for d: whole seconds, at most 99,999,999.
func Wait(name string, d time.Duration) WaitState {
	return waitOf(newWait(name).with(func(_ renderer, s *ast.State) { s.Seconds = seconds(d) }))
}

// WaitSeconds waits for the number of seconds in the data: a Ref in JSONPath.
func WaitSeconds(name string, n Value[int]) WaitState {
	return waitOf(newWait(name).with(func(r renderer, s *ast.State) {
		r.at("/Seconds", placeInput).field(n, &s.Seconds, &s.SecondsPath)
	}))
}

// WaitUntil waits until t, which is Time, or a Ref in JSONPath.
func WaitUntil(name string, t Value[time.Time]) WaitState {
	return waitOf(newWait(name).with(func(r renderer, s *ast.State) {
		r.at("/Timestamp", placeInput).field(t, &s.Timestamp, &s.TimestampPath)
	}))
}

func newWait(name string) *core {
	c := newCore(name, ast.TypeWait)
	c.neutral = true
	return c
}

func waitOf(c *core) WaitState {
	return WaitState{described[WaitState]{part[WaitState]{c, waitOf}}, leading{c}}
}

// InputPath takes a part of the input (JSONPath).
func (w WaitState) InputPath(path Reference) WaitState {
	return waitOf(w.leading.c.inputPath(path).edited(func(c *core) { c.neutral = false }))
}

// OutputPath hands only a part on (JSONPath).
func (w WaitState) OutputPath(path Reference) WaitState {
	return waitOf(w.leading.c.outputPath(path).edited(func(c *core) { c.neutral = false }))
}

// JSONata turns the state to JSONata.
func (w WaitState) JSONata() JSONataWait { return jsonataWaitOf(w.leading.c.jsonata()) }

func (w WaitState) guarded(CatchTarget) Step { return w }

// JSONataWait is a WaitState in JSONata.
type JSONataWait struct {
	described[JSONataWait]
	leading
	jsonataData[JSONataWait]
}

func jsonataWaitOf(c *core) JSONataWait {
	m := part[JSONataWait]{c, jsonataWaitOf}
	return JSONataWait{described[JSONataWait]{m}, leading{c}, jsonataData[JSONataWait]{m}}
}

func (w JSONataWait) guarded(CatchTarget) Step { return w }
