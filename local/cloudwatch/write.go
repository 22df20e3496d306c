package cloudwatch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"airline/local/door"
)

// Limits of PutLogEvents (Amazon CloudWatch Logs API reference).
const (
	maxBatchBytes = 1 << 20
	maxBatch      = 10_000
	eventOverhead = 26
	maxEventBytes = 1 << 20
)

var (
	groupName  = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)
	streamName = regexp.MustCompile(`^[^:*]{1,512}$`)
)

// CreateLogGroup makes a group.
func (s *Service) CreateLogGroup(ctx context.Context, in *cloudwatchlogs.CreateLogGroupInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogGroupOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.CreateLogGroupInput, cloudwatchlogs.CreateLogGroupOutput]{
		Service: "cloudwatchlogs", Action: "CreateLogGroup", Takes: []string{"LogGroupName", "KmsKeyId", "Tags"}, Needs: s.needs("logs:CreateLogGroup", in.LogGroupName, nil),
		Do: func(_ context.Context, in *cloudwatchlogs.CreateLogGroupInput) (*cloudwatchlogs.CreateLogGroupOutput, error) {
			name := aws.ToString(in.LogGroupName)
			if !groupName.MatchString(name) {
				return nil, &types.InvalidParameterException{Message: aws.String("logGroupName must match " + groupName.String())}
			}
			if s.groups[name] != nil {
				return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The specified log group already exists")}
			}
			g := s.newGroup(name)
			g.key = aws.ToString(in.KmsKeyId)
			if err := s.useKey(g); err != nil {
				delete(s.groups, name)
				return nil, &types.InvalidParameterException{Message: aws.String(err.Error())}
			}
			return &cloudwatchlogs.CreateLogGroupOutput{}, nil
		},
	}, in)
}

// CreateLogStream makes a stream in a group.
func (s *Service) CreateLogStream(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.CreateLogStreamInput, cloudwatchlogs.CreateLogStreamOutput]{
		Service: "cloudwatchlogs", Action: "CreateLogStream", Needs: s.needs("logs:CreateLogStream", in.LogGroupName, in.LogStreamName),
		Do: func(_ context.Context, in *cloudwatchlogs.CreateLogStreamInput) (*cloudwatchlogs.CreateLogStreamOutput, error) {
			g, _, err := s.find(in.LogGroupName, nil)
			if err != nil {
				return nil, err
			}
			name := aws.ToString(in.LogStreamName)
			if !streamName.MatchString(name) {
				return nil, &types.InvalidParameterException{Message: aws.String("logStreamName must match " + streamName.String())}
			}
			if g.streams[name] != nil {
				return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The specified log stream already exists")}
			}
			g.streams[name] = &stream{name: name, created: s.door.Now()}
			return &cloudwatchlogs.CreateLogStreamOutput{}, nil
		},
	}, in)
}

// PutLogEvents adds events to a stream.
func (s *Service) PutLogEvents(ctx context.Context, in *cloudwatchlogs.PutLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutLogEventsOutput, error) {
	in = door.Given(in)
	size := 0
	for _, e := range in.LogEvents {
		size += len(aws.ToString(e.Message)) + eventOverhead
	}
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.PutLogEventsInput, cloudwatchlogs.PutLogEventsOutput]{
		Service: "cloudwatchlogs", Action: "PutLogEvents", Takes: []string{"LogGroupName", "LogStreamName", "LogEvents", "SequenceToken"}, Needs: s.needs("logs:PutLogEvents", in.LogGroupName, in.LogStreamName),
		Usage: []door.Usage{{Item: "logs.ingested", Quantity: float64(size) / 1e9}},
		Do: func(_ context.Context, in *cloudwatchlogs.PutLogEventsInput) (*cloudwatchlogs.PutLogEventsOutput, error) {
			_, st, err := s.find(in.LogGroupName, in.LogStreamName)
			if err != nil {
				return nil, err
			}
			if len(in.LogEvents) < 1 || len(in.LogEvents) > maxBatch || size > maxBatchBytes {
				return nil, &types.InvalidParameterException{Message: aws.String("a batch has from 1 to 10000 events and at most 1048576 bytes")}
			}
			for i, e := range in.LogEvents {
				if i > 0 && aws.ToInt64(e.Timestamp) < aws.ToInt64(in.LogEvents[i-1].Timestamp) {
					return nil, &types.InvalidParameterException{Message: aws.String("Log events in a single PutLogEvents request must be in chronological order.")}
				}
			}
			for _, e := range in.LogEvents {
				s.append(st, aws.ToInt64(e.Timestamp), []byte(aws.ToString(e.Message)))
			}
			if n := len(st.lines) - len(in.LogEvents); n > 0 && st.lines[n].at < st.lines[n-1].at {
				slices.SortStableFunc(st.lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
			}
			return &cloudwatchlogs.PutLogEventsOutput{}, nil
		},
	}, in)
}

// needs are the permissions of a call: writing events has the stream as its resource, the others the group.
func (s *Service) needs(action string, group, stream *string) []door.Request {
	arn := s.arn("logs", "log-group:"+aws.ToString(group))
	if stream != nil {
		arn += ":log-stream:" + aws.ToString(stream)
	}
	return []door.Request{{Action: action, Resource: arn}}
}

// Append writes lines to a stream as a service does that logs for a role: it puts the events, and makes the
// group and the stream when they are missing.
func (s *Service) Append(ctx context.Context, group, stream string, lines ...string) error {
	if len(lines) == 0 {
		return nil
	}
	now := s.door.Now().Add(door.Elapsed(ctx).Truncate(time.Millisecond))
	in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: &group, LogStreamName: &stream}
	for _, l := range lines {
		if len(l) > maxEventBytes-eventOverhead {
			l = l[:maxEventBytes-eventOverhead]
		}
		in.LogEvents = append(in.LogEvents, types.InputLogEvent{Message: aws.String(l), Timestamp: aws.Int64(now.UnixMilli())})
	}
	if _, _, err := s.find(&group, &stream); err != nil {
		if s.groups[group] == nil {
			if _, err := s.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &group}); err != nil {
				return err
			}
		}
		_, err := s.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &stream})
		var exists *types.ResourceAlreadyExistsException
		if err != nil && !errors.As(err, &exists) {
			return err
		}
	}
	_, err := s.PutLogEvents(ctx, in)
	return err
}

// Deliver adds a message to a stream of a deployed group without a call: the vended delivery of Step Functions and
// other services, which was authorised when it was set up. The message is copied.
func (s *Service) Deliver(group, name string, at time.Time, message []byte) error {
	g, _, err := s.find(&group, nil)
	if err != nil {
		return fmt.Errorf("delivering to the log group %s: %w", group, err)
	}
	st := g.streams[name]
	if st == nil {
		st = &stream{name: name, created: s.door.Now()}
		g.streams[name] = st
	}
	s.append(st, at.UnixMilli(), message)
	return s.door.Meter(door.Usage{Item: "logs.vended", Quantity: float64(len(message)+eventOverhead) / 1e9})
}
