package sns

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
	"airline/local/sqs"
)

type policy map[string]bool

func (p policy) Authorize(who door.Principal, r door.Request) error {
	if p[r.Action] || p[r.Action+" "+r.Resource] {
		return errors.New(who.String() + " may not " + r.Action + " on " + r.Resource)
	}
	return nil
}

const (
	topicARN = "arn:aws:sns:eu-west-1:123456789012:notifications"
	queueARN = "arn:aws:sqs:eu-west-1:123456789012:q"
	key      = "arn:aws:kms:eu-west-1:123456789012:key/1"
)

type world struct {
	*Service
	queues *sqs.Service
	denied policy
	ctx    context.Context
}

func newWorld(t *testing.T, topicKey string) *world {
	t.Helper()
	clock := sim.NewClock(time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC))
	w := &world{denied: policy{}, ctx: door.As(context.Background(), door.Principal{ARN: "me", Role: "arn:aws:iam::123456789012:user/me"})}
	d := door.New(clock, w.denied, 1)
	directory := iam.NewDirectory("eu-west-1", clock.Now)
	keys := kms.New(d, directory, "eu-west-1")
	arn := func(service, resource string) string {
		return "arn:aws:" + service + ":eu-west-1:123456789012:" + resource
	}
	w.queues = sqs.New(d, clock, keys, directory, arn)
	w.Service = New(d, keys, directory, w.queues, arn)
	deploy := func(types map[string]func(*recorder.Resource) error, typ string, in, out map[string]any) {
		t.Helper()
		if err := types[typ](&recorder.Resource{Type: typ, Name: "test", Inputs: in, Outputs: out}); err != nil {
			t.Fatal(err)
		}
	}
	deploy(keys.Types(nil), "aws:kms/key:Key", map[string]any{}, map[string]any{"keyId": "1", "arn": key})
	deploy(w.queues.Types(nil), "aws:sqs/queue:Queue", map[string]any{"name": "q"}, map[string]any{"arn": queueARN, "url": "https://q"})
	deploy(w.Types(nil), "aws:sns/topic:Topic", map[string]any{"name": "notifications", "kmsMasterKeyId": topicKey}, map[string]any{"arn": topicARN})
	for protocol, endpoint := range map[string]string{"sqs": queueARN, "email": "ops@example.com"} {
		deploy(w.Types(nil), "aws:sns/topicSubscription:TopicSubscription", map[string]any{"topic": topicARN, "protocol": protocol, "endpoint": endpoint}, nil)
	}
	return w
}

func TestPublishReachesQueueAndPeople(t *testing.T) {
	w := newWorld(t, key)
	if _, err := w.Publish(w.ctx, &sns.PublishInput{TopicArn: aws.String(topicARN), Subject: aws.String("loaded"), Message: aws.String(`{"key":"a'b"}`)}); err != nil {
		t.Fatal(err)
	}
	var envelope struct{ Type, Subject, Message, TopicArn string }
	bodies := w.queues.Bodies("q")
	if len(bodies) != 1 {
		t.Fatalf("the queue has %q", bodies)
	}
	if err := json.Unmarshal([]byte(bodies[0]), &envelope); err != nil || envelope.Message != `{"key":"a'b"}` || envelope.Subject != "loaded" || envelope.TopicArn != topicARN {
		t.Errorf("envelope %+v, %v", envelope, err)
	}
	told := w.Notifications()
	if len(told) != 1 || len(told[0].Deliveries) != 2 || told[0].Publisher != "me" {
		t.Errorf("notifications %+v", told)
	}
}

func TestPublishIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		in     sns.PublishInput
		denied string
		want   string
	}{
		"no permission": {in: sns.PublishInput{Message: aws.String("x")}, denied: "sns:Publish", want: "sns:Publish"},
		"no key":        {in: sns.PublishInput{Message: aws.String("x")}, denied: "kms:GenerateDataKey", want: "kms:GenerateDataKey"},
		"empty":         {want: "Empty message"},
		"too long":      {in: sns.PublishInput{Message: aws.String(strings.Repeat("x", 262_145))}, want: "too long"},
		"subject lines": {in: sns.PublishInput{Message: aws.String("x"), Subject: aws.String("a\nb")}, want: "Subject"},
		"long subject":  {in: sns.PublishInput{Message: aws.String("x"), Subject: aws.String(strings.Repeat("x", 101))}, want: "Subject"},
		"structure":     {in: sns.PublishInput{Message: aws.String(`{"email":"x"}`), MessageStructure: aws.String("json")}, want: "No default entry"},
		"phone":         {in: sns.PublishInput{Message: aws.String("x"), PhoneNumber: aws.String("+49")}, want: "PhoneNumber"},
		"topic":         {in: sns.PublishInput{Message: aws.String("x"), TopicArn: aws.String("arn:aws:sns:eu-west-1:123456789012:none")}, want: "Topic does not exist"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, key)
			w.denied[c.denied] = true
			if c.in.TopicArn == nil {
				c.in.TopicArn = aws.String(topicARN)
			}
			if _, err := w.Publish(w.ctx, &c.in); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if n := len(w.Notifications()); n != 0 {
				t.Errorf("%d notifications all the same", n)
			}
		})
	}
}

func TestManagedKeyDropsServicesMessages(t *testing.T) {
	w := newWorld(t, managedKey)
	ctx := door.As(context.Background(), door.Principal{Service: "events.amazonaws.com", Account: "123456789012"})
	if _, err := w.Publish(ctx, &sns.PublishInput{TopicArn: aws.String(topicARN), Message: aws.String("x")}); err != nil {
		t.Fatal(err)
	}
	if told := w.Notifications(); len(told) != 1 || told[0].Dropped == "" || len(told[0].Deliveries) != 0 || len(w.queues.Bodies("q")) != 0 {
		t.Errorf("a service's message under %s: %+v", managedKey, told)
	}
}

func TestAQueueThatRefusesIsNoErrorOfThePublisher(t *testing.T) {
	w := newWorld(t, key)
	w.denied["sqs:SendMessage"] = true
	if _, err := w.Publish(w.ctx, &sns.PublishInput{TopicArn: aws.String(topicARN), Message: aws.String("x")}); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, d := range w.Notifications()[0].Deliveries {
		if d.Err != nil {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d deliveries failed, want the queue's", failed)
	}
}

// What a queue does not take waits in the subscription's dead-letter queue; when that takes it neither, both reasons are told.
func TestUndeliveredNotificationsWait(t *testing.T) {
	const deadARN = "arn:aws:sqs:eu-west-1:123456789012:dead"
	subscribe := func(w *world, protocol, endpoint, redrive string) error {
		return w.Types(nil)["aws:sns/topicSubscription:TopicSubscription"](&recorder.Resource{
			Type: "aws:sns/topicSubscription:TopicSubscription", Name: "test",
			Inputs: map[string]any{"topic": topicARN, "protocol": protocol, "endpoint": endpoint, "redrivePolicy": redrive},
		})
	}
	w := newWorld(t, key)
	if err := w.queues.Types(nil)["aws:sqs/queue:Queue"](&recorder.Resource{
		Type: "aws:sqs/queue:Queue", Name: "dead", Inputs: map[string]any{"name": "dead"}, Outputs: map[string]any{"arn": deadARN, "url": "https://dead"},
	}); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"{", `{"deadLetterTargetArn": ""}`} {
		if err := subscribe(w, "sqs", queueARN, bad); err == nil {
			t.Errorf("redrivePolicy %s is accepted", bad)
		}
	}
	if err := subscribe(w, "email", "ops@example.com", `{"deadLetterTargetArn": "`+deadARN+`"}`); err == nil {
		t.Error("a mail address has a dead-letter queue")
	}
	w.topics[topicARN].subscriptions = nil
	if err := subscribe(w, "sqs", queueARN, `{"deadLetterTargetArn": "`+deadARN+`"}`); err != nil {
		t.Fatal(err)
	}
	publish := func() Delivery {
		t.Helper()
		if _, err := w.Publish(w.ctx, &sns.PublishInput{TopicArn: aws.String(topicARN), Message: aws.String("x")}); err != nil {
			t.Fatal(err)
		}
		told := w.Notifications()
		return told[len(told)-1].Deliveries[0]
	}
	if d := publish(); d.Err != nil || len(w.queues.Bodies("dead")) != 0 {
		t.Errorf("delivered: %v, dead %q", d.Err, w.queues.Bodies("dead"))
	}
	w.denied["sqs:SendMessage "+queueARN] = true
	if d, dead := publish(), w.queues.Bodies("dead"); d.Err == nil || len(dead) != 1 || dead[0] != d.Body {
		t.Errorf("not delivered: %v, dead %q", d.Err, dead)
	}
	w.denied["sqs:SendMessage"] = true
	if d := publish(); d.Err == nil || strings.Count(d.Err.Error(), "sqs:SendMessage") != 2 || len(w.queues.Bodies("dead")) != 1 {
		t.Errorf("not delivered twice: %v, dead %q", d.Err, w.queues.Bodies("dead"))
	}
}

// SQS takes ten attributes: a raw message with more is lost, an enveloped one is not.
func TestRawMessageWithManyAttributes(t *testing.T) {
	w := newWorld(t, key)
	in := &sns.PublishInput{TopicArn: aws.String(topicARN), Message: aws.String("x"), MessageAttributes: map[string]types.MessageAttributeValue{}}
	for i := range 11 {
		in.MessageAttributes[fmt.Sprint("a", i)] = types.MessageAttributeValue{DataType: aws.String("Number"), StringValue: aws.String("1")}
	}
	publish := func() {
		t.Helper()
		if _, err := w.Publish(w.ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	publish()
	for _, sub := range w.topics[topicARN].subscriptions {
		sub.raw = sub.protocol == "sqs"
	}
	publish()
	delete(in.MessageAttributes, "a10")
	publish()
	if got := w.queues.Bodies("q"); len(got) != 2 || !strings.Contains(got[0], `"a10"`) || got[1] != "x" {
		t.Errorf("the queue has %q", got)
	}
}
