package cloudwatch

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"airline/local/door"
)

// recently is how far back ListMetrics looks ("metrics that have data in the past two weeks", API reference).
const recently = 14 * 24 * time.Hour

// parts takes a metric's identity apart.
func parts(id string) (namespace, name string, dimensions []types.Dimension) {
	fields := strings.Split(id, "\x00")
	for _, f := range fields[2:] {
		k, v, _ := strings.Cut(f, "=")
		dimensions = append(dimensions, types.Dimension{Name: &k, Value: &v})
	}
	return fields[0], fields[1], dimensions
}

// ListMetrics lists the metrics that have data, 500 a page.
func (m *Metrics) ListMetrics(ctx context.Context, in *cloudwatch.ListMetricsInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.ListMetricsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.ListMetricsInput, cloudwatch.ListMetricsOutput]{
		Service: "cloudwatch", Action: "ListMetrics", Takes: []string{"Namespace", "MetricName", "Dimensions", "NextToken", "RecentlyActive"},
		Needs: []door.Request{{Action: "cloudwatch:ListMetrics", Resource: "*"}},
		Do: func(_ context.Context, in *cloudwatch.ListMetricsInput) (*cloudwatch.ListMetricsOutput, error) {
			since := m.service.door.Now().Add(-recently)
			if in.RecentlyActive != "" {
				since = m.service.door.Now().Add(-3 * time.Hour)
			}
			list := []types.Metric{}
			for id, metric := range m.service.metrics {
				namespace, name, dimensions := parts(id)
				if in.Namespace != nil && *in.Namespace != namespace || in.MetricName != nil && *in.MetricName != name ||
					!filtered(dimensions, in.Dimensions) || len(metric.between(since, m.service.door.Now().Add(1))) == 0 {
					continue
				}
				list = append(list, types.Metric{Namespace: &namespace, MetricName: &name, Dimensions: dimensions})
			}
			key := func(x types.Metric) string { return identityOf(&x) }
			slices.SortFunc(list, func(a, b types.Metric) int { return strings.Compare(key(a), key(b)) })
			page, next, err := pageOf(list, 500, in.NextToken)
			return &cloudwatch.ListMetricsOutput{Metrics: page, NextToken: next}, err
		},
	}, in)
}

func filtered(dimensions []types.Dimension, filters []types.DimensionFilter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(dimensions, func(d types.Dimension) bool {
			return *d.Name == aws.ToString(f.Name) && (f.Value == nil || *f.Value == *d.Value)
		}) {
			return false
		}
	}
	return true
}

// pageOf cuts a list into pages; the token is the number of the first item.
func pageOf[T any](list []T, n int, token *string) ([]T, *string, error) {
	page, next, ok := door.Page(list, token, n)
	if !ok {
		return nil, nil, &types.InvalidNextToken{Message: aws.String("The token " + *token + " is not valid.")}
	}
	return page, next, nil
}

func identityOf(x *types.Metric) string {
	dimensions := map[string]string{}
	for _, d := range x.Dimensions {
		dimensions[aws.ToString(d.Name)] = aws.ToString(d.Value)
	}
	return identity(aws.ToString(x.Namespace), aws.ToString(x.MetricName), dimensions)
}

// span is a period of a metric with data.
type span struct {
	at     time.Time
	values []float64
}

// spans are the periods with data of a metric between two times, the oldest first.
func (s *Service) spans(id string, from, to time.Time, period time.Duration) []span {
	metric := s.metrics[id]
	if metric == nil {
		return nil
	}
	var list []span
	for _, p := range metric.between(from, to) {
		at := p.at.Truncate(period)
		if len(list) == 0 || !list[len(list)-1].at.Equal(at) {
			list = append(list, span{at: at})
		}
		w := &list[len(list)-1]
		w.values = append(w.values, p.value)
	}
	return list
}

// statistic is a statistic of a period's values by its name.
type statistic func(values []float64) float64

func sum(values []float64) float64 {
	total := 0.0
	for _, x := range values {
		total += x
	}
	return total
}

var statistics = map[types.Statistic]statistic{
	types.StatisticSum:         sum,
	types.StatisticSampleCount: func(values []float64) float64 { return float64(len(values)) },
	types.StatisticAverage:     func(values []float64) float64 { return sum(values) / float64(len(values)) },
	types.StatisticMinimum:     slices.Min[[]float64],
	types.StatisticMaximum:     slices.Max[[]float64],
}

// percentile is a statistic like p99.9.
func percentile(name string) (statistic, error) {
	share, err := strconv.ParseFloat(strings.TrimPrefix(name, "p"), 64)
	if !strings.HasPrefix(name, "p") || err != nil || share < 0 || share > 100 {
		return nil, door.NotModelled("the statistic " + name)
	}
	return func(values []float64) float64 {
		sorted := slices.Sorted(slices.Values(values))
		return sorted[max(0, int(math.Ceil(share/100*float64(len(sorted))))-1)]
	}, nil
}

func checkPeriod(period *int32) error {
	if p := aws.ToInt32(period); p < 1 || p > 60 && p%60 != 0 {
		return invalid("The parameter Period must be 1, 5, 10, 20, 30 or any multiple of 60.")
	}
	return nil
}

// GetMetricStatistics gives statistics of one metric, period by period.
func (m *Metrics) GetMetricStatistics(ctx context.Context, in *cloudwatch.GetMetricStatisticsInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricStatisticsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.GetMetricStatisticsInput, cloudwatch.GetMetricStatisticsOutput]{
		Service: "cloudwatch", Action: "GetMetricStatistics",
		Takes: []string{"Namespace", "MetricName", "Dimensions", "StartTime", "EndTime", "Period", "Statistics", "ExtendedStatistics"},
		Needs: []door.Request{{Action: "cloudwatch:GetMetricStatistics", Resource: "*"}},
		Do: func(_ context.Context, in *cloudwatch.GetMetricStatisticsInput) (*cloudwatch.GetMetricStatisticsOutput, error) {
			if err := checkPeriod(in.Period); err != nil {
				return nil, err
			}
			if in.StartTime == nil || in.EndTime == nil || !in.StartTime.Before(*in.EndTime) {
				return nil, invalid("The parameter StartTime must be less than the parameter EndTime.")
			}
			if (len(in.Statistics) == 0) == (len(in.ExtendedStatistics) == 0) {
				return nil, invalid("Either Statistics or ExtendedStatistics must be set.")
			}
			extended := map[string]statistic{}
			for _, name := range in.ExtendedStatistics {
				of, err := percentile(name)
				if err != nil {
					return nil, err
				}
				extended[name] = of
			}
			for _, name := range in.Statistics {
				if statistics[name] == nil {
					return nil, invalid("The parameter Statistics must be a value in the set [ SampleCount, Average, Sum, Minimum, Maximum ].")
				}
			}
			id := identityOf(&types.Metric{Namespace: in.Namespace, MetricName: in.MetricName, Dimensions: in.Dimensions})
			out := &cloudwatch.GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []types.Datapoint{}}
			for _, w := range m.service.spans(id, *in.StartTime, *in.EndTime, time.Duration(*in.Period)*time.Second) {
				d := types.Datapoint{Timestamp: aws.Time(w.at), Unit: types.StandardUnitNone}
				for _, name := range in.Statistics {
					v := statistics[name](w.values)
					switch name {
					case types.StatisticSum:
						d.Sum = &v
					case types.StatisticSampleCount:
						d.SampleCount = &v
					case types.StatisticAverage:
						d.Average = &v
					case types.StatisticMinimum:
						d.Minimum = &v
					case types.StatisticMaximum:
						d.Maximum = &v
					}
				}
				for name, of := range extended {
					if d.ExtendedStatistics == nil {
						d.ExtendedStatistics = map[string]float64{}
					}
					d.ExtendedStatistics[name] = of(w.values)
				}
				out.Datapoints = append(out.Datapoints, d)
			}
			if len(out.Datapoints) > 1440 {
				return nil, &types.InvalidParameterCombinationException{Message: aws.String("You have requested more than 1,440 datapoints; use a longer Period or a shorter time.")}
			}
			return out, nil
		},
	}, in)
}

// GetMetricData gives statistics of metrics, period by period. Expressions of metric math are not modelled.
func (m *Metrics) GetMetricData(ctx context.Context, in *cloudwatch.GetMetricDataInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.GetMetricDataInput, cloudwatch.GetMetricDataOutput]{
		Service: "cloudwatch", Action: "GetMetricData", Takes: []string{"MetricDataQueries", "StartTime", "EndTime", "ScanBy", "MaxDatapoints", "NextToken", "LabelOptions"},
		Needs: []door.Request{{Action: "cloudwatch:GetMetricData", Resource: "*"}},
		Do: func(_ context.Context, in *cloudwatch.GetMetricDataInput) (*cloudwatch.GetMetricDataOutput, error) {
			if in.StartTime == nil || in.EndTime == nil || !in.StartTime.Before(*in.EndTime) {
				return nil, invalid("The parameter StartTime must be less than the parameter EndTime.")
			}
			if in.NextToken != nil {
				return nil, &types.InvalidNextToken{Message: aws.String("The token " + *in.NextToken + " is not valid.")}
			}
			out := &cloudwatch.GetMetricDataOutput{MetricDataResults: []types.MetricDataResult{}, Messages: []types.MessageData{}}
			for _, q := range in.MetricDataQueries {
				if q.MetricStat == nil || q.MetricStat.Metric == nil {
					return nil, door.NotModelled("metric math, the Expression of " + aws.ToString(q.Id))
				}
				if err := checkPeriod(q.MetricStat.Period); err != nil {
					return nil, err
				}
				of, ok := statistics[types.Statistic(aws.ToString(q.MetricStat.Stat))]
				if !ok {
					var err error
					if of, err = percentile(aws.ToString(q.MetricStat.Stat)); err != nil {
						return nil, err
					}
				}
				if q.ReturnData != nil && !*q.ReturnData {
					continue
				}
				result := types.MetricDataResult{Id: q.Id, Label: q.Label, StatusCode: types.StatusCodeComplete, Timestamps: []time.Time{}, Values: []float64{}}
				if result.Label == nil {
					result.Label = q.MetricStat.Metric.MetricName
				}
				list := m.service.spans(identityOf(q.MetricStat.Metric), *in.StartTime, *in.EndTime, time.Duration(*q.MetricStat.Period)*time.Second)
				if in.ScanBy != types.ScanByTimestampAscending {
					slices.Reverse(list)
				}
				for _, w := range list {
					result.Timestamps, result.Values = append(result.Timestamps, w.at), append(result.Values, of(w.values))
				}
				out.MetricDataResults = append(out.MetricDataResults, result)
			}
			return out, nil
		},
	}, in)
}
