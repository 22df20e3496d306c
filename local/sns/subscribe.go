package sns

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"airline/local/door"
)

var (
	phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{1,14}$`) // E.164
	mailAddress = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

// endpoint refuses an endpoint that a subscription made by a call cannot have, and tells whether its owner has to confirm it.
func (s *Service) endpoint(t *topic, protocol, endpoint string) (pending bool, err error) {
	if err := t.delivers(protocol, endpoint); err != nil {
		return false, err
	}
	switch protocol {
	case "sqs":
		part := strings.SplitN(endpoint, ":", 6)
		switch {
		case len(part) != 6 || part[2] != "sqs" || part[5] == "":
			return false, invalid("Invalid parameter: SQS endpoint ARN")
		case s.arn("sqs", part[5]) != endpoint:
			return false, door.NotModelled("subscriptions of queues of other accounts and regions")
		}
		return false, nil
	case "email", "email-json":
		if !mailAddress.MatchString(endpoint) {
			return false, invalid("Invalid parameter: Email address")
		}
		return true, nil
	case "sms":
		if !phoneNumber.MatchString(endpoint) {
			return false, invalid("Invalid SMS endpoint: " + endpoint)
		}
		return false, nil
	case "http", "https":
		return false, door.NotModelled("subscriptions of the protocol " + protocol + " that are made by a call: SNS would ask the endpoint to confirm, and the local world calls nobody outside")
	case "lambda", "application", "firehose":
		return false, door.NotModelled("subscriptions of the protocol " + protocol)
	}
	return false, invalid("Invalid parameter: Amazon SNS does not support this protocol string: " + protocol)
}

// Subscribe subscribes an endpoint to a topic. An endpoint that is subscribed already, with the attributes of the call, is the answer.
func (s *Service) Subscribe(ctx context.Context, in *sns.SubscribeInput, _ ...func(*sns.Options)) (*sns.SubscribeOutput, error) {
	in = door.Given(in)
	protocol, endpoint := aws.ToString(in.Protocol), aws.ToString(in.Endpoint)
	return door.Call(ctx, s.door, door.Op[sns.SubscribeInput, sns.SubscribeOutput]{
		Service: "sns", Action: "Subscribe", Needs: []door.Request{{
			Action: "sns:Subscribe", Resource: aws.ToString(in.TopicArn), Keys: map[string][]string{"sns:Protocol": {protocol}, "sns:Endpoint": {endpoint}},
		}},
		Do: func(ctx context.Context, in *sns.SubscribeInput) (*sns.SubscribeOutput, error) {
			t, err := s.find(in.TopicArn)
			if err != nil {
				return nil, err
			}
			pending, err := s.endpoint(t, protocol, endpoint)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(t.subscriptions, func(sub *subscription) bool { return sub.protocol == protocol && sub.endpoint == endpoint })
			caller, _ := door.Caller(ctx)
			made := subscription{protocol: protocol, endpoint: endpoint, pending: pending, principal: caller.String(), here: protocol == "sqs"}
			if i >= 0 {
				made = *t.subscriptions[i]
			}
			names := slices.Sorted(maps.Keys(in.Attributes))
			if i := slices.Index(names, "FilterPolicyScope"); i > 0 { // it says how the policy is read
				names = slices.Insert(slices.Delete(names, i, i+1), 0, "FilterPolicyScope")
			}
			for _, name := range names {
				if err := made.set(name, in.Attributes[name]); err != nil {
					return nil, inAttributes(err)
				}
			}
			if i >= 0 {
				was, is := t.subscriptions[i].attributes(t), made.attributes(t)
				for name := range in.Attributes {
					if was[name] != is[name] {
						return nil, invalid("Invalid parameter: Attributes Reason: Subscription already exists with different attributes")
					}
				}
			} else {
				made.arn = t.arn + ":" + s.door.UUID()
				t.subscriptions = append(t.subscriptions, &made)
			}
			out := &sns.SubscribeOutput{SubscriptionArn: &made.arn}
			if made.pending && !in.ReturnSubscriptionArn {
				out.SubscriptionArn = aws.String("pending confirmation")
			}
			return out, nil
		},
	}, in)
}

// set changes one of the subscription's attributes.
func (sub *subscription) set(name, value string) (err error) {
	switch name {
	case "RawMessageDelivery":
		if sub.raw, err = strconv.ParseBool(value); err != nil || value != "true" && value != "false" {
			return invalid("Invalid parameter: RawMessageDelivery: Invalid value [" + value + "]. Must be true or false.")
		}
		if sub.raw && sub.protocol != "sqs" {
			return invalid("Invalid parameter: Delivery protocol [" + sub.protocol + "] does not support raw message delivery.")
		}
	case "FilterPolicyScope":
		if value != "MessageAttributes" && value != "MessageBody" {
			return invalid("Invalid parameter: FilterPolicyScope: Invalid value [" + value + "]. Please use either MessageBody or MessageAttributes")
		}
		sub.scope = value
		return sub.set("FilterPolicy", sub.filter.text)
	case "FilterPolicy":
		f, err := parseFilter(value, sub.scope == "MessageBody")
		if err != nil {
			return invalid("Invalid parameter: FilterPolicy: " + err.Error())
		}
		sub.filter = f
	case "RedrivePolicy":
		var redrive struct {
			Target string `json:"deadLetterTargetArn"`
		}
		if value != "" {
			if err := json.Unmarshal([]byte(value), &redrive); err != nil {
				return invalid("Invalid parameter: RedrivePolicy: failed to parse JSON. " + err.Error())
			}
			if part := strings.SplitN(redrive.Target, ":", 6); len(part) != 6 || part[2] != "sqs" {
				return invalid("Invalid parameter: RedrivePolicy: deadLetterTargetArn is an invalid arn")
			}
			if isFIFO(sub.endpoint) && !isFIFO(redrive.Target) {
				return invalid("Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
			}
		}
		sub.dead, sub.redrive = redrive.Target, value
	case "DeliveryPolicy": // it is about HTTP
		if value != "" && !json.Valid([]byte(value)) {
			return invalid("Invalid parameter: DeliveryPolicy: failed to parse JSON.")
		}
		sub.delivery = value
	default:
		return invalid("Invalid parameter: AttributeName")
	}
	return nil
}

// attributes are what GetSubscriptionAttributes tells.
func (sub *subscription) attributes(t *topic) map[string]string {
	a := map[string]string{
		"SubscriptionArn": sub.arn, "TopicArn": t.arn, "Protocol": sub.protocol, "Endpoint": sub.endpoint, "Owner": strings.Split(t.arn, ":")[4],
		"PendingConfirmation": strconv.FormatBool(sub.pending), "ConfirmationWasAuthenticated": strconv.FormatBool(sub.protocol == "sqs"),
		"RawMessageDelivery": strconv.FormatBool(sub.raw),
	}
	if sub.filter.text != "" {
		a["FilterPolicy"], a["FilterPolicyScope"] = sub.filter.text, "MessageAttributes"
	}
	for name, value := range map[string]string{"SubscriptionPrincipal": sub.principal, "FilterPolicyScope": sub.scope, "RedrivePolicy": sub.redrive, "DeliveryPolicy": sub.delivery} {
		if value != "" {
			a[name] = value
		}
	}
	return a
}

// subscribed finds a subscription with its topic.
func (s *Service) subscribed(arn *string) (*topic, *subscription, error) {
	if err := checkARN("SubscriptionArn", arn, 6); err != nil {
		return nil, nil, err
	}
	if strings.Count(*arn, ":") != 6 {
		return nil, nil, invalid("Invalid parameter: SubscriptionId")
	}
	if t := s.topics[topicOf(arn)]; t != nil {
		for _, sub := range t.subscriptions {
			if sub.arn == *arn {
				return t, sub, nil
			}
		}
	}
	return nil, nil, &types.NotFoundException{Message: aws.String("Subscription does not exist")}
}

// topicOf is the topic's ARN in a subscription's.
func topicOf(arn *string) string {
	text := aws.ToString(arn)
	return text[:max(0, strings.LastIndexByte(text, ':'))]
}

// Unsubscribe deletes a subscription; one that is not there is no error (recorded by LocalStack's tests).
func (s *Service) Unsubscribe(ctx context.Context, in *sns.UnsubscribeInput, _ ...func(*sns.Options)) (*sns.UnsubscribeOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.UnsubscribeInput, sns.UnsubscribeOutput]{
		Service: "sns", Action: "Unsubscribe", Needs: []door.Request{{Action: "sns:Unsubscribe", Resource: topicOf(in.SubscriptionArn)}},
		Do: func(_ context.Context, in *sns.UnsubscribeInput) (*sns.UnsubscribeOutput, error) {
			t, sub, err := s.subscribed(in.SubscriptionArn)
			if _, gone := err.(*types.NotFoundException); gone {
				return &sns.UnsubscribeOutput{}, nil
			}
			if err != nil {
				return nil, err
			}
			t.subscriptions = slices.DeleteFunc(t.subscriptions, func(e *subscription) bool { return e == sub })
			return &sns.UnsubscribeOutput{}, nil
		},
	}, in)
}

// GetSubscriptionAttributes tells a subscription's settings.
func (s *Service) GetSubscriptionAttributes(ctx context.Context, in *sns.GetSubscriptionAttributesInput, _ ...func(*sns.Options)) (*sns.GetSubscriptionAttributesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.GetSubscriptionAttributesInput, sns.GetSubscriptionAttributesOutput]{
		Service: "sns", Action: "GetSubscriptionAttributes", Needs: []door.Request{{Action: "sns:GetSubscriptionAttributes", Resource: topicOf(in.SubscriptionArn)}},
		Do: func(_ context.Context, in *sns.GetSubscriptionAttributesInput) (*sns.GetSubscriptionAttributesOutput, error) {
			t, sub, err := s.subscribed(in.SubscriptionArn)
			if err != nil {
				return nil, err
			}
			return &sns.GetSubscriptionAttributesOutput{Attributes: sub.attributes(t)}, nil
		},
	}, in)
}

// SetSubscriptionAttributes changes one setting of a subscription, at once. SNS takes up to 15 minutes for a filter policy.
func (s *Service) SetSubscriptionAttributes(ctx context.Context, in *sns.SetSubscriptionAttributesInput, _ ...func(*sns.Options)) (*sns.SetSubscriptionAttributesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.SetSubscriptionAttributesInput, sns.SetSubscriptionAttributesOutput]{
		Service: "sns", Action: "SetSubscriptionAttributes", Needs: []door.Request{{Action: "sns:SetSubscriptionAttributes", Resource: topicOf(in.SubscriptionArn)}},
		Do: func(_ context.Context, in *sns.SetSubscriptionAttributesInput) (*sns.SetSubscriptionAttributesOutput, error) {
			_, sub, err := s.subscribed(in.SubscriptionArn)
			if err != nil {
				return nil, err
			}
			made := *sub
			if err := made.set(aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue)); err != nil {
				return nil, err
			}
			*sub = made
			return &sns.SetSubscriptionAttributesOutput{}, nil
		},
	}, in)
}

// ListSubscriptions lists the subscriptions of all topics, at most 100 a page.
func (s *Service) ListSubscriptions(ctx context.Context, in *sns.ListSubscriptionsInput, _ ...func(*sns.Options)) (*sns.ListSubscriptionsOutput, error) {
	return door.Call(ctx, s.door, door.Op[sns.ListSubscriptionsInput, sns.ListSubscriptionsOutput]{
		Service: "sns", Action: "ListSubscriptions", Needs: []door.Request{{Action: "sns:ListSubscriptions", Resource: "*"}},
		Do: func(_ context.Context, in *sns.ListSubscriptionsInput) (*sns.ListSubscriptionsOutput, error) {
			var list []types.Subscription
			for _, arn := range slices.Sorted(maps.Keys(s.topics)) {
				list = append(list, s.topics[arn].list()...)
			}
			page, next, err := pageOf(list, in.NextToken)
			return &sns.ListSubscriptionsOutput{Subscriptions: page, NextToken: next}, err
		},
	}, door.Given(in))
}

// list are a topic's subscriptions as the API lists them.
func (t *topic) list() []types.Subscription {
	var list []types.Subscription
	for _, sub := range t.subscriptions {
		arn := sub.arn
		if sub.pending {
			arn = "PendingConfirmation"
		}
		list = append(list, types.Subscription{
			SubscriptionArn: &arn, TopicArn: aws.String(t.arn), Protocol: aws.String(sub.protocol), Endpoint: aws.String(sub.endpoint), Owner: aws.String(strings.Split(t.arn, ":")[4]),
		})
	}
	return list
}

// pageOf is a page of at most 100.
func pageOf[T any](list []T, token *string) ([]T, *string, error) {
	page, next, ok := door.Page(list, token, 100)
	if !ok {
		return nil, nil, invalid("Invalid parameter: NextToken")
	}
	return page, next, nil
}
