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

// answer is one of the Data API, in texts.
func answer(list ...[]string) object {
	records := []any{}
	for _, row := range list {
		var fields []any
		for _, text := range row {
			fields = append(fields, object{"StringValue": text})
		}
		records = append(records, fields)
	}
	return object{"Records": records, "TotalNumRows": len(records)}
}

// row is one of the ledger: the version is that of the key's current row, written then.
func row(key, version, status string, written time.Time) []string {
	return []string{key, version, status, written.Format("2006-01-02 15:04:05")}
}

// markers adds delete markers to a page.
func markers(page object, placed time.Time, keys ...string) object {
	var list []any
	for _, key := range keys {
		list = append(list, object{"Key": key, "VersionId": "d", "IsLatest": true, "LastModified": placed.Format(time.RFC3339)})
	}
	page["DeleteMarkers"] = list
	return page
}

// TestReconcileStories runs reconcile through everything that can happen to it: together the stories reach every state,
// rule, retrier and catcher.
func TestReconcileStories(t *testing.T) {
	d := machines(t)["reconcile"]
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	hours := func(n int) time.Time { return now.Add(-time.Duration(n) * time.Hour) }
	const a, b, c = "daily-flights/a.csv", "daily-flights/b.csv", "daily-flights/c.csv.gz"
	const airports = "airports/a.csv"
	on := simtest.OnState
	transiently := func(state, err string, out any) simtest.Mocked {
		return on(state).Return(out).Attempt(0).Fail(asl.Err[any](err), "try again")
	}
	denied := func(state string) simtest.Mocked { return on(state).Fail("AccessDenied", "no") }
	started := object{"ExecutionArn": "arn", "StartDate": "2026-01-10T00:00:00Z"}
	loaded := func(key string) []string { return row(key, "v2", "loaded", hours(12)) }
	all := on("ReadLedger").Return(answer(loaded(a), loaded(b), loaded(c)))

	good := func() map[string]simtest.Mocked {
		return map[string]simtest.Mocked{
			"ListVersions":         on("ListVersions").Return(listing("", hours(12), a, b, c)),
			"QueryLedger":          on("QueryLedger").Return(object{"Id": "q1"}),
			"DescribeLedger":       on("DescribeLedger").Script(object{"Status": "STARTED"}, object{"Status": "FINISHED"}),
			"ReadLedger":           on("ReadLedger").Return(answer(loaded(a), row(b, "v1", "loaded", hours(13)))),
			"IngestMissingFlights": on("IngestMissingFlights").Return(started),
			"LoadMissingAirports":  on("LoadMissingAirports").Return(started),
			"NoteComparison":       on("NoteComparison").Return(object{}),
			"ContinueLater":        on("ContinueLater").Return(started),
			"QueryDoubles":         on("QueryDoubles").Return(object{"Id": "q2"}),
			"DescribeDoubles":      on("DescribeDoubles").Script(object{"Status": "STARTED"}, object{"Status": "FINISHED"}),
			"ReadDoubles":          on("ReadDoubles").Return(answer()),
			"NotifyMissing":        on("NotifyMissing").Return(object{"MessageId": "m"}),
			"NotifyGone":           on("NotifyGone").Return(object{"MessageId": "m"}),
			"NotifyStrays":         on("NotifyStrays").Return(object{"MessageId": "m"}),
			"NotifyDoubles":        on("NotifyDoubles").Return(object{"MessageId": "m"}),
			"NotifyFailure":        on("NotifyFailure").Return(object{"MessageId": "m"}),
		}
	}
	endless := on("ListVersions").Return(listing("daily-flights/x", hours(72), "daily-flights/notes.txt"))
	full := listing("daily-flights/x", hours(12), keys(pageSize)...)
	empty := on("ReadLedger").Return(answer())
	only := func(page object) simtest.Mocked { return on("ListVersions").Return(page) }
	stories := []struct {
		name   string
		input  any
		err    string // "" when it succeeds
		starts int    // executions that are started
		told   string // the notifications, in order
		mocks  map[string]simtest.Mocked
	}{
		{"another version is loaded and a file is not", nil, "", 2, "Missing", nil},
		{"all is as in the bucket", nil, "", 0, "", map[string]simtest.Mocked{"ReadLedger": all}},
		{"the ledger is empty", nil, "", 3, "Missing", map[string]simtest.Mocked{"ReadLedger": empty}},
		{"the prefix is empty", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": only(object{"IsTruncated": false}), "ReadLedger": empty}},
		{"files are on their way", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": only(listing("", now.Add(-59*time.Minute), a)), "ReadLedger": empty}},
		{"files are given up", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": only(listing("", hours(7*24+1), a)), "ReadLedger": empty}},
		{"a correction is given up", nil, "", 0, "", map[string]simtest.Mocked{
			"ListVersions": only(listing("", hours(7*24+1), a)), "ReadLedger": on("ReadLedger").Return(answer(row(a, "v1", "loaded", hours(8*24)))),
		}},
		{"an old version is the newest again", nil, "", 1, "Missing", map[string]simtest.Mocked{
			"ListVersions": only(listing("", hours(90*24), a)), "ReadLedger": on("ReadLedger").Return(answer(row(a, "v3", "loaded", hours(12)))),
		}},
		{"an old file is restored", nil, "", 1, "Missing", map[string]simtest.Mocked{
			"ListVersions": only(listing("", hours(90*24), a)), "ReadLedger": on("ReadLedger").Return(answer(row(a, "d", "retired", hours(80*24)))),
		}},
		{"a loaded file is gone", nil, "", 1, "Gone", map[string]simtest.Mocked{"ListVersions": only(listing("", hours(12), a, c)), "ReadLedger": all}},
		{"a loaded file is deleted", nil, "", 1, "Gone", map[string]simtest.Mocked{"ListVersions": only(markers(listing("", hours(12), a, c), hours(2), b)), "ReadLedger": all}},
		{"a loaded file has just been deleted", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": only(markers(listing("", hours(12), a, c), now.Add(-time.Minute), b)), "ReadLedger": all}},
		{"files are gone and known to be", nil, "", 0, "", map[string]simtest.Mocked{
			"ListVersions": only(object{"IsTruncated": false}), "ReadLedger": on("ReadLedger").Return(answer(row(a, "d", "retired", hours(12)), row(b, "none", "kept", hours(12)))),
		}},
		{"a file is gone and one is missing", nil, "", 2, "Missing Gone", map[string]simtest.Mocked{
			"ListVersions": only(listing("", hours(12), a, b)), "ReadLedger": on("ReadLedger").Return(answer(loaded(a), loaded(c))),
		}},
		{"other names are told once", nil, "", 0, "Strays", map[string]simtest.Mocked{"ListVersions": only(listing("", hours(12), "daily-flights/a.txt", "daily-flights/acsv", "daily-flights/b.zip")), "ReadLedger": empty}},
		{"other names were told", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": only(listing("", hours(26), "daily-flights/a.txt")), "ReadLedger": empty}},
		{"what is hidden, and folders", nil, "", 0, "", map[string]simtest.Mocked{
			"ListVersions": only(listing("", hours(12), "daily-flights/", "daily-flights/.a.csv", "daily-flights/_SUCCESS", "daily-flights/_temporary/0/a.csv", "daily-flights/b_$folder$", "daily-flights/c/")), "ReadLedger": empty,
		}},
		{"upper case", nil, "", 2, "Missing", map[string]simtest.Mocked{"ListVersions": only(listing("", hours(12), "daily-flights/A.CSV", "daily-flights/b.Csv.GZ")), "ReadLedger": empty}},
		{"two files are the same", nil, "", 0, "Doubles", map[string]simtest.Mocked{"ReadLedger": all, "ReadDoubles": on("ReadDoubles").Return(answer([]string{"2008-05-01", a, b, "17"}))}},
		{"two pages", nil, "", 2, "Missing", map[string]simtest.Mocked{
			"ListVersions": on("ListVersions").Script(listing(a, hours(12), a), listing("", hours(12), b)), "ReadLedger": empty,
		}},
		{"airports", etl.ReconcileAll(etl.Airports), "", 1, "Missing", map[string]simtest.Mocked{"ListVersions": only(listing("", hours(12), airports)), "ReadLedger": empty}},
		{"no dataset of ours", etl.Reconciliation{Dataset: "weather", Prefix: "weather/", After: "weather/"}, "UnknownDataset", 0, "", nil},
		{"an earlier attempt has started them", nil, "", 2, "Missing", map[string]simtest.Mocked{"IngestMissingFlights": on("IngestMissingFlights").Fail("StepFunctions.ExecutionAlreadyExistsException", "exists")}},
		{"airports that an earlier attempt has started", etl.ReconcileAll(etl.Airports), "", 1, "Missing", map[string]simtest.Mocked{
			"ListVersions": only(listing("", hours(12), airports)), "ReadLedger": empty,
			"LoadMissingAirports": on("LoadMissingAirports").Return(started).Attempt(0).Fail("StepFunctions.ThrottlingException", "busy").Attempt(1).Fail("StepFunctions.ExecutionAlreadyExistsException", "exists"),
		}},
		{"more pages than an execution holds", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": endless, "ReadLedger": empty}},
		{"more files than an execution can start", nil, "", filesAtATime, "Missing", map[string]simtest.Mocked{"ListVersions": only(full), "ReadLedger": empty}},
		{"the rest was handed on before", nil, "", 0, "", map[string]simtest.Mocked{"ListVersions": endless, "ReadLedger": empty, "ContinueLater": on("ContinueLater").Return(started).Attempt(0).Fail("StepFunctions.ThrottlingException", "busy").Attempt(1).Fail("StepFunctions.ExecutionAlreadyExistsException", "exists")}},
		{"the rest cannot be handed on", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"ListVersions": endless, "ReadLedger": empty, "ContinueLater": denied("ContinueLater")}},
		{"everything is busy at first", nil, "", 2, "Missing Gone Strays Doubles", map[string]simtest.Mocked{
			"ListVersions":         transiently("ListVersions", "S3.S3Exception", listing("", hours(12), a, b, "daily-flights/d.txt")),
			"QueryLedger":          on("QueryLedger").Return(object{"Id": "q1"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeLedger":       transiently("DescribeLedger", "RedshiftData.InternalServerException", object{"Status": "FINISHED"}),
			"ReadLedger":           transiently("ReadLedger", "RedshiftData.InternalServerException", answer(loaded(a), loaded(c))),
			"QueryDoubles":         on("QueryDoubles").Return(object{"Id": "q2"}).Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops"),
			"DescribeDoubles":      transiently("DescribeDoubles", "RedshiftData.InternalServerException", object{"Status": "FINISHED"}),
			"ReadDoubles":          transiently("ReadDoubles", "RedshiftData.InternalServerException", answer([]string{"2008-05-01", a, b, "17"})),
			"IngestMissingFlights": transiently("IngestMissingFlights", "StepFunctions.ThrottlingException", started),
			"NotifyMissing":        transiently("NotifyMissing", "SNS.InternalErrorException", object{"MessageId": "m"}),
			"NotifyGone":           transiently("NotifyGone", "SNS.InternalErrorException", object{"MessageId": "m"}),
			"NotifyStrays":         transiently("NotifyStrays", "SNS.InternalErrorException", object{"MessageId": "m"}),
			"NotifyDoubles":        transiently("NotifyDoubles", "SNS.InternalErrorException", object{"MessageId": "m"}),
		}},
		{"the bucket cannot be listed", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"ListVersions": denied("ListVersions")}},
		{"the ledger cannot be asked", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"QueryLedger": denied("QueryLedger")}},
		{"the query cannot be followed", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"DescribeLedger": denied("DescribeLedger")}},
		{"the warehouse throttles", nil, "", 2, "Missing", map[string]simtest.Mocked{
			"QueryLedger":     transiently("QueryLedger", "RedshiftData.RedshiftDataException", object{"Id": "q1"}),
			"DescribeLedger":  transiently("DescribeLedger", "RedshiftData.RedshiftDataException", object{"Status": "FINISHED"}),
			"QueryDoubles":    transiently("QueryDoubles", "RedshiftData.RedshiftDataException", object{"Id": "q2"}),
			"DescribeDoubles": transiently("DescribeDoubles", "RedshiftData.RedshiftDataException", object{"Status": "FINISHED"}),
		}},
		{"the query fails", nil, "LedgerQueryFailed", 0, "", map[string]simtest.Mocked{"DescribeLedger": on("DescribeLedger").Return(object{"Status": "FAILED"})}},
		{"the query never ends", nil, "LedgerQueryTookTooLong", 0, "", map[string]simtest.Mocked{"DescribeLedger": on("DescribeLedger").Return(object{"Status": "STARTED"})}},
		{"the answer cannot be read", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"ReadLedger": denied("ReadLedger")}},
		{"the facts cannot be asked", nil, "AccessDenied", 2, "", map[string]simtest.Mocked{"QueryDoubles": denied("QueryDoubles")}},
		{"the second query cannot be followed", nil, "AccessDenied", 2, "", map[string]simtest.Mocked{"DescribeDoubles": denied("DescribeDoubles")}},
		{"the second query fails", nil, "DoublesQueryFailed", 2, "", map[string]simtest.Mocked{"DescribeDoubles": on("DescribeDoubles").Return(object{"Status": "ABORTED"})}},
		{"the second query never ends", nil, "DoublesQueryTookTooLong", 2, "", map[string]simtest.Mocked{"DescribeDoubles": on("DescribeDoubles").Return(object{"Status": "STARTED"})}},
		{"the second answer cannot be read", nil, "AccessDenied", 2, "", map[string]simtest.Mocked{"ReadDoubles": denied("ReadDoubles")}},
		{"the comparison cannot be noted", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"ReadLedger": all, "NoteComparison": denied("NoteComparison")}},
		{"noting is difficult", nil, "", 0, "", map[string]simtest.Mocked{"ReadLedger": all, "NoteComparison": transiently("NoteComparison", "S3.S3Exception", object{})}},
		{"a load cannot be started", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"IngestMissingFlights": denied("IngestMissingFlights")}},
		{"nobody can be told of lost events", nil, "AccessDenied", 2, "", map[string]simtest.Mocked{"NotifyMissing": denied("NotifyMissing")}},
		{"nobody can be told of failure", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"QueryLedger": denied("QueryLedger"), "NotifyFailure": denied("NotifyFailure")}},
		{"telling of failure is throttled", nil, "AccessDenied", 0, "", map[string]simtest.Mocked{"QueryLedger": denied("QueryLedger"), "NotifyFailure": transiently("NotifyFailure", "SNS.InternalErrorException", object{"MessageId": "m"})}},
	}
	var coverage sim.Coverage
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			mocks := good()
			maps.Copy(mocks, story.mocks)
			input := story.input
			if input == nil {
				input = etl.ReconcileAll(etl.Flights)
			}
			run := simtest.Test{Definition: d, Input: input, Mocks: slices.Collect(maps.Values(mocks)), Coverage: &coverage, Start: now}.Run(t)
			if story.err != "" {
				run.Failed(story.err)
				return
			}
			run.Succeeded().Visited("NotifyFailure", 0)
			if got := handedOn(run); got < story.starts || story.starts == 0 && got > 0 {
				t.Errorf("%d files are handed on, want %d at least", got, story.starts)
			}
			var told []string
			for _, kind := range []string{"Missing", "Gone", "Strays", "Doubles"} {
				if len(run.CallsOf("Notify"+kind)) > 0 {
					told = append(told, kind)
				}
			}
			if got := strings.Join(told, " "); got != story.told {
				t.Errorf("told of %q, want %q", got, story.told)
			}
		})
	}
	settledStories(t, func(t *testing.T, input etl.Reconciliation, mocks map[string]simtest.Mocked) *simtest.Run {
		all := good()
		maps.Copy(all, mocks)
		return simtest.Test{Definition: d, Input: input, Mocks: slices.Collect(maps.Values(all)), Coverage: &coverage, Start: now}.Run(t)
	})
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
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: etl.ReconcileAll(etl.Flights), Start: now, Mocks: []simtest.Mocked{
		simtest.OnState("ListVersions").Return(listing("daily-flights/x", now.Add(-12*time.Hour), first)),
		simtest.OnState("QueryLedger").Return(object{"Id": "q1"}),
		simtest.OnState("DescribeLedger").Script(answers...),
		simtest.OnState("ReadLedger").Return(answer(row(first, "v2", "loaded", now))),
		simtest.OnState("ContinueLater").Return(object{}),
	}}.Run(t)
	run.Succeeded().Visited("ContinueLater", 1)
}

// What the ledger's answer does not reach is left to the next page, of the bucket's files, too.
func TestReconcileReadsALongLedgerPageByPage(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-12 * time.Hour)
	key := func(i int) string { return fmt.Sprintf("daily-flights/%04d.csv", i) }
	gone := func(from, to int) (list [][]string) {
		for i := from; i < to; i++ {
			list = append(list, row(key(i), "v2", "loaded", landed))
		}
		return list
	}
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: etl.ReconcileAll(etl.Flights), Start: now, Mocks: append(quiet(),
		simtest.OnState("ListVersions").Script(listing("", landed, key(3), key(900)), listing("", landed, key(900)), listing("", landed, key(900))),
		simtest.OnState("ReadLedger").Script(answer(gone(0, ledgerRows)...), answer(gone(ledgerRows, 2*ledgerRows)...), answer(row(key(900), "v1", "loaded", landed))),
	)}.Run(t)
	run.Succeeded()
	if got, want := handedOn(run), 2*ledgerRows; got != want {
		t.Errorf("%d files were handed on, want %d: one of a version that is not loaded, the others of files that are gone", got, want)
	}
	for i, want := range []string{"daily-flights/", key(ledgerRows - 1), key(2*ledgerRows - 1)} {
		if got := jsonvalue.String(run.CallsOf("QueryLedger")[i].Parameters); !strings.Contains(got, `"Name":"after","Value":"`+want+`"`) {
			t.Errorf("the ledger is asked with %s, want rows after %s", got, want)
		}
	}
	told := jsonvalue.String(run.CallsOf("NotifyGone")[0].Parameters)
	for _, want := range []string{fmt.Sprintf(`"files":%d`, 2*ledgerRows-1), key(0), key(namesTold)} {
		if !strings.Contains(told, want) {
			t.Errorf("told %s, want %s in it", told, want)
		}
	}
	if more := key(namesTold + 1); strings.Contains(told, more) {
		t.Errorf("told %s, want no %s: it names %d", told, more, namesTold)
	}
}

// quiet are answers in which nothing happens.
func quiet() []simtest.Mocked {
	return []simtest.Mocked{
		simtest.OnState("QueryLedger").Return(object{"Id": "q1"}),
		simtest.OnState("DescribeLedger").Return(object{"Status": "FINISHED"}),
		simtest.OnState("QueryDoubles").Return(object{"Id": "q2"}),
		simtest.OnState("DescribeDoubles").Return(object{"Status": "FINISHED"}),
		simtest.OnState("ReadDoubles").Return(answer()),
		simtest.OnState("NoteComparison").Return(object{}),
		simtest.OnState("IngestMissingFlights").Return(object{}),
		simtest.OnState("NotifyMissing").Return(object{}),
		simtest.OnState("NotifyGone").Return(object{}),
	}
}

// A page begins after the last key of the page before, file or delete marker, whatever S3 says of the next one; and the
// ledger is asked for the keys of the page.
func TestReconcileAsksForWhatFollows(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-12 * time.Hour)
	const last, files, deleted = "daily-flights/g.csv", "daily-flights/b.csv", "daily-flights/c.csv"
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: etl.ReconcileAll(etl.Flights), Start: now, Mocks: append(quiet(),
		simtest.OnState("ListVersions").Script(
			markers(listing("daily-flights/bb.csv", landed, "daily-flights/a.csv", files), landed, "daily-flights/aa.csv"),
			markers(listing("daily-flights/d.csv", landed, "daily-flights/bb.csv"), landed, deleted),
			markers(listing("daily-flights/z.csv", landed), landed, last),
			listing("", landed)),
		simtest.OnState("ReadLedger").Script(
			answer(row("daily-flights/a.csv", "v2", "loaded", landed), row(files, "v2", "loaded", landed)),
			answer(row("daily-flights/bb.csv", "v2", "loaded", landed)), answer(), answer()),
	)}.Run(t)
	run.Succeeded().Visited("NotifyMissing", 0)
	pages := []string{"daily-flights/", files, deleted, last, "daily-flights/\U0010fffd"}
	for i, want := range pages[:4] {
		if got := jsonvalue.String(run.CallsOf("ListVersions")[i].Parameters); !strings.Contains(got, `"KeyMarker":"`+want+`"`) {
			t.Errorf("page %d is listed with %s, want it to begin after %s", i, got, want)
		}
		got := jsonvalue.String(run.CallsOf("QueryLedger")[i].Parameters)
		for name, want := range map[string]string{"after": want, "last": pages[i+1]} {
			if !strings.Contains(got, `"Name":"`+name+`","Value":`+jsonvalue.String(want)) {
				t.Errorf("the ledger is asked with %s, want %s %s", got, name, want)
			}
		}
	}
}

// What is handed on is what an event would have been.
func TestReconcileStartsLoadsWithTheirEvents(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-90 * time.Minute)
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: etl.ReconcileAll(etl.Flights), Start: now, Mocks: append(quiet(),
		simtest.OnState("ListVersions").Return(listing("", landed, `daily-flights/it's "a" file.csv`)),
		simtest.OnState("ReadLedger").Return(answer(row("daily-flights/it's gone.csv", "v1", "loaded", landed))),
	)}.Run(t)
	run.Succeeded()
	calls := run.CallsOf("IngestMissingFlights")
	if len(calls) != 1 {
		t.Fatalf("%d loads were started, want one batch", len(calls))
	}
	sent := jsonvalue.String(calls[0].Parameters)
	for _, want := range []string{
		`"Input":{"files":[{`, `"key":"daily-flights/it's \"a\" file.csv"`, `"version":"v2"`, `"time":"2026-01-09T22:30:00Z"`, ":stateMachine:airline-dev-ingest-flights:live",
		`"key":"daily-flights/it's gone.csv"`, `"version":""`, `"time":"2026-01-10T00:00:05Z"`,
	} {
		if !strings.Contains(sent, want) {
			t.Errorf("the load is started with %s, want %s in it", sent, want)
		}
	}
}

// Changes are cut as a backfill's files: what a page has is one batch where its names allow that.
func TestReconcileHandsOnBatches(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-90 * time.Minute)
	var gone [][]string
	for i := range ledgerRows - 1 {
		gone = append(gone, row(fmt.Sprintf("daily-flights/gone-%03d.csv", i), "v2", "loaded", landed))
	}
	run := simtest.Test{Definition: machines(t)["reconcile"], Input: etl.ReconcileAll(etl.Flights), Start: now, Mocks: append(quiet(),
		simtest.OnState("ListVersions").Return(listing("", landed, keys(pageSize)...)),
		simtest.OnState("ReadLedger").Return(answer(gone...)),
	)}.Run(t)
	run.Succeeded().Visited("IngestMissingFlights", 1)
	if got, want := handedOn(run), pageSize+ledgerRows-1; got != want {
		t.Errorf("%d files are handed on, want %d", got, want)
	}
}

// However long keys are and whatever is in them, a page of changes passes the machine, which the payload limit holds; what is too much for a page is
// found on the next.
func TestReconcileCarriesThePageWithMostToSay(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	landed := now.Add(-90 * time.Minute)
	for name, of := range map[string]string{"plain": "x", "quotes": `"`, "greek": "ω"} {
		t.Run(name, func(t *testing.T) {
			key := func(kind string, i int) string {
				start := fmt.Sprintf("daily-flights/date=2025-12-31/%03d-%s-", i, kind)
				return start + strings.Repeat(of, (1024-len(start)-len(".csv"))/len(of)) + ".csv"
			}
			var files []string
			var held [][]string
			for i := range pageSize {
				files = append(files, key("here", i))
			}
			for i := range ledgerRows - 1 {
				held = append(held, row(key("gone", i), strings.Repeat("v", 32), "loaded", landed))
			}
			handed := map[string]bool{}
			start := simtest.OnState("IngestMissingFlights").Call(func(task *sim.Task) {
				input, _ := task.Parameters.(*jsonvalue.Object).Get("Input")
				list, _ := input.(*jsonvalue.Object).Get("files")
				if text := jsonvalue.String(input); len(text) > 1.5*BatchNames {
					t.Errorf("an input has %d bytes, want %d at most", len(text), int(1.5*BatchNames))
				}
				for _, file := range list.([]any) {
					k, _ := file.(*jsonvalue.Object).Get("key")
					if handed[k.(string)] {
						t.Errorf("%.40s is handed on twice", k)
					}
					handed[k.(string)] = true
				}
				task.Succeed(jsonvalue.From(object{}))
			})
			after := func(task *sim.Task, name string) string {
				list, _ := task.Parameters.(*jsonvalue.Object).Get(name)
				if key, ok := list.(string); ok {
					return key
				}
				first, _ := list.([]any)[0].(*jsonvalue.Object).Get("Value")
				return first.(string)
			}
			var from string
			run := simtest.Test{Definition: machines(t)["reconcile"], Input: etl.ReconcileAll(etl.Flights), Start: now, Mocks: append(quiet()[1:6], start, simtest.OnState("NotifyMissing").Return(object{}), simtest.OnState("NotifyGone").Return(object{}),
				simtest.OnState("ListVersions").Call(func(task *sim.Task) {
					marker := after(task, "KeyMarker")
					rest := slices.DeleteFunc(slices.Clone(files), func(k string) bool { return k <= marker })
					page := listing("", landed, rest...)
					page["Versions"] = slices.DeleteFunc(page["Versions"].([]any), func(v any) bool { return v.(object)["VersionId"] == "v1" }) // a page has so many versions
					task.Succeed(jsonvalue.From(page))
				}),
				simtest.OnState("QueryLedger").Call(func(task *sim.Task) {
					from = after(task, "Parameters")
					task.Succeed(jsonvalue.From(object{"Id": "q1"}))
				}),
				simtest.OnState("ReadLedger").Call(func(task *sim.Task) {
					task.Succeed(jsonvalue.From(answer(slices.DeleteFunc(slices.Clone(held), func(r []string) bool { return r[0] <= from })...)))
				}),
			)}.Run(t)
			run.Succeeded()
			if want := len(files) + len(held); len(handed) != want {
				t.Errorf("%d files are handed on, want %d", len(handed), want)
			}
		})
	}
}

// handedOn counts the files of the executions that a run has started.
func handedOn(run *simtest.Run) int {
	n := 0
	for _, state := range []string{"IngestMissingFlights", "LoadMissingAirports"} {
		for _, call := range run.CallsOf(state) {
			n += strings.Count(jsonvalue.String(call.Parameters), `"key":`)
		}
	}
	return n
}
