package sqs

import (
	"context"
	"errors"
	"slices"
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
			slices.Sort(urls)
			n := 1000
			if in.MaxResults != nil {
				if n = int(*in.MaxResults); n < 1 || n > 1000 {
					return nil, invalid("InvalidParameterValue", "MaxResults must be from 1 to 1000.")
				}
			}
			page, next, ok := door.Page(urls, in.NextToken, n)
			if !ok {
				return nil, invalid("InvalidParameterValue", "Invalid or expired next token.")
			}
			if in.MaxResults == nil {
				next = nil // The API reference: the token is null without MaxResults in the request.
			}
			return &sqs.ListQueuesOutput{QueueUrls: page, NextToken: next}, nil
		},
	}, door.Given(in))
}

// entries refuses a batch that SQS does not take.
func entries(ids []*string) error {
	seen := map[string]bool{}
	switch {
	case len(ids) == 0:
		return &types.EmptyBatchRequest{Message: aws.String("There should be at least one entry in the request.")}
	case len(ids) > 10:
		return &types.TooManyEntriesInBatchRequest{Message: aws.String("Maximum number of entries per request are 10.")}
	}
	for _, id := range ids {
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
