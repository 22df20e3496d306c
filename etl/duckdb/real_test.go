package duckdb_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"

	"github.com/google/go-cmp/cmp"
)

// realData is the sample of real flights that may lie beside the repository.
const realData = "../../../shared/data"

// The rows of real days, computed here without any SQL.
func TestRealDays(t *testing.T) {
	days, err := filepath.Glob(realData + "/daily-flights/date=*/flights.csv")
	if err != nil || len(days) == 0 {
		t.Skip("no sample data beside the repository")
	}
	records := func(path string) [][]string {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all[1:]
	}
	airport := map[string][]string{}
	for _, r := range records(realData + "/airports.csv") {
		airport[r[0]] = r
	}
	delay := func(text string) string {
		if text == "" {
			return "NULL"
		}
		return text
	}
	var read int64
	for _, day := range days {
		key := "daily-flights/" + filepath.Base(filepath.Dir(day)) + "/flights.csv"
		var want []string
		for _, r := range records(day) {
			from, to := airport[r[1]], airport[r[2]]
			if from == nil || to == nil {
				continue
			}
			want = append(want, fmt.Sprintf("%s|%s|%s|%s|%s|%s|%s|%s|%s|%s", r[0], from[3], to[3], from[1], to[1], from[2], to[2], delay(r[3]), delay(r[4]), key[len("daily-flights/date="):len("daily-flights/date=2008-05-01")]))
		}
		sort.Strings(want)
		out := t.TempDir()
		m, err := duckdb.Run(context.Background(), duckdb.Args{
			Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: key, Version: "v"}, LoadID: "id", Object: day, SQL: queries(t), Output: out,
			Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: realData + "/airports.csv", Modified: time.Unix(1, 0)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		got := lines(t, "SELECT COALESCE(COLUMNS(* EXCLUDE load_id)::VARCHAR, 'NULL') FROM read_parquet("+quote(filepath.Join(out, etl.RowsDir, "*.parquet"))+", hive_partitioning = false)")
		sort.Strings(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
		if m.RowsRead != m.RowsLoaded+m.RowsRejected || m.RowsLoaded != int64(len(want)) {
			t.Errorf("%s: manifest = %+v, want %d loaded", key, m, len(want))
		}
		read += m.RowsRead
	}
	if len(days) == 38 && read != 50000 {
		t.Errorf("%d rows read in 38 files, want 50,000", read)
	}
}
