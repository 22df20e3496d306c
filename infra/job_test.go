package infra

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"airline/local/recorder"
)

// The small job does what the other does, as Glue takes Python shell jobs, with the DuckDB that its script is tested with.
func TestSmallJob(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		var small, spark *recorder.Resource
		for _, job := range g.OfType("aws:glue/job:Job") {
			if job.Name == smallLoadJob {
				small = job
			} else {
				spark = job
			}
		}
		if auto := g.Config["airline:engine"] == "auto"; auto != (small != nil) {
			t.Fatalf("the engine is %q, and the small job is there: %t", g.Config["airline:engine"], small != nil)
		}
		if small == nil {
			return
		}
		expect(t, small, "command.name", "pythonshell")
		expect(t, small, "command.pythonVersion", "3.9")
		expect(t, small, "maxCapacity", 1.0)
		expect(t, small, "maxRetries", 0.0)
		expect(t, small, "defaultArguments.--additional-python-modules", duckDB)
		for _, none := range []string{"glueVersion", "workerType", "numberOfWorkers", "executionClass", "connections", "defaultArguments.--job-bookmark-option"} {
			if v, ok := small.Get(none); ok {
				t.Errorf("a Python shell job has no %s, and this one has %v", none, v)
			}
		}
		for _, same := range []string{"roleArn", "securityConfiguration", "timeout", "executionProperty.maxConcurrentRuns", "defaultArguments.--sql", "defaultArguments.--extra-py-files", "defaultArguments.--max_late"} {
			want, _ := spark.Get(same)
			expect(t, small, same, want)
		}
		if script := small.String("command.scriptLocation"); !strings.HasSuffix(script, "/ingest_duckdb.py") {
			t.Errorf("it runs %s", script)
		}
	})
	tested, err := os.ReadFile("../etl/job/requirements-duckdb.txt")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(tested, []byte("\n"+duckDB+"\n")) {
		t.Errorf("the job installs %s, and its script is tested with:\n%s", duckDB, tested)
	}
}
