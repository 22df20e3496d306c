package job_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/etl"
	"airline/etl/duckdb"

	"github.com/google/go-cmp/cmp"
)

// A batch loads many objects in one run: what is refused or not there in the middle of it fails alone, and of each file is told what the local
// world's engine makes of it. Running it again touches nothing but its own output. The script is run as it is in
// Glue, but without awsglue, and with arguments that Glue adds.
func TestBatch(t *testing.T) {
	each(t, testBatch)
}

func testBatch(t *testing.T, e engine, python string) {
	bucket, key, _ := flightsBucket(t, 50)
	put := func(path, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const header = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
	keys := map[string]string{
		"a": key, "b": "daily-flights/date=2008-05-02/headless.csv", "c": "daily-flights/date=2008-05-02/it's faulty.csv", "d": "daily-flights/date=2008-05-02/gone.csv",
		"e": "daily-flights/no-day.csv", "f": "daily-flights/month=2008-06/latin.csv", "g": "daily-flights/date=2008-05-02/nothing.csv", "h": key,
		"i": "daily-flights/date=2008-05-03/broken lines.csv", "j": "daily-flights/date=2008-05-03/latin.csv", "k": "daily-flights/date=2008-05-03/open.csv",
		"l": "daily-flights/date=2008-05-03/of airports that nobody knows.csv",
	}
	for id, text := range map[string]string{"b": "Carrier\nAA\n", "c": header + "AA,x,1,1,1\nAA,1,x,1,1\n", "e": header, "f": "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate\nAA,1,2,3,4,2008-06-01\nM\xfc,1,2,3,4,2008-06-01\n", "g": header,
		"l": header + "AA,99999901,99999902,3,4\nAA,99999901,99999902,3,x\n",
		// Like the others, and yet to be read by themselves.
		"i": header + "\"A\nA\",1,2,3,4\nAA,x,1,1,1\n", "j": header + "AA,1,2,3,4\nM\xfc,1,2,3,4\n", "k": header + "AA,1,2,3,4\n\"AA,1,2,3,4\nAA,1,2,3,4\n"} {
		put(filepath.Join(bucket, keys[id]), text)
	}
	staging := t.TempDir()
	folder := filepath.Join(staging, "batches", "r")
	for _, name := range []string{"a/r/manifest.json", "a/r/rejects/stale.json", "batches/r/loads/a/rows/verdict=loaded/stale.parquet", "batches/r/entries/loaded.json", "batches/r/batch.json", "a/q/manifest.json"} {
		put(filepath.Join(staging, name), "stale")
	}
	var objects []etl.Object
	var want []etl.Outcome
	var entries []etl.Entry
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	var engine duckdb.Engine
	defer engine.Close()
	limit := 0.5
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		o := etl.Object{Bucket: "file://" + bucket, Key: keys[id], Version: "v", LoadID: id, EventTime: "2008-05-03T00:00:00Z", ObservedAt: "2008-05-03T00:00:00.5Z"}
		objects = append(objects, o)
		outcome := etl.Outcome{Key: o.Key, Version: o.Version, LoadID: id}
		if id == "d" {
			outcome.Error = etl.Unreadable
			want = append(want, outcome)
			continue
		}
		m, err := engine.Run(t.Context(), duckdb.Args{Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: o.Key, Version: o.Version}, LoadID: id,
			Object: filepath.Join(bucket, o.Key), Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: filepath.Join(bucket, "airports", "airports.csv")}},
			SQL: queries, Output: filepath.Join(t.TempDir(), id)})
		refused := (*etl.RefusedError)(nil)
		if err == nil {
			refused = etl.TooManyRejects(m, limit)
			outcome.RowsRead, outcome.RowsLoaded, outcome.RowsRejected, outcome.RejectRatio, outcome.Reasons = m.RowsRead, m.RowsLoaded, m.RowsRejected, m.RejectRatio, m.Reasons
			outcome.Columns = m.Columns
		} else if !errors.As(err, &refused) {
			t.Fatal(err)
		} else {
			outcome.Columns = refused.Columns
		}
		if refused != nil {
			outcome.RowsLoaded, outcome.Error, outcome.Cause = 0, string(refused.Code), refused.Error()
		} else {
			entries = append(entries, etl.Entry{LoadID: id, SourceKey: o.Key, Version: "v", EventTime: o.EventTime, ObservedAt: o.ObservedAt, Status: etl.StatusLoaded,
				RowsRead: m.RowsRead, RowsLoaded: m.RowsLoaded, RowsRejected: m.RowsRejected})
		}
		want = append(want, outcome)
	}
	text, err := json.Marshal(objects)
	if err != nil {
		t.Fatal(err)
	}
	put(filepath.Join(folder, "objects.json"), string(text))
	output, err := e.command(python, e.script, "--JOB_NAME", "load", "--job-bookmark-option", "job-bookmark-disable", "--TempDir", "s3://x/", "--dataset", "flights", "--run", "r",
		"--objects", "file://"+folder+"/objects.json", "--staging", "file://"+staging+"/", "--airports=file://"+bucket+"/airports/", "--max_reject_ratio", "0.5", "--sql", sqlURL(t)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	got := jsonLines[etl.Outcome](t, filepath.Join(folder, etl.BatchFiles))
	if len(got) > 3 && strings.HasPrefix(got[3].Cause, keys["d"]+": the object cannot be read: ") {
		got[3].Cause = "" // how, every store says in its own words
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what became of the files (-Go +Python):\n%s", diff)
	}
	sums := jsonLines[etl.BatchResult](t, filepath.Join(folder, etl.BatchSummary))
	if len(sums) == 1 && len(sums[0].Failures) > 2 {
		sums[0].Failures[2].Cause = ""
	}
	if diff := cmp.Diff([]etl.BatchResult{etl.Summarize(want)}, sums); diff != "" {
		t.Errorf("the summary (-Go +Python):\n%s", diff)
	}
	if diff := cmp.Diff(entries, jsonLines[etl.Entry](t, filepath.Join(folder, etl.BatchEntries))); diff != "" {
		t.Errorf("what the ledger is to learn (-Go +Python):\n%s", diff)
	}
	rows := "read_parquet('" + folder + "/loads/**/*.parquet', hive_partitioning = false)"
	if diff := cmp.Diff([]string{"a|50", "h|50"}, query(t, "SELECT load_id || '|' || COUNT(*) FROM "+rows+" GROUP BY load_id ORDER BY 1")); diff != "" {
		t.Errorf("rows by load (-want +got):\n%s", diff)
	}
	for path, want := range map[string]bool{"a/r/manifest.json": true, "h/r/manifest.json": true, "c/r/manifest.json": true, "c/r/rejects": true, "b/r/manifest.json": false, "a/r/rejects": false, "a/r/input": false} {
		if _, err := os.Stat(filepath.Join(staging, path)); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", path, err == nil, want)
		}
	}
	// Wherever the rows of a file are, its manifest says it; a file that is refused has none.
	for id, want := range map[string]string{"a": "50", "g": "0", "c": ""} {
		m := jsonLines[etl.Manifest](t, filepath.Join(staging, id, "r", "manifest.json"))[0]
		if want == "" {
			if len(m.Files) > 0 {
				t.Errorf("the manifest of %s names %q, want no rows", id, m.Files)
			}
			continue
		}
		var paths []string
		for _, file := range m.Files {
			paths = append(paths, quoted(strings.TrimPrefix(m.Rows, "file://")+file))
		}
		if got := query(t, "SELECT CAST(COUNT(*) AS VARCHAR) FROM read_parquet(["+strings.Join(paths, ", ")+"], hive_partitioning = false)"); !slices.Equal(got, []string{want}) {
			t.Errorf("the rows of %s, at %q, are %q, want %s", id, paths, got, want)
		}
	}
	for _, rejected := range []string{"verdict=rejected", "_SUCCESS"} {
		if left, err := filepath.Glob(filepath.Join(folder, "loads", "*", "*", rejected)); err != nil || len(left) > 0 {
			t.Errorf("%q are left, %v", left, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(staging, "a", "q", "manifest.json")); err != nil || string(text) != "stale" {
		t.Errorf("another run's manifest is %q, %v", text, err)
	}
}

// jsonLines reads a file of JSON Lines.
func jsonLines[T any](t *testing.T, path string) []T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []T
	for d := json.NewDecoder(bytes.NewReader(text)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// What the script says in short is what the local world's job says.
func TestSummary(t *testing.T) {
	each(t, testSummary)
}

func testSummary(t *testing.T, e engine, python string) {
	var outcomes []etl.Outcome
	for i := range 50 {
		o := etl.Outcome{Key: fmt.Sprint(i), Version: "v", LoadID: fmt.Sprint("l", i), RowsRead: int64(i), RowsLoaded: int64(i), RejectRatio: float64(i%7) / 10, Reasons: map[string]int64{}, Columns: []string{"Carrier", "", fmt.Sprint("naïve ", i%11), strings.Repeat("ö", 110+i)}}
		if i%2 == 0 {
			o.Reasons, o.Error, o.Cause = nil, "empty object", strings.Repeat("ä", 480+i)
		}
		outcomes = append(outcomes, o)
	}
	var wide etl.Outcome
	for i := range 1000 {
		wide.Columns = append(wide.Columns, fmt.Sprintf("%060d", i))
	}
	for _, list := range [][]etl.Outcome{outcomes, {wide}, {}} {
		given, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		output, err := e.command(python, "-c", "import json, sys; from airline_run import summary; print(json.dumps(summary(json.loads(sys.argv[1]))))", string(given)).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		var got etl.BatchResult
		if err := json.Unmarshal(output, &got); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
		if diff := cmp.Diff(etl.Summarize(list), got); diff != "" {
			t.Errorf("the summary of %d files (-Go +Python):\n%s", len(list), diff)
		}
	}
}
