package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/local/wire"
)

func TestTagsOfMachines(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	ctx := t.Context()
	tag := func(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }
	in := &sfn.CreateStateMachineInput{Name: aws.String("m"), Definition: aws.String(passes), RoleArn: aws.String(role), Tags: []types.Tag{tag("a", "1"), tag("b", "2")}}
	machine := must[*sfn.CreateStateMachineOutput](t)(client.CreateStateMachine(ctx, in)).StateMachineArn
	in.RoleArn, in.Tags = aws.String(role+"2"), nil
	if again := must[*sfn.CreateStateMachineOutput](t)(client.CreateStateMachine(ctx, in)); *again.StateMachineArn != *machine {
		t.Errorf("the same machine again is %s", *again.StateMachineArn)
	}
	d := must[*sfn.DescribeStateMachineOutput](t)(client.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: machine}))
	if *d.RoleArn != role {
		t.Errorf("the same call again has changed the role to %s", *d.RoleArn)
	}
	activity := must[*sfn.CreateActivityOutput](t)(client.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("a"), Tags: []types.Tag{tag("a", "1"), tag("b", "2")}})).ActivityArn
	for _, arn := range []*string{machine, activity} {
		must[*sfn.TagResourceOutput](t)(client.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{tag("b", "3"), tag("c", "")}}))
		must[*sfn.UntagResourceOutput](t)(client.UntagResource(ctx, &sfn.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a", "never"}}))
		var got []string
		for _, tag := range must[*sfn.ListTagsForResourceOutput](t)(client.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: arn})).Tags {
			got = append(got, *tag.Key+"="+aws.ToString(tag.Value))
		}
		if strings.Join(got, " ") != "b=3 c=" {
			t.Errorf("the tags of %s are %q", *arn, got)
		}
	}
	var many []types.Tag
	for i := range 49 {
		many = append(many, tag(fmt.Sprint(i), ""))
	}
	if _, err := client.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: machine, Tags: many}); !errors.As(err, new(*types.TooManyTags)) {
		t.Errorf("51 tags: %v", err)
	}
	if _, err := client.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: aws.String(*machine + "x")}); !errors.As(err, new(*types.ResourceNotFound)) {
		t.Errorf("no machine: %v", err)
	}
}

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
