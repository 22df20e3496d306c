package sim_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"airline/asl/sim"
)

func TestClockOrder(t *testing.T) {
	clock := sim.NewClock(epoch)
	var got []string
	note := func(what string) func() {
		return func() { got = append(got, fmt.Sprintf("%s@%v", what, clock.Now().Sub(epoch))) }
	}
	clock.After(2*time.Second, note("c"))
	clock.After(time.Second, note("a"))
	clock.After(time.Second, note("b"))
	stopped := clock.After(time.Second, note("stopped"))
	clock.After(-5, note("now"))
	clock.At(epoch.Add(3*time.Second), func() { clock.After(0, note("d")) })
	if !stopped.Stop() || stopped.Stop() {
		t.Error("Stop: want true, then false")
	}
	if err := clock.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := []string{"now@0s", "a@1s", "b@1s", "c@2s", "d@3s"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if clock.Step() || clock.Pending() != 0 {
		t.Error("something is left to do")
	}
}

func TestClockRunUntil(t *testing.T) {
	clock, done := sim.NewClock(epoch), 0
	for i := range 10 {
		clock.After(time.Duration(i)*time.Minute, func() { done++ })
	}
	if err := clock.RunUntil(context.Background(), epoch.Add(4*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if done != 5 || !clock.Now().Equal(epoch.Add(4*time.Minute)) {
		t.Errorf("done %d at %v", done, clock.Now())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := clock.Run(ctx); err != context.Canceled {
		t.Errorf("a cancelled Run gives %v", err)
	}
}

// Timers fire in the order of their moment, and of scheduling within a moment,
// whatever is stopped in between.
func TestClockProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := sim.NewClock(epoch)
		type entry struct{ at, n int }
		var want, got []entry
		var timers []*sim.Timer
		delays := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 40).Draw(t, "delays")
		for n, d := range delays {
			e := entry{d, n}
			timers = append(timers, clock.After(time.Duration(d), func() { got = append(got, e) }))
			want = append(want, e)
		}
		for n := range delays {
			if rapid.Bool().Draw(t, "stop") {
				timers[n].Stop()
				want = slices.DeleteFunc(want, func(e entry) bool { return e.n == n })
			}
		}
		slices.SortStableFunc(want, func(a, b entry) int { return a.at - b.at })
		clock.Run(context.Background())
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}
