package demo

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/etl"
	"github.com/google/go-cmp/cmp"
)

// write makes files in a folder; names that end in .gz are packed.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		data := []byte(text)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(data)
			w.Close()
			data = b.Bytes()
		}
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const flightsHeader = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay"

// What a folder gives, by keys; "!" before one says that it is not uploaded, with a part of the reason.
func TestReadData(t *testing.T) {
	airports := "airport_id,city,state,name\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		data  string // below the folder
		want  []string
	}{
		{"as it should be", map[string]string{"airports.csv": airports, "daily-flights/date=2008-05-01/f.csv": "", "README.md": "", ".DS_Store": ""}, "",
			[]string{"airports/airports.csv", "daily-flights/date=2008-05-01/f.csv", "ignored README.md"}},
		{"upper case and packed", map[string]string{"Airports.csv": airports, "AIRPORTS.CSV.gz": airports}, "", []string{"airports/airports.csv", "airports/airports.csv.gz"}},
		{"flights beside the airports, without a day", map[string]string{"airports.csv": airports, "flights.csv": flightsHeader + "\nAA,1,2,3,4\n"}, "",
			[]string{"airports/airports.csv", "!flights.csv: none of its columns gives the day"}},
		{"flights beside the airports, with a day", map[string]string{"airports.csv": airports, "Flights.CSV": flightsHeader + ",FlightDate\nAA,1,2,3,4,2008-05-02\nAA,1,2,3,4,2008-05-01\n"}, "",
			[]string{"airports/airports.csv", "daily-flights/date=2008-05-01/Flights.csv", "daily-flights/date=2008-05-02/Flights.csv"}},
		{"semicolons", map[string]string{"airports.csv": airports, "flights.csv": "Carrier;OriginAirportID;FlightDate\n"}, "", []string{"airports/airports.csv", "!flights.csv: separated by semicolons (;)"}},
		{"another table with a date", map[string]string{"airports.csv": airports, "weather.csv": "date,station\n2008-05-01,1\n"}, "", []string{"airports/airports.csv", "!weather.csv: none of the columns Carrier"}},
		{"names that nothing loads", map[string]string{"airports.csv": airports, "may.zip": "", "may.txt": "", "part-00000": "", "README": "", "load.py": ""}, "",
			[]string{"airports/airports.csv", "!may.zip: unpack it", "!may.txt: rename it to end in .csv", "!part-00000: rename it", "ignored README", "ignored load.py"}},
		{"hidden names", map[string]string{"airports.csv": airports, "daily-flights/date=2008-05-01/f.csv": "", "daily-flights/date=2008-05-01/_SUCCESS": "", "daily-flights/date=2008-05-01/._f.csv": "", "daily-flights/_temporary/0/f.csv": ""}, "",
			[]string{"airports/airports.csv", "daily-flights/date=2008-05-01/f.csv", "ignored daily-flights/date=2008-05-01/_SUCCESS", "ignored daily-flights/date=2008-05-01/._f.csv", "ignored daily-flights/_temporary/0/f.csv"}},
		{"hidden beside the airports", map[string]string{"airports.csv": airports, "_f.csv": "FlightDate,Origin\n2008-05-01,A\n", ".DS_Store": ""}, "", []string{"airports/airports.csv", "ignored _f.csv"}},
		{"a hidden file that is named", map[string]string{"airports.csv": airports, "._f.csv.gz": "FlightDate,Origin\n2008-05-01,A\n"}, "._f.csv.gz", []string{"airports/airports.csv", "daily-flights/date=2008-05-01/f.csv"}},
		{"files of one key", map[string]string{
			"a.csv": "FlightDate,Origin\n2008-05-01,A\n2008-05-02,A\n", "a.csv.gz": "FlightDate,Origin\n2008-05-01,B\n", "date=2008-05-02/a.csv": "", "daily-flights/date=2008-05-02/a.csv": "",
			"airports.csv": airports, "airports/airports.csv": airports,
		}, "", []string{
			"daily-flights/date=2008-05-01/a.csv", "daily-flights/date=2008-05-02/a.csv", "airports/airports.csv", "!2008-05-01 of a.csv.gz: 2008-05-01 of a.csv has the same key",
			"!date=2008-05-02/a.csv: rename one", "!daily-flights/date=2008-05-02/a.csv: 2008-05-02 of a.csv has the same key", "!airports.csv: airports/airports.csv has the same key",
		}},
		{"days before months", map[string]string{"f.csv": "FL_DATE,ORIGIN\n01/05/2008,A\n13/05/2008,A\n"}, "", []string{"!f.csv: stand before their months: line 3 has 13/05/2008"}},
		{"months before days, and a slip", map[string]string{"f.csv": "FL_DATE,ORIGIN\n05/13/2008,A\n13/05/2008,A\n"}, "", []string{"daily-flights/date=2008-05-13/f.csv", "!f.csv: 1 row of f.csv have no day"}},
		{"days without their folder", map[string]string{"date=2008-05-01/f.csv": ""}, "", []string{"daily-flights/date=2008-05-01/f.csv"}},
		{"another folder", map[string]string{"airports.csv": airports, "2008/05.csv": "", "docs/a.txt": ""}, "", []string{"airports/airports.csv", "!2008/05.csv: no rule waits for", "ignored docs/"}},
		{"one file", map[string]string{"Airports.csv": airports, "all.csv.gz": "FL_DATE,ORIGIN\n5/1/2008 12:00:00 AM,1\n"}, "all.csv.gz", []string{"airports/airports.csv", "daily-flights/date=2008-05-01/all.csv"}},
		{"days as they are written", map[string]string{"f.csv": "FL_DATE,ORIGIN\n5/1/08,A\n05/02/2008 0:00,A\n2008/05/03,A\n20080504,A\n2008-05-05T00:00:00+00:00,A\n5/6/99,A\n"}, "f.csv",
			[]string{"daily-flights/date=1999-05-06/f.csv", "daily-flights/date=2008-05-01/f.csv", "daily-flights/date=2008-05-02/f.csv", "daily-flights/date=2008-05-03/f.csv", "daily-flights/date=2008-05-04/f.csv", "daily-flights/date=2008-05-05/f.csv"}},
		{"rows without a day", map[string]string{"f.csv": "Year,Month,DayofMonth,Origin\n2008,5,1,A\n2008,5,31.0,A\n2008,2,30,A\n,,,A\n"}, "f.csv",
			[]string{"daily-flights/date=2008-05-01/f.csv", "daily-flights/date=2008-05-31/f.csv", "!f.csv: 2 rows of f.csv have no day in Year, Month, DayofMonth, the first in line 4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, test.files)
			d, err := readData(filepath.Join(dir, test.data), t.TempDir(), Silent)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, u := range append(d.files[etl.Airports], d.files[etl.Flights]...) {
				key := u.key
				if u.problem != nil {
					key = "!" + key + ": " + u.problem.Error()
					for _, want := range test.want {
						name, part, _ := strings.Cut(want, ": ")
						if name == "!"+u.key && strings.Contains(u.problem.Error(), part) {
							key = want
						}
					}
				}
				got = append(got, key)
			}
			slices.Sort(got)
			for _, name := range d.ignored {
				got = append(got, "ignored "+name)
			}
			slices.Sort(test.want)
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// One file that cannot be split is refused before anything is deployed.
func TestReadDataRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no day", flightsHeader + "\nAA,1,2,3,4\n", "FlightDate, FL_DATE, date, or Year, Month and DayofMonth"},
		{"no rows", "FlightDate,Origin\n", "has no rows"},
		{"an open quote", "FlightDate,Origin\n2008-05-01,\"A\n", "f.csv:2: a quoted field begins here and never ends"},
		{"UTF-16", "\xff\xfeF\x00l\x00", "the file is UTF-16"},
		{"another kind", "PK\x03\x04", "a zip archive, not CSV"},
		{"empty", "", "the object is empty"},
	} {
		dir := write(t, map[string]string{"f.csv": test.text})
		if _, err := readData(filepath.Join(dir, "f.csv"), t.TempDir(), Silent); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// A split keeps every record as it stood, below the header, on its day; many days and long ones, too.
func TestSplitKeepsRecords(t *testing.T) {
	const header = "FlightDate,Origin,Text"
	days := map[string][]string{}
	var text strings.Builder
	text.WriteString("\ufeff" + header + "\r\n\n")
	for i := range 20_000 {
		day := fmt.Sprintf("2008-05-%02d", 1+i*7%31)
		record := fmt.Sprintf("%s,%d, blanks , %s", day, i, strings.Repeat("x", i%50))
		if i%1000 == 0 {
			record = fmt.Sprintf("\"%s\",%d,\"a, \"\"b\"\"\nline two\"", day, i)
		}
		days[day] = append(days[day], record)
		text.WriteString(record + "\r\n")
	}
	dir := write(t, map[string]string{"f.csv": text.String()})
	d, err := readData(filepath.Join(dir, "f.csv"), t.TempDir(), Silent)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.files[etl.Flights]) != 31 {
		t.Fatalf("%d days, want 31", len(d.files[etl.Flights]))
	}
	for _, u := range d.files[etl.Flights] {
		got, err := os.ReadFile(u.path)
		if err != nil {
			t.Fatal(err)
		}
		day := strings.TrimSuffix(strings.TrimPrefix(u.key, "daily-flights/date="), "/f.csv")
		if want := header + "\n" + strings.Join(days[day], "\n") + "\n"; string(got) != want {
			t.Errorf("%s: %d bytes, want %d", u.key, len(got), len(want))
		}
	}
}

// Every line of a file that is split is a row of a day, or told: a quote in the middle of a field joins no lines, and one that opens a field and is
// closed in another row makes no row of those between.
func TestSplitAccountsForEveryLine(t *testing.T) {
	const header = "FlightDate,Origin,Text"
	for name, test := range map[string]struct {
		rows []string
		want []string // keys with their rows, or what is said
	}{
		"a quote in the middle": {[]string{`2008-05-01,1,say "hi`, `2008-05-02,1,x`, `2008-05-01,1,say "hi`, `2008-05-02,1,x`},
			[]string{"daily-flights/date=2008-05-01/f.csv 2", "daily-flights/date=2008-05-02/f.csv 2"}},
		"a quote that opens, and another row's": {[]string{`2008-05-01,1,x`, `2008-05-01,1,"say hi`, `2008-05-02,1,x`, `2008-05-02,1,x`, `2008-05-03,1,so"`, `2008-05-03,1,x`},
			[]string{"daily-flights/date=2008-05-01/f.csv 1", "daily-flights/date=2008-05-03/f.csv 1", "f.csv 4 open quote: a quote that opens in line 3 is closed in line 6 only"}},
		"two of them": {[]string{`2008-05-01,1,"a`, `2008-05-01,1,"b`, `2008-05-02,1,x`, `2008-05-01,1,"c`, `2008-05-01,1,"d`},
			[]string{"daily-flights/date=2008-05-02/f.csv 1", "f.csv 4 open quote: a quote that opens in line 2 is closed in line 3 only"}},
		"a line break that is meant":  {[]string{"2008-05-01,1,\"a\r\n\r\nb\"", `2008-05-02,1,""""`}, []string{"daily-flights/date=2008-05-01/f.csv 3", "daily-flights/date=2008-05-02/f.csv 1"}},
		"a day that cannot be read":   {[]string{`2008-05-32,1,"a`, `b"`}, []string{`f.csv 1 no readable day: 1 row of f.csv have no day`}},
		"a quote that nothing closes": {[]string{`2008-05-01,1,x`, `2008-05-01,1,"say hi`, `2008-05-02,1,x`}, []string{"f.csv:3: a quoted field begins here and never ends"}},
	} {
		dir := write(t, map[string]string{"f.csv": header + "\n" + strings.Join(test.rows, "\n") + "\n"})
		d, err := readData(filepath.Join(dir, "f.csv"), t.TempDir(), Silent)
		var got []string
		for _, u := range d.files[etl.Flights] {
			var rows *notSplitError
			if errors.As(u.problem, &rows) {
				got = append(got, fmt.Sprintf("%s %d %s: %s", u.key, rows.rows, rows.reason, rows.what))
				continue
			}
			text, err := os.ReadFile(u.path)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprintf("%s %d", u.key, bytes.Count(text, []byte{'\n'})-1))
		}
		if err != nil {
			got = append(got, err.Error())
		}
		if !slices.EqualFunc(got, test.want, func(g, w string) bool {
			for _, part := range strings.SplitAfter(w, ": ") {
				if !strings.Contains(g, part) {
					return false
				}
			}
			return true
		}) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestDay(t *testing.T) {
	one := days{at: []int{0}}
	for text, want := range map[string]string{
		"2008-05-01": "2008-05-01", " 2008-5-1 ": "2008-05-01", "2008-05-01 00:00:00": "2008-05-01", "2008-05-01T23:59:59Z": "2008-05-01",
		"5/1/2008": "2008-05-01", "05/31/2008 12:00:00 AM": "2008-05-31", "20080501": "2008-05-01",
		"31/5/2008": "", "2008-02-30": "", "soon": "", "": "", "2008-05-01x": "", "0000-01-01": "", "20081301": "",
	} {
		if got, _ := one.day([]byte(text)); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
