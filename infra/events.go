package infra

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
)

const undeliveredThing = "undelivered"

// How hard EventBridge tries to start a machine before the event goes to the queue. Both are its maximum.
const (
	deliverySeconds  = 24 * 60 * 60
	deliveryAttempts = 185
)

// undeliveredSeconds keeps undelivered events for SQS's maximum, 14 days.
const undeliveredSeconds = 14 * 24 * 60 * 60

// reconcileSchedule is midnight, UTC: CloudTrail delivers within minutes, and a file in the night waits for the next one.
const reconcileSchedule = "cron(0 0 * * ? *)"

// Events turns uploads and deletions into executions: one rule for each prefix, which starts its machine or has the files gathered, a daily
// rule for events that were lost, and a queue for what could not be delivered.
type Events struct {
	pulumi.ResourceState

	Undelivered *sqs.Queue

	admits pulumi.Resource // the queue's policy
}

// EventsArgs describe the rules.
type EventsArgs struct {
	Names    Names
	Trigger  Trigger
	Raw      *Bucket
	Machines map[string]*Machine // by thing
	Role     *Role
	Key      *Key
	// BatchSeconds is how long files are gathered, 0 to 300; with 0 each starts its machine.
	BatchSeconds int
	Drain        *pulumi.ResourceHook // empties what gathers before it goes
	// Receivers are whose notifications wait in the queue, too, when they cannot be delivered.
	Receivers Receivers
}

// NewEvents makes the queue and the rules.
func NewEvents(ctx *pulumi.Context, name string, args *EventsArgs, opts ...pulumi.ResourceOption) (*Events, error) {
	e := &Events{}
	child, err := register(ctx, "Events", name, e, opts)
	if err != nil {
		return nil, err
	}
	n := args.Names
	e.Undelivered, err = sqs.NewQueue(ctx, undeliveredThing, &sqs.QueueArgs{
		Name:                    pulumi.String(n.Name(undeliveredThing)),
		MessageRetentionSeconds: pulumi.Int(undeliveredSeconds),
		KmsMasterKeyId:          args.Key.Name.ToStringOutput().ToStringPtrOutput(),
	}, child)
	if err != nil {
		return nil, err
	}
	policy, err := sqs.NewQueuePolicy(ctx, undeliveredThing, &sqs.QueuePolicyArgs{
		QueueUrl: e.Undelivered.Url,
		Policy:   pulumi.String(n.undeliveredPolicy(args.Receivers).JSON()),
	}, child)
	if err != nil {
		return nil, err
	}
	e.admits = policy
	target := func(name string, rule *cloudwatch.EventRule, arn pulumi.StringInput, input cloudwatch.EventTargetArgs, needs ...pulumi.Resource) error {
		input.Rule = rule.Name
		input.TargetId = pulumi.String(name)
		input.Arn = arn
		input.RetryPolicy = &cloudwatch.EventTargetRetryPolicyArgs{
			MaximumEventAgeInSeconds: pulumi.Int(deliverySeconds),
			MaximumRetryAttempts:     pulumi.Int(deliveryAttempts),
		}
		input.DeadLetterConfig = &cloudwatch.EventTargetDeadLetterConfigArgs{Arn: e.Undelivered.Arn.ToStringPtrOutput()}
		_, err := cloudwatch.NewEventTarget(ctx, name, &input, child, pulumi.DependsOn(append(needs, policy)))
		return err
	}
	starts := func(thing string, input cloudwatch.EventTargetArgs) (pulumi.StringInput, cloudwatch.EventTargetArgs, pulumi.Resource) {
		input.RoleArn = args.Role.ARN.ToStringPtrOutput()
		return args.Machines[thing].Live, input, args.Role.Ready
	}
	does := "starts"
	if args.BatchSeconds > 0 {
		does = "is gathered for"
	}
	for _, d := range n.Datasets() {
		thing := d.Machine()
		rule, err := cloudwatch.NewEventRule(ctx, thing, &cloudwatch.EventRuleArgs{
			Name:         pulumi.String(n.Name(thing)),
			Description:  pulumi.Sprintf("A CSV file that is written or deleted under %s %s %s", d.Prefix(), does, n.Name(thing)),
			EventPattern: pulumi.String(eventPattern(args.Trigger, args.Raw.Name, d.Prefix())),
			State:        pulumi.String("ENABLED"),
		}, child)
		if err != nil {
			return nil, err
		}
		paths, template := inputTransformer(args.Trigger)
		input := cloudwatch.EventTargetArgs{InputTransformer: &cloudwatch.EventTargetInputTransformerArgs{
			InputPaths:    pulumi.ToStringMap(paths),
			InputTemplate: pulumi.String(template),
		}}
		if args.BatchSeconds == 0 {
			arn, input, ready := starts(thing, input)
			err = target(thing, rule, arn, input, ready)
		} else {
			var g *Gathering
			g, err = NewGathering(ctx, gatherThing(d), &GatheringArgs{
				Names: n, Dataset: d, Machine: args.Machines[thing], Seconds: args.BatchSeconds, Key: args.Key, Undelivered: e.Undelivered, Drain: args.Drain,
			}, child)
			if err == nil {
				err = target(thing, rule, g.Queue.Arn, input, g.admits)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	daily, err := cloudwatch.NewEventRule(ctx, reconcile, &cloudwatch.EventRuleArgs{
		Name:               pulumi.String(n.Name(reconcile)),
		Description:        pulumi.String("Every day the warehouse is compared with the bucket"),
		ScheduleExpression: pulumi.String(reconcileSchedule),
		State:              pulumi.String("ENABLED"),
	}, child)
	if err != nil {
		return nil, err
	}
	for _, dataset := range slices.Backward(n.Datasets()) { // what others are joined with comes first
		arn, input, ready := starts(reconcile, cloudwatch.EventTargetArgs{Input: pulumi.String(encode(etl.ReconcileChanged(dataset)))})
		if err := target(reconcile+"-"+string(dataset), daily, arn, input, ready); err != nil {
			return nil, err
		}
	}
	return e, ctx.RegisterResourceOutputs(e, pulumi.Map{"undelivered": e.Undelivered.Arn})
}

// keyPatterns match the files under a prefix: by the endings of their names, in lower or upper case. A wildcard knows no
// other way to leave the case open; reconcile brings in a Flights.Csv. What is hidden, the machine leaves alone: one field
// cannot be asked both what it is like and what it is not.
func keyPatterns(prefix string) []any {
	keys := []any{}
	for _, suffix := range etl.FileSuffixes() {
		spellings := []string{""}
		for _, part := range strings.SplitAfter(strings.TrimPrefix(suffix, "."), ".") {
			var longer []string
			for _, s := range spellings {
				longer = append(longer, s+part, s+strings.ToUpper(part))
			}
			spellings = longer
		}
		for _, s := range spellings {
			keys = append(keys, map[string]any{"wildcard": prefix + "*." + s})
		}
	}
	return keys
}

// eventPattern matches changes of CSV files under a prefix of the raw bucket: new objects, and deletions.
//
// CloudTrail also reports calls that failed: those have an errorCode. And it reports the call; S3 reports the object. What a
// lifecycle rule removes is a replaced version in this bucket, thousands of them in a night; CloudTrail does not report that.
// Source: Amazon S3 User Guide, "EventBridge event message structure" and "Amazon S3 CloudTrail events".
func eventPattern(trigger Trigger, bucket, prefix string) string {
	keys := keyPatterns(prefix)
	pattern := map[string]any{
		"source":      []string{"aws.s3"},
		"detail-type": []string{"Object Created", "Object Deleted"},
		"detail": map[string]any{
			"bucket": map[string]any{"name": []string{bucket}},
			"object": map[string]any{"key": keys},
			"reason": []any{map[string]any{"anything-but": "Lifecycle Expiration"}},
		},
	}
	if trigger == TriggerCloudTrail {
		pattern["detail-type"] = []string{"AWS API Call via CloudTrail"}
		pattern["detail"] = map[string]any{
			"eventSource":       []string{"s3.amazonaws.com"},
			"eventName":         changingCalls,
			"errorCode":         []any{map[string]any{"exists": false}},
			"requestParameters": map[string]any{"bucketName": []string{bucket}, "key": keys},
		}
	}
	return encode(pattern)
}

// inputTransformer turns an event of either trigger into the one input of the machines, a batch of one file. A placeholder without quotes is
// replaced by the value as JSON, so that a quote in a key stays inside its text. One in quotes may be missing, as a
// version is of some deletions: it is empty then.
func inputTransformer(trigger Trigger) (paths map[string]string, template string) {
	paths = map[string]string{
		"bucket":  "$.detail.bucket.name",
		"key":     "$.detail.object.key",
		"version": "$.detail.object.version-id",
		"time":    "$.time",
		"eventId": "$.id",
	}
	if trigger == TriggerCloudTrail {
		paths = map[string]string{
			"bucket":  "$.detail.requestParameters.bucketName",
			"key":     "$.detail.requestParameters.key",
			"version": "$.detail.responseElements.x-amz-version-id",
			"time":    "$.detail.eventTime",
			"eventId": "$.id",
		}
	}
	var parts []string
	for _, f := range etl.Fields[etl.Event]() {
		value := "<" + f + ">"
		if f == "version" {
			value = strconv.Quote(value)
		}
		parts = append(parts, fmt.Sprintf("%q: %s", f, value))
	}
	return paths, fmt.Sprintf("{%q: [{%s}]}", etl.Fields[etl.Batch]()[0], strings.Join(parts, ", "))
}

// encode is JSON without escapes that AWS would show and compare differently.
func encode(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// Maps and lists of strings always encode.
		panic(err)
	}
	return strings.TrimSpace(b.String())
}
