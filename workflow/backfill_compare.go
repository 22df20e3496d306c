package workflow

import (
	"fmt"

	"airline/asl"
	"airline/asl/redshiftdata"
	"airline/asl/s3"
	"airline/etl"
)

// Variables of a part of the bucket's listing that is compared with the ledger.
var (
	remaining = asl.Var[[]etl.ListedFile]("remaining") // files that are not compared yet
	lacking   = asl.Var[[]etl.ListedFile]("lacking")   // files that the warehouse lacks
	firstKey  = asl.Var[string]("first")
	lastKey   = asl.Var[string]("last")
	fromKey   = asl.Var[string]("after") // the last one of which the ledger has answered
)

// compare lists the prefix and asks the ledger, for a page of files each, which of them the warehouse does not hold in their newest version.
// Their list goes to the staging bucket, a JSON line a file.
//
// A distributed Map lists no versions. The ledger has the moment at which the loaded version was written, as the listing has that of the
// newest; of two versions that were written within one second, reconcile finds the newer one. What the machine loads is the newest version that
// S3 names then.
func compare(c Config) asl.Step {
	reader := s3.Listing(s3.Where{Bucket: asl.Text(c.RawBucket), Prefix: keyPrefix})
	of := reader.Item()
	writer := s3.Results(s3.Where{Bucket: asl.Text(c.StagingBucket), Prefix: asl.Format(etl.BackfillPrefix("{}")+"missing", backfillRun)})
	writer.OutputType, writer.Transformation = "JSONL", "FLATTEN"
	return asl.DistributedMap("Compare", asl.DistributedSpec{
		ItemReader: reader,
		ItemBatcher: &asl.ItemBatcher{
			MaxItemsPerBatch:      asl.Int(pageSize),
			MaxInputBytesPerBatch: asl.Int(2 * BatchNames),
			BatchInput:            asl.Ordered("from", firstDay, "to", lastDay),
		},
		ResultWriter: writer,
		Label:        "Compare",
	}, comparePage(c)).
		ItemSelector(asl.Ordered(
			"key", asl.Of(of, func(o *s3.ListedObject) *string { return &o.Key }),
			"size", asl.Of(of, func(o *s3.ListedObject) *int { return &o.Size }),
			"time", asl.Of(of, func(o *s3.ListedObject) *float64 { return &o.LastModified }),
		)).
		MaxConcurrency(asl.Int(comparedAtOnce)).
		Assign(asl.Let(manifest, asl.ResultAt(func(o *written) *string { return &o.ResultWriterDetails.Key }))).
		KeepInput()
}

// written is the result of a distributed Map whose results are in S3.
type written struct {
	ResultWriterDetails struct{ Bucket, Key string }
}

// comparePage is the work on a page.
func comparePage(c Config) asl.Wired {
	failure := asl.Fail("NotCompared", asl.FailSpec{Error: failedError, Cause: failedCause})
	within := "($day := " + c.dayOf("key") + "; $from := $states.input.BatchInput.from; $to := $states.input.BatchInput.to; " +
		"$from = '' or $exists($day) and $day >= $substring($from, 0, $length($day)) and $day <= $substring($to, 0, $length($day)))"
	files := "$states.input.Items[$contains(key, /" + jsonataRegexp(etl.File()) + "/i) and $not($contains(key, /" + jsonataRegexp(etl.Hidden) + "/)) and " + within + "]"
	listed := jsonataObject[etl.ListedFile](map[string]string{"time": "$fromMillis($floor(time) * 1000, " + wholeSeconds + ")"})
	list := "$sort([" + files + "." + listed + "], function($l, $r) { $l.key > $r.key })"
	take := asl.Pass("TakePage").JSONata().
		Assign(asl.Let(remaining, asl.Q[[]etl.ListedFile]("["+list+"]")), asl.Let(lacking, asl.Q[[]etl.ListedFile]("[]")))
	empty := asl.Choice("AnyFiles").JSONata().
		When(asl.Cond("$count($remaining) = 0"), asl.SucceedWith("NoFiles", asl.SucceedSpec{Output: asl.Q[any]("[]")}))
	bounds := asl.Pass("TakeBounds").JSONata().Assign(
		asl.Let(firstKey, asl.Q[string]("$remaining[0].key")),
		asl.Let(lastKey, asl.Q[string]("$remaining[-1].key")),
		asl.Let(fromKey, asl.Q[string]("$remaining[0].key")),
	)
	again := asl.NewLabel("what the ledger has not answered yet")
	more := asl.Choice("LedgerAnswered").JSONata().
		When(asl.Cond("$count($remaining) > 0"), again).
		Otherwise(asl.SucceedWith("Compared", asl.SucceedSpec{Output: asl.Q[any]("$lacking")}))
	return asl.Chain(take, empty, bounds, again.Mark(askHeld(c, failure))).CatchAll(failed(failure)).Then(more)
}

// askHeld asks when the versions were written that the warehouse holds of the page's files. Keys are listed in the order of their bytes, in
// which Redshift compares texts, too. There can be more rows than an answer holds: of files that are gone.
func askHeld(c Config, failure asl.Target) asl.Step {
	full := fmt.Sprintf("$count($states.result.Records) >= %d", ledgerRows)
	answered := "$answered := " + full + " ? $remaining[key <= $states.result.Records[-1][0].StringValue] : $remaining"
	// A member for each row: looking a key up takes no walk through the rows.
	held := "$held := (" + rowsOf("key", "written") + "){key: $substring(written, 0, 19)}"
	differs := "$answered[$not($lookup($held, key) = $replace($substring(time, 0, 19), 'T', ' '))]"
	return askWarehouse(c, failure, question{
		name: "Held", label: "backfill",
		sql: etl.Current([]string{etl.LedgerSourceKey, etl.LedgerEventTime},
			fmt.Sprintf("%[1]s >= :first AND %[1]s >= :from AND %[1]s <= :last ORDER BY %[1]s LIMIT %[2]d", etl.LedgerSourceKey, ledgerRows)),
		parameters: []redshiftdata.Parameter{
			{Name: "first", Value: firstKey},
			{Name: "from", Value: fromKey},
			{Name: "last", Value: lastKey},
		},
		answer: []asl.Assignment{
			asl.Let(lacking, asl.Q[[]etl.ListedFile]("("+answered+"; "+held+"; [$append($lacking, ["+differs+"])])")),
			asl.Let(remaining, asl.Q[[]etl.ListedFile]("["+full+" ? $remaining[key > $states.result.Records[-1][0].StringValue] : []]")),
			asl.Let(fromKey, asl.Q[string](full+" ? $states.result.Records[-1][0].StringValue : $after")),
		},
	})
}
