package sqs

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/door"
)

// SendMessage puts a message into a queue.
func (s *Service) SendMessage(ctx context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.SendMessageInput, sqs.SendMessageOutput]{
		Service: "sqs", Action: "SendMessage", Takes: []string{"QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageGroupId", "MessageDeduplicationId"}, Needs: s.needs("SendMessage", in.QueueUrl), Usage: oneRequest(),
		Do: func(ctx context.Context, in *sqs.SendMessageInput) (*sqs.SendMessageOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			body := aws.ToString(in.MessageBody)
			size := len(body)
			for k, a := range in.MessageAttributes {
				size += len(k) + len(aws.ToString(a.DataType)) + len(aws.ToString(a.StringValue)) + len(a.BinaryValue)
			}
			switch {
			case body == "":
				return nil, invalid("MissingParameter", "The request must contain the parameter MessageBody.")
			case size > q.maxBytes:
				return nil, invalid("InvalidParameterValue", fmt.Sprintf("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.maxBytes))
			case in.DelaySeconds < 0 || in.DelaySeconds > 900:
				return nil, invalid("InvalidParameterValue", "DelaySeconds must be from 0 to 900.")
			}
			group, id, err := q.identify(in)
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, q, "kms:GenerateDataKey", "kms:Decrypt"); err != nil {
				return nil, err
			}
			if q.fifo {
				if before, ok := q.window.Repeated(q.keyOf(group, id), s.door.Now()); ok {
					return &sqs.SendMessageOutput{MessageId: &before.ID, SequenceNumber: aws.String(sequence(before)), MD5OfMessageBody: digest(body)}, nil
				}
			}
			delay := q.delay
			if in.DelaySeconds > 0 {
				delay = time.Duration(in.DelaySeconds) * time.Second
			}
			caller, _ := door.Caller(ctx)
			m := &message{id: s.door.UUID(), body: body, attributes: in.MessageAttributes, sent: s.door.Now(), visible: s.door.Now().Add(delay), sender: caller.String(),
				group: group, deduplication: id}
			out := &sqs.SendMessageOutput{MessageId: &m.id, MD5OfMessageBody: digest(body)}
			if q.fifo {
				m.sequence = sequence(q.window.Accept(q.keyOf(group, id), m.id, m.sent))
				out.SequenceNumber = &m.sequence
			}
			q.put(m, s.door.Now())
			s.appears(q, m)
			s.changed(q)
			return out, nil
		},
	}, in)
}

func (s *Service) useKey(ctx context.Context, q *queue, actions ...string) error {
	switch caller, _ := door.Caller(ctx); {
	case q.key == "":
		return nil
	case q.key == managedKey && caller.Service != "":
		return &types.KmsAccessDenied{Message: aws.String(caller.Service + " may not use " + managedKey + ": encrypt the queue with a key whose policy lets it in")}
	case q.key == managedKey:
		return nil
	}
	return s.keys.Use(ctx, "sqs", q.key, map[string]string{"aws:sqs:arn": q.arn}, actions...)
}

// ReceiveMessage takes up to ten messages that are visible, and hides them for the visibility timeout. It
// does not wait for messages: WaitTimeSeconds has no effect on a world without parallel senders.
func (s *Service) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ReceiveMessageInput, sqs.ReceiveMessageOutput]{
		Service: "sqs", Action: "ReceiveMessage", Takes: []string{"QueueUrl", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds", "AttributeNames", "MessageAttributeNames", "MessageSystemAttributeNames", "ReceiveRequestAttemptId"}, Needs: s.needs("ReceiveMessage", in.QueueUrl), Usage: oneRequest(),
		Do: func(ctx context.Context, in *sqs.ReceiveMessageInput) (*sqs.ReceiveMessageOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			limit := in.MaxNumberOfMessages
			if limit == 0 {
				limit = 1
			}
			if limit < 1 || limit > 10 {
				return nil, invalid("InvalidParameterValue", "MaxNumberOfMessages must be from 1 to 10.")
			}
			hidden := q.visibility
			if in.VisibilityTimeout > 0 {
				hidden = time.Duration(in.VisibilityTimeout) * time.Second
			}
			if err := q.checkAttempt(in.ReceiveRequestAttemptId); err != nil {
				return nil, err
			}
			out := &sqs.ReceiveMessageOutput{}
			now := s.door.Now()
			for _, m := range q.again(in.ReceiveRequestAttemptId, now) { // as before, hidden for the whole timeout
				q.hide(m, now.Add(hidden), m.handle)
				s.appears(q, m)
				out.Messages = append(out.Messages, m.api())
			}
			if len(out.Messages) > 0 {
				return out, nil
			}
			taken, err := s.receive(ctx, q, int(limit), hidden)
			if err != nil {
				return nil, err
			}
			q.attempted(in.ReceiveRequestAttemptId, taken, now)
			for _, m := range taken {
				out.Messages = append(out.Messages, m.api())
			}
			return out, nil
		},
	}, in)
}

// receive takes messages of a queue that can be received, and hides them.
func (s *Service) receive(ctx context.Context, q *queue, limit int, hidden time.Duration) (taken []*message, err error) {
	now := s.door.Now()
	for list := q.receivable(now); len(taken) < limit && len(list) > 0; {
		m := list[0]
		if list = list[1:]; q.maxReceives == 0 || m.receives < q.maxReceives || !s.redrive(q, m) {
			if err := s.useKey(ctx, q, "kms:Decrypt"); err != nil {
				return nil, err
			}
			m.receives++
			if m.receives == 1 {
				m.first = now
			}
			q.hide(m, now.Add(hidden), s.door.UUID())
			s.appears(q, m)
			taken = append(taken, m)
		}
		if !q.fifo {
			list = q.receivable(now)
		}
	}
	return taken, nil
}

// redrive moves a message that was received too often to the dead-letter queue, if that is there.
func (s *Service) redrive(q *queue, m *message) bool {
	dead := s.byARN(&q.deadLetters)
	if dead == nil {
		return false
	}
	m.origin = q.arn
	s.hand(q, dead, m)
	s.changed(q)
	return true
}

// hand puts a message of one queue into another, as if it had never been received.
func (s *Service) hand(from, to *queue, m *message) {
	from.take(m)
	m.visible, m.receives = s.door.Now(), 0
	to.put(m, s.door.Now())
	s.appears(to, m)
	s.changed(to)
}

func (m *message) api() types.Message {
	told := types.Message{
		MessageId: aws.String(m.id), Body: aws.String(m.body), MD5OfBody: digest(m.body), ReceiptHandle: aws.String(m.handle),
		MessageAttributes: m.attributes,
		Attributes: map[string]string{
			"SenderId":                         m.sender,
			"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
			"ApproximateReceiveCount":          strconv.Itoa(m.receives),
			"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.first.UnixMilli(), 10),
		},
	}
	for name, value := range map[string]string{"DeadLetterQueueSourceArn": m.origin, "MessageGroupId": m.group, "MessageDeduplicationId": m.deduplication, "SequenceNumber": m.sequence} {
		if value != "" {
			told.Attributes[name] = value
		}
	}
	return told
}

// DeleteMessage takes a received message out of its queue. A handle that was valid once is no error.
func (s *Service) DeleteMessage(ctx context.Context, in *sqs.DeleteMessageInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.DeleteMessageInput, sqs.DeleteMessageOutput]{
		Service: "sqs", Action: "DeleteMessage", Needs: s.needs("DeleteMessage", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.DeleteMessageInput) (*sqs.DeleteMessageOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			if aws.ToString(in.ReceiptHandle) == "" {
				return nil, &types.ReceiptHandleIsInvalid{Message: aws.String("The receipt handle is not valid.")}
			}
			if m := q.received(*in.ReceiptHandle); m != nil {
				if q.fifo && !m.visible.After(s.door.Now()) {
					return nil, invalid("InvalidParameterValue", "Value "+*in.ReceiptHandle+" for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.")
				}
				q.take(m)
			}
			s.changed(q)
			return &sqs.DeleteMessageOutput{}, nil
		},
	}, in)
}

// ChangeMessageVisibility hides a received message for another while, or shows it again (0).
func (s *Service) ChangeMessageVisibility(ctx context.Context, in *sqs.ChangeMessageVisibilityInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ChangeMessageVisibilityInput, sqs.ChangeMessageVisibilityOutput]{
		Service: "sqs", Action: "ChangeMessageVisibility", Needs: s.needs("ChangeMessageVisibility", in.QueueUrl), Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.ChangeMessageVisibilityInput) (*sqs.ChangeMessageVisibilityOutput, error) {
			q, err := s.find(in.QueueUrl)
			if err != nil {
				return nil, err
			}
			if in.VisibilityTimeout < 0 || in.VisibilityTimeout > 43_200 {
				return nil, invalid("InvalidParameterValue", "VisibilityTimeout must be from 0 to 43200.")
			}
			if m := q.received(aws.ToString(in.ReceiptHandle)); m != nil {
				if !m.visible.After(s.door.Now()) {
					return nil, &types.MessageNotInflight{Message: aws.String("The message referred to is not in flight.")}
				}
				q.hide(m, s.door.Now().Add(time.Duration(in.VisibilityTimeout)*time.Second), m.handle)
				s.appears(q, m)
				return &sqs.ChangeMessageVisibilityOutput{}, nil
			}
			return nil, &types.ReceiptHandleIsInvalid{Message: aws.String("The receipt handle is not valid.")}
		},
	}, in)
}

func oneRequest() []door.Usage { return []door.Usage{{Item: "sqs.request", Quantity: 1}} }

func digest(s string) *string {
	sum := md5.Sum([]byte(s))
	return aws.String(hex.EncodeToString(sum[:]))
}
