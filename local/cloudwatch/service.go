// Package cloudwatch is Amazon CloudWatch in the local world: the log groups that services write to, the metrics that
// they count, and the alarms over them.
//
//	svc := cloudwatch.New(door, clock, arn)
//	err := svc.Append(ctx, "/aws-glue/crawlers", "airline-dev-flights", "INFO : Crawler started")
//	out, err := svc.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws-glue/crawlers")})
package cloudwatch

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/kms"
	"airline/local/recorder"
	"airline/local/resource"
	"airline/region"
)

// Service holds log groups, metrics and alarms. Its methods of the SDK's client go through the door.
type Service struct {
	door   *door.Door
	clock  *sim.Clock
	arn    func(service, resource string) string
	groups map[string]*group

	metrics    map[string]*metric
	dashboards map[string]*dashboard
	alarms     []*alarm
	notify     func(alarmARN, topicARN, subject, message string)
	keys       *kms.Keys
	spill      *sim.Spill // of the lines' texts
}

// UseSpill sets where lines are kept, before there are any. Without it they stay in memory.
func (s *Service) UseSpill(spill *sim.Spill) { s.spill = spill }

// UseKeys sets the keys that log groups may be encrypted with. Without them a group with a key is refused.
func (s *Service) UseKeys(keys *kms.Keys) { s.keys = keys }

// New makes the service. arn makes the ARN of a regional resource of the stack's account.
func New(d *door.Door, clock *sim.Clock, arn func(service, resource string) string) *Service {
	return &Service{door: d, clock: clock, arn: arn, groups: map[string]*group{}, metrics: map[string]*metric{}, dashboards: map[string]*dashboard{}, spill: sim.NewSpill("", math.MaxInt)}
}

type group struct {
	name      string
	arn       string
	created   time.Time
	retention int32
	key       string
	streams   map[string]*stream
}

type stream struct {
	name    string
	created time.Time
	lines   []line
}

// Types gives the functions that take log groups and alarms of a deployed stack in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:cloudwatch/logGroup:LogGroup":       s.addGroup,
		"aws:cloudwatch/metricAlarm:MetricAlarm": s.addAlarm,
		"aws:cloudwatch/dashboard:Dashboard":     s.addDashboard,
	}
}

func (s *Service) addGroup(r *recorder.Resource) error {
	var in struct {
		Name      string `prop:"name"`
		Retention int64  `prop:"retentionInDays"`
		Key       string `prop:"kmsKeyId"`
		Class     any    `prop:"logGroupClass,ignore"`
		Skip      any    `prop:"skipDestroy,ignore"`
		Tags      any    `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if s.groups[in.Name] != nil {
		return resource.Problem(r, "log group %s exists already", in.Name)
	}
	g := s.newGroup(in.Name)
	g.retention, g.key = int32(in.Retention), in.Key
	if err := s.useKey(g); err != nil {
		return resource.Problem(r, "%v", err)
	}
	return nil
}

// useKey asks whether CloudWatch Logs may use a group's key for it, as AWS does when the key is associated with
// the group: the key's policy has to let the service in, for the group's ARN.
func (s *Service) useKey(g *group) error {
	if g.key == "" {
		return nil
	}
	if s.keys == nil {
		return fmt.Errorf("log group %s: no keys are known to encrypt it with", g.name)
	}
	part := strings.Split(g.arn, ":")
	service := door.Principal{Service: "logs." + part[3] + "." + region.Domain(part[3]), SourceARN: g.arn, Account: part[4]}
	err := s.keys.Use(door.As(context.Background(), service), "logs", g.key, map[string]string{"aws:logs:arn": g.arn}, "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
	if err != nil {
		return fmt.Errorf("the specified KMS Key Id could not be found, or is not allowed to be used with %s: %w", g.arn, err)
	}
	return nil
}

func (s *Service) newGroup(name string) *group {
	g := &group{name: name, arn: s.arn("logs", "log-group:"+name), created: s.door.Now(), streams: map[string]*stream{}}
	s.groups[name] = g
	return g
}

// Groups lists the log groups, sorted by name.
func (s *Service) Groups() []string {
	var names []string
	for n := range s.groups {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func (s *Service) find(groupName, streamName *string) (*group, *stream, error) {
	g := s.groups[groupOf(aws.ToString(groupName))]
	if g == nil {
		return nil, nil, &types.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")}
	}
	if streamName == nil {
		return g, nil, nil
	}
	st := g.streams[*streamName]
	if st == nil {
		return g, nil, &types.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")}
	}
	return g, st, nil
}

// groupOf takes a group's name out of its ARN, which the API accepts as an identifier.
func groupOf(identifier string) string {
	if _, rest, ok := strings.Cut(identifier, ":log-group:"); ok && strings.HasPrefix(identifier, "arn:") {
		return strings.TrimSuffix(rest, ":*")
	}
	return identifier
}
