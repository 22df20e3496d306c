package tests

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/local"
	"airline/workflow"
)

// ran tells how often tasks of these states succeeded in an execution.
func ran(x *sim.Execution, states ...string) (counts []int) {
	for _, state := range states {
		n := 0
		for _, e := range x.History() {
			if e.Type == sim.TaskSucceeded && e.State == state {
				n++
			}
		}
		counts = append(counts, n)
	}
	return counts
}

// A batch with everything in it ends in the warehouse of loads of one: files that load, one of several versions, a duplicate, a correction, files that are
// refused, that are gone, that were never loaded and are gone, a hidden one. It takes one job run and one transaction, of a table that is there no crawl, and people are told
// once, of each file that failed.
func TestABatchIsManyLoadsOfOne(t *testing.T) {
	before := []rawFile{
		day("2008-05-01", "corrected.csv", "AA,10397,10721,1,2", "AA,10397,10721,1,2"),
		day("2008-05-01", "removed.csv", "UA,10397,10721,3,4"),
		day("2008-05-01", "kept.csv", "B6,10397,10721,5,6"),
	}
	late := []rawFile{
		day("2008-05-01", "corrected.csv", "DL,10397,10721,10,20", "bad"),
		day("2008-05-02", "it's \"new\"; --.csv", "WN,14027,10721,,NA", "WN,14027,10721,,NA"),
		day("2008-05-02", "twice.csv", "FL,14027,10721,1,1"),
		day("2008-05-02", "twice.csv", "FL,14027,10721,2,2"),
		{"daily-flights/date=2008-05-02/headless.csv", []byte("Carrier\nAA\n")},
		day("2008-05-02", "faulty.csv", "AA,1,2,3,4", "AA,x,2,3,4"),
		{"daily-flights/no-day/flights.csv", []byte("Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n")},
		day("2008-05-03", "brief.csv", "NK,14027,10721,1,1"),
		day("2008-05-03", "nothing.csv"),
	}
	history := func(w *world) (events []etl.Event) {
		seen := func(key, version string) {
			events = append(events, etl.Event{Bucket: w.output("rawBucket"), Key: key, Version: version, Time: w.Now().UTC().Truncate(time.Second), EventID: fmt.Sprint(len(events))})
		}
		w.deaf("ingest-flights", func() {
			for _, f := range late {
				seen(f.key, w.put(f)[0])
				w.wait(time.Minute)
			}
			for _, key := range []string{before[1].key, "daily-flights/date=2008-05-03/brief.csv"} {
				seen(key, w.remove(key, nil))
				w.wait(time.Minute)
			}
			w.run()
		})
		seen("daily-flights/date=2008-05-02/_hidden.csv", "v")
		return append(events, events[1])
	}
	state := func(w *world) (lines []string) {
		for _, row := range w.query("SELECT source_key, status, rows_read, rows_loaded, rows_rejected FROM airlines.load_ledger WHERE source_key LIKE 'daily%'") {
			lines = append(lines, fmt.Sprint(row...))
		}
		slices.Sort(lines)
		return lines
	}

	one := deploy(t, local.Options{})
	one.ingest(smallAirports())
	one.ingest(before...)
	for i, e := range history(one) {
		one.start(one.output("ingestFlightsArn"), fmt.Sprintf("one-%d", i), jsonvalue.From(etl.Batch{Files: []etl.Event{e}}))
		one.run()
	}

	many := deploy(t, local.Options{})
	many.ingest(smallAirports())
	many.ingest(before...)
	events := history(many)
	told := len(many.SNS().Notifications())
	many.start(many.output("ingestFlightsArn"), "many", jsonvalue.From(etl.Batch{Files: events}))
	many.run()

	if diff := diffMultisets(many.facts(), one.facts()); diff != "" {
		t.Errorf("the facts of a batch differ from those of loads of one: %s", diff)
	}
	if diff := diffMultisets(state(many), state(one)); diff != "" {
		t.Errorf("the ledger of a batch differs from that of loads of one: %s", diff)
	}
	x := many.last(late[0].key)
	if x.Status() != sim.Failed || x.Error() != workflow.NotLoaded || !strings.HasPrefix(x.Cause(), "3 of 11 files were not loaded: ") {
		t.Errorf("the execution is %s, %s: %s", x.Status(), x.Error(), x.Cause())
	}
	if got := ran(x, "StartCrawler", "RunJob", "Load", "Record"); !slices.Equal(got, []int{0, 1, 1, 0}) {
		t.Errorf("crawls, job runs and transactions are %v, want none of a table that is there, and one of the others", got)
	}
	messages := many.SNS().Notifications()[told:]
	var subjects []string
	for _, m := range messages {
		if strings.HasPrefix(m.Subject, "airline: ") {
			subjects = append(subjects, m.Subject)
		}
	}
	if want := []string{"airline: flights retired, their file is gone", "airline: flights NOT loaded"}; !slices.Equal(subjects, want) {
		t.Fatalf("people are told %q, want %q", subjects, want)
	}
	var message struct {
		Loaded, Failed int
		Files          []struct{ Key, Error, Cause string }
		List           string
	}
	if err := json.Unmarshal([]byte(messages[1].Message), &message); err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, f := range message.Files {
		if !strings.HasPrefix(f.Cause, f.Key+":") {
			t.Errorf("the cause of %s is %s", f.Key, f.Cause)
		}
		failed = append(failed, f.Key+" "+f.Error)
	}
	slices.Sort(failed)
	want := []string{late[5].key + " too many rejects", late[4].key + " missing columns", late[6].key + " key without a date"}
	if message.Loaded != 4 || message.Failed != 3 || !slices.Equal(failed, want) || !strings.HasSuffix(message.List, "/files.json") {
		t.Errorf("the notification says %+v, want %q", message, want)
	}
}

// Files whose events were lost are one batch after midnight, whatever is wrong with some of them.
func TestReconcileHandsOnABatch(t *testing.T) {
	w := deploy(t, local.Options{})
	w.ingest(smallAirports())
	var lost []rawFile
	for i := range 30 {
		lost = append(lost, day(fmt.Sprintf("2008-05-%02d", i+1), "flights.csv", goodRow))
	}
	lost[7] = rawFile{lost[7].key, []byte("Carrier\nAA\n")}
	w.deaf("ingest-flights", func() { w.put(lost...); w.run() })
	w.midnight()
	x := w.last(lost[0].key)
	if got := len(w.executions(lost[29].key)); got != 1 || w.last(lost[29].key) != x {
		t.Errorf("%d executions about the last file, want that of the first", got)
	}
	if x.Status() != sim.Failed || x.Error() != "missing columns" {
		t.Errorf("the execution is %s, %s: %s", x.Status(), x.Error(), x.Cause())
	}
	if got := ran(x, "RunJob", "Load"); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("job runs and transactions are %v, want one of each", got)
	}
	if n := w.count("SELECT COUNT(DISTINCT source_key) FROM airlines.daily_flights_fact"); n != 29 {
		t.Errorf("%d files are loaded, want 29", n)
	}
}
