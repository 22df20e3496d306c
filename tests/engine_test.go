package tests

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"airline/iam"
	"airline/local"
	"airline/local/door"
	localiam "airline/local/iam"
)

// deploySmall deploys the dev stack that does small batches by DuckDB.
func deploySmall(t *testing.T, o local.Options) *world {
	t.Helper()
	o.Graph = recordedWith(t, map[string]string{"engine": "auto"})
	return deploy(t, o)
}

// visits are how often the executions came to a state.
func (w *world) visits(state string) (n int) {
	for _, x := range w.SFN().Executions() {
		n += ran(x, state)[0]
	}
	return n
}

// Small batches end in the same fact table, by a job that costs a fraction.
func TestSmallBatchesAreDuckDBs(t *testing.T) {
	airports, days := flights(t)
	w := deploySmall(t, local.Options{})
	w.ingest(airports)
	w.ingest(days...)
	w.succeeded(keys(days)...)
	if diff := diffMultisets(w.facts(), want(t, airports, days...)); diff != "" {
		t.Errorf("the fact table differs from the reference: %s", diff)
	}
	runs := w.visits("RunSmallJob")
	if spark := w.visits("RunJob"); runs == 0 || spark != 0 {
		t.Errorf("%d runs of the small job and %d on Spark", runs, spark)
	}
	bill := w.Door.Bill()
	if least := float64(runs) * 0.0625 / 60; bill["glue.job"] != 0 || math.Abs(bill["glue.python-shell"]-least) > least/100 {
		t.Errorf("%v DPU-hours of Spark and %v of the small machine are billed, want none and %v", bill["glue.job"], bill["glue.python-shell"], least)
	}
}

// What the small machine cannot do, Spark does, and people hear of it.
func TestSparkDoesWhatTheSmallMachineCannot(t *testing.T) {
	airports, days := flights(t)
	out := errors.New("Killed")
	w := deploySmall(t, local.Options{Faults: []door.Fault{{Service: "s3", Action: "PutObject", Principal: "*-job/*", Times: 1, Err: out}}})
	w.ingest(airports)
	w.ingest(days[:1]...)
	w.succeeded(keys(days[:1])...)
	if small, spark, told := w.visits("RunSmallJob"), w.visits("RunJob"), w.visits("MeasureSmallRunFailed"); small != 1 || spark != 1 || told != 1 {
		t.Errorf("%d runs of the small job succeeded and %d on Spark, and %d failures were told, want 1 of each", small, spark, told)
	}
	if diff := diffMultisets(w.facts(), want(t, airports, days[0])); diff != "" {
		t.Errorf("the fact table differs from the reference: %s", diff)
	}
}

// Without what the setting grants, the small job does nothing: neither can it be started, nor can it write its log.
func TestGrantsOfTheSmallJob(t *testing.T) {
	airports, _ := flights(t)
	for _, part := range []string{":job/airline-dev-load-small", ":log-group:/aws-glue/python-jobs/*"} {
		t.Run(part, func(t *testing.T) {
			taken := 0
			w := deploySmall(t, local.Options{EditPolicy: func(_ localiam.Document, p *iam.Policy) *iam.Policy {
				less := *p
				less.Statements = nil
				for _, s := range p.Statements {
					resources := slices.DeleteFunc(slices.Clone(s.Resources), func(r string) bool { return strings.HasSuffix(r, part) })
					if taken += len(s.Resources) - len(resources); len(s.Resources) > 0 && len(resources) == 0 {
						continue
					}
					s.Resources = resources
					less.Statements = append(less.Statements, s)
				}
				return &less
			}})
			w.ingest(airports)
			if taken == 0 || len(w.Refused()) == 0 {
				t.Errorf("%d grants were taken away, and %d calls were refused", taken, len(w.Refused()))
			}
		})
	}
}
