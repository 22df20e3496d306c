package sqs

import (
	"context"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// GetQueueUrl finds a queue by its name.
func (s *Service) GetQueueUrl(ctx context.Context, in *sqs.GetQueueUrlInput, _ ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.GetQueueUrlInput, sqs.GetQueueUrlOutput]{
		Service: "sqs", Action: "GetQueueUrl", Takes: []string{"QueueName"}, Needs: s.needs("GetQueueUrl", in.QueueName), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.GetQueueUrlInput) (*sqs.GetQueueUrlOutput, error) {
			for _, q := range s.queues {
				if q.name == aws.ToString(in.QueueName) {
					return &sqs.GetQueueUrlOutput{QueueUrl: aws.String(q.url)}, nil
				}
			}
			return nil, &types.QueueDoesNotExist{Message: aws.String("The specified queue does not exist.")}
		},
	}, in)
}

// GetQueueAttributes tells a queue's settings and how many messages it holds.
func (s *Service) GetQueueAttributes(ctx context.Context, in *sqs.GetQueueAttributesInput, _ ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.GetQueueAttributesInput, sqs.GetQueueAttributesOutput]{
		Service: "sqs", Action: "GetQueueAttributes", Needs: s.needs("GetQueueAttributes", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.GetQueueAttributesInput) (*sqs.GetQueueAttributesOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			all := s.attributes(q)
			out := &sqs.GetQueueAttributesOutput{Attributes: map[string]string{}}
			for name, value := range all {
				if slices.Contains(in.AttributeNames, types.QueueAttributeNameAll) || slices.Contains(in.AttributeNames, types.QueueAttributeName(name)) {
					out.Attributes[name] = value
				}
			}
			for _, name := range in.AttributeNames {
				if _, ok := all[string(name)]; !ok && !slices.Contains(name.Values(), name) {
					return nil, &types.InvalidAttributeName{Message: aws.String("Unknown Attribute " + string(name) + ".")}
				}
			}
			return out, nil
		},
	}, in)
}

func (s *Service) attributes(q *queue) map[string]string {
	visible, delayed := q.visible(s.door.Now()), q.delayed()
	a := q.settings.attributes()
	for name, value := range map[string]string{
		"QueueArn": q.arn, "ApproximateNumberOfMessages": strconv.Itoa(visible),
		"ApproximateNumberOfMessagesDelayed":    strconv.Itoa(delayed),
		"ApproximateNumberOfMessagesNotVisible": strconv.Itoa(q.size - visible - delayed),
		"CreatedTimestamp":                      strconv.FormatInt(q.created.Unix(), 10),
		"LastModifiedTimestamp":                 strconv.FormatInt(q.modified.Unix(), 10),
	} {
		a[name] = value
	}
	return a
}

// PurgeQueue empties a queue.
func (s *Service) PurgeQueue(ctx context.Context, in *sqs.PurgeQueueInput, _ ...func(*sqs.Options)) (*sqs.PurgeQueueOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.PurgeQueueInput, sqs.PurgeQueueOutput]{
		Service: "sqs", Action: "PurgeQueue", Needs: s.needs("PurgeQueue", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.PurgeQueueInput) (*sqs.PurgeQueueOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			for _, m := range q.all() {
				q.take(m)
			}
			s.changed(q)
			return &sqs.PurgeQueueOutput{}, nil
		},
	}, in)
}

func invalid(code, message string) error {
	return &smithy.GenericAPIError{Code: code, Message: message, Fault: smithy.FaultClient}
}
