package workflow

import (
	"time"

	"airline/asl"
	"airline/asl/s3"
	"airline/asl/sns"
	"airline/etl"
)

// What S3 says of the key.
var (
	version    = asl.Var[string]("version")        // the newest one's id, a delete marker's too; etl.NoVersion
	isThere    = asl.Var[bool]("is_there")         // it is an object, not a delete marker or nothing
	writtenAt  = asl.Var[time.Time]("written_at")  // when the version was written, in whole seconds
	observedAt = asl.Var[time.Time]("observed_at") // just before S3 was asked
)

// newest asks S3 for the newest version of the key. It alone is the order of
// versions: the time of a version has whole seconds, only one trigger's events have
// a sequencer, and neither knows of a version that is the newest again because a
// later one was deleted.
//
// Loads of a key are ordered by the moment at which its execution came to this
// state. S3 is consistent: whoever asks after a change sees it. The execution that a
// change starts asks after the change; one that comes here after that one sees the
// change, too; and what came here before loses against it in the ledger, however long
// it takes. So the load that wins has seen the last change.
//
// The listing begins with the key itself, of all keys that begin like it, and of
// its versions with the newest.
func newest(c Config) asl.Step {
	none := asl.Pass("Begin").Comment("What failures before S3's answer are told with").Assign(
		asl.Let(version, asl.Text("")), asl.Let(loadID, asl.Text("")),
		asl.Let(run, asl.Hash(asl.Context.Execution.ID, asl.SHA256)))
	const (
		files   = "$states.result.Versions[0][Key = $states.input.key]"
		entries = "$append($states.result.Versions, $states.result.DeleteMarkers)[Key = $states.input.key]"
	)
	ask := s3.ListObjectVersions{
		Bucket:  asl.Text(c.RawBucket),
		Prefix:  asl.Q[string]("$states.input.key"),
		MaxKeys: asl.Int(1),
	}.Task("AskNewest").JSONata().
		RetryAll(transient).
		KeepInput().
		Assign(
			asl.Let(isThere, asl.Q[bool]("$exists("+files+")")),
			asl.Let(version, asl.Q[string]("($newest := "+entries+"; $exists($newest) ? $newest.VersionId : '"+etl.NoVersion+"')")),
			asl.Let(writtenAt, asl.Q[time.Time]("($newest := "+entries+"; $fromMillis($toMillis($exists($newest) ? $newest.LastModified : "+
				"$states.context.State.EnteredTime), "+wholeSeconds+"))")),
			asl.Let(observedAt, asl.Q[time.Time]("$states.context.State.EnteredTime")),
		)
	return asl.Chain(none, ask)
}

// there leads on with an object, and ends with one that is gone: the ledger learns
// of it, and its rows leave the warehouse if they shall.
func there(c Config, d dataset, failure asl.Target) asl.Step {
	record := transaction(c, batch{
		name:       recordGone,
		statements: etl.Gone(d.name, c.OnDelete),
		parameters: etl.GoneParameters(),
		label:      "gone-" + string(d.name),
	}, failure)
	const changed = "$DescribeRecordGone.SubStatements[-1].ResultRows"
	changes := asl.Choice("AnythingToTell").JSONata().
		When(asl.Cond(changed+" > 0"), notifyGone(c, d).CatchAll(failed(failure)).Then(asl.Succeed("FileGone")),
			asl.Let(rowsGone, asl.Q[int](changed))).
		Otherwise(asl.Succeed("NothingLoaded"))
	gone := asl.Chain(record).CatchAll(failed(failure)).Then(changes)
	return asl.Choice("IsThere").When(asl.Eq(isThere, false), gone)
}

// recordGone is the state that submits the transaction of an object that is gone.
const recordGone = "RecordGone"

// rowsGone are the rows that were retired.
var rowsGone = asl.Var[int]("rows_gone")

// notifyGone tells that an object is gone and what became of its rows.
func notifyGone(c Config, d dataset) asl.Task[sns.Publish, sns.PublishOutput] {
	status, became := "RETIRED", "retired"
	message := []any{"dataset", string(d.name), "bucket", bucket, "key", key, "version", version}
	if c.OnDelete == etl.Retire && d.name == etl.Flights {
		message = append(message, "rows", rowsGone)
	} else {
		status, became = "KEPT", "kept"
	}
	message = append([]any{"status", status}, append(message, "execution", asl.Context.Execution.ID)...)
	return publish(c, "NotifyGone", "airline: "+string(d.name)+" "+became+", their file is gone", asl.Ordered(message...))
}
