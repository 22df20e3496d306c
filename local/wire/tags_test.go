package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
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
