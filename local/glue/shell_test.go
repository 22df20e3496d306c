package glue

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/etl"
)

// shell makes the job of the tests a Python shell job.
func (w *world) shell(script string) {
	w.job(map[string]any{
		"glueVersion": "", "workerType": "", "numberOfWorkers": 0.0, "maxCapacity": 0.0625,
		"command": map[string]any{"name": "pythonshell", "scriptLocation": "s3://scripts/" + script, "pythonVersion": "3.9"},
	})
}

// shellArguments are those of a run, with the module that the script needs.
func (w *world) shellArguments() map[string]string {
	a := arguments(flightsKey, w.object("raw", flightsKey, flights))
	a["--additional-python-modules"] = "duckdb==1.4.5"
	return a
}

// A Python shell job does what the Spark job does, in the time and at the price of its own machine.
func TestPythonShellJob(t *testing.T) {
	w := newWorld(t)
	w.shell(etl.SmallJobScript)
	run := w.finished(w.shellArguments())
	if run.JobRunState != types.JobRunStateSucceeded {
		t.Fatalf("the run ended as %s: %s", run.JobRunState, aws.ToString(run.ErrorMessage))
	}
	var m etl.Manifest
	if err := json.Unmarshal(w.staged("loads/l1/manifest.json"), &m); err != nil || m.RowsLoaded == 0 {
		t.Errorf("%+v, %v: nothing was loaded", m, err)
	}
	if got, want := run.CompletedOn.Sub(*run.StartedOn), shellStartup+shellImports; got < want || got > want+5*time.Second {
		t.Errorf("the run took %v, want some more than %v", got, want)
	}
	if got, want := w.door.Bill()["glue.python-shell"], 0.0625/60; got != want || w.door.Bill()["glue.job"] != 0 {
		t.Errorf("%v DPU-hours are billed, want those of the minimum of a minute, %v", got, want)
	}
	if *run.LogGroupName != "/aws-glue/python-jobs" || *run.MaxCapacity != 0.0625 {
		t.Errorf("the run is described as %+v", run)
	}
}

func TestPythonShellJobFails(t *testing.T) {
	for name, c := range map[string]struct {
		script, modules, want string
	}{
		"no DuckDB":           {etl.SmallJobScript, "", "No module named 'duckdb'"},
		"the script of Spark": {etl.JobScript, "duckdb==1.4.5", "cannot be run locally"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.shell(c.script)
			a := w.shellArguments()
			a["--additional-python-modules"] = c.modules
			if run := w.finished(a); run.JobRunState != types.JobRunStateFailed || !strings.Contains(aws.ToString(run.ErrorMessage), c.want) {
				t.Errorf("the run ended as %s: %s, want %q", run.JobRunState, aws.ToString(run.ErrorMessage), c.want)
			}
		})
	}
}
