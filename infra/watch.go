package infra

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
	"airline/workflow"
)

// Watch is the alarms and the dashboard. An alarm is told to the topic, when it starts and when it is over.
type Watch struct {
	pulumi.ResourceState

	// Alarms are the alarms by the last part of their name.
	Alarms map[string]*cloudwatch.MetricAlarm
}

// WatchArgs describe the alarms.
type WatchArgs struct {
	Names          Names
	Topic          pulumi.StringInput // ARN
	FreshnessHours int
	// RejectRatio is the share of a file's rows, 0 to 1, from which rejects raise an alarm.
	RejectRatio float64
	// BatchSeconds is how long files are gathered; 0 when they are not.
	BatchSeconds int
	// SmallJob is the job for small batches; empty when there is none.
	SmallJob string
}

// alarm is what differs between the alarms.
type alarm struct {
	thing, description string
	namespace, metric  string
	dimensions         map[string]string
	period, periods    int // seconds, and how many of them in a row
	below              bool
	threshold          float64
	statistic          string
	missing            string
	silence            bool // the end of the data is told, too
}

// NewWatch makes the alarms and the dashboard.
func NewWatch(ctx *pulumi.Context, name string, args *WatchArgs, opts ...pulumi.ResourceOption) (*Watch, error) {
	w := &Watch{Alarms: map[string]*cloudwatch.MetricAlarm{}}
	child, err := register(ctx, "Watch", name, w, opts)
	if err != nil {
		return nil, err
	}
	alarms := args.Names.alarms(args)
	for _, a := range alarms {
		comparison := "GreaterThanOrEqualToThreshold"
		if a.below {
			comparison = "LessThanThreshold"
		}
		topic := pulumi.Array{args.Topic}
		var silence pulumi.ArrayInput
		if a.silence {
			silence = topic
		}
		w.Alarms[a.thing], err = cloudwatch.NewMetricAlarm(ctx, a.thing, &cloudwatch.MetricAlarmArgs{
			Name:               pulumi.String(args.Names.Name(a.thing)),
			AlarmDescription:   pulumi.String(a.description),
			Namespace:          pulumi.String(a.namespace),
			MetricName:         pulumi.String(a.metric),
			Dimensions:         pulumi.ToStringMap(a.dimensions),
			Statistic:          pulumi.String(a.statistic),
			Period:             pulumi.Int(a.period),
			EvaluationPeriods:  pulumi.Int(a.periods),
			DatapointsToAlarm:  pulumi.Int(a.periods),
			ComparisonOperator: pulumi.String(comparison),
			Threshold:          pulumi.Float64(a.threshold),
			TreatMissingData:   pulumi.String(a.missing),
			ActionsEnabled:     pulumi.Bool(true),
			AlarmActions:       topic,
			OkActions:          topic,

			InsufficientDataActions: silence,
		}, child)
		if err != nil {
			return nil, err
		}
	}
	if err := newDashboard(ctx, name, args.Names, alarms, args.BatchSeconds > 0, child); err != nil {
		return nil, err
	}
	return w, ctx.RegisterResourceOutputs(w, pulumi.Map{})
}

// jobErrors counts the runs of a job that failed, whatever for (Glue User Guide, "Monitoring with AWS Glue Observability
// metrics").
const jobErrors = "glue.error.ALL"

// alarms are the stack's alarms: a failed or timed out execution, an event that was not delivered or could not even be
// kept, files that are gathered for too long, a Glue run that failed, files with many rejected rows, a notification that did not arrive, and no flights loaded for too long
// after the first were.
func (n Names) alarms(args *WatchArgs) []alarm {
	const minute, hour = 60, 60 * 60
	count := func(thing, description, namespace, metric string, dimensions map[string]string) alarm {
		return alarm{
			thing: thing, description: description, namespace: namespace, metric: metric, dimensions: dimensions,
			period: 5 * minute, periods: 1, threshold: 1, statistic: "Sum", missing: "notBreaching",
		}
	}
	var all []alarm
	for _, machine := range n.machineThings() {
		dimensions := map[string]string{"StateMachineArn": n.MachineARN(machine)}
		effect := "a file was not loaded"
		switch machine {
		case reconcile:
			effect = "nobody looked for files whose events were lost"
		case backfill:
			effect = "not all of the files were loaded"
		}
		all = append(all,
			count(machine+"-failed", "An execution of "+n.Name(machine)+" failed: "+effect,
				"AWS/States", "ExecutionsFailed", dimensions),
			count(machine+"-timed-out", "An execution of "+n.Name(machine)+" took too long: "+effect,
				"AWS/States", "ExecutionsTimedOut", dimensions),
		)
	}
	for _, rule := range n.ruled() {
		all = append(all, count(rule+"-not-kept", "An event of rule "+n.Name(rule)+" was neither delivered nor kept in the queue",
			"AWS/Events", "InvocationsFailedToBeSentToDlq", map[string]string{"RuleName": n.Name(rule)}))
	}
	queue := count("undelivered-events", "Events or notifications could not be delivered and wait in "+n.Name(undeliveredThing),
		"AWS/SQS", "ApproximateNumberOfMessagesVisible", map[string]string{"QueueName": n.Name(undeliveredThing)})
	queue.statistic = "Maximum"
	runs := count("job-failed", "A run of the Glue job "+n.Name(loadJob)+" failed",
		"Glue", jobErrors, map[string]string{"JobName": n.Name(loadJob), "JobRunId": "ALL", "Type": "count", "ObservabilityGroup": "error"})
	for _, dataset := range n.Datasets() {
		rejects := count(string(dataset)+"-rejected", fmt.Sprintf("%v or more of the rows of a file of %s were rejected", args.RejectRatio, dataset),
			n.metricNamespace(), workflow.RejectRatio, map[string]string{workflow.DatasetDimension: string(dataset)})
		rejects.statistic, rejects.threshold = "Maximum", args.RejectRatio
		all = append(all, rejects)
		if args.SmallJob != "" {
			all = append(all, count(string(dataset)+"-small-run-failed", "A run of the Glue job "+args.SmallJob+" failed, and "+n.Name(loadJob)+" did its work",
				n.metricNamespace(), workflow.SmallRunsFailed, map[string]string{workflow.DatasetDimension: string(dataset)}))
		}
	}
	if args.BatchSeconds > 0 {
		for _, d := range n.Datasets() {
			late := count(gatherThing(d)+"-late", fmt.Sprintf("Files wait in %s for %d minutes longer than they are gathered: its pipe does not start %s",
				n.Name(gatherThing(d)), lateSeconds/60, n.Name(d.Machine())),
				"AWS/SQS", "ApproximateAgeOfOldestMessage", map[string]string{"QueueName": n.Name(gatherThing(d))})
			late.statistic, late.threshold = "Maximum", float64(args.BatchSeconds+lateSeconds)
			all = append(all, late)
		}
	}
	told := count("notifications-failed", "A notification did not reach a receiver of "+n.topicName()+": the others hear of it here",
		"AWS/SNS", "NumberOfNotificationsFailed", map[string]string{"TopicName": n.topicName()})
	// A new stack has no data, and tells nothing. When data came and ends, the alarm changes to INSUFFICIENT_DATA, which is told:
	// an action is taken when a state changes, not while it lasts (CloudWatch User Guide, "Configuring how CloudWatch alarms treat
	// missing data").
	// What counts are rows of files: executions succeed of deletions and of hidden names, too. A file that is refused for its
	// rejects counts, and is told of its own.
	stale := alarm{
		thing: "flights-stale", description: "No file of flights with rows came for too long",
		namespace: n.metricNamespace(), metric: workflow.RowsRead,
		dimensions: map[string]string{workflow.DatasetDimension: string(etl.Flights)},
		period:     hour, periods: args.FreshnessHours, below: true, threshold: 1, statistic: "Sum",
		missing: "missing", silence: true,
	}
	return append(all, queue, runs, told, stale)
}
