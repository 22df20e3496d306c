package sns

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"airline/local/recorder"
)

const fifoTopic, fifoQueue = topicARN + ".fifo", queueARN + ".fifo"

// deployFIFO deploys a FIFO queue, and a FIFO topic with the inputs beside its name and type.
func deployFIFO(t *testing.T, inputs map[string]any) *world {
	t.Helper()
	w := newWorld(t, "")
	queue := &recorder.Resource{Type: "aws:sqs/queue:Queue", Name: "q", Inputs: map[string]any{"name": "q.fifo", "fifoQueue": true}, Outputs: map[string]any{"arn": fifoQueue, "url": "https://q.fifo"}}
	if err := w.queues.Types(nil)[queue.Type](queue); err != nil {
		t.Fatal(err)
	}
	inputs["name"], inputs["fifoTopic"] = "notifications.fifo", true
	topic := &recorder.Resource{Type: "aws:sns/topic:Topic", Name: "t", Inputs: inputs, Outputs: map[string]any{"arn": fifoTopic}}
	if err := w.Types(nil)[topic.Type](topic); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) subscribe(inputs map[string]any) error {
	r := &recorder.Resource{Type: "aws:sns/topicSubscription:TopicSubscription", Name: "s", Inputs: inputs}
	return w.Types(nil)[r.Type](r)
}

// A FIFO topic of a deployed stack deduplicates as its inputs say.
func TestDeployedFIFOTopic(t *testing.T) {
	w := deployFIFO(t, map[string]any{"contentBasedDeduplication": true, "fifoThroughputScope": "MessageGroup"})
	if err := w.subscribe(map[string]any{"topic": fifoTopic, "protocol": "sqs", "endpoint": fifoQueue, "rawMessageDelivery": true}); err != nil {
		t.Fatal(err)
	}
	told, err := w.GetTopicAttributes(w.ctx, &sns.GetTopicAttributesInput{TopicArn: aws.String(fifoTopic)})
	if err != nil || told.Attributes["FifoTopic"] != "true" || told.Attributes["ContentBasedDeduplication"] != "true" || told.Attributes["FifoThroughputScope"] != "MessageGroup" {
		t.Errorf("the topic is %v, %v", told, err)
	}
	var sequence string
	for _, m := range []struct{ group, text string }{{"a", "one"}, {"a", "one"}, {"b", "one"}, {"a", "two"}} {
		out, err := w.Publish(w.ctx, &sns.PublishInput{TopicArn: aws.String(fifoTopic), Message: &m.text, MessageGroupId: &m.group})
		if err != nil {
			t.Fatal(err)
		}
		if *out.SequenceNumber < sequence {
			t.Errorf("the sequence number %s comes after %s", *out.SequenceNumber, sequence)
		}
		sequence = *out.SequenceNumber
	}
	for _, n := range w.Notifications() {
		if len(n.Deliveries) != 1 || n.Deliveries[0].Err != nil {
			t.Errorf("%s was delivered so: %+v", n.Message, n.Deliveries)
		}
	}
	// The queue's ids are of the whole queue, so that "one" of group b is a repetition there.
	if got := strings.Join(w.queues.Bodies("q.fifo"), " "); got != "one two" || len(w.Notifications()) != 3 {
		t.Errorf("of %d messages the queue got %q", len(w.Notifications()), got)
	}
}

func TestDeployedTopicsName(t *testing.T) {
	w := newWorld(t, "")
	r := &recorder.Resource{Type: "aws:sns/topic:Topic", Name: "t", Inputs: map[string]any{"name": "t.fifo"}}
	if err := w.Types(nil)[r.Type](r); err == nil || !strings.Contains(err.Error(), "must end with .fifo, and no other's may: t.fifo") {
		t.Errorf("a standard topic of the name t.fifo: %v", err)
	}
}

// What the types of topic and queue exclude is refused while it is deployed.
func TestDeployedSubscriptionsAreRefused(t *testing.T) {
	w := deployFIFO(t, map[string]any{})
	for want, inputs := range map[string]map[string]any{
		"a FIFO topic delivers to queues":       {"topic": fifoTopic, "protocol": "email", "endpoint": "ops@example.com"},
		"can not be subscribed to standard":     {"topic": topicARN, "protocol": "sqs", "endpoint": fifoQueue},
		queueARN + " is none":                   {"topic": fifoTopic, "protocol": "sqs", "endpoint": fifoQueue, "redrivePolicy": `{"deadLetterTargetArn": "` + queueARN + `"}`},
		"names no queue as deadLetterTargetArn": {"topic": fifoTopic, "protocol": "sqs", "endpoint": fifoQueue, "redrivePolicy": `{}`},
	} {
		if err := w.subscribe(inputs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %s", inputs, err, want)
		}
	}
}
