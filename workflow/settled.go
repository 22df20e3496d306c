package workflow

import (
	"fmt"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/s3"
	"airline/asl/states"
	"airline/etl"
)

// A warehouse that is asked wakes, and is billed for a minute at least. So whatever loads leaves a receipt in the staging bucket once the ledger has it, and
// reconcile asks of what has changed since the last comparison and has no receipt. What it then takes for settled was seen in the ledger before. All
// files are compared when somebody starts it so, with a warehouse that is made anew, and once in wholeEvery: for what neither the time of a file nor a
// receipt shows, such as a version that was deleted for good, or rows that somebody took out of the warehouse.
const (
	wholeEvery = 7 * aDay
	// An object of many parts has the time at which its upload began, so a comparison looks back further than to the one before.
	uploadTakes = aDay
	// So many receipts of so many bytes together are read: where there are more, the warehouse is at work anyway.
	receiptsRead  = 100
	receiptsBytes = 30_000
)

// compared says when files were last compared with the ledger, and all was well.
type compared struct {
	// Since is from when on files may have changed that the comparison did not see, Whole when all files were compared: ISO 8601.
	Since time.Time `json:"since"`
	Whole time.Time `json:"whole"`
	// Warehouse is Config.Renewal.
	Warehouse string `json:"warehouse"`
}

// Variables of what is settled.
var (
	receipt     = asl.Var[[]etl.Receipt]("receipt")
	whole       = asl.Var[bool]("whole")   // all files are compared
	began       = asl.Var[string]("began") // when the first execution of the comparison was started
	before      = asl.Var[compared]("before")
	since       = asl.Var[int]("since")         // milliseconds since 1970
	receipts    = asl.Var[[]string]("receipts") // the last parts of their keys
	settled     = asl.Var[[]etl.Receipt]("settled")
	settledDays = asl.Var[[]string]("settled_days")
	unsettled   = asl.Var[int]("unsettled") // of a page: what has changed and has no receipt
	doubtful    = asl.Var[bool]("doubtful") // the warehouse was asked, or two files may have the same rows
)

// whatIsSettled are, in JSONata, the versions of which the ledger of a batch has learnt what is to become of them. A file that was refused is not among them; where more were refused
// than the job names, no file is.
var whatIsSettled = fmt.Sprintf(`[$append([$result.failed <= %d ? $objects[$not(load_id in $result.failures.load_id)].{"key": key, "version": version}], `+
	`[$entries[status != '%s'].{"key": source_key, "version": version}])]`, etl.Told, etl.StatusSuperseded)

// signReceipt leaves the receipt. Without one reconcile asks the ledger, so that it cannot be left fails nothing; any other error is a failure.
func signReceipt(c Config, d dataset, failure, then asl.Target) asl.Target {
	return s3.PutObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ReceiptKey(string(d.name), "{}", "{}"), asl.As[string](asl.Context.State.EnteredTime), run),
		Body:   receipt,
		KeyARN: c.StagingKeyARN,
	}.Task("SignReceipt").
		Timeout(time.Minute).
		RetryAll(transient).
		KeepInput().
		Catch(states.TaskFailed, asl.Catcher{Next: then, KeepInput: true}).
		CatchAll(failed(failure)).
		Then(then)
}

// lookBack finds out what is settled. Where nobody has asked for that, or nothing can be found out, everything is compared.
func lookBack(c Config, everything asl.Target) asl.Step {
	asks := asl.Choice("WhatToCompare").JSONata().When(asl.Cond("$not($states.input.changed = true)"), everything)
	body := asl.ResultAt(func(o *s3.GetObjectOutput) *string { return &o.Body })
	read := s3.GetObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ComparedKey("{}"), reconciled),
		KeyARN: c.StagingKeyARN,
	}.Task("ReadComparison").
		Retry(transient, s3.ServiceError, "S3.SdkClientException").
		Assign(asl.Let(before, asl.StringToJSON[compared](body))).
		KeepInput().
		Catch(s3.NoSuchKey, asl.Catcher{Next: everything, KeepInput: true}) // the role may list the bucket, so S3 does not say that access is denied
	known := asl.Choice("ComparedBefore").JSONata().When(asl.Cond(fmt.Sprintf(
		"$not($before.warehouse = '%s') or $not($exists($states.input.began)) and $toMillis($began) - $toMillis($before.whole) >= %d",
		c.Renewal, wholeEvery.Milliseconds())), everything)
	few := fmt.Sprintf("$count($states.result.Contents) <= %d and $sum($states.result.Contents.Size) <= %d", receiptsRead, receiptsBytes)
	folder := strings.Replace(etl.ReceiptsPrefix("\x00"), "\x00", "' & $dataset & '", 1)
	list := s3.ListObjects{
		Bucket:     asl.Text(c.StagingBucket),
		Prefix:     asl.Q[string]("'" + folder + "'"),
		StartAfter: asl.Q[string]("'" + folder + "' & $before.since"),
		MaxKeys:    asl.Int(receiptsRead + 1),
	}.Task("ListReceipts").JSONata().
		RetryAll(transient).
		KeepInput().
		Assign(
			asl.Let(whole, asl.Q[bool]("false")),
			asl.Let(doubtful, asl.Q[bool]("false")),
			asl.Let(since, asl.Q[int]("$toMillis($before.since)")),
			asl.Let(receipts, asl.Q[[]string]("["+few+" ? $states.result.Contents.($split(Key, '/')[-1])]")),
		)
	one := s3.GetObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ReceiptsPrefix("{}")+"{}", reconciled, asl.Input[string]()),
		KeyARN: c.StagingKeyARN,
	}.Task("ReadReceipt").
		Retry(transient, s3.ServiceError, "S3.SdkClientException").
		ResultSelector(asl.Ordered("files", asl.StringToJSON[[]etl.Receipt](body)))
	each := asl.Map("ReadReceipts", receipts, one.End()).JSONata().
		MaxConcurrency(asl.Int(10)).
		Assign(
			asl.Let(settled, asl.Q[[]etl.Receipt]("[$states.result.files]")),
			asl.Let(settledDays, asl.Q[[]string]("[$distinct($states.result.files.key).("+c.dayOf("$")+")]")),
		).
		Output(asl.Q[any]("$states.input"))
	// Two of them are of the same days where a day comes twice, and may be where one is of a month.
	pairs := asl.Pass("LookForPairs").JSONata().Assign(asl.Let(doubtful, asl.Q[bool](
		"$count($settled_days) > 1 and ($count($distinct($settled_days)) < $count($settled_days) or $exists($settled_days[$length($) < 10]))")))
	return asl.Chain(asks, read, known, list, each, pairs)
}

// changedOf counts, in JSONata, what of a page has changed and is not settled; files are those of its versions that are files by their names.
func changedOf(files string) string {
	const changed = "[IsLatest and $toMillis(LastModified) >= $since and $toMillis(LastModified) < $youngest]"
	return "$count($append(" + files + changed + ", $states.result.DeleteMarkers" + changed + ")" +
		"[($key := Key; $version := VersionId; $not($exists($settled[key = $key and version = $version])))])"
}

// alike is whether, in JSONata, there is a file among these of the same days as one that is settled.
func alike(c Config, files string) string {
	return "$exists(" + files + "[$not(Key in $settled.key)][($key := Key; $day := " + c.dayOf("$key") + "; " +
		"$exists($settled_days[$substring($, 0, $length($day)) = $day or $substring($day, 0, $length($)) = $]))])"
}

// noteComparison keeps that all is well, for the next comparison to begin there.
func noteComparison(c Config, failure, then asl.Target) asl.Target {
	note := s3.PutObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ComparedKey("{}"), reconciled),
		Body:   before,
		KeyARN: c.StagingKeyARN,
	}.Task("NoteComparison").
		RetryAll(transient).
		KeepInput()
	sum := asl.Pass("AllIsWell").JSONata().Assign(asl.Let(before, asl.Q[compared](fmt.Sprintf(
		`{"since": $fromMillis($toMillis($began) - %d), "whole": $whole ? $began : $before.whole, "warehouse": '%s'}`,
		(underway+uploadTakes).Milliseconds(), c.Renewal))))
	return asl.Choice("AnythingFound").JSONata().
		When(asl.Cond("$missing + $gone > 0 or $states.input.found = true"), then).
		Otherwise(asl.Chain(sum, note).CatchAll(failed(failure)).Then(then))
}
