package workflow

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/redshiftdata"
	"airline/asl/s3"
	"airline/asl/sfn"
	"airline/etl"
)

// Reconciliation is the input of the machine Reconcile: which files it compares
// with the ledger.
type Reconciliation struct {
	Dataset etl.Dataset `json:"dataset"`
	Prefix  string      `json:"prefix"`
	// After is the key after which the comparison begins; the prefix for all.
	After string `json:"after"`
}

// ReconcileAll is the input that compares all files of a dataset.
func ReconcileAll(d etl.Dataset) Reconciliation {
	return Reconciliation{Dataset: d, Prefix: d.Prefix(), After: d.Prefix()}
}

// Bounds of a reconcile run. A file younger than underway is left to its own
// event. A page is small enough that a hundred keys of 1,024 bytes stay below
// the payload limit. Pages, files and time are few enough for an execution's
// history of 25,000 events, in which a page takes about 40, a file that is
// started 10, and an hour of asking for the ledger's answer 6,500; the rest goes
// to another execution.
const (
	underway     = time.Hour
	pageSize     = 100
	pagesAtATime = 200
	filesAtATime = 500
	timeAtATime  = time.Hour
)

// ledgerSlack is how much earlier than S3's time of a file the event may say
// that it was written.
const ledgerSlack = 24 * time.Hour

// wholeSeconds is the picture of a time in JSONata, ISO 8601 as events have it.
const wholeSeconds = `'[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z'`

// Variables of the reconcile machine.
var (
	reconciled = asl.Var[string]("dataset")
	after      = asl.Var[string]("after")
	next       = asl.Var[string]("next") // empty after the last page
	pages      = asl.Var[int]("pages")
	candidates = asl.Var[[]Event]("candidates") // a page's files that should be in the ledger
	missing    = asl.Var[[]Event]("missing")    // those that are not
	found      = asl.Var[int]("found")          // files that were missing, so far
	oldest     = asl.Var[int]("oldest")         // milliseconds since 1970
	youngest   = asl.Var[int]("youngest")
	ledgerID   = asl.Var[string]("ledger_query")
	moreRows   = asl.Var[bool]("more_rows")
)

// Reconcile is the machine that finds files which no event has brought in. It
// walks through the newest versions of a prefix, page by page, asks the ledger
// for them, and starts the dataset's machine for each that is not there.
//
// A file whose load was refused has no ledger row either: it is tried again
// until it is ReconcileDays old. So flights that came before their airports
// load by themselves.
func Reconcile(c Config) (*ast.Definition, error) {
	if err := c.checkReconcile(); err != nil {
		return nil, err
	}
	failure := notifyReconcileFailure(c)
	done := reconcileDone(c)

	page := asl.NewLabel("the next page")
	turn := asl.Pass("TurnPage").JSONata().
		Assign(asl.Let(after, asl.Q[string]("$next"))).
		Then(page)
	onwards := asl.Choice("LastPage").JSONata().
		When(asl.Cond("$next = ''"), done).
		When(asl.Cond(fmt.Sprintf("$pages >= %d or $found >= %d or "+
			"$toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) > %d",
			pagesAtATime, filesAtATime, timeAtATime.Milliseconds())), continueLater(c, failure, done)).
		Otherwise(turn)

	compare := asl.Chain(
		queryLedger(c, failure),
		readLedger(),
		asl.Choice("LedgerRead").JSONata().
			When(asl.Cond("$more_rows"), fails("LedgerTooLong", failure, "the ledger has more rows of a page of files than one answer holds")),
		startMissing(c),
	).CatchAll(failed(failure)).Then(onwards)

	list := page.Mark(listVersions(c))
	any := asl.Choice("AnyCandidates").JSONata().
		When(asl.Cond("$count($candidates) = 0"), onwards).
		Otherwise(compare)
	walk := asl.Chain(beginReconcile(c), list).CatchAll(failed(failure)).Then(any)

	return asl.Settings{
		Comment: "Loads the files of a dataset that the ledger does not know",
		Timeout: machineTimeout,
	}.Machine(walk)
}

// beginReconcile fixes which files are looked at: by their age when the
// execution began.
func beginReconcile(c Config) asl.Step {
	at := func(age time.Duration) asl.Value[int] {
		return asl.Q[int](fmt.Sprintf("$toMillis($states.context.Execution.StartTime) - %d", age.Milliseconds()))
	}
	return asl.Pass("BeginReconcile").JSONata().Assign(
		asl.Let(reconciled, asl.Q[string]("$states.input.dataset")),
		asl.Let(after, asl.Q[string]("$states.input.after")),
		asl.Let(pages, asl.Q[int]("0")),
		asl.Let(found, asl.Q[int]("0")),
		asl.Let(oldest, at(time.Duration(c.ReconcileDays)*24*time.Hour)),
		asl.Let(youngest, at(underway)),
	)
}

// listVersions lists a page, and picks the newest version of each file of the
// right age. Listing after a key suffices: of every key the newest comes first.
// The key is the page's own last one: that NextKeyMarker is, S3 does, but its
// reference calls it the first key of the next page, which would be left out.
func listVersions(c Config) asl.Step {
	chosen := strings.Join([]string{
		"IsLatest", "$contains(Key, /" + suffixes(c.FileSuffixes) + "/)",
		"$toMillis(LastModified) >= $oldest", "$toMillis(LastModified) < $youngest",
	}, " and ")
	event := `{"bucket": "` + c.RawBucket + `", "key": Key, "version": VersionId, "etag": $replace(ETag, '"', ''), "size": Size, ` +
		`"time": $fromMillis($toMillis(LastModified), ` + wholeSeconds + `), "eventId": $states.context.Execution.Name}`
	return s3.ListObjectVersions{
		Bucket:    asl.Text(c.RawBucket),
		Prefix:    asl.Q[string]("$states.input.prefix"),
		KeyMarker: asl.Q[string]("$after"),
		MaxKeys:   asl.Int(pageSize),
	}.Task("ListVersions").JSONata().
		RetryAll(transient).
		KeepInput().
		Assign(
			asl.Let(candidates, asl.Q[[]Event]("[$states.result.Versions["+chosen+"]."+event+"]")),
			asl.Let(next, asl.Q[string](
				"$states.result.IsTruncated ? ($file := $states.result.Versions[-1].Key; $marker := $states.result.DeleteMarkers[-1].Key; "+
					"$exists($file) and $not($exists($marker) and $marker > $file) ? $file : $marker) : ''")),
			asl.Let(pages, asl.Q[int]("$pages + 1")),
		)
}

// suffixes is a regular expression of the endings.
func suffixes(endings []string) string {
	quoted := make([]string, len(endings))
	for i, e := range endings {
		quoted[i] = regexp.QuoteMeta(e)
	}
	return "(" + strings.Join(quoted, "|") + ")$"
}

// queryLedger asks which versions of the page's keys were loaded. Keys are
// listed in the order of their bytes, in which Redshift compares texts, too. What
// is older than every candidate is left out: the ledger keeps rows of versions
// and keys that are gone, and an answer holds 256 KiB.
func queryLedger(c Config, failure asl.Target) asl.Step {
	query := redshiftdata.ExecuteStatement{
		Target: c.Warehouse.target(),
		SQL:    asl.Text("SELECT source_key, version FROM " + etl.LoadLedger().String() + " WHERE source_key BETWEEN :first AND :last AND event_time >= CAST(:since AS TIMESTAMP)"),
		Parameters: []redshiftdata.Parameter{
			{Name: "first", Value: asl.Q[string]("$candidates[0].key")},
			{Name: "last", Value: asl.Q[string]("$candidates[-1].key")},
			{Name: "since", Value: asl.Q[string](fmt.Sprintf("$fromMillis($oldest - %d, %s)", ledgerSlack.Milliseconds(), wholeSeconds))},
		},
		StatementName: asl.Text("reconcile"),
	}
	query.WorkgroupARN = c.Warehouse.WorkgroupARN
	ask := query.Task("QueryLedger").JSONata().
		Retry(busy, redshiftdata.ExecuteTooManyActive).
		Retry(transient, redshiftdata.ExecuteInternalServer).
		Save(asl.Into(ledgerID, func(o *redshiftdata.StatementOutput) *string { return &o.ID })).
		KeepInput()

	status := asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *redshiftdata.Status { return &o.Status })
	describe := redshiftdata.DescribeStatement{ID: ledgerID}.Task("DescribeQuery").
		Retry(transient, redshiftdata.DescribeInternalServer)
	poll := asl.Poll(describe, asl.PollSpec{
		Every:  5 * time.Second,
		Within: 15 * time.Minute,
		Cases: []asl.Case{{
			When: asl.Or(asl.Eq(status, redshiftdata.Failed), asl.Eq(status, redshiftdata.Aborted)),
			Next: fails("LedgerQueryFailed", failure, "the warehouse did not answer what the ledger holds; its list of statements says why"),
		}},
		Until:   asl.Eq(status, redshiftdata.Finished),
		Expired: fails("LedgerQueryTookTooLong", failure, "the warehouse did not answer within 15 minutes what the ledger holds"),
	})
	return asl.Chain(ask, poll)
}

// readLedger takes from the candidates those that the ledger knows.
func readLedger() asl.Step {
	return redshiftdata.GetStatementResult{ID: ledgerID}.Task("ReadLedger").JSONata().
		RetryAll(transient).
		KeepInput().
		Assign(
			asl.Let(missing, asl.Q[[]Event](
				"($loaded := $map($states.result.Records, function($row) { $row[0].StringValue & ' ' & $row[1].StringValue }); "+
					"[$candidates[$not((key & ' ' & version) in $loaded)]])")),
			asl.Let(moreRows, asl.Q[bool]("$exists($states.result.NextToken)")),
		)
}

// startMissing starts the dataset's machine for each missing file. The names
// make a repetition within the execution start nothing twice.
func startMissing(c Config) asl.Step {
	start := func(name, machine string) asl.Target {
		before := asl.Pass(name + "Before").Comment("It was started by an earlier attempt")
		return sfn.StartExecution{
			StateMachineARN: asl.Text(machine),
			Name:            asl.Q[string]("$hash($states.context.Execution.Id & $states.input.key & ' ' & $states.input.version, 'SHA-256')"),
			Input:           asl.Q[any]("$states.input"),
		}.Task(name).JSONata().
			Retry(transient, sfn.ServiceError, sfn.StartExecutionThrottled, sfn.StartExecutionSdkProblems, sfn.ExecutionLimitExceeded).
			Catch(sfn.ExecutionAlreadyExists, before.End()).
			End()
	}
	which := asl.Choice("WhichMachine").JSONata().
		When(asl.Cond("$dataset = '"+string(etl.Flights)+"'"), start("IngestMissingFlights", c.IngestFlightsARN)).
		When(asl.Cond("$dataset = '"+string(etl.Airports)+"'"), start("LoadMissingAirports", c.LoadAirportsARN)).
		Otherwise(asl.Fail("UnknownDataset", asl.FailSpec{Error: asl.Text("UnknownDataset"), Cause: asl.Text("the input names no dataset of the pipeline")}))
	return asl.Map("StartMissing", asl.Q[[]Event]("$missing"), which).
		MaxConcurrency(asl.Int(5)).
		JSONata().
		Output(asl.Q[any]("$states.input")).
		Assign(asl.Let(found, asl.Q[int]("$found + $count($missing)")))
}

// continueLater hands the rest of the prefix to another execution.
func continueLater(c Config, failure, done asl.Target) asl.Target {
	return sfn.StartExecution{
		StateMachineARN: asl.Text(c.ReconcileARN),
		Name:            asl.Q[string]("$hash($states.context.Execution.Id & $next, 'SHA-256')"),
		Input: asl.Ordered(
			"dataset", asl.Q[string]("$dataset"),
			"prefix", asl.Q[string]("$states.input.prefix"),
			"after", asl.Q[string]("$next"),
		),
	}.Task("ContinueLater").JSONata().
		Retry(transient, sfn.ServiceError, sfn.StartExecutionThrottled, sfn.StartExecutionSdkProblems).
		KeepInput().
		Catch(sfn.ExecutionAlreadyExists, done).
		CatchAll(failed(failure)).
		Then(done)
}

// reconcileDone tells when files had been missing: events were lost then.
func reconcileDone(c Config) asl.Target {
	tell := publish(c, "NotifyMissing", "airline: files without an event", asl.Ordered(
		"status", "RECONCILED",
		"dataset", reconciled,
		"files", found,
		"execution", asl.Context.Execution.ID,
	)).Then(asl.Succeed("Reconciled"))
	return asl.Choice("AnyMissing").
		When(asl.Gt(found, 0), tell).
		Otherwise(asl.Succeed("NothingMissing"))
}

// notifyReconcileFailure tells people and then ends in Fail.
func notifyReconcileFailure(c Config) asl.Target {
	return failing(publish(c, "NotifyFailure", "airline: files NOT compared with the ledger", asl.Ordered(
		"status", "FAILED",
		"state", failedState, "error", failedError, "cause", failedCause,
		"execution", asl.Context.Execution.ID,
	)))
}

// checkReconcile reports every problem at once.
func (c Config) checkReconcile() error {
	return c.check(
		required{"IngestFlightsARN", c.IngestFlightsARN},
		required{"LoadAirportsARN", c.LoadAirportsARN},
		required{"ReconcileARN", c.ReconcileARN},
		required{"FileSuffixes", strings.Join(c.FileSuffixes, "")},
		required{"ReconcileDays", strings.Repeat("d", max(0, c.ReconcileDays))},
	)
}
