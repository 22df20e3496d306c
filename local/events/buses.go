package events

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"airline/local/door"
)

// defaultBus refuses every bus but the default one, by its name or ARN.
func (s *Service) defaultBus(name *string) error {
	if bus := aws.ToString(name); bus != "" && bus != "default" && bus != s.arn("event-bus/default") {
		return &types.ResourceNotFoundException{Message: aws.String(fmt.Sprintf("Event bus %s does not exist.", bus))}
	}
	return nil
}

// ListEventBuses lists the default bus, which is the only one.
func (s *Service) ListEventBuses(ctx context.Context, in *eventbridge.ListEventBusesInput, _ ...func(*eventbridge.Options)) (*eventbridge.ListEventBusesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.ListEventBusesInput, eventbridge.ListEventBusesOutput]{
		Service: "eventbridge", Action: "ListEventBuses", Needs: []door.Request{{Action: "events:ListEventBuses", Resource: "*"}},
		Do: func(_ context.Context, in *eventbridge.ListEventBusesInput) (*eventbridge.ListEventBusesOutput, error) {
			list := []types.EventBus{}
			if strings.HasPrefix("default", aws.ToString(in.NamePrefix)) {
				list = append(list, types.EventBus{Name: aws.String("default"), Arn: aws.String(s.arn("event-bus/default"))})
			}
			page, next, err := pageOf(list, in.Limit, in.NextToken)
			return &eventbridge.ListEventBusesOutput{EventBuses: page, NextToken: next}, err
		},
	}, in)
}

// DescribeEventBus describes the default bus.
func (s *Service) DescribeEventBus(ctx context.Context, in *eventbridge.DescribeEventBusInput, _ ...func(*eventbridge.Options)) (*eventbridge.DescribeEventBusOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.DescribeEventBusInput, eventbridge.DescribeEventBusOutput]{
		Service: "eventbridge", Action: "DescribeEventBus", Needs: []door.Request{{Action: "events:DescribeEventBus", Resource: s.arn("event-bus/default")}},
		Do: func(_ context.Context, in *eventbridge.DescribeEventBusInput) (*eventbridge.DescribeEventBusOutput, error) {
			if err := s.defaultBus(in.Name); err != nil {
				return nil, err
			}
			return &eventbridge.DescribeEventBusOutput{Name: aws.String("default"), Arn: aws.String(s.arn("event-bus/default"))}, nil
		},
	}, in)
}
