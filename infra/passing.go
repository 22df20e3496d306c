package infra

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// passing are refusals of AWS that pass by themselves, and that the provider does not wait for. Each has a text of AWS's error
// and what is waited for.
var passing = []struct{ text, what string }{
	// terraform-provider-aws#35913, #43345: we crawl at every upload.
	{"CrawlerRunningException", "the crawler is running"},
	{"Cannot update Crawler while running", "the crawler is running"},
	// terraform-provider-aws#31738: a crawler that was just deleted is created again.
	{"of the same name are in deleting state", "the tags of a deleted crawler of the same name are going"},
	{"StateMachineDeleting", "a deleted state machine of the same name waits for its executions"},
	{"There is an operation running on", "Redshift Serverless is at work on another change"},
	// S3 and CloudWatch Logs, when neighbouring stacks change the same thing, such as a bucket that both were given.
	{"OperationAborted", "somebody else is changing the same bucket"},
}

// lasting are refusals that stay until somebody acts. Each has a text of AWS's error, and what to do.
var lasting = []struct{ text, remedy string }{
	{"The specified log group already exists",
		"a service has made the log group before the stack did. Take it into the stack with what it holds, `pulumi import " +
			"aws:cloudwatch/logGroup:LogGroup`, or delete it, `aws logs delete-log-group`, and update again (docs/deploy.md, \"What to know before\", Logs)"},
	{"ClusterSnapshotAlreadyExists",
		"an earlier cluster has left a snapshot of this name, and this one cannot leave its own. Set renewal to a text that it did not have " +
			"before and update, or set finalSnapshot to false and update; then try again"},
	{"Insufficient Lake Formation permission",
		"Lake Formation governs the Glue catalog here. docs/deploy.md (\"What to know before\", Lake Formation) tells who must grant what to whom"},
	{"BucketAlreadyOwnedByYou",
		"a destroy has kept this bucket. `airline adopt` goes on with what was kept (docs/deploy.md, \"What to know before\")"},
}

// How long a passing refusal is waited for: half an hour, the longest crawl of a day's files with a margin. The engine itself
// stops after 100 attempts.
const (
	passingTries = 90
	passingPause = 20 * time.Second
)

// waiter answers the engine when AWS has refused a change.
type waiter struct {
	pause time.Duration
	tries int
	say   func(severity, text string)
}

// onError tells whether the change is tried again, after a pause. Errors come newest first.
func (w *waiter) onError(ctx context.Context, args *pulumi.ErrorHookArgs) (bool, error) {
	if len(args.Errors) == 0 {
		return false, nil
	}
	newest := args.Errors[0]
	for _, p := range passing {
		if !strings.Contains(newest, p.text) {
			continue
		}
		if len(args.Errors) >= w.tries {
			w.say("error", fmt.Sprintf("%s: %s, and still is after %s; %s it again when that has ended",
				args.Name, p.what, w.pause*time.Duration(w.tries), args.FailedOperation))
			return false, nil
		}
		if len(args.Errors) == 1 {
			w.say("info", fmt.Sprintf("%s: %s; waiting to %s it", args.Name, p.what, args.FailedOperation))
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(w.pause):
			return true, nil
		}
	}
	for _, l := range lasting {
		if strings.Contains(newest, l.text) {
			w.say("error", args.Name+": "+l.remedy)
		}
	}
	return false, nil
}

// waitForPassing lets every AWS resource wait for refusals that pass. A destroy does so with --run-program only: without the
// program nobody waits, and AWS's own error ends it.
func waitForPassing(ctx *pulumi.Context) error {
	w := &waiter{pause: passingPause, tries: passingTries, say: func(severity, text string) {
		log := ctx.Log.Info
		if severity == "error" {
			log = ctx.Log.Error
		}
		_ = log(text, nil) // the engine's own error follows in any case
	}}
	hook, err := ctx.RegisterErrorHook("wait", func(args *pulumi.ErrorHookArgs) (bool, error) {
		return w.onError(ctx.Context(), args)
	})
	if err != nil {
		return err
	}
	binding := &pulumi.ResourceHookBinding{OnError: []*pulumi.ErrorHook{hook}}
	return ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		if !strings.HasPrefix(args.Type, "aws:") {
			return nil
		}
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: append(args.Opts, pulumi.ResourceHooks(binding))}
	})
}
