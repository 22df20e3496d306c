package workflow

import (
	"maps"
	"slices"
	"testing"
	"time"

	"airline/asl/grants"
	"airline/asl/simtest"
	"airline/etl"
)

// A batch of few bytes is the small job's. What that job cannot do, the other one does; never do both work at a time.
func TestSmallJob(t *testing.T) {
	c := example()
	c.Crawl, c.SmallJob, c.SmallBytes = CrawlEach, "airline-dev-load-small", 1000
	d, err := Load(c, etl.Flights)
	if err != nil {
		t.Fatal(err)
	}
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const key = "daily-flights/date=2025-12-31/flights.csv"
	on := simtest.OnState
	succeeded := object{"JobRunState": "SUCCEEDED"}
	sized := func(key string, bytes int) simtest.Mocked {
		answer := holds("Versions", key, landing)
		answer["Versions"].([]any)[0].(object)["Size"] = bytes
		return on("AskNewest").Return(answer)
	}
	died := on("RunSmallJob").Fail("States.TaskFailed", `{"JobName":"j","JobRunState":"FAILED","ErrorMessage":"Killed"}`)
	for _, story := range []struct {
		name               string
		key                string
		bytes              int
		err                string // "" when the file is loaded
		small, spark, told int    // how often a run of either job is begun, and a failed one measured
		mocks              map[string]simtest.Mocked
	}{
		{"few bytes", key, 1000, "", 1, 0, 0, nil},
		{"one byte too many", key, 1001, "", 0, 1, 0, nil},
		{"few bytes of gzip", key + ".gz", 1000 / GzipRatio, "", 1, 0, 0, nil},
		{"a few more of gzip", key + ".GZ", 1000/GzipRatio + 1, "", 0, 1, 0, nil},
		{"the small machine dies", key, 1, "", 1, 1, 1, map[string]simtest.Mocked{"RunSmallJob": died}},
		{"and nobody can be told", key, 1, "", 1, 1, 1, map[string]simtest.Mocked{"RunSmallJob": died, "MeasureSmallRunFailed": on("MeasureSmallRunFailed").Fail("AccessDenied", "no")}},
		{"and so does the other", key, 1, "States.TaskFailed", 1, 1, 1, map[string]simtest.Mocked{"RunSmallJob": died, "RunJob": on("RunJob").Fail("States.TaskFailed", `{"JobName":"j","ErrorMessage":"Killed, too"}`)}},
		{"a run is stopped by hand", key, 1, "JobNotSucceeded", 1, 0, 0, map[string]simtest.Mocked{"RunSmallJob": on("RunSmallJob").Return(object{"JobRunState": "STOPPED"})}},
		{"nobody knows whether the run has ended", key, 1, "States.Timeout", 1, 0, 0, map[string]simtest.Mocked{"RunSmallJob": on("RunSmallJob").Expire()}},
		{"the run cannot be followed", key, 1, "Glue.OtherException", 1, 0, 0, map[string]simtest.Mocked{"RunSmallJob": on("RunSmallJob").Fail("Glue.OtherException", "who knows")}},
		{"the small job may not be started", key, 1, "AccessDenied", 1, 0, 0, map[string]simtest.Mocked{"RunSmallJob": on("RunSmallJob").Fail("AccessDenied", "no")}},
		{"all runs are taken at first", key, 1, "", 1, 0, 0, map[string]simtest.Mocked{"RunSmallJob": on("RunSmallJob").Return(succeeded).Attempt(0).Fail("Glue.ConcurrentRunsExceededException", "busy")}},
	} {
		t.Run(story.name, func(t *testing.T) {
			mocks := map[string]simtest.Mocked{
				"AskNewest": sized(story.key, story.bytes), "GetCrawler": on("GetCrawler").Return(crawl("READY", "SUCCEEDED", landing.Add(time.Minute))),
				"WriteObjects": on("WriteObjects").Return(object{}), "RunSmallJob": on("RunSmallJob").Return(succeeded), "RunJob": on("RunJob").Return(succeeded),
				"MeasureSmallRunFailed": on("MeasureSmallRunFailed").Return(object{}), "ReadResult": on("ReadResult").Return(resultOf(t, good(story.key))),
				"MeasureRejects": on("MeasureRejects").Return(object{}), "Load": on("Load").Return(object{"Id": "s1"}), "DescribeLoad": on("DescribeLoad").Return(affected(0)), "SignReceipt": on("SignReceipt").Return(object{}),
				"NotifySuccess": on("NotifySuccess").Return(object{"MessageId": "m"}), "NotifyFailure": on("NotifyFailure").Return(object{"MessageId": "m"}),
			}
			maps.Copy(mocks, story.mocks)
			run := simtest.Test{Definition: d, Input: etl.Batch{Files: []etl.Event{{Bucket: c.RawBucket, Key: story.key, Version: "v1", Time: landing}}}, Mocks: slices.Collect(maps.Values(mocks))}.Run(t)
			if story.err == "" {
				run.Succeeded()
			} else {
				run.Failed(story.err)
			}
			run.Visited("RunSmallJob", story.small).Visited("RunJob", story.spark).Visited("MeasureSmallRunFailed", story.told)
		})
	}
	policy, err := grants.Of(d, grants.Scope{Partition: "aws", Region: "eu-west-1", Account: "123456789012", StateMachine: "ingest-flights"})
	if err != nil {
		t.Fatal(err)
	}
	var jobs []string
	for _, g := range policy {
		if slices.Contains(g.Actions, "glue:StartJobRun") {
			jobs = append(jobs, g.Resources...)
		}
	}
	slices.Sort(jobs)
	if want := []string{"arn:aws:glue:eu-west-1:123456789012:job/airline-dev-load", "arn:aws:glue:eu-west-1:123456789012:job/airline-dev-load-small"}; !slices.Equal(jobs, want) {
		t.Errorf("the machine may start %q, want %q", jobs, want)
	}
}

func TestSmallJobHasABound(t *testing.T) {
	c := example()
	c.SmallJob = "small"
	if _, err := Load(c, etl.Flights); err == nil {
		t.Error("a small job for no bytes is accepted")
	}
}
