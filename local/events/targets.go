package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"airline/asl/jsonvalue"
	"airline/local/door"
)

// 24 hours and 185 attempts are EventBridge's defaults of a target's retry policy, and its maximums.
const (
	maxRetries = 185
	maxAge     = 24 * time.Hour
)

// errTwoInputs is the refusal of a target with more than one input.
var errTwoInputs = errors.New("has more than one of input, inputPath and inputTransformer; EventBridge takes one")

// read compiles what the target makes of an event: at most one of a constant, a path and a transformer. The error names the part that is
// wrong.
func (t *target) read(constant, pathText string, paths map[string]string, template string, transformed bool) (err error) {
	if constant != "" && (pathText != "" || transformed) || pathText != "" && transformed {
		return errTwoInputs
	}
	if constant != "" {
		if _, err = jsonvalue.Decode([]byte(constant)); err != nil {
			return fmt.Errorf("input: is not JSON: %w", err)
		}
		t.constant = constant
	}
	if pathText != "" {
		if t.path, err = parsePath(pathText); err != nil {
			return fmt.Errorf("inputPath: %w", err)
		}
		t.pathText = pathText
	}
	if transformed {
		if t.transformer, err = ParseTransformer(paths, template); err != nil {
			return err
		}
		t.template, t.paths = template, paths
	}
	return nil
}

// PutTargets adds targets to a rule, or replaces those with the same ids. What is wrong with one is an error of the call: nothing is put.
func (s *Service) PutTargets(ctx context.Context, in *eventbridge.PutTargetsInput, _ ...func(*eventbridge.Options)) (*eventbridge.PutTargetsOutput, error) {
	in = door.Given(in)
	needs := []door.Request{{Action: "events:PutTargets", Resource: s.arn("rule/" + aws.ToString(in.Rule)), Keys: map[string][]string{"events:TargetArn": {}}}}
	for _, t := range in.Targets {
		needs[0].Keys["events:TargetArn"] = append(needs[0].Keys["events:TargetArn"], aws.ToString(t.Arn))
		if t.RoleArn != nil {
			needs = append(needs, door.Request{Action: "iam:PassRole", Resource: *t.RoleArn, Keys: map[string][]string{"iam:PassedToService": {principal}}})
		}
	}
	return door.Call(ctx, s.door, door.Op[eventbridge.PutTargetsInput, eventbridge.PutTargetsOutput]{
		Service: "eventbridge", Action: "PutTargets", Takes: []string{"Rule", "EventBusName", "Targets"}, Needs: needs,
		Do: func(_ context.Context, in *eventbridge.PutTargetsInput) (*eventbridge.PutTargetsOutput, error) {
			r, err := s.named(in.Rule, in.EventBusName)
			if err != nil {
				return nil, err
			}
			if n := len(in.Targets); n < 1 || n > 100 {
				return nil, validation("%d targets, must be 1 to 100", n)
			}
			targets, roles := slices.Clone(r.targets), []string{}
			for i, given := range in.Targets {
				if err := checkName(fmt.Sprintf("targets.%d.member.id", i+1), aws.ToString(given.Id)); err != nil {
					return nil, err
				}
				t, err := s.target(given)
				if err != nil {
					return nil, err
				}
				roles = append(roles, t.role)
				if at := slices.IndexFunc(targets, func(e *target) bool { return e.id == t.id }); at >= 0 {
					targets[at] = t
				} else {
					targets = append(targets, t)
				}
			}
			if len(targets) > maxTargets {
				return nil, tooMany()
			}
			for _, role := range roles {
				if err := s.checkRole(role, r.arn); err != nil {
					return nil, err
				}
			}
			r.targets = targets
			return &eventbridge.PutTargetsOutput{FailedEntries: []types.PutTargetsResultEntry{}}, nil
		},
	}, in)
}

// checkRole refuses a role that EventBridge may not assume for a rule.
func (s *Service) checkRole(role, rule string) error {
	if role == "" {
		return nil
	}
	if !strings.HasPrefix(role, "arn:") || !strings.Contains(role, ":role/") {
		return validation("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", role)
	}
	if s.onRole != nil {
		if err := s.onRole(role); err != nil {
			return err
		}
	}
	ctx := door.As(context.Background(), door.Principal{Service: principal, SourceARN: rule, Account: s.place.Account})
	if _, err := s.door.Assume(ctx, door.Assumption{Role: role, Service: principal, SourceARN: rule, Session: "PutTargets"}); err != nil {
		return validation("Provided role '%s' cannot be assumed by principal '%s'.", role, principal)
	}
	return nil
}

// target makes the target of a call.
func (s *Service) target(in types.Target) (*target, error) {
	t := &target{id: *in.Id, arn: aws.ToString(in.Arn), role: aws.ToString(in.RoleArn), maxRetries: maxRetries, maxAge: maxAge}
	part := strings.SplitN(t.arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[5] == "" {
		return nil, validation("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", t.arn)
	}
	switch part[2] {
	case "states":
		if t.role == "" {
			return nil, validation("RoleArn is required for target %s.", t.arn)
		}
	case "sqs", "sns":
	default:
		return nil, door.NotModelled("targets of the service " + part[2])
	}
	if part[3] != s.place.Region || part[4] != s.place.Account {
		return nil, door.NotModelled("targets in other accounts and regions (" + t.arn + ")")
	}
	for name, given := range map[string]bool{
		"AppSyncParameters": in.AppSyncParameters != nil, "BatchParameters": in.BatchParameters != nil, "EcsParameters": in.EcsParameters != nil, "HttpParameters": in.HttpParameters != nil,
		"KinesisParameters": in.KinesisParameters != nil, "RedshiftDataParameters": in.RedshiftDataParameters != nil, "RunCommandParameters": in.RunCommandParameters != nil,
		"SageMakerPipelineParameters": in.SageMakerPipelineParameters != nil, "SqsParameters": in.SqsParameters != nil,
	} {
		if given {
			return nil, door.NotModelled("the " + name + " of a target")
		}
	}
	if in.DeadLetterConfig != nil {
		t.deadLetters = aws.ToString(in.DeadLetterConfig.Arn)
		if part := strings.SplitN(t.deadLetters, ":", 6); len(part) != 6 || part[2] != "sqs" {
			return nil, validation("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", t.deadLetters)
		}
	}
	if p := in.RetryPolicy; p != nil {
		if n := p.MaximumRetryAttempts; n != nil {
			if t.maxRetries = int(*n); *n < 0 || *n > maxRetries {
				return nil, validation("MaximumRetryAttempts of the target %s must be from 0 to %d", t.id, maxRetries)
			}
		}
		if n := p.MaximumEventAgeInSeconds; n != nil {
			if t.maxAge = time.Duration(*n) * time.Second; t.maxAge < time.Minute || t.maxAge > maxAge {
				return nil, validation("MaximumEventAgeInSeconds of the target %s must be from 60 to 86400", t.id)
			}
		}
	}
	x := in.InputTransformer
	if x == nil {
		x = &types.InputTransformer{}
	}
	switch err := t.read(aws.ToString(in.Input), aws.ToString(in.InputPath), x.InputPathsMap, aws.ToString(x.InputTemplate), in.InputTransformer != nil); {
	case errors.Is(err, errTwoInputs):
		return nil, validation("Only one of Input, InputPath, or InputTransformer must be provided for target %s.", t.id)
	case err != nil:
		return nil, validation("The input of the target %s is not valid: %v", t.id, err)
	}
	return t, nil
}

// RemoveTargets takes targets from a rule; ids that it does not have are no error. Events under way to them arrive.
func (s *Service) RemoveTargets(ctx context.Context, in *eventbridge.RemoveTargetsInput, _ ...func(*eventbridge.Options)) (*eventbridge.RemoveTargetsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.RemoveTargetsInput, eventbridge.RemoveTargetsOutput]{
		Service: "eventbridge", Action: "RemoveTargets", Takes: []string{"Rule", "EventBusName", "Ids", "Force"},
		Needs: []door.Request{{Action: "events:RemoveTargets", Resource: s.arn("rule/" + aws.ToString(in.Rule))}},
		Do: func(_ context.Context, in *eventbridge.RemoveTargetsInput) (*eventbridge.RemoveTargetsOutput, error) {
			r, err := s.named(in.Rule, in.EventBusName)
			if err != nil {
				return nil, err
			}
			if n := len(in.Ids); n < 1 || n > 100 {
				return nil, validation("%d ids, must be 1 to 100", n)
			}
			r.targets = slices.DeleteFunc(slices.Clone(r.targets), func(t *target) bool { return slices.Contains(in.Ids, t.id) })
			return &eventbridge.RemoveTargetsOutput{FailedEntries: []types.RemoveTargetsResultEntry{}}, nil
		},
	}, in)
}

// ListRuleNamesByTarget lists the rules that hand events to a target, by name.
func (s *Service) ListRuleNamesByTarget(ctx context.Context, in *eventbridge.ListRuleNamesByTargetInput, _ ...func(*eventbridge.Options)) (*eventbridge.ListRuleNamesByTargetOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.ListRuleNamesByTargetInput, eventbridge.ListRuleNamesByTargetOutput]{
		Service: "eventbridge", Action: "ListRuleNamesByTarget", Needs: []door.Request{{Action: "events:ListRuleNamesByTarget", Resource: "*"}},
		Do: func(_ context.Context, in *eventbridge.ListRuleNamesByTargetInput) (*eventbridge.ListRuleNamesByTargetOutput, error) {
			if err := s.defaultBus(in.EventBusName); err != nil {
				return nil, err
			}
			names := []string{}
			for _, r := range s.rules {
				if slices.ContainsFunc(r.targets, func(t *target) bool { return t.arn == aws.ToString(in.TargetArn) }) {
					names = append(names, r.name)
				}
			}
			page, next, err := pageOf(names, in.Limit, in.NextToken)
			return &eventbridge.ListRuleNamesByTargetOutput{RuleNames: page, NextToken: next}, err
		},
	}, in)
}
