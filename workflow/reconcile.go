package workflow

import (
	"fmt"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/redshiftdata"
	"airline/asl/s3"
	"airline/asl/sfn"
	"airline/etl"
)

// Bounds of a reconcile run. A file younger than underway is left to its own
// event. A page is small enough that a hundred keys of 1,024 bytes, each escaped as JSON, stay below
// the payload limit, and so is an answer of the ledger. Of the changes of a page so many bytes are
// started at once; the next page begins behind them. Pages, files and time are
// few enough for an execution's history of 25,000 events, in which a page takes
// about 40, a batch that is started 10, and an hour of asking for the ledger's
// answer 6,500; the rest goes to another execution.
const (
	underway     = time.Hour
	pageSize     = 100
	ledgerRows   = 100
	pageNames    = 2 * BatchNames
	pagesAtATime = 200
	filesAtATime = 500
	timeAtATime  = time.Hour
)

// namesTold is how many keys of a kind a notification names.
const namesTold = 20

// aDay is the time between two runs: what is told once is told of the day before.
const aDay = 24 * time.Hour

// wholeSeconds is the picture of a time in JSONata, ISO 8601 as events have it.
const wholeSeconds = `'[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01]Z'`

// Variables of the reconcile machine.
var (
	reconciled = asl.Var[string]("dataset")
	after      = asl.Var[string]("after")
	next       = asl.Var[string]("next") // empty after the last page
	pages      = asl.Var[int]("pages")
	listed     = asl.Var[[]etl.ListedFile]("listed")  // a page's files, each in its newest version
	deleting   = asl.Var[[]string]("deleting")        // its keys that have just been deleted
	changes    = asl.Var[[]etl.ListedFile]("changes") // its keys that the warehouse does not hold as the bucket does; those that are gone have no version
	missing    = asl.Var[int]("missing")              // files that were not loaded in their newest version, so far
	gone       = asl.Var[int]("gone")                 // loaded files that are gone, so far
	goneKeys   = asl.Var[[]string]("gone_keys")
	strays     = asl.Var[int]("strays") // objects of the last day that are no files by their names, so far
	strayKeys  = asl.Var[[]string]("stray_keys")
	doubles    = asl.Var[[]double]("doubles")
	oldest     = asl.Var[int]("oldest") // milliseconds since 1970
	youngest   = asl.Var[int]("youngest")
	queryID    = asl.Var[string]("query")
)

// double is two files that have the same flights of a day.
type double struct {
	Day    string `json:"day"`
	Key    string `json:"key"`
	Other  string `json:"other"`
	Shared string `json:"shared"` // how many rows both have
}

// Reconcile is the machine that makes good for events that were lost. It walks
// through the newest versions of a prefix, page by page, asks the ledger what the
// warehouse holds of these keys, and starts the dataset's machine for those that are
// not the same, in batches: a version that is not the loaded one, and an object that is gone.
//
// A file whose load was refused is not loaded either: it is tried again until it
// is ReconcileDays old. So flights that came before their airports load by
// themselves. An older version that is the newest again, because later ones were
// deleted, is loaded at any age.
//
// What it finds in receipts it does not ask for: see lookBack.
//
// It also tells, once, of what no event is about: objects that no rule takes, by
// their names, and files that have the same flights.
func Reconcile(c Config) (*ast.Definition, error) {
	if err := c.checkReconcile(); err != nil {
		return nil, err
	}
	failure := notifyReconcileFailure(c)
	told := tellReconciled(c)
	end := noteComparison(c, failure, told)
	done := asl.Choice("AnyDoubt").JSONata().When(asl.Cond("$doubtful"), askDoubles(c, failure, end)).Otherwise(end)

	page := asl.NewLabel("the next page")
	turn := asl.Pass("TurnPage").JSONata().
		Assign(asl.Let(after, asl.Q[string]("$next"))).
		Then(page)
	onwards := asl.Choice("LastPage").JSONata().
		When(asl.Cond("$next = ''"), done).
		When(asl.Cond(fmt.Sprintf("$pages >= %d or $missing + $gone >= %d or "+
			"$toMillis($states.context.State.EnteredTime) - $toMillis($states.context.Execution.StartTime) > %d",
			pagesAtATime, filesAtATime, timeAtATime.Milliseconds())), continueLater(c, failure, told)).
		Otherwise(turn)

	walk := asl.Chain(
		beginReconcile(c),
		lookBack(c, page),
		page.Mark(listVersions(c)),
		asl.Choice("AnyChanged").JSONata().When(asl.Cond("$unsettled = 0"), onwards),
		askLedger(c, failure),
		startChanges(c),
	).CatchAll(failed(failure)).Then(onwards)

	return asl.Settings{
		Comment: "Brings the warehouse to what the bucket holds of a dataset",
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
		asl.Let(missing, asl.Q[int]("0")),
		asl.Let(gone, asl.Q[int]("0")),
		asl.Let(goneKeys, asl.Q[[]string]("[]")),
		asl.Let(strays, asl.Q[int]("0")),
		asl.Let(strayKeys, asl.Q[[]string]("[]")),
		asl.Let(doubles, asl.Q[[]double]("[]")),
		asl.Let(whole, asl.Q[bool]("true")),
		asl.Let(doubtful, asl.Q[bool]("true")),
		asl.Let(since, asl.Q[int]("0")),
		asl.Let(settled, asl.Q[[]etl.Receipt]("[]")),
		asl.Let(settledDays, asl.Q[[]string]("[]")),
		asl.Let(began, asl.Q[string]("$exists($states.input.began) ? $states.input.began : $states.context.Execution.StartTime")),
		asl.Let(oldest, at(time.Duration(c.ReconcileDays)*aDay)),
		asl.Let(youngest, at(underway)),
	)
}

// listVersions lists a page, and picks the newest version of each file. Listing
// after a key suffices: of every key the newest comes first. The key is the page's
// own last one: that NextKeyMarker is, S3 does, but its reference calls it the
// first key of the next page, which would be left out.
func listVersions(c Config) asl.Step {
	const folder = `$contains(Key, /(\/|_\$folder\$)$/)`
	visible := "$not($contains(Key, /" + jsonataRegexp(etl.Hidden) + "/))"
	file := "$contains(Key, /" + jsonataRegexp(etl.File()) + "/i)"
	files := "$states.result.Versions[IsLatest and " + visible + " and " + file + "]"
	listing := `{"key": Key, "size": Size, "time": $fromMillis($toMillis(LastModified), ` + wholeSeconds + `), "version": VersionId}`
	changed := changedOf(files)
	stray := fmt.Sprintf("$states.result.Versions[IsLatest and %s and $not(%s) and $not(%s) and $toMillis(LastModified) >= $youngest - %d and $toMillis(LastModified) < $youngest].Key",
		visible, file, folder, aDay.Milliseconds())
	return s3.ListObjectVersions{
		Bucket:    asl.Text(c.RawBucket),
		Prefix:    asl.Q[string]("$states.input.prefix"),
		KeyMarker: asl.Q[string]("$after"),
		MaxKeys:   asl.Int(pageSize),
	}.Task("ListVersions").JSONata().
		RetryAll(transient).
		KeepInput().
		Assign(
			asl.Let(listed, asl.Q[[]etl.ListedFile]("["+files+"."+listing+"]")),
			asl.Let(unsettled, asl.Q[int]("$whole ? 1 : "+changed)),
			asl.Let(doubtful, asl.Q[bool]("$doubtful or "+changed+" > 0 or "+alike(c, files))),
			asl.Let(deleting, asl.Q[[]string]("[$states.result.DeleteMarkers[IsLatest and $toMillis(LastModified) >= $youngest].Key]")),
			asl.Let(strays, asl.Q[int]("$strays + $count("+stray+")")),
			asl.Let(strayKeys, asl.Q[[]string](atMost("$stray_keys", stray))),
			asl.Let(next, asl.Q[string](
				"$states.result.IsTruncated ? ($file := $states.result.Versions[-1].Key; $marker := $states.result.DeleteMarkers[-1].Key; "+
					"$exists($file) and $not($exists($marker) and $marker > $file) ? $file : $marker) : ''")),
			asl.Let(pages, asl.Q[int]("$pages + 1")),
		)
}

// changeOf is an etl.Event in JSONata, of a key, a version and a time.
func changeOf(c Config, key, version, at string) string {
	return jsonataObject[etl.Event](map[string]string{
		"bucket": jsonataText(c.RawBucket), "key": key, "version": version,
		"time": "$fromMillis($toMillis(" + at + "), " + wholeSeconds + ")", "eventId": "$states.context.Execution.Name",
	})
}

// atMost is a list and what comes to it, as long as a notification may name it.
func atMost(list, more string) string {
	return fmt.Sprintf("[$append(%s, %s)[[0..%d]]]", list, more, namesTold-1)
}

// rowsOf names the columns of an answer of the warehouse.
func rowsOf(columns ...string) string {
	members := make([]string, len(columns))
	for i, name := range columns {
		members[i] = fmt.Sprintf("'%s': $row[%d].StringValue", name, i)
	}
	return "$map($states.result.Records, function($row) { {" + strings.Join(members, ", ") + "} })"
}

// askLedger asks what the warehouse holds of the page's keys, from the one after
// the last page to the page's last, and finds what is not as in the bucket. Keys
// are listed in the order of their bytes, in which Redshift compares texts, too.
//
// Keys that are gone can be more than an answer holds: what comes after the
// answer's last key is left to the next page.
func askLedger(c Config, failure asl.Target) asl.Step {
	// No key comes after it: of all characters it is the last that texts may hold.
	const end = `($next = '' ? $states.input.prefix & '\uDBFF\uDFFD' : $next)`
	full := fmt.Sprintf("$count($states.result.Records) >= %d", ledgerRows)
	rows := "$rows := " + rowsOf("key", "version", "status", "written")
	differs := "[$listed[" + strings.Join([]string{
		"($not(" + full + ") or key <= $states.result.Records[-1][0].StringValue)",
		"$toMillis(time) < $youngest",
		"($file := $; $row := $rows[key = $file.key]; $not($row.version = $file.version) and " +
			"($toMillis($file.time) >= $oldest or $substring($row.written, 0, 19) >= $replace($substring($file.time, 0, 19), 'T', ' ')))",
	}, " and ") + "]]"
	vanished := "[$rows[status = '" + etl.StatusLoaded + "' and $not(key in $listed.key) and $not(key in $deleting)].key]"
	file := `{"key": $, "size": 0, "time": $fromMillis($toMillis($states.context.State.EnteredTime), ` + wholeSeconds + `)}`
	// As many of them as are started at once.
	fit := "$all := $sort($append(" + differs + ", " + vanished + "." + file + "), function($l, $r) { $l.key > $r.key }); " +
		"$ends := $reduce($all.(" + nameBytesOf("$") + "), function($list, $n) { $append($list, $list[-1] + $n) }, [0]); " +
		fmt.Sprintf("$fit := [$filter($all, function($f, $i) { $i = 0 or $ends[$i + 1] <= %d })]", pageNames)
	block := func(of string) string { return "(" + rows + "; " + fit + "; " + of + ")" }
	ask := askWarehouse(c, failure, question{
		name: "Ledger", label: "reconcile-ledger",
		sql: etl.Current([]string{etl.LedgerSourceKey, etl.LedgerVersion, etl.LedgerStatus, etl.LedgerEventTime},
			fmt.Sprintf("%[1]s > :after AND %[1]s <= :last ORDER BY %[1]s LIMIT %[2]d", etl.LedgerSourceKey, ledgerRows)),
		parameters: []redshiftdata.Parameter{
			{Name: "after", Value: asl.Q[string]("$after")},
			{Name: "last", Value: asl.Q[string](end)},
		},
		answer: []asl.Assignment{
			asl.Let(changes, asl.Q[[]etl.ListedFile](block("$fit"))),
			asl.Let(next, asl.Q[string](block("$count($fit) < $count($all) ? $fit[-1].key : "+full+" ? $rows[-1].key : $next"))),
		},
	})
	count := asl.Pass("CountChanges").JSONata().Assign(
		asl.Let(missing, asl.Q[int]("$missing + $count($changes[$exists(version)])")),
		asl.Let(gone, asl.Q[int]("$gone + $count($changes[$not($exists(version))])")),
		asl.Let(goneKeys, asl.Q[[]string](atMost("$gone_keys", "$changes[$not($exists(version))].key"))),
	)
	return asl.Chain(ask, count)
}

// askDoubles asks which files of days that were loaded since the last run have the
// same rows, of a dataset whose files are of days.
func askDoubles(c Config, failure, then asl.Target) asl.Target {
	which := asl.Choice("AnyFlights").JSONata()
	number := 0
	for _, l := range c.Loaders {
		if !l.Dataset.Dated() {
			continue
		}
		name := "Doubles"
		if number++; number > 1 {
			name += fmt.Sprint(number)
		}
		ask := askWarehouse(c, failure, question{
			name: name, label: "reconcile-doubles",
			sql: etl.SameRows(l.Dataset),
			parameters: []redshiftdata.Parameter{
				{Name: "since", Value: asl.Q[string](fmt.Sprintf("$fromMillis($toMillis($states.context.Execution.StartTime) - %d)", aDay.Milliseconds()))},
			},
			answer: []asl.Assignment{
				asl.Let(doubles, asl.Q[[]double]("[("+rowsOf("day", "key", "other", "shared")+")]")),
			},
		})
		which = which.When(isDataset(l.Dataset), asl.Chain(ask).CatchAll(failed(failure)).Then(then))
	}
	if number == 0 {
		return then
	}
	return which.Otherwise(then)
}

// isDataset is true of executions that look at the dataset.
func isDataset(d etl.Dataset) asl.Rule { return asl.Cond("$dataset = '" + string(d) + "'") }

// question is a query of the warehouse and what to do with the answer. All columns
// are texts or times.
type question struct {
	name       string
	label      string // for the warehouse's list of statements
	sql        string
	parameters []redshiftdata.Parameter
	answer     []asl.Assignment
}

func askWarehouse(c Config, failure asl.Target, q question) asl.Step {
	query := redshiftdata.ExecuteStatement{
		Target:        c.Warehouse.target(),
		SQL:           asl.Text(q.sql),
		Parameters:    q.parameters,
		StatementName: asl.Text(q.label),
	}
	query.WorkgroupARN = c.Warehouse.WorkgroupARN
	ask := query.Task("Query"+q.name).JSONata().
		Retry(busy, redshiftdata.ExecuteTooManyActive).
		Retry(transient, redshiftdata.ExecuteInternalServer).
		Retry(throttled, "RedshiftData.RedshiftDataException").
		Save(asl.Into(queryID, func(o *redshiftdata.StatementOutput) *string { return &o.ID })).
		KeepInput()

	status := asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *redshiftdata.Status { return &o.Status })
	follow := redshiftdata.DescribeStatement{ID: queryID}.Task("Describe"+q.name).
		Retry(transient, redshiftdata.DescribeInternalServer).
		Retry(throttled, "RedshiftData.RedshiftDataException")
	poll := asl.Poll(follow, asl.PollSpec{
		Every:  5 * time.Second,
		Within: 15 * time.Minute,
		Cases: []asl.Case{{
			When: asl.Or(asl.Eq(status, redshiftdata.Failed), asl.Eq(status, redshiftdata.Aborted)),
			Next: fails(q.name+"QueryFailed", failure, "the warehouse did not answer what it holds; its list of statements says why"),
		}},
		Until:   asl.Eq(status, redshiftdata.Finished),
		Expired: fails(q.name+"QueryTookTooLong", failure, "the warehouse did not answer within 15 minutes what it holds"),
	})
	read := redshiftdata.GetStatementResult{ID: queryID}.Task("Read" + q.name).JSONata().
		RetryAll(transient).
		KeepInput().
		Assign(q.answer...)
	return asl.Chain(ask, poll, read)
}

// startChanges starts the dataset's machine for the keys that are not as in the
// bucket, in batches as a backfill cuts them. The names make a repetition within the execution start nothing twice. What a batch has of names is
// below the payload limit, with the bucket and an id of each; so inputs name their files, where operators look for them.
func startChanges(c Config) asl.Step {
	files := "[$states.input.files." + changeOf(c, "key", `$exists(version) ? version : ""`, "time") + "]"
	start := func(name, machine string) asl.Target {
		before := asl.Pass(name + "Before").Comment("It was started by an earlier attempt")
		return sfn.StartExecution{
			StateMachineARN: asl.Text(machine),
			Name:            asl.Q[string]("$hash($states.context.Execution.Id & $string($states.input), 'SHA-256')"),
			Input:           asl.Ordered("files", asl.Q[[]etl.Event](files)),
		}.Task(name).JSONata().
			Retry(transient, sfn.ServiceError, sfn.StartExecutionThrottled, sfn.StartExecutionSdkProblems, sfn.ExecutionLimitExceeded).
			Catch(sfn.ExecutionAlreadyExists, before.End()).
			End()
	}
	machines := asl.Choice("WhichMachine").JSONata()
	for _, l := range c.Loaders {
		machines = machines.When(isDataset(l.Dataset), start(missingState(l.Dataset), l.MachineARN))
	}
	which := machines.Otherwise(asl.Fail("UnknownDataset", asl.FailSpec{Error: asl.Text("UnknownDataset"), Cause: asl.Text("the input names no dataset of the pipeline")}))
	return asl.Map("StartChanges", asl.Q[[]filesOf](cutOf("$changes", BatchNames)), which).
		MaxConcurrency(asl.Int(5)).
		JSONata().
		Output(asl.Q[any]("$states.input"))
}

// missingState is the state that starts the dataset's machine: IngestMissingFlights where that is ingest-flights.
func missingState(d etl.Dataset) string {
	declared, _ := d.Declared()
	verb, noun, _ := strings.Cut(declared.Machine, "-")
	return title(verb) + "Missing" + title(noun)
}

func title(word string) string {
	return strings.ToUpper(word[:min(1, len(word))]) + word[min(1, len(word)):]
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
			"changed", asl.Q[bool]("$not($whole)"),
			"began", asl.Q[string]("$began"),
			"found", asl.Q[bool]("$missing + $gone > 0 or $states.input.found = true"),
		),
	}.Task("ContinueLater").JSONata().
		Retry(transient, sfn.ServiceError, sfn.StartExecutionThrottled, sfn.StartExecutionSdkProblems).
		KeepInput().
		Catch(sfn.ExecutionAlreadyExists, done).
		CatchAll(failed(failure)).
		Then(done)
}

// tellReconciled tells what was found, each kind by itself, or nothing.
func tellReconciled(c Config) asl.Target {
	var then asl.Target = asl.Succeed("Reconciled")
	tell := func(name string, when asl.Rule, subject string, members ...any) {
		message := append([]any{"status", "RECONCILED", "dataset", reconciled}, members...)
		notify := publish(c, "Notify"+name, "airline: "+subject, asl.Ordered(append(message, "execution", asl.Context.Execution.ID)...))
		then = asl.Choice("Any"+name).JSONata().When(when, notify.Then(then)).Otherwise(then)
	}
	tell("Doubles", asl.Cond("$count($doubles) > 0"), "files with the same flights",
		"files", doubles, "remedy", "delete the file that is wrong: its flights leave the warehouse with it")
	tell("Strays", asl.Cond("$strays > 0"), "files that are not loaded",
		"files", strays, "keys", strayKeys, "remedy", "unpack or rename them: files are loaded whose names end in "+strings.Join(etl.FileSuffixes(), " or "))
	tell("Gone", asl.Cond("$gone > 0"), "files gone without an event", "files", gone, "keys", goneKeys)
	tell("Missing", asl.Cond("$missing > 0"), "files without an event", "files", missing)
	return then
}

// notifyReconcileFailure tells people and then ends in Fail.
func notifyReconcileFailure(c Config) asl.Target {
	_, told := failing(publish(c, "NotifyFailure", "airline: files NOT compared with the ledger", asl.Ordered(
		"status", "FAILED",
		"state", failedState, "error", failedError, "cause", failedCause,
		"execution", asl.Context.Execution.ID,
	)))
	return told
}

// checkReconcile reports every problem at once.
func (c Config) checkReconcile() error {
	needs := []required{{"ReconcileARN", c.ReconcileARN}, {"ReconcileDays", strings.Repeat("d", max(0, c.ReconcileDays))}}
	for _, l := range c.Loaders {
		needs = append(needs, required{"the MachineARN of " + string(l.Dataset), l.MachineARN})
	}
	return c.check(needs...)
}
