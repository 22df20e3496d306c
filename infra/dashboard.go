package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
	"airline/workflow"
)

// newDashboard makes the page that somebody looks at first when an alarm goes off.
func newDashboard(ctx *pulumi.Context, name string, n Names, alarms []alarm, gathers bool, opts ...pulumi.ResourceOption) error {
	_, err := cloudwatch.NewDashboard(ctx, name, &cloudwatch.DashboardArgs{
		DashboardName: pulumi.String(n.dashboardName("pipeline")),
		DashboardBody: pulumi.String(n.dashboardBody(alarms, gathers)),
	}, opts...)
	return err
}

// dashboardBody follows a file from left to right: alarms on top, then events, gathering, executions, the job, and what was told.
func (n Names) dashboardBody(alarms []alarm, gathers bool) string {
	arns := make([]string, len(alarms))
	for i, a := range alarms {
		arns[i] = n.ARN("cloudwatch", "alarm:"+n.Name(a.thing))
	}
	widgets := []any{map[string]any{
		"type": "alarm", "x": 0, "y": 0, "width": 24, "height": 3,
		"properties": map[string]any{"title": "Alarms", "alarms": arns},
	}}
	at := 0
	graph := func(title string, metrics ...[]any) {
		lines := make([]any, len(metrics))
		for i, m := range metrics {
			lines[i] = m
		}
		widgets = append(widgets, map[string]any{
			"type": "metric", "x": at % 24, "y": 3 + at/24*6, "width": 8, "height": 6,
			"properties": map[string]any{
				"title": title, "region": n.Region, "stat": "Sum", "period": 300, "view": "timeSeries", "metrics": lines,
			},
		})
		at += 8
	}
	undelivered := []any{"AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", n.Name(undeliveredThing), map[string]any{"stat": "Maximum"}}
	rules := func(metric string) [][]any {
		var lines [][]any
		for _, machine := range n.ruled() {
			lines = append(lines, []any{"AWS/Events", metric, "RuleName", n.Name(machine)})
		}
		return lines
	}
	graph("Files that arrived", rules("TriggeredRules")...)
	graph("Events not delivered", append(rules("FailedInvocations"), undelivered)...)
	if gathers {
		var lines [][]any
		for _, d := range n.Datasets() {
			lines = append(lines, []any{"AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", n.Name(gatherThing(d)), map[string]any{"stat": "Maximum"}})
		}
		graph("Seconds that files are gathered", lines...)
	}
	for _, machine := range n.machineThings() {
		var lines [][]any
		for _, metric := range []string{"ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"} {
			lines = append(lines, []any{"AWS/States", metric, "StateMachineArn", n.MachineARN(machine)})
		}
		graph("Executions of "+n.Name(machine), lines...)
	}
	run := func(metric string) []any {
		return []any{"Glue", metric, "JobName", n.Name(loadJob), "JobRunId", "ALL", "Type", "count", "ObservabilityGroup", "error"}
	}
	graph("Runs of the Glue job", run("glue.succeed.ALL"), run(jobErrors))
	rejects := func(d etl.Dataset) []any {
		return []any{n.metricNamespace(), workflow.RejectRatio, workflow.DatasetDimension, string(d), map[string]any{"stat": "Maximum"}}
	}
	var rejected [][]any
	for _, d := range n.Datasets() {
		rejected = append(rejected, rejects(d))
	}
	graph("Rejected share of a file's rows", rejected...)
	rows := func(metric string) []any {
		return []any{n.metricNamespace(), metric, workflow.DatasetDimension, string(etl.Flights)}
	}
	graph("Rows of flights", rows(workflow.RowsRead), rows(workflow.RowsRejected))
	graph("Notifications",
		[]any{"AWS/SNS", "NumberOfMessagesPublished", "TopicName", n.topicName()},
		[]any{"AWS/SNS", "NumberOfNotificationsFailed", "TopicName", n.topicName()})
	return encode(map[string]any{"widgets": widgets})
}
