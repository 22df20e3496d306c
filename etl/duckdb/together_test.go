package duckdb_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/samples"

	"github.com/google/go-cmp/cmp"
)

// read is what the files below a directory have, by name.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[strings.TrimPrefix(path, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// rowsIn are the schema and the rows of a Parquet file, in any order.
func rowsIn(t *testing.T, text string) []string {
	t.Helper()
	path := write(t, t.TempDir(), "one.parquet", text)
	rows := lines(t, "SELECT r::VARCHAR FROM read_parquet("+quote(path)+", hive_partitioning = false) r")
	slices.Sort(rows)
	return append(lines(t, "SELECT p::VARCHAR FROM (SELECT * EXCLUDE file_name FROM parquet_schema("+quote(path)+")) p"), rows...)
}

// expectAsAlone loads objects together, and checks that each is loaded as it is alone, and that what is small and loads
// is among it. It tells how many were loaded together.
func expectAsAlone(t *testing.T, all []duckdb.Args) (together int) {
	t.Helper()
	var engine, other duckdb.Engine
	defer engine.Close()
	defer other.Close()
	loaded, err := engine.Together(t.Context(), all)
	if err != nil {
		t.Error(err)
	}
	for i, m := range loaded {
		args := all[i]
		wrote := read(t, args.Output)
		alone, err := other.Run(t.Context(), args)
		key := args.Source.Key + " of " + args.LoadID
		switch info, _ := os.Stat(args.Object); {
		case m == nil && err == nil && info.Size() <= 1000:
			t.Errorf("%s is small and loads alone, and was not loaded with others", key)
		case m != nil && err != nil:
			t.Errorf("%s was loaded with others, and alone fails: %v", key, err)
		case m != nil:
			together++
			if diff := cmp.Diff(alone, *m); diff != "" {
				t.Errorf("%s: the manifest (-alone +with others):\n%s", key, diff)
			}
			left := read(t, args.Output)
			if parquet := "/" + m.Files[0]; left[parquet] != wrote[parquet] {
				// A join with days may give rows in another order.
				if diff := cmp.Diff(rowsIn(t, left[parquet]), rowsIn(t, wrote[parquet])); diff != "" {
					t.Errorf("%s: the rows (-alone +with others):\n%s", key, diff)
				}
				left[parquet] = wrote[parquet]
			}
			if diff := cmp.Diff(left, wrote); diff != "" {
				t.Errorf("%s: what is written (-alone +with others):\n%s", key, diff)
			}
		}
	}
	return together
}

// All samples, each twice so that there are others of its shape, are loaded together as alone.
func TestTogetherIsAsAlone(t *testing.T) {
	files := samples.Flights()
	if beside, err := samples.Beside(realData); err == nil {
		files = append(files, beside...)
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	dir := t.TempDir()
	among := map[string][]duckdb.Args{} // by the airports, which a run has in common
	var order []string
	for i, file := range files {
		for again := range 2 {
			args := flightsAmong(t, file.Content, file.Airports)
			args.Source.Key, args.LoadID, args.Output = file.Key, fmt.Sprintf("%d-%d", i, again), filepath.Join(dir, fmt.Sprint(i, again))
			if among[file.Airports] == nil {
				order = append(order, file.Airports)
			} else {
				args.Joined = among[file.Airports][0].Joined
			}
			among[file.Airports] = append(among[file.Airports], args)
		}
	}
	together := 0
	for _, airports := range order {
		for all := among[airports]; len(all) > 0; {
			n := min(len(all), duckdb.MaxTogether)
			together += expectAsAlone(t, all[:n])
			all = all[n:]
		}
	}
	if together == 0 {
		t.Error("none was loaded together")
	}
}

// Settings, files without a row that loads, and files that say other things about their days and airports, in one batch.
func TestTogetherInOneBatch(t *testing.T) {
	limits := etl.DefaultLimits()
	limits.MaxLate = 50
	const dated = "FlightDate,"
	var all []duckdb.Args
	add := func(key, content string) {
		args := flights(t, content)
		if len(all) > 0 {
			args.Joined, args.SQL = all[0].Joined, all[0].SQL
		}
		args.Source.Key, args.LoadID, args.Limits, args.MinDepDelay, args.Rows = key, fmt.Sprint("it's ", len(all)), &limits, ptr(3), "s3://rows/"+fmt.Sprint(len(all))+"/"
		all = append(all, args)
	}
	const first, second, month = "daily-flights/date=2008-05-01/f.csv", "daily-flights/date=2008-05-02/f.csv", "daily-flights/month=2008-06/f.csv"
	for range 2 {
		add(first, header+"AA,1,2,5,-3\nAA,1,2,60,-3\nAA,1,9,5,-3\n")
		add(second, header)
		add(second, "ArrDelay,Extra,"+"Carrier,DepDelay,OriginAirportID,DestAirportID\r\n7,\"x\ny\",\"A\"\"A\",3,2,1\r\n7,,BB,3,2,1\r\n")
		add(first, header+"AA,1,2,5\nAA,1,2,5,x\n\"AA,1,2,5,7\n")
		add(first, header+"AA,1,2,5\nAA,1,2,5,x\nA\"A,1,2,5,7\n")
		add(first, dated+header+"2008-05-01,AA,1,2,5,-3\n2008-05-02,AA,1,2,5,-3\n")
		add(month, dated+header+"2008-06-30,AA,1,2,5,-3\n2008-06-01,AA,1,2,5,-3\n")
		add(first, "Carrier,Origin,Dest,DepDelay,ArrDelay\nAA,ADK,BOI,5,-3\n")
		add(second, "no header\n")
		add("daily-flights/f.csv", header)
	}
	if together := expectAsAlone(t, all); together != 14 {
		t.Errorf("%d files were loaded together, want 14: all but those that are refused", together)
	}
}

// What cannot be loaded together is left to loads of its own: rows of which one of a key loads, and queries that fail.
func TestNotTogether(t *testing.T) {
	airports := func() duckdb.Args {
		dir := t.TempDir()
		return duckdb.Args{Dataset: etl.Airports, Source: etl.Source{Bucket: "raw", Key: "airports/airports.csv", Version: "v1"}, LoadID: "id",
			Object: write(t, dir, "airports.csv", samples.Airports), SQL: queries(t), Output: filepath.Join(dir, "out")}
	}
	broken := func() duckdb.Args {
		args := flights(t, header+"AA,1,2,5,-3\n")
		args.SQL["counts.sql"] = "SELECT nonsense"
		return args
	}
	var engine duckdb.Engine
	defer engine.Close()
	for _, test := range []struct {
		all    []duckdb.Args
		failed string
	}{
		{[]duckdb.Args{airports(), airports()}, ""}, {[]duckdb.Args{flights(t, header)}, ""},
		{[]duckdb.Args{broken(), broken()}, "2 files are loaded one by one: load " + samples.Key + ": counts.sql: "},
	} {
		loaded, err := engine.Together(t.Context(), test.all)
		if (err == nil) != (test.failed == "") || err != nil && !strings.HasPrefix(err.Error(), test.failed) {
			t.Errorf("error %v, want %q", err, test.failed)
		}
		for _, m := range loaded {
			if m != nil {
				t.Errorf("%s was loaded with others", m.Source.Key)
			}
		}
	}
	if _, err := engine.Run(t.Context(), flights(t, header+"AA,1,2,5,-3\n")); err != nil {
		t.Errorf("a load afterwards: %v", err)
	}
}
