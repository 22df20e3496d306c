package sns

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"airline/local/door"
)

// GetTopicAttributes tells a topic's settings.
func (s *Service) GetTopicAttributes(ctx context.Context, in *sns.GetTopicAttributesInput, _ ...func(*sns.Options)) (*sns.GetTopicAttributesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.GetTopicAttributesInput, sns.GetTopicAttributesOutput]{
		Service: "sns", Action: "GetTopicAttributes", Needs: []door.Request{{Action: "sns:GetTopicAttributes", Resource: aws.ToString(in.TopicArn)}},
		Do: func(_ context.Context, in *sns.GetTopicAttributesInput) (*sns.GetTopicAttributesOutput, error) {
			t, err := s.find(in.TopicArn)
			if err != nil {
				return nil, err
			}
			return &sns.GetTopicAttributesOutput{Attributes: t.attributes()}, nil
		},
	}, in)
}

// ListSubscriptionsByTopic lists a topic's subscriptions, at most 100 a page.
func (s *Service) ListSubscriptionsByTopic(ctx context.Context, in *sns.ListSubscriptionsByTopicInput, _ ...func(*sns.Options)) (*sns.ListSubscriptionsByTopicOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.ListSubscriptionsByTopicInput, sns.ListSubscriptionsByTopicOutput]{
		Service: "sns", Action: "ListSubscriptionsByTopic", Needs: []door.Request{{Action: "sns:ListSubscriptionsByTopic", Resource: aws.ToString(in.TopicArn)}},
		Do: func(_ context.Context, in *sns.ListSubscriptionsByTopicInput) (*sns.ListSubscriptionsByTopicOutput, error) {
			t, err := s.find(in.TopicArn)
			if err != nil {
				return nil, err
			}
			page, next, err := pageOf(t.list(), in.NextToken)
			return &sns.ListSubscriptionsByTopicOutput{Subscriptions: page, NextToken: next}, err
		},
	}, in)
}

// ListTopics lists the topics by ARN, at most 100 a page.
func (s *Service) ListTopics(ctx context.Context, in *sns.ListTopicsInput, _ ...func(*sns.Options)) (*sns.ListTopicsOutput, error) {
	return door.Call(ctx, s.door, door.Op[sns.ListTopicsInput, sns.ListTopicsOutput]{
		Service: "sns", Action: "ListTopics", Needs: []door.Request{{Action: "sns:ListTopics", Resource: "*"}},
		Do: func(_ context.Context, in *sns.ListTopicsInput) (*sns.ListTopicsOutput, error) {
			list := []types.Topic{}
			for arn := range s.topics {
				if arn > aws.ToString(in.NextToken) { // the token is the last ARN of the page before
					list = append(list, types.Topic{TopicArn: aws.String(arn)})
				}
			}
			slices.SortFunc(list, func(a, b types.Topic) int { return strings.Compare(*a.TopicArn, *b.TopicArn) })
			out := &sns.ListTopicsOutput{Topics: list}
			if len(list) > 100 {
				out.Topics, out.NextToken = list[:100], list[99].TopicArn
			}
			return out, nil
		},
	}, door.Given(in))
}
