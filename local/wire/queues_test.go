package wire_test

import (
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/wire"
)

// newQueue makes a queue in an empty world, and gives its URL and ARN.
func newQueue(t *testing.T, client *sqs.Client, name string, attributes map[string]string) (url, arn string) {
	t.Helper()
	url = *must[*sqs.CreateQueueOutput](t)(client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})).QueueUrl
	return url, queueAttributes(t, client, url)["QueueArn"]
}

func queueAttributes(t *testing.T, client *sqs.Client, url string) map[string]string {
	t.Helper()
	return must[*sqs.GetQueueAttributesOutput](t)(client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{"All"}})).Attributes
}

func TestQueues(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	ctx, client := t.Context(), sqs.NewFromConfig(s.as("operator"))
	dead, deadARN := newQueue(t, client, "dead", nil)
	url, arn := newQueue(t, client, "q", map[string]string{
		"VisibilityTimeout": "7", "ReceiveMessageWaitTimeSeconds": "1", "RedrivePolicy": `{"deadLetterTargetArn": "` + deadARN + `", "maxReceiveCount": "3"}`,
	})
	if url != "https://sqs.us-east-1.amazonaws.com/123456789012/q" || arn != "arn:aws:sqs:us-east-1:123456789012:q" {
		t.Errorf("the queue is %s, %s", url, arn)
	}
	// What AWS answers of a queue without settings (recorded by LocalStack's tests, MessageRetentionPeriod by the API reference).
	got := queueAttributes(t, client, dead)
	for _, name := range []string{"CreatedTimestamp", "LastModifiedTimestamp"} {
		if n, err := strconv.ParseInt(got[name], 10, 64); err != nil || n < 1_700_000_000 {
			t.Errorf("%s is %s", name, got[name])
		}
		delete(got, name)
	}
	if want := map[string]string{
		"QueueArn": deadARN, "ApproximateNumberOfMessages": "0", "ApproximateNumberOfMessagesDelayed": "0", "ApproximateNumberOfMessagesNotVisible": "0",
		"DelaySeconds": "0", "MaximumMessageSize": "1048576", "MessageRetentionPeriod": "345600", "ReceiveMessageWaitTimeSeconds": "0",
		"SqsManagedSseEnabled": "true", "VisibilityTimeout": "30",
	}; !maps.Equal(got, want) {
		t.Errorf("the attributes are %v, want %v", got, want)
	}
	if again, _ := newQueue(t, client, "q", map[string]string{"VisibilityTimeout": "7"}); again != url {
		t.Errorf("the same queue again is %s", again)
	}
	sources := must[*sqs.ListDeadLetterSourceQueuesOutput](t)(client.ListDeadLetterSourceQueues(ctx, &sqs.ListDeadLetterSourceQueuesInput{QueueUrl: &dead}))
	if !slices.Equal(sources.QueueUrls, []string{url}) {
		t.Errorf("the dead letters are of %v", sources.QueueUrls)
	}

	t.Run("tags", func(t *testing.T) {
		tagged := must[*sqs.CreateQueueOutput](t)(client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("tagged"), Tags: map[string]string{"made": "so"}})).QueueUrl
		if out := must[*sqs.ListQueueTagsOutput](t)(client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: tagged})); !maps.Equal(out.Tags, map[string]string{"made": "so"}) {
			t.Errorf("the tags are %v", out.Tags)
		}
		must[*sqs.TagQueueOutput](t)(client.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"a": "1", "b": "2"}}))
		must[*sqs.TagQueueOutput](t)(client.TagQueue(ctx, &sqs.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"b": "3"}}))
		must[*sqs.UntagQueueOutput](t)(client.UntagQueue(ctx, &sqs.UntagQueueInput{QueueUrl: &url, TagKeys: []string{"a", "never"}}))
		if out := must[*sqs.ListQueueTagsOutput](t)(client.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &url})); !maps.Equal(out.Tags, map[string]string{"b": "3"}) {
			t.Errorf("the tags are %v", out.Tags)
		}
	})
	t.Run("visibility in a batch", func(t *testing.T) {
		for range 2 {
			must[*sqs.SendMessageOutput](t)(client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("m")}))
		}
		all := must[*sqs.ReceiveMessageOutput](t)(client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})).Messages
		if len(all) != 2 {
			t.Fatalf("%d messages", len(all))
		}
		out := must[*sqs.ChangeMessageVisibilityBatchOutput](t)(client.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &url, Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
			{Id: aws.String("shown"), ReceiptHandle: all[0].ReceiptHandle}, {Id: aws.String("wrong"), ReceiptHandle: aws.String("x")},
			{Id: aws.String("long"), ReceiptHandle: all[1].ReceiptHandle, VisibilityTimeout: 43_201},
		}}))
		if len(out.Successful) != 1 || *out.Successful[0].Id != "shown" || len(out.Failed) != 2 || *out.Failed[0].Code != "ReceiptHandleIsInvalid" || !out.Failed[1].SenderFault {
			t.Errorf("got %+v, failed %+v", out.Successful, out.Failed)
		}
		if a := queueAttributes(t, client, url); a["ApproximateNumberOfMessages"] != "1" || a["ApproximateNumberOfMessagesNotVisible"] != "1" {
			t.Errorf("got %v", a)
		}
	})
	t.Run("changes", func(t *testing.T) {
		policy := `{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "sqs:PurgeQueue", "Resource": "` + arn + `"}]}`
		for _, attributes := range []map[string]string{
			{"Policy": policy, "KmsMasterKeyId": "alias/aws/sqs"}, {"RedrivePolicy": "", "DelaySeconds": "900", "MaximumMessageSize": "1024"},
		} {
			must[*sqs.SetQueueAttributesOutput](t)(client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: attributes}))
		}
		a := queueAttributes(t, client, url)
		if a["Policy"] != policy || a["KmsMasterKeyId"] != "alias/aws/sqs" || a["SqsManagedSseEnabled"] != "false" || a["RedrivePolicy"] != "" || a["DelaySeconds"] != "900" || a["VisibilityTimeout"] != "7" {
			t.Errorf("got %v", a)
		}
		if _, err := client.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url}); code(err) != "AccessDenied 400" {
			t.Errorf("what the policy denies is %v", err)
		}
		must[*sqs.SetQueueAttributesOutput](t)(client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"Policy": ""}}))
		must[*sqs.PurgeQueueOutput](t)(client.PurgeQueue(ctx, &sqs.PurgeQueueInput{QueueUrl: &url}))
	})
	t.Run("refusals", func(t *testing.T) {
		for _, c := range []struct {
			name       string
			attributes map[string]string
			want       string
		}{
			{"q", map[string]string{"VisibilityTimeout": "8"}, "QueueAlreadyExists 400"},
			{"q.1", nil, "InvalidParameterValue 400"},
			{"q.fifo", nil, "InvalidParameterValue 400"},
			{"q", map[string]string{"FifoQueue": "true"}, "InvalidParameterValue 400"},
			{"new.fifo", map[string]string{"FifoQueue": "true", "DeduplicationScope": "group"}, "InvalidAttributeValue 400"},
			{"new.fifo", map[string]string{"FifoQueue": "true", "FifoThroughputLimit": "perMessageGroupId"}, "InvalidAttributeValue 400"},
			{"new.fifo", map[string]string{"FifoQueue": "true", "RedrivePolicy": `{"deadLetterTargetArn": "` + deadARN + `"}`}, "InvalidParameterValue 400"},
			{"new", map[string]string{"ContentBasedDeduplication": "true"}, "InvalidAttributeName 400"},
			{"new", map[string]string{"FifoQueue": "false"}, "InvalidAttributeName 400"},
			{"new", map[string]string{"QueueArn": arn}, "InvalidAttributeName 400"},
			{"new", map[string]string{"VisibilityTimeout": "43201"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"VisibilityTimeout": "a"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"MessageRetentionPeriod": "59"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"DelaySeconds": "901"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"ReceiveMessageWaitTimeSeconds": "21"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"MaximumMessageSize": "1048577"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"Policy": "{}"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"SqsManagedSseEnabled": "yes"}, "InvalidAttributeValue 400"},
			{"new", map[string]string{"SqsManagedSseEnabled": "true", "KmsMasterKeyId": "k"}, "InvalidAttributeName 400"},
			{"new", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn": "` + arn + `2"}`}, "InvalidParameterValue 400"},
			{"new", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn": "` + arn + `", "maxReceiveCount": 0}`}, "InvalidParameterValue 400"},
			{"new", map[string]string{"RedriveAllowPolicy": `{"redrivePermission": "byQueue"}`}, "InvalidAttributeValue 400"},
		} {
			if _, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &c.name, Attributes: c.attributes}); code(err) != c.want {
				t.Errorf("%s with %v: %v, want %s", c.name, c.attributes, err, c.want)
			}
		}
		if _, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("new")}); code(err) != "AWS.SimpleQueueService.NonExistentQueue 400" && code(err) != "QueueDoesNotExist 400" {
			t.Errorf("a queue was made all the same: %v", err)
		}
	})
	t.Run("a dead-letter queue that allows nobody", func(t *testing.T) {
		_, closed := newQueue(t, client, "closed", map[string]string{"RedriveAllowPolicy": `{"redrivePermission": "denyAll"}`})
		_, err := client.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"RedrivePolicy": `{"deadLetterTargetArn": "` + closed + `"}`}})
		if code(err) != "InvalidParameterValue 400" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("deletion", func(t *testing.T) {
		must[*sqs.DeleteQueueOutput](t)(client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url}))
		if _, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("q")}); code(err) != "AWS.SimpleQueueService.QueueDeletedRecently 400" && code(err) != "QueueDeletedRecently 400" {
			t.Errorf("got %v", err)
		}
		if _, err := client.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: &url}); err == nil {
			t.Error("deleted twice")
		}
	})
}
