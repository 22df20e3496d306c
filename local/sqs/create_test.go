package sqs

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/door"
)

func (w *world) create(t *testing.T, name string, attributes map[string]string) string {
	t.Helper()
	out, err := w.CreateQueue(w.ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

// A deleted queue is gone with its messages, its name is taken for a minute, and whoever waits for its messages also waits for those of the
// next one.
func TestDeletedQueueReturns(t *testing.T) {
	w := newWorld(t)
	url := w.create(t, "mine", nil)
	came := 0
	arn := prefix + "mine"
	if !w.Await(arn, func() { came++ }) {
		t.Fatal("the queue is not there")
	}
	send := func(delay int32) {
		t.Helper()
		if _, err := w.SendMessage(w.ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("m"), DelaySeconds: delay}); err != nil {
			t.Fatal(err)
		}
	}
	send(30)
	if _, err := w.DeleteQueue(w.ctx, &sqs.DeleteQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.GetQueueAttributes(w.ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url}); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("the deleted queue answers %v", err)
	}
	w.wait(59 * time.Second)
	if came != 0 {
		t.Error("a message of the deleted queue came")
	}
	if _, err := w.CreateQueue(w.ctx, &sqs.CreateQueueInput{QueueName: aws.String("mine")}); err == nil || !strings.Contains(err.Error(), "QueueDeletedRecently") {
		t.Errorf("after 59 seconds: %v", err)
	}
	w.wait(time.Second)
	if again := w.create(t, "mine", nil); again != url || len(w.Bodies("mine")) != 0 {
		t.Errorf("%s holds %v", again, w.Bodies("mine"))
	}
	send(0)
	w.wait(time.Second)
	if came != 1 {
		t.Errorf("%d messages came to who waits", came)
	}
}

// A shorter retention takes the messages that are older, and a change that is wrong changes nothing.
func TestSetQueueAttributes(t *testing.T) {
	w := newWorld(t)
	url := w.create(t, "mine", map[string]string{"VisibilityTimeout": "5"})
	if _, err := w.SendMessage(w.ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("m")}); err != nil {
		t.Fatal(err)
	}
	w.wait(2 * time.Minute)
	set := func(attributes map[string]string) error {
		_, err := w.Service.SetQueueAttributes(w.ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: attributes})
		return err
	}
	if err := set(map[string]string{"MessageRetentionPeriod": "60", "VisibilityTimeout": "43201"}); err == nil {
		t.Error("a visibility timeout of more than 12 hours was taken")
	}
	told := func(name types.QueueAttributeName) string {
		t.Helper()
		out, err := w.GetQueueAttributes(w.ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{name}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Attributes[string(name)]
	}
	if told("MessageRetentionPeriod") != "345600" || told("ApproximateNumberOfMessages") != "1" || told("VisibilityTimeout") != "5" {
		t.Error("a change that was refused has changed something")
	}
	if err := set(map[string]string{"MessageRetentionPeriod": "60"}); err != nil {
		t.Fatal(err)
	}
	if n := told("ApproximateNumberOfMessages"); n != "0" {
		t.Errorf("%s messages are older than the retention", n)
	}
}

// AWS's own key lets principals of the account in, and no service.
func TestManagedKey(t *testing.T) {
	w := newWorld(t)
	url := w.create(t, "mine", map[string]string{"KmsMasterKeyId": managedKey})
	in := &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("m")}
	if _, err := w.SendMessage(w.ctx, in); err != nil {
		t.Error(err)
	}
	if _, err := w.SendMessage(asService("sns.amazonaws.com"), in); err == nil || !strings.Contains(err.Error(), managedKey) {
		t.Errorf("a service: %v", err)
	}
}

func asService(name string) context.Context {
	return door.As(context.Background(), door.Principal{Service: name, Account: "123456789012"})
}
