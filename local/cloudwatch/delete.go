package cloudwatch

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"airline/local/door"
)

// DeleteLogGroup deletes a group with its streams.
func (s *Service) DeleteLogGroup(ctx context.Context, in *cloudwatchlogs.DeleteLogGroupInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.DeleteLogGroupInput, cloudwatchlogs.DeleteLogGroupOutput]{
		Service: "cloudwatchlogs", Action: "DeleteLogGroup", Needs: s.needs("logs:DeleteLogGroup", in.LogGroupName, nil),
		Do: func(_ context.Context, in *cloudwatchlogs.DeleteLogGroupInput) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
			g, _, err := s.find(in.LogGroupName, nil)
			if err != nil {
				return nil, err
			}
			delete(s.groups, g.name)
			return &cloudwatchlogs.DeleteLogGroupOutput{}, nil
		},
	}, in)
}

// DeleteLogStream deletes a stream with its events.
func (s *Service) DeleteLogStream(ctx context.Context, in *cloudwatchlogs.DeleteLogStreamInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DeleteLogStreamOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.DeleteLogStreamInput, cloudwatchlogs.DeleteLogStreamOutput]{
		Service: "cloudwatchlogs", Action: "DeleteLogStream", Needs: s.needs("logs:DeleteLogStream", in.LogGroupName, in.LogStreamName),
		Do: func(_ context.Context, in *cloudwatchlogs.DeleteLogStreamInput) (*cloudwatchlogs.DeleteLogStreamOutput, error) {
			g, st, err := s.find(in.LogGroupName, aws.String(aws.ToString(in.LogStreamName)))
			if err != nil {
				return nil, err
			}
			delete(g.streams, st.name)
			return &cloudwatchlogs.DeleteLogStreamOutput{}, nil
		},
	}, in)
}
