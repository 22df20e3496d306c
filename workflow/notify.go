package workflow

import (
	"time"

	"airline/asl"
	"airline/asl/sns"
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
	throttled = asl.Retrier{Interval: 5 * time.Second, MaxAttempts: 8, BackoffRate: 2, MaxDelay: 5 * time.Minute, Jitter: true}
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

// notifyFailure tells people and then ends in Fail. When telling fails too, the
// execution still fails with the first error, and alarms see it.
func notifyFailure(c Config, d dataset) asl.Target {
	return failing(publish(c, "NotifyFailure", "airline: "+string(d.name)+" NOT loaded", asl.Ordered(
		"status", "FAILED",
		"dataset", string(d.name),
		"bucket", bucket, "key", key, "version", version,
		"state", failedState, "error", failedError, "cause", failedCause,
		"load_id", loadID,
		"execution", asl.Context.Execution.ID,
	)))
}

// failing ends a machine in Fail after telling, whether telling works or not.
func failing(tell asl.Task[sns.Publish, sns.PublishOutput]) asl.Target {
	fail := asl.Fail("Failed", asl.FailSpec{Error: failedError, Cause: failedCause})
	return tell.CatchAll(asl.Catcher{Next: fail, KeepInput: true}).Then(fail)
}

// notifySuccess tells how many rows came in.
func notifySuccess(c Config, d dataset) asl.Step {
	return publish(c, "NotifySuccess", "airline: "+string(d.name)+" loaded", asl.Ordered(
		"status", "LOADED",
		"dataset", string(d.name),
		"bucket", bucket, "key", key, "version", version,
		"manifest", manifest,
		"execution", asl.Context.Execution.ID,
	))
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
