package duckdb_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"

	"github.com/google/go-cmp/cmp"
)

// The layouts in which BTS publishes load as they are, under a day and under a month, with rows computed here without any SQL.
func TestPublishedLayouts(t *testing.T) {
	known := map[string][]string{}
	for _, r := range table(t, realData+"/airports.csv")[1:] {
		known[r[0]] = r
	}
	for _, layout := range []struct {
		file string
		// names of the columns, in the contract's order
		columns [5]string
	}{
		{"on_time_reporting_carrier.csv", [5]string{"Reporting_Airline", "OriginAirportID", "DestAirportID", "DepDelay", "ArrDelay"}},
		{"custom_download.csv", [5]string{"OP_UNIQUE_CARRIER", "ORIGIN_AIRPORT_ID", "DEST_AIRPORT_ID", "DEP_DELAY", "ARR_DELAY"}},
	} {
		path := realData + "/bts/" + layout.file
		rows := table(t, path)
		var want []string
		for _, r := range rows[1:] {
			field := func(i int) string { return r[slices.Index(rows[0], layout.columns[i])] }
			from, to := known[field(1)], known[field(2)]
			if from == nil || to == nil {
				t.Fatalf("%s: %s or %s is no airport", layout.file, field(1), field(2))
			}
			want = append(want, strings.Join([]string{field(0), from[3], to[3], from[1], to[1], from[2], to[2], minutes(t, field(3)), minutes(t, field(4)), "2008-04-03"}, "|"))
		}
		slices.Sort(want)
		for _, partition := range []string{"date=2008-04-03", "month=2008-04"} {
			t.Run(partition+"/"+layout.file, func(t *testing.T) {
				m, got := loadPublished(t, "daily-flights/"+partition+"/"+layout.file, path, realData+"/airports.csv")
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if m.RowsRead != int64(len(want)) || m.RowsRejected != 0 {
					t.Errorf("%d rows read and %d rejected, want all %d", m.RowsRead, m.RowsRejected, len(want))
				}
			})
		}
		t.Run("date=2008-04-04/"+layout.file, func(t *testing.T) {
			m, got := loadPublished(t, "daily-flights/date=2008-04-04/"+layout.file, path, realData+"/airports.csv")
			if len(got) != 0 || m.Reasons["other day"] != int64(len(want)) {
				t.Errorf("under the next day %d rows load, and %v are rejected", len(got), m.Reasons)
			}
		})
	}
}

// Files that are odd in one way each, and what is right to make of them.
func TestOddFolders(t *testing.T) {
	const fact = "|Hartsfield|Logan|Atlanta|Boston|GA|MA|"
	for _, c := range []struct {
		folder, file string
		rows         []string
		reasons      map[string]int64
		refused      etl.RefusalCode
		says         []string
	}{
		{folder: "blanks", file: "daily-flights/date=2016-01-01/f.csv", rows: []string{"AA" + fact + "1|2|2016-01-01", "AA" + fact + "1|2|2016-01-01", "AA" + fact + "1|2|2016-01-01", "aa" + fact + "1|2|2016-01-01"}},
		{folder: "month-in-one-day", file: "daily-flights/date=2016-01-01/On_Time_2016_1.csv", rows: []string{"ZZ" + fact + "3|4|2016-01-01"}, reasons: map[string]int64{"other day": 2}},
		{folder: "semicolons", file: "daily-flights/date=2016-01-01/f.csv", refused: etl.RefusedNoHeader, says: []string{"f.csv:1:", "separated by semicolons (;), not by commas", "save it with commas"}},
		{folder: "no-partition", file: "flights.csv", refused: etl.RefusedKey, says: []string{"no date=YYYY-MM-DD or month=YYYY-MM partition", "upload it as daily-flights/date=YYYY-MM-DD/"}},
	} {
		t.Run(c.folder, func(t *testing.T) {
			folder := realData + "/odd/" + c.folder
			table(t, folder+"/airports.csv")
			if c.refused != "" {
				_, err := duckdb.Run(context.Background(), published(t, c.file, folder+"/"+c.file, folder+"/airports.csv"))
				var refused *etl.RefusedError
				if !errors.As(err, &refused) || refused.Code != c.refused {
					t.Fatalf("got %v, want %q", err, c.refused)
				}
				for _, word := range c.says {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("%q is not said: %v", word, err)
					}
				}
				return
			}
			m, got := loadPublished(t, c.file, folder+"/"+c.file, folder+"/airports.csv")
			if diff := cmp.Diff(c.rows, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.reasons, m.Reasons); diff != "" && len(c.reasons)+len(m.Reasons) > 0 {
				t.Errorf("rejected (-want +got):\n%s", diff)
			}
		})
	}
}

// table reads a CSV file of the sample data, or skips the test where there is none.
func table(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("no sample data beside the repository: %s is absent", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// minutes is a delay as the warehouse has it.
func minutes(t *testing.T, text string) string {
	t.Helper()
	if text == "" {
		return "NULL"
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != float64(int64(f)) {
		t.Fatalf("the delay %q is no whole number", text)
	}
	return fmt.Sprint(int64(f))
}

func published(t *testing.T, key, flights, airports string) duckdb.Args {
	t.Helper()
	return duckdb.Args{
		Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: key, Version: "v"}, LoadID: "id", Object: flights, SQL: queries(t), Output: t.TempDir(),
		Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: airports, Modified: time.Unix(1, 0)}},
	}
}

// loadPublished gives a load's manifest and its rows, sorted.
func loadPublished(t *testing.T, key, flights, airports string) (etl.Manifest, []string) {
	t.Helper()
	args := published(t, key, flights, airports)
	m, err := duckdb.Run(context.Background(), args)
	if err != nil {
		t.Fatal(err)
	}
	got := lines(t, "SELECT COALESCE(COLUMNS(* EXCLUDE load_id)::VARCHAR, 'NULL') FROM read_parquet("+quote(filepath.Join(args.Output, etl.RowsDir, "*.parquet"))+", hive_partitioning = false)")
	slices.Sort(got)
	return m, got
}
