package glue

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	s3api "github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/etl"
)

// batchArguments writes a list of objects and gives the arguments that name it.
func (w *world) batchArguments(objects ...etl.Object) map[string]string {
	w.t.Helper()
	text, err := json.Marshal(objects)
	if err != nil {
		w.t.Fatal(err)
	}
	w.object("staging", etl.BatchObjectsKey("r", ""), string(text))
	return map[string]string{
		"--dataset": "flights", "--objects": "s3://staging/" + etl.BatchObjectsKey("r", ""), "--run": "r", "--staging": "s3://staging/loads/", "--airports": "s3://raw/airports/",
		"--max_reject_ratio": "0.5",
	}
}

// stagedKeys are the keys below a prefix of the staging bucket.
func (w *world) stagedKeys(prefix string) string {
	w.t.Helper()
	list, err := w.s3.ListObjectsV2(w.ctx, &s3api.ListObjectsV2Input{Bucket: aws.String("staging"), Prefix: &prefix})
	if err != nil {
		w.t.Fatal(err)
	}
	var keys []string
	for _, o := range list.Contents {
		keys = append(keys, strings.TrimPrefix(*o.Key, prefix))
	}
	return strings.Join(keys, " ")
}

// A run takes a list: what is refused or not there fails alone, and of each file there is told what became of it.
func TestBatch(t *testing.T) {
	w := newWorld(t)
	w.job(nil)
	var objects []etl.Object
	add := func(id, key, body string) {
		version := "gone"
		if body != "" {
			version = w.object("raw", key, body)
		}
		objects = append(objects, etl.Object{Bucket: "raw", Key: key, Version: version, LoadID: id, EventTime: "2008-05-02T00:00:00Z", ObservedAt: "2008-05-02T00:00:01.5Z"})
	}
	good := flights + "AA,10165,10299,0,0\n"
	add("a", "daily-flights/date=2008-05-01/a.csv", good)
	add("b", "daily-flights/date=2008-05-01/b.csv", "Carrier\nAA\n")
	add("c", "daily-flights/date=2008-05-01/it's \"c\".csv", flights+"AA,1,1,0,0\nAA,1,1,0,0\nAA,1,1,0,0\n")
	add("d", "daily-flights/date=2008-05-01/d.csv", "")
	add("e", "daily-flights/no-day/e.csv", good)
	add("f", "daily-flights/month=2008-06/f.csv", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate\nAA,10165,10299,1,2,2008-06-03\n")
	add("g", "daily-flights/date=2008-05-02/g.csv", good)
	arguments := w.batchArguments(objects...)
	w.object("staging", etl.BatchRowsPrefix("r")+"a/left-over.parquet", "x")
	for range 2 { // a second time it is the same
		r := w.finished(arguments)
		if r.JobRunState != types.JobRunStateSucceeded {
			t.Fatalf("%s: %s", r.JobRunState, aws.ToString(r.ErrorMessage))
		}
		if got, want := w.stagedKeys(etl.BatchPrefix("r")), "batch.json entries/loaded.json files.json loads/a/rows/verdict=loaded/part-00000.parquet "+
			"loads/f/rows/verdict=loaded/part-00000.parquet loads/g/rows/verdict=loaded/part-00000.parquet objects.json"; got != want {
			t.Errorf("staged is %s, want %s", got, want)
		}
		if got, want := w.stagedKeys(etl.LoadPrefix("c")+"r/"), "manifest.json rejects/part-00000.json"; got != want {
			t.Errorf("of the file with too many rejects there is %s, want %s", got, want)
		}
	}
	var sum etl.BatchResult
	if err := json.Unmarshal(w.staged(etl.BatchResultKey("r", "")), &sum); err != nil {
		t.Fatal(err)
	}
	if sum.Files != 7 || sum.Loaded != 3 || sum.Failed != 4 || sum.Measured != 4 || sum.RowsRead != 3+3+1+5 || sum.RowsLoaded != 7 || sum.RejectRatio != 0.6 {
		t.Errorf("the summary is %+v", sum)
	}
	var got []string
	for lines := json.NewDecoder(bytes.NewReader(w.staged(etl.BatchFilesKey("r", "")))); lines.More(); {
		var o etl.Outcome
		if err := lines.Decode(&o); err != nil {
			t.Fatal(err)
		}
		if o.Error != "" && (!strings.HasPrefix(o.Cause, o.Key+":") || o.RowsLoaded != 0) {
			t.Errorf("the outcome of %s is %+v", o.Key, o)
		}
		got = append(got, fmt.Sprint(o.LoadID, o.RowsLoaded, " ", o.Error))
	}
	if got, want := strings.Join(got, ", "), "a3 , b0 missing columns, c0 too many rejects, d0 unreadable object, e0 key without a date, f1 , g3 "; got != want {
		t.Errorf("outcomes %q, want %q", got, want)
	}
	entries := strings.Split(strings.TrimSpace(string(w.staged(etl.EntriesPrefix("r")+"loaded.json"))), "\n")
	want := `{"load_id":"f","source_key":"daily-flights/month=2008-06/f.csv","version":"` + objects[5].Version + `","event_time":"2008-05-02T00:00:00Z","observed_at":"2008-05-02T00:00:01.5Z","status":"loaded","rows_read":1,"rows_loaded":1,"rows_rejected":0}`
	if len(entries) != 3 || entries[1] != want {
		t.Errorf("entries %q, want three, the second %s", entries, want)
	}
	var m etl.Manifest
	if err := json.Unmarshal(w.staged(etl.LoadPrefix("a")+"r/manifest.json"), &m); err != nil || m.Rows != "s3://staging/"+etl.BatchRowsPrefix("r")+"a/" || m.RowsLoaded != 3 {
		t.Errorf("manifest %+v, %v", m, err)
	}
}

// What is wrong with a list, or with the job and not with a file, fails the run.
func TestBatchFails(t *testing.T) {
	const key = "daily-flights/date=2008-05-01/a.csv"
	listed := func(change func([]etl.Object) []etl.Object) func(*world, []etl.Object) map[string]string {
		return func(w *world, list []etl.Object) map[string]string { return w.batchArguments(change(list)...) }
	}
	with := func(change func(*world, map[string]string)) func(*world, []etl.Object) map[string]string {
		return func(w *world, list []etl.Object) map[string]string {
			a := w.batchArguments(list...)
			change(w, a)
			return a
		}
	}
	for name, c := range map[string]struct {
		arguments func(*world, []etl.Object) map[string]string
		want      string
	}{
		"an empty list":    {listed(func([]etl.Object) []etl.Object { return nil }), "must be a JSON list"},
		"no version":       {listed(func(l []etl.Object) []etl.Object { l[0].Version = ""; return l }), "object 0 of s3://staging/loads/batches/r/objects.json has no version"},
		"an id twice":      {listed(func(l []etl.Object) []etl.Object { return append(l, l[0]) }), `load_id "a" must be letters and digits, and no other object's`},
		"an id as a path":  {listed(func(l []etl.Object) []etl.Object { l[0].LoadID = "../a"; return l }), `load_id "../a" must be`},
		"no list":          {with(func(_ *world, a map[string]string) { a["--objects"] = "s3://staging/none.json" }), "NoSuchKey"},
		"an address alone": {with(func(_ *world, a map[string]string) { a["--objects"] = "objects.json" }), "must be s3://bucket/key"},
		"broken SQL":       {with(func(w *world, _ map[string]string) { w.object("scripts", "sql/flights_checked.sql", "SELEC") }), "flights_checked.sql"},
		"no way to write":  {with(func(w *world, _ map[string]string) { w.denied["s3:PutObject"] = true }), "s3:PutObject"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.job(nil)
			list := []etl.Object{{Bucket: "raw", Key: key, Version: w.object("raw", key, flights), LoadID: "a"}}
			r := w.finished(c.arguments(w, list))
			if r.JobRunState != types.JobRunStateFailed || !strings.Contains(aws.ToString(r.ErrorMessage), c.want) {
				t.Errorf("%s %q, want %q", r.JobRunState, aws.ToString(r.ErrorMessage), c.want)
			}
		})
	}
}
