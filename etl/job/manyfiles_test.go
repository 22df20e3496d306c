//go:build linux

package job_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/generate"
)

// TestManyFiles measures a batch of many files in one run beside a run for each, of which it makes two, and logs a table: processor seconds of all processes
// of a run, which others that use the machine distort less than time.
func TestManyFiles(t *testing.T) {
	if os.Getenv("AIRLINE_BENCH_ROWS") == "" {
		t.Skip("takes the time of a benchmark")
	}
	python := onSpark.python(t)
	// Spark's JVM outlives the Python that started it, which does not wait for it: this process takes it over, with the time that it took.
	const setChildSubreaper = 36 // prctl(2)
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); err != 0 {
		t.Fatal(err)
	}
	var table strings.Builder
	fmt.Fprint(&table, "\n| files | run for each, rows a second | one run, rows a second | times | seconds of one run |\n|---|---:|---:|---:|---:|\n")
	for _, load := range []struct{ files, rows int }{{365, 20_000}, {1000, 10}} {
		bucket := t.TempDir()
		if err := generate.Tree(bucket, generate.Options{Seed: 1, Days: load.files, FlightsPerDay: load.rows}); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(bucket, "airports"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(bucket, "airports.csv"), filepath.Join(bucket, "airports", "airports.csv")); err != nil {
			t.Fatal(err)
		}
		var objects []etl.Object
		for i := range load.files {
			day := time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
			objects = append(objects, etl.Object{Bucket: "file://" + bucket, Key: "daily-flights/date=" + day + "/flights.csv", Version: "v", LoadID: fmt.Sprint("l", i)})
		}
		run := func(objects []etl.Object) (rows int64, processor, wall time.Duration) {
			staging := t.TempDir()
			folder := filepath.Join(staging, "batches", "r")
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(objects)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, "objects.json"), text, 0o644); err != nil {
				t.Fatal(err)
			}
			command := onSpark.command(python, onSpark.script, "--dataset", "flights", "--run", "r", "--objects", "file://"+folder+"/objects.json",
				"--staging", "file://"+staging+"/", "--airports=file://"+bucket+"/airports/", "--max_reject_ratio", "0.5", "--sql", sqlURL(t))
			begun := time.Now()
			output, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			sum := jsonLines[etl.BatchResult](t, filepath.Join(folder, etl.BatchSummary))[0]
			if sum.Loaded != len(objects) {
				t.Fatalf("%d of %d files were loaded: %+v", sum.Loaded, len(objects), sum.Failures)
			}
			wall = time.Since(begun)
			processor = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
			for {
				var used syscall.Rusage
				if _, err := syscall.Wait4(-1, nil, 0, &used); err != nil {
					return sum.RowsRead, processor, wall // there is no other
				}
				processor += time.Duration(used.Utime.Nano() + used.Stime.Nano())
			}
		}
		var alone, aloneRows float64
		for i := range 2 {
			rows, processor, _ := run(objects[i : i+1])
			alone, aloneRows = alone+processor.Seconds(), aloneRows+float64(rows)
		}
		rows, processor, wall := run(objects)
		each, together := aloneRows/alone, float64(rows)/processor.Seconds()
		fmt.Fprintf(&table, "| %d of %d rows | %.1f | %.1f | %.1f | %.1f, on the wall %.1f |\n", load.files, load.rows, each, together, together/each, processor.Seconds(), wall.Seconds())
	}
	t.Log(table.String())
}
