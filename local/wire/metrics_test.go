package wire_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// What PutMetricData stores is listed and read back, in periods, over which the test adds up, should midnight lie between; the dashboard of the stack is there.
func TestMetrics(t *testing.T) {
	s := devStack(t)
	ctx, client := t.Context(), cloudwatch.NewFromConfig(s.as("operator"))
	dimension := types.Dimension{Name: aws.String("Table"), Value: aws.String("facts")}
	for _, v := range []float64{1, 2, 6} {
		must[*cloudwatch.PutMetricDataOutput](t)(client.PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("Mine"),
			MetricData: []types.MetricDatum{{MetricName: aws.String("Rows"), Dimensions: []types.Dimension{dimension}, Value: &v}}}))
	}
	listed := must[*cloudwatch.ListMetricsOutput](t)(client.ListMetrics(ctx, &cloudwatch.ListMetricsInput{Namespace: aws.String("Mine"), Dimensions: []types.DimensionFilter{{Name: aws.String("Table")}}}))
	if len(listed.Metrics) != 1 || *listed.Metrics[0].MetricName != "Rows" || *listed.Metrics[0].Dimensions[0].Value != "facts" {
		t.Errorf("got %+v", listed.Metrics)
	}
	from, to := time.Now().Add(-24*time.Hour), time.Now().Add(24*time.Hour)
	one := must[*cloudwatch.GetMetricStatisticsOutput](t)(client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{Namespace: aws.String("Mine"), MetricName: aws.String("Rows"),
		Dimensions: []types.Dimension{dimension}, StartTime: &from, EndTime: &to, Period: aws.Int32(86400), Statistics: []types.Statistic{types.StatisticSum}}))
	sum := 0.0
	for _, p := range one.Datapoints {
		sum += *p.Sum
	}
	if sum != 9 || len(one.Datapoints) == 0 {
		t.Errorf("got %+v", one.Datapoints)
	}
	stat := func(name string) types.MetricDataQuery {
		return types.MetricDataQuery{Id: aws.String("m"), MetricStat: &types.MetricStat{Period: aws.Int32(86400), Stat: &name, Metric: &types.Metric{Namespace: aws.String("Mine"), MetricName: aws.String("Rows"), Dimensions: []types.Dimension{dimension}}}}
	}
	data := must[*cloudwatch.GetMetricDataOutput](t)(client.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{StartTime: &from, EndTime: &to, MetricDataQueries: []types.MetricDataQuery{stat("SampleCount")}}))
	count := 0.0
	for _, v := range data.MetricDataResults[0].Values {
		count += v
	}
	if count != 3 || *data.MetricDataResults[0].Label != "Rows" {
		t.Errorf("got %+v", data.MetricDataResults[0])
	}
	if _, err := client.GetMetricData(ctx, &cloudwatch.GetMetricDataInput{StartTime: &from, EndTime: &to, MetricDataQueries: []types.MetricDataQuery{{Id: aws.String("e"), Expression: aws.String("m*2")}}}); code(err) != "NotImplemented 501" {
		t.Errorf("metric math: %v", err)
	}
	list := must[*cloudwatch.ListDashboardsOutput](t)(client.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{}))
	if len(list.DashboardEntries) != 1 {
		t.Fatalf("got %+v", list.DashboardEntries)
	}
	if body := must[*cloudwatch.GetDashboardOutput](t)(client.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: list.DashboardEntries[0].DashboardName})); len(*body.DashboardBody) < 100 {
		t.Errorf("got %s", *body.DashboardBody)
	}
	if _, err := client.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: aws.String("none")}); err == nil {
		t.Error("a dashboard that is not there was found")
	}
}
