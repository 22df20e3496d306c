package cloudwatch

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"airline/local/door"
)

// DescribeAlarms lists the alarms on metrics with their state, by name, at most 100 a page.
func (m *Metrics) DescribeAlarms(ctx context.Context, in *cloudwatch.DescribeAlarmsInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.DescribeAlarmsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.DescribeAlarmsInput, cloudwatch.DescribeAlarmsOutput]{
		Service: "cloudwatch", Action: "DescribeAlarms", Takes: []string{"AlarmNames", "AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken", "AlarmTypes", "ActionPrefix"},
		Needs: []door.Request{{Action: "cloudwatch:DescribeAlarms", Resource: "*"}},
		Do: func(_ context.Context, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
			var list []types.MetricAlarm
			for _, a := range m.service.alarms {
				if asked(a, in) {
					told := a.told
					told.StateValue = types.StateValue(a.state)
					list = append(list, told)
				}
			}
			slices.SortFunc(list, func(a, b types.MetricAlarm) int { return strings.Compare(*a.AlarmName, *b.AlarmName) })
			n := 100
			if in.MaxRecords != nil {
				if n = int(*in.MaxRecords); n < 1 || n > 100 {
					return nil, invalid("The parameter MaxRecords must be from 1 to 100.")
				}
			}
			page, next, err := pageOf(list, n, in.NextToken)
			return &cloudwatch.DescribeAlarmsOutput{MetricAlarms: page, NextToken: next, CompositeAlarms: []types.CompositeAlarm{}}, err
		},
	}, in)
}

// asked tells whether DescribeAlarms is to tell of an alarm. There are no composite ones.
func asked(a *alarm, in *cloudwatch.DescribeAlarmsInput) bool {
	action := func(arn string) bool { return strings.HasPrefix(arn, aws.ToString(in.ActionPrefix)) }
	return (len(in.AlarmNames) == 0 || slices.Contains(in.AlarmNames, a.name)) &&
		strings.HasPrefix(a.name, aws.ToString(in.AlarmNamePrefix)) &&
		(in.StateValue == "" || string(in.StateValue) == a.state) &&
		(len(in.AlarmTypes) == 0 || slices.Contains(in.AlarmTypes, types.AlarmTypeMetricAlarm)) &&
		(in.ActionPrefix == nil || slices.ContainsFunc(a.told.AlarmActions, action) || slices.ContainsFunc(a.told.OKActions, action))
}
