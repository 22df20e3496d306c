package etl_test

import (
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

func TestSameRows(t *testing.T) {
	const before, after, since = "2008-05-02T00:00:00Z", "2008-05-04T00:00:00Z", "2008-05-03T00:00:00Z"
	load := func(w *warehouse, key, loadedAt string, carriers ...string) {
		t.Helper()
		w.now = loadedAt
		w.load(object{key: key, version: key, time: before, rows: carriers})
	}
	onEveryDatabase(t, func(t *testing.T, w *warehouse) {
		load(w, "old", before, "AA", "AA", "DL", "UA")
		load(w, "old copy", before, "AA", "AA", "DL", "UA")
		load(w, "corrected", after, "AA", "DL", "UA", "B6")   // three of old's four rows
		load(w, "other", after, "WN", "FL", "B6", "NK", "HA") // one of five
		load(w, "part", after, "WN", "FL")                    // all of it is in other
		load(w, "empty", after)
		want := []string{
			"2008-05-01 corrected old 3",
			"2008-05-01 corrected old copy 3",
			"2008-05-01 other part 2",
		}
		query := strings.ReplaceAll(etl.SameRows(etl.Flights), ":since", "'"+since+"'")
		if diff := cmp.Diff(want, w.lines(query)); diff != "" {
			t.Errorf("files with the same flights (-want +got):\n%s", diff)
		}
	})
}
