package etl_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

// database is what load statements can be executed on: they are in the subset of SQL that Redshift
// has in common with it.
type database interface {
	// batch executes statements in one transaction, as the Data API does, with named parameters.
	batch(statements []string, values map[string]string) error
	// lines answers a query as sorted lines, columns separated by blanks.
	lines(query string) []string
}

// onEveryDatabase runs a test on each.
func onEveryDatabase(t *testing.T, test func(t *testing.T, w *warehouse)) {
	for _, d := range []struct {
		name string
		open func(*testing.T) database
	}{{"DuckDB", openDuckDB}, {"PostgreSQL", openPostgreSQL}} {
		t.Run(d.name, func(t *testing.T) {
			db := d.open(t)
			for range 2 { // twice: it must be idempotent
				if err := db.batch(etl.DDL(), nil); err != nil {
					t.Fatal(err)
				}
			}
			test(t, &warehouse{database: db, t: t, staged: map[string]string{}})
		})
	}
}

// warehouse is a database with the pipeline's tables, and what has been staged for it.
type warehouse struct {
	database
	t      *testing.T
	staged map[string]string // by prefix: a query of the rows that the Parquet files there have
}

var copyStatement = regexp.MustCompile(`^COPY (\S+) FROM 's3://staging/([^']*)' IAM_ROLE '[^']*' FORMAT AS PARQUET$`)

// run executes a batch of load statements with what is staged in place of COPY.
func (w *warehouse) run(statements []string, values map[string]string) error {
	var translated []string
	for _, statement := range statements {
		if m := copyStatement.FindStringSubmatch(strings.ReplaceAll(statement, etl.LoadIDPlaceholder, values["load_id"])); m != nil {
			statement = "INSERT INTO " + m[1] + " " + w.staged[m[2]]
		}
		translated = append(translated, statement)
	}
	return w.batch(translated, values)
}

// object is one version of a raw file, in terms of the flights' carriers that it holds, and the moment
// at which it was seen to be the newest: when it was written, unless one is given.
type object struct {
	key, version, time string
	rows               []string
	observed           string
	gone               etl.OnDelete // a delete marker, and what becomes of the rows
}

// seen is the object, observed at another moment.
func (o object) seen(at string) object {
	o.observed = at
	return o
}

func (o object) loadID() string { return "id-" + o.version }

// stage is what the Glue job would have written for the object.
func (w *warehouse) stage(o object) {
	var rows []string
	for _, carrier := range o.rows {
		var columns []string
		for _, c := range etl.Flights.RowColumns() {
			value := "NULL"
			switch c.Name {
			case "carrier":
				value = "'" + carrier + "'"
			case "flight_date":
				value = "'2008-05-01'"
			}
			columns = append(columns, "CAST("+value+" AS "+c.SQL()+")")
		}
		rows = append(rows, "SELECT "+strings.Join(columns, ", "))
	}
	if len(rows) == 0 {
		rows = []string{"SELECT " + strings.Join(etl.Table{Columns: etl.Flights.RowColumns()}.ColumnNames(), ", ") + " FROM airlines.daily_flights_fact WHERE false"}
	}
	w.staged[etl.RowsPrefix(o.loadID())] = strings.Join(rows, " UNION ALL ")
}

func (w *warehouse) values(o object) map[string]string {
	if o.observed == "" {
		o.observed = o.time
	}
	return map[string]string{
		"load_id": o.loadID(), "source_key": o.key, "version": o.version, "event_time": o.time, "observed_at": o.observed,
		"rows_read": fmt.Sprint(len(o.rows) + 1), "rows_loaded": fmt.Sprint(len(o.rows)), "rows_rejected": "1",
		"execution_arn": "arn:aws:states:eu-central-1:111122223333:execution:ingest-flights:x", "loaded_at": "2026-01-01T00:00:00.000Z",
	}
}

// load stages an object's rows and loads them.
func (w *warehouse) load(o object) {
	w.t.Helper()
	statements := etl.LoadFlights(target)
	if o.gone != "" {
		statements = etl.Gone(etl.Flights, o.gone)
	} else {
		w.stage(o)
	}
	if err := w.run(statements, w.values(o)); err != nil {
		w.t.Fatal(err)
	}
}

var target = etl.Target{StagingBucket: "staging", CopyRoleARN: "arn:aws:iam::111122223333:role/copy"}

const day = "daily-flights/date=2008-05-01/flights.csv"

func TestLoadFlights(t *testing.T) {
	v1 := object{key: day, version: "v1", time: "2008-05-02T00:00:00Z", rows: []string{"AA", "AA", "DL"}}
	v2 := object{key: day, version: "v2", time: "2008-05-02T00:00:01Z", rows: []string{"AA", "WN"}}
	other := object{key: `daily-flights/date=2008-05-02/it's; -- "odd".csv`, version: "v9", time: "2008-05-01T00:00:00Z", rows: []string{"FL"}}
	none := object{key: day, version: "v3", time: "2008-05-03T00:00:00Z"}
	twin := object{key: day, version: "v1b", time: v1.time, rows: []string{"B6"}, observed: "2008-05-02T00:00:00.001Z"}
	retired := object{key: day, version: "x", time: "2008-05-02T12:00:00Z", gone: etl.Retire}
	kept := object{key: day, version: "x", time: "2008-05-02T12:00:00Z", gone: etl.Keep}
	const later = "2008-05-04T00:00:00.500Z"
	tests := []struct {
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
		{"two versions of one second", []object{v1, twin}, []string{"B6 id-v1b"}, []string{"v1 superseded", "v1b loaded"}},
		{"two versions of one second, late", []object{twin, v1}, []string{"B6 id-v1b"}, []string{"v1 superseded", "v1b loaded"}},
		{"two versions of one second, twice", []object{v1, twin, v1, twin, v1}, []string{"B6 id-v1b"}, []string{"v1 superseded", "v1b loaded"}},
		{"the older version is the newest again", []object{v1, v2, v1.seen(later)}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded", "v2 superseded"}},
		{"and a late load of the other changes nothing", []object{v1, v2, v1.seen(later), v2}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded", "v2 superseded"}},
		{"seen again, and before", []object{v1.seen(later), v1, v2}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded", "v2 superseded"}},
		{"deleted", []object{v1, other, retired}, []string{"FL id-v9"}, []string{"v1 superseded", "v9 loaded", "x retired"}},
		{"deleted before it is loaded", []object{retired, v1, v1}, nil, []string{"v1 superseded", "x retired"}},
		{"deleted twice", []object{v1, retired, retired}, nil, []string{"v1 superseded", "x retired"}},
		{"deleted and kept", []object{v1, kept}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 superseded", "x kept"}},
		{"deleted and restored", []object{v1, retired, v1.seen(later)}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded", "x superseded"}},
		{"restored, and the deletion is late", []object{v1, v1.seen(later), retired}, []string{"AA id-v1", "AA id-v1", "DL id-v1"}, []string{"v1 loaded", "x superseded"}},
		{"deleted, kept and corrected", []object{v1, kept, v2.seen(later)}, []string{"AA id-v2", "WN id-v2"}, []string{"v1 superseded", "v2 loaded", "x superseded"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onEveryDatabase(t, func(t *testing.T, w *warehouse) {
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
		})
	}
}

// A load whose staged rows are not those of the manifest must change nothing.
func TestLoadFlightsRefusesOtherRowCount(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
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
	})
}

func TestLoadAirportsMerges(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
		load := func(version, time, rows string, count int) {
			t.Helper()
			o := object{key: "airports/airports.csv", version: version, time: time, rows: make([]string, count)}
			w.staged[etl.RowsPrefix(o.loadID())] = "SELECT id, city, 'ST', 'Name' FROM (VALUES " + rows + ") t(id, city)"
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
	})
}

// Keys are chosen by strangers; no statement may have a place for one.
func TestLoadStatementsTakeOnlyKnownParameters(t *testing.T) {
	known := map[string]bool{}
	for _, name := range etl.LoadParameters() {
		known[name] = true
	}
	used := map[string]bool{}
	batches := [][]string{etl.LoadFlights(target), etl.LoadAirports(target)}
	for _, d := range []etl.Dataset{etl.Flights, etl.Airports} {
		for _, on := range []etl.OnDelete{etl.Retire, etl.Keep} {
			batches = append(batches, etl.Gone(d, on))
			gone := map[string]bool{}
			for _, m := range parameter.FindAllStringSubmatch(strings.Join(etl.Gone(d, on), "\n"), -1) {
				gone[m[1]] = true
			}
			for _, name := range etl.GoneParameters() {
				if !gone[name] {
					t.Errorf("%s, %s: the parameter %s is not used", d, on, name)
				}
				delete(gone, name)
			}
			for name := range gone {
				t.Errorf("%s, %s: the parameter %s is not given", d, on, name)
			}
		}
	}
	for n, statements := range batches {
		for i, statement := range statements {
			if got, want := strings.Contains(statement, etl.LoadIDPlaceholder), n < 2 && i == 1; got != want {
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
