package operate_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"airline/local"
	"airline/operate"
)

func TestFiles(t *testing.T) {
	s := serve(t, nil).history()
	s.put(dayKey, flightsFile+"AF,1,2,,\n") // a second version
	s.put("daily-flights/date=2024-01-05/notes.txt", "x")
	s.put("daily-flights/month=2024-01/a.csv", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate\nLH,1,2,5,-3,2024-01-06\n")
	o := s.session("files")
	for name, test := range map[string]struct {
		sel  operate.Selection
		want map[string]operate.State
	}{
		"all": {operate.Selection{}, map[string]operate.State{
			airportsKey: operate.Loaded, dayKey: operate.Loaded, badKey: operate.Failed, halfBadKey: operate.Loaded, lostKey: operate.Missing,
			"daily-flights/date=2024-01-05/notes.txt": operate.Ignored, "daily-flights/month=2024-01/a.csv": operate.Loaded,
		}},
		"a day has its month's files, too": {operate.Selection{Day: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}, map[string]operate.State{
			dayKey: operate.Loaded, "daily-flights/month=2024-01/a.csv": operate.Loaded,
		}},
		"since": {operate.Selection{Since: time.Date(2024, 1, 3, 0, 0, 0, 0, time.UTC)}, map[string]operate.State{
			halfBadKey: operate.Loaded, lostKey: operate.Missing, "daily-flights/date=2024-01-05/notes.txt": operate.Ignored, "daily-flights/month=2024-01/a.csv": operate.Loaded,
		}},
		"failed":     {operate.Selection{State: operate.Failed}, map[string]operate.State{badKey: operate.Failed}},
		"superseded": {operate.Selection{State: operate.Superseded}, map[string]operate.State{dayKey: operate.Superseded}},
		"one":        {operate.Selection{Keys: []string{badKey}}, map[string]operate.State{badKey: operate.Failed}},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]operate.State{}
			for f, err := range o.Files(t.Context(), test.sel) {
				if err != nil {
					t.Fatal(err)
				}
				got[f.Key] = f.State
				if f.State.NeedsSomebody() && f.Fix == "" {
					t.Errorf("%s needs somebody and does not say what to do", f.Key)
				}
			}
			if len(got) != len(test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			for key, state := range test.want {
				if got[key] != state {
					t.Errorf("%s is %s, want %s", key, got[key], state)
				}
			}
		})
	}
}

// A brief list says the same of every file, but for what it leaves out of the ledger's row.
func TestBriefFiles(t *testing.T) {
	s := serve(t, nil).history()
	o := s.session("files")
	files := func(brief bool) (list []operate.File) {
		for f, err := range o.Files(t.Context(), operate.Selection{Brief: brief}) {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, f)
		}
		return list
	}
	full := files(false)
	for _, f := range full {
		if l := f.Ledger; l != nil {
			if l.LoadID == "" || l.Execution == "" || l.LoadedAt.IsZero() {
				t.Errorf("the ledger's row of %s lacks its load: %+v", f.Key, l)
			}
			f.Ledger.LoadID, f.Ledger.Execution = "", ""
			f.Ledger.Written, f.Ledger.Observed, f.Ledger.LoadedAt = time.Time{}, time.Time{}, time.Time{}
		}
	}
	if diff := cmp.Diff(full, files(true), cmpopts.IgnoreUnexported(operate.File{}, operate.Version{})); diff != "" || len(full) < 5 {
		t.Errorf("%d files; a brief list (-full +brief):\n%s", len(full), diff)
	}
}

// A file that is deleted is gone once the warehouse knows it, and told as deleted until then.
func TestDeletedFiles(t *testing.T) {
	s := serve(t, nil).history()
	remove := func(key string) {
		s.do(func(w *local.World) error {
			if _, err := w.S3().DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: &key}); err != nil {
				return err
			}
			return w.Run(t.Context())
		})
	}
	remove(dayKey)
	if f := s.state(dayKey); f.State != operate.Gone {
		t.Errorf("%s is %s", dayKey, f.State)
	}
	s.rule(false)
	remove(halfBadKey)
	s.rule(true)
	if f := s.state(halfBadKey); f.State != operate.Deleted || f.Ledger.RowsLoaded != 2 {
		t.Errorf("%s is %s, %+v", halfBadKey, f.State, f.Ledger)
	}
}
