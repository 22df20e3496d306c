package job_test

import (
	"os"
	"os/exec"
	"testing"
)

// engine is one of the scripts, which are to make the same of the same files.
type engine struct {
	name, script string
	// environment names the Python that executes the script, and setup is what makes one.
	environment, setup string
	command            func(python string, words ...string) *exec.Cmd
	modes              []mode
}

// mode is a way in which an engine executes every load. Small pieces make several of what is one file; they are not
// too small for the larger files only because these are few.
type mode struct {
	name       string
	settings   map[string]string
	together   bool // as a batch; else each file by itself, in pieces of a size
	pieceBytes func(size int64) int64
}

func whole(int64) int64       { return 64 << 20 }
func pieces(size int64) int64 { return max(64, size/3) }

var onSpark = engine{
	name: "Spark", script: "ingest.py", environment: "AIRLINE_PYSPARK", setup: "etl/job/spark.sh", command: spark,
	modes: []mode{
		// What Spark takes for a query, which is the most of it, it takes for all files of a batch that are alike once.
		{"together", map[string]string{"spark.sql.ansi.enabled": "false"}, true, whole},
		{"pieces", map[string]string{"spark.sql.ansi.enabled": "true"}, false, pieces},
	},
}

var onDuckDB = engine{
	name: "DuckDB", script: "ingest_duckdb.py", environment: "AIRLINE_PYTHON_SHELL", setup: "etl/job/duckdb.sh", command: plain,
	modes: []mode{{"together", nil, true, whole}, {"whole", nil, false, whole}, {"pieces", nil, false, pieces}},
}

// each tests both engines, each of which needs its Python.
func each(t *testing.T, test func(t *testing.T, e engine, python string)) {
	t.Helper()
	for _, e := range []engine{onSpark, onDuckDB} {
		t.Run(e.name, func(t *testing.T) { test(t, e, e.python(t)) })
	}
}

// python is the Python that executes the script, which the environment names.
func (e engine) python(t *testing.T) string {
	t.Helper()
	python := os.Getenv(e.environment)
	if python == "" {
		t.Skipf("%s names no Python for %s; run %s", e.environment, e.script, e.setup)
	}
	return python
}

// spark is a Python script on a Spark of two cores and 1 GiB of heap. Java keeps 48 MB of code where it compiles it quickly, which some hundred
// files fill: from then on it compiles nothing, and all is ten times as slow.
func spark(python string, words ...string) *exec.Cmd {
	command := plain(python, words...)
	command.Env = append(command.Env, "SPARK_LOCAL_IP=127.0.0.1",
		"PYSPARK_SUBMIT_ARGS=--master local[2] --driver-memory 1g --driver-java-options '-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=400m' --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false "+
			"--conf spark.ui.retainedJobs=5 --conf spark.ui.retainedStages=5 --conf spark.ui.retainedTasks=50 --conf spark.sql.ui.retainedExecutions=5 pyspark-shell")
	return command
}

// plain is a Python script.
func plain(python string, words ...string) *exec.Cmd {
	command := exec.Command(python, words...)
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	return command
}
