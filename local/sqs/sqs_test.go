package sqs

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
)

type policy map[string]bool

func (p policy) Authorize(who door.Principal, r door.Request) error {
	if p[r.Action] {
		return errors.New(who.String() + " may not " + r.Action + " on " + r.Resource)
	}
	return nil
}

const (
	prefix = "arn:aws:sqs:eu-west-1:123456789012:"
	key    = "arn:aws:kms:eu-west-1:123456789012:key/1"
)

type world struct {
	*Service
	clock  *sim.Clock
	denied policy
	ctx    context.Context
}

func newWorld(t *testing.T) *world {
	t.Helper()
	clock := sim.NewClock(time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC))
	denied := policy{}
	d := door.New(clock, denied, 1)
	directory := iam.NewDirectory("eu-west-1", clock.Now)
	keys := kms.New(d, directory, "eu-west-1")
	s := New(d, clock, keys, directory, func(service, resource string) string { return prefix + resource })
	deploy := func(types map[string]func(*recorder.Resource) error, typ string, in, out map[string]any) {
		t.Helper()
		if err := types[typ](&recorder.Resource{Type: typ, Name: "test", Inputs: in, Outputs: out}); err != nil {
			t.Fatal(err)
		}
	}
	deploy(keys.Types(nil), "aws:kms/key:Key", map[string]any{}, map[string]any{"keyId": "1", "arn": key})
	deploy(s.Types(nil), "aws:sqs/queue:Queue", map[string]any{"name": "dlq"}, map[string]any{"arn": prefix + "dlq", "url": "https://dlq"})
	deploy(s.Types(nil), "aws:sqs/queue:Queue", map[string]any{
		"name": "q", "visibilityTimeoutSeconds": 30.0, "kmsMasterKeyId": key, "messageRetentionSeconds": 3600.0,
		"redrivePolicy": `{"deadLetterTargetArn":"` + prefix + `dlq","maxReceiveCount":2}`,
	}, map[string]any{"arn": prefix + "q", "url": "https://q"})
	return &world{s, clock, denied, door.As(context.Background(), door.Principal{ARN: "me", Role: "arn:aws:iam::123456789012:user/me"})}
}

func (w *world) wait(d time.Duration) { w.clock.After(d, func() {}); w.clock.Step() }

func (w *world) receive(t *testing.T) []types.Message {
	t.Helper()
	out, err := w.ReceiveMessage(w.ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String("https://q"), MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	return out.Messages
}

func TestVisibilityAndRedrive(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"one", "two"} {
		if _, err := w.SendMessage(w.ctx, &sqs.SendMessageInput{QueueUrl: aws.String("https://q"), MessageBody: aws.String(body)}); err != nil {
			t.Fatal(err)
		}
	}
	got := w.receive(t)
	if len(got) != 2 || *got[0].Body != "one" || got[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Fatalf("first receive: %+v", got)
	}
	if again := w.receive(t); len(again) != 0 {
		t.Errorf("%d messages while both are hidden", len(again))
	}
	if _, err := w.DeleteMessage(w.ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String("https://q"), ReceiptHandle: got[0].ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
	w.wait(31 * time.Second)
	if again := w.receive(t); len(again) != 1 || again[0].Attributes["ApproximateReceiveCount"] != "2" {
		t.Errorf("after the visibility timeout: %+v", again)
	}
	w.wait(31 * time.Second)
	if again := w.receive(t); len(again) != 0 {
		t.Errorf("a message received twice is not for a third: %+v", again)
	}
	if b := w.Bodies("dlq"); len(b) != 1 || b[0] != "two" {
		t.Errorf("dead letters %q", b)
	}
	a, err := w.GetQueueAttributes(w.ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String("https://dlq"), AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil || a.Attributes["ApproximateNumberOfMessages"] != "1" {
		t.Errorf("attributes %v, %v", a, err)
	}
}

func TestRetention(t *testing.T) {
	w := newWorld(t)
	if _, err := w.SendMessage(w.ctx, &sqs.SendMessageInput{QueueUrl: aws.String("https://q"), MessageBody: aws.String("x")}); err != nil {
		t.Fatal(err)
	}
	w.wait(time.Hour + time.Second)
	if got := w.receive(t); len(got) != 0 {
		t.Errorf("a message outlived its retention: %+v", got)
	}
}

func TestSendIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		in     sqs.SendMessageInput
		denied string
		want   string
	}{
		"no permission":   {in: sqs.SendMessageInput{MessageBody: aws.String("x")}, denied: "sqs:SendMessage", want: "sqs:SendMessage"},
		"no key":          {in: sqs.SendMessageInput{MessageBody: aws.String("x")}, denied: "kms:GenerateDataKey", want: "kms:GenerateDataKey"},
		"empty":           {want: "MessageBody"},
		"too long":        {in: sqs.SendMessageInput{MessageBody: aws.String(strings.Repeat("x", 262_145))}, want: "shorter than 262144"},
		"group":           {in: sqs.SendMessageInput{MessageBody: aws.String("x"), MessageDeduplicationId: aws.String("g")}, want: "MessageDeduplicationId"},
		"queue not there": {in: sqs.SendMessageInput{MessageBody: aws.String("x"), QueueUrl: aws.String("https://none")}, want: "does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.denied[c.denied] = true
			if c.in.QueueUrl == nil {
				c.in.QueueUrl = aws.String("https://q")
			}
			if _, err := w.SendMessage(w.ctx, &c.in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if n := len(w.Bodies("q")); n != 0 {
				t.Errorf("%d messages were sent all the same", n)
			}
		})
	}
}

// Dead letters go back to the queue that they come from; a queue that takes none is refused.
func TestMoves(t *testing.T) {
	w := newWorld(t)
	if _, err := w.SendMessage(w.ctx, &sqs.SendMessageInput{QueueUrl: aws.String("https://q"), MessageBody: aws.String("m")}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		w.receive(t)
		w.wait(31 * time.Second)
	}
	w.receive(t) // the third time: a dead letter
	if len(w.Bodies("dlq")) != 1 || len(w.Bodies("q")) != 0 {
		t.Fatalf("the queues hold %v and %v", w.Bodies("q"), w.Bodies("dlq"))
	}
	if _, err := w.StartMessageMoveTask(w.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(prefix + "q")}); err == nil || !strings.Contains(err.Error(), "must be configured as a Dead Letter Queue") {
		t.Errorf("a queue without dead letters: %v", err)
	}
	w.denied["sqs:StartMessageMoveTask"] = true
	if _, err := w.StartMessageMoveTask(w.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(prefix + "dlq")}); err == nil {
		t.Error("moved without permission")
	}
	delete(w.denied, "sqs:StartMessageMoveTask")
	task, err := w.StartMessageMoveTask(w.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: aws.String(prefix + "dlq")})
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Bodies("q"); len(got) != 1 || len(w.Bodies("dlq")) != 0 {
		t.Errorf("the queues hold %v and %v", got, w.Bodies("dlq"))
	}
	list, err := w.ListMessageMoveTasks(w.ctx, &sqs.ListMessageMoveTasksInput{SourceArn: aws.String(prefix + "dlq")})
	if err != nil || len(list.Results) != 1 || *list.Results[0].Status != "COMPLETED" || list.Results[0].ApproximateNumberOfMessagesMoved != 1 {
		t.Errorf("got %+v, %v", list, err)
	}
	if _, err := w.CancelMessageMoveTask(w.ctx, &sqs.CancelMessageMoveTaskInput{TaskHandle: task.TaskHandle}); err == nil {
		t.Error("a task that is over was cancelled")
	}
	if got := w.receive(t); len(got) != 1 || got[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Errorf("got %+v", got)
	}
}
