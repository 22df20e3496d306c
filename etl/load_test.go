package etl_test

import (
	"fmt"
	"regexp"
	"slices"
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
			test(t, &warehouse{database: db, t: t, staged: map[string]string{}, now: "2026-01-01T00:00:00.000Z"})
		})
	}
}

// warehouse is a database with the pipeline's tables, and what has been staged for it.
type warehouse struct {
	database
	t      *testing.T
	staged map[string]string // by table: a query of what COPY brings
	now    string            // of the loads
}

var copyStatement = regexp.MustCompile(`^COPY (\S+) FROM 's3://staging/loads/batches/{run}/(?:entries|loads)/' IAM_ROLE '[^']*' FORMAT AS (?:PARQUET|JSON 'auto')$`)

// run executes a batch of load statements with what is staged in place of COPY.
func (w *warehouse) run(statements []string, files int) error {
	var translated []string
	for _, statement := range statements {
		if m := copyStatement.FindStringSubmatch(statement); m != nil {
			statement = "INSERT INTO " + m[1] + " " + w.staged[m[1]]
		}
		translated = append(translated, statement)
	}
	return w.batch(translated, map[string]string{
		"files": fmt.Sprint(files), "loaded_at": w.now,
		"execution_arn": "arn:aws:states:eu-central-1:111122223333:execution:ingest-flights:x",
	})
}

// object is one version of a raw file, in terms of the flights' carriers that it holds, and the moment
// at which it was seen to be the newest: when it was written, unless one is given.
type object struct {
	key, version, time string
	rows               []string
	observed           string
	gone               etl.OnDelete // a delete marker, and what becomes of the rows
	passed             bool         // a version that a newer one has overtaken in its batch
}

// seen is the object, observed at another moment.
func (o object) seen(at string) object {
	o.observed = at
	return o
}

// moment is when the object was observed.
func (o object) moment() string {
	if o.observed == "" {
		return o.time
	}
	return o.observed
}

func (o object) loadID() string { return "id-" + o.version }

// row is a staged row of a load as a query; values are those that are not NULL.
func row(d etl.Dataset, values map[string]string) string {
	var columns []string
	for _, c := range d.StagedColumns() {
		value, ok := values[c.Name]
		if value = "'" + value + "'"; !ok {
			value = "NULL"
		}
		columns = append(columns, "CAST("+value+" AS "+c.SQL()+")")
	}
	return "SELECT " + strings.Join(columns, ", ")
}

// entry is what a batch says of the object, as a query.
func (o object) entry(status string) string {
	text := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	return fmt.Sprintf("SELECT %s, %s, %s, %s, %s, %s, %d, %d, 1", text(o.loadID()), text(o.key), text(o.version), text(o.time), text(o.moment()), text(status), len(o.rows)+1, len(o.rows))
}

// stage is what job and machine would have written for the objects, and the statements that load it.
func (w *warehouse) stage(objects ...object) []string {
	var rows, entries []string
	on := etl.Retire
	for _, o := range objects {
		status := etl.StatusLoaded
		switch {
		case o.gone != "":
			on, status = o.gone, etl.GoneStatus(etl.Flights, o.gone)
		case o.passed:
			status = etl.StatusSuperseded
		default:
			for _, carrier := range o.rows {
				rows = append(rows, row(etl.Flights, map[string]string{"carrier": carrier, "flight_date": "2008-05-01", "load_id": o.loadID()}))
			}
		}
		entries = append(entries, o.entry(status))
	}
	w.staged["batch_entries"] = strings.Join(entries, " UNION ALL ")
	if len(rows) == 0 {
		rows = []string{"SELECT * FROM (" + row(etl.Flights, nil) + ") none WHERE false"}
	}
	w.staged["flights_stage"] = strings.Join(rows, " UNION ALL ")
	for _, o := range objects {
		if o.gone == "" && !o.passed {
			return etl.Load(target, etl.Flights, on)
		}
	}
	return etl.Record(target, etl.Flights, on)
}

// load stages the objects and loads them as one batch.
func (w *warehouse) load(objects ...object) {
	w.t.Helper()
	if err := w.run(w.stage(objects...), len(objects)); err != nil {
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

// However files are put together in batches, the tables are those of loads of one. The order of the objects in a batch is of no
// account; a key is in it once.
func TestBatches(t *testing.T) {
	at := func(second int) string { return fmt.Sprintf("2008-05-02T00:00:%02dZ", second) }
	const other = "daily-flights/date=2008-05-02/it's.csv"
	history := []object{
		{key: day, version: "v1", time: at(1), rows: []string{"AA", "AA", "DL"}},
		{key: other, version: "w1", time: at(2), rows: []string{"FL"}},
		{key: day, version: "v2", time: at(3), rows: []string{"AA", "WN"}},
		{key: other, version: "x", time: at(4), gone: etl.Retire},
		{key: "third", version: "t1", time: at(5), rows: nil},
		{key: day, version: "v1", time: at(1), rows: []string{"AA", "AA", "DL"}, observed: at(6)},
		{key: other, version: "w2", time: at(7), rows: []string{"B6", "B6"}},
		{key: day, version: "v2", time: at(3), rows: []string{"AA", "WN"}}, // late
	}
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
		const facts, ledger = "SELECT carrier, source_key, load_id FROM airlines.daily_flights_fact", "SELECT version, source_key, status, rows_read, rows_loaded FROM airlines.load_ledger"
		for _, o := range history {
			w.load(o)
		}
		wantFacts, wantLedger := w.lines(facts), w.lines(ledger)
		if len(wantFacts) != 5 || len(wantLedger) != 6 {
			t.Fatalf("loads of one: %q, %q", wantFacts, wantLedger)
		}
		for _, cuts := range [][]int{{2}, {3, 5}, {2, 4, 7}, {5, 7}} {
			for _, table := range etl.Tables() {
				if err := w.batch([]string{"DELETE FROM " + table.String()}, nil); err != nil {
					t.Fatal(err)
				}
			}
			for from, i := 0, 0; from < len(history); i++ {
				until := len(history)
				if i < len(cuts) {
					until = cuts[i]
				}
				newest := map[string]int{}
				var objects []object
				for _, o := range history[from:until] { // of a key in the batch what was observed last counts, and the others are passed
					at, twice := newest[o.key]
					switch {
					case !twice:
						newest[o.key] = len(objects)
					case objects[at].moment() < o.moment():
						objects[at].passed, objects[at].gone, newest[o.key] = true, "", len(objects)
					default:
						o.passed, o.gone = true, ""
					}
					objects = append(objects, o)
				}
				slices.Reverse(objects)
				w.load(objects...)
				w.load(objects...) // a second time changes nothing
				from = until
			}
			if diff := cmp.Diff(wantFacts, w.lines(facts)); diff != "" {
				t.Errorf("batches cut at %v: facts (-one by one +batches):\n%s", cuts, diff)
			}
			if diff := cmp.Diff(wantLedger, w.lines(ledger)); diff != "" {
				t.Errorf("batches cut at %v: ledger (-one by one +batches):\n%s", cuts, diff)
			}
		}
	})
}

// A batch whose staged rows are not those of its manifests, or whose entries are not all there, must change nothing.
func TestLoadRefusesOtherCounts(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
		v1 := object{key: day, version: "v1", time: "2008-05-02T00:00:00Z", rows: []string{"AA"}}
		w.load(v1)
		v2 := object{key: day, version: "v2", time: "2008-05-03T00:00:00Z", rows: []string{"DL", "WN"}}
		other := object{key: "other", version: "v9", time: "2008-05-03T00:00:00Z", rows: []string{"FL"}}
		statements := w.stage(v2, other)
		if err := w.run(statements, 3); err == nil || !strings.Contains(err.Error(), "COPY brought 2 entries, the batch has 3") {
			t.Errorf("error = %v, want one that names both counts of entries", err)
		}
		w.staged["batch_entries"] = strings.ReplaceAll(w.staged["batch_entries"], ", 3, 2, 1", ", 3, 4, 1")
		if err := w.run(statements, 2); err == nil || !strings.Contains(err.Error(), "COPY brought 2 rows of the load id-v2, its manifest promises 4") {
			t.Errorf("error = %v, want one that names both counts of rows", err)
		}
		if diff := cmp.Diff([]string{"AA"}, w.lines("SELECT carrier FROM airlines.daily_flights_fact")); diff != "" {
			t.Errorf("facts after the failure (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"v1 loaded"}, w.lines("SELECT version, status FROM airlines.load_ledger")); diff != "" {
			t.Errorf("ledger after the failure (-want +got):\n%s", diff)
		}
		w.load(v2, other) // and the retry of the same batch finds nothing in its way
	})
}

// Rows of a file that was refused after they were written are not loaded, should they still be there.
func TestLoadTakesRowsOfItsEntriesOnly(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
		v1 := object{key: day, version: "v1", time: "2008-05-02T00:00:00Z", rows: []string{"AA"}}
		statements := w.stage(v1)
		w.staged["flights_stage"] += " UNION ALL " + row(etl.Flights, map[string]string{"carrier": "DL", "flight_date": "2008-05-01", "load_id": "refused"})
		if err := w.run(statements, 1); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"AA id-v1"}, w.lines("SELECT carrier, load_id FROM airlines.daily_flights_fact")); diff != "" {
			t.Errorf("facts (-want +got):\n%s", diff)
		}
	})
}

func TestLoadAirportsMerges(t *testing.T) {
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
		load := func(files ...object) {
			t.Helper()
			var rows, entries []string
			for _, o := range files {
				for _, airport := range o.rows {
					id, city, _ := strings.Cut(airport, " ")
					rows = append(rows, row(etl.Airports, map[string]string{"airport_id": id, "city": city, "load_id": o.loadID()}))
				}
				entries = append(entries, o.entry(etl.StatusLoaded))
			}
			w.staged["airports_stage"], w.staged["batch_entries"] = strings.Join(rows, " UNION ALL "), strings.Join(entries, " UNION ALL ")
			if err := w.run(etl.Load(target, etl.Airports, etl.Retire), len(files)); err != nil {
				t.Fatal(err)
			}
		}
		file := func(key, version, time string, rows ...string) object {
			return object{key: key, version: version, time: time, rows: rows}
		}
		load(file("airports/a.csv", "v1", "2008-05-02T00:00:00Z", "1 Adak", "2 Boise"))
		load(file("airports/a.csv", "v2", "2008-05-03T00:00:00Z", "2 Boise City", "3 Cody"))
		load(file("airports/a.csv", "v0", "2008-05-01T00:00:00Z", "1 Old Adak"))
		want := []string{"1 Adak", "2 Boise City", "3 Cody"}
		if diff := cmp.Diff(want, w.lines("SELECT airport_id, city FROM airlines.airports_dim")); diff != "" {
			t.Errorf("airports (-want +got):\n%s", diff)
		}
		// Of files in one batch that name the same airport, the newest counts; of the same second, the last by name.
		load(file("airports/c.csv", "c", "2008-05-06T00:00:00Z", "3 Cody Field", "4 Dover"), file("airports/b.csv", "b", "2008-05-05T00:00:00Z", "3 Cody Town", "5 Erie"),
			file("airports/d.csv", "d", "2008-05-06T00:00:00Z", "4 Dover Base"))
		want = []string{"1 Adak", "2 Boise City", "3 Cody Field", "4 Dover Base", "5 Erie"}
		if diff := cmp.Diff(want, w.lines("SELECT airport_id, city FROM airlines.airports_dim")); diff != "" {
			t.Errorf("airports after a batch (-want +got):\n%s", diff)
		}
	})
}

// Keys are chosen by strangers; no statement may have a place for one.
func TestLoadStatementsTakeOnlyKnownParameters(t *testing.T) {
	for _, d := range []etl.Dataset{etl.Flights, etl.Airports} {
		for _, on := range []etl.OnDelete{etl.Retire, etl.Keep} {
			for name, statements := range map[string][]string{"load": etl.Load(target, d, on), "record": etl.Record(target, d, on)} {
				used := map[string]bool{}
				for i, statement := range statements {
					isCopy := strings.HasPrefix(statement, "COPY")
					if strings.Contains(statement, etl.RunPlaceholder) != isCopy {
						t.Errorf("%s of %s, %s: statement %d is COPY: %t; it has the placeholder: %s", name, d, on, i, isCopy, statement)
					}
					if strings.Contains(strings.ToUpper(statement), "TRUNCATE") {
						t.Errorf("statement %d commits: %s", i, statement)
					}
					if isCopy {
						continue // takes no parameters; its colons are those of the URL and the ARN
					}
					for _, m := range parameter.FindAllStringSubmatch(statement, -1) {
						used[m[1]] = true
					}
				}
				known := map[string]bool{}
				for _, parameter := range etl.LoadParameters() {
					known[parameter] = true
				}
				if diff := cmp.Diff(known, used); diff != "" {
					t.Errorf("%s of %s, %s: parameters (-declared +used):\n%s", name, d, on, diff)
				}
				if n := len(statements); n > 40 {
					t.Errorf("%s of %s, %s: %d statements, the Data API takes 40", name, d, on, n)
				}
			}
		}
	}
}
