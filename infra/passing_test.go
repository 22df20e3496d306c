package infra

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/local/recorder"
)

// What passes is waited for, what stays is explained, and everything else is left to AWS's own error.
func TestRefusalsOfAWS(t *testing.T) {
	const running = "updating Glue Crawler: InvalidInputException: Cannot update Crawler while running. Please stop crawl or wait until it completes to update."
	tests := []struct {
		name   string
		errors []string // newest first
		retry  bool
		said   string // "" for nothing
	}{
		{"nothing", nil, false, ""},
		{"update of a running crawler", []string{running}, true, "info: flights: the crawler is running"},
		{"delete of a running crawler", []string{"CrawlerRunningException: Crawler with name airline-dev-flights is currently running"}, true, "crawler is running"},
		{"again", []string{running, running}, true, ""},
		{"too long", []string{running, running, running}, false, "error: flights: the crawler is running, and still is"},
		{"tags", []string{"InvalidInputException: Tags created previously on a crawler of the same name are in deleting state. Please retry after some time."}, true, "deleted crawler of the same name"},
		{"a state machine", []string{"StateMachineDeleting: State Machine is being deleted"}, true, "waits for its executions"},
		{"a workgroup", []string{"ConflictException: There is an operation running on the namespace. Try again later."}, true, "another change"},
		{"a neighbour", []string{"OperationAborted: A conflicting conditional operation is currently in progress against this resource."}, true, "somebody else"},
		{"a log group", []string{"ResourceAlreadyExistsException: The specified log group already exists"}, false, "delete-log-group"},
		{"a final snapshot", []string{"ClusterSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier airline-dev-final already exists."}, false, "finalSnapshot"},
		{"Lake Formation", []string{"AccessDeniedException: Insufficient Lake Formation permission(s): Required Create Database on Catalog"}, false, "docs/deploy.md"},
		{"a kept bucket", []string{"BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded"}, false, "airline adopt"},
		{"no permission", []string{"AccessDeniedException: not authorized to perform glue:UpdateCrawler"}, false, ""},
		{"an older error", []string{"AccessDeniedException", running}, false, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var said []string
			w := &waiter{tries: 3, say: func(severity, text string) { said = append(said, severity+": "+text) }}
			retry, err := w.onError(context.Background(), &pulumi.ErrorHookArgs{Name: "flights", FailedOperation: "update", Errors: test.errors})
			if err != nil || retry != test.retry {
				t.Errorf("tried again: %t, %v; want %t", retry, err, test.retry)
			}
			if got := strings.Join(said, "\n"); (got == "") != (test.said == "") || !strings.Contains(got, test.said) {
				t.Errorf("said %q, want %q", got, test.said)
			}
		})
	}
}

// An update that is cancelled does not wait to its end.
func TestWaitingEndsWithTheUpdate(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := &waiter{pause: passingPause, tries: passingTries, say: func(string, string) {}}
	retry, err := w.onError(ctx, &pulumi.ErrorHookArgs{Errors: []string{"CrawlerRunningException"}})
	if retry || err == nil {
		t.Errorf("got %t, %v", retry, err)
	}
}

func TestEveryResourceWaits(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, r := range g.Resources {
			if want := strings.HasPrefix(r.Type, "aws:") && !r.External && !r.Modelled; want != slices.Contains(r.ErrorHooks, "wait") {
				t.Errorf("%s %s has the hooks %v", r.ShortType(), r.Name, r.ErrorHooks)
			}
		}
	})
}
