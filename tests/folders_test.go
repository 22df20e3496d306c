package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/asl/sim"
	"airline/local"
)

// Folders that are odd in one way each, given to the demo as a user does.
func TestOddFolders(t *testing.T) {
	if _, err := os.Stat(realData + "/odd"); err != nil {
		t.Skipf("%s/odd is absent", realData)
	}
	for _, c := range []struct {
		folder string
		exit   int
		loaded []int64 // rows of flights read, loaded and rejected
		says   []string
	}{
		{"blanks", 0, []int64{4, 4, 0}, nil},
		{"month-in-one-day", 1, []int64{3, 0, 3}, []string{`"other day":2`, `"error":"too many rejects"`}}, // two of three are beyond dev's limit
		{"semicolons", 1, []int64{0, 0, 0}, []string{`"error":"no header"`, "separated by semicolons (;), not by commas", "save it with commas"}},
		{"no-partition", 1, nil, []string{"flights.csv", "date=YYYY-MM-DD"}},
	} {
		t.Run(c.folder, func(t *testing.T) {
			folder, err := filepath.Abs(filepath.Join(realData, "odd", c.folder))
			if err != nil {
				t.Fatal(err)
			}
			command := exec.Command(filepath.Join(binDir, "airline"), "demo", "--data", folder, "--json")
			command.Dir = ".."
			var out, errs bytes.Buffer
			command.Stdout, command.Stderr = &out, &errs
			err = command.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			t.Logf("exit %d\n%s\n%s", command.ProcessState.ExitCode(), errs.String(), out.String())
			if got := command.ProcessState.ExitCode(); got != c.exit {
				t.Errorf("exit code %d, want %d", got, c.exit)
			}
			for _, word := range c.says {
				if !strings.Contains(out.String()+errs.String(), word) {
					t.Errorf("%q is not said", word)
				}
			}
			if c.loaded == nil {
				return
			}
			var summary struct {
				Files []struct {
					Read     int64 `json:"rows_read"`
					Loaded   int64 `json:"rows_loaded"`
					Rejected int64 `json:"rows_rejected"`
				}
			}
			if err := json.Unmarshal(out.Bytes(), &summary); err != nil {
				t.Fatal(err)
			}
			if len(summary.Files) != 1 {
				t.Fatalf("%d files of flights, want 1", len(summary.Files))
			}
			f := summary.Files[0]
			if got := []int64{f.Read, f.Loaded, f.Rejected}; !slices.Equal(got, c.loaded) {
				t.Errorf("%v rows read, loaded and rejected, want %v", got, c.loaded)
			}
		})
	}
}

// A month's file is crawled, read and loaded by the days of its rows; days of its own beside it stay its own.
func TestAMonth(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			month := rawFile{"daily-flights/month=2008-05/flights.csv", []byte("FL_DATE,OP_UNIQUE_CARRIER,ORIGIN_AIRPORT_ID,DEST_AIRPORT_ID,DEP_DELAY,ARR_DELAY\n" +
				"5/1/2008 12:00:00 AM,AA,10397,10721,1.00,2.00\n5/31/2008 12:00:00 AM,AA,10397,10721,1.00,2.00\n")}
			w.ingest(smallAirports())
			w.ingest(month, day("2008-04-30", "flights.csv", strings.TrimSpace(goodRow)))
			w.succeeded(month.key, "daily-flights/date=2008-04-30/flights.csv")
			want := []string{strings.Replace(goodFact("daily-flights/date=2008-04-30/flights.csv"), "2008-05-01", "2008-04-30", 1),
				goodFact(month.key), strings.Replace(goodFact(month.key), "2008-05-01", "2008-05-31", 1)}
			slices.Sort(want)
			if got := w.facts(); !slices.Equal(got, want) {
				t.Errorf("the warehouse holds\n%q, want\n%q", got, want)
			}
			without := rawFile{"daily-flights/month=2008-06/flights.csv", []byte(header + goodRow)}
			w.ingest(without)
			x := w.last(without.key)
			if x.Status() != sim.Failed || x.Error() != "missing columns" || !strings.Contains(x.Cause(), "FlightDate") {
				t.Errorf("a month without days: %s, %s: %s", x.Status(), x.Error(), x.Cause())
			}
			told := w.failures(without.key)
			if len(told) != 1 || !strings.Contains(told[0].Message, `"error":"missing columns"`) {
				t.Errorf("the notifications are %v, want one with the refusal's code", told)
			}
		})
	}
}
