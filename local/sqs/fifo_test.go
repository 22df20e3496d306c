package sqs

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/recorder"
)

// ordered is a FIFO queue of a world.
type ordered struct {
	*world
	t   *testing.T
	url string
}

func newOrdered(t *testing.T, attributes map[string]string) ordered {
	w := newWorld(t)
	all := map[string]string{"FifoQueue": "true"}
	maps.Copy(all, attributes)
	return ordered{w, t, w.create(t, "o.fifo", all)}
}

// send sends "group/id/body"; an empty id is none.
func (o ordered) send(text string) (*sqs.SendMessageOutput, error) {
	part := strings.Split(text, "/")
	in := &sqs.SendMessageInput{QueueUrl: &o.url, MessageBody: &part[2]}
	if part[0] != "" {
		in.MessageGroupId = &part[0]
	}
	if part[1] != "" {
		in.MessageDeduplicationId = &part[1]
	}
	return o.SendMessage(o.ctx, in)
}

func (o ordered) sends(all ...string) {
	o.t.Helper()
	for _, text := range all {
		if _, err := o.send(text); err != nil {
			o.t.Fatal(err)
		}
	}
}

// wait lets time go by, with all that happens meanwhile.
func (o ordered) wait(d time.Duration) {
	over := false
	o.clock.After(d, func() { over = true })
	for !over {
		o.clock.Step()
	}
}

// take receives, and gives the messages with their bodies in one text.
func (o ordered) take(most int32, attempt string) ([]types.Message, string) {
	o.t.Helper()
	in := &sqs.ReceiveMessageInput{QueueUrl: &o.url, MaxNumberOfMessages: most}
	if attempt != "" {
		in.ReceiveRequestAttemptId = &attempt
	}
	out, err := o.ReceiveMessage(o.ctx, in)
	if err != nil {
		o.t.Fatal(err)
	}
	text := ""
	for _, m := range out.Messages {
		text += *m.Body
	}
	return out.Messages, text
}

func (o ordered) want(got, want, what string) {
	o.t.Helper()
	if got != want {
		o.t.Errorf("%s: received %q, want %q", what, got, want)
	}
}

func (o ordered) delete(m types.Message) error {
	_, err := o.DeleteMessage(o.ctx, &sqs.DeleteMessageInput{QueueUrl: &o.url, ReceiptHandle: m.ReceiptHandle})
	return err
}

// A group's messages come in their order, and none of them while one before is in flight; other groups do not wait.
func TestGroupsAreInOrder(t *testing.T) {
	o := newOrdered(t, map[string]string{"VisibilityTimeout": "30"})
	o.sends("a/1/A", "b/2/X", "a/3/B", "b/4/Y", "a/5/C")
	first, got := o.take(1, "")
	o.want(got, "A", "the first")
	rest, got := o.take(10, "")
	o.want(got, "XY", "while A is in flight")
	if o.Visible(o.url) {
		t.Error("a message can be received whose group is in flight")
	}
	if err := o.delete(first[0]); err != nil {
		t.Fatal(err)
	}
	all, got := o.take(10, "")
	o.want(got, "BC", "after A")
	if a := all[0].Attributes; a["MessageGroupId"] != "a" || a["MessageDeduplicationId"] != "3" || len(a["SequenceNumber"]) != 20 || a["SequenceNumber"] >= all[1].Attributes["SequenceNumber"] {
		t.Errorf("B has %v, C %v", a, all[1].Attributes)
	}
	// C hidden for longer does not hold B up, and B hidden for longer holds C up (recorded by LocalStack's tests).
	hide := func(m types.Message, seconds int32) {
		t.Helper()
		if _, err := o.ChangeMessageVisibility(o.ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &o.url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: seconds}); err != nil {
			t.Fatal(err)
		}
	}
	hide(all[1], 100)
	o.wait(40 * time.Second)
	again, got := o.take(10, "")
	o.want(got, "XYB", "B and the expired ones")
	hide(again[2], 200)
	o.wait(100 * time.Second)
	_, got = o.take(10, "")
	o.want(got, "XY", "while B is hidden and C is not")
	if err := o.delete(rest[0]); err != nil { // an older handle is no error
		t.Error(err)
	}
	o.wait(31 * time.Second)
	last, _ := o.take(1, "")
	o.wait(31 * time.Second)
	if err := o.delete(last[0]); err == nil || !strings.Contains(err.Error(), "Reason: The receipt handle has expired.") {
		t.Errorf("deleted after the timeout: %v", err)
	}
}

// A message whose id was sent within five minutes is accepted and not delivered, also when the first one is gone.
func TestRepeatedMessages(t *testing.T) {
	o := newOrdered(t, nil)
	first, err := o.send("a/1/A")
	if err != nil {
		t.Fatal(err)
	}
	o.wait(299 * time.Second)
	again, err := o.send("b/1/B")
	if err != nil || *again.MessageId != *first.MessageId || *again.SequenceNumber != *first.SequenceNumber {
		t.Errorf("got %+v, %v, want that of %+v", again, err, first)
	}
	list, got := o.take(10, "")
	o.want(got, "A", "within five minutes")
	if err := o.delete(list[0]); err != nil {
		t.Fatal(err)
	}
	o.wait(time.Second)
	o.sends("b/1/B")
	_, got = o.take(10, "")
	o.want(got, "B", "after five minutes")

	o = newOrdered(t, map[string]string{"ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"})
	o.sends("a//A", "a//A", "b//A", "a//B")
	list, got = o.take(10, "")
	o.want(got, "ABA", "by content and group")
	if sum := sha256.Sum256([]byte("A")); list[0].Attributes["MessageDeduplicationId"] != hex.EncodeToString(sum[:]) {
		t.Errorf("the id is %s", list[0].Attributes["MessageDeduplicationId"])
	}
}

// An attempt to receive that is made again gives the same, as long as nothing was done with it and five minutes are not over.
func TestAttemptsToReceive(t *testing.T) {
	o := newOrdered(t, map[string]string{"VisibilityTimeout": "30"})
	o.sends("a/1/A", "a/2/B", "b/3/C")
	first, got := o.take(2, "try")
	o.want(got, "AB", "at first")
	o.wait(20 * time.Second)
	again, got := o.take(2, "try")
	o.want(got, "AB", "again")
	if *again[0].ReceiptHandle != *first[0].ReceiptHandle {
		t.Error("the handle is another")
	}
	o.wait(20 * time.Second) // the timeout was begun again
	if _, got = o.take(2, "other"); got != "C" {
		t.Errorf("another attempt gives %q", got)
	}
	if err := o.delete(again[0]); err != nil {
		t.Fatal(err)
	}
	_, got = o.take(2, "try")
	o.want(got, "", "after one was deleted")
}

// Dead letters of a FIFO queue go to one, in their order, and make way for those behind.
func TestDeadLettersInOrder(t *testing.T) {
	w := newWorld(t)
	dead := w.create(t, "dead.fifo", map[string]string{"FifoQueue": "true"})
	o := ordered{w, t, w.create(t, "o.fifo", map[string]string{"FifoQueue": "true", "VisibilityTimeout": "30", "RedrivePolicy": `{"deadLetterTargetArn": "` + prefix + `dead.fifo", "maxReceiveCount": 1}`})}
	o.sends("a/1/A", "a/2/B")
	_, got := o.take(1, "")
	o.want(got, "A", "at first")
	o.wait(31 * time.Second)
	_, got = o.take(10, "")
	o.want(got, "B", "behind the dead letter")
	list, got := ordered{w, t, dead}.take(10, "")
	o.want(got, "A", "the dead letters")
	if a := list[0].Attributes; a["MessageGroupId"] != "a" || a["DeadLetterQueueSourceArn"] != prefix+"o.fifo" {
		t.Errorf("it has %v", a)
	}
}

// A FIFO queue of a deployed stack deduplicates as its inputs say.
func TestDeployedFIFOQueue(t *testing.T) {
	w := newWorld(t)
	deploy := func(inputs map[string]any) error {
		inputs["name"] = "o.fifo"
		r := &recorder.Resource{Type: "aws:sqs/queue:Queue", Name: "o", Inputs: inputs, Outputs: map[string]any{"arn": prefix + "o.fifo", "url": "https://o.fifo"}}
		return w.Types(nil)[r.Type](r)
	}
	if err := deploy(map[string]any{}); err == nil || !strings.Contains(err.Error(), "must end with .fifo, and no other's may: o.fifo") {
		t.Errorf("a standard queue of the name o.fifo: %v", err)
	}
	if err := deploy(map[string]any{"fifoQueue": true, "redrivePolicy": `{"deadLetterTargetArn": "` + prefix + `dlq", "maxReceiveCount": 2}`}); err == nil || !strings.Contains(err.Error(), "must both be FIFO queues") {
		t.Errorf("with a standard queue for dead letters: %v", err)
	}
	if err := deploy(map[string]any{"fifoQueue": true, "contentBasedDeduplication": true, "deduplicationScope": "messageGroup", "fifoThroughputLimit": "perMessageGroupId"}); err != nil {
		t.Fatal(err)
	}
	o := ordered{w, t, "https://o.fifo"}
	told, err := o.GetQueueAttributes(o.ctx, &sqs.GetQueueAttributesInput{QueueUrl: &o.url, AttributeNames: []types.QueueAttributeName{"All"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"} {
		if got := told.Attributes[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	o.sends("a//A", "a//A", "b//A", "a//B")
	_, got := o.take(10, "")
	o.want(got, "ABA", "by content and group")
}

func TestFIFORefusals(t *testing.T) {
	o := newOrdered(t, nil)
	url := o.create(t, "standard", nil)
	for want, err := range map[string]error{
		"The request must contain the parameter MessageGroupId.":                                                       second(o.send("/1/A")),
		"The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly": second(o.send("a//A")),
		"Value a b for parameter MessageGroupId is invalid.":                                                           second(o.send("a b/1/A")),
		"Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.": second(o.SendMessage(o.ctx,
			&sqs.SendMessageInput{QueueUrl: &o.url, MessageBody: aws.String("m"), MessageGroupId: aws.String("a"), MessageDeduplicationId: aws.String("1"), DelaySeconds: 2})),
		"Value 1 for parameter MessageDeduplicationId is invalid.":  second(o.SendMessage(o.ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("m"), MessageDeduplicationId: aws.String("1")})),
		"Value 1 for parameter ReceiveRequestAttemptId is invalid.": second(o.ReceiveMessage(o.ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, ReceiveRequestAttemptId: aws.String("1")})),
		"Reason: Modifying queue type is not supported.":            second(o.SetQueueAttributes(o.ctx, &sqs.SetQueueAttributesInput{QueueUrl: &o.url, Attributes: map[string]string{"FifoQueue": "false"}})),
		"Dead-letter target must be same type of queue as the source.": second(o.SetQueueAttributes(o.ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url,
			Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn": "` + prefix + `o.fifo"}`}})),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	// A group in a standard queue is for fair queues, and holds nothing up.
	for range 2 {
		if _, err := o.SendMessage(o.ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("m"), MessageGroupId: aws.String("g")}); err != nil {
			t.Fatal(err)
		}
	}
	standard := ordered{o.world, t, url}
	standard.take(1, "")
	list, got := standard.take(1, "")
	o.want(got, "m", "of a standard queue")
	if len(list) == 1 && (list[0].Attributes["MessageGroupId"] != "g" || list[0].Attributes["SequenceNumber"] != "") {
		t.Errorf("it has %v", list[0].Attributes)
	}
}

func second[T any](_ T, err error) error { return err }
