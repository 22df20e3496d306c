package tests

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// This file is the second opinion on the transform: it computes the fact table
// from the raw files with encoding/csv and maps, and shares nothing with the
// SQL that the pipeline runs. It knows only well-formed files; what the
// contract says of bad ones is asserted by the stories of bad files.

// An airport is a row of airports.csv.
type airport struct{ city, state, name string }

// A rawFile is a file as it is uploaded: its key in the raw bucket and its bytes.
type rawFile struct {
	key  string
	body []byte
}

// readDir reads airports and days from a directory laid out as
// airports.csv, daily-flights/date=*/*.csv.
func readDir(t testing.TB, dir string) (airports rawFile, days []rawFile) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, "airports.csv"))
	if err != nil {
		t.Fatal(err)
	}
	airports = rawFile{"airports/airports.csv", body}
	paths, err := filepath.Glob(filepath.Join(dir, "daily-flights", "date=*", "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Fatalf("no daily-flights/date=*/*.csv below %s", dir)
	}
	slices.Sort(paths)
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		days = append(days, rawFile{filepath.ToSlash(rel), body})
	}
	return airports, days
}

// records parses a well-formed CSV into one map a row.
func records(t testing.TB, f rawFile) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(f.body)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", f.key, err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := make(map[string]string, len(row))
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// referenceAirports is airports_dim as the contract defines it.
func referenceAirports(t testing.TB, f rawFile) map[string]airport {
	t.Helper()
	out := make(map[string]airport)
	for _, r := range records(t, f) {
		out[r["airport_id"]] = airport{r["city"], r["state"], r["name"]}
	}
	return out
}

// referenceFacts is the multiset of rows that one day's file adds to
// daily_flights_fact, without load_id: each row printed by factLine, sorted.
func referenceFacts(t testing.TB, f rawFile, airports map[string]airport) []string {
	t.Helper()
	_, rest, ok := strings.Cut(f.key, "date=")
	if !ok {
		t.Fatalf("%s: no date= in the key", f.key)
	}
	date, _, _ := strings.Cut(rest, "/")
	var out []string
	for _, r := range records(t, f) {
		dep, depOK := airports[r["OriginAirportID"]]
		arr, arrOK := airports[r["DestAirportID"]]
		if !depOK || !arrOK {
			continue
		}
		out = append(out, factLine(r["Carrier"], dep.name, arr.name, dep.city, arr.city, dep.state, arr.state,
			delay(t, r["DepDelay"]), delay(t, r["ArrDelay"]), date, f.key))
	}
	slices.Sort(out)
	return out
}

// factLine prints a fact row for comparison; null is distinct from any text.
func factLine(columns ...any) string {
	var b strings.Builder
	for _, c := range columns {
		switch c := c.(type) {
		case nil:
			b.WriteString("null|")
		case string:
			b.WriteString(strconv.Quote(c) + "|")
		default:
			fmt.Fprintf(&b, "%v|", c)
		}
	}
	return b.String()
}

func delay(t testing.TB, s string) any {
	if s == "" || s == "NA" {
		return nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatalf("the reference knows well-formed delays only: %v", err)
	}
	return n
}

// diffMultisets explains how two sorted lists differ, or returns "".
func diffMultisets[T cmp.Ordered](got, want []T) string {
	var b strings.Builder
	extra, missing := 0, 0
	for i, j := 0, 0; i < len(got) || j < len(want); {
		switch {
		case j == len(want) || i < len(got) && got[i] < want[j]:
			if extra++; extra <= 5 {
				fmt.Fprintf(&b, "\n  not expected: %v", got[i])
			}
			i++
		case i == len(got) || want[j] < got[i]:
			if missing++; missing <= 5 {
				fmt.Fprintf(&b, "\n  missing:      %v", want[j])
			}
			j++
		default:
			i, j = i+1, j+1
		}
	}
	if extra+missing == 0 {
		return ""
	}
	return fmt.Sprintf("%d rows, want %d: %d not expected, %d missing%s", len(got), len(want), extra, missing, b.String())
}

func TestDiffMultisets(t *testing.T) {
	for _, c := range []struct {
		got, want []int
		same      bool
	}{
		{nil, nil, true},
		{[]int{1, 1, 2}, []int{1, 1, 2}, true},
		{[]int{1, 2}, []int{1, 1, 2}, false},
		{[]int{1, 1, 2}, []int{1, 2}, false},
		{[]int{3}, nil, false},
		{nil, []int{3}, false},
	} {
		if diff := diffMultisets(c.got, c.want); (diff == "") != c.same {
			t.Errorf("diffMultisets(%v, %v) = %q, want same %v", c.got, c.want, diff, c.same)
		}
	}
}
