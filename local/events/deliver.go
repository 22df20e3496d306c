package events

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/local/door"
	"airline/region"
)

const principal = "events.amazonaws.com"

// delivery is one event on its way to one target.
type delivery struct {
	service  *Service
	rule     *rule
	target   *target
	event    *jsonvalue.Object
	received string
	first    time.Time
	attempts int // made so far
}

// attempt tries to hand the event over; what may pass is tried again, the rest goes to the dead-letter queue.
func (d *delivery) attempt() {
	s := d.service
	input, malformed := d.target.input(d.event, Predefined{RuleARN: d.rule.arn, RuleName: d.rule.name, Ingestion: d.received})
	err := malformed
	if err == nil {
		err = d.send(input)
	}
	for _, f := range s.onEvent {
		f(Delivery{Rule: d.rule.name, Target: d.target.arn, Event: d.event, Input: input, Attempt: d.attempts, Err: err})
	}
	d.attempts++
	if err == nil {
		return
	}
	if malformed != nil { // recorded: the target gets nothing; the code is the User Guide's for dead letters
		d.bury(err, "INVALID_JSON", "")
		return
	}
	code, passing := classify(err)
	if !passing {
		d.bury(err, code, "")
		return
	}
	if d.attempts > d.target.maxRetries {
		d.bury(err, code, "MaximumRetryAttempts")
		return
	}
	// Exponential backoff with jitter, one second to half an hour.
	wait := min(time.Second<<min(d.attempts-1, 20), 30*time.Minute)
	wait = wait/2 + s.jitter(wait/2+1)
	if s.door.Now().Add(wait).Sub(d.first) > d.target.maxAge {
		d.bury(err, code, "MaximumEventAge")
		return
	}
	s.clock.After(wait, d.attempt)
}

// send calls the target: as the target's role where it has one, otherwise as EventBridge itself.
func (d *delivery) send(input string) error {
	s := d.service
	ctx := door.As(context.Background(), door.Principal{Service: principal, SourceARN: d.rule.arn, Account: s.place.Account})
	if d.target.role != "" {
		id, _ := d.event.Get("id")
		var err error
		if ctx, err = s.door.Assume(ctx, door.Assumption{Role: d.target.role, Service: principal, SourceARN: d.rule.arn, Session: fmt.Sprint(id)}); err != nil {
			return err
		}
	}
	var err error
	switch service := strings.SplitN(d.target.arn, ":", 6)[2]; service {
	case "states":
		id, _ := d.event.Get("id")
		_, err = s.machines.StartExecution(ctx, &sfn.StartExecutionInput{
			StateMachineArn: aws.String(d.target.arn), Input: aws.String(input), Name: aws.String(fmt.Sprintf("%v_%s", id, s.door.UUID())),
		})
	case "sqs":
		_, err = s.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: queueURL(d.target.arn), MessageBody: aws.String(input)})
	case "sns":
		_, err = s.topics.Publish(ctx, &sns.PublishInput{TopicArn: aws.String(d.target.arn), Message: aws.String(input)})
	}
	return err
}

// classify gives EventBridge's error code and whether trying again may help. Missing permissions and missing
// targets are final.
func classify(err error) (code string, passing bool) {
	var denied *door.AccessDenied
	if errors.As(err, &denied) {
		return "NO_PERMISSIONS", false
	}
	var api smithy.APIError
	if !errors.As(err, &api) {
		return "INTERNAL_ERROR", false
	}
	switch c := api.ErrorCode(); {
	case strings.HasPrefix(c, "AccessDenied") || c == "AuthorizationError":
		return "NO_PERMISSIONS", false
	case strings.Contains(c, "DoesNotExist") || strings.Contains(c, "NotFound") || strings.Contains(c, "NonExistent"):
		return "NO_RESOURCE", false
	case door.IsThrottle(c):
		return "THROTTLING", true
	case api.ErrorFault() == smithy.FaultServer:
		return "INTERNAL_ERROR", true
	default:
		return "SDK_CLIENT_ERROR", false
	}
}

// bury gives the event up: into the dead-letter queue, if there is one that lets EventBridge in.
func (d *delivery) bury(cause error, code, exhausted string) {
	s := d.service
	f := Failure{Time: s.door.Now(), Rule: d.rule.name, Target: d.target.arn, Event: d.event, Err: cause}
	defer func() {
		s.dropped = append(s.dropped, f)
		if f.Lost != nil {
			s.door.Report(fmt.Errorf("an event of the rule %s was lost: %w; the dead-letter queue did not take it: %w", f.Rule, f.Err, f.Lost))
		}
		for _, observe := range s.onLoss {
			observe(f)
		}
	}()
	if d.target.deadLetters == "" {
		f.Lost = errors.New("the target has no dead-letter queue")
		return
	}
	attributes := map[string]sqstypes.MessageAttributeValue{}
	for name, value := range map[string]string{
		"RULE_ARN": d.rule.arn, "TARGET_ARN": d.target.arn, "ERROR_CODE": code, "ERROR_MESSAGE": cause.Error(),
		"RETRY_ATTEMPTS": strconv.Itoa(d.attempts - 1), "EXHAUSTED_RETRY_CONDITION": exhausted,
	} {
		if value != "" {
			attributes[name] = sqstypes.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
		}
	}
	ctx := door.As(context.Background(), door.Principal{Service: principal, SourceARN: d.rule.arn, Account: s.place.Account})
	_, f.Lost = s.queues.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: queueURL(d.target.deadLetters), MessageBody: aws.String(jsonvalue.String(d.event)), MessageAttributes: attributes,
	})
}

func queueURL(arn string) *string {
	part := strings.SplitN(arn, ":", 6)
	return aws.String(fmt.Sprintf("https://sqs.%s.%s/%s/%s", part[3], region.Domain(part[3]), part[4], part[5]))
}
