package cloudwatch

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	metrics "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/recorder"
)

type policy map[string]bool

func (p policy) Authorize(who door.Principal, r door.Request) error {
	if p[r.Action] {
		return errors.New(who.String() + " may not " + r.Action + " on " + r.Resource)
	}
	return nil
}

func newService(t *testing.T) (*Service, *sim.Clock, policy, context.Context) {
	t.Helper()
	clock := sim.NewClock(time.Date(2008, 5, 1, 0, 0, 30, 0, time.UTC))
	denied := policy{}
	arn := func(service, resource string) string {
		return "arn:aws:" + service + ":eu-west-1:123456789012:" + resource
	}
	return New(door.New(clock, denied, 1), clock, arn), clock, denied,
		door.As(context.Background(), door.Principal{ARN: "arn:aws:sts::123456789012:assumed-role/r/s", Role: "arn:aws:iam::123456789012:role/r"})
}

func TestAppendAndRead(t *testing.T) {
	s, _, denied, ctx := newService(t)
	if err := s.Append(ctx, "/aws-glue/crawlers", "c", "one", "two"); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(ctx, "/aws-glue/crawlers", "c", "three"); err != nil {
		t.Fatal(err)
	}
	got, err := s.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/aws-glue/crawlers"), LogStreamName: aws.String("c"), Limit: aws.Int32(2)})
	if err != nil || len(got.Events) != 2 || *got.Events[1].Message != "three" {
		t.Errorf("the last two events: %v, %v", got, err)
	}
	found, err := s.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws-glue/crawlers"), FilterPattern: aws.String(`"wo"`)})
	if err != nil || len(found.Events) != 1 {
		t.Errorf("filtered: %v, %v", found, err)
	}
	var missing *types.ResourceNotFoundException
	if _, err := s.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("/x"), LogStreamName: aws.String("c")}); !errors.As(err, &missing) {
		t.Errorf("unknown group: %v", err)
	}
	for _, action := range []string{"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"} {
		clear(denied)
		denied[action] = true
		var refused *door.AccessDenied
		if err := s.Append(ctx, "/new", "s", "x"); !errors.As(err, &refused) {
			t.Errorf("without %s: %v", action, err)
		}
		delete(s.groups, "/new")
	}
}

func TestAlarm(t *testing.T) {
	s, clock, _, ctx := newService(t)
	in := map[string]any{
		"name": "dlq", "namespace": "AWS/SQS", "metricName": "Depth", "dimensions": map[string]any{"QueueName": "q"}, "statistic": "Maximum",
		"comparisonOperator": "GreaterThanThreshold", "threshold": 0.0, "period": 60.0, "evaluationPeriods": 1.0,
		"alarmActions": []any{"arn:aws:sns:eu-west-1:123456789012:t"}, "okActions": []any{"arn:aws:sns:eu-west-1:123456789012:t"}, "treatMissingData": "notBreaching",
	}
	if err := s.addAlarm(&recorder.Resource{Type: "alarm", Name: "dlq", Inputs: in, Outputs: map[string]any{"arn": "a"}}); err != nil {
		t.Fatal(err)
	}
	var told []string
	s.Notify(func(_, _, subject, _ string) { told = append(told, subject) })
	put := func(v float64) {
		_, err := s.Metrics().PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("AWS/SQS"), MetricData: []metrics.MetricDatum{
			{MetricName: aws.String("Depth"), Dimensions: []metrics.Dimension{{Name: aws.String("QueueName"), Value: aws.String("q")}}, Value: &v},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(0)
	put(2)
	if err := clock.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(told) != 2 || told[0] != `ALARM: "dlq"` || told[1] != `OK: "dlq"` {
		t.Errorf("told %q, want an alarm and its end", told)
	}
	if n := s.Sum("AWS/SQS", "Depth", map[string]string{"QueueName": "q"}, time.Time{}); n != 2 {
		t.Errorf("sum %g", n)
	}
}

func TestStatistics(t *testing.T) {
	s, clock, _, ctx := newService(t)
	m, from := s.Metrics(), clock.Now().Truncate(time.Minute)
	for _, v := range []float64{6, 1, 2} {
		if _, err := m.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("n"), MetricData: []metrics.MetricDatum{{MetricName: aws.String("m"), Value: &v}}}); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(name string, names []metrics.Statistic, extended ...string) (*cloudwatch.GetMetricStatisticsOutput, error) {
		return m.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{Namespace: aws.String("n"), MetricName: &name, StartTime: &from, EndTime: aws.Time(from.Add(time.Hour)),
			Period: aws.Int32(60), Statistics: names, ExtendedStatistics: extended})
	}
	out, err := ask("m", metrics.StatisticSum.Values())
	if err != nil || len(out.Datapoints) != 1 {
		t.Fatalf("got %+v, %v", out, err)
	}
	d := out.Datapoints[0]
	if *d.Sum != 9 || *d.SampleCount != 3 || *d.Average != 3 || *d.Minimum != 1 || *d.Maximum != 6 || !d.Timestamp.Equal(from) {
		t.Errorf("got %+v", d)
	}
	if out, err := ask("m", nil, "p0", "p50", "p99.9"); err != nil || !maps.Equal(out.Datapoints[0].ExtendedStatistics, map[string]float64{"p0": 1, "p50": 2, "p99.9": 6}) {
		t.Errorf("got %+v, %v", out, err)
	}
	if out, err := ask("m", []metrics.Statistic{"Mean"}); err == nil {
		t.Errorf("an unknown statistic gives %+v", out)
	}
	// Where there is no data, too: an empty answer would say that there is none of a statistic that nobody has computed.
	if out, err := ask("none", nil, "tm90"); err == nil {
		t.Errorf("a statistic that is not modelled gives %+v", out)
	}
	data := func(stat string) (*cloudwatch.GetMetricDataOutput, error) {
		return m.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{StartTime: &from, EndTime: aws.Time(from.Add(time.Hour)), MetricDataQueries: []metrics.MetricDataQuery{{Id: aws.String("q"),
			MetricStat: &metrics.MetricStat{Stat: &stat, Period: aws.Int32(60), Metric: &metrics.Metric{Namespace: aws.String("n"), MetricName: aws.String("m")}}}}})
	}
	for stat, want := range map[string]float64{"Maximum": 6, "p50": 2} {
		if out, err := data(stat); err != nil || !slices.Equal(out.MetricDataResults[0].Values, []float64{want}) {
			t.Errorf("%s: got %+v, %v", stat, out, err)
		}
	}
	if out, err := data("TM(10%:90%)"); err == nil {
		t.Errorf("a statistic that is not modelled gives %+v", out)
	}
}
