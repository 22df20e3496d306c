package serve_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/sim/cases"
	"airline/local"
	"airline/local/recorder"
	"airline/local/sfn"
	"airline/local/wire"
)

// recorded is where the executions lie that were recorded on AWS.
const recorded = "../../../shared/conformance/histories.json"

// made are the texts that the engine makes up: ids, and tokens, which are ids.
var made = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// TestHistories runs the recorded executions through boto3: what GetExecutionHistory answers equals the recording event by event.
func TestHistories(t *testing.T) {
	clients(t)
	text, err := os.ReadFile(filepath.FromSlash(recorded))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("LEFT OUT: the recorded histories, which are not at %s", recorded)
	}
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonvalue.Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	type call struct {
		ID         string  `json:"id"`
		URL        string  `json:"url"`
		Key        string  `json:"key"`
		Secret     string  `json:"secret"`
		Definition string  `json:"def"`
		Input      *string `json:"input"`
	}
	var calls []call
	byID := map[string]*jsonvalue.Object{}
	for _, entry := range value.([]any) {
		object := entry.(*jsonvalue.Object)
		id, _ := object.Get("id")
		url, profile := stage(t, object)
		c := call{ID: id.(string), URL: url, Key: profile.ID, Secret: profile.Secret}
		definition, _ := object.Get("def")
		if s, ok := definition.(string); ok {
			c.Definition = s
		} else {
			c.Definition = jsonvalue.String(definition)
		}
		if input, ok := object.Get("input"); ok {
			s := jsonvalue.String(input)
			c.Input = &s
		}
		byID[c.ID] = object
		calls = append(calls, c)
	}
	input, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	equal := 0
	for line := range bytes.Lines(python(t, input, nil, "histories.py")) {
		value, err := jsonvalue.Decode(line)
		if err != nil {
			t.Fatal(err)
		}
		answer := value.(*jsonvalue.Object)
		get := func(name string) any { v, _ := answer.Get(name); return v }
		text := func(name string) string { s, _ := get(name).(string); return s }
		if problem := text("problem"); problem != "" {
			t.Errorf("%s: %s", text("id"), problem)
			continue
		}
		events, _ := get("events").([]any)
		got := cases.Outcome{Status: text("status"), Output: get("output"), Error: text("error"), Cause: text("cause"), Events: events}
		if err := cases.Compare(byID[text("id")], got, made.MatchString); err != nil {
			t.Errorf("%s: %v", text("id"), err)
			continue
		}
		equal++
	}
	if equal != len(calls) {
		t.Errorf("%d of %d recorded executions are equal over HTTP", equal, len(calls))
	}
	t.Logf("%d recorded executions are equal over HTTP", equal)
}

// stage serves a world of its own for a case, so that its clock begins where the recording's does.
func stage(t *testing.T, object *jsonvalue.Object) (string, wire.Profile) {
	t.Helper()
	graph := &recorder.Graph{Project: "airline", Stack: "none", Account: "111111111111", Region: "us-east-1", Partition: "aws"}
	w, err := local.Deploy(t.Context(), local.Options{Graph: graph, Start: cases.Laid})
	if err != nil {
		t.Fatal(err)
	}
	w.OpenRoles()
	mocks, asOf, err := cases.Mocks(object)
	if err != nil {
		t.Fatal(err)
	}
	w.SFN().Rehearse(func(string, string) (*sfn.Rehearsal, error) {
		return &sfn.Rehearsal{Mocks: mocks, AsOf: asOf, Objects: objectsOf(object)}, nil
	})
	server, err := wire.New(w, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var begin sync.Once
	var running sync.WaitGroup
	h := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		begin.Do(func() { running.Go(func() { server.Run(ctx) }) })
		server.ServeHTTP(out, r)
	}))
	t.Cleanup(func() {
		h.Close()
		cancel()
		running.Wait()
		if err := errors.Join(server.Close(), w.Close()); err != nil {
			t.Error(err)
		}
	})
	return h.URL, server.Profiles()["operator"]
}

// objectsOf are what the recorded test has put into S3.
func objectsOf(object *jsonvalue.Object) sim.ObjectStore {
	store := sim.MemoryStore{}
	value, _ := object.Get("s3")
	list, _ := value.([]any)
	for _, entry := range list {
		o := entry.(*jsonvalue.Object)
		text := func(name string) string { v, _ := o.Get(name); s, _ := v.(string); return s }
		// A store in memory takes everything.
		_ = store.PutObject(text("Bucket"), text("Key"), []byte(text("Body")))
	}
	return store
}
