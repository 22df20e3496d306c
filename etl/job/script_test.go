package job_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/etl/generate"

	"github.com/google/go-cmp/cmp"
)

// flightsBucket makes a directory that stands for the raw bucket and gives the key and size of a day.
func flightsBucket(t *testing.T, flights int) (bucket, key string, size int64) {
	t.Helper()
	bucket, key = t.TempDir(), "daily-flights/date=2008-05-01/flights.csv"
	if err := generate.Tree(bucket, generate.Options{Seed: 1, Days: 1, FlightsPerDay: flights}); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(bucket, "airports"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(bucket, "airports.csv"), filepath.Join(bucket, "airports", "airports.csv")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(bucket, filepath.FromSlash(key)))
	if err != nil {
		t.Fatal(err)
	}
	return bucket, key, info.Size()
}

func sqlURL(t *testing.T) string {
	t.Helper()
	queries, err := filepath.Abs("../sql")
	if err != nil {
		t.Fatal(err)
	}
	return "file://" + queries + "/"
}

// The input is read once, joins are broadcast, and no row goes through Python: by the physical plans
// and by the bytes that were read, of files that say less or more than ids and delays.
func TestPlan(t *testing.T) {
	python := onSpark.python(t)
	for _, form := range []struct {
		name  string
		key   string
		write func(row []string) []string // a row as the file has it; nil: as it is generated
		joins int                         // with airports twice, with days, with codes twice
		moves int                         // exchanges: of the codes' few rows once, none of the file's
	}{
		{"ids", "daily-flights/date=2008-05-01/flights.csv", nil, 2, 0},
		{"a month with the day in three columns", "daily-flights/month=2008-05/flights.csv", func(row []string) []string {
			if row[0] == "Carrier" {
				return append([]string{"Year", "Month", "DayofMonth"}, row...)
			}
			return append([]string{"2008", "5", "1"}, row...)
		}, 3, 0},
		{"IATA codes and days", "daily-flights/date=2008-05-01/flights.csv", func(row []string) []string {
			if row[0] == "Carrier" {
				return []string{"FlightDate", "UniqueCarrier", "ArrDelay", "DepDelay", "Origin", "Dest"}
			}
			return []string{"5/1/2008 12:00:00 AM", row[0], row[4], row[3], "I" + row[1], "I" + row[2]}
		}, 5, 1},
	} {
		t.Run(form.name, func(t *testing.T) {
			bucket, key, size := flightsBucket(t, 100_000)
			if form.write != nil {
				from := filepath.Join(bucket, filepath.FromSlash(key))
				key = form.key
				size = rewrite(t, from, filepath.Join(bucket, filepath.FromSlash(key)), form.write)
				airports := filepath.Join(bucket, "airports", "airports.csv")
				rewrite(t, airports, airports, func(row []string) []string {
					if row[0] == "airport_id" {
						return append(row, "iata")
					}
					return append(row, "I"+row[0])
				})
			}
			checkPlan(t, python, bucket, key, size, form.joins, form.moves)
		})
	}
}

// rewrite writes a CSV file's rows otherwise, and gives the new size.
func rewrite(t *testing.T, from, to string, write func(row []string) []string) int64 {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1 // some rows have faults
	all, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, row := range all {
		if len(row) == len(all[0]) {
			rows = append(rows, write(row))
		}
	}
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return int64(b.Len())
}

// checkPlan loads a file and looks at what Spark did for it.
func checkPlan(t *testing.T, python, bucket, key string, size int64, joins, moves int) {
	t.Helper()
	work, staging := filepath.Join(t.TempDir(), "work.json"), "file://"+t.TempDir()+"/id/"
	text, err := json.Marshal(map[string]any{
		"arguments": map[string]string{"dataset": "flights", "sql": sqlURL(t), "airports": "file://" + bucket + "/airports/"},
		"load":      map[string]string{"bucket": "file://" + bucket, "key": key, "version": "v", "load_id": "id", "staging": staging},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(work, text, 0o644); err != nil {
		t.Fatal(err)
	}
	var failures bytes.Buffer
	command := spark(python, "testdata/plan.py", "ingest.py", work)
	command.Stderr = &failures
	output, err := command.Output()
	if err != nil {
		t.Fatalf("Spark: %v\n%s", err, failures.String())
	}
	var done struct {
		Plans map[string]struct {
			Operators   []string
			Splits      int
			MethodBytes int `json:"method_bytes"`
		}
		BytesRead  int64 `json:"bytes_read"`
		RowsLoaded int64 `json:"rows_loaded"`
		Unmarked   []string
	}
	if err := json.Unmarshal(output, &done); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if done.RowsLoaded < 90_000 {
		t.Errorf("%d of 100,000 rows were loaded", done.RowsLoaded)
	}
	airports, err := os.Stat(filepath.Join(bucket, "airports", "airports.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if least, most := size, size+airports.Size()+1<<16; done.BytesRead < least || done.BytesRead > most {
		t.Errorf("%d bytes were read of files, want those of the flights and the airports once and few of the output: %d to %d", done.BytesRead, least, most)
	}
	if want := []string{staging + "rows/"}; !slices.Equal(done.Unmarked, want) {
		t.Errorf("markers of directories were removed below %q, want %q", done.Unmarked, want)
	}
	count := func(plan, operator string) (n int) {
		for _, o := range done.Plans[plan].Operators {
			if strings.HasPrefix(o, operator) {
				n++
			}
		}
		return n
	}
	for _, want := range []struct {
		plan, operator string
		times          int
	}{
		{"write rows", "FileScan text", 1}, {"write rows", "FileScan", 1}, {"write rows", "BroadcastHashJoin", joins}, {"write rows", "Exchange", moves}, {"write rows", "Sort", 0}, {"write rows", "WriteFiles", 1},
		{"counts", "FileScan parquet", 2}, {"counts", "FileScan", 2},
		{"write rejects", "FileScan parquet", 1}, {"write rejects", "FileScan", 1}, {"write rejects", "Exchange", 0},
	} {
		if n := count(want.plan, want.operator); n != want.times {
			t.Errorf("%s has %d of %s, want %d: %q", want.plan, n, want.operator, want.times, done.Plans[want.plan].Operators)
		}
	}
	// A record is split once, however many columns it has: as it stands, or, with quotes, made ready for it.
	if n := done.Plans["write rows"].Splits; n != 2 {
		t.Errorf("records are split by %d expressions, want the 2 of one column", n)
	}
	// A stage is one generated method, and Java's compiler leaves methods of more than 8,000 bytes to the interpreter.
	t.Logf("the largest generated method has %d bytes", done.Plans["write rows"].MethodBytes)
	if n := done.Plans["write rows"].MethodBytes; n == 0 || n > 8000 {
		t.Errorf("the largest generated method has %d bytes, want it compiled: at most 8000", n)
	}
	for name := range done.Plans {
		for _, operator := range []string{"SortMergeJoin", "ShuffledHashJoin", "Scan ExistingRDD", "BatchEvalPython", "ArrowEvalPython", "MapInPandas", "FlatMapGroupsInPandas", "PythonUDF"} {
			if count(name, operator) > 0 {
				t.Errorf("%s has %s: %q", name, operator, done.Plans[name].Operators)
			}
		}
	}
}

// What no plan shows is not in the script either.
func TestScriptTakesNoRowsToPython(t *testing.T) {
	script, err := os.ReadFile("ingest.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{".collect(", ".rdd", "udf(", "toPandas", "foreach", "mapIn", "DynamicFrame", "import awsglue", "from awsglue"} {
		if bytes.Contains(script, []byte(word)) {
			t.Errorf("ingest.py has %q", word)
		}
	}
}

// The small job's Python is 3.9, whatever Python it is tested with here.
func TestGrammarOfPython39(t *testing.T) {
	each(t, func(t *testing.T, e engine, python string) {
		const script = `import ast, glob
for path in glob.glob("*.py"):
    ast.parse(open(path).read(), path, feature_version=(3, 9))`
		if output, err := e.command(python, "-c", script).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, output)
		}
	})
}

// What the job does with S3: whole prefixes and nothing beside them, versions, and no markers of directories.
func TestS3(t *testing.T) {
	each(t, testS3)
}

func testS3(t *testing.T, e engine, python string) {
	const script = `
import sys
sys.path.insert(0, "testdata")
import boto3
from airline_objects import S3, Unreadable
s3 = S3()
for key in ("1/rows/", "1/rows/verdict=loaded/block=0/a.parquet", "1/rows/verdict=loaded/block=1/", "1/rows/verdict=loaded/block=0_$folder$", "1/rows/verdict=rejected/", "1/rows/verdict=rejected/c.parquet", "1/manifest.json", "10/manifest.json"):
    s3.write("s3://staging/loads/" + key, key.encode())
boto3.objects["raw", "day.csv", "v1"], boto3.objects["raw", "day.csv", None] = b"old", b"newest"
s3.copy("raw", "day.csv", "v1", "s3://staging/loads/1/input")
print(s3.read("s3://staging/loads/1/input"), s3.open("raw", "day.csv", "v1")[1], s3.open("raw", "day.csv", None)[1])
print([below for below, _, _ in s3.list("s3://staging/loads/1/rows/")])
s3.remove("s3://staging/loads/1/rows/verdict=rejected/")
s3.remove_markers("s3://staging/loads/1/rows/")
print(sorted(key for bucket, key, _ in boto3.objects if bucket == "staging"))
s3.remove("s3://staging/loads/1/")
print(sorted(key for bucket, key, _ in boto3.objects if bucket == "staging"))
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "file")
s3.fetch("raw", "day.csv", "v1", path)
s3.put(path, "s3://staging/put/day.csv")
print(open(path, "rb").read(), s3.read("s3://staging/put/day.csv"))
s3.remove("s3://staging/put/")
for ask in (lambda: s3.open("raw", "day.csv", "v2"), lambda: s3.copy("raw", "other.csv", None, "s3://staging/x"), lambda: s3.fetch("raw", "day.csv", "v3", path)):
    try:
        ask()
    except Unreadable as error:
        print(error)
for key in ("b/objects.json", "b/batch.json", "b/loads/1/x", "c/batch.json"):
    s3.write("s3://staging/" + key, b"")
s3.remove_but("s3://staging/b/", "s3://staging/b/objects.json")
print(sorted(key for bucket, key, _ in boto3.objects if bucket == "staging"))
`
	const want = `b'old' 3 6
['verdict=loaded/block=0/a.parquet', 'verdict=rejected/c.parquet']
['loads/1/input', 'loads/1/manifest.json', 'loads/1/rows/verdict=loaded/block=0/a.parquet', 'loads/10/manifest.json']
['loads/10/manifest.json']
b'old' b'old'
An error occurred (NoSuchKey): day.csv
An error occurred (NoSuchKey): other.csv
An error occurred (NoSuchKey): day.csv
['b/objects.json', 'c/batch.json', 'loads/10/manifest.json']
`
	output, err := e.command(python, "-c", script).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if diff := cmp.Diff(want, string(output)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJobArguments(t *testing.T) {
	each(t, testJobArguments)
}

func testJobArguments(t *testing.T, e engine, python string) {
	dir := t.TempDir()
	list := func(text string) string {
		path := filepath.Join(dir, fmt.Sprintf("%d.json", len(text)))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return "file://" + path
	}
	known := []string{"--dataset", "flights", "--staging", "file:///x/", "--airports", "file:///x/", "--sql", sqlURL(t)}
	for name, c := range map[string]struct {
		words []string
		want  []string
	}{
		"no SQL":        {[]string{"--dataset", "flights"}, []string{"--sql is missing"}},
		"SQL elsewhere": {[]string{"--dataset", "flights", "--sql=x"}, []string{"--sql 'x' must be s3://bucket/prefix/"}},
		"no dataset":    {[]string{"--dataset", "trains", "--sql", sqlURL(t)}, []string{"--dataset 'trains' must be airports, carriers or flights"}},
		"all at once": {[]string{"--dataset", "flights", "--sql", sqlURL(t), "--staging", "x", "--max_reject_ratio", "2", "--min_dep_delay", "soon", "--load_id", "../x", "--first_day", "2008-02-30"},
			[]string{"--staging 'x' must be", "--airports is missing", "--bucket is missing", "--first_day '2008-02-30' must be a day", "--key is missing", "--version is missing",
				"--load_id '../x' must be", "--min_dep_delay 'soon' must be minutes", "--max_reject_ratio '2' must be a number from 0 to 1"}},
		"misspelt":      {append(slices.Clone(known), "--min_dep_dealy", "5", "--min-dep-delay", "5"), []string{"--min_dep_dealy is no argument", "--min-dep-delay is no argument"}},
		"no JSON":       {append(slices.Clone(known), "--objects", list("[")), []string{"is no JSON"}},
		"no list":       {append(slices.Clone(known), "--objects", list("{}")), []string{"must be a JSON list"}},
		"wrong objects": {append(slices.Clone(known), "--objects", list(`[{"load_id": "a/b"}, 5]`)), []string{"object 0 of", "has no bucket", "load_id 'a/b' must be", "object 1 of"}},
	} {
		t.Run(name, func(t *testing.T) {
			// Before any session is made: it would take seconds.
			words := append([]string{"-c", "import sys; from airline_run import Contract, Files, arguments, loads, sql_of; a = sys.argv[1:]; loads(arguments(a, Contract.read(Files(), sql_of(a))), Files())"}, c.words...)
			output, err := e.command(python, words...).CombinedOutput()
			if err == nil {
				t.Errorf("accepted: %s", output)
			}
			for _, want := range c.want {
				if !bytes.Contains(output, []byte(want)) {
					t.Errorf("want %q in:\n%s", want, output)
				}
			}
			if bytes.Contains(output, []byte("Traceback")) {
				t.Errorf("a stack trace is no message:\n%s", output)
			}
		})
	}
}
