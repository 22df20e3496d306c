package wire_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local"
)

// A FIFO topic's messages come to FIFO queues once and in their order, to standard queues without groups, and the next process knows them.
func TestFIFOTopics(t *testing.T) {
	dir := t.TempDir()
	s, _, err := keptIn(t, dir, local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	ctx, topics, queues := t.Context(), sns.NewFromConfig(s.as("operator")), sqs.NewFromConfig(s.as("operator"))
	topic := must[*sns.CreateTopicOutput](t)(topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("t.fifo"), Attributes: map[string]string{"FifoTopic": "true", "ContentBasedDeduplication": "true"}})).TopicArn
	if a := must[*sns.GetTopicAttributesOutput](t)(topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: topic})).Attributes; a["FifoTopic"] != "true" || a["ContentBasedDeduplication"] != "true" {
		t.Errorf("the topic is %v", a)
	}
	subscribe := func(name string, attributes map[string]string) string {
		url, arn := newQueue(t, queues, name, attributes)
		must[*sqs.SetQueueAttributesOutput](t)(queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: letting("sns.amazonaws.com", arn, *topic)}))
		must[*sns.SubscribeOutput](t)(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: &arn}))
		return url
	}
	ordered, plain := subscribe("q.fifo", map[string]string{"FifoQueue": "true"}), subscribe("q", nil)
	publish := func(topics *sns.Client, text string) *sns.PublishOutput {
		t.Helper()
		return must[*sns.PublishOutput](t)(topics.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: &text, MessageGroupId: aws.String("g")}))
	}
	first := publish(topics, "Test")
	if again := publish(topics, "Test"); *again.MessageId != *first.MessageId || *again.SequenceNumber != *first.SequenceNumber {
		t.Errorf("got %+v, then %+v", first, again)
	}
	batch := must[*sns.PublishBatchOutput](t)(topics.PublishBatch(ctx, &sns.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []snstypes.PublishBatchRequestEntry{
		{Id: aws.String("1"), Message: aws.String("two"), MessageGroupId: aws.String("g")}, {Id: aws.String("2"), Message: aws.String("no group")},
	}}))
	if len(batch.Successful) != 1 || aws.ToString(batch.Successful[0].SequenceNumber) <= *first.SequenceNumber || len(batch.Failed) != 1 {
		t.Errorf("got %+v and %+v", batch.Successful, batch.Failed)
	}
	for want, err := range map[string]error{
		"The MessageGroupId parameter is required for FIFO topics":       second(topics.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: aws.String("m")})),
		"a FIFO topic delivers to queues":                                second(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("a@example.com")})),
		"FIFO SQS Queues can not be subscribed to standard SNS topics":   fifoToStandard(t, topics),
		"must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO": notFIFODead(t, topics, *topic),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	again, _, err := keptIn(t, asKilled(t, dir), local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	publish(sns.NewFromConfig(again.as("operator")), "Test") // it is known there too
	read := func(url string) (texts []string, attributes []map[string]string) {
		out := must[*sqs.ReceiveMessageOutput](t)(sqs.NewFromConfig(again.as("operator")).ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}}))
		for _, m := range out.Messages {
			var envelope struct{ Message, SequenceNumber string }
			if err := json.Unmarshal([]byte(*m.Body), &envelope); err != nil || len(envelope.SequenceNumber) != 20 {
				t.Errorf("got %s, %v", *m.Body, err)
			}
			texts, attributes = append(texts, envelope.Message), append(attributes, m.Attributes)
		}
		return texts, attributes
	}
	// The hash of "Test" is the id (recorded by LocalStack's tests).
	if texts, a := read(ordered); !slices.Equal(texts, []string{"Test", "two"}) || a[0]["MessageGroupId"] != "g" || a[0]["MessageDeduplicationId"] != "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25" {
		t.Errorf("the FIFO queue got %q with %v", texts, a)
	}
	if texts, a := read(plain); !slices.Equal(texts, []string{"Test", "two"}) || a[0]["MessageGroupId"] != "" {
		t.Errorf("the standard queue got %q with %v", texts, a)
	}
}

func fifoToStandard(t *testing.T, topics *sns.Client) error {
	t.Helper()
	standard := must[*sns.CreateTopicOutput](t)(topics.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("standard")})).TopicArn
	return second(topics.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: standard, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:123456789012:q.fifo")}))
}

func notFIFODead(t *testing.T, topics *sns.Client, topic string) error {
	t.Helper()
	return second(topics.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:123456789012:other.fifo"),
		Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:q"}`}}))
}
