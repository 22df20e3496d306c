package events

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"airline/local/door"
)

// ListRules lists the rules of the default bus by name.
func (s *Service) ListRules(ctx context.Context, in *eventbridge.ListRulesInput, _ ...func(*eventbridge.Options)) (*eventbridge.ListRulesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.ListRulesInput, eventbridge.ListRulesOutput]{
		Service: "eventbridge", Action: "ListRules", Takes: []string{"NamePrefix", "Limit", "NextToken", "EventBusName"},
		Needs: []door.Request{{Action: "events:ListRules", Resource: "*"}},
		Do: func(_ context.Context, in *eventbridge.ListRulesInput) (*eventbridge.ListRulesOutput, error) {
			if err := s.defaultBus(in.EventBusName); err != nil {
				return nil, err
			}
			var list []types.Rule
			for _, r := range s.rules {
				if strings.HasPrefix(r.name, aws.ToString(in.NamePrefix)) {
					list = append(list, types.Rule{
						Name: &r.name, Arn: &r.arn, State: r.state(), EventBusName: aws.String("default"),
						Description: given(r.description), EventPattern: given(r.patternText), ScheduleExpression: given(r.expression),
					})
				}
			}
			page, next, err := pageOf(list, in.Limit, in.NextToken)
			return &eventbridge.ListRulesOutput{Rules: page, NextToken: next}, err
		},
	}, in)
}

// DescribeRule describes one rule.
func (s *Service) DescribeRule(ctx context.Context, in *eventbridge.DescribeRuleInput, _ ...func(*eventbridge.Options)) (*eventbridge.DescribeRuleOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.DescribeRuleInput, eventbridge.DescribeRuleOutput]{
		Service: "eventbridge", Action: "DescribeRule", Takes: []string{"Name", "EventBusName"},
		Needs: []door.Request{{Action: "events:DescribeRule", Resource: s.arn("rule/" + aws.ToString(in.Name))}},
		Do: func(_ context.Context, in *eventbridge.DescribeRuleInput) (*eventbridge.DescribeRuleOutput, error) {
			r, err := s.named(in.Name, in.EventBusName)
			if err != nil {
				return nil, err
			}
			return &eventbridge.DescribeRuleOutput{
				Name: &r.name, Arn: &r.arn, State: r.state(), EventBusName: aws.String("default"), CreatedBy: &s.place.Account,
				Description: given(r.description), EventPattern: given(r.patternText), ScheduleExpression: given(r.expression),
			}, nil
		},
	}, in)
}

// ListTargetsByRule lists what a rule hands events to.
func (s *Service) ListTargetsByRule(ctx context.Context, in *eventbridge.ListTargetsByRuleInput, _ ...func(*eventbridge.Options)) (*eventbridge.ListTargetsByRuleOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.ListTargetsByRuleInput, eventbridge.ListTargetsByRuleOutput]{
		Service: "eventbridge", Action: "ListTargetsByRule", Takes: []string{"Rule", "EventBusName", "Limit", "NextToken"},
		Needs: []door.Request{{Action: "events:ListTargetsByRule", Resource: s.arn("rule/" + aws.ToString(in.Rule))}},
		Do: func(_ context.Context, in *eventbridge.ListTargetsByRuleInput) (*eventbridge.ListTargetsByRuleOutput, error) {
			r, err := s.named(in.Rule, in.EventBusName)
			if err != nil {
				return nil, err
			}
			var list []types.Target
			for _, t := range r.targets {
				list = append(list, t.describe())
			}
			page, next, err := pageOf(list, in.Limit, in.NextToken)
			return &eventbridge.ListTargetsByRuleOutput{Targets: page, NextToken: next}, err
		},
	}, in)
}

func (t *target) describe() types.Target {
	out := types.Target{Id: &t.id, Arn: &t.arn, RoleArn: given(t.role), Input: given(t.constant), InputPath: given(t.pathText)}
	if t.deadLetters != "" {
		out.DeadLetterConfig = &types.DeadLetterConfig{Arn: &t.deadLetters}
	}
	if t.transformer != nil {
		out.InputTransformer = &types.InputTransformer{InputTemplate: &t.template, InputPathsMap: t.paths}
	}
	out.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(int32(t.maxRetries)), MaximumEventAgeInSeconds: aws.Int32(int32(t.maxAge.Seconds()))}
	return out
}

func (r *rule) state() types.RuleState {
	if r.enabled {
		return types.RuleStateEnabled
	}
	return types.RuleStateDisabled
}

// named is the rule of a name on the default bus.
func (s *Service) named(name, bus *string) (*rule, error) {
	if err := s.defaultBus(bus); err != nil {
		return nil, err
	}
	for _, r := range s.rules {
		if r.name == aws.ToString(name) {
			return r, nil
		}
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String(fmt.Sprintf("Rule %s does not exist on EventBus default.", aws.ToString(name)))}
}

// given is a text, or nothing when it is empty.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// pageOf is a page of a list, of at most 100.
func pageOf[T any](list []T, limit *int32, token *string) ([]T, *string, error) {
	page, next, ok := door.Page(list, token, door.PageSize(limit, 100, 100))
	if !ok {
		return nil, nil, &types.InvalidStateException{Message: aws.String("the token " + *token + " is not valid")}
	}
	return page, next, nil
}
