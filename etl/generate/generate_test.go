package generate_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/generate"

	"github.com/google/go-cmp/cmp"
)

func tree(t *testing.T, o generate.Options) (string, map[string]string) {
	t.Helper()
	dir := t.TempDir()
	if err := generate.Tree(dir, o); err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		sums[filepath.ToSlash(name)] = fmt.Sprintf("%x", sha256.Sum256(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, sums
}

func TestTreeIsDeterministic(t *testing.T) {
	o := generate.Options{Seed: 7, Days: 3, FlightsPerDay: 500}
	_, first := tree(t, o)
	_, second := tree(t, o)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the same options made other files (-first +second):\n%s", diff)
	}
	if len(first) != 4 || first["daily-flights/date=2008-05-03/flights.csv"] == "" || first["airports.csv"] == "" {
		t.Errorf("files = %v, want airports.csv and three days", first)
	}
	_, other := tree(t, generate.Options{Seed: 8, Days: 3, FlightsPerDay: 500})
	if first["daily-flights/date=2008-05-01/flights.csv"] == other["daily-flights/date=2008-05-01/flights.csv"] {
		t.Error("another seed made the same flights")
	}
}

// What is generated must mean to the pipeline what the options say.
func TestTreeLoads(t *testing.T) {
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		faulty   float64
		rejected func(int64) bool
		reasons  []string
	}{
		{-1, func(n int64) bool { return n == 0 }, nil},
		{0.1, func(n int64) bool { return 350 < n && n < 450 }, []string{"ragged row", "invalid ArrDelay", "unknown destination airport"}},
	} {
		dir, _ := tree(t, generate.Options{Seed: 1, Days: 1, FlightsPerDay: 4000, Faulty: test.faulty, Start: time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)})
		key := "daily-flights/date=2024-02-29/flights.csv"
		m, err := duckdb.Run(context.Background(), duckdb.Args{
			Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: key, Version: "v"}, LoadID: "id",
			Object: filepath.Join(dir, filepath.FromSlash(key)), SQL: queries, Output: t.TempDir(),
			Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: filepath.Join(dir, "airports.csv")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if m.RowsRead != 4000 || !test.rejected(m.RowsRejected) {
			t.Errorf("faulty %v: %d read, %d rejected (%v)", test.faulty, m.RowsRead, m.RowsRejected, m.Reasons)
		}
		for _, reason := range test.reasons {
			if m.Reasons[reason] == 0 {
				t.Errorf("faulty %v: no row has the reason %q: %v", test.faulty, reason, m.Reasons)
			}
		}
	}
}

func BenchmarkDay(b *testing.B) {
	var out bytes.Buffer
	if err := generate.Day(&out, generate.Options{FlightsPerDay: b.N}, 0); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len() / b.N))
}

func ExampleAirports() {
	var out strings.Builder
	if err := generate.Airports(&out); err != nil {
		fmt.Println(err)
	}
	fmt.Println(strings.Join(strings.Split(out.String(), "\n")[:2], "\n"))
	// Output:
	// airport_id,city,state,name
	// 10135,Albany,NY,Albany International
}
