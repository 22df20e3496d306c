package etl_test

import (
	"os"
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

// A warehouse that release 0.1.0 has created and filled takes the loads of this one, and keeps what it has.
func TestUpgradeOfTheFirstRelease(t *testing.T) {
	text, err := os.ReadFile("testdata/warehouse-0.1.0.sql")
	if err != nil {
		t.Fatal(err)
	}
	db := openPostgreSQL(t)
	w := &warehouse{database: db, t: t, staged: map[string]string{}, now: "2026-01-01T00:00:00.000Z"}
	if err := db.batch(strings.Split(strings.TrimSuffix(string(text), ";\n"), ";\n"), nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // twice: it must be idempotent
		for _, statement := range append(etl.DDL(), etl.Upgrade()...) {
			if err := db.batch([]string{statement}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if diff := cmp.Diff([]string{"AA id-v1", "AA id-v1"}, w.lines("SELECT carrier, load_id FROM airlines.daily_flights_fact")); diff != "" {
		t.Errorf("facts after the upgrade (-want +got):\n%s", diff)
	}
	w.load(object{key: day, version: "v2", time: "2008-05-02T00:00:00Z", rows: []string{"DL"}})
	if diff := cmp.Diff([]string{"DL id-v2"}, w.lines("SELECT carrier, load_id FROM airlines.daily_flights_fact")); diff != "" {
		t.Errorf("facts after a correction (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"v0 superseded", "v1 superseded", "v2 loaded"}, w.lines("SELECT version, status FROM airlines.load_ledger")); diff != "" {
		t.Errorf("ledger after a correction (-want +got):\n%s", diff)
	}
}

// What a deployment can, it does with a table that is older than the declaration; what it cannot fails it, and says so, as often as
// its statements run. That it fails is when a migration says that loads would.
func TestUpgradeFailsWhereAMigrationIsNeeded(t *testing.T) {
	onWitnesses(t, func(t *testing.T, w *witness) {
		w.must(etl.DDL(etl.Carriers)...)
		for _, step := range []struct{ change, back, refused string }{
			{change: "ALTER TABLE airlines.daily_flights_fact DROP COLUMN arr_state"},
			{change: "ALTER TABLE airlines.load_ledger DROP COLUMN observed_at"},
			{change: "ALTER TABLE airlines.carriers_dim DROP COLUMN name"},
			{change: "ALTER TABLE airlines.airports_dim ADD COLUMN mark VARCHAR(5)", back: "ALTER TABLE airlines.airports_dim DROP COLUMN mark"},
			{change: "ALTER TABLE airlines.airports_dim ADD COLUMN mark VARCHAR(5) DEFAULT 'x' NOT NULL", back: "ALTER TABLE airlines.airports_dim DROP COLUMN mark"},
			{change: "ALTER TABLE airlines.airports_dim ALTER COLUMN city TYPE VARCHAR(300)"},
			{change: "ALTER TABLE airlines.airports_dim ALTER COLUMN city TYPE VARCHAR(99)", back: "ALTER TABLE airlines.airports_dim ALTER COLUMN city TYPE VARCHAR(100)", refused: "airlines.airports_dim is not as declared"},
			{change: "ALTER TABLE airlines.daily_flights_fact DROP COLUMN load_id", refused: "airlines.daily_flights_fact is not as declared"},
		} {
			w.must(step.change)
			for range 2 {
				var err error
				for _, statement := range etl.Upgrade(etl.Carriers) {
					if err == nil {
						err = w.do(statement)
					}
				}
				if step.refused == "" && err != nil || step.refused != "" && (err == nil || !strings.Contains(err.Error(), step.refused)) {
					t.Errorf("%s: %v, want %q", step.change, err, step.refused)
				}
				blocks := false
				for _, m := range etl.Compare(etl.Tables(etl.Carriers), w.live(), etl.MigrateOptions{}) {
					blocks = blocks || m.Blocks()
				}
				if blocks != (step.refused != "") {
					t.Errorf("%s: that it blocks loads is %v", step.change, blocks)
				}
			}
			if step.back != "" {
				w.must(step.back)
			}
		}
	})
}
