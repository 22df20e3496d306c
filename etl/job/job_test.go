// Package job_test runs the Glue job's scripts, on a real Spark and on the DuckDB of a Python shell job, and holds their output against
// what the local world's engine makes of the same files with the same SQL. It needs a Python that has pyspark, named by
// AIRLINE_PYSPARK, and one that has duckdb, named by AIRLINE_PYTHON_SHELL; etl/job/spark.sh and etl/job/duckdb.sh make them and run
// these tests.
package job_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/generate"
	"airline/etl/samples"

	"github.com/google/go-cmp/cmp"
)

// load is one object for both engines.
type load struct {
	name      string
	dataset   etl.Dataset
	bucket    string // a directory
	key       string
	arguments map[string]string // of the run, beyond the usual
	must      *samples.File     // what must become of it, where that is known
}

func (l load) id(i int) string { return fmt.Sprintf("load-%d", i) }

// outcome is what an engine made of a load, in a form in which both can be compared.
type outcome struct {
	Refused  etl.RefusalCode
	Message  string
	Manifest etl.Manifest
	Schema   []string
	Rows     []string
	Rejects  []samples.Reject
}

// only selects loads, as all of them share a Spark and are one test.
var only = flag.String("loads", "", "compare only the loads whose names match this regular expression")

// Both scripts make of every file what the local world's engine makes of it.
func TestScriptsMakeWhatTheLocalWorldMakes(t *testing.T) {
	each(t, func(t *testing.T, e engine, python string) {
		dir := t.TempDir()
		loads := slices.DeleteFunc(allLoads(t, dir), func(l load) bool { return !regexp.MustCompile(*only).MatchString(l.name) })
		want := make([]outcome, len(loads))
		for i, l := range loads {
			want[i] = runLocal(t, l, l.id(i), filepath.Join(dir, "local"))
		}
		got := runScript(t, e, python, loads, filepath.Join(dir, "script"), filepath.Join(dir, "local"))
		for m, mode := range e.modes {
			for i, l := range loads {
				t.Run(mode.name+"/"+l.name, func(t *testing.T) {
					if diff := cmp.Diff(want[i], got[m][i]); diff != "" {
						t.Errorf("the local world and %s differ (-local world +%[1]s):\n%s", e.script, diff)
					}
					if l.must == nil {
						return
					}
					must := *l.must
					must.Key, must.Says = l.key, slices.Clone(l.must.Says)
					for i, text := range must.Says {
						must.Says[i] = strings.ReplaceAll(text, l.must.Key, l.key)
					}
					if wrong := must.Judge(samples.Made{Rows: got[m][i].Rows, Rejects: got[m][i].Rejects, Refused: got[m][i].Refused, Message: got[m][i].Message}); wrong != "" {
						t.Error(wrong)
					}
				})
			}
		}
	})
}

// allLoads puts every file that the engines are compared on under dir.
func allLoads(t *testing.T, dir string) []load {
	t.Helper()
	put := func(bucket, key, content string) {
		t.Helper()
		path := filepath.Join(bucket, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		old := time.Unix(1e9, 0)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	var loads []load
	small := filepath.Join(dir, "small")
	put(small, "airports/airports.csv", samples.Airports)
	add := func(name, partition, content string, must *samples.File) {
		t.Helper()
		key := fmt.Sprintf("%s/it's %d+%%20[ä].csv", partition, len(loads))
		put(small, key, content)
		loads = append(loads, load{name: name, dataset: etl.Flights, bucket: small, key: key, must: must})
	}
	for _, file := range samples.Flights() {
		add(file.Name, path.Dir(file.Key), file.Content, &file)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 25 {
		add(fmt.Sprintf("random %d", i), "daily-flights/date=2008-05-01", randomFile(random), nil)
	}
	filtered := loads[0]
	filtered.must = nil
	filtered.name, filtered.arguments = "delay filter", map[string]string{"min_dep_delay": "5"}
	loads = append(loads, filtered)
	for _, key := range []string{"daily-flights/flights.csv", "daily-flights/date=2008-02-30/flights.csv", "date=2008-05-01/date=2008-05-02/f.csv", "month=2008-13/f.csv", "month=2008-05/date=2008-05-02/f.csv"} {
		put(small, key, samples.Airports)
		loads = append(loads, load{name: "key " + key, dataset: etl.Flights, bucket: small, key: key})
	}

	ancient := "daily-flights/date=0208-05-01/flights.csv" // a day that another calendar would call otherwise
	put(small, ancient, "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,3,4\n")
	loads = append(loads, load{name: "key " + ancient, dataset: etl.Flights, bucket: small, key: ancient, arguments: map[string]string{"first_day": "0001-01-01"}})
	generous := loads[0]
	generous.must = nil
	generous.name, generous.key = "other limits", "daily-flights/date=2100-01-01/flights.csv"
	generous.arguments = map[string]string{"max_early": "1", "max_late": "20000", "last_day": "2100-01-01", "round_trips": "true"}
	put(small, generous.key, "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,1,20000,-1\nAA,1,2,20001,-1\nAA,1,2,1,-2\n")
	loads = append(loads, generous)

	several := filepath.Join(dir, "several")
	put(several, "airports/a.csv", samples.Airports)
	put(several, "airports/b.csv.gz", "name,airport_id,city,state\r\n\"Second \"\"B\"\"\nField\",2,Newer Boise,ID\r\nFour,4,\"X, Y\",ZZ\r\nFour again,4,\"X, Y\",ZZ\r\nbad,x,,\r\n")
	put(several, "airports/c.csv", "city,state\nMissing,Columns\n")
	newer := time.Unix(1e9+5, 0)
	if err := os.Chtimes(filepath.Join(several, "airports", "b.csv.gz"), newer, newer); err != nil {
		t.Fatal(err)
	}
	put(several, "daily-flights/date=2008-05-01/flights.csv", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,3,4\nAA,4,2,3,4\nAA,5,2,3,4\n")
	loads = append(loads, load{name: "several airports files", dataset: etl.Flights, bucket: several, key: "daily-flights/date=2008-05-01/flights.csv"})
	refused := loads[len(loads)-1] // b.csv.gz has too many faults, and flights do without it
	refused.name, refused.arguments = "a refused airports file", map[string]string{"max_airports_reject_ratio": "0.25"}
	loads = append(loads, refused)
	for _, name := range []string{"a.csv", "b.csv.gz", "c.csv"} {
		loads = append(loads, load{name: "airports " + name, dataset: etl.Airports, bucket: several, key: "airports/" + name})
	}

	none := filepath.Join(dir, "none")
	put(none, "daily-flights/date=2008-05-01/flights.csv", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,3,4\n")
	if err := os.MkdirAll(filepath.Join(none, "airports"), 0o755); err != nil {
		t.Fatal(err)
	}
	loads = append(loads, load{name: "no airports", dataset: etl.Flights, bucket: none, key: "daily-flights/date=2008-05-01/flights.csv"})

	generated := filepath.Join(dir, "generated")
	if err := generate.Tree(generated, generate.Options{Seed: 3, Days: 2, FlightsPerDay: 2000, Faulty: 0.05}); err != nil {
		t.Fatal(err)
	}
	loads = append(loads, tree(t, dir, generated, "generated")...)
	// The sample of real flights, of published layouts and of odd files, if it is there.
	const shared = "../../../shared/data"
	loads = append(loads, tree(t, dir, shared, "real")...)
	beside, err := samples.Beside(shared)
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("no published and no odd files beside the repository: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	for i, file := range beside {
		bucket := filepath.Join(dir, fmt.Sprintf("beside %d", i))
		put(bucket, "airports/airports.csv", file.Airports)
		put(bucket, file.Key, file.Content)
		loads = append(loads, load{name: file.Name, dataset: etl.Flights, bucket: bucket, key: file.Key, must: &file})
	}
	return loads
}

// tree turns a directory of airports.csv and days into a bucket and its loads.
func tree(t *testing.T, dir, data, name string) []load {
	t.Helper()
	days, err := filepath.Glob(data + "/daily-flights/date=*/flights.csv")
	if err != nil {
		t.Fatal(err)
	}
	bucket := filepath.Join(dir, name+" bucket")
	var loads []load
	copied := func(from, key string) {
		t.Helper()
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(bucket, filepath.FromSlash(key))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, day := range days {
		key := "daily-flights/" + filepath.Base(filepath.Dir(day)) + "/flights.csv"
		copied(day, key)
		loads = append(loads, load{name: name + " " + key, dataset: etl.Flights, bucket: bucket, key: key})
	}
	if len(loads) > 0 {
		copied(filepath.Join(data, "airports.csv"), "airports/airports.csv")
		loads = append(loads, load{name: name + " airports", dataset: etl.Airports, bucket: bucket, key: "airports/airports.csv"})
	}
	return loads
}

// randomFile makes a file out of what is awkward.
func randomFile(random *rand.Rand) string {
	pieces := []string{"AA", "1", "2", "4", "-3", "+5", "NA", "", " ", "x", "1.5", "\"", "\"\"", ",", ",", ",", "\n", "\r\n", "\r", "ä€", "AA,1,2,5,-3\n", "AA,1,2,5,-3\n", "\"AA\",\"1\",2,\"\",3\n", "\"a\nb\",1,2,3,4\n"}
	var b strings.Builder
	b.WriteString("Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n")
	for range random.IntN(120) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

func runLocal(t *testing.T, l load, id, out string) outcome {
	t.Helper()
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	args := duckdb.Args{Dataset: l.dataset, Source: etl.Source{Bucket: "file://" + l.bucket, Key: l.key, Version: "v1"}, LoadID: id,
		Object: filepath.Join(l.bucket, filepath.FromSlash(l.key)), SQL: queries, Output: filepath.Join(out, id)}
	if text, ok := l.arguments["min_dep_delay"]; ok {
		var minutes int64
		if _, err := fmt.Sscan(text, &minutes); err != nil {
			t.Fatal(err)
		}
		args.MinDepDelay = &minutes
	}
	limits := etl.DefaultLimits()
	for name, to := range map[string]any{"max_early": &limits.MaxEarly, "max_late": &limits.MaxLate, "first_day": &limits.FirstDay, "last_day": &limits.LastDay, "round_trips": &limits.RoundTrips} {
		if text, ok := l.arguments[name]; ok {
			if _, err := fmt.Sscan(text, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	args.Limits = &limits
	if text, ok := l.arguments["max_airports_reject_ratio"]; ok {
		limit, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		args.MaxJoinedRejectRatio = &limit
	}
	files, err := os.ReadDir(filepath.Join(l.bucket, "airports"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		args.Joined = append(args.Joined, duckdb.JoinedFile{Key: "airports/" + file.Name(), Path: filepath.Join(l.bucket, "airports", file.Name()), Modified: info.ModTime()})
	}
	m, err := duckdb.Run(context.Background(), args)
	var refused *etl.RefusedError
	if errors.As(err, &refused) {
		return outcome{Refused: refused.Code, Message: err.Error()}
	}
	if err != nil {
		t.Fatalf("%s: %v", l.name, err)
	}
	return readOutput(t, m, args.Output)
}

// runScript runs all loads in all modes.
func runScript(t *testing.T, e engine, python string, loads []load, out, other string) [][]outcome {
	t.Helper()
	type item struct {
		Arguments  map[string]string `json:"arguments"`
		PieceBytes int64             `json:"piece_bytes"`
		Bucket     string            `json:"bucket"`
		Key        string            `json:"key"`
		Version    string            `json:"version"`
		LoadID     string            `json:"load_id"`
		Staging    string            `json:"staging"`
	}
	type modeWork struct {
		Settings map[string]string `json:"settings"`
		Together bool              `json:"together"`
		Loads    []item            `json:"loads"`
	}
	var work struct {
		Modes []modeWork `json:"modes"`
		Read  []string   `json:"read"`
	}
	for _, mode := range e.modes {
		do := modeWork{Settings: mode.settings, Together: mode.together}
		for i, l := range loads {
			arguments := map[string]string{"dataset": string(l.dataset), "sql": sqlURL(t), "airports": "file://" + l.bucket + "/airports/"}
			maps.Copy(arguments, l.arguments)
			info, err := os.Stat(filepath.Join(l.bucket, filepath.FromSlash(l.key)))
			if err != nil {
				t.Fatal(err)
			}
			do.Loads = append(do.Loads, item{arguments, mode.pieceBytes(info.Size()), "file://" + l.bucket, l.key, "v1", l.id(i),
				"file://" + filepath.Join(out, mode.name, l.id(i)) + "/"})
		}
		work.Modes = append(work.Modes, do)
	}
	var err error
	work.Read, err = filepath.Glob(other + "/*/" + etl.RowsDir + "*.parquet")
	if err != nil {
		t.Fatal(err)
	}
	if work.Read == nil {
		work.Read = []string{}
	}
	if len(work.Read) > 3 {
		work.Read = work.Read[len(work.Read)-3:]
	}
	text, err := json.Marshal(work)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(out, "loads.json")
	if err := os.WriteFile(list, text, 0o644); err != nil {
		t.Fatal(err)
	}
	command := e.command(python, "testdata/run_loads.py", e.script, list)
	begun := time.Now()
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", e.script, err, output)
	}
	var results struct {
		Modes [][]struct {
			Manifest *etl.Manifest
			Refused  etl.RefusalCode
			Message  string
		}
		Schemas []string
		Counts  []int64
	}
	text, err = os.ReadFile(list + ".results")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &results); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d loads in %d modes in %v", len(loads), len(e.modes), time.Since(begun).Round(time.Second))
	outcomes := make([][]outcome, len(e.modes))
	for m := range e.modes {
		for i, l := range loads {
			r, dir := results.Modes[m][i], strings.TrimPrefix(work.Modes[m].Loads[i].Staging, "file://")
			if r.Manifest != nil {
				outcomes[m] = append(outcomes[m], readOutput(t, *r.Manifest, dir))
				continue
			}
			outcomes[m] = append(outcomes[m], outcome{Refused: r.Refused, Message: r.Message})
			if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
				t.Errorf("%s: a refused load left a manifest", l.name)
			}
		}
	}
	if e.script == onSpark.script {
		expectReadBack(t, work.Read, results.Schemas, results.Counts)
	}
	return outcomes
}

// expectReadBack holds what Spark reads in DuckDB's Parquet against the contract.
func expectReadBack(t *testing.T, paths, schemas []string, counts []int64) {
	t.Helper()
	names := map[etl.Type]string{etl.Varchar: "string", etl.BigInt: "bigint", etl.Date: "date"}
	for i, path := range paths {
		var match bool
		for _, dataset := range []etl.Dataset{etl.Flights, etl.Airports} {
			var fields []string
			for _, c := range dataset.StagedColumns() {
				fields = append(fields, c.Name+":"+names[c.Type])
			}
			match = match || schemas[i] == "struct<"+strings.Join(fields, ",")+">"
		}
		if !match {
			t.Errorf("Spark reads %s as %s", path, schemas[i])
		}
		if want := query(t, "SELECT count(*)::VARCHAR FROM read_parquet('"+path+"')")[0]; want != fmt.Sprint(counts[i]) {
			t.Errorf("Spark reads %d rows in %s, DuckDB %s", counts[i], path, want)
		}
	}
}

// readOutput reads what a load left, with DuckDB.
func readOutput(t *testing.T, m etl.Manifest, dir string) outcome {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err != nil {
		t.Error(err)
	}
	base := dir // of the rows; those of a batch are elsewhere
	if m.Rows != "" {
		base = strings.TrimPrefix(m.Rows, "file://")
	}
	var files []string
	for _, file := range m.Files {
		files = append(files, quoted(filepath.Join(base, file)))
	}
	rows := "read_parquet([" + strings.Join(files, ", ") + "], hive_partitioning = false)"
	o := outcome{
		Schema: query(t, "DESCRIBE SELECT * FROM "+rows),
		Rows:   query(t, "SELECT COALESCE(COLUMNS(* EXCLUDE load_id)::VARCHAR, 'NULL') FROM "+rows),
	}
	if others := query(t, "SELECT DISTINCT load_id FROM "+rows+" WHERE load_id IS DISTINCT FROM "+quoted(m.LoadID)); len(others) > 0 {
		t.Errorf("rows of %s are of the loads %q", m.LoadID, others)
	}
	for _, file := range m.RejectFiles {
		f, err := os.Open(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for d := json.NewDecoder(f); d.More(); {
			var r samples.Reject
			if err := d.Decode(&r); err != nil {
				t.Fatal(err)
			}
			o.Rejects = append(o.Rejects, r)
		}
	}
	sort.Slice(o.Rejects, func(i, j int) bool { return o.Rejects[i].Line < o.Rejects[j].Line })
	listed := slices.Sorted(slices.Values(m.Files))
	var there []string
	places := []string{filepath.Join(dir, "rows"), filepath.Join(dir, "input")} // rejects wait below rows/, and the input's copy below input/, but not for ever
	if base != dir {
		places = append(places, base)
	}
	for _, place := range places {
		err := filepath.WalkDir(place, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") { // Hadoop keeps checksums beside local files
				relative, _ := filepath.Rel(base, path)
				there = append(there, filepath.ToSlash(relative))
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(listed, there); diff != "" || len(listed) == 0 {
		t.Errorf("the manifest lists not what is there (-manifest +there):\n%s", diff)
	}
	m.Rows, m.Files, m.RejectFiles = "", nil, nil // their names are the engine's
	o.Manifest = m
	return o
}

func query(t *testing.T, text string) []string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, pointers := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, v := range values {
			line = append(line, v.String)
		}
		out = append(out, strings.Join(line, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	sort.Strings(out)
	return out
}
