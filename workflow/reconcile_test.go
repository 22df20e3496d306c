package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// listing is a page of the newest versions of some keys, and an older one of each.
func listing(more string, landed time.Time, keys ...string) object {
	var versions []any
	for _, key := range keys {
		for i, id := range []string{"v2", "v1"} {
			versions = append(versions, object{
				"Key": key, "VersionId": id, "IsLatest": i == 0, "Size": 10, "ETag": `"abc"`, "LastModified": landed.Format(time.RFC3339),
			})
		}
	}
	page := object{"Versions": versions, "IsTruncated": more != ""}
	if more != "" {
		page["NextKeyMarker"] = more
	}
	return page
}

// keys are so many keys of flights, in order.
func keys(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("daily-flights/%03d.csv", i)
	}
	return list
}

// rows is an answer of the Data API.
func rows(list ...[2]string) object {
	records := []any{}
	for _, r := range list {
		records = append(records, []any{object{"StringValue": r[0]}, object{"StringValue": r[1]}})
	}
	return object{"Records": records, "TotalNumRows": len(records)}
}

// TestReconcileStories runs reconcile through everything that can happen to it: together the stories reach every state,
// rule, retrier and catcher.
func TestReconcileStories(t *testing.T) {
	d := machines(t)["reconcile"]
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	hours := func(n int) time.Time { return now.Add(-time.Duration(n) * time.Hour) }
	const a, b, c = "daily-flights/a.csv", "daily-flights/b.csv", "daily-flights/c.csv.gz"
	on := simtest.OnState
	transiently := func(state, err string, out any) simtest.Mocked {
		return on(state).Return(out).Attempt(0).Fail(asl.Err[any](err), "try again")
	}
	denied := func(state string) simtest.Mocked { return on(state).Fail("AccessDenied", "no") }
	started := object{"ExecutionArn": "arn", "StartDate": "2026-01-10T00:00:00Z"}

	good := func() map[string]simtest.Mocked {
		return map[string]simtest.Mocked{
			"ListVersions":         on("ListVersions").Return(listing("", hours(12), a, b, c)),
			"QueryLedger":          on("QueryLedger").Return(object{"Id": "q1"}),
			"DescribeQuery":        on("DescribeQuery").Script(object{"Status": "STARTED"}, object{"Status": "FINISHED"}),
			"ReadLedger":           on("ReadLedger").Return(rows([2]string{a, "v2"}, [2]string{b, "v1"})),
			"IngestMissingFlights": on("IngestMissingFlights").Return(started),
			"LoadMissingAirports":  on("LoadMissingAirports").Return(started),
			"ContinueLater":        on("ContinueLater").Return(started),
			"NotifyMissing":        on("NotifyMissing").Return(object{"MessageId": "m"}),
			"NotifyFailure":        on("NotifyFailure").Return(object{"MessageId": "m"}),
		}
	}
	endless := on("ListVersions").Return(listing("daily-flights/x", hours(12), "daily-flights/notes.txt"))
	full := listing("daily-flights/x", hours(12), keys(pageSize)...)
	stories := []struct {
		name    string
		input   any
		err     string // "" when it succeeds
		missing int    // executions that are started
		mocks   map[string]simtest.Mocked
	}{
		{"a new version and a file without a row are missing", nil, "", 2, nil},
		{"nothing is missing", nil, "", 0, map[string]simtest.Mocked{"ReadLedger": on("ReadLedger").Return(rows([2]string{a, "v2"}, [2]string{b, "v2"}, [2]string{c, "v2"}))}},
		{"the ledger is empty", nil, "", 3, map[string]simtest.Mocked{"ReadLedger": on("ReadLedger").Return(rows())}},
		{"the prefix is empty", nil, "", 0, map[string]simtest.Mocked{"ListVersions": on("ListVersions").Return(object{"IsTruncated": false})}},
		{"files are on their way", nil, "", 0, map[string]simtest.Mocked{"ListVersions": on("ListVersions").Return(listing("", now.Add(-59*time.Minute), a))}},
		{"files are given up", nil, "", 0, map[string]simtest.Mocked{"ListVersions": on("ListVersions").Return(listing("", hours(7*24+1), a))}},
		{"other files are none of ours", nil, "", 0, map[string]simtest.Mocked{"ListVersions": on("ListVersions").Return(listing("", hours(12), "daily-flights/a.txt", "daily-flights/acsv"))}},
		{"two pages", nil, "", 2, map[string]simtest.Mocked{
			"ListVersions": on("ListVersions").Script(listing(a, hours(12), a), listing("", hours(12), b)),
			"ReadLedger":   on("ReadLedger").Return(rows()),
		}},
		{"airports", ReconcileAll(etl.Airports), "", 1, map[string]simtest.Mocked{
			"ListVersions": on("ListVersions").Return(listing("", hours(12), "airports/a.csv")), "ReadLedger": on("ReadLedger").Return(rows()),
		}},
		{"no dataset of ours", Reconciliation{Dataset: "weather", Prefix: "weather/", After: "weather/"}, "UnknownDataset", 0, nil},
		{"an earlier attempt has started them", nil, "", 2, map[string]simtest.Mocked{"IngestMissingFlights": on("IngestMissingFlights").Fail("StepFunctions.ExecutionAlreadyExistsException", "exists")}},
		{"airports that an earlier attempt has started", ReconcileAll(etl.Airports), "", 1, map[string]simtest.Mocked{
			"ListVersions": on("ListVersions").Return(listing("", hours(12), "airports/a.csv")), "ReadLedger": on("ReadLedger").Return(rows()),
			"LoadMissingAirports": on("LoadMissingAirports").Return(started).Attempt(0).Fail("StepFunctions.ThrottlingException", "busy").Attempt(1).Fail("StepFunctions.ExecutionAlreadyExistsException", "exists"),
		}},
		{"more pages than an execution holds", nil, "", 0, map[string]simtest.Mocked{"ListVersions": endless}},
		{"more files than an execution can start", nil, "", filesAtATime, map[string]simtest.Mocked{"ListVersions": on("ListVersions").Return(full), "ReadLedger": on("ReadLedger").Return(rows())}},
		{"the rest was handed on before", nil, "", 0, map[string]simtest.Mocked{"ListVersions": endless, "ContinueLater": on("ContinueLater").Return(started).Attempt(0).Fail("StepFunctions.ThrottlingException", "busy").Attempt(1).Fail("StepFunctions.ExecutionAlreadyExistsException", "exists")}},
		{"the rest cannot be handed on", nil, "AccessDenied", 0, map[string]simtest.Mocked{"ListVersions": endless, "ContinueLater": denied("ContinueLater")}},
		{"everything is busy at first", nil, "", 2, map[string]simtest.Mocked{
			"ListVersions":         transiently("ListVersions", "S3.S3Exception", listing("", hours(12), a, b, c)),
			"QueryLedger":          on("QueryLedger").Return(object{"Id": "q1"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeQuery":        transiently("DescribeQuery", "RedshiftData.InternalServerException", object{"Status": "FINISHED"}),
			"ReadLedger":           transiently("ReadLedger", "RedshiftData.InternalServerException", rows([2]string{a, "v2"})),
			"IngestMissingFlights": transiently("IngestMissingFlights", "StepFunctions.ThrottlingException", started),
			"NotifyMissing":        transiently("NotifyMissing", "SNS.InternalErrorException", object{"MessageId": "m"}),
		}},
		{"the bucket cannot be listed", nil, "AccessDenied", 0, map[string]simtest.Mocked{"ListVersions": denied("ListVersions")}},
		{"the ledger cannot be asked", nil, "AccessDenied", 0, map[string]simtest.Mocked{"QueryLedger": denied("QueryLedger")}},
		{"the query cannot be followed", nil, "AccessDenied", 0, map[string]simtest.Mocked{"DescribeQuery": denied("DescribeQuery")}},
		{"the query fails", nil, "LedgerQueryFailed", 0, map[string]simtest.Mocked{"DescribeQuery": on("DescribeQuery").Return(object{"Status": "FAILED"})}},
		{"the query never ends", nil, "LedgerQueryTookTooLong", 0, map[string]simtest.Mocked{"DescribeQuery": on("DescribeQuery").Return(object{"Status": "STARTED"})}},
		{"the answer cannot be read", nil, "AccessDenied", 0, map[string]simtest.Mocked{"ReadLedger": denied("ReadLedger")}},
		{"the answer has another page", nil, "LedgerTooLong", 0, map[string]simtest.Mocked{"ReadLedger": on("ReadLedger").Return(object{"Records": []any{}, "NextToken": "more"})}},
		{"a load cannot be started", nil, "AccessDenied", 0, map[string]simtest.Mocked{"IngestMissingFlights": denied("IngestMissingFlights")}},
		{"nobody can be told of lost events", nil, "AccessDenied", 2, map[string]simtest.Mocked{"NotifyMissing": denied("NotifyMissing")}},
		{"nobody can be told of failure", nil, "AccessDenied", 0, map[string]simtest.Mocked{"QueryLedger": denied("QueryLedger"), "NotifyFailure": denied("NotifyFailure")}},
		{"telling of failure is throttled", nil, "AccessDenied", 0, map[string]simtest.Mocked{"QueryLedger": denied("QueryLedger"), "NotifyFailure": transiently("NotifyFailure", "SNS.InternalErrorException", object{"MessageId": "m"})}},
	}
	var coverage sim.Coverage
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			mocks := good()
			maps.Copy(mocks, story.mocks)
			input := story.input
			if input == nil {
				input = ReconcileAll(etl.Flights)
			}
			run := simtest.Test{Definition: d, Input: input, Mocks: slices.Collect(maps.Values(mocks)), Coverage: &coverage, Start: now}.Run(t)
			if story.err != "" {
				run.Failed(story.err)
				return
			}
			run.Succeeded().Visited("NotifyFailure", 0)
			if got := len(run.CallsOf("IngestMissingFlights")) + len(run.CallsOf("LoadMissingAirports")); got < story.missing {
				t.Errorf("%d calls start loads, want at least %d", got, story.missing)
			}
			told := 0
			if story.missing > 0 {
				told = 1
			}
			run.Visited("NotifyMissing", told)
		})
	}
	for _, place := range coverage.Missing() {
		t.Errorf("no story reaches %s", place)
	}
}

// An execution hands the rest on before its history is full, and its time over, when the warehouse takes its time.
func TestReconcileStaysWithinItsHistoryWhenTheWarehouseIsSlow(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	first := keys(1)[0]
	var answers []any
	for range pagesAtATime {
		for range 20 {
			answers = append(answers, object{"Status": "STARTED"})
		}
		answers = append(answers, object{"Status": "FINISHED"})
	}
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: ReconcileAll(etl.Flights), Start: now, Mocks: []simtest.Mocked{
		simtest.OnState("ListVersions").Return(listing("daily-flights/x", now.Add(-12*time.Hour), first)),
		simtest.OnState("QueryLedger").Return(object{"Id": "q1"}),
		simtest.OnState("DescribeQuery").Script(answers...),
		simtest.OnState("ReadLedger").Return(rows([2]string{first, "v2"})),
		simtest.OnState("ContinueLater").Return(object{}),
	}}.Run(t)
	run.Succeeded().Visited("ContinueLater", 1)
}

// A page begins after the last key of the page before, file or delete marker, whatever S3 says of the next one; and the
// ledger is asked for rows that can be of a candidate.
func TestReconcileAsksForWhatFollows(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-12 * time.Hour)
	deleted := func(page object, key string) object {
		page["DeleteMarkers"] = []any{object{"Key": key, "VersionId": "d", "IsLatest": true, "LastModified": landed.Format(time.RFC3339)}}
		return page
	}
	const after, files, markers = "daily-flights/g.csv", "daily-flights/b.csv", "daily-flights/c.csv"
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: ReconcileAll(etl.Flights), Start: now, Mocks: []simtest.Mocked{
		simtest.OnState("ListVersions").Script(
			deleted(listing("daily-flights/bb.csv", landed, "daily-flights/a.csv", files), "daily-flights/aa.csv"),
			deleted(listing("daily-flights/d.csv", landed, "daily-flights/bb.csv"), markers),
			deleted(listing("daily-flights/z.csv", landed), after),
			listing("", landed)),
		simtest.OnState("QueryLedger").Return(object{"Id": "q1"}),
		simtest.OnState("DescribeQuery").Return(object{"Status": "FINISHED"}),
		simtest.OnState("ReadLedger").Return(rows([2]string{"daily-flights/a.csv", "v2"}, [2]string{files, "v2"}, [2]string{"daily-flights/bb.csv", "v2"})),
	}}.Run(t)
	run.Succeeded()
	for i, want := range []string{"daily-flights/", files, markers, after} {
		if got := jsonvalue.String(run.CallsOf("ListVersions")[i].Parameters); !strings.Contains(got, `"KeyMarker":"`+want+`"`) {
			t.Errorf("page %d is listed with %s, want it to begin after %s", i, got, want)
		}
	}
	if got := jsonvalue.String(run.CallsOf("QueryLedger")[0].Parameters); !strings.Contains(got, `"2026-01-02T00:00:00Z"`) {
		t.Errorf("the ledger is asked with %s, want rows of the seven days before and one more", got)
	}
}

// What is handed on is what an event would have been.
func TestReconcileStartsLoadsWithTheirEvents(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-90 * time.Minute)
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: ReconcileAll(etl.Flights), Start: now, Mocks: []simtest.Mocked{
		simtest.OnState("ListVersions").Return(listing("", landed, `daily-flights/it's "a" file.csv`)),
		simtest.OnState("QueryLedger").Return(object{"Id": "q1"}),
		simtest.OnState("DescribeQuery").Return(object{"Status": "FINISHED"}),
		simtest.OnState("ReadLedger").Return(rows()),
		simtest.OnState("IngestMissingFlights").Return(object{}),
		simtest.OnState("NotifyMissing").Return(object{}),
	}}.Run(t)
	run.Succeeded()
	calls := run.CallsOf("IngestMissingFlights")
	if len(calls) != 1 {
		t.Fatalf("%d loads were started, want 1", len(calls))
	}
	sent := jsonvalue.String(calls[0].Parameters)
	for _, want := range []string{`"key":"daily-flights/it's \"a\" file.csv"`, `"version":"v2"`, `"etag":"abc"`, `"time":"2026-01-09T22:30:00Z"`, `"size":10`, ":stateMachine:airline-dev-ingest-flights:live"} {
		if !strings.Contains(sent, want) {
			t.Errorf("the load is started with %s, want %s in it", sent, want)
		}
	}
}
