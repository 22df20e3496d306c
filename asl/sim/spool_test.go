package sim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// mapOver is a distributed Map over the items of an object, whose results are written to objects.
func mapOver(tb testing.TB, store sim.ObjectStore, items int, processor, writer string) *sim.Execution {
	tb.Helper()
	var body strings.Builder
	for i := range items {
		fmt.Fprintf(&body, "%c{\"id\":%d}", "[,"[min(i, 1)], i)
	}
	body.WriteByte(']')
	if err := store.PutObject("b", "in.json", []byte(body.String())); err != nil {
		tb.Fatal(err)
	}
	d, err := ast.ParseString(`{"StartAt":"M","States":{"M":{"Type":"Map",
		"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key":"in.json"}},
		"ToleratedFailurePercentage":100,
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},` + processor + `},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"out"}` + writer + `},"End":true}}}`)
	if err != nil {
		tb.Fatal(err)
	}
	machine, err := sim.Compile(d)
	if err != nil {
		tb.Fatal(err)
	}
	clock := sim.NewClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	x := machine.Start(clock, jsonvalue.NewObject(0), sim.Options{Objects: store})
	if err := clock.Run(context.Background()); err != nil {
		tb.Fatal(err)
	}
	if x.Status() != sim.Succeeded {
		tb.Fatalf("%s: %s %s", x.Status(), x.Error(), x.Cause())
	}
	return x
}

// results are the written files of a group, decoded.
func results(t *testing.T, store sim.ObjectStore, group string) []byte {
	t.Helper()
	list, err := store.ListObjects("b", "out/")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range list {
		if strings.Contains(o.Key, "/"+group+"_0.json") {
			body, err := store.GetObject("b", o.Key)
			if err != nil {
				t.Fatal(err)
			}
			return body
		}
	}
	t.Fatalf("there is no %s among %v", group, list)
	return nil
}

// What does not fit into memory is kept in a file, and written in the order of the items, whichever store takes it.
func TestManyResults(t *testing.T) {
	const items = 60_000 // some 27 MB of results
	const odd = `"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.id","NumericLessThan":100,"Next":"F"}],"Default":"S"},"S":{"Type":"Succeed"},"F":{"Type":"Fail","Error":"Low"}}`
	for name, store := range map[string]sim.ObjectStore{"memory": sim.MemoryStore{}, "directory": sim.DirStore(t.TempDir())} {
		t.Run(name, func(t *testing.T) {
			mapOver(t, store, items, odd, "")
			for group, want := range map[string][2]int{"FAILED": {0, 100}, "SUCCEEDED": {100, items}} {
				var entries []struct{ Input, Output, Status, Error string }
				if err := json.Unmarshal(results(t, store, group), &entries); err != nil {
					t.Fatal(err)
				}
				if len(entries) != want[1]-want[0] {
					t.Errorf("%s has %d results, want %d", group, len(entries), want[1]-want[0])
				}
				for i, e := range entries {
					if input := fmt.Sprintf(`{"id":%d}`, want[0]+i); e.Input != input || e.Status != group || (group == "SUCCEEDED") != (e.Output == input) {
						t.Fatalf("%s: result %d is %+v, want the input %s", group, i, e, input)
					}
				}
			}
		})
	}
}

// Lines and flattened lists are written as they are asked for.
func TestResultLines(t *testing.T) {
	store := sim.MemoryStore{}
	const pair = `"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"x.$":"States.Array($.id, $.id)"},"OutputPath":"$.x","End":true}}`
	mapOver(t, store, 3, pair, `,"WriterConfig":{"OutputType":"JSONL","Transformation":"FLATTEN"}`)
	if got := string(results(t, store, "SUCCEEDED")); got != "0\n0\n1\n1\n2\n2\n" {
		t.Errorf("got %q", got)
	}
}

// BenchmarkDistributedMap processes 100,000 items and writes their results to files.
func BenchmarkDistributedMap(b *testing.B) {
	for b.Loop() {
		mapOver(b, sim.DirStore(b.TempDir()), 100_000, `"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}`, "")
	}
}
