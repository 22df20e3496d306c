package workflow

import (
	"strings"
	"time"

	"airline/asl"
	"airline/asl/sns"
	"airline/etl"
)

// What went wrong, for the notification and for the Fail state.
var (
	failedState = asl.Var[string]("failed_state")
	failedError = asl.Var[string]("failed_error")
	failedCause = asl.Var[string]("failed_cause")
)

// Retries of what passes by itself, of what needs a place to become free, and of calls that came too fast after others.
var (
	transient = asl.Retrier{Interval: 2 * time.Second, MaxAttempts: 5, BackoffRate: 2, MaxDelay: time.Minute, Jitter: true}
	throttled = asl.Retrier{Interval: 5 * time.Second, MaxAttempts: 20, BackoffRate: 2, MaxDelay: 5 * time.Minute, Jitter: true}
	busy      = asl.Retrier{Interval: 10 * time.Second, MaxAttempts: 20, BackoffRate: 1.5, MaxDelay: 2 * time.Minute, Jitter: true}
)

// whatFailed keeps the error that a catcher caught.
func whatFailed() []asl.Assignment {
	return []asl.Assignment{
		asl.Let(failedState, asl.Context.State.Name),
		asl.Let(failedError, asl.Caught.Error),
		asl.Let(failedCause, asl.Caught.Cause),
	}
}

// failed is the catch-all of every state: it keeps what failed and leads to the
// notification.
func failed(failure asl.Target) asl.Catcher {
	return asl.Catcher{Next: failure, KeepInput: true, Assign: whatFailed()}
}

// fails is a state that leads to the notification with an error of our own,
// which has the state's name.
func fails(name string, failure asl.Target, cause string) asl.Target {
	return tell(name, name, failure, asl.Text(cause))
}

// failsWith is fails with the message of a service for the cause, where there
// is one.
func failsWith(name string, failure asl.Target, message asl.Ref[string], otherwise string) asl.Target {
	return asl.Choice(name).
		When(asl.IsPresent(message), tell("Tell"+name, name, failure, message)).
		Otherwise(tell("Tell"+name+"Anyway", name, failure, asl.Text(otherwise)))
}

func tell(state, err string, failure asl.Target, cause asl.Value[string]) asl.Target {
	return asl.Pass(state).Assign(
		asl.Let(failedState, asl.Text(err)),
		asl.Let(failedError, asl.Text(err)),
		asl.Let(failedCause, cause),
	).Then(failure)
}

// What is told of files that were not loaded: how many, the first of them, and where the list of all is. Until the end these are all files of the
// batch: what fails before fails them all. Those that failed alone are put aside.
var (
	notLoaded = asl.Var[int]("not_loaded")
	failures  = asl.Var[[]any]("failures")
	alone     = asl.Var[int]("failed_alone")
	reasons   = asl.Var[[]any]("reasons")
	fullList  = asl.Var[string]("full_list")
	loaded    = asl.Var[int]("loaded") // files, once they are
)

// NotLoaded is the error of an execution of which several files were not loaded; of a single one it is the file's own.
const NotLoaded = "FilesNotLoaded"

// tellOutcome tells once what became of the batch's files. That some failed does not keep the others back, and yet fails the execution.
func tellOutcome(c Config, d dataset, failure asl.Target) asl.Target {
	failing := asl.Pass("TellFailures").JSONata().Assign(
		asl.Let(notLoaded, asl.Q[int]("$failed_alone")),
		asl.Let(failures, asl.Q[[]any]("$reasons")),
		asl.Let(failedState, asl.Q[string]("'"+Outcome+"'")),
		asl.Let(failedError, asl.Q[string]("$failed_alone = 1 ? $reasons[0].error : '"+NotLoaded+"'")),
		asl.Let(failedCause, asl.Q[string]("$failed_alone = 1 ? $reasons[0].cause : $failed_alone & ' of ' & $count($named) & ' files were not loaded: ' & "+
			"$join($reasons.(error & ': ' & key), '; ') & ($failed_alone > $count($reasons) ? '; and others')")),
	).Then(failure)
	return asl.Choice(Outcome).JSONata().
		When(asl.Cond("$failed_alone > 0"), failing).
		When(asl.Cond("$loaded > 0 and $not("+toldByStarter+")"), notifySuccess(c, d).CatchAll(failed(failure)).Then(ended("Loaded"))).
		Otherwise(ended("NothingToTell"))
}

// notifyFailure tells people and then ends in Fail. When telling fails too, the
// execution still fails with the first error, and alarms see it.
func notifyFailure(c Config, d dataset) asl.Target {
	fail, tell := failing(publish(c, "NotifyFailure", "airline: "+string(d.name)+" NOT loaded", asl.Ordered(
		"status", "FAILED",
		"dataset", string(d.name),
		"bucket", c.RawBucket,
		"loaded", loaded, "failed", notLoaded,
		"state", failedState, "error", failedError, "cause", failedCause,
		"files", failures, "list", fullList,
		"execution", asl.Context.Execution.ID,
	)))
	return asl.Choice("WhoTells").JSONata().When(asl.Cond(toldByStarter), failQuietly(fail, "")).Otherwise(tell)
}

// failing ends a machine in Fail after telling, whether telling works or not. It gives the Fail state, too.
func failing(tell asl.Task[sns.Publish, sns.PublishOutput]) (fail, told asl.Target) {
	fail = asl.Fail("Failed", asl.FailSpec{Error: failedError, Cause: failedCause})
	return fail, tell.CatchAll(asl.Catcher{Next: fail, KeepInput: true}).Then(fail)
}

// notifySuccess tells how many rows came in.
func notifySuccess(c Config, d dataset) asl.Task[sns.Publish, sns.PublishOutput] {
	number := func(selector func(*etl.BatchResult) *int64) asl.Operand { return asl.Of(result, selector) }
	return publish(c, "NotifySuccess", "airline: "+string(d.name)+" loaded", asl.Ordered(
		"status", "LOADED",
		"dataset", string(d.name),
		"bucket", c.RawBucket,
		"loaded", loaded,
		"rows_read", number(func(r *etl.BatchResult) *int64 { return &r.RowsRead }),
		"rows_loaded", number(func(r *etl.BatchResult) *int64 { return &r.RowsLoaded }),
		"rows_rejected", number(func(r *etl.BatchResult) *int64 { return &r.RowsRejected }),
		"files", asl.Of(result, func(r *etl.BatchResult) *[]etl.Outcome { return &r.Loads }), "list", fullList,
		"execution", asl.Context.Execution.ID,
	))
}

// rowsGone are the rows that were retired.
var rowsGone = asl.Var[int]("rows_gone")

// notifyGone tells that objects are gone and what became of their rows.
func notifyGone(c Config, d dataset) asl.JSONataTask[sns.Publish, sns.PublishOutput] {
	status := etl.GoneStatus(d.name, c.OnDelete)
	gone := "$entries[status = '" + status + "']"
	message := []any{"status", strings.ToUpper(status), "dataset", string(d.name), "bucket", c.RawBucket, "gone", asl.Q[int]("$count(" + gone + ")")}
	if status == etl.StatusRetired {
		message = append(message, "rows", rowsGone)
	}
	message = append(message, "files", asl.Q[any](firsts(gone+`.{"key": source_key, "version": version}`)), "execution", asl.Context.Execution.ID)
	return publish(c, "NotifyGone", "airline: "+string(d.name)+" "+status+", their file is gone", asl.Ordered(message...)).JSONata()
}

func publish(c Config, name, subject string, message any) asl.Task[sns.Publish, sns.PublishOutput] {
	return sns.Publish{
		TopicARN:    asl.Text(c.TopicARN),
		Subject:     asl.Text(subject),
		Message:     message,
		TopicKeyARN: c.TopicKeyARN,
	}.Task(name).
		Retry(transient, sns.InternalError, sns.KMSThrottling, sns.ServiceError).
		KeepInput()
}
