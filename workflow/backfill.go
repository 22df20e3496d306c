package workflow

import (
	"fmt"
	"strings"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/s3"
	"airline/asl/sns"
	"airline/etl"
)

// MaxWorkers is the most workers of a backfill: as many job runs, statements of the warehouse and executions at once.
const MaxWorkers = 40

// Bounds of a backfill. A part of the listing that is compared at once has a reconcile's page; so many of them at once ask the warehouse. After
// so many batches that failed as a whole, for a reason that no file has to answer for, the rest is left alone. So many failures are told, so
// much of each.
const (
	comparedAtOnce  = 10
	wholeFailures   = 3
	failuresTold    = 20
	failureTold     = 1000
	backfillTimeout = 7 * aDay
)

// GivenUp is the error of a backfill that has left files alone.
const GivenUp = "BackfillGivenUp"

// Variables of a backfill.
var (
	backfillRun = asl.Var[string]("run") // names it in what it stages
	backfilled  = asl.Var[string]("dataset")
	keyPrefix   = asl.Var[string]("prefix")
	firstDay    = asl.Var[string]("from")
	lastDay     = asl.Var[string]("to")
	workers     = asl.Var[int]("workers")
	manifest    = asl.Var[string]("manifest") // of the comparison's results
	comparedRun = asl.Var[string]("compared_run")
	foundFiles  = asl.Var[int]("found_files") // objects with results
	outcomes    = asl.Var[[]outcome]("outcomes")
	left        = asl.Var[int]("left") // files that are left alone
	failedLists = asl.Var[[]s3.Object]("failed_lists")
	failedOnes  = asl.Var[[]Summary]("failed_ones")
)

// outcome is what became of the files of a batch.
type outcome struct {
	Loaded int `json:"loaded"`
	Failed int `json:"failed"`
	Left   int `json:"left"` // alone
}

// Backfill is the machine that loads what is in the bucket and not in the warehouse, however much that is.
//
//	list the bucket -> for a page each: what does the ledger lack? -> staging: the list of all
//	list of all     -> for a batch each: write its list, start the dataset's machine, wait for it
//	                -> sum up, tell once
//
// Both halves are distributed Maps, so the number of files is bounded by neither payload nor history. The second cuts its batches of all that is missing,
// so they are full whatever is loaded already. Whatever is loaded is in the ledger: a backfill may be stopped at any time, and
// another one goes on where it was.
//
// A file that is refused fails alone, as in any batch. A batch that fails as a whole is tried once more; after three such
// batches something is wrong that the next ones meet, too, and the rest is left alone.
func Backfill(c Config) (*ast.Definition, error) {
	if err := c.checkBackfill(); err != nil {
		return nil, err
	}
	failure := backfillFailed(c)
	summary := asl.NewLabel("the summary")
	guard := func(first asl.Step, more ...asl.Step) asl.Chained {
		return asl.Chain(first, more...).CatchAll(failed(failure))
	}
	nothing := asl.Pass("NothingMissing").Assign(asl.Let(outcomes, asl.Array[outcome]())).Then(summary)
	check := asl.Choice("AnyMissing").When(asl.Eq(foundFiles, 0), nothing)
	sum := asl.Pass("SumUp").JSONata().Assign(
		asl.Let(loaded, asl.Q[int]("$sum([$outcomes.loaded])")),
		asl.Let(notLoaded, asl.Q[int]("$sum([$outcomes.failed])")),
		asl.Let(left, asl.Q[int]("$sum([$outcomes.left])")),
	)
	complete := asl.Choice("Complete").JSONata().
		When(asl.Cond("$not_loaded + $left > 0"), tellFailures(c, failure)).
		Otherwise(tellBackfilled(c).CatchAll(failed(failure)).Then(asl.SucceedWith("Backfilled", asl.SucceedSpec{Output: backfillSummary()})))
	return asl.Settings{
		Comment: "Loads what is in the bucket and not in the warehouse",
		Timeout: backfillTimeout,
	}.Machine(guard(beginBackfill(c, failure), compare(c), findMissing(c), check, loadMissing(c), summary.Mark(sum)).Then(complete))
}

// beginBackfill takes the input.
func beginBackfill(c Config, failure asl.Target) asl.Step {
	given := func(name, kind, otherwise string) string {
		field := "$states.input." + name
		return fmt.Sprintf("($type(%s) = '%s' ? %s : %s)", field, kind, field, otherwise)
	}
	take := asl.Pass("BeginBackfill").JSONata().Assign(
		asl.Let(backfillRun, asl.Q[string](runName)),
		asl.Let(backfilled, asl.Q[string](given("dataset", "string", "''"))),
		asl.Let(keyPrefix, asl.Q[string](given("prefix", "string", "''"))),
		asl.Let(firstDay, asl.Q[string](given("from", "string", "''"))),
		asl.Let(lastDay, asl.Q[string](given("to", "string", "''"))),
		asl.Let(workers, asl.Q[int](given("workers", "number", "0"))),
		asl.Let(loaded, asl.Q[int]("0")),
		asl.Let(notLoaded, asl.Q[int]("0")),
		asl.Let(left, asl.Q[int]("0")),
		asl.Let(failedOnes, asl.Q[[]Summary]("[]")),
		asl.Let(fullList, asl.Q[string](c.stagingURL(etl.BackfillFailures, runName))),
	)
	const aDay = `/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/`
	prefixes := make([]string, len(c.Loaders))
	for i, l := range c.Loaders {
		prefixes[i] = fmt.Sprintf("'%s': '%s'", l.Dataset, l.Dataset.Prefix())
	}
	own := "$lookup({" + strings.Join(prefixes, ", ") + "}, $dataset)"
	check := asl.Choice("IsBackfill").JSONata().
		When(asl.Cond("$not($exists("+own+"))"), fails("UnknownDataset", failure, "the input names no dataset of the pipeline")).
		When(asl.Cond("$substring($prefix, 0, $length("+own+")) != "+own), fails("OtherPrefix", failure, "the prefix does not begin with the dataset's own")).
		When(asl.Cond("$not($from = '' and $to = '' or $contains($from, "+aDay+") and $contains($to, "+aDay+") and $from <= $to)"),
			fails("NoDays", failure, "from and to are no days YYYY-MM-DD, the first and the last; leave both empty for all files")).
		When(asl.Cond(fmt.Sprintf("$not($workers in [1..%d])", MaxWorkers)),
			fails("NoWorkers", failure, fmt.Sprintf("workers is not a number from 1 to %d", MaxWorkers)))
	return asl.Chain(take, check)
}

// findMissing looks for the comparison's results: where nothing is missing there are none.
func findMissing(c Config) asl.Step {
	run := asl.Pass("FindMissing").JSONata().Assign(asl.Let(comparedRun, asl.Q[string]("$split($manifest, '/')[-2]")))
	list := s3.ListObjects{
		Bucket:  asl.Text(c.StagingBucket),
		Prefix:  missingFiles(),
		MaxKeys: asl.Int(1),
	}.Task("ListMissing").
		RetryAll(transient).
		Save(asl.Into(foundFiles, func(o *s3.ListObjectsOutput) *int { return &o.KeyCount })).
		KeepInput()
	return asl.Chain(run, list)
}

// missingFiles begins the keys of the comparison's results.
func missingFiles() asl.Value[string] {
	return asl.Format(etl.BackfillPrefix("{}")+"missing/{}/SUCCEEDED_", backfillRun, comparedRun)
}

// tellFailures reads what became of the first batches that failed, tells, and ends in Fail.
func tellFailures(c Config, failure asl.Target) asl.Target {
	folder := etl.BackfillFailures("{}")
	list := s3.ListObjects{
		Bucket:  asl.Text(c.StagingBucket),
		Prefix:  asl.Format(folder, backfillRun),
		MaxKeys: asl.Int(failuresTold),
	}.Task("ListFailures").
		RetryAll(transient).
		Save(asl.Into(failedLists, func(o *s3.ListObjectsOutput) *[]s3.Object { return &o.Contents })).
		KeepInput()
	body := asl.ResultAt(func(o *s3.GetObjectOutput) *string { return &o.Body })
	name := asl.ArrayGetItem(asl.StringSplit(asl.At(func(o *s3.Object) *string { return &o.Key }), asl.Text("/")), asl.Int(strings.Count(folder, "/")))
	read := s3.GetObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(folder+"{}", backfillRun, name), // the listed one, so that the role can do with this folder
		KeyARN: c.StagingKeyARN,
	}.Task("ReadFailure").
		RetryAll(transient).
		ResultSelector(asl.Ordered("summary", asl.StringToJSON[Summary](body)))
	clip := asl.Pass("ClipFailure").JSONata().
		Output(asl.Q[Summary](fmt.Sprintf(`$merge([$states.input.summary, {"cause": $substring($states.input.summary.cause, 0, %d)}])`, failureTold)))
	each := asl.Map("ReadFailures", failedLists, read.Then(clip.End())).
		MaxConcurrency(asl.Int(5)).
		Assign(asl.Let(failedOnes, asl.Result[[]Summary]())).
		KeepInput()
	say := asl.Pass("SayFailures").JSONata().Assign(
		asl.Let(failedState, asl.Q[string]("$left > 0 ? 'LoadMissing' : '"+Outcome+"'")),
		asl.Let(failedError, asl.Q[string]("$left > 0 ? '"+GivenUp+"' : '"+NotLoaded+"'")),
		asl.Let(failedCause, asl.Q[string]("$not_loaded & ' of ' & ($loaded + $not_loaded + $left) & ' files were not loaded'"+
			" & ($left > 0 ? ', and ' & $left & ' were left alone after several batches had failed as a whole' : '') & ': ' & $join($failed_ones.(error & ': ' & cause), '; ')")),
	)
	return asl.Chain(list, each, say).CatchAll(failed(failure)).Then(failure)
}

// backfillMessage is what people are told.
func backfillMessage(c Config, status string, more ...any) asl.OrderedObject {
	return asl.Ordered(append(append([]any{
		"status", status, "dataset", backfilled, "bucket", c.RawBucket, "prefix", keyPrefix, "from", firstDay, "to", lastDay,
		"loaded", loaded, "failed", notLoaded, "left", left,
	}, more...), "execution", asl.Context.Execution.ID)...)
}

// tellBackfilled tells how many files came in.
func tellBackfilled(c Config) asl.Task[sns.Publish, sns.PublishOutput] {
	return publish(c, "NotifyBackfilled", "airline: backfill done", backfillMessage(c, "LOADED"))
}

// backfillFailed tells people and then ends in Fail with a Summary for the cause.
func backfillFailed(c Config) asl.Target {
	fail := asl.Fail("Failed", asl.FailSpec{Error: failedError, Cause: failedCause})
	quietly := failQuietly(fail, `, "left": $left`)
	message := backfillMessage(c, "FAILED",
		"state", failedState, "error", failedError, "cause", failedCause, "batches", failedOnes, "list", fullList,
		"remedy", "what is loaded stays loaded: fix the cause and start the backfill again")
	return publish(c, "NotifyFailure", "airline: backfill NOT complete", message).
		CatchAll(asl.Catcher{Next: quietly, KeepInput: true}).Then(quietly)
}

// backfillSummary is what became of all files.
func backfillSummary() asl.OrderedObject {
	return asl.Ordered("loaded", asl.Q[int]("$loaded"), "failed", asl.Q[int]("$not_loaded"), "left", asl.Q[int]("$left"))
}

// checkBackfill reports every problem at once.
func (c Config) checkBackfill() error {
	var needs []required
	for _, l := range c.Loaders {
		needs = append(needs, required{"the MachineARN of " + string(l.Dataset), l.MachineARN})
	}
	return c.check(needs...)
}
