package workflow

import (
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// settledStories run reconcile as it is started every day: play runs it with mocks besides those of a page of three files that are all loaded.
func settledStories(t *testing.T, play func(*testing.T, etl.Reconciliation, map[string]simtest.Mocked) *simtest.Run) {
	on := simtest.OnState
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	daily := etl.ReconcileChanged(etl.Flights)
	comparedOn := func(since, whole time.Time, warehouse string) simtest.Mocked {
		return on("ReadComparison").Return(object{"Body": jsonvalue.String(jsonvalue.From(compared{since, whole, warehouse}))})
	}
	const old, young, same, month = "daily-flights/date=2026-01-08/a.csv", "daily-flights/date=2026-01-09/a.csv", "daily-flights/date=2026-01-09/b.csv", "daily-flights/month=2026-01/a.csv"
	day := 24 * time.Hour
	at := func(written time.Time, keys ...string) []any {
		return listing("", written, keys...)["Versions"].([]any)
	}
	page := func(more []any, written time.Time, keys ...string) simtest.Mocked {
		p := listing("", now.Add(-5*day), old)
		p["Versions"] = append(append(p["Versions"].([]any), at(written, keys...)...), more...)
		return on("ListVersions").Return(p)
	}
	receiptsOf := func(files ...etl.Receipt) map[string]simtest.Mocked {
		return map[string]simtest.Mocked{
			"ReadComparison": comparedOn(now.Add(-2*day), now.Add(-3*day), ""),
			"ListReceipts":   on("ListReceipts").Return(object{"KeyCount": 1, "Contents": []any{object{"Key": etl.ReceiptKey("flights", "2026-01-09T06:00:00.000Z", "ab12"), "Size": 100}}}),
			"ReadReceipt":    on("ReadReceipt").Return(object{"Body": jsonvalue.String(jsonvalue.From(files))}),
			"ListVersions":   page(nil, now.Add(-12*time.Hour), young),
			"ReadLedger":     on("ReadLedger").Return(answer(row(old, "v2", "loaded", now.Add(-5*day)), row(young, "v2", "loaded", now.Add(-12*time.Hour)))),
		}
	}
	with := func(mocks map[string]simtest.Mocked, state string, m simtest.Mocked) map[string]simtest.Mocked {
		mocks[state] = m
		return mocks
	}
	loadedYoung := etl.Receipt{Key: young, Version: "v2"}
	first := func(of string) map[string]simtest.Mocked {
		return with(receiptsOf(loadedYoung), "ReadComparison", on("ReadComparison").Fail(asl.Err[any](of), "it is not there"))
	}
	tests := map[string]struct {
		mocks   map[string]simtest.Mocked
		ledger  int // questions
		doubles int
	}{
		"all is settled":                    {receiptsOf(loadedYoung), 0, 0},
		"nothing has changed":               {with(receiptsOf(), "ListVersions", page(nil, now.Add(-5*day), young)), 0, 0},
		"a file has no receipt":             {receiptsOf(), 1, 1},
		"of an older version":               {receiptsOf(etl.Receipt{Key: young, Version: "v1"}), 1, 1},
		"of another file":                   {receiptsOf(etl.Receipt{Key: same, Version: "v2"}), 1, 1},
		"the first comparison":              {first("S3.NoSuchKeyException"), 1, 1},
		"reading is difficult at first":     {with(with(receiptsOf(loadedYoung), "ReadComparison", busyAtFirst(comparedOn(now.Add(-2*day), now.Add(-3*day), ""), "S3.SdkClientException")), "ReadReceipt", busyAtFirst(on("ReadReceipt").Return(object{"Body": `[{"key": "` + young + `", "version": "v2"}]`}), "S3.S3Exception")), 0, 0},
		"listing is difficult at first":     {with(receiptsOf(loadedYoung), "ListReceipts", on("ListReceipts").Return(object{"KeyCount": 0}).Attempt(0).Fail("S3.S3Exception", "try again")), 1, 1},
		"a week after all were compared":    {with(receiptsOf(loadedYoung), "ReadComparison", comparedOn(now.Add(-2*day), now.Add(-7*day), "")), 1, 1},
		"the warehouse was made anew":       {with(receiptsOf(loadedYoung), "ReadComparison", comparedOn(now.Add(-2*day), now.Add(-3*day), "2026-01-09")), 1, 1},
		"more receipts than are read":       {with(receiptsOf(loadedYoung), "ListReceipts", on("ListReceipts").Return(object{"Contents": []any{object{"Key": etl.ReceiptKey("flights", "t", "r"), "Size": receiptsBytes + 1}}})), 1, 1},
		"a file has just come":              {with(receiptsOf(), "ListVersions", page(nil, now.Add(-59*time.Minute), young)), 0, 0},
		"an older file is of the same day":  {with(receiptsOf(loadedYoung), "ListVersions", page(at(now.Add(-5*day), same), now.Add(-12*time.Hour), young)), 0, 1},
		"an older file is of the month":     {with(receiptsOf(loadedYoung), "ListVersions", page(at(now.Add(-5*day), month), now.Add(-12*time.Hour), young)), 0, 1},
		"two new files are of the same day": {with(receiptsOf(loadedYoung, etl.Receipt{Key: same, Version: "v2"}), "ListVersions", page(nil, now.Add(-12*time.Hour), young, same)), 0, 1},
		"two new files may be":              {with(receiptsOf(loadedYoung, etl.Receipt{Key: month, Version: "v2"}), "ListVersions", page(nil, now.Add(-12*time.Hour), young, month)), 0, 1},
		"a deletion has no receipt": {with(with(receiptsOf(loadedYoung), "ReadLedger", on("ReadLedger").Return(answer(row(old, "v2", "loaded", now.Add(-5*day))))), "ListVersions", on("ListVersions").Return(markers(
			listing("", now.Add(-5*day), old), now.Add(-3*time.Hour), "daily-flights/date=2026-01-07/gone.csv"))), 1, 1},
		"a deletion has one": {with(receiptsOf(loadedYoung, etl.Receipt{Key: "daily-flights/date=2026-01-07/gone.csv", Version: "d"}), "ListVersions", on("ListVersions").Return(markers(
			listing("", now.Add(-5*day), old), now.Add(-3*time.Hour), "daily-flights/date=2026-01-07/gone.csv"))), 0, 0},
	}
	for name, test := range tests {
		t.Run("daily/"+name, func(t *testing.T) {
			run := play(t, daily, test.mocks).Succeeded().Visited("QueryLedger", test.ledger).Visited("QueryDoubles", test.doubles)
			if len(run.CallsOf("NoteComparison")) != 1 {
				t.Errorf("the comparison is noted %d times, want once", len(run.CallsOf("NoteComparison")))
			}
		})
	}

	t.Run("daily/what is noted", func(t *testing.T) {
		noted := func(mocks map[string]simtest.Mocked) string {
			return jsonvalue.String(play(t, daily, mocks).Succeeded().CallsOf("NoteComparison")[0].Parameters)
		}
		for got, want := range map[string]string{
			noted(receiptsOf(loadedYoung)):        `"Body":{"since":"2026-01-08T23:00:00.000Z","whole":"2026-01-07T00:00:00Z","warehouse":""}`,
			noted(first("S3.NoSuchKeyException")): `"Body":{"since":"2026-01-08T23:00:00.000Z","whole":"2026-01-10T00:00:00`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("noted is %s, want %s in it", got, want)
			}
		}
	})
	t.Run("daily/what was found is compared again", func(t *testing.T) {
		play(t, daily, with(receiptsOf(), "ReadLedger", on("ReadLedger").Return(answer()))).Succeeded().Visited("NotifyMissing", 1).Visited("NoteComparison", 0)
	})
	t.Run("daily/the receipts cannot be listed", func(t *testing.T) {
		play(t, daily, with(receiptsOf(), "ListReceipts", on("ListReceipts").Fail("AccessDenied", "no"))).Failed("AccessDenied").Visited("NotifyFailure", 1)
	})
	t.Run("daily/a receipt cannot be read", func(t *testing.T) {
		play(t, daily, with(receiptsOf(), "ReadReceipt", on("ReadReceipt").Fail("AccessDenied", "no"))).Failed("AccessDenied").Visited("NotifyFailure", 1)
	})
	t.Run("daily/a comparison cannot be read for another reason", func(t *testing.T) {
		play(t, daily, with(receiptsOf(), "ReadComparison", on("ReadComparison").Fail("KMS.DisabledException", "no"))).Failed("KMS.DisabledException").Visited("NotifyFailure", 1)
	})
	t.Run("daily/the rest of one is no whole one", func(t *testing.T) {
		rest := daily
		rest.Began, rest.Found = now.Add(-time.Hour).Format(time.RFC3339), true
		play(t, rest, with(receiptsOf(loadedYoung), "ReadComparison", comparedOn(now.Add(-2*day), now.Add(-8*day), ""))).
			Succeeded().Visited("QueryLedger", 0).Visited("NoteComparison", 0)
	})
	t.Run("daily/what is handed on says what it is", func(t *testing.T) {
		endless := on("ListVersions").Return(func() object { p := listing("daily-flights/x", now.Add(-5*day), old); return p }())
		run := play(t, daily, with(receiptsOf(loadedYoung), "ListVersions", endless)).Succeeded().Visited("QueryLedger", 0).Visited("NoteComparison", 0)
		got := jsonvalue.String(run.CallsOf("ContinueLater")[0].Parameters)
		for _, want := range []string{`"changed":true`, `"began":"2026-01-10T00:00:00`, `"found":false`} {
			if !strings.Contains(got, want) {
				t.Errorf("handed on is %s, want %s in it", got, want)
			}
		}
	})
}

// What a batch leaves for reconcile are the files that are loaded, not those that are refused, and what is gone.
func TestReceipts(t *testing.T) {
	const a, b = "daily-flights/date=2026-01-01/a.csv", "daily-flights/date=2026-01-01/b.csv"
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	event := func(key string) etl.Event {
		return etl.Event{Bucket: example().RawBucket, Key: key, Version: "v1", Time: landing}
	}
	var manyFiles etl.Batch
	for _, key := range many(etl.Told+2, "") {
		manyFiles.Files = append(manyFiles.Files, event(key))
	}
	on := simtest.OnState
	for name, test := range map[string]struct {
		batch   etl.Batch
		refused func(etl.Object) bool
		gone    string
		want    string
	}{
		"both":         {batch: etl.Batch{Files: []etl.Event{event(a), event(b)}}, want: `[{"key":"` + a + `","version":"v1"},{"key":"` + b + `","version":"v1"}]`},
		"one":          {batch: etl.Batch{Files: []etl.Event{event(a), event(b)}}, refused: func(o etl.Object) bool { return o.Key == b }, want: `[{"key":"` + a + `","version":"v1"}]`},
		"one is gone":  {batch: etl.Batch{Files: []etl.Event{event(a), event(b)}}, gone: b, want: `[{"key":"` + a + `","version":"v1"},{"key":"` + b + `","version":"v1"}]`},
		"many refused": {batch: manyFiles, refused: func(o etl.Object) bool { return o.Key != manyFiles.Files[0].Key }, want: `[]`},
	} {
		t.Run(name, func(t *testing.T) {
			var objects []etl.Object
			run := simtest.Test{Definition: machines(t)["ingest-flights"], Input: test.batch, Mocks: []simtest.Mocked{
				on("AskNewest").Call(func(task *sim.Task) {
					list := "Versions"
					if text(task, "Prefix") == test.gone {
						list = "DeleteMarkers"
					}
					task.Succeed(jsonvalue.From(holds(list, text(task, "Prefix"), landing)))
				}),
				on("GetCrawler").Return(crawl("READY", "SUCCEEDED", landing.Add(time.Minute))),
				on("WriteObjects").Call(func(task *sim.Task) {
					body, _ := task.Parameters.(*jsonvalue.Object).Get("Body")
					for _, o := range body.([]any) {
						key, _ := o.(*jsonvalue.Object).Get("key")
						load, _ := o.(*jsonvalue.Object).Get("load_id")
						objects = append(objects, etl.Object{Key: key.(string), LoadID: load.(string)})
					}
					task.Succeed(jsonvalue.From(object{}))
				}),
				on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}),
				on("ReadResult").Call(func(task *sim.Task) {
					var outcomes []etl.Outcome
					for _, o := range objects {
						outcome := good(o.Key)
						if test.refused != nil && test.refused(o) {
							outcome = bad(o.Key)
						}
						outcome.LoadID = o.LoadID
						outcomes = append(outcomes, outcome)
					}
					task.Succeed(jsonvalue.From(resultOf(t, outcomes...)))
				}),
				on("LookAtTable").Return(tableOf("carrier")), on("LookAtPartitions").Return(object{}), on("MakePartitions").Return(object{}),
				on("MeasureRejects").Return(object{}), on("WriteEntry").Return(object{}), on("Load").Return(object{"Id": "s1"}), on("DescribeLoad").Return(affected(0)),
				on("SignReceipt").Return(object{}), on("NotifySuccess").Return(object{}), on("NotifyFailure").Return(object{}),
			}}.Run(t)
			body, _ := run.CallsOf("SignReceipt")[0].Parameters.(*jsonvalue.Object).Get("Body")
			if got := jsonvalue.String(body); got != test.want {
				t.Errorf("the receipt is %s, want %s", got, test.want)
			}
		})
	}
}
