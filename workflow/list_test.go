package workflow

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// listStories run a load machine on lists; play runs it with mocks besides its usual ones, of which the file key is loaded.
func listStories(t *testing.T, key string, play func(*testing.T, any, map[string]simtest.Mocked) *simtest.Run) {
	on := simtest.OnState
	listed := func(keys ...string) simtest.Mocked {
		files := []object{}
		for _, key := range keys {
			files = append(files, object{"key": key, "time": "2026-01-01T00:00:00Z"})
		}
		text, err := json.Marshal(files)
		if err != nil {
			t.Fatal(err)
		}
		return on("ReadList").Return(object{"Body": string(text)})
	}
	loud, quiet := etl.Listed{List: "ab12"}, etl.Listed{List: "ab12", Quiet: true}
	refused := on("ReadResult").Return(resultOf(t, bad(key)))
	const list = "s3://airline-dev-staging-123456789012/loads/lists/ab12.json"
	t.Run("a list", func(t *testing.T) {
		play(t, loud, map[string]simtest.Mocked{"ReadList": listed(key)}).Succeeded().Visited("NotifySuccess", 1)
	})
	t.Run("reading a list is difficult", func(t *testing.T) {
		play(t, loud, map[string]simtest.Mocked{"ReadList": on("ReadList").Return(object{"Body": "[]"}).Attempt(0).Fail("S3.S3Exception", "try again")}).
			Succeeded().Output(object{"loaded": 0, "failed": 0, "list": list})
	})
	t.Run("a list is not there", func(t *testing.T) {
		play(t, loud, map[string]simtest.Mocked{"ReadList": on("ReadList").Fail("S3.NoSuchKeyException", "gone")}).Failed("S3.NoSuchKeyException").Visited("NotifyFailure", 1)
	})
	t.Run("a list that is no name", func(t *testing.T) {
		play(t, etl.Listed{List: "../batches/x"}, nil).Failed("NotABatch").Visited("ReadList", 0).Visited("NotifyFailure", 1)
	})
	t.Run("quiet", func(t *testing.T) {
		run := play(t, quiet, map[string]simtest.Mocked{"ReadList": listed(key)}).Succeeded().Visited("NotifySuccess", 0)
		summary := summaryOf(t, jsonvalue.String(run.Execution.Output()))
		if summary.Loaded != 1 || summary.Failed != 0 || !strings.HasSuffix(summary.List, "/files.json") {
			t.Errorf("it says %+v", summary)
		}
	})
	t.Run("quiet, a file is refused", func(t *testing.T) {
		run := play(t, quiet, map[string]simtest.Mocked{"ReadList": listed(key), "ReadResult": refused}).Failed("no header").Visited("NotifyFailure", 0)
		summary := summaryOf(t, run.Execution.Cause())
		if summary.Loaded != 0 || summary.Failed != 1 || summary.State != Outcome || summary.Error != "no header" || !strings.HasPrefix(summary.Cause, key+":1: ") {
			t.Errorf("it says %+v", summary)
		}
	})
	t.Run("quiet, a file is gone", func(t *testing.T) {
		play(t, quiet, map[string]simtest.Mocked{
			"ReadList":  listed(key),
			"AskNewest": on("AskNewest").Return(holds("DeleteMarkers", key, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))),
		}).Succeeded().Visited("NotifyGone", 0)
	})
	t.Run("quiet, the job fails", func(t *testing.T) {
		run := play(t, quiet, map[string]simtest.Mocked{"ReadList": listed(key), "RunJob": on("RunJob").Fail("AccessDenied", strings.Repeat(`"`, 30_000))}).Failed("AccessDenied").Visited("NotifyFailure", 0)
		if cause := run.Execution.Cause(); len(cause) > 32_768 {
			t.Errorf("a cause has %d characters, Step Functions keeps 32,768", len(cause))
		}
		summary := summaryOf(t, run.Execution.Cause())
		if summary.Loaded != 0 || summary.Failed != 1 || summary.State != "RunJob" {
			t.Errorf("it says %+v", summary)
		}
	})
}

func summaryOf(t *testing.T, text string) (s Summary) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return s
}

// A batch within the bounds passes the machine, which the payload limit holds, however long its keys are and whatever is in them; and what
// is far beyond them does not, which shows that the limit is there.
func TestABatchWithinTheBoundsFits(t *testing.T) {
	d := machines(t)["ingest-flights"]
	version := strings.Repeat("v", 32)
	written := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	keys := func(n, length int, of string) (list []string) {
		for i := range n {
			key := fmt.Sprintf("daily-flights/date=2025-12-31/%04d", i)
			for len(key)+len(of)+4 <= length {
				key += of
			}
			list = append(list, key+".csv")
		}
		return list
	}
	filesOf := func(keys []string) (list []etl.ListedFile) {
		for _, key := range keys {
			list = append(list, etl.ListedFile{Key: key, Size: 5 << 30 / BatchFiles, Time: written})
		}
		return list
	}
	for name, keys := range map[string][]string{
		"short":            keys(1000, 45, "x"),
		"as many and long": keys(1000, 200, "x"),
		"longest":          keys(1000, 1024, "x"),
		"quotes":           keys(1000, 1024, `"`),
		"backslashes":      keys(1000, 1024, `\`),
		"greek":            keys(1000, 1024, "ω"),
	} {
		t.Run(name, func(t *testing.T) {
			files := Batches(filesOf(keys))[0]
			run := runList(t, d, files, version)
			run.Failed(NotLoaded).Visited("Identify", len(files))
			if s := summaryOf(t, run.Execution.Cause()); s.Failed != len(files) {
				t.Errorf("%d files failed, want %d", s.Failed, len(files))
			}
			t.Logf("%d files", len(files))
		})
	}
	t.Run("beyond", func(t *testing.T) {
		runList(t, d, filesOf(keys(1000, 200, "x")), version).Failed("States.DataLimitExceeded")
	})
}

// runList runs a load machine on a list of files that are all there and are all refused, which a machine has most to say of.
func runList(t *testing.T, d *ast.Definition, files []etl.ListedFile, version string) *simtest.Run {
	t.Helper()
	text := jsonvalue.String(jsonvalue.From(files))
	var outcomes []etl.Outcome
	for _, f := range files {
		o := bad(f.Key)
		o.LoadID = strings.Repeat("f", 64)
		outcomes = append(outcomes, o)
	}
	on := simtest.OnState
	written := files[0].Time
	return simtest.Test{Definition: d, Input: etl.Listed{List: "ab12", Quiet: true}, Mocks: []simtest.Mocked{
		// What GetObject answers besides.
		on("ReadList").Return(object{"Body": text, "AcceptRanges": "bytes", "ContentLength": len(text), "ContentType": "application/octet-stream", "ETag": `"d41d8cd98f00b204e9800998ecf8427e"`,
			"LastModified": written, "Metadata": object{}, "ServerSideEncryption": "aws:kms", "SsekmsKeyId": example().StagingKeyARN, "BucketKeyEnabled": true, "VersionId": version}),
		on("AskNewest").Call(func(task *sim.Task) {
			key, _ := task.Parameters.(*jsonvalue.Object).Get("Prefix")
			answer := holds("Versions", key.(string), written)
			answer["Versions"].([]any)[0].(object)["VersionId"] = version
			task.Succeed(jsonvalue.From(answer))
		}),
		on("GetCrawler").Return(crawl("READY", "SUCCEEDED", written.Add(time.Minute))),
		on("WriteObjects").Return(object{}),
		on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}),
		on("ReadResult").Return(resultOf(t, outcomes...)),
		on("LookAtTable").Return(tableOf("carrier")), on("LookAtPartitions").Return(object{}), on("MakePartitions").Return(object{}),
		on("MeasureRejects").Return(object{}),
	}}.Run(t)
}
