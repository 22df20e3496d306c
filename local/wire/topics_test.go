package wire_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/wire"
)

// letting is a queue's policy that lets a service send on behalf of a topic or rule.
func letting(service, queue, source string) map[string]string {
	return map[string]string{"Policy": fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "%s"}, "Action": "sqs:SendMessage", "Resource": "%s",
		"Condition": {"ArnEquals": {"aws:SourceArn": "%s"}}}]}`, service, queue, source)}
}

// bodies takes all messages of a queue.
func bodies(t *testing.T, client *sqs.Client, url string) (all []string) {
	t.Helper()
	for {
		out := must[*sqs.ReceiveMessageOutput](t)(client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"}}))
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			text := *m.Body
			for _, name := range slices.Sorted(maps.Keys(m.MessageAttributes)) {
				text += " " + name + "=" + aws.ToString(m.MessageAttributes[name].StringValue)
			}
			all = append(all, text)
			must[*sqs.DeleteMessageOutput](t)(client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}))
		}
	}
}

func TestTopics(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	ctx, topics, queues := t.Context(), sns.NewFromConfig(s.as("operator")), sqs.NewFromConfig(s.as("operator"))
	made := must[*sns.CreateTopicOutput](t)(topics.CreateTopic(ctx, &sns.CreateTopicInput{
		Name: aws.String("t"), Attributes: map[string]string{"DisplayName": "T"}, Tags: []snstypes.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}},
	}))
	topic := made.TopicArn
	if again := must[*sns.CreateTopicOutput](t)(topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("t")})); *again.TopicArn != *topic || *topic != "arn:aws:sns:us-east-1:123456789012:t" {
		t.Errorf("the topic is %s and %s", *topic, *again.TopicArn)
	}
	url, queue := newQueue(t, queues, "q", nil)
	dead, deadARN := newQueue(t, queues, "dead", nil)
	subscribe := func(protocol, endpoint string, attributes map[string]string) (*string, error) {
		out, err := topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: attributes})
		if err != nil {
			return nil, err
		}
		return out.SubscriptionArn, nil
	}
	sub := must[*string](t)(subscribe("sqs", queue, nil))
	publish := func(message string, attributes map[string]snstypes.MessageAttributeValue) {
		t.Helper()
		must[*sns.PublishOutput](t)(topics.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: &message, MessageAttributes: attributes}))
	}
	set := func(name, value string) {
		t.Helper()
		must[*sns.SetSubscriptionAttributesOutput](t)(topics.SetSubscriptionAttributes(ctx, &sns.SetSubscriptionAttributesInput{SubscriptionArn: sub, AttributeName: &name, AttributeValue: &value}))
	}
	text := func(value string) map[string]snstypes.MessageAttributeValue {
		return map[string]snstypes.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: &value}}
	}

	t.Run("the queue's policy decides", func(t *testing.T) {
		set("RedrivePolicy", `{"deadLetterTargetArn": "`+deadARN+`"}`)
		must[*sqs.SetQueueAttributesOutput](t)(queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &dead, Attributes: letting("sns.amazonaws.com", deadARN, *topic)}))
		publish("refused", nil)
		must[*sqs.SetQueueAttributesOutput](t)(queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: letting("sns.amazonaws.com", queue, *topic)}))
		publish("taken", nil)
		var envelope struct{ Type, TopicArn, Message string }
		got, lost := bodies(t, queues, url), bodies(t, queues, dead)
		if len(got) != 1 || json.Unmarshal([]byte(got[0]), &envelope) != nil || envelope.Message != "taken" || envelope.Type != "Notification" || envelope.TopicArn != *topic {
			t.Errorf("the queue got %q", got)
		}
		if len(lost) != 1 || !strings.Contains(lost[0], `"Message":"refused"`) {
			t.Errorf("the dead letters are %q", lost)
		}
	})
	t.Run("raw messages and filters", func(t *testing.T) {
		set("RawMessageDelivery", "true")
		publish("all", text("x"))
		set("FilterPolicy", `{"kind": ["x", {"prefix": "y"}], "n": [{"exists": false}]}`)
		publish("exact", text("x"))
		publish("prefix", text("yes"))
		publish("other", text("z"))
		publish("none", nil)
		set("FilterPolicyScope", "MessageBody")
		set("FilterPolicy", `{"a": {"b": [{"numeric": [">", 1]}]}}`)
		publish(`{"a": {"b": 2}}`, nil)
		publish(`{"a": {"b": 1}}`, nil)
		publish("no JSON", nil)
		set("FilterPolicy", "")
		publish("again all", nil)
		if got, want := bodies(t, queues, url), []string{"all kind=x", "exact kind=x", "prefix kind=yes", `{"a": {"b": 2}}`, "again all"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
	t.Run("a batch", func(t *testing.T) {
		out := must[*sns.PublishBatchOutput](t)(topics.PublishBatch(ctx, &sns.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []snstypes.PublishBatchRequestEntry{
			{Id: aws.String("one"), Message: aws.String("m1"), MessageAttributes: text("x")}, {Id: aws.String("bad"), Message: aws.String("m2"), Subject: aws.String("a\nb")},
		}}))
		if len(out.Successful) != 1 || *out.Successful[0].Id != "one" || len(out.Failed) != 1 || *out.Failed[0].Code != "InvalidParameter" || !out.Failed[0].SenderFault {
			t.Errorf("got %+v and %+v", out.Successful, out.Failed)
		}
		if got := bodies(t, queues, url); !slices.Equal(got, []string{"m1 kind=x"}) {
			t.Errorf("the queue got %q", got)
		}
		for want, list := range map[string][]string{"EmptyBatchRequest 400": {}, "BatchEntryIdsNotDistinct 400": {"a", "a"}, "InvalidBatchEntryId 400": {"a.b"},
			"TooManyEntriesInBatchRequest 400": strings.Split("abcdefghijk", "")} {
			in := &sns.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []snstypes.PublishBatchRequestEntry{}}
			for _, id := range list {
				in.PublishBatchRequestEntries = append(in.PublishBatchRequestEntries, snstypes.PublishBatchRequestEntry{Id: aws.String(id), Message: aws.String("m")})
			}
			if _, err := topics.PublishBatch(ctx, in); code(err) != want {
				t.Errorf("%v: %v, want %s", list, err, want)
			}
		}
	})
	t.Run("subscriptions", func(t *testing.T) {
		if arn := must[*string](t)(subscribe("email", "ops@example.com", nil)); *arn != "pending confirmation" {
			t.Errorf("the subscription is %s", *arn)
		}
		if again := must[*string](t)(subscribe("sqs", queue, map[string]string{"RawMessageDelivery": "true"})); *again != *sub {
			t.Errorf("the same subscription again is %s", *again)
		}
		attributes := must[*sns.GetSubscriptionAttributesOutput](t)(topics.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: sub})).Attributes
		want := map[string]string{
			"ConfirmationWasAuthenticated": "true", "Endpoint": queue, "FilterPolicyScope": "MessageBody", "Owner": "123456789012", "PendingConfirmation": "false", "Protocol": "sqs",
			"RawMessageDelivery": "true", "RedrivePolicy": `{"deadLetterTargetArn": "` + deadARN + `"}`, "SubscriptionArn": *sub, "SubscriptionPrincipal": "arn:aws:iam::123456789012:user/operator", "TopicArn": *topic,
		}
		if !maps.Equal(attributes, want) {
			t.Errorf("got %v, want %v", attributes, want)
		}
		all := must[*sns.ListSubscriptionsOutput](t)(topics.ListSubscriptions(ctx, &sns.ListSubscriptionsInput{})).Subscriptions
		if len(all) != 2 || *all[0].SubscriptionArn != *sub || *all[1].SubscriptionArn != "PendingConfirmation" || *all[1].Owner != "123456789012" {
			t.Errorf("got %+v", all)
		}
		of := must[*sns.GetTopicAttributesOutput](t)(topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: topic})).Attributes
		if of["SubscriptionsPending"] != "1" || of["SubscriptionsConfirmed"] != "1" || of["DisplayName"] != "T" || !strings.Contains(of["Policy"], "__default_policy_ID") {
			t.Errorf("the topic is %v", of)
		}
		publish("for the queue alone", nil)
		told := s.world.SNS().Notifications()
		if last := told[len(told)-1]; len(last.Deliveries) != 1 || last.Deliveries[0].Protocol != "sqs" {
			t.Errorf("it went to %+v", last.Deliveries)
		}
		for range 2 {
			must[*sns.UnsubscribeOutput](t)(topics.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: sub}))
		}
		bodies(t, queues, url)
		publish("to nobody", nil)
		if got := bodies(t, queues, url); got != nil {
			t.Errorf("the queue got %q", got)
		}
	})
	t.Run("tags", func(t *testing.T) {
		must[*sns.TagResourceOutput](t)(topics.TagResource(ctx, &sns.TagResourceInput{ResourceArn: topic, Tags: []snstypes.Tag{{Key: aws.String("b"), Value: aws.String("3")}}}))
		must[*sns.UntagResourceOutput](t)(topics.UntagResource(ctx, &sns.UntagResourceInput{ResourceArn: topic, TagKeys: []string{"a"}}))
		tags := must[*sns.ListTagsForResourceOutput](t)(topics.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: topic})).Tags
		if len(tags) != 1 || *tags[0].Key != "b" || *tags[0].Value != "3" {
			t.Errorf("the tags are %v", tags)
		}
	})
	t.Run("settings", func(t *testing.T) {
		policy := `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": "` + *topic + `"}]}`
		change := func(name, value string) error {
			_, err := topics.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: topic, AttributeName: &name, AttributeValue: &value})
			return err
		}
		if err := change("Policy", policy); err != nil {
			t.Fatal(err)
		}
		if _, err := topics.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: aws.String("m")}); code(err) != "AuthorizationError 403" {
			t.Errorf("what the policy denies is %v", err)
		}
		for _, c := range [][3]string{
			{"Policy", "{}", "InvalidParameter 400"}, {"TracingConfig", "Active", "NotImplemented 501"}, {"SQSSuccessFeedbackRoleArn", role, "NotImplemented 501"},
			{"DisplayName", strings.Repeat("x", 101), "InvalidParameter 400"}, {"Nonsense", "", "InvalidParameter 400"},
		} {
			if err := change(c[0], c[1]); code(err) != c[2] {
				t.Errorf("%s %s: %v, want %s", c[0], c[1], err, c[2])
			}
		}
	})
	t.Run("refusals", func(t *testing.T) {
		deeper := map[string]string{"FilterPolicy": `{"a": {"b": [1]}}`}
		for _, c := range []struct {
			protocol, endpoint string
			attributes         map[string]string
			want               string
		}{
			{"sqs", url, nil, "InvalidParameter 400"}, {"sqs", queue + ".fifo", nil, "InvalidParameter 400"}, {"sqs", strings.Replace(queue, "us-east-1", "eu-west-1", 1), nil, "NotImplemented 501"},
			{"email", "nobody", nil, "InvalidParameter 400"}, {"sms", "+15--551234567", nil, "InvalidParameter 400"},
			{"https", "https://example.com", nil, "NotImplemented 501"}, {"lambda", "arn:aws:lambda:us-east-1:123456789012:function:f", nil, "NotImplemented 501"}, {"carrier-pigeon", "x", nil, "InvalidParameter 400"},
			{"sqs", queue, map[string]string{"RawMessageDelivery": "yes"}, "InvalidParameter 400"}, {"sqs", queue, deeper, "InvalidParameter 400"},
			{"sqs", queue, map[string]string{"FilterPolicy": "{"}, "InvalidParameter 400"}, {"sqs", queue, map[string]string{"FilterPolicyScope": "Body"}, "InvalidParameter 400"},
			{"sqs", queue, map[string]string{"FilterPolicy": `{"a": [1], "b": [1], "c": [1], "d": [1], "e": [1], "f": [1]}`}, "InvalidParameter 400"},
			{"sqs", queue, map[string]string{"RedrivePolicy": `{"deadLetterTargetArn": "x"}`}, "InvalidParameter 400"},
		} {
			if _, err := subscribe(c.protocol, c.endpoint, c.attributes); code(err) != c.want {
				t.Errorf("%s %s %v: %v, want %s", c.protocol, c.endpoint, c.attributes, err, c.want)
			}
		}
		for name, want := range map[string]string{"a.b": "InvalidParameter 400", strings.Repeat("x", 257): "InvalidParameter 400"} {
			if _, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name}); code(err) != want {
				t.Errorf("the topic %s: %v, want %s", name, err, want)
			}
		}
		for name, attributes := range map[string]map[string]string{"t.fifo": nil, "t": {"FifoTopic": "true"}} {
			if _, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name, Attributes: attributes}); code(err) != "InvalidParameter 400" {
				t.Errorf("the topic %s with %v: %v", name, attributes, err)
			}
		}
		if _, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("t"), Attributes: map[string]string{"DisplayName": "other"}}); code(err) != "InvalidParameter 400" {
			t.Errorf("another topic of the name: %v", err)
		}
		for arn, want := range map[string]string{"x": "InvalidParameter 400", *topic + "x": "InvalidParameter 400", *topic + ":x": "NotFound 404"} {
			if _, err := topics.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &arn}); code(err) != want {
				t.Errorf("the subscription %s: %v, want %s", arn, err, want)
			}
		}
		if _, err := topics.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: aws.String(*topic + "x")}); code(err) != "ResourceNotFound 404" {
			t.Errorf("got %v", err)
		}
	})
	for range 2 {
		must[*sns.DeleteTopicOutput](t)(topics.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: topic}))
	}
	if _, err := topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: topic}); code(err) != "NotFound 404" {
		t.Errorf("the deleted topic: %v", err)
	}
}
