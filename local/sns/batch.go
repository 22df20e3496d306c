package sns

import (
	"context"
	"errors"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// entryID is what the entry of a batch may be called.
var entryID = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

// checkBatch refuses a batch that SNS does not take.
func checkBatch(list []types.PublishBatchRequestEntry) error {
	seen, total := map[string]bool{}, 0
	switch {
	case len(list) == 0:
		return &types.EmptyBatchRequestException{Message: aws.String("The batch request doesn't contain any entries.")}
	case len(list) > 10:
		return &types.TooManyEntriesInBatchRequestException{Message: aws.String("The batch request contains more entries than permissible.")}
	}
	for _, e := range list {
		id := aws.ToString(e.Id)
		switch {
		case id == "":
			return &types.InvalidBatchEntryIdException{Message: aws.String("The Id of a batch entry in the batch request is empty")}
		case len(id) > 80:
			return &types.InvalidBatchEntryIdException{Message: aws.String("The Id of a batch entry in the batch request is too long: " + id)}
		case !entryID.MatchString(id):
			return &types.InvalidBatchEntryIdException{Message: aws.String("The Id of a batch entry in the batch request contains an impermissible character: " + id)}
		case seen[id]:
			return &types.BatchEntryIdsNotDistinctException{Message: aws.String("Two or more batch entries in the request have the same Id.")}
		}
		seen[id] = true
		total += size(&sns.PublishInput{Message: e.Message, MessageAttributes: e.MessageAttributes})
	}
	if total > maxMessageBytes {
		return &types.BatchRequestTooLongException{Message: aws.String("The length of all the messages put together is more than the limit.")}
	}
	return nil
}

// PublishBatch sends up to ten messages to a topic's subscribers, each for itself.
func (s *Service) PublishBatch(ctx context.Context, in *sns.PublishBatchInput, _ ...func(*sns.Options)) (*sns.PublishBatchOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sns.PublishBatchInput, sns.PublishBatchOutput]{
		Service: "sns", Action: "PublishBatch", Needs: []door.Request{{Action: "sns:Publish", Resource: aws.ToString(in.TopicArn)}},
		Do: func(ctx context.Context, in *sns.PublishBatchInput) (*sns.PublishBatchOutput, error) {
			if _, err := s.find(in.TopicArn); err != nil {
				return nil, err
			}
			if err := checkBatch(in.PublishBatchRequestEntries); err != nil {
				return nil, err
			}
			out := &sns.PublishBatchOutput{Successful: []types.PublishBatchResultEntry{}, Failed: []types.BatchResultErrorEntry{}}
			for _, e := range in.PublishBatchRequestEntries {
				sent, err := s.publishEntry(ctx, in.TopicArn, e)
				if err == nil {
					out.Successful = append(out.Successful, types.PublishBatchResultEntry{Id: e.Id, MessageId: sent.MessageId, SequenceNumber: sent.SequenceNumber})
					continue
				}
				failed := types.BatchResultErrorEntry{Id: e.Id, Code: aws.String("InternalError"), Message: aws.String(err.Error())}
				var api smithy.APIError
				if errors.As(err, &api) {
					failed.Code, failed.Message, failed.SenderFault = aws.String(api.ErrorCode()), aws.String(api.ErrorMessage()), api.ErrorFault() != smithy.FaultServer
				}
				out.Failed = append(out.Failed, failed)
			}
			return out, nil
		},
	}, in)
}

// publishEntry sends one message of a batch.
func (s *Service) publishEntry(ctx context.Context, topic *string, e types.PublishBatchRequestEntry) (*sns.PublishOutput, error) {
	return s.Publish(ctx, &sns.PublishInput{TopicArn: topic, Message: e.Message, Subject: e.Subject, MessageStructure: e.MessageStructure, MessageAttributes: e.MessageAttributes,
		MessageGroupId: e.MessageGroupId, MessageDeduplicationId: e.MessageDeduplicationId})
}
