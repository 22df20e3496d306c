package workflow

import (
	"airline/asl"
	"airline/asl/s3"
	"airline/etl"
)

// newest asks S3 for the newest version of each key. It alone is the order of
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
// its versions with the newest. A key of which S3 gives no answer fails alone.
func newest(c Config) asl.Step {
	const (
		files   = "$states.result.Versions[0][Key = $states.input.key]"
		entries = "$append($states.result.Versions, $states.result.DeleteMarkers)[Key = $states.input.key]"
	)
	var cause, err = asl.Var[string]("unasked_cause"), asl.Var[string]("unasked_error")
	unasked := asl.Pass("NotAsked").JSONata().Output(asl.Ordered(
		"key", asl.Q[string]("$states.input.key"), "version", asl.Q[string]("$states.input.version"), "error", err, "cause", cause))
	ask := s3.ListObjectVersions{
		Bucket:  asl.Text(c.RawBucket),
		Prefix:  asl.Q[string]("$states.input.key"),
		MaxKeys: asl.Int(1),
	}.Task("AskNewest").JSONata().
		RetryAll(transient).
		Output(asl.Ordered(
			"key", asl.Q[string]("$states.input.key"),
			"named", asl.Q[string]("$states.input.version"),
			"time", asl.Q[string]("$states.input.time"),
			"there", asl.Q[bool]("$exists("+files+")"),
			"size", asl.Q[int]("($file := "+files+"; $exists($file) ? $file.Size : 0)"),
			// The newest one's id, a delete marker's too.
			"version", asl.Q[string]("($newest := "+entries+"; $exists($newest) ? $newest.VersionId : '"+etl.NoVersion+"')"),
			// When it was written, in whole seconds.
			"written_at", asl.Q[string]("($newest := "+entries+"; $fromMillis($toMillis($exists($newest) ? $newest.LastModified : "+
				"$states.context.State.EnteredTime), "+wholeSeconds+"))"),
			// Just before S3 was asked.
			"observed_at", asl.Q[string]("$states.context.State.EnteredTime"),
		)).
		Catch(s3.ServiceError, asl.Catcher{Next: unasked.End(), KeepInput: true, Assign: []asl.Assignment{asl.Let(err, asl.Caught.Error), asl.Let(cause, asl.Caught.Cause)}})
	return asl.Map("AskForNewest", asl.Q[[]any]("$named"), ask.Then(identify(c).End())).
		MaxConcurrency(asl.Int(10)).
		JSONata().
		Assign(asl.Let(asked, asl.Q[[]any]("[$states.result]"))).
		Output(asl.Q[any]("$states.input"))
}

// saidOf is what S3 said of the key of an event.
type saidOf struct {
	Key        string `json:"key"`
	Named      string `json:"named"` // the version that the event named
	Time       string `json:"time"`  // of the event
	There      bool   `json:"there"` // the key has an object, not a delete marker or nothing
	Size       int64  `json:"size"`  // of the object, in bytes
	Version    string `json:"version"`
	WrittenAt  string `json:"written_at"`
	ObservedAt string `json:"observed_at"`
}

// identify adds the id of the load, and that of the version that the event named: the SHA-256 of bucket, key and version as a
// JSON array, so that no key can be made to look like another's.
func identify(c Config) asl.PassState {
	key := asl.At(func(a *saidOf) *string { return &a.Key })
	version, named := asl.At(func(a *saidOf) *string { return &a.Version }), asl.At(func(a *saidOf) *string { return &a.Named })
	id := func(version asl.Ref[string]) asl.Value[string] {
		return asl.Hash(asl.JSONToString(asl.Array(asl.Text(c.RawBucket), key, version)), asl.SHA256)
	}
	return asl.Pass("Identify").
		Comment("The load's identity is that of the object version").
		Parameters(asl.Ordered(
			"key", key, "named", named, "named_id", id(named),
			"time", asl.At(func(a *saidOf) *string { return &a.Time }),
			"there", asl.At(func(a *saidOf) *bool { return &a.There }),
			"size", asl.At(func(a *saidOf) *int64 { return &a.Size }),
			"version", version, "load_id", id(version),
			"written_at", asl.At(func(a *saidOf) *string { return &a.WrittenAt }),
			"observed_at", asl.At(func(a *saidOf) *string { return &a.ObservedAt }),
		))
}
