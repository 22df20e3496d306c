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
