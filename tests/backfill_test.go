package tests

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/local"
	"airline/workflow"
)

// backfill starts a backfill of all flights with so many workers.
func (w *world) backfill(name string, workers int, from, to string) {
	w.t.Helper()
	w.start(w.output("backfillArn"), name, jsonvalue.From(etl.Backfilling{Dataset: etl.Flights, Prefix: etl.Flights.Prefix(), From: from, To: to, Workers: workers}))
}

// called is the execution of that name.
func (w *world) called(name string) *sim.Execution {
	w.t.Helper()
	for _, x := range w.SFN().Executions() {
		if x.Name() == name {
			return x
		}
	}
	w.t.Fatalf("no execution is called %s", name)
	return nil
}

func backfillSummary(t *testing.T, x *sim.Execution) (s workflow.Summary) {
	t.Helper()
	text := x.Cause()
	if x.Status() == sim.Succeeded {
		text = jsonvalue.String(x.Output())
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%s says %s", x.Status(), text)
	}
	return s
}

// yearOf is a year of files, one a day, of so many rows each. Those at some places are refused.
func yearOf(rows int, refused ...int) (files []rawFile) {
	for i := range 365 {
		date := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
		var lines []string
		for r := range rows {
			lines = append(lines, fmt.Sprintf("AA,10397,10721,%d,%d", i, r))
		}
		f := day(date, "flights.csv", lines...)
		if slices.Contains(refused, i) {
			f.body = []byte("Carrier\nAA\n")
		}
		files = append(files, f)
	}
	return files
}

// A year of files of which a third is loaded already, some are refused, one is newer than what is loaded and one is hidden, comes in by a backfill
// that is stopped halfway and started again, with the rule off. The facts are those of loads of one.
func TestABackfillIsManyLoadsOfOne(t *testing.T) {
	refused := []int{30, 200, 364}
	files := yearOf(10, refused...)
	corrected := rawFile{files[50].key, []byte(strings.ReplaceAll(string(files[50].body), "AA,", "DL,"))}
	good := slices.Clone(files)
	good[50] = corrected
	for _, i := range slices.Backward(refused) {
		good = slices.Delete(good, i, i+1)
	}
	w := deploy(t, local.Options{})
	w.ingest(smallAirports())
	w.deaf("ingest-flights", func() {
		var third etl.Batch
		for i, f := range files {
			if (i%3 == 0 || i == 50) && !slices.Contains(refused, i) {
				third.Files = append(third.Files, etl.Event{Bucket: w.output("rawBucket"), Key: f.key, Version: w.put(f)[0], Time: w.Now().UTC().Truncate(time.Second)})
			}
		}
		w.start(w.output("ingestFlightsArn"), "third", jsonvalue.From(third))
		w.run()
		w.wait(time.Hour)
		told := len(w.SNS().Notifications())
		for i, f := range files {
			if !(i%3 == 0 || i == 50) || slices.Contains(refused, i) {
				w.put(f)
			}
		}
		w.put(corrected, day("2023-06-01", "_hidden.csv", "UA,10397,10721,1,1"))
		w.run()

		w.backfill("half", 1, "2023-01-01", "2023-06-30")
		w.run()
		w.backfill("stopped", 1, "", "")
		for !slices.ContainsFunc(w.SFN().Executions(), func(x *sim.Execution) bool {
			return strings.HasSuffix(x.StateMachineARN(), ":"+w.Name("ingest-flights")) && x.Status() == sim.Running
		}) {
			w.wait(time.Second)
		}
		w.wait(30 * time.Second) // in the middle of its job run
		if _, err := w.SFN().StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: aws.String(w.called("stopped").ARN())}); err != nil {
			t.Fatal(err)
		}
		w.run()
		w.backfill("again", 2, "", "")
		w.run()
		w.backfill("month", 2, "2023-03-01", "2023-03-30")
		w.run()

		if diff := diffMultisets(w.facts(), want(t, smallAirports(), good...)); diff != "" {
			t.Errorf("the facts of a backfill differ from those of loads of one: %s", diff)
		}
		type end struct {
			status sim.Status
			workflow.Summary
		}
		for name, want := range map[string]end{
			"half":    {sim.Failed, workflow.Summary{Loaded: 120, Failed: 1}},
			"stopped": {status: sim.Aborted},
			"again":   {sim.Failed, workflow.Summary{Loaded: 121, Failed: 3}},
			"month":   {sim.Succeeded, workflow.Summary{}},
		} {
			x := w.called(name)
			got := end{status: x.Status()}
			if got.status != sim.Aborted {
				s := backfillSummary(t, x)
				got.Loaded, got.Failed, got.Left = s.Loaded, s.Failed, s.Left
			}
			if got != want {
				t.Errorf("the backfill %s is %+v, want %+v: %s", name, got, want, x.Cause())
			}
		}
		var subjects []string
		for _, m := range w.SNS().Notifications()[told:] {
			if strings.HasPrefix(m.Subject, "airline: ") {
				subjects = append(subjects, m.Subject)
			}
		}
		if want := []string{"airline: backfill NOT complete", "airline: backfill NOT complete", "airline: backfill done"}; !slices.Equal(subjects, want) {
			t.Errorf("people are told %q, want %q", subjects, want)
		}
	})
}
