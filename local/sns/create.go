package sns

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
)

// topicName is what a standard topic may be called.
var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// CreateTopic makes a standard or FIFO topic. The topic that is there already is the answer when it has all attributes and tags of the call.
func (s *Service) CreateTopic(ctx context.Context, in *sns.CreateTopicInput, _ ...func(*sns.Options)) (*sns.CreateTopicOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.Name)
	arn := s.arn("sns", name)
	needs := []door.Request{{Action: "sns:CreateTopic", Resource: arn}}
	if len(in.Tags) > 0 {
		needs = append(needs, door.Request{Action: "sns:TagResource", Resource: arn})
	}
	return door.Call(ctx, s.door, door.Op[sns.CreateTopicInput, sns.CreateTopicOutput]{
		Service: "sns", Action: "CreateTopic", Takes: []string{"Name", "Attributes", "Tags"}, Needs: needs,
		Do: func(_ context.Context, in *sns.CreateTopicInput) (*sns.CreateTopicOutput, error) {
			attributes := maps.Clone(in.Attributes)
			fifo := strings.EqualFold(attributes["FifoTopic"], "true")
			if fifo && !fifoName.MatchString(name) || !fifo && !topicName.MatchString(name) {
				return nil, invalid("Invalid parameter: Topic Name")
			}
			delete(attributes, "FifoTopic")
			old := s.topics[arn]
			made := topic{name: name, arn: arn, ordered: ordered{fifo: fifo}}
			if old != nil {
				made = *old
			}
			for _, a := range slices.Sorted(maps.Keys(attributes)) {
				if err := made.set(a, attributes[a]); err != nil {
					return nil, inAttributes(err)
				}
			}
			tags, err := withTags(nil, in.Tags)
			if err != nil {
				return nil, err
			}
			if old != nil {
				was, is := old.attributes(), made.attributes()
				for a := range attributes {
					if was[a] != is[a] {
						return nil, invalid("Invalid parameter: Attributes Reason: Topic already exists with different attributes")
					}
				}
				for key, value := range tags {
					if has, ok := old.tags[key]; !ok || has != value {
						return nil, invalid("Invalid parameter: Tags Reason: Topic already exists with different tags")
					}
				}
				return &sns.CreateTopicOutput{TopicArn: &old.arn}, nil
			}
			made.tags = tags
			s.topics[arn] = &made
			return &sns.CreateTopicOutput{TopicArn: &arn}, s.govern(&made)
		},
	}, in)
}

// DeleteTopic deletes a topic with its subscriptions; one that is not there is no error.
func (s *Service) DeleteTopic(ctx context.Context, in *sns.DeleteTopicInput, _ ...func(*sns.Options)) (*sns.DeleteTopicOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.DeleteTopicInput, sns.DeleteTopicOutput]{
		Service: "sns", Action: "DeleteTopic", Needs: []door.Request{{Action: "sns:DeleteTopic", Resource: aws.ToString(in.TopicArn)}},
		Do: func(_ context.Context, in *sns.DeleteTopicInput) (*sns.DeleteTopicOutput, error) {
			if err := checkARN("TopicArn", in.TopicArn, 6); err != nil {
				return nil, err
			}
			if t := s.topics[*in.TopicArn]; t != nil {
				delete(s.topics, t.arn)
				s.directory.ClearResourcePolicy(t.arn)
			}
			return &sns.DeleteTopicOutput{}, nil
		},
	}, in)
}

// SetTopicAttributes changes one setting of a topic.
func (s *Service) SetTopicAttributes(ctx context.Context, in *sns.SetTopicAttributesInput, _ ...func(*sns.Options)) (*sns.SetTopicAttributesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.SetTopicAttributesInput, sns.SetTopicAttributesOutput]{
		Service: "sns", Action: "SetTopicAttributes", Needs: []door.Request{{Action: "sns:SetTopicAttributes", Resource: aws.ToString(in.TopicArn)}},
		Do: func(_ context.Context, in *sns.SetTopicAttributesInput) (*sns.SetTopicAttributesOutput, error) {
			t, err := s.find(in.TopicArn)
			if err != nil {
				return nil, err
			}
			made := *t
			if err := made.set(aws.ToString(in.AttributeName), aws.ToString(in.AttributeValue)); err != nil {
				return nil, err
			}
			*t = made
			return &sns.SetTopicAttributesOutput{}, s.govern(t)
		},
	}, in)
}

// find is the topic of an ARN.
func (s *Service) find(arn *string) (*topic, error) {
	if err := checkARN("TopicArn", arn, 6); err != nil {
		return nil, err
	}
	t := s.topics[*arn]
	if t == nil {
		return nil, &types.NotFoundException{Message: aws.String("Topic does not exist")}
	}
	return t, nil
}

// checkARN refuses what is no ARN of so many parts.
func checkARN(parameter string, arn *string, parts int) error {
	if aws.ToString(arn) == "" {
		return invalid("Invalid parameter: " + parameter + " Reason: no value for required parameter")
	}
	if n := len(strings.Split(*arn, ":")); n < parts {
		return invalid(fmt.Sprintf("Invalid parameter: %s Reason: An ARN must have at least 6 elements, not %d", parameter, n))
	}
	return nil
}

// govern gives a topic its policy.
func (s *Service) govern(t *topic) error {
	if t.policy == "" {
		s.directory.ClearResourcePolicy(t.arn)
		return nil
	}
	p, err := iam.Read(policies.Resource, t.policy)
	if err == nil {
		s.directory.SetResourcePolicy(t.arn, policies.Named{Name: "policy of the topic " + t.name, Policy: p})
	}
	return err
}

// maxDisplayName is how many characters a display name has (API reference, CreateTopic).
const maxDisplayName = 100

// feedback are settings of delivery status logs and of other protocols.
var feedback = regexp.MustCompile(`^(HTTP|Firehose|Lambda|Application|SQS)(Success|Failure)Feedback(RoleArn|SampleRate)$`)

// set changes one of the topic's attributes.
func (t *topic) set(name, value string) error {
	switch name {
	case "DisplayName":
		if utf8.RuneCountInString(value) > maxDisplayName {
			return invalid("Invalid parameter: DisplayName")
		}
		t.display = value
	case "KmsMasterKeyId":
		t.key = value
	case "Policy":
		if value != "" {
			if _, err := iam.Read(policies.Resource, value); err != nil {
				return invalid("Invalid parameter: Policy Error: " + err.Error())
			}
		}
		t.policy = value
	case "DeliveryPolicy": // it is about HTTP
		if value != "" && !json.Valid([]byte(value)) {
			return invalid("Invalid parameter: DeliveryPolicy: failed to parse JSON.")
		}
		t.delivery = value
	case "SignatureVersion":
		if value != "1" && value != "2" {
			return invalid("Invalid parameter: SignatureVersion")
		}
		t.signature = value
	case "TracingConfig":
		switch value {
		case "PassThrough":
			t.tracing = value
		case "Active":
			return door.NotModelled("the TracingConfig Active of a topic")
		default:
			return invalid("Invalid parameter: TracingConfig")
		}
	case "ArchivePolicy", "ContentBasedDeduplication", "FifoThroughputScope":
		return t.changeFIFO(name, value)
	default:
		if feedback.MatchString(name) {
			return door.NotModelled("the attribute " + name + " of a topic")
		}
		return invalid("Invalid parameter: AttributeName")
	}
	return nil
}

// attributes are a topic's settings as GetTopicAttributes tells them.
func (t *topic) attributes() map[string]string {
	account := strings.Split(t.arn, ":")[4]
	pending := 0
	for _, sub := range t.subscriptions {
		if sub.pending {
			pending++
		}
	}
	a := map[string]string{
		"TopicArn": t.arn, "Owner": account, "DisplayName": t.display, "SubscriptionsConfirmed": strconv.Itoa(len(t.subscriptions) - pending),
		"SubscriptionsPending": strconv.Itoa(pending), "SubscriptionsDeleted": "0", "EffectiveDeliveryPolicy": effectiveDelivery,
		"Policy": t.policy,
	}
	if t.policy == "" { // AWS's
		a["Policy"] = fmt.Sprintf(`{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},`+
			`"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",`+
			`"SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"%s","Condition":{"StringEquals":{"AWS:SourceOwner":"%s"}}}]}`, t.arn, account)
	}
	for name, value := range map[string]string{"KmsMasterKeyId": t.key, "DeliveryPolicy": t.delivery, "SignatureVersion": t.signature, "TracingConfig": t.tracing, "FifoThroughputScope": t.scope} {
		if value != "" {
			a[name] = value
		}
	}
	if t.fifo {
		a["FifoTopic"], a["ContentBasedDeduplication"] = "true", strconv.FormatBool(t.contentBased)
	}
	if t.delivery != "" {
		a["EffectiveDeliveryPolicy"] = t.delivery
	}
	return a
}

// effectiveDelivery is how HTTP subscriptions are tried without a policy (recorded).
const effectiveDelivery = `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,` +
	`"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`

// inAttributes is the refusal of an attribute where it comes with others.
func inAttributes(err error) error {
	if bad, ok := err.(*types.InvalidParameterException); ok {
		return invalid("Invalid parameter: Attributes Reason: " + strings.TrimPrefix(aws.ToString(bad.Message), "Invalid parameter: "))
	}
	return err
}
