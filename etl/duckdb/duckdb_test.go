package duckdb_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"

	"github.com/google/go-cmp/cmp"
)

const (
	dayKey   = "daily-flights/date=2008-05-01/flights.csv"
	header   = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
	airports = "airport_id,city,state,name\n1,Adak,AK,Adak Island\n2,Boise,ID,\"Boise, Air Terminal\"\n3,Cody,WY,Yellowstone\n"
)

// result is what one load left in its output directory.
type result struct {
	Manifest etl.Manifest
	Rows     []string // "carrier|dep_airport|arr_airport|dep_delay|arr_delay", sorted
	Rejects  []reject
}

type reject struct {
	Line   int64  `json:"line"`
	Reason string `json:"reason"`
	Record string `json:"record"`
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

// flights are the arguments to load a flights file with the three airports.
func flights(t testing.TB, content string) duckdb.Args {
	t.Helper()
	dir := t.TempDir()
	return duckdb.Args{
		Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: dayKey, Version: "v1"}, LoadID: "id-1",
		Object:   write(t, dir, "a [name] with * and 'quotes'.csv", content),
		Airports: []duckdb.AirportsFile{{Key: "airports/airports.csv", Path: write(t, dir, "airports.csv", airports), Modified: time.Unix(1, 0)}},
		SQL:      queries(t), Output: filepath.Join(dir, "it's out"),
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
		got.Rows = append(got.Rows, lines(t, "SELECT COALESCE(COLUMNS(*)::VARCHAR, 'NULL') FROM read_parquet("+quote(filepath.Join(args.Output, file))+")")...)
	}
	sort.Strings(got.Rows)
	for _, file := range m.RejectFiles {
		f, err := os.Open(filepath.Join(args.Output, file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for scan := json.NewDecoder(bufio.NewReader(f)); scan.More(); {
			var r reject
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

func zipped(content string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(content))
	w.Close()
	return b.String()
}

func ptr(n int64) *int64 { return &n }

const (
	aa = "AA|Adak Island|Boise, Air Terminal|Adak|Boise|AK|ID|5|-3|2008-05-01|" + dayKey + "|id-1"
	dl = "DL|Boise, Air Terminal|Yellowstone|Boise|Cody|ID|WY|NULL|0|2008-05-01|" + dayKey + "|id-1"
)

func TestFlightsAccepted(t *testing.T) {
	const a, d = "AA,1,2,5,-3", "DL,2,3,NA,0"
	good := []string{aa, dl}
	for _, test := range []struct {
		name, content string
		rows          []string
		rejects       []reject
	}{
		{"plain", header + a + "\n" + d + "\n", good, nil},
		{"no line end at the end", header + a + "\n" + d, good, nil},
		{"header only", header, nil, nil},
		{"header only without line end", strings.TrimSpace(header), nil, nil},
		{"identical rows are two flights", header + a + "\n" + a + "\n", []string{aa, aa}, nil},
		{"CRLF", strings.ReplaceAll(header+a+"\n"+d+"\n", "\n", "\r\n"), good, nil},
		{"mixed line ends", header + a + "\r\n" + d + "\n", good, nil},
		{"byte order mark", "\ufeff" + header + a + "\n" + d + "\n", good, nil},
		{"byte order mark and quotes", "\ufeff\"Carrier\",\"OriginAirportID\",DestAirportID,DepDelay,ArrDelay\n" + a + "\n" + d + "\n", good, nil},
		{"gzip", zipped(header + a + "\n" + d + "\n"), good, nil},
		{"gzip in two members", zipped(header+a+"\n") + zipped(d+"\n"), good, nil},
		{"gzip with quotes", zipped(header + "\"AA\",1,2,5,-3\n" + d + "\n"), good, nil},
		{"blank lines", "\n" + header + "\n" + a + "\n\r\n\n" + d + "\n\n", good, nil},
		{"names in any case and order, with more columns", "ARRDELAY,Remarks,carrier, DestAirportId ,originairportid,depDELAY,Remarks\n-3,x,AA,2,1,5,\n0,,DL,3,2,,\n", good, nil},
		{"quotes", header + "\"AA\",\"1\",\"2\",\"5\",\"-3\"\nDL,2,3,\"\",\"0\"\n", good, nil},
		{"quoted commas, quotes and line breaks", "Carrier,Remarks,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,\"a,b\",1,2,5,-3\nDL,\"say \"\"hi\"\"\r\nand\n\nbye\",2,3,NA,0\n", good, nil},
		{"integers as people write them", header + "AA,+1,02,005,-03\nDL,2,3,,-0\n", good, nil},
		{"ragged rows", header + a + "\nAA,1,2,5\n" + d + "\nAA,1,2,5,-3,9\n   \n,\n", good, []reject{
			{3, "ragged row", "AA,1,2,5"}, {5, "ragged row", "AA,1,2,5,-3,9"}, {6, "ragged row", "   "}, {7, "ragged row", ","}}},
		{"ragged rows among quotes", header + "\"A\"\"A\",1,2,5\n" + a + "\n\"A,A\",1,2,5,-3,9\n" + d + "\n", good, []reject{
			{2, "ragged row", "\"A\"\"A\",1,2,5"}, {4, "ragged row", "\"A,A\",1,2,5,-3,9"}}},
		{"stray quotes stay where they are", header + "A\"A,1,2,5,-3\n" + a + "\n\"AA\" ,1,2,5,-3\n" + d + "\nAA,1,2,5,\"-\"3\"\n", good, []reject{
			{2, "malformed quotes", "A\"A,1,2,5,-3"}, {4, "malformed quotes", "\"AA\" ,1,2,5,-3"}, {6, "malformed quotes", "AA,1,2,5,\"-\"3\""}}},
		{"a record of several lines that is bad", header + a + "\n\"A\nA\",1,2,x,-3\n" + d + "\n", good, []reject{{3, "invalid DepDelay", "\"A\nA\",1,2,x,-3"}}},
		{"a carriage return inside", header + a + "\nA\rA,1,2,5,x\n" + d + "\r\n", good, []reject{{3, "invalid ArrDelay", "A\rA,1,2,5,x"}}},
		{"reasons", header + strings.Join([]string{a, d,
			",1,2,5,-3", "ABCDEFGHIJK,1,2,5,-3", "ÄÖÜÄÖÜ,1,2,5,-3", "AA,,2,5,-3", "AA,SFO,2,5,-3", "AA,1,2.0,5,-3", "AA,1,2,soon,-3", "AA,1,2,5,1e3", "AA,1,2,1.5,-3",
			"AA,1,2, 5,-3", "AA,1,2,1_0,-3", "AA,1,2,0x5,-3", "AA,1,2,na,-3", "AA,1,2,99999999999999999999,-3", "AA,1,2,-,-3", "AA,1,2,٣,-3", "AA,4,2,5,-3", "AA,1,4,5,-3", "AA,99999999999999999999,2,5,-3",
			",SFO,x,x,x", "AA,4,4,5,x"}, "\n") + "\n", good, []reject{
			{4, "missing Carrier", ",1,2,5,-3"}, {5, "Carrier too long", "ABCDEFGHIJK,1,2,5,-3"}, {6, "Carrier too long", "ÄÖÜÄÖÜ,1,2,5,-3"},
			{7, "invalid OriginAirportID", "AA,,2,5,-3"}, {8, "invalid OriginAirportID", "AA,SFO,2,5,-3"}, {9, "invalid DestAirportID", "AA,1,2.0,5,-3"},
			{10, "invalid DepDelay", "AA,1,2,soon,-3"}, {11, "invalid ArrDelay", "AA,1,2,5,1e3"}, {12, "invalid DepDelay", "AA,1,2,1.5,-3"},
			{13, "invalid DepDelay", "AA,1,2, 5,-3"}, {14, "invalid DepDelay", "AA,1,2,1_0,-3"}, {15, "invalid DepDelay", "AA,1,2,0x5,-3"}, {16, "invalid DepDelay", "AA,1,2,na,-3"},
			{17, "invalid DepDelay", "AA,1,2,99999999999999999999,-3"}, {18, "invalid DepDelay", "AA,1,2,-,-3"}, {19, "invalid DepDelay", "AA,1,2,٣,-3"},
			{20, "unknown origin airport", "AA,4,2,5,-3"}, {21, "unknown destination airport", "AA,1,4,5,-3"}, {22, "invalid OriginAirportID", "AA,99999999999999999999,2,5,-3"},
			{23, "missing Carrier", ",SFO,x,x,x"}, {24, "invalid ArrDelay", "AA,4,4,5,x"}}},
		{"control characters", header + a + "\nA\x01\x02\x03\x04A,1,2,5,x\n" + d + "\n", good, []reject{{3, "invalid ArrDelay", "A\x01\x02\x03\x04A,1,2,5,x"}}},
		{"a long record", header + a + "\n" + d + "\n" + strings.Repeat("x", 1<<20) + "\n", good, []reject{{4, "ragged row", strings.Repeat("x", 1<<20)}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := flights(t, test.content)
			got, err := run(t, args)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.rows, got.Rows); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.rejects, got.Rejects); diff != "" {
				t.Errorf("rejects (-want +got):\n%s", diff)
			}
			reasons := map[string]int64{}
			for _, r := range test.rejects {
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

func TestFlightsRefused(t *testing.T) {
	for _, test := range []struct {
		name, content string
		code          etl.RefusalCode
		says          []string
	}{
		{"nothing", "", etl.RefusedEmpty, []string{dayKey}},
		{"nothing but line ends", "\n\r\n\n", etl.RefusedEmpty, []string{dayKey}},
		{"nothing but a byte order mark", "\ufeff", etl.RefusedEmpty, []string{dayKey}},
		{"nothing in gzip", zipped(""), etl.RefusedEmpty, []string{dayKey}},
		{"no header", "AA,1,2,5,-3\nDL,2,3,NA,0\n", etl.RefusedNoHeader, []string{dayKey + ":1", "no header", "AA,1,2,5,-3", "Carrier", "ArrDelay"}},
		{"missing column", "Carrier,OriginAirportID,DestAirportID,ArrDelay\nAA,1,2,5\n", etl.RefusedColumns, []string{dayKey + ":1", "lacks the required column DepDelay;"}},
		{"missing columns", "Carrier,OriginAirportID,ArrDelay\nAA,1,2\n", etl.RefusedColumns, []string{"DestAirportID, DepDelay"}},
		{"semicolons", "Carrier;OriginAirportID;DestAirportID;DepDelay;ArrDelay\nAA;1;2;5;6\n", etl.RefusedNoHeader, nil},
		{"a column twice", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,DEPDELAY\nAA,1,2,5,6,7\n", etl.RefusedRepeated, []string{"DepDelay"}},
		{"malformed quotes in the header", "Carrier,Origin\"AirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,5,6\n", etl.RefusedNoHeader, nil},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", etl.RefusedNotText, []string{"UTF-8"}},
		{"NUL", header + "AA,1,2,5,-3\nAA,1,2,\x00,-3\n", etl.RefusedNotText, []string{dayKey + ":3", "NUL"}},
		{"Latin-1", header + "AA,1,2,5,-3\nK\xf6ln,1,2,5,-3\n", etl.RefusedNotText, []string{dayKey + ":3", "0xf6"}},
		{"an unfinished character at the end", header + "AA,1,2,5,-3\nAA,1,2,5,\xc3", etl.RefusedNotText, []string{dayKey + ":3"}},
		{"UTF-16", "\xff\xfeC\x00a\x00", etl.RefusedNotText, []string{"UTF-16"}},
		{"cut gzip", zipped(header + strings.Repeat("AA,1,2,5,-3\n", 9999))[:100], etl.RefusedGzip, []string{"gzip"}},
		{"no gzip after the magic number", "\x1f\x8bnonsense", etl.RefusedGzip, nil},
		{"a quote that is never closed", header + "AA,1,2,5,-3\n\"AA,1,2,5,-3\nDL,2,3,NA,0\n", etl.RefusedQuote, []string{dayKey + ":3"}},
		{"an endless line", header + strings.Repeat("x", 1<<20+1) + "\n", etl.RefusedLongRecord, []string{dayKey + ":2"}},
		{"an endless quoted record", header + "\"" + strings.Repeat("x\n", 1<<19) + "\",1,2,5,-3\n", etl.RefusedLongRecord, []string{dayKey + ":2"}},
		{"carriage returns alone", strings.ReplaceAll(header+"AA,1,2,5,-3\n", "\n", "\r"), etl.RefusedColumns, []string{"ArrDelay"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := run(t, flights(t, test.content))
			var refused *etl.RefusedError
			if !errors.As(err, &refused) {
				t.Fatalf("error = %v, want a *RefusedError", err)
			}
			if refused.Code != test.code {
				t.Errorf("code = %q, want %q (%v)", refused.Code, test.code, err)
			}
			for _, text := range append(test.says, dayKey) {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("error %q does not say %q", err, text)
				}
			}
			t.Log(err)
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
	args.Airports = nil
	got, err := run(t, args)
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]int64{"unknown origin airport": 1}; got.Manifest.RejectRatio != 1 || !cmp.Equal(want, got.Manifest.Reasons) {
		t.Errorf("manifest = %+v, want all rejected as %v", got.Manifest, want)
	}
}

func TestFlightsJoinTheNewestAirports(t *testing.T) {
	args := flights(t, header+"AA,1,2,5,-3\n")
	dir := t.TempDir()
	add := func(name, content string, at int64) {
		args.Airports = append(args.Airports, duckdb.AirportsFile{Key: "airports/" + name, Path: write(t, dir, name, content), Modified: time.Unix(at, 0)})
	}
	add("a.csv", "city,name,airport_id,state\nNew Boise,New Terminal,2,ID\n", 3)
	add("b.csv", "city,name,airport_id,state\nOld Adak,Old Field,1,AK\nOld Boise,Old Terminal,2,ID\n", 0)
	add("broken.csv", "city,airport_id,state\nWrong,1,AK\n", 9)
	got, err := run(t, args)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"AA|Adak Island|New Terminal|Adak|New Boise|AK|ID|5|-3|2008-05-01|" + dayKey + "|id-1"}
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
		got := lines(t, "SELECT name, type, COALESCE(converted_type, '') FROM parquet_schema("+quote(filepath.Join(args.Output, "rows", "*.parquet"))+") WHERE num_children IS NULL")
		var want []string
		for _, c := range etl.Flights.RowColumns() {
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
		Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: dayKey, Version: "v1"}, LoadID: "5f0c",
		Object: object, SQL: queries, Output: filepath.Join(dir, etl.LoadPrefix("5f0c")),
	})
	fmt.Println(manifest.RowsRead, manifest.Reasons, err)
	// Output: 1 map[unknown origin airport:1] <nil>
}
