package cloudwatch

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"airline/local/door"
)

// Metrics is the part of Amazon CloudWatch that takes metrics in.
type Metrics struct{ service *Service }

// Metrics is the API of metrics; its values reach the alarms of the service.
func (s *Service) Metrics() *Metrics { return &Metrics{s} }

// PutMetricData stores values of the caller's metrics, authorised with the condition key cloudwatch:namespace. Only single
// values are modelled, without a time of their own.
func (m *Metrics) PutMetricData(ctx context.Context, in *cloudwatch.PutMetricDataInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.PutMetricDataOutput, error) {
	in = door.Given(in)
	namespace := aws.ToString(in.Namespace)
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.PutMetricDataInput, cloudwatch.PutMetricDataOutput]{
		Service: "cloudwatch", Action: "PutMetricData",
		Needs: []door.Request{{Action: "cloudwatch:PutMetricData", Resource: "*", Keys: map[string][]string{"cloudwatch:namespace": {namespace}}}},
		Takes: []string{"Namespace", "MetricData"},
		Usage: []door.Usage{{Item: "cloudwatch.metric-put", Quantity: 1}},
		Do: func(_ context.Context, in *cloudwatch.PutMetricDataInput) (*cloudwatch.PutMetricDataOutput, error) {
			if namespace == "" {
				return nil, invalid("The parameter Namespace is required.")
			}
			var data []Datum
			for i, d := range in.MetricData {
				one, err := single(d)
				if err != nil {
					return nil, invalid(fmt.Sprintf("The parameter MetricData.member.%d %s.", i+1, err))
				}
				data = append(data, one)
			}
			m.service.Count(namespace, data...)
			return &cloudwatch.PutMetricDataOutput{}, nil
		},
	}, in)
}

func single(d types.MetricDatum) (Datum, error) {
	switch {
	case aws.ToString(d.MetricName) == "":
		return Datum{}, fmt.Errorf("lacks a MetricName")
	case d.Value == nil || d.Values != nil || d.Counts != nil || d.StatisticValues != nil || d.Timestamp != nil:
		return Datum{}, fmt.Errorf("is not a single Value without Timestamp; the local world models only those")
	}
	dimensions := map[string]string{}
	for _, x := range d.Dimensions {
		dimensions[aws.ToString(x.Name)] = aws.ToString(x.Value)
	}
	return Datum{Metric: *d.MetricName, Dimensions: dimensions, Value: *d.Value}, nil
}

func invalid(message string) error {
	return &types.InvalidParameterValueException{Message: aws.String(message)}
}
