package events

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"airline/local/door"
)

// A rule that is replaced goes by its new schedule, a disabled one is silent, and a deleted one has no timer left.
func TestScheduleOfAPutRule(t *testing.T) {
	q := &queue{}
	s, clock := newTestBus(t, q)
	ctx := door.As(context.Background(), door.Principal{ARN: "me"})
	put := func(expression string, state types.RuleState) {
		t.Helper()
		if _, err := s.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("tick"), ScheduleExpression: &expression, State: state}); err != nil {
			t.Fatal(err)
		}
	}
	pass := func(d time.Duration) int {
		t.Helper()
		before := len(q.messages)
		if err := clock.RunUntil(context.Background(), clock.Now().Add(d)); err != nil {
			t.Fatal(err)
		}
		return len(q.messages) - before
	}
	put("rate(1 hour)", "")
	if _, err := s.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("tick"), Targets: []types.Target{{Id: aws.String("q"), Arn: aws.String("arn:aws:sqs:eu-west-1:1:q"), Input: aws.String(`"tick"`)}}}); err != nil {
		t.Fatal(err)
	}
	if n := pass(3*time.Hour + time.Minute); n != 3 {
		t.Errorf("%d times in three hours", n)
	}
	put("rate(10 minutes)", "")
	if n := pass(time.Hour + time.Minute); n != 6 || s.Scheduled() != 1 {
		t.Errorf("%d times in an hour, %d timers", n, s.Scheduled())
	}
	put("rate(10 minutes)", types.RuleStateDisabled)
	if n := pass(time.Hour); n != 0 {
		t.Errorf("%d times while it is disabled", n)
	}
	put("rate(10 minutes)", "")
	in := &eventbridge.DeleteRuleInput{Name: aws.String("tick")}
	if _, err := s.DeleteRule(ctx, in); err == nil || !strings.Contains(err.Error(), "has targets") {
		t.Errorf("with a target: %v", err)
	}
	if _, err := s.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: aws.String("tick"), Ids: []string{"q", "never"}}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.DeleteRule(ctx, in); err != nil {
			t.Fatal(err)
		}
	}
	if n := pass(24 * time.Hour); n != 0 || s.Scheduled() != 0 || clock.Pending() != 0 {
		t.Errorf("%d times after its deletion, %d timers", n, clock.Pending())
	}
}

// A call looks at the roles of its own targets, not at those of targets that the rule has already.
func TestRolesOfPutTargets(t *testing.T) {
	s, _ := newTestBus(t, &queue{})
	ctx := door.As(context.Background(), door.Principal{ARN: "me"})
	var roles []string
	s.OnRole(func(arn string) error { roles = append(roles, arn); return nil })
	role := "arn:aws:iam::1:role/r"
	for _, target := range []types.Target{
		{Id: aws.String("m"), Arn: aws.String("arn:aws:states:eu-west-1:1:stateMachine:m"), RoleArn: &role},
		{Id: aws.String("q"), Arn: aws.String("arn:aws:sqs:eu-west-1:1:q")},
	} {
		if _, err := s.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("r"), Targets: []types.Target{target}}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(roles, []string{role}) {
		t.Errorf("the roles %q were looked at", roles)
	}
}
