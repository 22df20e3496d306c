package duckdb_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/samples"

	"github.com/google/go-cmp/cmp"
)

// What an engine loads does not depend on what it has loaded before: each load has the answer of a load alone.
func TestLoadsOfAnEngineAreAsAlone(t *testing.T) {
	var engine duckdb.Engine
	defer func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	}()
	airports := t.TempDir()
	named := write(t, airports, "named.csv", strings.ReplaceAll(samples.Airports, "1,", "1,New ")) // another city
	broken := write(t, airports, "broken.csv", "nothing of all this\n")
	limits := etl.DefaultLimits()
	limits.MaxLate = 4
	type change func(*duckdb.Args)
	plain := change(func(*duckdb.Args) {})
	for i, step := range []struct {
		content string
		change  change
	}{
		{header + "AA,1,2,5,-3\n", plain},
		{header + "AA,1,2,5,-3\nAA,1,9,5,-3\n", plain},
		{header + "AA,1,2,5\n", plain}, // a ragged line
		{"FlightDate," + header + "2008-05-01,AA,1,2,5,-3\n", plain},
		{"no header\n", plain}, // refused
		{header + "\"AA\",1,2,5,-3\n", plain},
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) { a.Limits = &limits }},
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) { a.MinDepDelay = ptr(10) }},
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) { a.Joined[0].Path = named }},
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) { a.Joined = nil }},
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) {
			a.Joined = append(a.Joined, duckdb.JoinedFile{Key: "airports/broken.csv", Path: broken, Modified: time.Unix(2, 0)})
		}},
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) { a.SQL["counts.sql"] = "SELECT nonsense" }}, // an error
		{header + "AA,1,2,5,-3\n", func(a *duckdb.Args) { a.Threads = 1 }},
		{samples.Airports, func(a *duckdb.Args) { a.Dataset, a.Source.Key = etl.Airports, "airports/airports.csv" }},
		{header + "AA,1,2,5,-3\n", plain},
	} {
		args := flights(t, step.content)
		args.Joined[0].Path = write(t, airports, "airports.csv", samples.Airports)
		step.change(&args)
		alone, aloneErr := duckdb.Run(context.Background(), args)
		rows := rowsOf(t, args.Output, alone)
		got, err := engine.Run(context.Background(), args)
		if diff := cmp.Diff(alone, got); diff != "" || (err == nil) != (aloneErr == nil) || err != nil && err.Error() != aloneErr.Error() {
			t.Errorf("load %d: error %v, alone %v; manifest (-alone +of the engine):\n%s", i, err, aloneErr, diff)
		}
		if diff := cmp.Diff(rows, rowsOf(t, args.Output, got)); diff != "" {
			t.Errorf("load %d: rows (-alone +of the engine):\n%s", i, diff)
		}
	}
}

func rowsOf(t *testing.T, dir string, m etl.Manifest) []string {
	t.Helper()
	var rows []string
	for _, file := range m.Files {
		rows = append(rows, lines(t, "SELECT COALESCE(COLUMNS(*)::VARCHAR, 'NULL') FROM read_parquet("+quote(dir+"/"+file)+", hive_partitioning = false)")...)
	}
	slices.Sort(rows)
	return rows
}

// An airports file that changes in its place is read again.
func TestAnEngineSeesNewAirports(t *testing.T) {
	var engine duckdb.Engine
	defer engine.Close()
	args := flights(t, header+"AA,1,77,5,-3\n")
	for i, want := range []int64{0, 1} {
		if i == 1 {
			write(t, filepath.Dir(args.Joined[0].Path), "airports.csv", strings.TrimSpace(samples.Airports)+"\n77,City,State,Name,XYZ\n")
		}
		m, err := engine.Run(context.Background(), args)
		if err != nil || m.RowsLoaded != want {
			t.Errorf("load %d: %d rows loaded, want %d (%v)", i, m.RowsLoaded, want, err)
		}
	}
}
