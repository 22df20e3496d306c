package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/etl/generate"
	"airline/infra"
	"airline/local"
	"airline/local/recorder"
	"airline/local/sns"
)

// graphs are the recorded stacks by their settings: the program runs once
// and many worlds are made of it.
var graphs sync.Map

func recorded(t testing.TB, trigger string) *recorder.Graph {
	t.Helper()
	return recordedWith(t, map[string]string{"trigger": trigger})
}

// gathering is the stack that gathers files for a minute.
func gathering(t testing.TB, trigger string) *recorder.Graph {
	t.Helper()
	return recordedWith(t, map[string]string{"trigger": trigger, "batchSeconds": "60"})
}

func recordedWith(t testing.TB, settings map[string]string) *recorder.Graph {
	t.Helper()
	record, _ := graphs.LoadOrStore(fmt.Sprint(settings), sync.OnceValues(func() (*recorder.Graph, error) {
		return recorder.Record(context.Background(), recorder.Options{Dir: "..", Stack: "dev", Overrides: settings}, infra.Program)
	}))
	g, err := record.(func() (*recorder.Graph, error))()
	if err != nil {
		t.Fatalf("recording the dev stack with %v: %v", settings, err)
	}
	return g
}

// world is a deployed stack with the deeds of an uploader and the questions of a test.
type world struct {
	*local.World
	t testing.TB
}

// triggers are both ways in which the pipeline learns of a file.
var triggers = []string{"s3", "cloudtrail"}

func deploy(t testing.TB, o local.Options) *world {
	t.Helper()
	if o.Graph == nil {
		o.Graph = recorded(t, "s3")
	}
	o.WorkDir = t.TempDir()
	w, err := local.Deploy(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	open := w
	t.Cleanup(func() {
		if err := open.Close(); err != nil {
			t.Error(err)
		}
		open = nil // the test keeps this function, and with it the world, until the tests beside it have ended too
	})
	return &world{w, t}
}

// put uploads files at one moment of virtual time and gives their versions.
func (w *world) put(files ...rawFile) []string {
	w.t.Helper()
	var versions []string
	for _, f := range files {
		out, err := w.S3().PutObject(w.t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(w.output("rawBucket")), Key: &f.key, Body: bytes.NewReader(f.body),
		})
		if err != nil {
			w.t.Fatalf("uploading %q: %v", f.key, err)
		}
		versions = append(versions, aws.ToString(out.VersionId))
	}
	return versions
}

func (w *world) output(name string) string {
	w.t.Helper()
	text, ok := w.Graph.Outputs[name].(string)
	if !ok {
		w.t.Fatalf("the stack has no output %s", name)
	}
	return text
}

// run lets the world go on until it is idle; nothing may get lost unheard.
func (w *world) run() {
	w.t.Helper()
	if err := w.Run(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// ingest uploads and runs.
func (w *world) ingest(files ...rawFile) []string {
	w.t.Helper()
	versions := w.put(files...)
	w.run()
	return versions
}

// executions are those whose batch has the object key, in order of their start.
func (w *world) executions(key string) []*sim.Execution {
	var list []*sim.Execution
	for _, x := range w.SFN().Executions() {
		var batch etl.Batch
		if json.Unmarshal([]byte(jsonvalue.String(x.Input())), &batch) == nil && slices.ContainsFunc(batch.Files, func(f etl.Event) bool { return f.Key == key }) {
			list = append(list, x)
		}
	}
	slices.SortStableFunc(list, func(a, b *sim.Execution) int { return a.StartTime().Compare(b.StartTime()) })
	return list
}

// last is the last execution about the key.
func (w *world) last(key string) *sim.Execution {
	w.t.Helper()
	list := w.executions(key)
	if len(list) == 0 {
		w.t.Fatalf("no execution was about %q", key)
	}
	return list[len(list)-1]
}

// succeeded fails the test unless the last execution about each key succeeded.
func (w *world) succeeded(keys ...string) {
	w.t.Helper()
	for _, key := range keys {
		if x := w.last(key); x.Status() != sim.Succeeded {
			w.t.Errorf("the execution about %q is %s, want SUCCEEDED: %s: %s", key, x.Status(), x.Error(), x.Cause())
		}
	}
}

// query asks the warehouse.
func (w *world) query(sql string) [][]any {
	w.t.Helper()
	result, err := w.RedshiftData().Query(w.t.Context(), sql)
	if err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return result.Rows
}

func (w *world) count(sql string) int64 {
	w.t.Helper()
	return w.query(sql)[0][0].(int64)
}

// facts is the fact table as a sorted multiset, without load_id, in the form of
// referenceFacts.
func (w *world) facts() []string {
	w.t.Helper()
	var list []string
	for _, row := range w.query(`SELECT carrier, dep_airport, arr_airport, dep_city, arr_city, dep_state, arr_state,
		dep_delay, arr_delay, CAST(flight_date AS VARCHAR(10)), source_key FROM airlines.daily_flights_fact`) {
		list = append(list, factLine(row...))
	}
	slices.Sort(list)
	return list
}

// failures are the notifications of failed loads of a key.
func (w *world) failures(key string) []sns.Notification {
	var list []sns.Notification
	for _, n := range w.SNS().Notifications() {
		if strings.Contains(n.Subject, "NOT loaded") && strings.Contains(n.Message, jsonvalue.String(key)) {
			list = append(list, n)
		}
	}
	return list
}

// want computes what the fact table should hold after these days.
func want(t testing.TB, airports rawFile, days ...rawFile) []string {
	t.Helper()
	known := referenceAirports(t, airports)
	var list []string
	for _, day := range days {
		list = append(list, referenceFacts(t, day, known)...)
	}
	slices.Sort(list)
	return list
}

// realData is the folder of real flights beside the project, where there is one.
const realData = "../../shared/data"

// flights gives files to ingest: the real ones where they are at hand, else
// some that are made, all of them well-formed.
func flights(t testing.TB) (airports rawFile, days []rawFile) {
	t.Helper()
	if _, err := os.Stat(realData); err == nil {
		return readDir(t, realData)
	}
	t.Logf("%s is absent: using made flights", realData)
	return madeFlights(t)
}

func madeFlights(t testing.TB) (airports rawFile, days []rawFile) {
	t.Helper()
	dir := t.TempDir()
	if err := generate.Tree(dir, generate.Options{Seed: 7, Days: 5, FlightsPerDay: 200, Faulty: -1}); err != nil {
		t.Fatal(err)
	}
	return readDir(t, dir)
}

// day is a small well-formed file of flights at a key of its own.
func day(date, name string, rows ...string) rawFile {
	header := "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
	return rawFile{
		key:  filepath.ToSlash(filepath.Join("daily-flights", "date="+date, name)),
		body: []byte(header + strings.Join(rows, "\n") + "\n"),
	}
}

// smallAirports is a dimension of three airports.
func smallAirports() rawFile {
	return rawFile{"airports/airports.csv", []byte("airport_id,city,state,name\n" +
		"10397,Atlanta,GA,Hartsfield-Jackson Atlanta International\n" +
		"14027,\"West Palm Beach/Palm Beach\",FL,Palm Beach International\n" +
		"10721,Boston,MA,Logan International\n")}
}

// wait lets time pass.
func (w *world) wait(d time.Duration) {
	w.t.Helper()
	if err := w.RunFor(w.t.Context(), d); err != nil {
		w.t.Fatal(err)
	}
}

// start starts an execution as an operator does.
func (w *world) start(machine, name string, input any) {
	w.t.Helper()
	_, err := w.SFN().StartExecution(w.t.Context(), &sfn.StartExecutionInput{
		StateMachineArn: &machine, Name: &name, Input: aws.String(jsonvalue.String(input)),
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// get reads the newest version of a raw object.
func (w *world) get(key string) string {
	w.t.Helper()
	out, err := w.S3().GetObject(w.t.Context(), &s3.GetObjectInput{Bucket: aws.String(w.output("rawBucket")), Key: &key})
	if err != nil {
		w.t.Fatalf("reading %q: %v", key, err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		w.t.Fatalf("reading %q: %v", key, err)
	}
	return string(body)
}
