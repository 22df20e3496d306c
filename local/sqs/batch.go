package sqs

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

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

// batch makes a call for every entry, each for itself, and gives the results and the failures.
func batch[E, R any](s *Service, url *string, list []E, id func(E) *string, one func(E) (R, error)) ([]R, []types.BatchResultErrorEntry, error) {
	if _, err := s.find(url); err != nil {
		return nil, nil, err
	}
	var ids []*string
	for _, e := range list {
		ids = append(ids, id(e))
	}
	if err := entries(ids); err != nil {
		return nil, nil, err
	}
	done, refused := []R{}, []types.BatchResultErrorEntry{}
	for _, e := range list {
		if r, err := one(e); err != nil {
			refused = append(refused, failed(id(e), err))
		} else {
			done = append(done, r)
		}
	}
	return done, refused, nil
}

// SendMessageBatch sends up to ten messages, each for itself.
func (s *Service) SendMessageBatch(ctx context.Context, in *sqs.SendMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.SendMessageBatchInput, sqs.SendMessageBatchOutput]{
		Service: "sqs", Action: "SendMessageBatch", Needs: s.needs("SendMessage", in.QueueUrl),
		Do: func(ctx context.Context, in *sqs.SendMessageBatchInput) (*sqs.SendMessageBatchOutput, error) {
			done, refused, err := batch(s, in.QueueUrl, in.Entries, func(e types.SendMessageBatchRequestEntry) *string { return e.Id },
				func(e types.SendMessageBatchRequestEntry) (r types.SendMessageBatchResultEntry, err error) {
					if e.MessageSystemAttributes != nil {
						return r, invalid("InvalidParameterValue", "The local world models no message system attributes.")
					}
					sent, err := s.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: in.QueueUrl, MessageBody: e.MessageBody, DelaySeconds: e.DelaySeconds, MessageAttributes: e.MessageAttributes,
						MessageGroupId: e.MessageGroupId, MessageDeduplicationId: e.MessageDeduplicationId})
					if err != nil {
						return r, err
					}
					return types.SendMessageBatchResultEntry{Id: e.Id, MessageId: sent.MessageId, MD5OfMessageBody: sent.MD5OfMessageBody, SequenceNumber: sent.SequenceNumber}, nil
				})
			return &sqs.SendMessageBatchOutput{Successful: done, Failed: refused}, err
		},
	}, in)
}

// DeleteMessageBatch deletes up to ten messages, each for itself.
func (s *Service) DeleteMessageBatch(ctx context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.DeleteMessageBatchInput, sqs.DeleteMessageBatchOutput]{
		Service: "sqs", Action: "DeleteMessageBatch", Needs: s.needs("DeleteMessage", in.QueueUrl),
		Do: func(ctx context.Context, in *sqs.DeleteMessageBatchInput) (*sqs.DeleteMessageBatchOutput, error) {
			done, refused, err := batch(s, in.QueueUrl, in.Entries, func(e types.DeleteMessageBatchRequestEntry) *string { return e.Id },
				func(e types.DeleteMessageBatchRequestEntry) (r types.DeleteMessageBatchResultEntry, err error) {
					_, err = s.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: in.QueueUrl, ReceiptHandle: e.ReceiptHandle})
					return types.DeleteMessageBatchResultEntry{Id: e.Id}, err
				})
			return &sqs.DeleteMessageBatchOutput{Successful: done, Failed: refused}, err
		},
	}, in)
}

// ChangeMessageVisibilityBatch hides up to ten received messages for another while, each for itself.
func (s *Service) ChangeMessageVisibilityBatch(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ChangeMessageVisibilityBatchInput, sqs.ChangeMessageVisibilityBatchOutput]{
		Service: "sqs", Action: "ChangeMessageVisibilityBatch", Needs: s.needs("ChangeMessageVisibility", in.QueueUrl),
		Do: func(ctx context.Context, in *sqs.ChangeMessageVisibilityBatchInput) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
			done, refused, err := batch(s, in.QueueUrl, in.Entries, func(e types.ChangeMessageVisibilityBatchRequestEntry) *string { return e.Id },
				func(e types.ChangeMessageVisibilityBatchRequestEntry) (r types.ChangeMessageVisibilityBatchResultEntry, err error) {
					_, err = s.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: in.QueueUrl, ReceiptHandle: e.ReceiptHandle, VisibilityTimeout: e.VisibilityTimeout})
					return types.ChangeMessageVisibilityBatchResultEntry{Id: e.Id}, err
				})
			return &sqs.ChangeMessageVisibilityBatchOutput{Successful: done, Failed: refused}, err
		},
	}, in)
}
