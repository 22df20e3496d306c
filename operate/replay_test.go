package operate_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"airline/local/wire"
	"airline/operate"
)

// Two people who load a file again at the same time start one load, and one who comes when it has just succeeded starts none.
func TestTwoReplaysAreOne(t *testing.T) {
	for name, pace := range map[string]wire.Time{"while it runs": wire.Real, "when it has succeeded": wire.Fast} {
		t.Run(name, func(t *testing.T) {
			s := serveIn(t, pace, nil).history()
			o := s.session("replay")
			before := len(s.executions())
			plan, err := o.PlanReplay(t.Context(), []string{dayKey}, true)
			if err != nil {
				t.Fatal(err)
			}
			var started [2]operate.Started
			var errs [2]error
			var both sync.WaitGroup
			for i := range started {
				both.Go(func() { started[i], errs[i] = o.Start(t.Context(), plan[0]) })
			}
			both.Wait()
			if err := errors.Join(errs[:]...); err != nil {
				t.Fatal(err)
			}
			if started[0].Execution != started[1].Execution {
				t.Errorf("started %s and %s", started[0].Execution, started[1].Execution)
			}
			if n := len(s.executions()) - before; n != 1 {
				t.Errorf("%d loads, want 1", n)
			}
		})
	}
}

// A file that fails again and again can be loaded again as often.
func TestReplayAfterFailures(t *testing.T) {
	s := serve(t, nil).history()
	o := s.session("replay")
	seen := map[string]bool{}
	for range 3 {
		plan, err := o.PlanReplay(t.Context(), []string{badKey}, false)
		if err != nil {
			t.Fatal(err)
		}
		started, err := o.Start(t.Context(), plan[0])
		if err != nil || started.Already || seen[started.Execution] {
			t.Fatalf("started %+v, %v", started, err)
		}
		seen[started.Execution] = true
		s.settle()
	}
	if f := s.state(badKey); f.State != operate.Failed || !seen[f.Execution.ARN] {
		t.Errorf("it is %s by %+v", f.State, f.Execution)
	}
}

// A file that is being loaded is told as such, is not loaded again, and is not taken out.
func TestAFileBeingLoaded(t *testing.T) {
	s := serveIn(t, wire.Real, nil).history()
	s.hold()
	if f := s.state(heldKey); f.State != operate.Running || f.Execution == nil {
		t.Errorf("it is %s by %v", f.State, f.Execution)
	}
	o := s.session("replay")
	plan, err := o.PlanReplay(t.Context(), []string{heldKey}, true)
	if err != nil || !strings.Contains(plan[0].Skip, "it is being loaded") {
		t.Errorf("planned %+v, %v", plan, err)
	}
	if _, err := o.PlanRetire(t.Context(), heldKey); err == nil {
		t.Error("it can be taken out")
	}
	if _, err := o.Rejects(t.Context(), heldKey); err == nil || !strings.Contains(err.Error(), "is being loaded") {
		t.Errorf("its rejects: %v", err)
	}
}

// A watch of a file ends with its load.
func TestWatch(t *testing.T) {
	s := serveIn(t, wire.Real, nil).history()
	s.hold()
	o := s.session("watch")
	var told []operate.News
	begun, done := make(chan struct{}), make(chan error, 1)
	var ok bool
	go func() {
		var err error
		ok, err = o.Watch(t.Context(), heldKey, 10*time.Millisecond, func(n operate.News) error {
			if told = append(told, n); len(told) == 1 {
				close(begun)
			}
			return nil
		})
		done <- err
	}()
	<-begun
	s.settle()
	if err := <-done; err != nil || !ok {
		t.Fatalf("ended with %v, %v", ok, err)
	}
	first, last := told[0], told[len(told)-1]
	if !slices.Contains([]string{"IsList", "Begin", "IsData"}, first.What) || last.What != "SUCCEEDED" || !last.Ended || last.Keys[0] != heldKey {
		t.Errorf("told %+v ... %+v", first, last)
	}
	if _, err := o.Watch(t.Context(), heldKey, time.Millisecond, nil); err == nil || !strings.Contains(err.Error(), "is not being loaded: it is loaded") {
		t.Errorf("afterwards: %v", err)
	}
}

// Rows that have left do not come back with a load that saw the object before.
func TestRetire(t *testing.T) {
	s := serve(t, nil).history()
	o := s.session("retire")
	r, err := o.PlanRetire(t.Context(), halfBadKey)
	if err != nil || r.Rows != 2 {
		t.Fatalf("planned %+v, %v", r, err)
	}
	if rows, err := o.Retire(t.Context(), r); err != nil || rows != 2 {
		t.Errorf("%d rows have left, %v", rows, err)
	}
	if _, err := o.Retire(t.Context(), r); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("a second time: %v", err)
	}
	if f := s.state(halfBadKey); f.State != operate.Retired {
		t.Errorf("it is %s", f.State)
	}
	s.put(halfBadKey, flightsFile) // a new version is loaded as ever
	if f := s.state(halfBadKey); f.State != operate.Loaded || f.Ledger.RowsLoaded != 2 {
		t.Errorf("it is %s, %+v", f.State, f.Ledger)
	}
	if _, err := o.Retire(t.Context(), r); err == nil {
		t.Error("the version before was taken out of what has replaced it")
	}
}

// The ids and folders that are computed here are those of the machines, whatever a key is like.
func TestIdentities(t *testing.T) {
	s := serve(t, nil)
	s.put(airportsKey, airportsFile)
	key := "daily-flights/date=2024-01-01/\"odd\" & <ü> \u2028 'name'+%.csv"
	s.put(key, halfBad)
	r, err := s.session("rejects").Rejects(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if r.Manifest.Source.Key != key || r.Manifest.RowsRejected != 1 {
		t.Errorf("got %+v", r.Manifest)
	}
	story, err := s.session("file").Story(t.Context(), key)
	if err != nil || len(story.Loads) != 1 || story.Loads[0].Manifest == nil || story.Loads[0].JobRun == "" || len(story.Loads[0].Statements) == 0 || len(story.Loads[0].Messages) == 0 {
		t.Errorf("the story is %+v, %v", story, err)
	}
}
