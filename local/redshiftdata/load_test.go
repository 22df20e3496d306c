package redshiftdata

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/etl"
)

// deployTables runs the project's own DDL and lets the loading role use the tables.
func deployTables(w *world) {
	for _, q := range etl.DDL() {
		w.ddl(q)
	}
	for _, q := range []string{
		`CREATE USER "IAMR:airline-dev-ingest" PASSWORD DISABLE`,
		`GRANT USAGE ON SCHEMA airlines TO "IAMR:airline-dev-ingest"`,
		`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA airlines TO "IAMR:airline-dev-ingest"`,
	} {
		w.ddl(q)
	}
}

// A warehouse that the first release has created and filled takes the loads of this one.
func TestUpgradeOfTheFirstRelease(t *testing.T) {
	text, err := os.ReadFile("../../etl/testdata/warehouse-0.1.0.sql")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	for _, q := range strings.Split(strings.TrimSuffix(string(text), ";\n"), ";\n") {
		w.ddl(q)
	}
	deployTables(w)
	const key = "daily-flights/date=2008-05-01/flights.csv"
	if refused := w.load(key, "2", "2008-05-02T00:00:00Z", 3, 3); !strings.Contains(refused, "observed_at") {
		t.Fatalf("a load without the upgrade: %q, want one that says the column is not there", refused)
	}
	for range 2 {
		for _, q := range etl.Upgrade() {
			w.ddl(q)
		}
	}
	if refused := w.load(key, "2", "2008-05-02T00:00:00Z", 3, 3); refused != "" {
		t.Fatal(refused)
	}
	for sql, want := range map[string]int64{
		"SELECT COUNT(*) FROM airlines.daily_flights_fact":                                3,
		"SELECT COUNT(*) FROM airlines.load_ledger WHERE status = 'superseded'":           2,
		"SELECT COUNT(*) FROM airlines.load_ledger WHERE status = 'loaded'":               1,
		"SELECT COUNT(*) FROM airlines.load_ledger WHERE observed_at < DATE '1970-01-02'": 2,
	} {
		if r, err := w.Query(w.ctx, sql); err != nil || r.Rows[0][0] != want {
			t.Errorf("%s: %v, %v, want %d", sql, r, err, want)
		}
	}
}

// rowsOf is a Parquet file as the Glue job writes it.
func rowsOf(t *testing.T, n int, id string) []byte {
	t.Helper()
	return parquet(t, fmt.Sprintf(`SELECT 'AA' AS carrier, 'Kahului' AS dep_airport, 'Honolulu' AS arr_airport, 'Kahului' AS dep_city, 'Honolulu' AS arr_city,
		'HI' AS dep_state, 'HI' AS arr_state, i AS dep_delay, NULL::BIGINT AS arr_delay, DATE '2008-05-01' AS flight_date, '%s' AS load_id
		FROM range(%d) t(i)`, id, n))
}

// load is a batch of one file: what the job writes of it, and the project's statements.
func (w *world) load(key, id, event string, rows, promised int) string {
	w.t.Helper()
	clear(w.objects)
	w.objects[etl.BatchRowsPrefix("r")+id+"/part-0.parquet"] = rowsOf(w.t, rows, id)
	entry, err := json.Marshal(etl.Entry{LoadID: id, SourceKey: key, Version: "v" + id, EventTime: event, ObservedAt: event, Status: etl.StatusLoaded,
		RowsRead: int64(promised), RowsLoaded: int64(promised)})
	if err != nil {
		w.t.Fatal(err)
	}
	w.objects[etl.EntriesPrefix("r")+"loaded.json"] = entry
	sqls := etl.Load(etl.Target{StagingBucket: "staging", CopyRoleARN: copyRole}, etl.Flights, etl.Retire)
	for i := range sqls {
		sqls[i] = strings.ReplaceAll(sqls[i], etl.RunPlaceholder, "r")
	}
	got := w.run(sqls, "files", "1", "execution_arn", "arn:aws:states:x", "loaded_at", "2008-05-02T00:00:00Z")
	if got.Status != types.StatusStringFinished {
		return aws.ToString(got.Error)
	}
	return ""
}

func (w *world) one(query string) string {
	w.t.Helper()
	r, err := w.Query(w.t.Context(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprint(r.Rows)
}

// The project's own load statements, with keys that try to break out of them.
func TestProjectsLoads(t *testing.T) {
	w := newWorld(t)
	deployTables(w)
	keys := []string{"daily-flights/date=2008-05-01/flights.csv", "a'; DROP TABLE airlines.load_ledger; --", "x\ny$.z{% 1 %}:load_id\\", "ключ + %20 \"q\""}
	for i, key := range keys {
		if msg := w.load(key, fmt.Sprint(i), "2008-05-01T10:00:00Z", 10+i, 10+i); msg != "" {
			t.Errorf("%q: %s", key, msg)
		}
	}
	if got := w.one("SELECT count(*), count(DISTINCT source_key) FROM airlines.daily_flights_fact"); got != "[[46 4]]" {
		t.Errorf("rows and keys: %s", got)
	}
	for _, c := range []struct{ id, event, want, facts string }{
		{"0", "2008-05-01T10:00:00Z", "", "[[10 0]]"}, // the same load again
		{"9", "2008-05-01T12:00:00Z", "", "[[3 9]]"},  // a corrected file
		{"8", "2008-05-01T11:00:00Z", "", "[[3 9]]"},  // an older version, late
		{"7", "2008-05-01T13:00:00Z", "COPY brought 3 rows of the load 7, its manifest promises 4", "[[3 9]]"},
	} {
		rows, promised := 3, 3
		if c.id == "0" {
			rows, promised = 10, 10
		}
		if c.want != "" {
			promised = 4
		}
		if msg := w.load(keys[0], c.id, c.event, rows, promised); c.want == "" && msg != "" || !strings.Contains(msg, c.want) {
			t.Errorf("load %s: %q, want %q", c.id, msg, c.want)
		}
		if got := w.one("SELECT count(*), max(load_id) FROM airlines.daily_flights_fact WHERE source_key = '" + keys[0] + "'"); got != c.facts {
			t.Errorf("after load %s: %s, want %s", c.id, got, c.facts)
		}
	}
	if got := w.one("SELECT status, count(*) FROM airlines.load_ledger GROUP BY 1 ORDER BY 1"); got != "[[loaded 4] [superseded 2]]" {
		t.Errorf("ledger: %s", got)
	}
}
