package tests

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"airline/local"
)

// uploadDay uploads the flights of a day after the first, a day of virtual time after those before,
// and gives their key.
func (w *world) uploadDay(n int) string {
	w.t.Helper()
	w.wait(24 * time.Hour)
	date := time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
	rows := make([]string, 100)
	for i := range rows {
		rows[i] = fmt.Sprintf("AA,10397,10721,%d,%d", i, n%60)
	}
	file := day(date, "flights.csv", rows...)
	w.ingest(file)
	return file.key
}

// used is what the world has used so far, by item of the price list. What is counted in time or bytes is left out.
func (w *world) used() map[string]float64 {
	used := map[string]float64{}
	for _, line := range w.Door.Bill().Lines() {
		if line.Quantity == float64(int64(line.Quantity)) {
			used[line.Item] = line.Quantity
		}
	}
	return used
}

// A day costs what every day costs, however many have come before it: as many requests and state transitions.
func TestALateDayCostsWhatAnEarlyOneDoes(t *testing.T) {
	w := deploy(t, local.Options{})
	w.ingest(smallAirports())
	var costs []map[string]float64
	for n := range 40 {
		before := w.used()
		w.succeeded(w.uploadDay(n))
		cost := w.used()
		for item := range cost {
			cost[item] -= before[item]
		}
		costs = append(costs, cost)
	}
	if len(costs[0]) == 0 {
		t.Fatal("nothing was counted")
	}
	// How often a crawler is polled goes by how long it takes, which is random: ten days are taken together.
	polls := func(days []map[string]float64) (n float64) {
		for _, cost := range days {
			n += cost["states.transition"]
			delete(cost, "states.transition")
		}
		return n
	}
	if early, late := polls(costs[:10]), polls(costs[30:]); early == 0 || late > 1.3*early {
		t.Errorf("%v state transitions in the first ten days, %v in the last ten", early, late)
	}
	if diff := cmp.Diff(costs[2], costs[39]); diff != "" {
		t.Errorf("what day 3 and day 40 have used differs (-3 +40):\n%s", diff)
	}
}

// BenchmarkYear loads 365 small days, one after the other, and tells the median time of a file in the first and
// in the last 30 of them.
func BenchmarkYear(b *testing.B) {
	for range b.N {
		w := deploy(b, local.Options{})
		w.ingest(smallAirports())
		took := make([]time.Duration, 365)
		for n := range took {
			begun := time.Now()
			key := w.uploadDay(n)
			took[n] = time.Since(begun)
			if n == 0 || n == len(took)-1 {
				w.succeeded(key)
			}
		}
		median := func(list []time.Duration) float64 {
			slices.Sort(list)
			return list[len(list)/2].Seconds() * 1000
		}
		first, last := median(took[1:31]), median(took[335:])
		b.ReportMetric(first, "ms/file-in-days-2-31")
		b.ReportMetric(last, "ms/file-in-days-336-365")
	}
}
