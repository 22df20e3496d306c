// Package cloudwatch has typed tasks for Amazon CloudWatch's metrics.
//
//	put := cloudwatch.PutMetricData{Namespace: asl.Text("orders"), MetricData: []cloudwatch.Datum{
//		{MetricName: asl.Text("Refused"), Value: asl.Num(1)},
//	}}.Task("CountRefused")
package cloudwatch

import "airline/asl"

// PutMetricData stores values of metrics.
type PutMetricData struct {
	Namespace  asl.Value[string] `asl:"required"` // required; "AWS/..." is AWS's own
	MetricData []Datum           `asl:"required"` // required, at most 1,000
}

// Datum is a value of a metric.
type Datum struct {
	MetricName asl.Value[string]  `asl:"required"`    // required
	Dimensions []Dimension        `json:",omitempty"` // at most 30
	Unit       asl.Value[string]  // "Count", "Percent", "Seconds" ...; none by default
	Value      asl.Value[float64] `asl:"required"` // required
}

// Dimension tells metrics of the same name apart.
type Dimension struct {
	Name  string
	Value asl.Value[string]
}

// Errors of PutMetricData.
const (
	InternalServiceFault asl.Err[PutMetricData] = "CloudWatch.InternalServiceException"
	InvalidParameter     asl.Err[PutMetricData] = "CloudWatch.InvalidParameterValueException"
	ServiceError         asl.Err[PutMetricData] = "CloudWatch.CloudWatchException"
)

// Task stores the values.
func (p PutMetricData) Task(name string) asl.Task[PutMetricData, struct{}] {
	return asl.NewTask[PutMetricData, struct{}](name, asl.SDK("cloudwatch", "putMetricData"), p)
}
