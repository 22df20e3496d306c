package events

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
	"airline/local/schedule"
)

// EventBridge's quotas and names (User Guide, "Amazon EventBridge quotas"; API reference, PutRule and Target).
const (
	maxRules   = 300
	maxTargets = 5
	maxName    = 64 // characters of a rule's name and a target's id
)

var plainName = regexp.MustCompile(`^[\.\-_A-Za-z0-9]+$`)

func validation(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...), Fault: smithy.FaultClient}
}

func tooMany() error {
	return &types.LimitExceededException{Message: aws.String("The requested resource exceeds the maximum number allowed.")}
}

// checkName refuses what a rule or target cannot be called.
func checkName(at, name string) error {
	bad := func(constraint string) error {
		return validation("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s", name, at, constraint)
	}
	switch {
	case name == "":
		return bad("have length greater than or equal to 1")
	case len(name) > maxName:
		return bad(fmt.Sprintf("have length less than or equal to %d", maxName))
	case !plainName.MatchString(name):
		return bad(`satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`)
	}
	return nil
}

// OnRole calls f with the role of every target that is put, before the target is: a world without a stack makes the role then.
func (s *Service) OnRole(f func(arn string) error) { s.onRole = f }

// PutRule makes a rule, or replaces all of one but its targets and tags.
func (s *Service) PutRule(ctx context.Context, in *eventbridge.PutRuleInput, _ ...func(*eventbridge.Options)) (*eventbridge.PutRuleOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.Name)
	needs := []door.Request{{Action: "events:PutRule", Resource: s.arn("rule/" + name)}}
	if len(in.Tags) > 0 {
		needs = append(needs, door.Request{Action: "events:TagResource", Resource: s.arn("rule/" + name)})
	}
	return door.Call(ctx, s.door, door.Op[eventbridge.PutRuleInput, eventbridge.PutRuleOutput]{
		Service: "eventbridge", Action: "PutRule", Needs: needs,
		Takes: []string{"Name", "Description", "EventBusName", "EventPattern", "ScheduleExpression", "State", "Tags"},
		Do: func(_ context.Context, in *eventbridge.PutRuleInput) (*eventbridge.PutRuleOutput, error) {
			if err := s.defaultBus(in.EventBusName); err != nil {
				return nil, err
			}
			if err := checkName("name", name); err != nil {
				return nil, err
			}
			made := rule{
				name: name, arn: s.arn("rule/" + name), enabled: true, description: aws.ToString(in.Description),
				patternText: aws.ToString(in.EventPattern), expression: aws.ToString(in.ScheduleExpression),
			}
			if err := made.read(in.State); err != nil {
				return nil, err
			}
			i := slices.IndexFunc(s.rules, func(r *rule) bool { return r.name == name })
			if i < 0 {
				if len(s.rules) >= maxRules {
					return nil, tooMany()
				}
				tags, err := tagged(nil, in.Tags)
				if err != nil {
					return nil, err
				}
				made.tags = tags
				s.add(&made)
				return &eventbridge.PutRuleOutput{RuleArn: &made.arn}, nil
			}
			old := s.rules[i]
			s.disarm(old)
			made.targets, made.tags = old.targets, old.tags
			*old = made
			s.arm(old)
			return &eventbridge.PutRuleOutput{RuleArn: &old.arn}, nil
		},
	}, in)
}

// read compiles a rule's texts.
func (r *rule) read(state types.RuleState) error {
	switch state {
	case "", types.RuleStateEnabled:
	case types.RuleStateDisabled:
		r.enabled = false
	case types.RuleStateEnabledWithAllCloudtrailManagementEvents:
		return door.NotModelled("the state " + string(state) + " of a rule")
	default:
		return validation("1 validation error detected: Value '%s' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]", state)
	}
	if len([]rune(r.description)) > 512 {
		return validation("1 validation error detected: Value at 'description' failed to satisfy constraint: Member must have length less than or equal to 512")
	}
	if r.patternText == "" && r.expression == "" {
		return validation("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	}
	var err error
	if r.patternText != "" {
		if r.pattern, err = ParsePattern(r.patternText); err != nil {
			return &types.InvalidEventPatternException{Message: aws.String("Event pattern is not valid. Reason: " + strings.TrimPrefix(err.Error(), "event pattern: "))}
		}
	}
	if r.expression != "" {
		if r.schedule, err = schedule.Parse(r.expression); err != nil {
			if calendar(r.expression) {
				return door.NotModelled("L, W and # in the ScheduleExpression " + r.expression)
			}
			return validation("Parameter ScheduleExpression is not valid.")
		}
	}
	return nil
}

// calendar tells whether a cron expression has one of the letters that the local world does not know.
func calendar(expression string) bool {
	inside, ok := strings.CutPrefix(strings.TrimSuffix(expression, ")"), "cron(")
	fields := strings.Fields(inside)
	return ok && len(fields) == 6 && (strings.ContainsAny(fields[2], "LW") || strings.HasSuffix(fields[4], "L") || strings.Contains(fields[4], "#"))
}

// add takes a rule in.
func (s *Service) add(r *rule) {
	s.rules = append(s.rules, r)
	slices.SortFunc(s.rules, func(a, b *rule) int { return strings.Compare(a.name, b.name) })
	s.arm(r)
}

// DeleteRule deletes a rule that has no targets any more; one that is not there is no error.
func (s *Service) DeleteRule(ctx context.Context, in *eventbridge.DeleteRuleInput, _ ...func(*eventbridge.Options)) (*eventbridge.DeleteRuleOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.DeleteRuleInput, eventbridge.DeleteRuleOutput]{
		Service: "eventbridge", Action: "DeleteRule", Takes: []string{"Name", "EventBusName", "Force"},
		Needs: []door.Request{{Action: "events:DeleteRule", Resource: s.arn("rule/" + aws.ToString(in.Name))}},
		Do: func(_ context.Context, in *eventbridge.DeleteRuleInput) (*eventbridge.DeleteRuleOutput, error) {
			if err := s.defaultBus(in.EventBusName); err != nil {
				return nil, err
			}
			i := slices.IndexFunc(s.rules, func(r *rule) bool { return r.name == aws.ToString(in.Name) })
			if i < 0 {
				return &eventbridge.DeleteRuleOutput{}, nil
			}
			if len(s.rules[i].targets) > 0 { // Force is for managed rules alone, and none is
				return nil, validation("Rule can't be deleted since it has targets.")
			}
			s.disarm(s.rules[i])
			s.rules = slices.Delete(s.rules, i, i+1)
			return &eventbridge.DeleteRuleOutput{}, nil
		},
	}, in)
}
