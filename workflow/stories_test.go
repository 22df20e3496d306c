package workflow

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/grants"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// object is a JSON object.
type object = map[string]any

func crawl(state, status string, started time.Time) object {
	return object{"Crawler": object{"State": state, "LastCrawl": object{"Status": status, "StartTime": started.Format(time.RFC3339)}}}
}

func manifestBody(t *testing.T, ratio float64) object {
	t.Helper()
	text, err := json.Marshal(etl.Manifest{RowsRead: 100, RowsLoaded: 100 - int64(100*ratio), RowsRejected: int64(100 * ratio), RejectRatio: ratio,
		Reasons: map[string]int64{}})
	if err != nil {
		t.Fatal(err)
	}
	return object{"Body": string(text)}
}

// holds is an answer of S3 about a key: an object, a delete marker, or another key's object that merely begins like it.
func holds(list string, key string, written time.Time) object {
	return object{list: []any{object{"Key": key, "VersionId": "v1", "IsLatest": true, "Size": 10, "ETag": `"abc"`, "LastModified": written.Format(time.RFC3339)}}, "IsTruncated": false}
}

// affected is the end of a batch whose last statement changed so many rows.
func affected(rows int) object {
	return object{"Status": "FINISHED", "SubStatements": []any{object{"ResultRows": 7}, object{"ResultRows": rows}}}
}

// TestStories runs ingest-flights through everything that can happen to it: together the stories reach every state, rule,
// retrier and catcher, and make every call that the policy allows.
func TestStories(t *testing.T) {
	d := machines(t)["ingest-flights"]
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const key = "daily-flights/date=2025-12-31/flights.csv"
	event := Event{Bucket: example().RawBucket, Key: key, Version: "v0", Time: landing}
	before, after := landing.Add(-time.Hour), landing.Add(time.Minute)
	covered := crawl("READY", "SUCCEEDED", after)
	failedCrawl := crawl("READY", "FAILED", after)
	failedCrawl["Crawler"].(object)["LastCrawl"].(object)["ErrorMessage"] = "no access"
	on := simtest.OnState

	good := func() map[string]simtest.Mocked {
		return map[string]simtest.Mocked{
			"AskNewest":      on("AskNewest").Return(holds("Versions", key, landing)),
			"GetCrawler":     on("GetCrawler").Script(crawl("READY", "SUCCEEDED", before), crawl("RUNNING", "SUCCEEDED", before), covered),
			"RecordGone":     on("RecordGone").Return(object{"Id": "s1"}),
			"NotifyGone":     on("NotifyGone").Return(object{"MessageId": "m"}),
			"MeasureRejects": on("MeasureRejects").Return(object{}),
			"StartCrawler":   on("StartCrawler").Return(object{}),
			"RunJob":         on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}).Takes(10 * time.Minute),
			"ReadManifest":   on("ReadManifest").Return(manifestBody(t, 0)),
			"Load":           on("Load").Return(object{"Id": "s1"}),
			"DescribeLoad":   on("DescribeLoad").Script(object{"Status": "STARTED"}, object{"Status": "FINISHED"}),
			"NotifySuccess":  on("NotifySuccess").Return(object{"MessageId": "m"}),
			"NotifyFailure":  on("NotifyFailure").Return(object{"MessageId": "m"}),
		}
	}
	transiently := func(state, err string, out any) simtest.Mocked {
		return on(state).Return(out).Attempt(0).Fail(asl.Err[any](err), "try again")
	}
	denied := func(state string) simtest.Mocked { return on(state).Fail("AccessDenied", "no") }
	conflict := object{"Status": "FAILED", "Error": "ERROR: 1023 serializable isolation violation"}
	const nothing = "(nothing)"
	deleted := on("AskNewest").Return(holds("DeleteMarkers", key, landing))
	stories := []struct {
		name  string
		err   string // "" when the file is loaded, nothing when there is nothing to load
		mocks map[string]simtest.Mocked
	}{
		{"loaded", "", nil},
		{"deleted", nothing, map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": on("DescribeRecordGone").Script(object{"Status": "STARTED"}, affected(3))}},
		{"deleted before anything was loaded", nothing, map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": on("DescribeRecordGone").Return(affected(0))}},
		{"another key begins like it", nothing, map[string]simtest.Mocked{"AskNewest": on("AskNewest").Return(holds("Versions", key+".gz", landing)), "DescribeRecordGone": on("DescribeRecordGone").Return(affected(3))}},
		{"no version is left", nothing, map[string]simtest.Mocked{"AskNewest": on("AskNewest").Return(object{"IsTruncated": false}), "DescribeRecordGone": on("DescribeRecordGone").Return(affected(3))}},
		{"recording a deletion is difficult", nothing, map[string]simtest.Mocked{
			"AskNewest":          transiently("AskNewest", "S3.S3Exception", holds("DeleteMarkers", key, landing)),
			"RecordGone":         on("RecordGone").Return(object{"Id": "s1"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeRecordGone": on("DescribeRecordGone").Script(conflict, affected(3)).Visit(0).Attempt(0).Fail("RedshiftData.InternalServerException", "oops"),
			"NotifyGone":         transiently("NotifyGone", "SNS.InternalErrorException", object{"MessageId": "m"}),
		}},
		{"a deletion cannot be recorded", "RecordGoneFailed", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": on("DescribeRecordGone").Return(conflict)}},
		{"recording a deletion is throttled", nothing, map[string]simtest.Mocked{
			"AskNewest":          deleted,
			"RecordGone":         transiently("RecordGone", "RedshiftData.RedshiftDataException", object{"Id": "s1"}),
			"DescribeRecordGone": transiently("DescribeRecordGone", "RedshiftData.RedshiftDataException", affected(3)),
		}},
		{"recording a deletion is aborted", "RecordGoneFailed", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": on("DescribeRecordGone").Return(object{"Status": "ABORTED"})}},
		{"recording a deletion never ends", "RecordGoneTookTooLong", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": on("DescribeRecordGone").Return(object{"Status": "STARTED"})}},
		{"recording a deletion is refused", "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "RecordGone": denied("RecordGone")}},
		{"recording a deletion cannot be followed", "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": denied("DescribeRecordGone")}},
		{"nobody can be told of a deletion", "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecordGone": on("DescribeRecordGone").Return(affected(3)), "NotifyGone": denied("NotifyGone")}},
		{"S3 cannot be asked", "AccessDenied", map[string]simtest.Mocked{"AskNewest": denied("AskNewest")}},
		{"everything is busy at first", "", map[string]simtest.Mocked{
			"GetCrawler":     on("GetCrawler").Script(crawl("READY", "SUCCEEDED", before), covered).Visit(0).Attempt(0).Fail("Glue.OperationTimeoutException", "busy"),
			"StartCrawler":   transiently("StartCrawler", "Glue.OperationTimeoutException", object{}),
			"RunJob":         on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}).Attempt(0).Fail("Glue.ConcurrentRunsExceededException", "busy").Attempt(1).Fail("Glue.InternalServiceException", "oops"),
			"ReadManifest":   transiently("ReadManifest", "S3.SdkClientException", manifestBody(t, 0)),
			"MeasureRejects": transiently("MeasureRejects", "CloudWatch.InternalServiceException", object{}),
			"Load":           on("Load").Return(object{"Id": "s1"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeLoad":   transiently("DescribeLoad", "RedshiftData.InternalServerException", object{"Status": "FINISHED"}),
			"NotifySuccess":  transiently("NotifySuccess", "SNS.InternalErrorException", object{"MessageId": "m"}),
		}},
		{"another execution has started the crawl", "", map[string]simtest.Mocked{"StartCrawler": on("StartCrawler").Fail("Glue.CrawlerRunningException", "running")}},
		{"the crawl fails", "CrawlFailed", map[string]simtest.Mocked{"GetCrawler": on("GetCrawler").Return(failedCrawl)}},
		{"everything is throttled at first", "", map[string]simtest.Mocked{
			"GetCrawler":   on("GetCrawler").Script(crawl("READY", "SUCCEEDED", before), covered).Visit(0).Attempt(0).Fail("Glue.GlueException", "Rate exceeded"),
			"StartCrawler": transiently("StartCrawler", "Glue.ThrottlingException", object{}),
			"RunJob":       transiently("RunJob", "Glue.AWSGlueException", object{"JobRunState": "SUCCEEDED"}),
			"Load":         transiently("Load", "RedshiftData.RedshiftDataException", object{"Id": "s1"}),
			"DescribeLoad": transiently("DescribeLoad", "RedshiftData.RedshiftDataException", object{"Status": "FINISHED"}),
		}},
		{"the crawl is cancelled", "CrawlFailed", map[string]simtest.Mocked{"GetCrawler": on("GetCrawler").Return(crawl("READY", "CANCELLED", after))}},
		{"the crawl never ends", "CrawlTookTooLong", map[string]simtest.Mocked{"GetCrawler": on("GetCrawler").Return(crawl("RUNNING", "SUCCEEDED", before))}},
		{"the crawler cannot be read", "AccessDenied", map[string]simtest.Mocked{"GetCrawler": denied("GetCrawler")}},
		{"the crawler cannot be started", "AccessDenied", map[string]simtest.Mocked{"StartCrawler": denied("StartCrawler")}},
		{"the job fails", "States.TaskFailed", map[string]simtest.Mocked{"RunJob": on("RunJob").Fail("States.TaskFailed", `{"JobName":"j","ErrorMessage":"no such column"}`)}},
		{"the job refuses the file", "no header", map[string]simtest.Mocked{"RunJob": on("RunJob").Fail("States.TaskFailed", `{"JobName":"j","ErrorMessage":"SystemExit: file refused [no header]: daily-flights/[a].csv:1: there is none; add it"}`)}},
		{"the job cannot start", "AccessDenied", map[string]simtest.Mocked{"RunJob": denied("RunJob")}},
		{"the job hangs", "States.Timeout", map[string]simtest.Mocked{"RunJob": on("RunJob").Expire()}},
		{"the job is stopped", "JobNotSucceeded", map[string]simtest.Mocked{"RunJob": on("RunJob").Return(object{"JobRunState": "STOPPED"})}},
		{"the manifest is missing", "S3.NoSuchKeyException", map[string]simtest.Mocked{"ReadManifest": on("ReadManifest").Fail("S3.NoSuchKeyException", "gone")}},
		{"the rejects cannot be measured", "AccessDenied", map[string]simtest.Mocked{"MeasureRejects": denied("MeasureRejects")}},
		{"too many rejects", TooManyRejects, map[string]simtest.Mocked{"ReadManifest": on("ReadManifest").Return(manifestBody(t, 0.5))}},
		{"the load is refused", "AccessDenied", map[string]simtest.Mocked{"Load": denied("Load")}},
		{"the load meets another", "", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Script(conflict, object{"Status": "FINISHED"})}},
		{"the load always meets another", "LoadFailed", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(conflict)}},
		{"the load is aborted", "LoadFailed", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(object{"Status": "ABORTED"})}},
		{"the load never ends", "LoadTookTooLong", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(object{"Status": "STARTED"})}},
		{"the load cannot be followed", "AccessDenied", map[string]simtest.Mocked{"DescribeLoad": denied("DescribeLoad")}},
		{"nobody can be told of success", "AccessDenied", map[string]simtest.Mocked{"NotifySuccess": denied("NotifySuccess")}},
		{"nobody can be told of failure", "AccessDenied", map[string]simtest.Mocked{"RunJob": denied("RunJob"), "NotifyFailure": denied("NotifyFailure")}},
		{"telling of failure is throttled", "AccessDenied", map[string]simtest.Mocked{"RunJob": denied("RunJob"), "NotifyFailure": transiently("NotifyFailure", "SNS.InternalErrorException", object{"MessageId": "m"})}},
	}
	var coverage sim.Coverage
	var runs []*simtest.Run
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			mocks := good()
			maps.Copy(mocks, story.mocks)
			run := simtest.Test{Definition: d, Input: event, Mocks: slices.Collect(maps.Values(mocks)), Coverage: &coverage}.Run(t)
			runs = append(runs, run)
			switch story.err {
			case "":
				run.Succeeded().Visited("NotifySuccess", 1).Visited("NotifyFailure", 0)
			case nothing:
				run.Succeeded().Visited("RunJob", 0).Visited("NotifyFailure", 0)
			default:
				run.Failed(story.err).Visited("NotifyFailure", 1)
			}
		})
	}
	t.Run("hidden", func(t *testing.T) {
		event.Key = "daily-flights/date=2025-12-31/_temporary/0/flights.csv"
		simtest.Test{Definition: d, Input: event, Coverage: &coverage}.Run(t).Succeeded().Visited("AskNewest", 0)
	})
	for _, place := range coverage.Missing() {
		t.Errorf("no story reaches %s", place)
	}
	scope := grants.Scope{Partition: "aws", Region: "eu-west-1", Account: "123456789012", StateMachine: "ingest-flights"}
	policy, err := grants.Of(d, scope)
	if err != nil {
		t.Fatal(err)
	}
	// No task names the keys: S3 and SNS use them in the name of the role.
	simtest.PolicyProof{Policy: policy, Scope: scope, Beyond: []string{"kms:*"}}.Check(t, runs...)
}
