package infra

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/recorder"
)

// fakeQueue is a queue with so many messages, visible and not, when it is asked for the first time and later; then with the last.
type fakeQueue struct {
	counts  [][2]int
	missing error // instead of the address
	refuse  error // instead of the numbers
	asked   int
}

func (f *fakeQueue) GetQueueUrl(_ context.Context, in *sqs.GetQueueUrlInput, _ ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error) {
	if f.missing != nil {
		return nil, f.missing
	}
	return &sqs.GetQueueUrlOutput{QueueUrl: aws.String(*in.QueueOwnerAWSAccountId + "/" + *in.QueueName)}, nil
}

func (f *fakeQueue) GetQueueAttributes(_ context.Context, in *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	if *in.QueueUrl != "123456789012/airline-dev-gather-flights" {
		return nil, errors.New("another queue: " + *in.QueueUrl)
	}
	if f.refuse != nil {
		return nil, f.refuse
	}
	n := f.counts[min(f.asked, len(f.counts)-1)]
	f.asked++
	return &sqs.GetQueueAttributesOutput{Attributes: map[string]string{
		"ApproximateNumberOfMessages": strconv.Itoa(n[0]), "ApproximateNumberOfMessagesNotVisible": strconv.Itoa(n[1]), "ApproximateNumberOfMessagesDelayed": "0",
	}}, nil
}

func TestDrain(t *testing.T) {
	for name, test := range map[string]struct {
		queue fakeQueue
		asked int    // how often, when it ends well
		told  int    // how often people are
		err   string // in the message
	}{
		"empty":                          {fakeQueue{counts: [][2]int{{0, 0}}}, drainEmpty, 0, ""},
		"the pipe takes them":            {fakeQueue{counts: [][2]int{{3, 0}, {3, 0}, {0, 3}, {0, 1}, {0, 0}}}, 4 + drainEmpty, 2, ""},
		"one comes late":                 {fakeQueue{counts: [][2]int{{0, 0}, {0, 0}, {1, 0}, {0, 0}}}, 3 + drainEmpty, 1, ""},
		"the pipe takes nothing":         {fakeQueue{counts: [][2]int{{2, 0}}}, 0, 1, "2 files still wait"},
		"there is no such queue":         {fakeQueue{missing: &types.QueueDoesNotExist{}}, 0, 0, ""},
		"nobody may ask for its address": {fakeQueue{missing: errors.New("denied")}, 0, 0, "denied"},
		"nobody may ask":                 {fakeQueue{refuse: errors.New("denied")}, 0, 0, "denied"},
	} {
		t.Run(name, func(t *testing.T) {
			told := 0
			d := &drainer{connect: func(context.Context) (queues, error) { return &test.queue, nil }, say: func(string) { told++ }}
			err := d.drain(t.Context(), "arn:aws:sqs:eu-west-1:123456789012:airline-dev-gather-flights")
			if (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
				t.Errorf("got %v, want %q", err, test.err)
			}
			if err == nil && test.queue.asked != test.asked || told != test.told {
				t.Errorf("the queue was asked %d times and people told %d times, want %d and %d", test.queue.asked, told, test.asked, test.told)
			}
		})
	}
	t.Run("no client", func(t *testing.T) {
		d := &drainer{connect: func(context.Context) (queues, error) { return nil, errors.New("no credentials") }}
		if err := d.drain(t.Context(), "arn:aws:sqs:eu-west-1:123456789012:q"); err == nil || !strings.Contains(err.Error(), "no credentials") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no queue", func(t *testing.T) {
		if err := (&drainer{}).drain(t.Context(), "gather"); err == nil {
			t.Error("what is no ARN is drained")
		}
	})
}

// A pipe is drained before it goes, and goes before its queue and its role.
func TestPipesAreDrained(t *testing.T) {
	g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"batchSeconds": "60"}})
	if err != nil {
		t.Fatal(err)
	}
	pipes := 0
	for _, r := range g.Resources {
		isPipe := r.ShortType() == "Pipe"
		if got := slices.Contains(r.DeleteHooks, drainHook); got != isPipe {
			t.Errorf("%s %s is drained: %t, want %t", r.Type, r.Name, got, isPipe)
		}
		if isPipe {
			pipes++
			for _, needed := range []string{"Queue::" + r.Name, "RolePolicy::" + r.Name} {
				if !slices.ContainsFunc(r.Dependencies, func(urn string) bool { return strings.HasSuffix(urn, ":"+needed) }) {
					t.Errorf("the pipe %s goes without regard to %s: it depends on %v", r.Name, needed, r.Dependencies)
				}
			}
		}
	}
	if pipes != 2 {
		t.Errorf("%d pipes, want one for each dataset", pipes)
	}
}
