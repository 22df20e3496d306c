package duckdb_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/samples"

	"github.com/google/go-cmp/cmp"
)

const header = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"

// result is what one load left in its output directory.
type result struct {
	Manifest etl.Manifest
	Rows     []string // "carrier|dep_airport|arr_airport|dep_delay|arr_delay", sorted
	Rejects  []samples.Reject
}

func queries(t testing.TB) map[string]string {
	t.Helper()
	q, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func write(t testing.TB, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// flights are the arguments to load a flights file with the airports of the samples.
func flights(t testing.TB, content string) duckdb.Args {
	t.Helper()
	return flightsAmong(t, content, samples.Airports)
}

// flightsAmong are the arguments to load a flights file with airports.
func flightsAmong(t testing.TB, content, airports string) duckdb.Args {
	t.Helper()
	dir := t.TempDir()
	return duckdb.Args{
		Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: samples.Key, Version: "v1"}, LoadID: "id-1",
		Object: write(t, dir, "a [name] with * and 'quotes'.csv", content),
		Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: write(t, dir, "airports.csv", airports), Modified: time.Unix(1, 0)}},
		SQL:    queries(t), Output: filepath.Join(dir, "it's out"),
	}
}

func run(t testing.TB, args duckdb.Args) (result, error) {
	t.Helper()
	m, err := duckdb.Run(context.Background(), args)
	if err != nil {
		if _, err := os.Stat(filepath.Join(args.Output, "manifest.json")); err == nil {
			t.Error("a failed load left a manifest")
		}
		return result{}, err
	}
	got := result{Manifest: m}
	text, err := os.ReadFile(filepath.Join(args.Output, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var stored etl.Manifest
	if err := json.Unmarshal(text, &stored); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, stored); diff != "" {
		t.Errorf("manifest (-returned +stored):\n%s", diff)
	}
	for _, file := range m.Files {
		got.Rows = append(got.Rows, lines(t, "SELECT COALESCE(COLUMNS(* EXCLUDE load_id)::VARCHAR, 'NULL') FROM read_parquet("+quote(filepath.Join(args.Output, file))+", hive_partitioning = false)")...)
	}
	sort.Strings(got.Rows)
	for _, file := range m.RejectFiles {
		f, err := os.Open(filepath.Join(args.Output, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for scan := json.NewDecoder(bufio.NewReader(f)); scan.More(); {
			var r samples.Reject
			if err := scan.Decode(&r); err != nil {
				t.Fatal(err)
			}
			got.Rejects = append(got.Rejects, r)
		}
	}
	if m.RowsRead != m.RowsLoaded+m.RowsRejected || m.RowsLoaded != int64(len(got.Rows)) || m.RowsRejected != int64(len(got.Rejects)) {
		t.Errorf("manifest says %d read, %d loaded, %d rejected; there are %d rows and %d rejects", m.RowsRead, m.RowsLoaded, m.RowsRejected, len(got.Rows), len(got.Rejects))
	}
	return got, nil
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// lines answers a query as texts, columns joined by "|".
func lines(t testing.TB, query string) []string {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	var out []string
	for rows.Next() {
		values, pointers := make([]string, len(names)), make([]any, len(names))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			t.Fatal(err)
		}
		out = append(out, strings.Join(values, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func ptr(n int64) *int64 { return &n }

func TestFlightsSamples(t *testing.T) { expectSamples(t, samples.Flights()) }

// The published layouts and the odd folders that may lie beside the repository.
func TestFlightsBeside(t *testing.T) {
	files, err := samples.Beside(realData)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no published and no odd files beside the repository: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	expectSamples(t, files)
}

func expectSamples(t *testing.T, files []samples.File) {
	for _, file := range files {
		t.Run(file.Name, func(t *testing.T) {
			args := flightsAmong(t, file.Content, file.Airports)
			args.Source.Key = file.Key
			got, err := run(t, args)
			made := samples.Made{Rows: got.Rows, Rejects: got.Rejects}
			var refused *etl.RefusedError
			if errors.As(err, &refused) {
				made.Refused, made.Message = refused.Code, err.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if wrong := file.Judge(made); wrong != "" {
				t.Error(wrong)
			}
			if refused != nil {
				return
			}
			reasons := map[string]int64{}
			for _, r := range file.Rejects {
				reasons[r.Reason]++
			}
			if diff := cmp.Diff(reasons, got.Manifest.Reasons); diff != "" {
				t.Errorf("reasons (-want +got):\n%s", diff)
			}
			again, err := run(t, args) // the same load once more
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, again); diff != "" {
				t.Errorf("a second run (-first +second):\n%s", diff)
			}
		})
	}
}

func TestFlightsFilter(t *testing.T) {
	args := flights(t, header+"AA,1,2,60,1\nAA,1,2,59,2\nAA,1,2,,3\nAA,1,2,x,4\nAA,1,2,61,5\n")
	args.MinDepDelay = ptr(60)
	got, err := run(t, args)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"below minDepDelay": 2, "invalid DepDelay": 1}
	if diff := cmp.Diff(want, got.Manifest.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if len(got.Rows) != 2 || got.Manifest.RejectRatio != 0.2 {
		t.Errorf("%d rows, reject ratio %v; want 2 and 0.2: a filtered row is no fault", len(got.Rows), got.Manifest.RejectRatio)
	}
}

func TestFlightsWithoutAirports(t *testing.T) {
	args := flights(t, header+"AA,1,2,5,-3\n")
	args.Joined = nil
	got, err := run(t, args)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]int64{"unknown origin airport": 1}; got.Manifest.RejectRatio != 1 || !cmp.Equal(want, got.Manifest.Reasons) {
		t.Errorf("manifest = %+v, want all rejected as %v", got.Manifest, want)
	}
}

// Airports of a file that its own load refuses are not in the warehouse, so flights must not have them either.
func TestFlightsDoWithoutRefusedAirports(t *testing.T) {
	args := flights(t, header+"AA,1,2,5,-3\nAA,1,9,5,-3\n")
	args.Joined = append(args.Joined, duckdb.JoinedFile{Key: "airports/bad.csv", Modified: time.Unix(9, 0),
		Path: write(t, t.TempDir(), "bad.csv", "airport_id,city,state,name\n9,Nine,NI,Nine Field\nx,No,NO,No\n")})
	limit := 0.4
	args.MaxJoinedRejectRatio = &limit
	got, err := run(t, args)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]int64{"unknown destination airport": 1}; !cmp.Equal(want, got.Manifest.Reasons) {
		t.Errorf("reasons %v, want %v", got.Manifest.Reasons, want)
	}
	if w := got.Manifest.Warnings; len(w) != 1 || !strings.Contains(w[0], "airports/bad.csv: 1 of 2 rows have a fault, more than the limit of 0.4") {
		t.Errorf("warnings %q", w)
	}
}

func TestFlightsJoinTheNewestAirports(t *testing.T) {
	args := flights(t, header+"AA,1,2,5,-3\n")
	dir := t.TempDir()
	add := func(name, content string, at int64) {
		args.Joined = append(args.Joined, duckdb.JoinedFile{Key: "airports/" + name, Path: write(t, dir, name, content), Modified: time.Unix(at, 0)})
	}
	add("a.csv", "city,name,airport_id,state\nNew Boise,New Terminal,2,ID\n", 3)
	add("b.csv", "city,name,airport_id,state\nOld Adak,Old Field,1,AK\nOld Boise,Old Terminal,2,ID\n", 0)
	add("broken.csv", "city,airport_id,state\nWrong,1,AK\n", 9)
	got, err := run(t, args)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"AA|Adak Island|New Terminal|Adak|New Boise|AK|ID|5|-3|2008-05-01"}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	if w := got.Manifest.Warnings; len(w) != 1 || !strings.Contains(w[0], "airports/broken.csv:1") || !strings.Contains(w[0], "name") {
		t.Errorf("warnings = %q, want one of airports/broken.csv and its missing column", w)
	}
}

func TestAirports(t *testing.T) {
	dir := t.TempDir()
	content := "name,airport_id,city,state,iata\nFirst,1,Adak,AK,ADK\nLast,1,Adak,AK,ADK\n\"Boise, Air\",2,Boise,,BOI\nNowhere,x,,,\n" +
		"Long,3," + strings.Repeat("c", 101) + ",,\nLong,4,," + strings.Repeat("ß", 51) + ",\n" + strings.Repeat("n", 201) + ",5,,,\n" + strings.Repeat("n", 200) + ",6,,,\nShort,7\nLast,1,Bad," + strings.Repeat("s", 101) + ",\n"
	got, err := run(t, duckdb.Args{
		Dataset: etl.Airports, Source: etl.Source{Bucket: "raw", Key: "airports/airports.csv", Version: "v1"}, LoadID: "id-1",
		Object: write(t, dir, "airports.csv", content), SQL: queries(t), Output: filepath.Join(dir, "out"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"1|Adak|AK|Last", "2|Boise||Boise, Air", "6|||" + strings.Repeat("n", 200)}
	if diff := cmp.Diff(want, got.Rows); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	reasons := map[string]int64{"repeated airport_id": 1, "invalid airport_id": 1, "city too long": 1, "state too long": 2, "name too long": 1, "ragged row": 1}
	if diff := cmp.Diff(reasons, got.Manifest.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

func TestArgumentsAreCheckedAtOnce(t *testing.T) {
	_, err := duckdb.Run(context.Background(), duckdb.Args{Dataset: "trains", SQL: map[string]string{"rejects.sql": "x"}})
	for _, text := range []string{`"trains"`, "source key", "load id", "object", "output", "counts.sql"} {
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("error %v does not say %q", err, text)
		}
	}
}

func TestKeyWithoutADay(t *testing.T) {
	for _, key := range []string{"daily-flights/flights.csv", "daily-flights/date=2008-13-01/flights.csv", "daily-flights/date=20080501/flights.csv",
		"daily-flights/date=2008-05-01/date=2008-05-02/flights.csv", "date=2008-05-01", "daily-flights/date=2008-5-1/flights.csv"} {
		args := flights(t, header)
		args.Source.Key = key
		_, err := run(t, args)
		var refused *etl.RefusedError
		if !errors.As(err, &refused) || refused.Code != etl.RefusedKey || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: error = %v, want a refusal that names the key", key, err)
		}
	}
}

// The columns of the Parquet are what COPY into the table needs: the same, in order and type.
func TestParquetIsWhatCopyNeeds(t *testing.T) {
	for _, content := range []string{header, header + "AA,1,2,5,-3\n"} {
		args := flights(t, content)
		if _, err := run(t, args); err != nil {
			t.Fatal(err)
		}
		got := lines(t, "SELECT name, type, COALESCE(converted_type, '') FROM parquet_schema("+quote(filepath.Join(args.Output, etl.RowsDir, "*.parquet"))+") WHERE num_children IS NULL")
		var want []string
		for _, c := range etl.Flights.StagedColumns() {
			want = append(want, c.Name+"|"+map[etl.Type]string{etl.Varchar: "BYTE_ARRAY|UTF8", etl.BigInt: "INT64|INT_64", etl.Date: "INT32|DATE"}[c.Type])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Parquet of %q (-want +got):\n%s", content, diff)
		}
	}
}

func ExampleRun() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	object := filepath.Join(dir, "object")
	if err := os.WriteFile(object, []byte(header+"AA,1,2,5,-3\n"), 0o644); err != nil {
		fmt.Println(err)
		return
	}
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		fmt.Println(err)
		return
	}
	manifest, err := duckdb.Run(context.Background(), duckdb.Args{
		Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: samples.Key, Version: "v1"}, LoadID: "5f0c",
		Object: object, SQL: queries, Output: filepath.Join(dir, etl.LoadPrefix("5f0c")),
	})
	fmt.Println(manifest.RowsRead, manifest.Reasons, err)
	// Output: 1 map[unknown origin airport:1] <nil>
}
