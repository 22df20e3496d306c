package sqs

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// ListQueues lists the URLs of the queues whose names begin with the prefix, at most 1000 a page.
func (s *Service) ListQueues(ctx context.Context, in *sqs.ListQueuesInput, _ ...func(*sqs.Options)) (*sqs.ListQueuesOutput, error) {
	return door.Call(ctx, s.door, door.Op[sqs.ListQueuesInput, sqs.ListQueuesOutput]{
		Service: "sqs", Action: "ListQueues", Needs: []door.Request{{Action: "sqs:ListQueues", Resource: "*"}}, Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.ListQueuesInput) (*sqs.ListQueuesOutput, error) {
			var urls []string
			for _, q := range s.queues {
				if strings.HasPrefix(q.name, aws.ToString(in.QueueNamePrefix)) {
					urls = append(urls, q.url)
				}
			}
			page, next, err := pageOf(urls, in.MaxResults, in.NextToken)
			return &sqs.ListQueuesOutput{QueueUrls: page, NextToken: next}, err
		},
	}, door.Given(in))
}

// entryID is what the entry of a batch may be called.
var entryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// entries refuses a batch that SQS does not take.
func entries(ids []*string) error {
	seen := map[string]bool{}
	switch {
	case len(ids) == 0:
		return &types.EmptyBatchRequest{Message: aws.String("There should be at least one entry in the request.")}
	case len(ids) > 10:
		return &types.TooManyEntriesInBatchRequest{Message: aws.String(fmt.Sprintf("Maximum number of entries per request are 10. You have sent %d.", len(ids)))}
	}
	for _, id := range ids {
		if !entryID.MatchString(aws.ToString(id)) {
			return &types.InvalidBatchEntryId{Message: aws.String("A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")}
		}
		if seen[aws.ToString(id)] {
			return &types.BatchEntryIdsNotDistinct{Message: aws.String("Id " + aws.ToString(id) + " repeated.")}
		}
		seen[aws.ToString(id)] = true
	}
	return nil
}

// failed is one entry's error.
func failed(id *string, err error) types.BatchResultErrorEntry {
	var api smithy.APIError
	code, message, sender := "InternalError", err.Error(), false
	if errors.As(err, &api) {
		code, message, sender = api.ErrorCode(), api.ErrorMessage(), api.ErrorFault() != smithy.FaultServer
	}
	return types.BatchResultErrorEntry{Id: id, Code: &code, Message: &message, SenderFault: sender}
}

// SendMessageBatch sends up to ten messages, each for itself.
func (s *Service) SendMessageBatch(ctx context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.SendMessageBatchInput, sqs.SendMessageBatchOutput]{
		Service: "sqs", Action: "SendMessageBatch", Needs: s.needs("SendMessage", in.QueueUrl),
		Do: func(ctx context.Context, in *sqs.SendMessageBatchInput) (*sqs.SendMessageBatchOutput, error) {
			if _, err := s.find(in.QueueUrl); err != nil {
				return nil, err
			}
			var ids []*string
			for _, e := range in.Entries {
				ids = append(ids, e.Id)
			}
			if err := entries(ids); err != nil {
				return nil, err
			}
			out := &sqs.SendMessageBatchOutput{Successful: []types.SendMessageBatchResultEntry{}, Failed: []types.BatchResultErrorEntry{}}
			for _, e := range in.Entries {
				if e.MessageDeduplicationId != nil || e.MessageGroupId != nil || e.MessageSystemAttributes != nil {
					out.Failed = append(out.Failed, failed(e.Id, invalid("InvalidParameterValue", "The local world models no FIFO queues and no message system attributes.")))
					continue
				}
				sent, err := s.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: in.QueueUrl, MessageBody: e.MessageBody, DelaySeconds: e.DelaySeconds, MessageAttributes: e.MessageAttributes})
				if err != nil {
					out.Failed = append(out.Failed, failed(e.Id, err))
					continue
				}
				out.Successful = append(out.Successful, types.SendMessageBatchResultEntry{Id: e.Id, MessageId: sent.MessageId, MD5OfMessageBody: sent.MD5OfMessageBody})
			}
			return out, nil
		},
	}, in)
}

// DeleteMessageBatch deletes up to ten messages, each for itself.
func (s *Service) DeleteMessageBatch(ctx context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.DeleteMessageBatchInput, sqs.DeleteMessageBatchOutput]{
		Service: "sqs", Action: "DeleteMessageBatch", Needs: s.needs("DeleteMessage", in.QueueUrl),
		Do: func(ctx context.Context, in *sqs.DeleteMessageBatchInput) (*sqs.DeleteMessageBatchOutput, error) {
			if _, err := s.find(in.QueueUrl); err != nil {
				return nil, err
			}
			var ids []*string
			for _, e := range in.Entries {
				ids = append(ids, e.Id)
			}
			if err := entries(ids); err != nil {
				return nil, err
			}
			out := &sqs.DeleteMessageBatchOutput{Successful: []types.DeleteMessageBatchResultEntry{}, Failed: []types.BatchResultErrorEntry{}}
			for _, e := range in.Entries {
				if _, err := s.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: in.QueueUrl, ReceiptHandle: e.ReceiptHandle}); err != nil {
					out.Failed = append(out.Failed, failed(e.Id, err))
					continue
				}
				out.Successful = append(out.Successful, types.DeleteMessageBatchResultEntry{Id: e.Id})
			}
			return out, nil
		},
	}, in)
}

// ChangeMessageVisibilityBatch hides up to ten received messages for another while, each for itself.
func (s *Service) ChangeMessageVisibilityBatch(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ChangeMessageVisibilityBatchInput, sqs.ChangeMessageVisibilityBatchOutput]{
		Service: "sqs", Action: "ChangeMessageVisibilityBatch", Needs: s.needs("ChangeMessageVisibility", in.QueueUrl),
		Do: func(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
			if _, err := s.find(in.QueueUrl); err != nil {
				return nil, err
			}
			var ids []*string
			for _, e := range in.Entries {
				ids = append(ids, e.Id)
			}
			if err := entries(ids); err != nil {
				return nil, err
			}
			out := &sqs.ChangeMessageVisibilityBatchOutput{Successful: []types.ChangeMessageVisibilityBatchResultEntry{}, Failed: []types.BatchResultErrorEntry{}}
			for _, e := range in.Entries {
				if _, err := s.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: in.QueueUrl, ReceiptHandle: e.ReceiptHandle, VisibilityTimeout: e.VisibilityTimeout}); err != nil {
					out.Failed = append(out.Failed, failed(e.Id, err))
					continue
				}
				out.Successful = append(out.Successful, types.ChangeMessageVisibilityBatchResultEntry{Id: e.Id})
			}
			return out, nil
		},
	}, in)
}
