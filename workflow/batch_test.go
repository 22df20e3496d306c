package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

func TestABatchIsReadOfWhatMachinesTake(t *testing.T) {
	tests := map[string]struct {
		text string
		keys []string
		err  string
	}{
		"a batch":           {text: `{"files": [{"key": "a"}, {"key": "b"}]}`, keys: []string{"a", "b"}},
		"a list of batches": {text: ` [{"files": [{"key": "a"}]}, {"files": [{"key": "b"}, {"key": "a"}]}]`, keys: []string{"a", "b", "a"}},
		"an empty list":     {text: `[]`},
		"something else":    {text: `"files"`, err: "cannot unmarshal string"},
		"a list of others":  {text: `[{"files": []}, 7]`, err: "cannot unmarshal number"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := etl.Batch{Files: []etl.Event{{Key: "before"}}}
			err := json.Unmarshal([]byte(test.text), &b)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("the error is %v, want %q", err, test.err)
				}
				return
			}
			var keys []string
			for _, f := range b.Files {
				keys = append(keys, f.Key)
			}
			if err != nil || !slices.Equal(keys, test.keys) {
				t.Errorf("the keys are %q, %v, want %q", keys, err, test.keys)
			}
		})
	}
}

// Step Functions takes 262,144 bytes: whatever the keys are, a gathered batch is below it, and one file of the longest plain key is gathered.
func TestGatheredBatchesFitTheMachines(t *testing.T) {
	const payload = 262_144
	if n := GatheredFiles * (GatheredBytes + len(",")); n+len("[]") > payload {
		t.Errorf("a batch of %d files of %d bytes has %d", GatheredFiles, GatheredBytes, n)
	}
	const plain = 1024
	one, err := json.Marshal(etl.Batch{Files: []etl.Event{{
		Bucket: strings.Repeat("b", 63), Key: strings.Repeat("é", plain/2), Version: strings.Repeat("v", 32), Time: time.Now().UTC().Truncate(time.Second),
		EventID: "12345678-1234-1234-1234-123456789012",
	}}})
	if err != nil || len(one) > GatheredBytes {
		t.Errorf("a file of the longest plain key has %d bytes, %v; it is not gathered", len(one), err)
	}
}

// Neither do the machine's own states grow too big with the longest keys that are gathered.
func TestMachinesCarryTheBiggestGatheredBatch(t *testing.T) {
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var list []etl.Batch
	var outcomes []etl.Outcome
	for i := range GatheredFiles {
		e := etl.Event{Bucket: example().RawBucket, Key: fmt.Sprintf("daily-flights/date=2025-12-31/%03d-", i), Version: strings.Repeat("v", 32), Time: landing, EventID: strings.Repeat("e", 36)}
		text, err := json.Marshal(etl.Batch{Files: []etl.Event{e}})
		if err != nil {
			t.Fatal(err)
		}
		e.Key += strings.Repeat(`"`, (GatheredBytes-len(text))/2) // each is two bytes
		list, outcomes = append(list, etl.Batch{Files: []etl.Event{e}}), append(outcomes, good(e.Key))
	}
	on := simtest.OnState
	ask := on("AskNewest").Call(func(task *sim.Task) {
		key, _ := task.Parameters.(*jsonvalue.Object).Get("Prefix")
		task.Succeed(jsonvalue.From(holds("Versions", key.(string), landing)))
	})
	simtest.Test{Definition: machines(t)["ingest-flights"], Input: list, Mocks: []simtest.Mocked{
		ask, on("GetCrawler").Return(crawl("READY", "SUCCEEDED", landing.Add(time.Minute))), on("WriteObjects").Return(object{}),
		on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}), on("ReadResult").Return(resultOf(t, outcomes...)), on("MeasureRejects").Return(object{}),
		on("LookAtTable").Return(tableOf("carrier")), on("LookAtPartitions").Return(object{}), on("MakePartitions").Return(object{}),
		on("WriteEntry").Return(object{}), on("Load").Return(object{"Id": "s1"}), on("DescribeLoad").Return(affected(0)), on("SignReceipt").Return(object{}), on("NotifySuccess").Return(object{"MessageId": "m"}),
	}}.Run(t).Succeeded().Visited("AskNewest", GatheredFiles)
}
