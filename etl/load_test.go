package etl_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"airline/etl"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/google/go-cmp/cmp"
)

// warehouse executes load statements on DuckDB as the Data API would: one batch, one transaction.
type warehouse struct {
	t    *testing.T
	conn *sql.Conn
	dir  string // stands for s3://staging/
}

func newWarehouse(t *testing.T) *warehouse {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	w := &warehouse{t: t, conn: conn, dir: t.TempDir()}
	for range 2 { // twice: it must be idempotent
		for _, statement := range etl.DDL() {
			w.exec(statement)
		}
	}
	return w
}

func (w *warehouse) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.conn.ExecContext(context.Background(), statement, args...); err != nil {
		w.t.Fatalf("%s: %v", statement, err)
	}
}

// object is one version of a raw file, in terms of the flights' carriers that it holds.
type object struct {
	key, version, time string
	rows               []string
}

func (o object) loadID() string { return "id-" + o.version }

// stage writes what the Glue job would have written for the object.
func (w *warehouse) stage(o object) {
	w.t.Helper()
	dir := filepath.Join(w.dir, etl.RowsPrefix(o.loadID()))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	var columns []string
	for _, c := range etl.FlightsFact().Columns {
		value := "NULL"
		switch c.Name {
		case "carrier":
			value = "carrier"
		case "flight_date":
			value = "'2008-05-01'"
		case "source_key":
			value = "'" + strings.ReplaceAll(o.key, "'", "''") + "'"
		case "load_id":
			value = "'" + o.loadID() + "'"
		}
		columns = append(columns, fmt.Sprintf("CAST(%s AS %s) AS %s", value, c.SQL(), c.Name))
	}
	rows := "(SELECT NULL WHERE false) t(carrier)"
	if len(o.rows) > 0 {
		rows = "(VALUES ('" + strings.Join(o.rows, "'), ('") + "')) t(carrier)"
	}
	w.exec("COPY (SELECT " + strings.Join(columns, ", ") + " FROM " + rows + ") TO '" + filepath.Join(dir, "part-0.parquet") + "' (FORMAT PARQUET)")
}

var (
	copyStatement = regexp.MustCompile(`^COPY (\S+) FROM 's3://staging/([^']*)' IAM_ROLE '[^']*' FORMAT AS PARQUET$`)
	parameter     = regexp.MustCompile(`:([a-z_]+)`)
)

// run executes a batch and rolls back on the first failure.
func (w *warehouse) run(statements []string, values map[string]string) error {
	ctx := context.Background()
	tx, err := w.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if m := copyStatement.FindStringSubmatch(strings.ReplaceAll(statement, etl.LoadIDPlaceholder, values["load_id"])); m != nil {
			statement = fmt.Sprintf("INSERT INTO %s SELECT * FROM read_parquet('%s*.parquet')", m[1], filepath.Join(w.dir, m[2])+"/")
		}
		var args []any
		seen := map[string]bool{}
		for _, m := range parameter.FindAllStringSubmatch(statement, -1) {
			if !seen[m[1]] {
				args = append(args, sql.Named(m[1], values[m[1]]))
				seen[m[1]] = true
			}
		}
		if _, err := tx.ExecContext(ctx, parameter.ReplaceAllString(statement, "$$$1"), args...); err != nil {
			tx.Rollback()
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return tx.Commit()
}

func (w *warehouse) values(o object) map[string]string {
	return map[string]string{
		"load_id": o.loadID(), "source_key": o.key, "version": o.version, "event_time": o.time,
		"rows_read": fmt.Sprint(len(o.rows) + 1), "rows_loaded": fmt.Sprint(len(o.rows)), "rows_rejected": "1",
		"execution_arn": "arn:aws:states:eu-central-1:111122223333:execution:ingest-flights:x", "loaded_at": "2026-01-01T00:00:00.000Z",
	}
}

func (w *warehouse) load(o object) {
	w.t.Helper()
	w.stage(o)
	if err := w.run(etl.LoadFlights(target), w.values(o)); err != nil {
		w.t.Fatal(err)
	}
}

// lines answers a query as sorted, comma-separated lines.
func (w *warehouse) lines(query string) []string {
	w.t.Helper()
	rows, err := w.conn.QueryContext(context.Background(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	var out []string
	for rows.Next() {
		values, pointers := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, strings.TrimSuffix(fmt.Sprintln(values...), "\n"))
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	sort.Strings(out)
	return out
}

var target = etl.Target{StagingBucket: "staging", CopyRoleARN: "arn:aws:iam::111122223333:role/copy"}

const day = "daily-flights/date=2008-05-01/flights.csv"

func TestLoadFlights(t *testing.T) {
	v1 := object{key: day, version: "v1", time: "2008-05-02T00:00:00Z", rows: []string{"AA", "AA", "DL"}}
	v2 := object{key: day, version: "v2", time: "2008-05-02T00:00:01Z", rows: []string{"AA", "WN"}}
	other := object{key: `daily-flights/date=2008-05-02/it's; -- "odd".csv`, version: "v9", time: "2008-05-01T00:00:00Z", rows: []string{"FL"}}
	none := object{key: day, version: "v3", time: "2008-05-03T00:00:00Z"}
	for _, test := range []struct {
		name   string
		loads  []object
		facts  []string
		ledger []string
	}{
		{"one", []object{v1}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded"}},
		{"the same twice", []object{v1, v1}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded"}},
		{"correction", []object{v1, v2}, []string{"AA id-v2", "WN id-v2"}, []string{"v1 superseded", "v2 loaded"}},
		{"older version late", []object{v2, v1}, []string{"AA id-v2", "WN id-v2"}, []string{"v1 superseded", "v2 loaded"}},
		{"older version replayed", []object{v1, v2, v1}, []string{"AA id-v2", "WN id-v2"}, []string{"v1 superseded", "v2 loaded"}},
		{"another key", []object{v1, other, v2}, []string{"AA id-v2", "FL id-v9", "WN id-v2"}, []string{"v1 superseded", "v2 loaded", "v9 loaded"}},
		{"corrected to nothing", []object{v1, none}, nil, []string{"v1 superseded", "v3 loaded"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWarehouse(t)
			for _, o := range test.loads {
				w.load(o)
			}
			if diff := cmp.Diff(test.facts, w.lines("SELECT carrier, load_id FROM airlines.daily_flights_fact")); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.ledger, w.lines("SELECT version, status FROM airlines.load_ledger")); diff != "" {
				t.Errorf("ledger (-want +got):\n%s", diff)
			}
		})
	}
}

// A load whose staged rows are not those of the manifest must change nothing.
func TestLoadFlightsRefusesOtherRowCount(t *testing.T) {
	w := newWarehouse(t)
	v1 := object{key: day, version: "v1", time: "2008-05-02T00:00:00Z", rows: []string{"AA"}}
	w.load(v1)
	v2 := object{key: day, version: "v2", time: "2008-05-03T00:00:00Z", rows: []string{"DL", "WN"}}
	w.stage(v2)
	values := w.values(v2)
	values["rows_loaded"] = "3"
	err := w.run(etl.LoadFlights(target), values)
	if err == nil || !strings.Contains(err.Error(), "COPY brought 2 rows, the manifest promises 3") {
		t.Errorf("error = %v, want one that names both counts", err)
	}
	if diff := cmp.Diff([]string{"AA"}, w.lines("SELECT carrier FROM airlines.daily_flights_fact")); diff != "" {
		t.Errorf("facts after the failure (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"v1 loaded"}, w.lines("SELECT version, status FROM airlines.load_ledger")); diff != "" {
		t.Errorf("ledger after the failure (-want +got):\n%s", diff)
	}
	w.load(v2) // and the retry of the same load finds nothing in its way
}

func TestLoadAirportsMerges(t *testing.T) {
	w := newWarehouse(t)
	load := func(version, time, rows string, count int) {
		t.Helper()
		o := object{key: "airports/airports.csv", version: version, time: time, rows: make([]string, count)}
		dir := filepath.Join(w.dir, etl.RowsPrefix(o.loadID()))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		w.exec("COPY (SELECT CAST(id AS BIGINT) AS airport_id, city, 'ST' AS state, 'Name' AS name FROM (VALUES " + rows + ") t(id, city)) TO '" + filepath.Join(dir, "part-0.parquet") + "' (FORMAT PARQUET)")
		if err := w.run(etl.LoadAirports(target), w.values(o)); err != nil {
			t.Fatal(err)
		}
	}
	load("v1", "2008-05-02T00:00:00Z", "(1, 'Adak'), (2, 'Boise')", 2)
	load("v2", "2008-05-03T00:00:00Z", "(2, 'Boise City'), (3, 'Cody')", 2)
	load("v0", "2008-05-01T00:00:00Z", "(1, 'Old Adak')", 1)
	want := []string{"1 Adak", "2 Boise City", "3 Cody"}
	if diff := cmp.Diff(want, w.lines("SELECT airport_id, city FROM airlines.airports_dim")); diff != "" {
		t.Errorf("airports (-want +got):\n%s", diff)
	}
}

// Keys are chosen by strangers; no statement may have a place for one.
func TestLoadStatementsTakeOnlyKnownParameters(t *testing.T) {
	known := map[string]bool{}
	for _, name := range etl.LoadParameters() {
		known[name] = true
	}
	used := map[string]bool{}
	for _, statements := range [][]string{etl.LoadFlights(target), etl.LoadAirports(target)} {
		for i, statement := range statements {
			if got, want := strings.Contains(statement, etl.LoadIDPlaceholder), i == 1; got != want {
				t.Errorf("statement %d has the placeholder: %t, want %t: %s", i, got, want, statement)
			}
			if strings.Contains(strings.ToUpper(statement), "TRUNCATE") {
				t.Errorf("statement %d commits: %s", i, statement)
			}
			if strings.HasPrefix(statement, "COPY") {
				continue // takes no parameters; its colons are those of the URL and the ARN
			}
			for _, m := range parameter.FindAllStringSubmatch(statement, -1) {
				used[m[1]] = true
			}
		}
	}
	if diff := cmp.Diff(known, used); diff != "" {
		t.Errorf("parameters (-declared +used):\n%s", diff)
	}
}
