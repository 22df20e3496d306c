package cloudwatch

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"airline/local/door"
)

const defaultLimit = 10_000

// GetLogEvents reads a stream from its head or, by default, its tail.
func (s *Service) GetLogEvents(ctx context.Context, in *cloudwatchlogs.GetLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.GetLogEventsOutput, error) {
	in = door.Given(in)
	group := either(in.LogGroupName, in.LogGroupIdentifier)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.GetLogEventsInput, cloudwatchlogs.GetLogEventsOutput]{
		Service: "cloudwatchlogs", Action: "GetLogEvents", Takes: []string{"LogGroupName", "LogGroupIdentifier", "LogStreamName", "StartTime", "EndTime", "Limit", "NextToken", "StartFromHead"}, Needs: s.needs("logs:GetLogEvents", group, in.LogStreamName),
		Do: func(_ context.Context, in *cloudwatchlogs.GetLogEventsInput) (*cloudwatchlogs.GetLogEventsOutput, error) {
			_, st, err := s.find(group, aws.String(aws.ToString(in.LogStreamName)))
			if err != nil {
				return nil, err
			}
			var lines []line
			for _, l := range st.lines {
				if within(l.at, in.StartTime, in.EndTime) {
					lines = append(lines, l)
				}
			}
			limit := int(aws.ToInt32(in.Limit))
			if limit <= 0 || limit > defaultLimit {
				limit = defaultLimit
			}
			from, to := max(0, len(lines)-limit), len(lines)
			if aws.ToBool(in.StartFromHead) {
				from, to = 0, min(limit, len(lines))
			}
			if in.NextToken != nil {
				kind, number, _ := strings.Cut(*in.NextToken, "/")
				n, err := strconv.Atoi(number)
				if err != nil || n < 0 || n > len(lines) {
					return nil, &types.InvalidParameterException{Message: aws.String("The specified nextToken is invalid.")}
				}
				if kind == "b" {
					from, to = max(0, n-limit), n
				} else {
					from, to = n, min(len(lines), n+limit)
				}
			}
			out := &cloudwatchlogs.GetLogEventsOutput{NextForwardToken: aws.String("f/" + strconv.Itoa(to)), NextBackwardToken: aws.String("b/" + strconv.Itoa(from))}
			for _, l := range lines[from:to] {
				event, err := s.shown(l)
				if err != nil {
					return nil, err
				}
				out.Events = append(out.Events, event)
			}
			return out, nil
		},
	}, in)
}

// FilterLogEvents reads a group's events in order of time. A filter pattern is one term, plain or in double
// quotes, that a message has to contain; other patterns are an error.
func (s *Service) FilterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	in = door.Given(in)
	group := either(in.LogGroupName, in.LogGroupIdentifier)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.FilterLogEventsInput, cloudwatchlogs.FilterLogEventsOutput]{
		Service: "cloudwatchlogs", Action: "FilterLogEvents", Takes: []string{"LogGroupName", "LogGroupIdentifier", "LogStreamNamePrefix", "LogStreamNames", "StartTime", "EndTime", "FilterPattern", "Limit", "NextToken", "Interleaved"}, Needs: s.needs("logs:FilterLogEvents", group, nil),
		Do: func(_ context.Context, in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
			g, _, err := s.find(group, nil)
			if err != nil {
				return nil, err
			}
			term := strings.Trim(aws.ToString(in.FilterPattern), `"`)
			if strings.ContainsAny(term, `{}[]"?*`) || strings.Contains(aws.ToString(in.FilterPattern), `" "`) {
				return nil, &types.InvalidParameterException{Message: aws.String("filter patterns other than one term are not modelled by the local world: " + term)}
			}
			var events []types.FilteredLogEvent
			for _, st := range g.sorted() {
				if !strings.HasPrefix(st.name, aws.ToString(in.LogStreamNamePrefix)) || len(in.LogStreamNames) > 0 && !slices.Contains(in.LogStreamNames, st.name) {
					continue
				}
				for i, l := range st.lines {
					if !within(l.at, in.StartTime, in.EndTime) {
						continue
					}
					message, err := s.text(l)
					if err != nil {
						return nil, err
					}
					if strings.Contains(message, term) {
						events = append(events, types.FilteredLogEvent{
							EventId: aws.String(st.name + "/" + strconv.Itoa(i)), LogStreamName: aws.String(st.name),
							Message: &message, Timestamp: aws.Int64(l.at), IngestionTime: aws.Int64(l.ingested),
						})
					}
				}
			}
			slices.SortStableFunc(events, func(a, b types.FilteredLogEvent) int { return int(*a.Timestamp - *b.Timestamp) })
			page, next, err := logPage(events, in.NextToken, in.Limit)
			return &cloudwatchlogs.FilterLogEventsOutput{Events: page, NextToken: next}, err
		},
	}, in)
}

// DescribeLogGroups lists groups by name.
func (s *Service) DescribeLogGroups(ctx context.Context, in *cloudwatchlogs.DescribeLogGroupsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.DescribeLogGroupsInput, cloudwatchlogs.DescribeLogGroupsOutput]{
		Service: "cloudwatchlogs", Action: "DescribeLogGroups", Takes: []string{"LogGroupNamePrefix", "LogGroupNamePattern", "Limit", "NextToken"}, Needs: []door.Request{{Action: "logs:DescribeLogGroups", Resource: s.arn("logs", "log-group:*")}},
		Do: func(_ context.Context, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
			out := &cloudwatchlogs.DescribeLogGroupsOutput{}
			var names []string
			for _, n := range s.Groups() {
				if strings.HasPrefix(n, aws.ToString(in.LogGroupNamePrefix)) && strings.Contains(n, aws.ToString(in.LogGroupNamePattern)) {
					names = append(names, n)
				}
			}
			page, next, err := logPage(names, in.NextToken, in.Limit)
			if err != nil {
				return nil, err
			}
			for _, n := range page {
				g := s.groups[n]
				group := types.LogGroup{LogGroupName: &g.name, LogGroupArn: &g.arn, Arn: aws.String(g.arn + ":*"), CreationTime: aws.Int64(g.created.UnixMilli())}
				if g.retention > 0 {
					group.RetentionInDays = &g.retention
				}
				if g.key != "" {
					group.KmsKeyId = &g.key
				}
				out.LogGroups = append(out.LogGroups, group)
			}
			out.NextToken = next
			return out, nil
		},
	}, in)
}

// DescribeLogStreams lists a group's streams by name.
func (s *Service) DescribeLogStreams(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	in = door.Given(in)
	group := either(in.LogGroupName, in.LogGroupIdentifier)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.DescribeLogStreamsInput, cloudwatchlogs.DescribeLogStreamsOutput]{
		Service: "cloudwatchlogs", Action: "DescribeLogStreams", Takes: []string{"LogGroupName", "LogGroupIdentifier", "LogStreamNamePrefix", "OrderBy", "Descending", "Limit", "NextToken"}, Needs: s.needs("logs:DescribeLogStreams", group, nil),
		Do: func(_ context.Context, in *cloudwatchlogs.DescribeLogStreamsInput) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
			g, _, err := s.find(group, nil)
			if err != nil {
				return nil, err
			}
			var streams []types.LogStream
			for _, st := range g.sorted() {
				if !strings.HasPrefix(st.name, aws.ToString(in.LogStreamNamePrefix)) {
					continue
				}
				d := types.LogStream{LogStreamName: aws.String(st.name), Arn: aws.String(g.arn + ":log-stream:" + st.name), CreationTime: aws.Int64(st.created.UnixMilli())}
				if n := len(st.lines); n > 0 {
					d.FirstEventTimestamp, d.LastEventTimestamp, d.LastIngestionTime = aws.Int64(st.lines[0].at), aws.Int64(st.lines[n-1].at), aws.Int64(st.lines[n-1].ingested)
				}
				streams = append(streams, d)
			}
			if in.OrderBy == types.OrderByLastEventTime {
				slices.SortStableFunc(streams, func(a, b types.LogStream) int {
					return int(aws.ToInt64(a.LastEventTimestamp) - aws.ToInt64(b.LastEventTimestamp))
				})
			}
			if aws.ToBool(in.Descending) {
				slices.Reverse(streams)
			}
			page, next, err := logPage(streams, in.NextToken, in.Limit)
			return &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: page, NextToken: next}, err
		},
	}, in)
}

func (g *group) sorted() []*stream {
	var list []*stream
	for _, st := range g.streams {
		list = append(list, st)
	}
	slices.SortFunc(list, func(a, b *stream) int { return strings.Compare(a.name, b.name) })
	return list
}

func either(name, identifier *string) *string {
	if name != nil {
		return name
	}
	return identifier
}

func within(t int64, from, to *int64) bool {
	return (from == nil || t >= *from) && (to == nil || t < *to)
}

// logPage is the page that a token and a limit ask for.
func logPage[T any](list []T, token *string, limit *int32) ([]T, *string, error) {
	size := int(aws.ToInt32(limit))
	if size <= 0 || size > defaultLimit {
		size = defaultLimit
	}
	page, next, ok := door.Page(list, token, size)
	if !ok {
		return nil, nil, &types.InvalidParameterException{Message: aws.String("The specified nextToken is invalid.")}
	}
	return page, next, nil
}
