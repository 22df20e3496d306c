package tests

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/asl/sim"
	"airline/local"
)

const (
	header  = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
	goodRow = "AA,10397,10721,1,2\n"
)

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// goodFact is the row that goodRow becomes.
func goodFact(key string) string {
	return factLine("AA", "Hartsfield-Jackson Atlanta International", "Logan International", "Atlanta", "Boston", "GA", "MA",
		int64(1), int64(2), "2008-05-01", key)
}

// Odd files arrive together with a good one, by both triggers. What the data
// contract accepts is loaded; what it refuses fails with a message that says
// where and why, and a notification; the good file is never harmed.
func TestOddFiles(t *testing.T) {
	const partition = "daily-flights/date=2008-05-01/"
	cases := []struct {
		name, key, body string
		loaded          int    // copies of goodRow in the warehouse
		rejected        int64  // rows, when the file is accepted
		refused         string // part of the cause, when it is not
	}{
		{name: "missing column", key: "a.csv", body: "Carrier,OriginAirportID,DestAirportID,ArrDelay\nAA,10397,10721,2\n", refused: "DepDelay"},
		{name: "several missing columns at once", key: "a2.csv", body: "Carrier,ArrDelay\nAA,2\n", refused: "OriginAirportID, DestAirportID, DepDelay"},
		{name: "no header", key: "b.csv", body: goodRow + goodRow, refused: "header"},
		{name: "header only", key: "c.csv", body: header},
		{name: "empty object", key: "d.csv", body: "", refused: "empty"},
		{name: "binary bytes", key: "e.csv", body: "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\x00binary", refused: "text"},
		{name: "text delay", key: "f.csv", body: header + goodRow + goodRow + "AA,10397,10721,late,2\n", loaded: 2, rejected: 1},
		{name: "ragged rows", key: "g.csv", body: header + goodRow + "AA,10397\n" + goodRow + "AA,10397,10721,1,2,3\n", loaded: 2, rejected: 2},
		{name: "quoted commas", key: "h.csv", body: "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,Remark\nAA,10397,10721,1,2,\"fog, then \"\"rain\"\"\"\n", loaded: 1},
		{name: "CRLF", key: "i.csv", body: strings.ReplaceAll(header+goodRow, "\n", "\r\n"), loaded: 1},
		{name: "BOM", key: "j.csv", body: "\ufeff" + header + goodRow, loaded: 1},
		{name: "gzip", key: "k.csv.gz", body: gzipped(t, header+goodRow), loaded: 1},
		{name: "gzip without the ending", key: "k.csv", body: gzipped(t, header+goodRow), loaded: 1},
		{name: "columns in another order and case", key: "l.csv", body: "arrdelay,DEPDELAY,destairportid,Extra,OriginAirportId,carrier\n2,1,10721,x,10397,AA\n", loaded: 1},
		{name: "spaces", key: "m n o.csv", body: header + goodRow, loaded: 1},
		{name: "plus", key: "a+b.csv", body: header + goodRow, loaded: 1},
		{name: "percent", key: "100%25.csv", body: header + goodRow, loaded: 1},
		{name: "non-ASCII letters", key: "Flüge-日本.csv", body: header + goodRow, loaded: 1},
		{name: "quotes", key: `it's "quoted".csv`, body: header + goodRow, loaded: 1},
		{name: "a semicolon and a comment", key: "x'; DROP TABLE airlines.daily_flights_fact; --.csv", body: header + goodRow, loaded: 1},
		{name: "a line break", key: "a\nb.csv", body: header + goodRow, loaded: 1},
		{name: "dots", key: "../../escape.csv", body: header + goodRow, loaded: 1},
		{name: "a path", key: "$.x.csv", body: header + goodRow, loaded: 1},
		{name: "an expression", key: "{% $states %}.csv", body: header + goodRow, loaded: 1},
		{name: "braces", key: "{}<key>{0}.csv", body: header + goodRow, loaded: 1},
		{name: "a backslash", key: `a\b\'c.csv`, body: header + goodRow, loaded: 1},
		{name: "no date in the key", key: "../undated.csv", body: header + goodRow, loaded: 1},
	}
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			w.ingest(smallAirports())
			var files []rawFile
			for _, c := range cases {
				files = append(files, rawFile{partition + c.key, []byte(c.body)})
			}
			files = append(files,
				rawFile{"daily-flights/flights.csv", []byte(header + goodRow)},
				day("2008-05-01", "good.csv", strings.TrimSpace(goodRow)))
			w.ingest(files...)
			ledger := map[any][][]any{}
			for _, row := range w.query("SELECT source_key, rows_read, rows_loaded, rows_rejected FROM airlines.load_ledger") {
				ledger[row[0]] = append(ledger[row[0]], row)
			}
			facts := map[string]int{}
			for _, fact := range w.facts() {
				facts[fact]++
			}
			for i, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					key := files[i].key
					x := w.last(key)
					if got := facts[goodFact(key)]; got != c.loaded {
						t.Errorf("%d rows in the warehouse, want %d", got, c.loaded)
					}
					delete(facts, goodFact(key))
					if c.refused != "" {
						if x.Status() != sim.Failed {
							t.Errorf("the execution is %s, want FAILED", x.Status())
						}
						if !strings.Contains(x.Cause(), c.refused) || !strings.Contains(x.Cause(), key) {
							t.Errorf("the cause should name %q and the file: %s", c.refused, x.Cause())
						}
						if n := len(w.failures(key)); n != 1 {
							t.Errorf("%d failure notifications, want 1", n)
						}
						return
					}
					if x.Status() != sim.Succeeded {
						t.Errorf("the execution is %s: %s: %s", x.Status(), x.Error(), x.Cause())
					}
					want := []any{key, int64(c.loaded) + c.rejected, int64(c.loaded), c.rejected}
					if diff := cmp.Diff([][]any{want}, ledger[key]); diff != "" {
						t.Errorf("the ledger's key, rows read, loaded and rejected differ from what is wanted (-want +got):\n%s", diff)
					}
				})
			}
			undated := w.last("daily-flights/flights.csv")
			if undated.Status() != sim.Failed || !strings.Contains(undated.Cause(), "date=YYYY-MM-DD") {
				t.Errorf("a key without a date: %s, %s", undated.Status(), undated.Cause())
			}
			delete(facts, goodFact("daily-flights/date=2008-05-01/good.csv"))
			w.succeeded("daily-flights/date=2008-05-01/good.csv")
			for fact := range facts {
				t.Errorf("nobody expects the row %s", fact)
			}
			// Nothing is lost: each object is still there as it was uploaded.
			for _, f := range files {
				if got := w.get(f.key); got != string(f.body) {
					t.Errorf("%q holds %d bytes, uploaded were %d", f.key, len(got), len(f.body))
				}
			}
		})
	}
}

// A file over the reject limit is refused as a whole.
func TestTooManyRejects(t *testing.T) {
	w := deploy(t, local.Options{})
	bad := day("2008-05-01", "flights.csv", strings.TrimSpace(goodRow), "AA,1,2,3,4", "AA,10397,10721,x,4", "AA,10397,10721,1,y")
	w.ingest(smallAirports())
	w.ingest(bad)
	x := w.last(bad.key)
	if x.Status() != sim.Failed || x.Error() != "too many rejects" || !strings.Contains(x.Cause(), "3 of 4 rows") {
		t.Errorf("the execution is %s, %s: %s", x.Status(), x.Error(), x.Cause())
	}
	if n := w.count("SELECT COUNT(*) FROM airlines.daily_flights_fact"); n != 0 {
		t.Errorf("%d rows were loaded of a refused file", n)
	}
	if n := len(w.failures(bad.key)); n != 1 {
		t.Errorf("%d failure notifications, want 1", n)
	}
}
