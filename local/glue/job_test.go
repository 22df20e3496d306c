package glue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	s3api "github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/etl"
)

// job deploys the project's job with its files, and some airports.
func (w *world) job(more map[string]any) {
	w.t.Helper()
	err := fs.WalkDir(etl.Files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(etl.Files, name)
		if err != nil {
			return err
		}
		w.object("scripts", name, string(text))
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.upload("airports/airports.csv", "airport_id,city,state,name\n10165,Adak Island,AK,Adak\n10299,Anchorage,AK,Ted Stevens\n")
	modules, err := fs.Glob(etl.Files, etl.JobModules)
	if err != nil {
		w.t.Fatal(err)
	}
	in := map[string]any{
		"name": "load", "roleArn": role, "glueVersion": "5.1", "workerType": "G.1X", "numberOfWorkers": 2.0, "timeout": 10.0,
		"command":           map[string]any{"name": "glueetl", "scriptLocation": "s3://scripts/job/ingest.py", "pythonVersion": "3"},
		"executionProperty": map[string]any{"maxConcurrentRuns": 2.0},
		"defaultArguments":  map[string]any{"--sql": "s3://scripts/sql/", "--extra-py-files": "s3://scripts/" + strings.Join(modules, ",s3://scripts/"), "--enable-metrics": "true", "--custom-logGroup-prefix": "/aws-glue/jobs/load"},
	}
	for k, v := range more {
		in[k] = v
	}
	w.deploy(w.Types(), "aws:glue/job:Job", in, nil)
}

func (w *world) object(bucket, key, body string) string {
	w.t.Helper()
	out, err := w.s3.PutObject(w.ctx, &s3api.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		w.t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

const flightsKey = "daily-flights/date=2008-05-01/flights.csv"

func arguments(key, version string) map[string]string {
	return map[string]string{
		"--dataset": "flights", "--bucket": "raw", "--key": key, "--version": version, "--load_id": "l1",
		"--staging": "s3://staging/loads/l1/", "--airports": "s3://raw/airports/",
	}
}

func (w *world) start(arguments map[string]string) (string, error) {
	out, err := w.StartJobRun(w.ctx, &glue.StartJobRunInput{JobName: aws.String("load"), Arguments: arguments})
	if err != nil {
		return "", err
	}
	return *out.JobRunId, nil
}

func (w *world) jobRun(id string) *types.JobRun {
	w.t.Helper()
	out, err := w.GetJobRun(w.ctx, &glue.GetJobRunInput{JobName: aws.String("load"), RunId: &id})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.JobRun
}

func (w *world) finished(arguments map[string]string) *types.JobRun {
	w.t.Helper()
	id, err := w.start(arguments)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.clock.Run(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	return w.jobRun(id)
}

func (w *world) staged(key string) []byte {
	w.t.Helper()
	out, err := w.s3.GetObject(w.ctx, &s3api.GetObjectInput{Bucket: aws.String("staging"), Key: &key})
	if err != nil {
		w.t.Fatal(err)
	}
	defer out.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(out.Body); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

func TestJobRun(t *testing.T) {
	w := newWorld(t)
	w.job(nil)
	first := w.object("raw", flightsKey, flights+"AA,10165,1,0,0\n")
	w.object("raw", flightsKey, "Carrier\n") // a later version, which is not asked for
	w.object("staging", "loads/l1/"+etl.RowsDir+"left-over.parquet", "x")
	id, err := w.start(arguments(flightsKey, first))
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for w.jobRun(id).CompletedOn == nil {
		if s := string(w.jobRun(id).JobRunState); len(states) == 0 || states[len(states)-1] != s {
			states = append(states, s)
		}
		w.clock.Step()
	}
	r := w.jobRun(id)
	if got := strings.Join(append(states, string(r.JobRunState)), " "); got != "STARTING RUNNING SUCCEEDED" {
		t.Fatalf("states %s: %s", got, aws.ToString(r.ErrorMessage))
	}
	if r.ExecutionTime < 1 || !r.CompletedOn.After(*r.StartedOn) || r.Arguments["--key"] != flightsKey {
		t.Errorf("run %+v", r)
	}
	var m etl.Manifest
	if err := json.Unmarshal(w.staged("loads/l1/manifest.json"), &m); err != nil || m.RowsRead != 3 || m.RowsLoaded != 2 || m.Reasons["unknown destination airport"] != 1 {
		t.Errorf("manifest %+v, %v", m, err)
	}
	list, err := w.s3.ListObjectsV2(w.ctx, &s3api.ListObjectsV2Input{Bucket: aws.String("staging"), Prefix: aws.String("loads/l1/" + etl.RowsDir)})
	if err != nil || len(list.Contents) != len(m.Files) {
		t.Errorf("rows %v, %v: a left-over would be loaded", list.Contents, err)
	}
	if n := w.logs.Sum("Glue", "glue.driver.aggregate.recordsRead", map[string]string{"JobName": "load", "JobRunId": "ALL", "Type": "count"}, time.Time{}); n != 3 {
		t.Errorf("metric %g", n)
	}
}

func TestJobRunFails(t *testing.T) {
	for name, c := range map[string]struct {
		body   string
		change func(w *world, a map[string]string)
		want   string
	}{
		"missing column":   {body: "Carrier,OriginAirportID,DestAirportID,DepDelay\nAA,1,2,3\n", want: "ArrDelay"},
		"empty":            {body: "", want: flightsKey},
		"other script":     {body: flights, change: func(w *world, _ map[string]string) { w.object("scripts", "job/ingest.py", "print()") }, want: "cannot be run locally"},
		"other module":     {body: flights, change: func(w *world, _ map[string]string) { w.object("scripts", "job/airline_run.py", "print()") }, want: "cannot be run locally"},
		"no modules":       {body: flights, change: func(_ *world, in map[string]string) { in["--extra-py-files"] = "" }, want: "ModuleNotFoundError: No module named 'airline_arguments'"},
		"missing argument": {body: flights, change: func(_ *world, a map[string]string) { delete(a, "--load_id") }, want: "--load_id is missing"},
		"unknown argument": {body: flights, change: func(_ *world, a map[string]string) { a["--min_dep_dealy"] = "3" }, want: "--min_dep_dealy is not modelled"},
		"no such version":  {body: flights, change: func(_ *world, a map[string]string) { a["--version"] = "none" }, want: "NoSuchVersion"},
		"broken SQL":       {body: flights, change: func(w *world, _ map[string]string) { w.object("scripts", "sql/flights_checked.sql", "SELEC") }, want: "flights_checked.sql"},
		"too many rejects": {body: flights + "AA,x,1,1,1\n", change: func(_ *world, a map[string]string) { a["--max_reject_ratio"] = "0.1" }, want: "1 of 3 rows have a fault"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.job(nil)
			a := arguments(flightsKey, w.object("raw", flightsKey, c.body))
			if c.change != nil {
				c.change(w, a)
			}
			r := w.finished(a)
			if r.JobRunState != types.JobRunStateFailed || !strings.Contains(aws.ToString(r.ErrorMessage), c.want) {
				t.Errorf("%s %q, want %q", r.JobRunState, aws.ToString(r.ErrorMessage), c.want)
			}
		})
	}
}

func TestJobRunsAreAuthorised(t *testing.T) {
	for _, action := range []string{"sts:AssumeRole", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:PutObject", "logs:CreateLogStream", "logs:PutLogEvents", "cloudwatch:PutMetricData"} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			w.job(nil)
			a := arguments(flightsKey, w.object("raw", flightsKey, flights))
			w.denied[action] = true
			r := w.finished(a)
			if m := aws.ToString(r.ErrorMessage); r.JobRunState != types.JobRunStateFailed || !strings.Contains(m, action) || !strings.Contains(m, "resource: ") {
				t.Errorf("%s %q", r.JobRunState, m)
			}
		})
	}
}

func TestConcurrencyAndStop(t *testing.T) {
	w := newWorld(t)
	w.job(nil)
	a := arguments(flightsKey, w.object("raw", flightsKey, flights))
	first, err := w.start(a)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.start(a); err != nil {
		t.Fatal(err)
	}
	var exceeded *types.ConcurrentRunsExceededException
	if _, err := w.start(a); !errors.As(err, &exceeded) {
		t.Errorf("third of two allowed runs: %v", err)
	}
	out, err := w.BatchStopJobRun(w.ctx, &glue.BatchStopJobRunInput{JobName: aws.String("load"), JobRunIds: []string{first, "none"}})
	if err != nil || len(out.SuccessfulSubmissions) != 1 || len(out.Errors) != 1 {
		t.Errorf("stop: %+v, %v", out, err)
	}
	if s := w.jobRun(first).JobRunState; s != types.JobRunStateStopping {
		t.Errorf("state %s after a stop", s)
	}
	if err := w.clock.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	runs, err := w.GetJobRuns(w.ctx, &glue.GetJobRunsInput{JobName: aws.String("load")})
	if err != nil || len(runs.JobRuns) != 2 || runs.JobRuns[0].JobRunState != types.JobRunStateSucceeded || runs.JobRuns[1].JobRunState != types.JobRunStateStopped {
		t.Errorf("runs %+v, %v", runs, err)
	}
	if _, err := w.start(a); err != nil {
		t.Errorf("a run after the others: %v", err)
	}
}

func TestTimeout(t *testing.T) {
	w := newWorld(t)
	w.job(map[string]any{"timeout": 1.0})
	w.door.Inject(slow("s3", "GetObject", time.Minute))
	r := w.finished(arguments(flightsKey, w.object("raw", flightsKey, flights)))
	if r.JobRunState != types.JobRunStateTimeout || r.CompletedOn.Sub(*r.StartedOn) > 2*time.Minute {
		t.Errorf("%s %q after %s", r.JobRunState, aws.ToString(r.ErrorMessage), r.CompletedOn.Sub(*r.StartedOn))
	}
	list, err := w.s3.ListObjectsV2(w.ctx, &s3api.ListObjectsV2Input{Bucket: aws.String("staging")})
	if err != nil || len(list.Contents) != 0 {
		t.Errorf("a run that timed out wrote %v, %v", list.Contents, err)
	}
}
