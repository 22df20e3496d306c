package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ebtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local"
)

// watched makes a queue that a topic and a rule may send to, subscribes it, and puts it to the rule. It gives the queue's URL.
func watched(t *testing.T, s *served, topic, pattern string) string {
	t.Helper()
	ctx, bus, topics, queues := t.Context(), eventbridge.NewFromConfig(s.as("operator")), sns.NewFromConfig(s.as("operator")), sqs.NewFromConfig(s.as("operator"))
	rule := *must[*eventbridge.PutRuleOutput](t)(bus.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("mine"), EventPattern: &pattern})).RuleArn
	url, queue := newQueue(t, queues, "mine", nil)
	text := `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]}, "Action": "sqs:SendMessage", "Resource": "` + queue +
		`", "Condition": {"ArnEquals": {"aws:SourceArn": ["` + topic + `", "` + rule + `"]}}}]}`
	must[*sqs.SetQueueAttributesOutput](t)(queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"Policy": text}}))
	must[*eventbridge.PutTargetsOutput](t)(bus.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("mine"), Targets: []ebtypes.Target{{Id: aws.String("q"), Arn: &queue, Input: aws.String(`{"an":"event"}`)}}}))
	must[*sns.SubscribeOutput](t)(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: &topic, Protocol: aws.String("sqs"), Endpoint: &queue, Attributes: map[string]string{"RawMessageDelivery": "true"}}))
	return url
}

// Somebody's own queue beside a stack hears of its notifications and of the files that land, and the stack goes on.
func TestBesideAStack(t *testing.T) {
	s := devStack(t)
	ctx, topic := t.Context(), s.world.Graph.Outputs["topicArn"].(string)
	url := watched(t, s, topic, `{"source": ["aws.s3"]}`)
	queues := sqs.NewFromConfig(s.as("operator"))
	must[*sns.PublishOutput](t)(sns.NewFromConfig(s.as("operator")).Publish(ctx, &sns.PublishInput{TopicArn: &topic, Message: aws.String("hello")}))
	must[*s3.PutObjectOutput](t)(s.s3("operator").PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(s.world.Bucket("raw")), Key: aws.String("airports/airports.csv"), Body: strings.NewReader(airports)}))
	var got []string
	eventually(t, "the notification of the load", func() bool {
		got = append(got, bodies(t, queues, url)...)
		return len(got) >= 3
	})
	all := strings.Join(got, "\n")
	if !strings.Contains(all, "hello") || !strings.Contains(all, `{"an":"event"}`) || !strings.Contains(all, "airports/airports.csv") {
		t.Errorf("the queue got %q", got)
	}
}

// The next process has what was made by calls: its settings, its policies, its messages, and what is gone is gone.
func TestMadeThingsAreKept(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, _, err := keptIn(t, dir, local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	topic := must[*sns.CreateTopicOutput](t)(sns.NewFromConfig(s.as("operator")).CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("mine"), Attributes: map[string]string{"DisplayName": "M"}})).TopicArn
	url := watched(t, s, *topic, `{"source": ["shop"]}`)
	client := sqs.NewFromConfig(s.as("operator"))
	gone, _ := newQueue(t, client, "gone", nil)
	must[*sqs.DeleteQueueOutput](t)(client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &gone}))
	must[*sqs.TagQueueOutput](t)(client.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"a": "1"}}))
	must[*cloudwatchlogs.CreateLogGroupOutput](t)(cloudwatchlogs.NewFromConfig(s.as("operator")).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/mine")}))
	must[*glue.CreateDatabaseOutput](t)(glue.NewFromConfig(s.as("operator")).CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &gluetypes.DatabaseInput{Name: aws.String("mine")}}))
	must[*sns.PublishOutput](t)(sns.NewFromConfig(s.as("operator")).Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: aws.String("before")}))
	told := func(s *served) string {
		queues, topics, bus := sqs.NewFromConfig(s.as("operator")), sns.NewFromConfig(s.as("operator")), eventbridge.NewFromConfig(s.as("operator"))
		_, missing := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &gone})
		text, err := json.Marshal([]any{
			queueAttributes(t, queues, url), code(missing),
			must[*sqs.ListQueueTagsOutput](t)(queues.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &url})).Tags,
			must[*sns.GetTopicAttributesOutput](t)(topics.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: topic})).Attributes,
			must[*sns.ListSubscriptionsOutput](t)(topics.ListSubscriptions(ctx, &sns.ListSubscriptionsInput{})).Subscriptions,
			must[*eventbridge.ListRulesOutput](t)(bus.ListRules(ctx, &eventbridge.ListRulesInput{})).Rules,
			must[*eventbridge.ListTargetsByRuleOutput](t)(bus.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: aws.String("mine")})).Targets,
			must[*glue.GetDatabasesOutput](t)(glue.NewFromConfig(s.as("operator")).GetDatabases(ctx, &glue.GetDatabasesInput{})).DatabaseList,
			must[*cloudwatchlogs.DescribeLogGroupsOutput](t)(cloudwatchlogs.NewFromConfig(s.as("operator")).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})).LogGroups,
		})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	want := told(s)
	again, _, err := keptIn(t, asKilled(t, dir), local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	if got := told(again); got != want || !strings.Contains(want, `"ApproximateNumberOfMessages":"1"`) {
		t.Errorf("it is otherwise afterwards:\n%s\nbefore:\n%s", got, want)
	}
	must[*eventbridge.PutEventsOutput](t)(eventbridge.NewFromConfig(again.as("operator")).PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []ebtypes.PutEventsRequestEntry{
		{Source: aws.String("shop"), DetailType: aws.String("Order"), Detail: aws.String("{}")},
	}}))
	var got []string
	eventually(t, "the event", func() bool {
		got = append(got, bodies(t, sqs.NewFromConfig(again.as("operator")), url)...)
		return len(got) >= 2
	})
	if got[0] != "before" || got[1] != `{"an":"event"}` {
		t.Errorf("the queue got %q", got)
	}
}
