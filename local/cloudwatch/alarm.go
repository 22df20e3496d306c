package cloudwatch

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"airline/local/recorder"
	"airline/local/resource"
)

// alarm is a deployed alarm on one metric.
type alarm struct {
	name, arn  string
	metric     string
	statistic  types.Statistic
	comparison string
	threshold  float64
	period     time.Duration
	periods    int // evaluated
	needed     int // of them breaching
	breaching  bool
	onAlarm    []string
	onOK       []string
	state      string            // "INSUFFICIENT_DATA", "OK", "ALARM"
	told       types.MetricAlarm // what DescribeAlarms answers, beside the state
	due        time.Time
}

// Alarm is how an alarm stands.
type Alarm struct {
	Name  string
	State string // OK, ALARM or INSUFFICIENT_DATA
}

// Alarms lists the deployed alarms in order of deployment.
func (s *Service) Alarms() []Alarm {
	var list []Alarm
	for _, a := range s.alarms {
		list = append(list, Alarm{a.name, a.state})
	}
	return list
}

// Notify sets what an alarm's action does: publish a message to a topic, as CloudWatch, for the alarm.
func (s *Service) Notify(f func(alarmARN, topicARN, subject, message string)) { s.notify = f }

func (s *Service) addAlarm(r *recorder.Resource) error {
	var in struct {
		Name        string            `prop:"name"`
		Namespace   string            `prop:"namespace"`
		Metric      string            `prop:"metricName"`
		Dimensions  map[string]string `prop:"dimensions"`
		Statistic   string            `prop:"statistic"`
		Comparison  string            `prop:"comparisonOperator"`
		Threshold   float64           `prop:"threshold"`
		Period      int64             `prop:"period"`
		Periods     int64             `prop:"evaluationPeriods"`
		Needed      int64             `prop:"datapointsToAlarm"`
		Missing     string            `prop:"treatMissingData"`
		Enabled     *bool             `prop:"actionsEnabled"`
		OnAlarm     []string          `prop:"alarmActions"`
		OnOK        []string          `prop:"okActions"`
		OnMissing   []string          `prop:"insufficientDataActions"`
		Description string            `prop:"alarmDescription"`
		Unit        any               `prop:"unit,ignore"`
		Tags        any               `prop:"tags,ignore"`
		ARN         string            `prop:"arn,output"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	a := &alarm{
		name: in.Name, arn: in.ARN, metric: identity(in.Namespace, in.Metric, in.Dimensions), statistic: types.Statistic(in.Statistic),
		comparison: in.Comparison, threshold: in.Threshold, period: time.Duration(in.Period) * time.Second,
		periods: int(in.Periods), needed: int(in.Needed), breaching: in.Missing == "breaching", state: "INSUFFICIENT_DATA",
	}
	if a.needed == 0 {
		a.needed = a.periods
	}
	a.told = types.MetricAlarm{
		AlarmName: &in.Name, AlarmArn: &in.ARN, Namespace: &in.Namespace, MetricName: &in.Metric, Statistic: a.statistic,
		ComparisonOperator: types.ComparisonOperator(in.Comparison), Threshold: &in.Threshold, Period: aws.Int32(int32(in.Period)),
		EvaluationPeriods: aws.Int32(int32(in.Periods)), DatapointsToAlarm: aws.Int32(int32(a.needed)), ActionsEnabled: aws.Bool(in.Enabled == nil || *in.Enabled),
		AlarmActions: in.OnAlarm, OKActions: in.OnOK, InsufficientDataActions: in.OnMissing,
		StateReason: aws.String("Unchecked: Initial alarm creation"), StateUpdatedTimestamp: aws.Time(s.door.Now()), AlarmConfigurationUpdatedTimestamp: aws.Time(s.door.Now()),
	}
	if in.Missing != "" {
		a.told.TreatMissingData = &in.Missing
	}
	if in.Description != "" {
		a.told.AlarmDescription = &in.Description
	}
	for _, name := range slices.Sorted(maps.Keys(in.Dimensions)) {
		a.told.Dimensions = append(a.told.Dimensions, types.Dimension{Name: aws.String(name), Value: aws.String(in.Dimensions[name])})
	}
	if in.Enabled == nil || *in.Enabled {
		a.onAlarm, a.onOK = in.OnAlarm, in.OnOK
	}
	for _, topic := range append(append([]string{}, in.OnAlarm...), in.OnOK...) {
		if !strings.Contains(topic, ":sns:") {
			return resource.Problem(r, "the alarm action %s is not modelled by the local world: only SNS topics are", topic)
		}
	}
	switch {
	case in.Metric == "" || in.Period <= 0 || in.Periods <= 0:
		return resource.Problem(r, "only alarms on one metric with a period are modelled by the local world")
	case compare[a.comparison] == nil:
		return resource.Problem(r, "comparisonOperator %q is not modelled by the local world", a.comparison)
	case statistics[a.statistic] == nil:
		return resource.Problem(r, "statistic %q is not modelled by the local world", a.statistic)
	}
	s.alarms = append(s.alarms, a)
	return nil
}

var compare = map[string]func(v, threshold float64) bool{
	"GreaterThanOrEqualToThreshold": func(v, t float64) bool { return v >= t },
	"GreaterThanThreshold":          func(v, t float64) bool { return v > t },
	"LessThanThreshold":             func(v, t float64) bool { return v < t },
	"LessThanOrEqualToThreshold":    func(v, t float64) bool { return v <= t },
}

// watch evaluates an alarm at the next full minute, over periods that end there, as CloudWatch does. Nothing is
// scheduled while no value comes and the alarm is not raised, so that a quiet world ends.
func (s *Service) watch(a *alarm) {
	tick := min(a.period, time.Minute)
	end := s.door.Now().Truncate(tick).Add(tick)
	if !a.due.Before(end) {
		return
	}
	a.due = end
	s.clock.After(end.Sub(s.door.Now()), func() {
		s.evaluate(a)
		if a.state == "ALARM" && !a.breaching {
			s.watch(a) // until the breaching periods are past
		}
	})
}

func (s *Service) evaluate(a *alarm) {
	now := s.door.Now()
	breaching := 0
	var last float64
	for i := range a.periods {
		from := now.Add(-a.period * time.Duration(a.periods-i))
		points := s.metrics[a.metric].between(from, from.Add(a.period))
		if len(points) == 0 {
			if a.breaching {
				breaching++
			}
			continue
		}
		if last = statistics[a.statistic](valuesOf(points)); compare[a.comparison](last, a.threshold) {
			breaching++
		}
	}
	state := "OK"
	if breaching >= a.needed {
		state = "ALARM"
	}
	if state == a.state {
		return
	}
	before := a.state
	a.state = state
	topics := a.onOK
	if state == "ALARM" {
		topics = a.onAlarm
	} else if before == "INSUFFICIENT_DATA" {
		topics = nil // the first evaluation after deployment is no news
	}
	reason := fmt.Sprintf("Threshold Crossed: %d of %d datapoints, the last %g, were %s %g", breaching, a.periods, last, a.comparison, a.threshold)
	a.told.StateReason, a.told.StateUpdatedTimestamp = &reason, aws.Time(s.door.Now())
	for _, topic := range topics {
		if s.notify != nil {
			s.notify(a.arn, topic, fmt.Sprintf("%s: %q", state, a.name), fmt.Sprintf(
				`{"AlarmName":%q,"NewStateValue":%q,"OldStateValue":%q,"NewStateReason":%q,"StateChangeTime":%q,"AlarmArn":%q}`,
				a.name, state, before, reason, s.door.Now().UTC().Format("2006-01-02T15:04:05.000-0700"), a.arn))
		}
	}
}
