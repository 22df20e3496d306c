package wire_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local/wire"
)

func TestRules(t *testing.T) {
	s, machines := noStack(t, wire.Options{})
	ctx, bus, queues := t.Context(), eventbridge.NewFromConfig(s.as("operator")), sqs.NewFromConfig(s.as("operator"))
	const pattern = `{"source": ["shop"], "detail": {"total": [{"numeric": [">", 10]}]}}`
	made := must[*eventbridge.PutRuleOutput](t)(bus.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("orders"), EventPattern: aws.String(pattern), Description: aws.String("large ones"),
		Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}}))
	rule := *made.RuleArn
	if rule != "arn:aws:events:us-east-1:123456789012:rule/orders" {
		t.Errorf("the rule is %s", rule)
	}
	url, queue := newQueue(t, queues, "q", nil)
	must[*sqs.SetQueueAttributesOutput](t)(queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: letting("events.amazonaws.com", queue, rule)}))
	machine := create(t, machines, "m", passes, "")
	put := func(targets ...types.Target) error {
		out, err := bus.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("orders"), Targets: targets})
		if err == nil && (out.FailedEntryCount != 0 || len(out.FailedEntries) != 0) {
			t.Errorf("failed: %+v", out)
		}
		return err
	}
	if err := put(types.Target{Id: aws.String("q"), Arn: &queue, InputTransformer: &types.InputTransformer{InputPathsMap: map[string]string{"n": "$.detail.total"}, InputTemplate: aws.String(`"total <n>"`)}},
		types.Target{Id: aws.String("m"), Arn: machine, RoleArn: aws.String(role), InputPath: aws.String("$.detail")}); err != nil {
		t.Fatal(err)
	}
	send := func(total int) {
		t.Helper()
		out := must[*eventbridge.PutEventsOutput](t)(bus.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
			Source: aws.String("shop"), DetailType: aws.String("Order"), Detail: aws.String(fmt.Sprintf(`{"total": %d}`, total)), EventBusName: aws.String("default"),
		}}}))
		if out.FailedEntryCount != 0 {
			t.Fatalf("got %+v", out.Entries)
		}
	}
	var got []string
	arrived := func(n int) func() bool {
		return func() bool { got = append(got, bodies(t, queues, url)...); return len(got) >= n }
	}
	t.Run("events reach a queue and a machine", func(t *testing.T) {
		send(10)
		send(11)
		eventually(t, "the message", arrived(1))
		if !slices.Equal(got, []string{`"total 11"`}) {
			t.Errorf("the queue got %q", got)
		}
		eventually(t, "the execution", func() bool {
			list := must[*sfn.ListExecutionsOutput](t)(machines.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: machine})).Executions
			if len(list) != 1 {
				return false
			}
			x := must[*sfn.DescribeExecutionOutput](t)(machines.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: list[0].ExecutionArn}))
			return *x.Input == `{"total":11}`
		})
	})
	t.Run("a rule is replaced, its targets stay", func(t *testing.T) {
		must[*eventbridge.PutRuleOutput](t)(bus.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("orders"), EventPattern: aws.String(`{"source": ["shop"]}`), State: types.RuleStateDisabled}))
		d := must[*eventbridge.DescribeRuleOutput](t)(bus.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: aws.String("orders")}))
		if d.State != types.RuleStateDisabled || d.Description != nil || *d.EventPattern != `{"source": ["shop"]}` || *d.CreatedBy != "123456789012" {
			t.Errorf("the rule is %+v", d)
		}
		send(12)
		must[*eventbridge.EnableRuleOutput](t)(bus.EnableRule(ctx, &eventbridge.EnableRuleInput{Name: aws.String("orders"), EventBusName: aws.String("default")}))
		if err := put(types.Target{Id: aws.String("q"), Arn: &queue, Input: aws.String(`{"a":1}`)}); err != nil {
			t.Fatal(err)
		}
		got = nil
		send(1)
		eventually(t, "the message", arrived(1))
		if !slices.Equal(got, []string{`{"a":1}`}) {
			t.Errorf("the queue got %q", got)
		}
		targets := must[*eventbridge.ListTargetsByRuleOutput](t)(bus.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: aws.String("orders")})).Targets
		if len(targets) != 2 || *targets[0].Id != "q" || *targets[0].Input != `{"a":1}` || targets[0].InputTransformer != nil {
			t.Errorf("the targets are %+v", targets)
		}
	})
	t.Run("lists", func(t *testing.T) {
		names := must[*eventbridge.ListRuleNamesByTargetOutput](t)(bus.ListRuleNamesByTarget(ctx, &eventbridge.ListRuleNamesByTargetInput{TargetArn: &queue})).RuleNames
		if !slices.Equal(names, []string{"orders"}) {
			t.Errorf("the rules of the queue are %v", names)
		}
		buses := must[*eventbridge.ListEventBusesOutput](t)(bus.ListEventBuses(ctx, &eventbridge.ListEventBusesInput{})).EventBuses
		one := must[*eventbridge.DescribeEventBusOutput](t)(bus.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{}))
		if len(buses) != 1 || *buses[0].Arn != "arn:aws:events:us-east-1:123456789012:event-bus/default" || *one.Arn != *buses[0].Arn || *one.Name != "default" {
			t.Errorf("the buses are %+v and %+v", buses, one)
		}
	})
	t.Run("tags", func(t *testing.T) {
		must[*eventbridge.TagResourceOutput](t)(bus.TagResource(ctx, &eventbridge.TagResourceInput{ResourceARN: &rule, Tags: []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}}}))
		must[*eventbridge.UntagResourceOutput](t)(bus.UntagResource(ctx, &eventbridge.UntagResourceInput{ResourceARN: &rule, TagKeys: []string{"a"}}))
		tags := must[*eventbridge.ListTagsForResourceOutput](t)(bus.ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: &rule})).Tags
		if len(tags) != 1 || *tags[0].Key != "b" || *tags[0].Value != "2" {
			t.Errorf("the tags are %v", tags)
		}
	})
	t.Run("refusals", func(t *testing.T) {
		for want, list := range map[string][]*eventbridge.PutRuleInput{
			"ValidationException 400": {
				{Name: aws.String("no name")}, {Name: aws.String(strings.Repeat("x", 65)), EventPattern: aws.String(pattern)}, {Name: aws.String("new")},
				{Name: aws.String("new"), ScheduleExpression: aws.String("rate(1 minutes)")}, {Name: aws.String("new"), ScheduleExpression: aws.String("cron(INVALID)")},
			},
			"InvalidEventPatternException 400": {{Name: aws.String("new"), EventPattern: aws.String(`{"source": "shop"}`)}},
			"ResourceNotFoundException 400":    {{Name: aws.String("new"), EventPattern: aws.String(pattern), EventBusName: aws.String("mine")}},
			"NotImplemented 501": {
				{Name: aws.String("new"), ScheduleExpression: aws.String("cron(0 0 L * ? *)")}, {Name: aws.String("new"), EventPattern: aws.String(pattern), RoleArn: aws.String(role)},
				{Name: aws.String("new"), EventPattern: aws.String(pattern), State: types.RuleStateEnabledWithAllCloudtrailManagementEvents},
			},
		} {
			for _, in := range list {
				if _, err := bus.PutRule(ctx, in); code(err) != want {
					t.Errorf("%+v: %v, want %s", in, err, want)
				}
			}
		}
		five := []types.Target{}
		for i := range 5 {
			five = append(five, types.Target{Id: aws.String(fmt.Sprint(i)), Arn: &queue})
		}
		attempts := int32(186)
		for want, list := range map[string][]types.Target{
			"ValidationException 400": {
				{Id: aws.String("a b"), Arn: &queue}, {Id: aws.String("x"), Arn: aws.String("queue")}, {Id: aws.String("x"), Arn: machine},
				{Id: aws.String("x"), Arn: &queue, Input: aws.String("text")}, {Id: aws.String("x"), Arn: &queue, Input: aws.String("{}"), InputPath: aws.String("$")},
				{Id: aws.String("x"), Arn: &queue, InputTransformer: &types.InputTransformer{InputTemplate: aws.String(`{"a": <b>}`)}},
				{Id: aws.String("x"), Arn: &queue, RetryPolicy: &types.RetryPolicy{MaximumRetryAttempts: &attempts}},
				{Id: aws.String("x"), Arn: machine, RoleArn: aws.String("me")},
			},
			"NotImplemented 501": {
				{Id: aws.String("x"), Arn: aws.String("arn:aws:lambda:us-east-1:123456789012:function:f")}, {Id: aws.String("x"), Arn: aws.String("arn:aws:sqs:eu-west-1:123456789012:q")},
				{Id: aws.String("x"), Arn: &queue, SqsParameters: &types.SqsParameters{MessageGroupId: aws.String("g")}},
			},
		} {
			for _, target := range list {
				if err := put(target); code(err) != want {
					t.Errorf("%+v: %v, want %s", target, err, want)
				}
			}
		}
		if err := put(five...); code(err) != "LimitExceededException 400" {
			t.Errorf("seven targets: %v", err)
		}
		if _, err := bus.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("none"), Targets: five}); code(err) != "ResourceNotFoundException 400" {
			t.Errorf("targets of no rule: %v", err)
		}
		if _, err := bus.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: aws.String("orders")}); code(err) != "ValidationException 400" {
			t.Errorf("a rule with targets: %v", err)
		}
	})
	must[*eventbridge.RemoveTargetsOutput](t)(bus.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: aws.String("orders"), Ids: []string{"q", "m"}}))
	must[*eventbridge.DeleteRuleOutput](t)(bus.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: aws.String("orders")}))
	if rules := must[*eventbridge.ListRulesOutput](t)(bus.ListRules(ctx, &eventbridge.ListRulesInput{})).Rules; len(rules) != 0 {
		t.Errorf("the rules are %+v", rules)
	}
}
