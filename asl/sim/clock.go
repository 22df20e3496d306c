package sim

import (
	"context"
	"math"
	"time"
)

// A Clock is virtual time: a list of things to do, each at its moment. Nothing
// sleeps; the clock jumps from one moment to the next. What is due at the same
// moment happens in the order in which it was scheduled, so a run is the same
// every time.
//
// A Clock and everything scheduled on it belong to one goroutine.
type Clock struct {
	start  time.Time
	now    int64 // nanoseconds since start
	seq    uint64
	queue  []due    // due now, in order; queue[head:] is still to be done
	head   int      //
	timers []*Timer // a heap by moment and order
}

// due is something to do at once.
type due struct {
	seq uint64
	f   func()
}

// NewClock returns a clock that stands at start.
func NewClock(start time.Time) *Clock { return &Clock{start: start} }

// Now is the virtual time.
func (c *Clock) Now() time.Time { return c.start.Add(time.Duration(c.now)) }

// Pending is the number of things that are still to be done.
func (c *Clock) Pending() int { return len(c.queue) - c.head + len(c.timers) }

// A Timer is something scheduled.
type Timer struct {
	clock *Clock
	when  int64
	seq   uint64
	index int // in the heap; -1 when done or stopped
	f     func()
}

// After schedules f to be called when d has passed; a d of zero or less means as
// soon as the current call has returned, after what was scheduled before.
func (c *Clock) After(d time.Duration, f func()) *Timer {
	t := &Timer{clock: c, f: f}
	c.schedule(t, d)
	return t
}

// At schedules f at a moment; one that has passed is treated like now.
func (c *Clock) At(moment time.Time, f func()) *Timer { return c.After(moment.Sub(c.Now()), f) }

func (c *Clock) schedule(t *Timer, d time.Duration) {
	c.seq++
	t.seq, t.when = c.seq, c.now
	if d > 0 {
		if t.when = c.now + int64(d); t.when < c.now {
			t.when = math.MaxInt64
		}
	}
	t.index = len(c.timers)
	c.timers = append(c.timers, t)
	c.up(t.index)
}

// soon schedules f for now without a Timer, and so without a way to stop it.
func (c *Clock) soon(f func()) {
	c.seq++
	c.queue = append(c.queue, due{c.seq, f})
}

// Stop takes the timer back, and reports whether it did: false means that its
// function has been called, or that it was stopped before.
func (t *Timer) Stop() bool {
	if t == nil || t.index < 0 {
		return false
	}
	t.clock.remove(t)
	return true
}

// Step does the next thing, having moved the time to its moment. It reports
// false when there is nothing to do.
func (c *Clock) Step() bool {
	if c.head < len(c.queue) && !(len(c.timers) > 0 && c.timers[0].when <= c.now && c.timers[0].seq < c.queue[c.head].seq) {
		next := c.queue[c.head]
		c.queue[c.head] = due{}
		if c.head++; c.head == len(c.queue) {
			c.queue, c.head = c.queue[:0], 0
		} else if c.head >= 1024 && c.head*2 >= len(c.queue) {
			n := copy(c.queue, c.queue[c.head:])
			clear(c.queue[n:])
			c.queue, c.head = c.queue[:n], 0
		}
		next.f()
		return true
	}
	if len(c.timers) == 0 {
		return false
	}
	next := c.timers[0]
	c.remove(next)
	if next.when > c.now {
		c.now = next.when
	}
	next.f()
	return true
}

// Run does everything that is scheduled, and what that schedules, until nothing
// is left or ctx is done, whose error it then returns.
func (c *Clock) Run(ctx context.Context) error {
	for n := 0; ; n++ {
		if n&0xFF == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if !c.Step() {
			return nil
		}
	}
}

// RunUntil does everything that is due before moment or at it, and leaves the
// clock standing at moment.
func (c *Clock) RunUntil(ctx context.Context, moment time.Time) error {
	limit := int64(moment.Sub(c.start))
	for n := 0; c.head < len(c.queue) || len(c.timers) > 0 && c.timers[0].when <= limit; n++ {
		if n&0xFF == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		c.Step()
	}
	c.now = max(c.now, limit)
	return nil
}

func (c *Clock) less(i, j int) bool {
	a, b := c.timers[i], c.timers[j]
	return a.when < b.when || a.when == b.when && a.seq < b.seq
}

func (c *Clock) swap(i, j int) {
	c.timers[i], c.timers[j] = c.timers[j], c.timers[i]
	c.timers[i].index, c.timers[j].index = i, j
}

func (c *Clock) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !c.less(i, parent) {
			return
		}
		c.swap(i, parent)
		i = parent
	}
}

func (c *Clock) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(c.timers) {
			return
		}
		if child+1 < len(c.timers) && c.less(child+1, child) {
			child++
		}
		if !c.less(child, i) {
			return
		}
		c.swap(i, child)
		i = child
	}
}

func (c *Clock) remove(t *Timer) {
	i, last := t.index, len(c.timers)-1
	c.swap(i, last)
	c.timers[last] = nil
	c.timers = c.timers[:last]
	if i < last {
		c.up(i)
		c.down(i)
	}
	t.index = -1
}
