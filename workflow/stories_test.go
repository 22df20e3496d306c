package workflow

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/grants"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// object is a JSON object.
type object = map[string]any

func crawl(state, status string, started time.Time) object {
	return object{"Crawler": object{"State": state, "LastCrawl": object{"Status": status, "StartTime": started.Format(time.RFC3339)}}}
}

// resultOf is what the job says of its files.
func resultOf(t *testing.T, outcomes ...etl.Outcome) object {
	t.Helper()
	text, err := json.Marshal(etl.Summarize(outcomes))
	if err != nil {
		t.Fatal(err)
	}
	return object{"Body": string(text)}
}

// good and bad are files that a job loads and refuses.
func good(key string) etl.Outcome {
	return etl.Outcome{Key: key, Version: "v1", LoadID: "l-" + key, RowsRead: 100, RowsLoaded: 100, Reasons: map[string]int64{}}
}

func bad(key string) etl.Outcome {
	return etl.Outcome{Key: key, Version: "v1", LoadID: "l-" + key, Error: "no header", Cause: key + ":1: there is none; add it"}
}

// holds is an answer of S3 about a key: an object, a delete marker, or another key's object that merely begins like it.
func holds(list string, key string, written time.Time) object {
	return object{list: []any{object{"Key": key, "VersionId": "v1", "IsLatest": true, "Size": 10, "ETag": `"abc"`, "LastModified": written.Format(time.RFC3339)}}, "IsTruncated": false}
}

// affected is the end of a transaction of which the last statement but one changed so many rows.
func affected(rows int) object {
	return object{"Status": "FINISHED", "SubStatements": []any{object{"ResultRows": 7}, object{"ResultRows": rows}, object{"ResultRows": -1}}}
}

// TestStories runs ingest-flights through everything that can happen to it: together the stories reach every state, rule,
// retrier and catcher, and make every call that the policy allows, however the catalog gets to know of files.
func TestStories(t *testing.T) {
	for _, setting := range []Crawl{CrawlEach, CrawlDaily} {
		t.Run(string(setting), func(t *testing.T) {
			c := example()
			c.Crawl = setting
			playStories(t, c, machinesOf(t, c)["ingest-flights"])
		})
	}
}

func playStories(t *testing.T, c Config, d *ast.Definition) {
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	const key = "daily-flights/date=2025-12-31/flights.csv"
	event := etl.Event{Bucket: example().RawBucket, Key: key, Version: "v1", Time: landing}
	overtaken := event
	overtaken.Version, overtaken.Time = "v0", landing.Add(-time.Second)
	other := event
	other.Key = "daily-flights/date=2025-12-31/other's \"file\".csv"
	earlier := event
	earlier.Time = landing.Add(-2 * time.Hour)
	before, after := landing.Add(-time.Hour), landing.Add(time.Minute)
	covered := crawl("READY", "SUCCEEDED", after)
	failedCrawl := crawl("READY", "FAILED", after)
	failedCrawl["Crawler"].(object)["LastCrawl"].(object)["ErrorMessage"] = "no access"
	on := simtest.OnState

	mocked := func() map[string]simtest.Mocked {
		return map[string]simtest.Mocked{
			"LookAtTable":    on("LookAtTable").Fail("Glue.EntityNotFoundException", "Table daily_flights not found."), // the first file
			"AskNewest":      on("AskNewest").Return(holds("Versions", key, landing)),
			"GetCrawler":     on("GetCrawler").Script(crawl("READY", "SUCCEEDED", before), crawl("RUNNING", "SUCCEEDED", before), covered),
			"StartCrawler":   on("StartCrawler").Return(object{}),
			"WriteObjects":   on("WriteObjects").Return(object{}),
			"RunJob":         on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}).Takes(10 * time.Minute),
			"ReadResult":     on("ReadResult").Return(resultOf(t, good(key))),
			"MeasureRejects": on("MeasureRejects").Return(object{}),
			"WriteEntry":     on("WriteEntry").Return(object{}),
			"Load":           on("Load").Return(object{"Id": "s1"}),
			"DescribeLoad":   on("DescribeLoad").Script(object{"Status": "STARTED"}, affected(0)),
			"Record":         on("Record").Return(object{"Id": "s1"}),
			"DescribeRecord": on("DescribeRecord").Script(object{"Status": "STARTED"}, affected(3)),
			"SignReceipt":    on("SignReceipt").Return(object{}),
			"NotifyGone":     on("NotifyGone").Return(object{"MessageId": "m"}),
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
	each := func(theirs func(*sim.Task)) simtest.Mocked {
		return on("AskNewest").Call(func(task *sim.Task) {
			if strings.Contains(jsonvalue.String(task.Parameters), "other") {
				theirs(task)
				return
			}
			task.Succeed(jsonvalue.From(holds("Versions", key, landing)))
		})
	}
	there := each(func(task *sim.Task) { task.Succeed(jsonvalue.From(holds("Versions", other.Key, landing))) })
	gone := each(func(task *sim.Task) { task.Succeed(jsonvalue.From(object{"IsTruncated": false})) })
	unknown := each(func(task *sim.Task) { task.Fail("S3.S3Exception", "no") })
	stories := []struct {
		name  string
		input any    // by default the event alone
		err   string // "" when something is loaded, nothing when there is nothing to load
		mocks map[string]simtest.Mocked
	}{
		{"loaded", nil, "", nil},
		{"a version was overtaken", etl.Batch{Files: []etl.Event{overtaken, event, event}}, "", nil},
		{"only of an overtaken version was heard", etl.Batch{Files: []etl.Event{overtaken}}, "", nil},
		{"two files", etl.Batch{Files: []etl.Event{event, other}}, "", map[string]simtest.Mocked{"AskNewest": there, "ReadResult": on("ReadResult").Return(resultOf(t, good(key), good(other.Key)))}},
		{"a file and a hidden one", etl.Batch{Files: []etl.Event{event, {Bucket: event.Bucket, Key: "daily-flights/_tmp/a.csv", Time: landing}}}, "", nil},
		{"two batches, as a pipe gathers them", []any{etl.Batch{Files: []etl.Event{event}}, etl.Batch{Files: []etl.Event{overtaken, other}}}, "", map[string]simtest.Mocked{"AskNewest": there, "ReadResult": on("ReadResult").Return(resultOf(t, good(key), good(other.Key)))}},
		{"one batch, as a pipe hands it over", []any{etl.Batch{Files: []etl.Event{event}}}, "", nil},
		{"one of two is refused", etl.Batch{Files: []etl.Event{event, other}}, "no header", map[string]simtest.Mocked{"AskNewest": there, "ReadResult": on("ReadResult").Return(resultOf(t, good(key), bad(other.Key)))}},
		{"both are refused", etl.Batch{Files: []etl.Event{event, other}}, NotLoaded, map[string]simtest.Mocked{"AskNewest": there, "ReadResult": on("ReadResult").Return(resultOf(t, bad(key), bad(other.Key)))}},
		{"of one of two S3 gives no answer", etl.Batch{Files: []etl.Event{event, other}}, "S3.S3Exception", map[string]simtest.Mocked{
			"AskNewest": unknown,
		}},
		{"one is loaded and one is gone", etl.Batch{Files: []etl.Event{event, other}}, "", map[string]simtest.Mocked{"AskNewest": gone, "DescribeLoad": on("DescribeLoad").Return(affected(2))}},
		{"deleted", nil, nothing, map[string]simtest.Mocked{"AskNewest": deleted}},
		{"deleted before anything was loaded", nil, nothing, map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecord": on("DescribeRecord").Return(affected(0))}},
		{"another key begins like it", nil, nothing, map[string]simtest.Mocked{"AskNewest": on("AskNewest").Return(holds("Versions", key+".gz", landing))}},
		{"no version is left", nil, nothing, map[string]simtest.Mocked{"AskNewest": on("AskNewest").Return(object{"IsTruncated": false})}},
		{"recording a deletion is difficult", nil, nothing, map[string]simtest.Mocked{
			"AskNewest":      transiently("AskNewest", "S3.S3Exception", holds("DeleteMarkers", key, landing)),
			"WriteEntry":     transiently("WriteEntry", "S3.S3Exception", object{}),
			"Record":         on("Record").Return(object{"Id": "s1"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeRecord": on("DescribeRecord").Script(conflict, affected(3)).Visit(0).Attempt(0).Fail("RedshiftData.InternalServerException", "oops"),
			"NotifyGone":     transiently("NotifyGone", "SNS.InternalErrorException", object{"MessageId": "m"}),
		}},
		{"an entry cannot be written", nil, "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "WriteEntry": denied("WriteEntry")}},
		{"a deletion cannot be recorded", nil, "RecordFailed", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecord": on("DescribeRecord").Return(conflict)}},
		{"recording a deletion is throttled", nil, nothing, map[string]simtest.Mocked{
			"AskNewest":      deleted,
			"Record":         transiently("Record", "RedshiftData.RedshiftDataException", object{"Id": "s1"}),
			"DescribeRecord": transiently("DescribeRecord", "RedshiftData.RedshiftDataException", affected(3)),
		}},
		{"recording a deletion is aborted", nil, "RecordFailed", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecord": on("DescribeRecord").Return(object{"Status": "ABORTED"})}},
		{"recording a deletion never ends", nil, "RecordTookTooLong", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecord": on("DescribeRecord").Return(object{"Status": "STARTED"})}},
		{"recording a deletion is refused", nil, "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "Record": denied("Record")}},
		{"recording a deletion cannot be followed", nil, "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "DescribeRecord": denied("DescribeRecord")}},
		{"nobody can be told of a deletion", nil, "AccessDenied", map[string]simtest.Mocked{"AskNewest": deleted, "NotifyGone": denied("NotifyGone")}},
		{"S3 cannot be asked", nil, "AccessDenied", map[string]simtest.Mocked{"AskNewest": denied("AskNewest")}},
		{"everything is busy at first", nil, "", map[string]simtest.Mocked{
			"GetCrawler":     on("GetCrawler").Script(crawl("READY", "SUCCEEDED", before), covered).Visit(0).Attempt(0).Fail("Glue.OperationTimeoutException", "busy"),
			"StartCrawler":   transiently("StartCrawler", "Glue.OperationTimeoutException", object{}),
			"WriteObjects":   transiently("WriteObjects", "S3.S3Exception", object{}),
			"RunJob":         on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}).Attempt(0).Fail("Glue.ConcurrentRunsExceededException", "busy").Attempt(1).Fail("Glue.InternalServiceException", "oops"),
			"ReadResult":     transiently("ReadResult", "S3.SdkClientException", resultOf(t, good(key))),
			"MeasureRejects": transiently("MeasureRejects", "CloudWatch.InternalServiceException", object{}),
			"Load":           on("Load").Return(object{"Id": "s1"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeLoad":   transiently("DescribeLoad", "RedshiftData.InternalServerException", affected(0)),
			"SignReceipt":    transiently("SignReceipt", "S3.S3Exception", object{}),
			"NotifySuccess":  transiently("NotifySuccess", "SNS.InternalErrorException", object{"MessageId": "m"}),
		}},
		{"another execution has started the crawl", nil, "", map[string]simtest.Mocked{"StartCrawler": on("StartCrawler").Fail("Glue.CrawlerRunningException", "running")}},
		{"the crawl fails", nil, "CrawlFailed", map[string]simtest.Mocked{"GetCrawler": on("GetCrawler").Return(failedCrawl)}},
		{"everything is throttled at first", nil, "", map[string]simtest.Mocked{
			"GetCrawler":   on("GetCrawler").Script(crawl("READY", "SUCCEEDED", before), covered).Visit(0).Attempt(0).Fail("Glue.GlueException", "Rate exceeded"),
			"StartCrawler": transiently("StartCrawler", "Glue.ThrottlingException", object{}),
			"RunJob":       transiently("RunJob", "Glue.AWSGlueException", object{"JobRunState": "SUCCEEDED"}),
			"Load":         transiently("Load", "RedshiftData.RedshiftDataException", object{"Id": "s1"}),
			"DescribeLoad": transiently("DescribeLoad", "RedshiftData.RedshiftDataException", affected(0)),
		}},
		{"a crawl failed before the file was started again", etl.Batch{Files: []etl.Event{earlier}}, "", map[string]simtest.Mocked{
			"GetCrawler": on("GetCrawler").Script(crawl("READY", "FAILED", before), crawl("RUNNING", "FAILED", before), covered),
		}},
		{"the crawl is cancelled", nil, "CrawlFailed", map[string]simtest.Mocked{"GetCrawler": on("GetCrawler").Return(crawl("READY", "CANCELLED", after))}},
		{"the crawl never ends", nil, "CrawlTookTooLong", map[string]simtest.Mocked{"GetCrawler": on("GetCrawler").Return(crawl("RUNNING", "SUCCEEDED", before))}},
		{"the crawler cannot be read", nil, "AccessDenied", map[string]simtest.Mocked{"GetCrawler": denied("GetCrawler")}},
		{"the crawler cannot be started", nil, "AccessDenied", map[string]simtest.Mocked{"StartCrawler": denied("StartCrawler")}},
		{"the list of objects cannot be written", nil, "AccessDenied", map[string]simtest.Mocked{"WriteObjects": denied("WriteObjects")}},
		{"the job fails", nil, "States.TaskFailed", map[string]simtest.Mocked{"RunJob": on("RunJob").Fail("States.TaskFailed", `{"JobName":"j","ErrorMessage":"no such column"}`)}},
		{"the job cannot start", nil, "AccessDenied", map[string]simtest.Mocked{"RunJob": denied("RunJob")}},
		{"the job hangs", nil, "States.Timeout", map[string]simtest.Mocked{"RunJob": on("RunJob").Expire()}},
		{"the job is stopped", nil, "JobNotSucceeded", map[string]simtest.Mocked{"RunJob": on("RunJob").Return(object{"JobRunState": "STOPPED"})}},
		{"the job says nothing", nil, "S3.NoSuchKeyException", map[string]simtest.Mocked{"ReadResult": on("ReadResult").Fail("S3.NoSuchKeyException", "gone")}},
		{"the job refuses the file", nil, "no header", map[string]simtest.Mocked{"ReadResult": on("ReadResult").Return(resultOf(t, bad(key)))}},
		{"the rejects cannot be measured", nil, "AccessDenied", map[string]simtest.Mocked{"MeasureRejects": denied("MeasureRejects")}},
		{"the load is refused", nil, "AccessDenied", map[string]simtest.Mocked{"Load": denied("Load")}},
		{"the load meets another", nil, "", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Script(conflict, affected(0))}},
		{"the load always meets another", nil, "LoadFailed", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(conflict)}},
		{"the load is aborted", nil, "LoadFailed", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(object{"Status": "ABORTED"})}},
		{"the load never ends", nil, "LoadTookTooLong", map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(object{"Status": "STARTED"})}},
		{"the load cannot be followed", nil, "AccessDenied", map[string]simtest.Mocked{"DescribeLoad": denied("DescribeLoad")}},
		{"no receipt can be left", nil, "", map[string]simtest.Mocked{"SignReceipt": denied("SignReceipt")}},
		{"leaving a receipt hangs", nil, "States.Timeout", map[string]simtest.Mocked{"SignReceipt": on("SignReceipt").Expire()}},
		{"nobody can be told of success", nil, "AccessDenied", map[string]simtest.Mocked{"NotifySuccess": denied("NotifySuccess")}},
		{"nobody can be told of failure", nil, "AccessDenied", map[string]simtest.Mocked{"RunJob": denied("RunJob"), "NotifyFailure": denied("NotifyFailure")}},
		{"telling of failure is throttled", nil, "AccessDenied", map[string]simtest.Mocked{"RunJob": denied("RunJob"), "NotifyFailure": transiently("NotifyFailure", "SNS.InternalErrorException", object{"MessageId": "m"})}},
		{"the input of an earlier release", event, "NotABatch", nil},
		{"a list that holds something else than batches", []any{etl.Batch{Files: []etl.Event{event}}, event}, "NotABatch", nil},
		{"another bucket", etl.Batch{Files: []etl.Event{event, {Bucket: "theirs", Key: key, Time: landing}}}, "OtherBucket", nil},
	}
	var coverage sim.Coverage
	var runs []*simtest.Run
	play := func(t *testing.T, input any, mocks map[string]simtest.Mocked) *simtest.Run {
		all := mocked()
		maps.Copy(all, mocks)
		run := simtest.Test{Definition: d, Input: input, Mocks: slices.Collect(maps.Values(all)), Coverage: &coverage}.Run(t)
		runs = append(runs, run)
		return run
	}
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			if story.input == nil {
				story.input = etl.Batch{Files: []etl.Event{event}}
			}
			run := play(t, story.input, story.mocks)
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
	for name, message := range map[string]string{
		"no order makes it serial":            "ERROR: 1023\n  Detail: Serializable isolation violation on table - 104321, transactions forming the cycle are: 5012, 5014 (pid:1073750044)",
		"the table was made after it began":   "ERROR: 1018\n  Detail: Relation does not exist.",
		"the table was dropped":               "ERROR: table 104321 dropped by concurrent transaction",
		"the table is gone":                   "ERROR: could not open relation with OID 104321",
		"something else of the table changes": "ERROR: could not complete because of conflict with concurrent transaction",
	} {
		t.Run("the load meets a migration: "+name, func(t *testing.T) {
			undone := object{"Status": "FAILED", "Error": message}
			play(t, etl.Batch{Files: []etl.Event{event}}, map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Script(undone, undone, affected(0))}).
				Succeeded().Visited("Load", 3).Visited("NotifyFailure", 0)
		})
	}
	t.Run("a table that is not there", func(t *testing.T) {
		missing := object{"Status": "FAILED", "Error": `ERROR: relation "airlines.daily_flights_fact" does not exist`}
		play(t, etl.Batch{Files: []etl.Event{event}}, map[string]simtest.Mocked{"DescribeLoad": on("DescribeLoad").Return(missing)}).Failed("LoadFailed").Visited("Load", 1)
	})
	listStories(t, key, play)
	partStories(t, play)
	if c.Crawl == CrawlDaily {
		catalogStories(t, key, play)
	}
	t.Run("hidden", func(t *testing.T) {
		event.Key = "daily-flights/date=2025-12-31/_temporary/0/flights.csv"
		simtest.Test{Definition: d, Input: etl.Batch{Files: []etl.Event{event}}, Coverage: &coverage}.Run(t).Succeeded().Visited("AskNewest", 0)
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
