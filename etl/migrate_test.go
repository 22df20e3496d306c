package etl_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/etl"
)

var million = flag.Bool("million", false, "migrate tables of a million rows instead of a thousand: some ten minutes, so give -timeout 1h, too")

// keys are the raw files whose flights a migrated warehouse holds, the same number of each.
const keys = 40

func rawKey(n int) string { return fmt.Sprintf("daily-flights/date=2008-05-01/%d.csv", n) }

// migrated is a warehouse that changes.
type migrated struct {
	*witness
	declared []etl.Table
	rows     int // of the beginning
	loads    int // that have replaced the flights of a file by three
	turn     int // of the loads beside steps
}

const fact = "airlines.daily_flights_fact"

// digits are the numbers from 0 to 9.
const digits = "(SELECT 0 AS i UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"

// fill makes a warehouse with 10^magnitude flights, with views, and users who have rights.
func fill(w *witness, magnitude int) *migrated {
	w.t.Helper()
	m := &migrated{witness: w, declared: etl.Tables(), rows: 1}
	from, number := "(SELECT 1 AS one) one", "0"
	for i := range magnitude {
		m.rows *= 10
		from += fmt.Sprintf(" CROSS JOIN %s d%d", digits, i)
		number = fmt.Sprintf("(%s) * 10 + d%d.i", number, i)
	}
	key := fmt.Sprintf("'daily-flights/date=2008-05-01/' || CAST(n %% %d AS VARCHAR(9)) || '.csv'", keys)
	w.must(etl.DDL()...)
	w.must("INSERT INTO "+fact+" SELECT CASE WHEN n % 2 = 0 THEN 'AA' ELSE 'DL' END, 'Kahului', 'Honolulu', 'Kahului', 'Honolulu', 'HI', 'HI', n % 100, n, DATE '2008-05-01', "+key+", 'id-v0' FROM (SELECT CAST("+number+" AS BIGINT) AS n FROM "+from+") x",
		"INSERT INTO airlines.load_ledger SELECT 'id-v0-' || CAST(n AS VARCHAR(9)), "+key+", 'v0', TIMESTAMP '2008-05-01 00:00:00', TIMESTAMP '2008-05-01 00:00:00', 'loaded', 10, 10, 0, 'arn', TIMESTAMP '2008-05-01 00:00:00' FROM (SELECT a.i * 10 + b.i AS n FROM "+digits+" a CROSS JOIN "+digits+" b) x WHERE n < "+fmt.Sprint(keys),
		"CREATE VIEW airlines.by_carrier AS SELECT carrier, COUNT(*) AS flights FROM "+fact+" GROUP BY carrier",
		"CREATE VIEW public.many AS SELECT b.carrier, l.files FROM airlines.by_carrier b CROSS JOIN (SELECT COUNT(*) AS files FROM airlines.load_ledger) l WHERE b.flights > 1")
	for _, user := range []string{"IAMR:loader", "IAMR:reader"} {
		if w.redshift {
			w.must(`CREATE USER "` + user + `" PASSWORD DISABLE`)
		} else if err := w.do(`CREATE USER "` + user + `"`); err != nil && !strings.Contains(err.Error(), "already exists") { // of the whole cluster
			w.t.Fatal(err)
		}
	}
	w.must(`GRANT USAGE ON SCHEMA airlines TO "IAMR:loader", "IAMR:reader"`, `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA airlines TO "IAMR:loader"`,
		`GRANT SELECT ON ALL TABLES IN SCHEMA airlines TO "IAMR:reader"`, `GRANT SELECT ON airlines.by_carrier TO "IAMR:reader"`, `GRANT SELECT ON public.many TO PUBLIC`)
	return m
}

// column changes a declared column; nil takes it away.
func (m *migrated) column(table, name string, change func(*etl.Column)) {
	m.t.Helper()
	for i, t := range m.declared {
		if t.Name != table {
			continue
		}
		t.Columns = slices.Clone(t.Columns)
		at := slices.IndexFunc(t.Columns, func(c etl.Column) bool { return c.Name == name })
		switch {
		case change == nil:
			t.Columns = slices.Delete(t.Columns, at, at+1)
		case at < 0:
			c := etl.Column{Name: name}
			change(&c)
			t.Columns = slices.Insert(t.Columns, 1, c) // where it is declared does not matter
		default:
			change(&t.Columns[at])
		}
		m.declared[i] = t
		return
	}
	m.t.Fatalf("there is no table %s", table)
}

func (m *migrated) compare(o etl.MigrateOptions) []etl.TableMigration {
	m.t.Helper()
	return etl.Compare(m.declared, m.live(), o)
}

// check holds the warehouse to what it should have: every row once, with its values; each file's flights are those of its last load.
func (m *migrated) check(when string) {
	m.t.Helper()
	left := m.rows - m.loads*m.rows/keys
	want := []string{fmt.Sprintf("%d %d %d %d", left+3*m.loads, left, left, left+3*m.loads)}
	if diff := cmp.Diff(want, m.lines("SELECT COUNT(*), COUNT(arr_delay), COUNT(DISTINCT arr_delay), COUNT(flight_date) FROM "+fact)); diff != "" {
		m.t.Fatalf("%s: rows, those of the beginning, different ones, and with a day (-want +got):\n%s", when, diff)
	}
	if got := m.lines("SELECT COUNT(*) FROM " + fact + " WHERE arr_delay IS NOT NULL AND (carrier <> CASE WHEN arr_delay % 2 = 0 THEN 'AA' ELSE 'DL' END OR CAST(dep_delay AS VARCHAR(20)) <> CAST(arr_delay % 100 AS VARCHAR(20)) OR dep_city <> 'Kahului' OR arr_state <> 'HI' OR CAST(flight_date AS DATE) <> DATE '2008-05-01')"); got[0] != "0" {
		m.t.Fatalf("%s: %s rows have other values", when, got[0])
	}
	if got := m.lines("SELECT COUNT(*), COUNT(DISTINCT source_key) FROM airlines.load_ledger WHERE status = 'loaded'"); got[0] != fmt.Sprintf("%d %d", keys, keys) {
		m.t.Fatalf("%s: the ledger has %s", when, got[0])
	}
}

// rights are those that there are, of everybody.
func (m *migrated) rights() []string {
	return m.lines("SELECT namespace_name, relation_name, identity_name, privilege_type FROM svv_relation_privileges WHERE namespace_name IN ('airlines', 'public') AND relation_name NOT LIKE 'svv%'")
}

// next is the load of the next file.
func (m *migrated) next() (load *warehouse, statements []string) {
	m.loads++
	load = &warehouse{t: m.t, staged: map[string]string{}, now: "2026-01-01T00:00:00.000Z"}
	return load, load.stage(object{key: rawKey(m.loads % keys), version: fmt.Sprint("v", m.loads), time: "2008-05-02T00:00:00Z", rows: []string{"LH", "LH", "AF"}})
}

// apply executes the steps of a migration.
func (m *migrated) apply(steps []etl.Step) {
	m.t.Helper()
	for _, s := range steps {
		err := m.step(s)
		if err != nil {
			m.t.Fatalf("%s: %v", s.What, err)
		}
	}
}

func (m *migrated) step(s etl.Step) error {
	if s.Alone {
		return m.do(s.Statements[0])
	}
	return m.batch(s.Statements, nil)
}

// change is one that a declaration and a warehouse go through.
type change struct {
	name    string
	declare func(m *migrated)
	before  string // a statement by which somebody else changes the warehouse
	options etl.MigrateOptions
	how     etl.How
}

func texts(bytes int) func(*etl.Column) {
	return func(c *etl.Column) { c.Type, c.Bytes = etl.Varchar, bytes }
}

func typed(t etl.Type) func(*etl.Column) {
	return func(c *etl.Column) { c.Type, c.Bytes = t, 0 }
}

func required(is bool) func(*etl.Column) { return func(c *etl.Column) { c.NotNull = is } }

var lossy = etl.MigrateOptions{Lossy: true}

// changes come one after the other.
var changes = []change{
	{name: "a number is added", declare: func(m *migrated) { m.column("daily_flights_fact", "taxi", typed(etl.BigInt)) }, how: etl.InPlace},
	{name: "texts are added", declare: func(m *migrated) {
		m.column("daily_flights_fact", "tail", texts(8))
		m.column("daily_flights_fact", "gate", texts(4))
	}, how: etl.InPlace},
	{name: "a text gets longer", declare: func(m *migrated) { m.column("daily_flights_fact", "dep_airport", texts(300)) }, how: etl.InPlace},
	{name: "two get longer, and a day is added", declare: func(m *migrated) {
		m.column("daily_flights_fact", "dep_city", texts(160))
		m.column("daily_flights_fact", "arr_city", texts(160))
		m.column("daily_flights_fact", "booked", typed(etl.Date))
	}, how: etl.InPlace},
	{name: "one that a view reads gets longer", declare: func(m *migrated) { m.column("daily_flights_fact", "carrier", texts(24)) }, how: etl.Copied},
	{name: "a number becomes a text", declare: func(m *migrated) { m.column("daily_flights_fact", "dep_delay", texts(20)) }, how: etl.Copied},
	{name: "and a number again", declare: func(m *migrated) { m.column("daily_flights_fact", "dep_delay", typed(etl.BigInt)) }, options: lossy, how: etl.Copied},
	{name: "a text gets shorter", declare: func(m *migrated) { m.column("daily_flights_fact", "dep_state", texts(40)) }, options: lossy, how: etl.Copied},
	{name: "a column goes", declare: func(m *migrated) { m.column("daily_flights_fact", "taxi", nil) }, options: lossy, how: etl.InPlace},
	{name: "a day may be null", declare: func(m *migrated) { m.column("daily_flights_fact", "flight_date", required(false)) }, how: etl.Copied},
	{name: "and never again", declare: func(m *migrated) { m.column("daily_flights_fact", "flight_date", required(true)) }, how: etl.Copied},
	{name: "a day becomes a moment", declare: func(m *migrated) { m.column("daily_flights_fact", "flight_date", typed(etl.Timestamp)) }, how: etl.Copied},
	{name: "the ledger's status gets longer", declare: func(m *migrated) { m.column("load_ledger", "status", texts(30)) }, options: etl.MigrateOptions{Copy: true}, how: etl.Copied},
	{name: "somebody's column stays", before: "ALTER TABLE " + fact + " ADD COLUMN mark VARCHAR(5) DEFAULT 'x' NOT NULL",
		declare: func(m *migrated) { m.column("daily_flights_fact", "arr_state", texts(120)) }, options: etl.MigrateOptions{Copy: true}, how: etl.Copied},
}

// TestMigrations takes a warehouse through all changes: each fails after every one of its statements, and changes nothing then; is
// done by another run; is met by a load that began before it, and by one that is under way. No row is lost or doubled, rights and
// views stay.
func TestMigrations(t *testing.T) {
	magnitude := 3
	if *million {
		magnitude = 6
	}
	onWitnesses(t, func(t *testing.T, w *witness) {
		m := fill(w, magnitude)
		for _, c := range changes {
			if !t.Run(c.name, func(t *testing.T) { m.on(t).take(c) }) {
				return // the others begin with what this one leaves
			}
		}
	})
}

// on is the warehouse for another test.
func (m *migrated) on(t *testing.T) *migrated {
	m.t, m.witness.t, m.client.t = t, t, t
	return m
}

// take takes the warehouse through a change.
func (m *migrated) take(c change) {
	m.t.Helper()
	c.declare(m)
	if c.before != "" {
		m.must(c.before)
	}
	if c.options.Lossy {
		for _, found := range m.compare(etl.MigrateOptions{}) {
			if len(found.Steps) > 0 {
				m.t.Errorf("what may lose something is done without being allowed: %+v", found.Steps)
			}
		}
	}
	rights := m.rights()
	planned := m.compare(c.options)
	if len(planned) != 1 || len(planned[0].Problems) > 0 || len(planned[0].Steps) == 0 || planned[0].Changes[0].How != c.how && planned[0].Changes[len(planned[0].Changes)-1].How != c.how {
		m.t.Fatalf("the plan is %+v, want one of one table, %s", planned, c.how)
	}
	for len(planned) > 0 && len(planned[0].Steps) > 0 {
		steps := planned[0].Steps
		m.kill(steps[0])
		if diff := cmp.Diff(planned, m.compare(c.options)); diff != "" {
			m.t.Fatalf("after failures the plan is another one (-before +after):\n%s", diff)
		}
		if steps[0].Alone { // and no second one comes in this run
			m.apply(steps[:1])
		} else {
			m.beside(steps[0])
		}
		planned = m.compare(etl.MigrateOptions{Lossy: c.options.Lossy})
	}
	for _, left := range m.compare(etl.MigrateOptions{}) {
		if len(left.Steps) > 0 || left.Blocks() {
			m.t.Errorf("what is left to do: %+v", left)
		}
	}
	if diff := cmp.Diff(rights, m.rights()); diff != "" {
		m.t.Errorf("rights (-before +after):\n%s", diff)
	}
	if got := m.lines("SELECT carrier FROM public.many"); !slices.Contains(got, "AA") {
		m.t.Errorf("the views tell %v", got)
	}
	load, statements := m.next()
	load.database = m.client
	if err := load.run(statements, 1); err != nil {
		m.t.Errorf("a load afterwards: %v", err)
	}
	m.check("afterwards")
}

// kill has a step fail after each of its statements, and looks that nothing has changed. One that is a single statement is done or not.
func (m *migrated) kill(s etl.Step) {
	m.t.Helper()
	if s.Alone {
		return
	}
	for n := range s.Statements {
		err := m.batch(append(slices.Clone(s.Statements[:n+1]), "SELECT CAST(x AS INTEGER) FROM (SELECT 'killed' AS x) k"), nil)
		if err == nil || !strings.Contains(err.Error(), "killed") {
			m.t.Fatalf("%s, statement %d: %v", s.What, n, err)
		}
		m.check(fmt.Sprintf("killed after %.60s", s.Statements[n]))
	}
}

// beside carries out a step beside a load, one time of each kind after the other.
func (m *migrated) beside(s etl.Step) {
	m.t.Helper()
	m.turn++
	if m.turn%2 == 0 {
		m.underWay(s)
	} else {
		m.begun(s)
	}
	m.check("after a load beside " + s.What)
}

// underWay carries out a step while a load has changed the tables and is about to commit: the step waits for it.
func (m *migrated) underWay(s etl.Step) {
	m.t.Helper()
	under := m.session()
	load, statements := m.next()
	load.database = batchOf(func(statements []string, values map[string]string) error {
		if err := under.do("BEGIN"); err != nil {
			return err
		}
		if err := under.all(statements, values); err != nil {
			return err
		}
		done := make(chan error, 1)
		go func() { done <- m.step(s) }()
		if err := under.do("COMMIT"); err != nil {
			return err
		}
		return <-done
	})
	if err := load.run(statements, 1); err != nil {
		m.t.Fatalf("%s, with a load under way: %v", s.What, err)
	}
}

// begun carries out a step while a load has begun that has not come to the tables yet: what it sees is older than the step, so that
// it fails, and is tried again as the machine does, or goes on as if it had come after the step.
func (m *migrated) begun(s etl.Step) {
	m.t.Helper()
	load, statements := m.next()
	values := map[string]string{}
	load.database = batchOf(func(all []string, v map[string]string) error { statements, values = all, v; return nil })
	if err := load.run(statements, 1); err != nil {
		m.t.Fatal(err)
	}
	ledger := slices.IndexFunc(statements, func(s string) bool { return strings.HasPrefix(s, "DELETE FROM airlines.load_ledger") })
	others := m.session()
	others.must("BEGIN", "SELECT COUNT(*) FROM airlines.airports_dim") // as with COPY of the entries, the transaction sees nothing new from now on
	if err := others.all(statements[:ledger], values); err != nil {
		m.t.Fatal(err)
	}
	if err := m.step(s); err != nil {
		m.t.Fatalf("%s, with a load that has begun: %v", s.What, err)
	}
	err := others.all(statements[ledger:], values)
	if err == nil {
		err = others.do("COMMIT")
	}
	if err == nil {
		return
	}
	if !conflicts(err) {
		m.t.Errorf("a load that began before ends with what no machine tries again: %v", err)
	}
	others.must("ROLLBACK")
	if err := others.batch(statements, values); err != nil {
		m.t.Fatalf("a load that began before, tried again: %v", err)
	}
}

// batchOf is a database that executes batches.
type batchOf func(statements []string, values map[string]string) error

func (f batchOf) batch(statements []string, values map[string]string) error {
	return f(statements, values)
}

func (f batchOf) lines(string) []string { return nil }
