package tests

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl/sim"
	"airline/local"
)

// keys lists the keys of files.
func keys(files []rawFile) []string {
	list := make([]string, len(files))
	for i, f := range files {
		list[i] = f.key
	}
	return list
}

func TestEveryFlightArrives(t *testing.T) {
	airports, days := flights(t)
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			w.ingest(airports)
			w.ingest(days...)
			w.succeeded(keys(days)...)
			if diff := diffMultisets(w.facts(), want(t, airports, days...)); diff != "" {
				t.Errorf("the fact table differs from the reference: %s", diff)
			}
			if got, want := w.count("SELECT COUNT(*) FROM airlines.airports_dim"), int64(len(referenceAirports(t, airports))); got != want {
				t.Errorf("%d airports, want %d", got, want)
			}
			if n := w.count("SELECT COUNT(*) FROM airlines.load_ledger WHERE rows_read <> rows_loaded + rows_rejected"); n != 0 {
				t.Errorf("%d loads have rows that were neither loaded nor rejected", n)
			}
			if got, want := len(w.SNS().Notifications()), len(days)+1; got != want {
				t.Errorf("%d notifications, want %d", got, want)
			}
		})
	}
}

// A burst of files is covered by a few crawls.
func TestABurstSharesCrawls(t *testing.T) {
	airports, days := flights(t)
	w := deploy(t, local.Options{})
	w.ingest(airports)
	w.ingest(days...)
	crawls := 0
	for _, x := range w.SFN().Executions() {
		for _, e := range x.History() {
			if e.Type == sim.TaskSucceeded && e.State == "StartCrawler" {
				crawls++
			}
		}
	}
	if crawls > 4 {
		t.Errorf("%d crawls for %d files, want a few", crawls, len(days)+1)
	}
}

func TestASecondTimeInAnotherOrderWithEveryEventTwice(t *testing.T) {
	airports, days := flights(t)
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger), DuplicateEvents: true, Seed: 3})
			w.ingest(airports)
			w.ingest(days...)
			once := w.facts()
			shuffled := slices.Clone(days)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			w.wait(time.Hour)
			w.ingest(airports)
			w.ingest(shuffled...)
			if got, want := len(w.executions(days[0].key)), 4; got != want {
				t.Errorf("%d executions about %s, want %d: twice uploaded, each event twice", got, days[0].key, want)
			}
			if diff := diffMultisets(w.facts(), once); diff != "" {
				t.Errorf("loading everything again changed the fact table: %s", diff)
			}
			if diff := diffMultisets(once, want(t, airports, days...)); diff != "" {
				t.Errorf("the fact table differs from the reference: %s", diff)
			}
		})
	}
}

func TestACorrectedDayReplacesTheDay(t *testing.T) {
	w := deploy(t, local.Options{})
	airports := smallAirports()
	other := day("2008-05-02", "flights.csv", "DL,10397,10721,3,4")
	first := day("2008-05-01", "flights.csv", "AA,10397,10721,1,2", "AA,10397,10721,1,2", "UA,14027,10397,,NA")
	second := day("2008-05-01", "flights.csv", "AA,10397,10721,10,20", "FL,10721,14027,0,-5")
	w.ingest(airports)
	w.ingest(first, other)
	if diff := diffMultisets(w.facts(), want(t, airports, first, other)); diff != "" {
		t.Fatalf("before the correction: %s", diff)
	}
	w.wait(time.Hour)
	w.ingest(second)
	if diff := diffMultisets(w.facts(), want(t, airports, second, other)); diff != "" {
		t.Errorf("after the correction: %s", diff)
	}
}

// The events of two versions overtake each other: the first is delivered when
// the second has long been loaded.
func TestAnOlderVersionArrivingLateDoesNotWin(t *testing.T) {
	w := deploy(t, local.Options{})
	airports := smallAirports()
	first := day("2008-05-01", "flights.csv", "AA,10397,10721,1,2", "UA,14027,10397,3,4")
	second := day("2008-05-01", "flights.csv", "AA,10397,10721,10,20")
	w.ingest(airports)
	w.ingest(first)
	early := w.last(first.key)
	w.wait(time.Hour)
	w.ingest(second)
	w.wait(time.Hour)
	w.replay(early)
	if x := w.last(first.key); x == early || x.Status() != sim.Succeeded {
		t.Fatalf("the late execution is %s: %s: %s", x.Status(), x.Error(), x.Cause())
	}
	if diff := diffMultisets(w.facts(), want(t, airports, second)); diff != "" {
		t.Errorf("the older version has won: %s", diff)
	}
	superseded := w.count("SELECT COUNT(*) FROM airlines.load_ledger WHERE status = 'superseded' AND source_key = '" + first.key + "'")
	if superseded != 1 {
		t.Errorf("the ledger says superseded of %d loads, want 1", superseded)
	}
}

func TestFlightsBeforeAirports(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			airports := smallAirports()
			flights := day("2008-05-01", "flights.csv", "AA,10397,10721,1,2", "UA,14027,10397,3,4")
			w.ingest(flights)
			x := w.last(flights.key)
			if x.Status() != sim.Failed || x.Error() != "too many rejects" || !strings.Contains(x.Cause(), `"unknown origin airport":2`) {
				t.Errorf("without airports the execution is %s, %s: %s", x.Status(), x.Error(), x.Cause())
			}
			if n := len(w.failures(flights.key)); n != 1 {
				t.Errorf("%d failure notifications, want 1", n)
			}
			if n := w.count("SELECT COUNT(*) FROM airlines.daily_flights_fact"); n != 0 {
				t.Errorf("%d facts were loaded without airports", n)
			}
			w.ingest(airports)
			w.wait(time.Minute)
			w.replay(x)
			w.succeeded(flights.key)
			if diff := diffMultisets(w.facts(), want(t, airports, flights)); diff != "" {
				t.Errorf("after airports and replay: %s", diff)
			}
		})
	}
}

// replay starts the machine again with the input of an execution.
func (w *world) replay(x *sim.Execution) {
	w.t.Helper()
	w.start(x.StateMachineARN(), fmt.Sprintf("replay-%d", len(w.SFN().Executions())), x.Input())
	w.run()
}
