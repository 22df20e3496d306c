package cloudwatch

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"airline/local/door"
)

// retentions are the numbers of days that CloudWatch Logs takes (API reference, PutRetentionPolicy).
var retentions = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// PutRetentionPolicy says how many days events are kept. The local world tells the number, and keeps them all.
func (s *Service) PutRetentionPolicy(ctx context.Context, in *cloudwatchlogs.PutRetentionPolicyInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.PutRetentionPolicyInput, cloudwatchlogs.PutRetentionPolicyOutput]{
		Service: "cloudwatchlogs", Action: "PutRetentionPolicy", Needs: s.needs("logs:PutRetentionPolicy", in.LogGroupName, nil),
		Do: func(_ context.Context, in *cloudwatchlogs.PutRetentionPolicyInput) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
			g, _, err := s.find(in.LogGroupName, nil)
			if err != nil {
				return nil, err
			}
			days := aws.ToInt32(in.RetentionInDays)
			if !slices.Contains(retentions, days) {
				return nil, &types.InvalidParameterException{Message: aws.String(fmt.Sprintf("retentionInDays must be one of %v", retentions))}
			}
			g.retention = days
			return &cloudwatchlogs.PutRetentionPolicyOutput{}, nil
		},
	}, in)
}

// DeleteRetentionPolicy lets a group's events be kept for ever.
func (s *Service) DeleteRetentionPolicy(ctx context.Context, in *cloudwatchlogs.DeleteRetentionPolicyInput, _ ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[cloudwatchlogs.DeleteRetentionPolicyInput, cloudwatchlogs.DeleteRetentionPolicyOutput]{
		Service: "cloudwatchlogs", Action: "DeleteRetentionPolicy", Needs: s.needs("logs:DeleteRetentionPolicy", in.LogGroupName, nil),
		Do: func(_ context.Context, in *cloudwatchlogs.DeleteRetentionPolicyInput) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
			g, _, err := s.find(in.LogGroupName, nil)
			if err != nil {
				return nil, err
			}
			g.retention = 0
			return &cloudwatchlogs.DeleteRetentionPolicyOutput{}, nil
		},
	}, in)
}
