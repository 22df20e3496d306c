package wire

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"airline/local"
)

// Time is how the world's clock goes.
type Time int

const (
	// Fast lets the clock go with the wall's, and jump to the next timer whenever nothing can run. It does not jump while a task
	// waits for its token or for a worker: whoever answers lives in wall time.
	Fast Time = iota
	// Real lets the clock go with the wall's.
	Real
)

// engine lets one caller at a time use the world, which belongs to one goroutine, and drives its clock.
type engine struct {
	mu       sync.Mutex
	world    *local.World
	time     Time
	now      func() time.Time
	last     time.Time // wall time up to which the clock has followed
	changed  chan struct{}
	wake     chan struct{}
	problems []string
	leave    func() // called before the world is given back
}

func newEngine(w *local.World, t Time, now func() time.Time) *engine {
	return &engine{world: w, time: t, now: now, last: now(), changed: make(chan struct{}), wake: make(chan struct{}, 1), leave: func() {}}
}

// do runs f while nothing else uses the world.
func (e *engine) do(f func() error) error {
	e.mu.Lock()
	defer e.release()
	e.follow()
	return f()
}

// release lets others use the world, and wakes those that wait for it to change.
func (e *engine) release() {
	e.leave()
	close(e.changed)
	e.changed = make(chan struct{})
	idle := e.world.Idle()
	e.mu.Unlock()
	if idle {
		return
	}
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// await gives the world back until something about it has changed, the time is over or the caller has gone, and reports
// whether it has changed. It is called while the world is held, and holds it when it returns.
func (e *engine) await(ctx context.Context, until time.Time) bool {
	changed := e.changed
	e.leave()
	e.mu.Unlock()
	defer e.mu.Lock()
	timer := time.NewTimer(until.Sub(e.now()))
	defer timer.Stop()
	select {
	case <-changed:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// until gives the world back until something is so, or the time is over or the caller has gone.
func (e *engine) until(ctx context.Context, so func() bool, atMost time.Duration) {
	for end := e.now().Add(atMost); !so() && ctx.Err() == nil && e.now().Before(end); {
		e.await(ctx, end)
	}
}

// follow lets the clock catch up with the wall's.
func (e *engine) follow() {
	now := e.now()
	if d := now.Sub(e.last); d > 0 {
		e.last = now
		e.report(e.world.RunFor(context.Background(), d))
	}
}

func (e *engine) report(err error) {
	if err == nil {
		return
	}
	var list interface{ Unwrap() []error }
	if errors.As(err, &list) {
		for _, one := range list.Unwrap() {
			e.problems = append(e.problems, one.Error())
		}
		return
	}
	e.problems = append(e.problems, err.Error())
}

func (e *engine) problemTexts() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]string{}, e.problems...)
}

const (
	// tick is how often the clock follows the wall's when nobody calls.
	tick = 20 * time.Millisecond
	// burst is how long the world may run without letting a caller in.
	burst = 2 * time.Millisecond
)

// run drives the clock until the context is done.
func (e *engine) run(ctx context.Context) {
	timer := time.NewTicker(tick)
	defer timer.Stop()
	for ctx.Err() == nil {
		if e.advance() {
			continue
		}
		select {
		case <-ctx.Done():
		case <-e.wake:
		case <-timer.C:
		}
	}
}

// advance lets the world go on for a burst, and reports whether there is more to do at once.
func (e *engine) advance() bool {
	e.mu.Lock()
	defer func() {
		if p := recover(); p != nil {
			e.problems = append(e.problems, fmt.Sprintf("the world failed: %v", p))
		}
		e.leave()
		close(e.changed)
		e.changed = make(chan struct{})
		e.mu.Unlock()
	}()
	e.follow()
	if e.time != Fast {
		return false
	}
	for begun := time.Now(); time.Since(begun) < burst; {
		if e.world.Idle() || e.world.SFN().Waiting() > 0 { // the step before may have begun a task that waits
			return false
		}
		e.report(e.world.Step())
	}
	return true
}
