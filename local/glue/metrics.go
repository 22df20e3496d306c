package glue

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"airline/etl"
)

// putMetrics publishes what --enable-metrics promises of a run, as the job's role.
func (s *Service) putMetrics(ctx context.Context, r *jobRun, result etl.BatchResult) error {
	return s.put(ctx, r, nil, map[string]float64{
		"glue.driver.aggregate.numCompletedStages": 1,
		"glue.driver.aggregate.recordsRead":        float64(result.RowsRead),
	})
}

// putOutcome publishes what --enable-observability-metrics promises of a run that is over: whether it failed (Glue User
// Guide, "Monitoring with AWS Glue Observability metrics").
func (s *Service) putOutcome(ctx context.Context, r *jobRun, failed error) error {
	name := "glue.succeed.ALL"
	if failed != nil {
		name = "glue.error.ALL"
	}
	return s.put(ctx, r, []types.Dimension{dimension("ObservabilityGroup", "error")}, map[string]float64{name: 1})
}

func (s *Service) put(ctx context.Context, r *jobRun, more []types.Dimension, values map[string]float64) error {
	in := &cloudwatch.PutMetricDataInput{Namespace: aws.String("Glue")}
	for _, name := range sortedKeys(values) {
		in.MetricData = append(in.MetricData, types.MetricDatum{
			MetricName: aws.String(name), Value: aws.Float64(values[name]),
			Dimensions: append([]types.Dimension{dimension("JobName", r.job.name), dimension("JobRunId", "ALL"), dimension("Type", "count")}, more...),
		})
	}
	if _, err := s.logs.Metrics().PutMetricData(ctx, in); err != nil {
		return fmt.Errorf("putting the run's metrics: %w", err)
	}
	return nil
}

func dimension(name, value string) types.Dimension {
	return types.Dimension{Name: aws.String(name), Value: aws.String(value)}
}
