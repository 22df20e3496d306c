package wire_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"airline/local/wire"
)

func TestLogGroups(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	ctx, client := t.Context(), cloudwatchlogs.NewFromConfig(s.as("operator"))
	group, stream := aws.String("/mine"), aws.String("s")
	must[*cloudwatchlogs.CreateLogGroupOutput](t)(client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group}))
	must[*cloudwatchlogs.CreateLogStreamOutput](t)(client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream}))
	retention := func() *int32 {
		return must[*cloudwatchlogs.DescribeLogGroupsOutput](t)(client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: group})).LogGroups[0].RetentionInDays
	}
	must[*cloudwatchlogs.PutRetentionPolicyOutput](t)(client.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(30)}))
	if got := retention(); aws.ToInt32(got) != 30 {
		t.Errorf("the retention is %v", got)
	}
	if _, err := client.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: group, RetentionInDays: aws.Int32(31)}); code(err) != "InvalidParameterException 400" {
		t.Errorf("31 days: %v", err)
	}
	must[*cloudwatchlogs.DeleteRetentionPolicyOutput](t)(client.DeleteRetentionPolicy(ctx, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: group}))
	if got := retention(); got != nil {
		t.Errorf("the retention is %d", *got)
	}
	must[*cloudwatchlogs.DeleteLogStreamOutput](t)(client.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: group, LogStreamName: stream}))
	if _, err := client.DeleteLogStream(ctx, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: group, LogStreamName: stream}); code(err) != "ResourceNotFoundException 400" {
		t.Errorf("deleted twice: %v", err)
	}
	must[*cloudwatchlogs.DeleteLogGroupOutput](t)(client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: group}))
	if _, err := client.DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: group}); code(err) != "ResourceNotFoundException 400" {
		t.Errorf("deleted twice: %v", err)
	}
}
