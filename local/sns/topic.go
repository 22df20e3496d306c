package sns

import (
	"context"
	"slices"
	"strconv"
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
			t := s.topics[aws.ToString(in.TopicArn)]
			if t == nil {
				return nil, &types.NotFoundException{Message: aws.String("Topic does not exist")}
			}
			a := map[string]string{"TopicArn": t.arn, "DisplayName": t.display, "SubscriptionsConfirmed": strconv.Itoa(len(t.subscriptions)), "SubscriptionsPending": "0"}
			if t.key != "" {
				a["KmsMasterKeyId"] = t.key
			}
			if t.policy != "" {
				a["Policy"] = t.policy
			}
			return &sns.GetTopicAttributesOutput{Attributes: a}, nil
		},
	}, in)
}

// ListSubscriptionsByTopic lists a topic's subscriptions.
func (s *Service) ListSubscriptionsByTopic(ctx context.Context, in *sns.ListSubscriptionsByTopicInput, _ ...func(*sns.Options)) (*sns.ListSubscriptionsByTopicOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.ListSubscriptionsByTopicInput, sns.ListSubscriptionsByTopicOutput]{
		Service: "sns", Action: "ListSubscriptionsByTopic", Takes: []string{"TopicArn"}, Needs: []door.Request{{Action: "sns:ListSubscriptionsByTopic", Resource: aws.ToString(in.TopicArn)}},
		Do: func(_ context.Context, in *sns.ListSubscriptionsByTopicInput) (*sns.ListSubscriptionsByTopicOutput, error) {
			t := s.topics[aws.ToString(in.TopicArn)]
			if t == nil {
				return nil, &types.NotFoundException{Message: aws.String("Topic does not exist")}
			}
			out := &sns.ListSubscriptionsByTopicOutput{}
			for _, sub := range t.subscriptions {
				out.Subscriptions = append(out.Subscriptions, types.Subscription{
					SubscriptionArn: aws.String(sub.arn), TopicArn: aws.String(t.arn), Protocol: aws.String(sub.protocol), Endpoint: aws.String(sub.endpoint),
				})
			}
			return out, nil
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
