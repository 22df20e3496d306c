package operate_test

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"airline/operate"
)

// A file's key is that of its folder or of the day given; airports are told by their header, and by nothing that looks like it.
func TestKeyOf(t *testing.T) {
	const airports, flights = "airport_id,city,state,name\n", "FL_DATE,OP_CARRIER,ORIGIN_AIRPORT_ID,DEST_AIRPORT_ID,DEP_DELAY,ARR_DELAY\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(airports)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, text string
		target     operate.Target
		want       string // or, after "!", what is said
	}{
		{path: "a.csv", text: airports, want: "airports/a.csv"},
		{path: "a.csv.gz", text: packed.String(), want: "airports/a.csv.gz"},
		{path: "a.csv", text: "\ufeff\"AirportID\",\"City\",\"State\",\"Name\"\r\n", want: "airports/a.csv"},
		{path: "may.csv", text: flights, want: "!of which day are its flights"},
		{path: "may.zip", text: "PK\x03\x04", want: "!of which day are its flights"},
		{path: "month=2008-05/may.csv", text: flights, want: "daily-flights/month=2008-05/may.csv"},
		{path: "date=2008-05-01/x/f.csv", text: flights, want: "daily-flights/date=2008-05-01/x/f.csv"},
		{path: "date=2008-5-1/f.csv", text: flights, want: "daily-flights/date=2008-5-1/f.csv"},
		{path: "date=2008-05-01/date=2008-05-02/f.csv", text: flights, want: "daily-flights/date=2008-05-01/date=2008-05-02/f.csv"},
		{path: "date=2008-05-01/_temporary/0/f.csv", text: flights, want: "daily-flights/date=2008-05-01/_temporary/0/f.csv"},
		{path: "lake/daily-flights/_temporary/date=2008-05-01/f.csv", text: flights, want: "daily-flights/_temporary/date=2008-05-01/f.csv"},
		{path: "lake/daily-flights/x/date=2008-05-01/f.csv", text: flights, want: "daily-flights/x/date=2008-05-01/f.csv"},
		{path: "lake/daily-flights/f.csv", text: flights, want: "!of which day are its flights"},
		{path: "_temporary/0/date=2008-05-01/f.csv", text: flights, want: "!below _temporary, where writers keep what is not finished"},
		{path: "_temporary/0/date=2008-05-01/f.csv", text: flights, target: operate.Target{Day: time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)}, want: "daily-flights/date=2008-05-01/f.csv"},
		{path: "f.csv", text: flights, target: operate.Target{Day: time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)}, want: "daily-flights/date=2008-05-01/f.csv"},
		{path: "f.csv", text: flights, target: operate.Target{Key: "airports/x.csv"}, want: "airports/x.csv"},
		{path: "gone.csv", want: "!no such file"},
	} {
		path := filepath.Join(t.TempDir(), filepath.FromSlash(c.path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if c.text != "" {
			if err := os.WriteFile(path, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := c.target.KeyOf(path)
		if said, isError := strings.CutPrefix(c.want, "!"); isError {
			if err == nil || !strings.Contains(err.Error(), said) {
				t.Errorf("%s: got %q, %v, want %q to be said", c.path, got, err, said)
			}
			continue
		}
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.path, got, err, c.want)
		}
	}
}
