package workflow

import (
	"fmt"
	"math"
	"time"

	"airline/asl"
	"airline/asl/s3"
	"airline/asl/sfn"
	"airline/etl"
)

// Variables of a batch of missing files.
var (
	givenUp = asl.Var[int]("given_up") // batches that have failed as a whole, of any worker
	pieces  = asl.Var[[]filesOf]("pieces")
	piece   = asl.Var[string]("piece") // names a list
	attempt = asl.Var[int]("attempt")
	kind    = asl.Var[string]("kind")
	became  = asl.Var[Summary]("became")
)

// LoadingMap is the label of the distributed Map that loads what is missing: an item is a file, a child execution a batch.
const LoadingMap = "LoadMissing"

// filesOf are the files of a piece. A list within a list would be none to JSONata where there is one of them.
type filesOf struct {
	Files []etl.ListedFile `json:"files"`
}

// missingBatch is the input of a worker.
type missingBatch struct {
	BatchInput struct {
		Run     string `json:"run"` // of the backfill
		Dataset string `json:"dataset"`
	}
	Items []etl.ListedFile
}

// loadMissing cuts what is missing into batches and has the dataset's machine load them, some at the same time.
func loadMissing(c Config) asl.Step {
	reader := s3.Listing(s3.Where{Bucket: asl.Text(c.StagingBucket), Prefix: missingFiles()})
	reader.InputType, reader.Transformation = "JSONL", "LOAD_AND_FLATTEN"
	return asl.DistributedMap("LoadMissing", asl.DistributedSpec{
		ItemReader: reader,
		ItemBatcher: &asl.ItemBatcher{
			MaxItemsPerBatch:      asl.Int(BatchFiles),
			MaxInputBytesPerBatch: asl.Int(BatchNames),
			BatchInput:            asl.Ordered("run", backfillRun, "dataset", backfilled),
		},
		Label: LoadingMap,
	}, loadBatch(c)).
		MaxConcurrency(workers).
		Assign(asl.Let(outcomes, asl.Result[[]outcome]())).
		KeepInput()
}

// loadBatch is the work on a batch: its files are put into pieces by their size, one after the other loaded.
func loadBatch(c Config) asl.Wired {
	take := asl.Pass("TakeBatch").Assign(
		asl.Let(backfillRun, asl.At(func(b *missingBatch) *string { return &b.BatchInput.Run })),
		asl.Let(backfilled, asl.At(func(b *missingBatch) *string { return &b.BatchInput.Dataset })),
	)
	look := s3.ListObjects{
		Bucket:  asl.Text(c.StagingBucket),
		Prefix:  asl.Format(etl.BackfillFailures("{}")+wholeKind+"-", backfillRun),
		MaxKeys: asl.Int(wholeFailures),
	}.Task("LookForFailures").
		RetryAll(transient).
		Save(asl.Into(givenUp, func(o *s3.ListObjectsOutput) *int { return &o.KeyCount })).
		KeepInput()
	brake := asl.Choice("GivenUp").JSONata().
		When(asl.Cond(fmt.Sprintf("$given_up >= %d", wholeFailures)), asl.SucceedWith("LeftAlone", asl.SucceedSpec{
			Output: asl.Ordered("loaded", asl.Q[int]("0"), "failed", asl.Q[int]("0"), "left", asl.Q[int]("$count($states.input.Items)")),
		}))
	// The Map has cut by files and names already.
	cut := asl.Pass("CutPieces").JSONata().Assign(asl.Let(pieces, asl.Q[[]filesOf](cutOf("$states.input.Items", math.MaxInt32))))
	each := asl.Map("Pieces", pieces, loadPiece(c)).JSONata().
		MaxConcurrency(asl.Int(1)).
		Output(asl.Ordered("loaded", asl.Q[int]("$sum($states.result.loaded)"), "failed", asl.Q[int]("$sum($states.result.failed)"), "left", asl.Q[int]("0")))
	return asl.Chain(take, look, brake, cut, each).End()
}

// loadPiece writes the list of a piece, starts the machine and waits for it. One that fails as a whole is tried once more, after a while.
func loadPiece(c Config) asl.Wired {
	name := asl.Pass("NamePiece").JSONata().Assign(
		asl.Let(piece, asl.Q[string]("$hash($states.context.Execution.Id & $states.input.files[0].key, 'SHA-256')")),
		asl.Let(attempt, asl.Q[int]("1")),
	)
	write := s3.PutObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ListKey("{}"), piece),
		Body:   asl.At(func(p *filesOf) *[]etl.ListedFile { return &p.Files }),
		KeyARN: c.StagingKeyARN,
	}.Task("WriteList").
		RetryAll(transient).
		KeepInput()

	again, over := asl.NewLabel("the machine again"), asl.NewLabel("the machine has ended")
	failedEnd := readEnd(over)
	start := func(name, machine string) asl.Target {
		return sfn.Sync[Summary](sfn.StartExecution{
			StateMachineARN: asl.Text(machine),
			Name:            asl.Q[string]("$hash($piece & ' ' & $attempt, 'SHA-256')"),
			Input: asl.Ordered("list", piece, "quiet", asl.Q[bool]("true"),
				"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID", asl.Context.Execution.ID),
		}, name).JSONata().
			Retry(transient, sfn.ServiceError, sfn.StartExecutionThrottled, sfn.StartExecutionSdkProblems, sfn.ExecutionLimitExceeded).
			Assign(asl.Let(became, asl.Q[Summary]("$states.result.Output"))).
			KeepInput().
			CatchAll(asl.Catcher{Next: failedEnd, KeepInput: true, Assign: whatFailed()}).
			Then(over)
	}
	loaders := asl.Choice("WhichLoader").JSONata()
	last := len(c.Loaders) - 1 // the datasets are known here: what is none of the others is the last one
	for _, l := range c.Loaders[:last] {
		loaders = loaders.When(isDataset(l.Dataset), start("Load"+title(string(l.Dataset)), l.MachineARN))
	}
	which := loaders.Otherwise(start("Load"+title(string(c.Loaders[last].Dataset)), c.Loaders[last].MachineARN))
	retry := asl.Pass("CountAttempt").JSONata().Assign(asl.Let(attempt, asl.Q[int]("$attempt + 1"))).
		Then(asl.Wait("WaitForRecovery", 5*time.Minute).Then(again))
	done := asl.SucceedWith("PieceDone", asl.SucceedSpec{Output: asl.Ordered("loaded", asl.Q[int]("$became.loaded"), "failed", asl.Q[int]("$became.failed"))})
	whole := asl.Cond("$became.failed > 0 and $became.state != '" + Outcome + "' and $attempt = 1")
	over.Bind(asl.Choice("PieceLoaded").JSONata().
		When(asl.Cond("$became.failed = 0"), done).
		When(whole, retry).
		Otherwise(writeFailure(c).Then(done)))
	return asl.Chain(name, write).Then(again.Bind(which))
}

// Kinds of batches of which not all was loaded, in the order of their being told: those that failed as a whole, and those of which files
// failed alone.
const (
	wholeKind = "batch"
	filesKind = "files"
)

// readEnd finds in the cause of a task that failed what the machine said of its files: nothing when it was not one that failed, but stopped or
// never started.
func readEnd(then asl.Target) asl.Target {
	said := "$said := $contains($failed_cause, /^\\{.*ExecutionArn/) ? $parse($failed_cause) : {}"
	nothing := `{"loaded": 0, "failed": $count($states.input.files), "state": $failed_state, "error": $exists($said.Error) ? $said.Error : $failed_error, ` +
		fmt.Sprintf(`"cause": $substring($exists($said.Cause) ? $said.Cause : $exists($said.Status) ? $said.Status : $failed_cause, 0, %d)}`, causeTold)
	summary := `$exists($said.Cause) and $contains($said.Cause, /^\{"loaded":/) ? $parse($said.Cause) : ` + nothing
	return asl.Pass("ReadEnd").JSONata().
		Assign(asl.Let(became, asl.Q[Summary]("("+said+"; $merge(["+summary+`, {"execution": $exists($said.ExecutionArn) ? $said.ExecutionArn : ''}]))`))).
		Then(then)
}

// writeFailure keeps what became of the batch, for the summary of all.
func writeFailure(c Config) asl.Chained {
	which := asl.Pass("WhichKind").JSONata().Assign(asl.Let(kind, asl.Q[string]("$became.state = '"+Outcome+"' ? '"+filesKind+"' : '"+wholeKind+"'")))
	write := s3.PutObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.BackfillFailures("{}")+"{}-{}.json", backfillRun, kind, piece),
		Body:   became,
		KeyARN: c.StagingKeyARN,
	}.Task("WriteFailure").
		RetryAll(transient).
		KeepInput()
	return asl.Chain(which, write)
}
