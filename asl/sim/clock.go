package sim

import (
	"context"
	"math"
	"slices"
	"time"

	"airline/asl/intrinsic"
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
	queue  []due // due now, in order; queue[head:] is still to be done
	head   int
	timers []entry // a heap by moment and order, four children a node; the first is not stopped

	stopped int    // timers in the heap that have been stopped
	done    uint64 // things that were done

	roots      roots // of the path that is being evaluated
	intrinsics intrinsic.Env
	scratch    []byte // for events that are spilled
}

// due is something to do at once.
type due struct {
	seq uint64
	f   func()
	x   *Execution // to begin, without an f of its own
}

// entry is a timer with what orders it beside it, so that neither comparing nor
// moving has to follow the pointer. It is stale when the timer's seq is another.
type entry struct {
	when  int64
	seq   uint64
	timer *Timer
}

// NewClock returns a clock that stands at start.
func NewClock(start time.Time) *Clock { return &Clock{start: start} }

// Now is the virtual time.
func (c *Clock) Now() time.Time { return c.start.Add(time.Duration(c.now)) }

// Pending is the number of things that are still to be done.
func (c *Clock) Pending() int { return len(c.queue) - c.head + len(c.timers) - c.stopped }

// Done is the number of things that were done so far. Two runs of the same program are equally far when Done and Scheduled are the same.
func (c *Clock) Done() uint64 { return c.done }

// Elapsed is how far the clock has gone since it began.
func (c *Clock) Elapsed() time.Duration { return time.Duration(c.now) }

// Scheduled is the number of things that were scheduled so far, done or not.
func (c *Clock) Scheduled() uint64 { return c.seq }

// A Timer is something scheduled.
type Timer struct {
	clock *Clock
	seq   uint64 // of its entry in the heap; 0 when done or stopped
	f     func()

	thread *thread // to wake, without an f of its own
	wake   wake
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
	when := c.now
	if d > 0 {
		if when += int64(d); when < c.now {
			when = math.MaxInt64
		}
	}
	c.timers = append(c.timers, entry{when, c.seq, t})
	t.seq = c.seq
	c.up(len(c.timers) - 1)
}

// begin schedules the beginning of an execution for now.
func (c *Clock) begin(x *Execution) {
	c.seq++
	c.queue = append(c.queue, due{seq: c.seq, x: x})
}

// Stop takes the timer back, and reports whether it did: false means that its
// function has been called, or that it was stopped before.
func (t *Timer) Stop() bool {
	if t == nil || t.seq == 0 {
		return false
	}
	t.seq = 0
	t.clock.stopped++
	t.clock.prune()
	return true
}

// Step does the next thing, having moved the time to its moment. It reports
// false when there is nothing to do.
func (c *Clock) Step() bool {
	if c.head < len(c.queue) && !(len(c.timers) > 0 && c.timers[0].when <= c.now && c.timers[0].seq < c.queue[c.head].seq) {
		c.done++
		next := c.queue[c.head]
		c.queue[c.head] = due{}
		if c.head++; c.head == len(c.queue) {
			c.queue, c.head = c.queue[:0], 0
		} else if c.head >= 1024 && c.head*2 >= len(c.queue) {
			n := copy(c.queue, c.queue[c.head:])
			clear(c.queue[n:])
			c.queue, c.head = c.queue[:n], 0
		}
		if next.x != nil {
			next.x.begin()
		} else {
			next.f()
		}
		return true
	}
	if len(c.timers) == 0 {
		return false
	}
	c.done++
	next := c.timers[0]
	next.timer.seq = 0
	c.pop()
	c.prune()
	c.now = max(c.now, next.when)
	if th := next.timer.thread; th != nil {
		th.exec.wake(th, next.timer.wake)
	} else {
		next.timer.f()
	}
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

func (a *entry) before(b *entry) bool {
	return a.when < b.when || a.when == b.when && a.seq < b.seq
}

func (e *entry) stopped() bool { return e.timer.seq != e.seq }

// up moves the entry at i towards the root to where it belongs.
func (c *Clock) up(i int) {
	e := c.timers[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(&c.timers[parent]) {
			break
		}
		c.timers[i] = c.timers[parent]
		i = parent
	}
	c.timers[i] = e
}

// down moves the entry at i away from the root to where it belongs.
func (c *Clock) down(i int) {
	e := c.timers[i]
	for {
		first := 4*i + 1
		if first >= len(c.timers) {
			break
		}
		least := first
		for child := first + 1; child < min(first+4, len(c.timers)); child++ {
			if c.timers[child].before(&c.timers[least]) {
				least = child
			}
		}
		if !c.timers[least].before(&e) {
			break
		}
		c.timers[i] = c.timers[least]
		i = least
	}
	c.timers[i] = e
}

// pop drops the first entry.
func (c *Clock) pop() {
	last := len(c.timers) - 1
	c.timers[0], c.timers[last] = c.timers[last], entry{}
	if c.timers = c.timers[:last]; last > 0 {
		c.down(0)
	}
}

// prune drops stopped timers at the front, and all of them once they are most of
// the heap.
func (c *Clock) prune() {
	if c.stopped > 64 && c.stopped > len(c.timers)/2 {
		kept := slices.DeleteFunc(c.timers, func(e entry) bool { return e.stopped() })
		c.timers, c.stopped = kept, 0
		for i := (len(kept) - 2) / 4; i >= 0 && len(kept) > 1; i-- {
			c.down(i)
		}
		return
	}
	for c.stopped > 0 && c.timers[0].stopped() {
		c.pop()
		c.stopped--
	}
}
