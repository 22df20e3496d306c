// Package console_test opens the console in a headless Chromium, beside a world that runs, as airline serve has it.
package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/asl/jsonvalue"
	"airline/etl"
	"airline/etl/generate"
	"airline/infra"
	"airline/local"
	"airline/local/console"
	"airline/local/recorder"
	"airline/local/wire"
)

// recorded is the dev stack, recorded once.
var recorded = sync.OnceValues(func() (*recorder.Graph, error) {
	return recorder.Record(context.Background(), recorder.Options{Dir: "../..", Stack: "dev"}, infra.Program)
})

// site is a world that is served.
type site struct {
	t      testing.TB
	server *wire.Server
	index  *console.Index
	url    string // of the console, with a slash at the end
	bucket string // raw
}

// newSite serves a new world of the dev stack.
func newSite(t testing.TB) *site {
	t.Helper()
	graph, err := recorded()
	if err != nil {
		t.Fatal(err)
	}
	world, err := local.Deploy(t.Context(), local.Options{Graph: graph, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return serve(t, world, nil)
}

// emptySite serves a world without a stack, in which machines run with mocks, as airline serve --no-stack --mocks does.
func emptySite(t testing.TB, mocks string) *site {
	t.Helper()
	world, err := local.Deploy(t.Context(), local.Options{Graph: &recorder.Graph{
		Project: "airline", Stack: "none", Account: recorder.DefaultAccount, Region: "us-east-1", Partition: "aws"}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	world.OpenRoles()
	return serve(t, world, []byte(mocks))
}

func serve(t testing.TB, world *local.World, mocks []byte) *site {
	t.Helper()
	index := console.Watch(world)
	server, err := wire.New(world, wire.Options{Mocks: mocks})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Run(ctx)
	}()
	h := &http.Server{Handler: console.New(index, server).Beside(server), BaseContext: func(net.Listener) context.Context { return ctx }}
	go h.Serve(listener)
	t.Cleanup(func() {
		cancel()
		<-done
		h.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return &site{t: t, server: server, index: index, url: "http://" + listener.Addr().String() + console.Prefix, bucket: world.Bucket("raw")}
}

// start creates a machine and starts it as a test case of the mocks.
func (s *site) start(name, definition, test, input string) (execution string) {
	s.t.Helper()
	if err := s.server.Do(func(w *local.World) error {
		made, err := w.SFN().CreateStateMachine(s.t.Context(), &sfn.CreateStateMachineInput{
			Name: &name, Definition: &definition, RoleArn: aws.String("arn:aws:iam::123456789012:role/machine")})
		if err != nil {
			return err
		}
		started, err := w.SFN().StartExecution(s.t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(*made.StateMachineArn + "#" + test), Input: &input})
		if err == nil {
			execution = *started.ExecutionArn
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
	return execution
}

// put uploads an object.
func (s *site) put(key, body string) {
	s.t.Helper()
	if err := s.server.Do(func(w *local.World) error {
		_, err := w.S3().PutObject(s.t.Context(), &s3.PutObjectInput{Bucket: aws.String(s.bucket), Key: &key, Body: bytes.NewReader([]byte(body))})
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
}

// settle waits until nothing is left to do in the world.
func (s *site) settle() {
	s.t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		idle := false
		if err := s.server.Do(func(w *local.World) error { idle = w.Idle(); return nil }); err != nil {
			s.t.Fatal(err)
		}
		if idle {
			return
		}
		if time.Now().After(end) {
			s.t.Fatal("the world does not come to rest")
		}
	}
}

// generated uploads airports and days of flights.
func (s *site) generated(days int) {
	s.t.Helper()
	dir := s.t.TempDir()
	if err := generate.Tree(dir, generate.Options{Seed: 1, Days: days, FlightsPerDay: 200, Faulty: 0.02}); err != nil {
		s.t.Fatal(err)
	}
	upload := func(key string) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(key)))
		if err != nil {
			s.t.Fatal(err)
		}
		if key == "airports.csv" {
			key = "airports/airports.csv"
		}
		s.put(key, string(text))
	}
	upload("airports.csv")
	s.settle()
	for day := range days {
		upload("daily-flights/date=" + time.Date(2008, 5, 1+day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) + "/flights.csv")
	}
}

// last is the latest execution about a key.
func (s *site) last(key string) (arn string) {
	s.t.Helper()
	if err := s.server.Do(func(w *local.World) error {
		for _, x := range w.SFN().Executions() {
			var batch etl.Batch
			if json.Unmarshal([]byte(jsonvalue.String(x.Input())), &batch) == nil && slices.ContainsFunc(batch.Files, func(e etl.Event) bool { return e.Key == key }) {
				arn = x.ARN()
			}
		}
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
	if arn == "" {
		s.t.Fatalf("no execution is about %s", key)
	}
	return arn
}

const header = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
