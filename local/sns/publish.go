package sns

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/door"
)

const (
	maxMessageBytes = 262_144 // message and attributes (Amazon SNS quotas)
	maxSubject      = 100     // characters
	billedBytes     = 64 << 10
	managedKey      = "alias/aws/sns"
	// maxQueueAttributes is how many attributes SQS takes. With raw delivery SNS throws a message with more away (SNS Developer Guide, "Amazon
	// SNS raw message delivery").
	maxQueueAttributes = 10
	deliveryTimestamp  = "2006-01-02T15:04:05.000Z"
)

// Publish sends a message to a topic's subscribers.
func (s *Service) Publish(ctx context.Context, in *sns.PublishInput, _ ...func(*sns.Options)) (*sns.PublishOutput, error) {
	in = door.Given(in)
	target := in.TopicArn
	if target == nil {
		target = in.TargetArn
	}
	size := size(in)
	return door.Call(ctx, s.door, door.Op[sns.PublishInput, sns.PublishOutput]{
		Service: "sns", Action: "Publish", Takes: []string{"TopicArn", "TargetArn", "Message", "Subject", "MessageAttributes", "MessageStructure", "MessageGroupId", "MessageDeduplicationId"},
		Needs:   []door.Request{{Action: "sns:Publish", Resource: aws.ToString(target)}},
		Usage:   []door.Usage{{Item: "sns.publish", Quantity: float64(size/billedBytes + 1)}},
		Latency: 30 * time.Millisecond,
		Do: func(ctx context.Context, in *sns.PublishInput) (*sns.PublishOutput, error) {
			t := s.topics[aws.ToString(target)]
			if t == nil {
				return nil, &types.NotFoundException{Message: aws.String("Topic does not exist")}
			}
			texts, err := check(in, size)
			if err != nil {
				return nil, err
			}
			group, id, err := t.identify(in)
			if err != nil {
				return nil, err
			}
			if t.fifo {
				if before, ok := t.window.Repeated(t.keyOf(group, id), s.door.Now()); ok {
					return &sns.PublishOutput{MessageId: &before.ID, SequenceNumber: aws.String(sequence(before))}, nil
				}
			}
			caller, _ := door.Caller(ctx)
			n := Notification{
				Time: s.door.Now(), ID: s.door.UUID(), Topic: t.arn, Subject: aws.ToString(in.Subject), Message: texts["default"],
				Attributes: in.MessageAttributes, Publisher: caller.String(),
				Group: group, Deduplication: id,
			}
			switch {
			case t.key == managedKey && caller.Service != "":
				// The key's policy lets no service in, and nobody is told.
				n.Dropped = caller.Service + " may not use " + managedKey + ": encrypt the topic with a key whose policy lets it in"
			case t.key != "" && t.key != managedKey:
				if err := s.keys.Use(ctx, "sns", t.key, map[string]string{"aws:sns:topicArn": t.arn}, "kms:GenerateDataKey", "kms:Decrypt"); err != nil {
					return nil, err
				}
			}
			out := &sns.PublishOutput{MessageId: &n.ID}
			if t.fifo {
				n.Sequence = sequence(t.window.Accept(t.keyOf(group, id), n.ID, n.Time))
				out.SequenceNumber = &n.Sequence
			}
			if n.Dropped == "" {
				if n.Deliveries, err = s.deliver(ctx, t, n, texts); err != nil {
					return nil, err
				}
			}
			s.notifications = append(s.notifications, n)
			for _, f := range s.observers {
				f(n)
			}
			return out, nil
		},
	}, in)
}

func size(in *sns.PublishInput) int {
	n := len(aws.ToString(in.Message))
	for k, a := range in.MessageAttributes {
		n += len(k) + len(aws.ToString(a.DataType)) + len(aws.ToString(a.StringValue)) + len(a.BinaryValue)
	}
	return n
}

// check validates a message and gives its text by protocol; "default" is for those not named.
func check(in *sns.PublishInput, size int) (map[string]string, error) {
	message := aws.ToString(in.Message)
	switch {
	case message == "":
		return nil, invalid("Invalid parameter: Empty message")
	case size > maxMessageBytes:
		return nil, invalid("Invalid parameter: Message too long")
	case !utf8.ValidString(message):
		return nil, invalid("Invalid parameter: Message is not UTF-8")
	}
	if s := in.Subject; s != nil {
		if *s == "" || utf8.RuneCountInString(*s) > maxSubject || strings.ContainsFunc(*s, unicode.IsControl) {
			return nil, invalid("Invalid parameter: Subject")
		}
	}
	for name, a := range in.MessageAttributes {
		kind, _, _ := strings.Cut(aws.ToString(a.DataType), ".")
		switch {
		case kind != "String" && kind != "Number" && kind != "Binary":
			return nil, &types.InvalidParameterValueException{Message: aws.String("The message attribute '" + name + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.")}
		case kind != "Binary" && aws.ToString(a.StringValue) == "", kind == "Binary" && len(a.BinaryValue) == 0:
			return nil, &types.InvalidParameterValueException{Message: aws.String("The message attribute '" + name + "' must contain non-empty message attribute value for message attribute type '" + kind + "'.")}
		}
	}
	switch structure := aws.ToString(in.MessageStructure); structure {
	case "":
		return map[string]string{"default": message}, nil
	case "json":
		var byProtocol map[string]any
		if err := json.Unmarshal([]byte(message), &byProtocol); err != nil {
			return nil, invalid("Invalid parameter: Message Structure - JSON message body failed to parse")
		}
		texts := map[string]string{}
		for k, v := range byProtocol {
			if text, ok := v.(string); ok {
				texts[k] = text
			}
		}
		if _, ok := texts["default"]; !ok {
			return nil, invalid("Invalid parameter: Message Structure - No default entry in JSON message body")
		}
		return texts, nil
	default:
		return nil, invalid("Invalid parameter: MessageStructure")
	}
}

func invalid(message string) error {
	return &types.InvalidParameterException{Message: aws.String(message)}
}

// deliver hands a message to every subscription. What goes wrong at one is recorded with it, and no error for
// the publisher, as in AWS.
func (s *Service) deliver(ctx context.Context, t *topic, n Notification, texts map[string]string) ([]Delivery, error) {
	account := strings.Split(t.arn, ":")[4]
	asTopic := door.As(ctx, door.Principal{Service: "sns.amazonaws.com", SourceARN: t.arn, Account: account})
	var all []Delivery
	for _, sub := range t.subscriptions {
		d := Delivery{Protocol: sub.protocol, Endpoint: sub.endpoint}
		text, ok := texts[sub.protocol]
		if !ok {
			text = texts["default"]
		}
		d.Body = text
		if sub.pending || !sub.filter.takes(n, text) {
			continue
		}
		if sub.protocol != "email" && sub.protocol != "sms" && !sub.raw {
			d.Body = envelope(t, n, text)
		}
		switch url, ours := s.queues.URL(sub.endpoint); {
		case sub.protocol == "sqs" && sub.raw && len(n.Attributes) > maxQueueAttributes:
			d.Err = fmt.Errorf("a message with more than %d attributes is not delivered raw", maxQueueAttributes)
			all = append(all, d)
			continue // nor to the dead-letter queue, which takes no more
		case sub.protocol == "sqs" && ours:
			sub.here = true
			_, d.Err = s.queues.SendMessage(asTopic, sub.message(sub.endpoint, url, d.Body, n))
		case sub.here:
			d.Err = fmt.Errorf("the queue %s does not exist", sub.endpoint)
		case strings.HasPrefix(sub.protocol, "email"):
			if err := s.door.Meter(door.Usage{Item: "sns.email", Quantity: 1}); err != nil {
				return nil, err
			}
		}
		if d.Err != nil && sub.dead != "" {
			if url, ours := s.queues.URL(sub.dead); !ours {
				d.Err = fmt.Errorf("%w; and %s is no queue of the stack", d.Err, sub.dead)
			} else if _, err := s.queues.SendMessage(asTopic, sub.message(sub.dead, url, d.Body, n)); err != nil {
				d.Err = fmt.Errorf("%w; nor does %s take it: %w", d.Err, sub.dead, err)
			}
		}
		all = append(all, d)
	}
	return all, nil
}

// message is what a queue gets: with raw delivery also the attributes (SNS Developer Guide, "Amazon SNS raw message delivery"). The
// group of a FIFO topic's message is for FIFO queues alone (recorded by LocalStack's tests).
func (sub *subscription) message(arn, url, body string, n Notification) *sqs.SendMessageInput {
	in := &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body}
	if n.Group != "" && (n.Sequence == "" || isFIFO(arn)) {
		in.MessageGroupId = &n.Group
	}
	if isFIFO(arn) {
		in.MessageDeduplicationId = &n.Deduplication
	}
	if !sub.raw {
		return in
	}
	for name, a := range n.Attributes {
		if in.MessageAttributes == nil {
			in.MessageAttributes = map[string]sqstypes.MessageAttributeValue{}
		}
		in.MessageAttributes[name] = sqstypes.MessageAttributeValue{DataType: a.DataType, StringValue: a.StringValue, BinaryValue: a.BinaryValue}
	}
	return in
}

// envelope is the JSON that queues and webhooks receive around a message.
func envelope(t *topic, n Notification, text string) string {
	body := struct {
		Type              string
		MessageID         string `json:"MessageId"`
		SequenceNumber    string `json:",omitempty"`
		TopicARN          string `json:"TopicArn"`
		Subject           string `json:",omitempty"`
		Message           string
		Timestamp         string
		MessageAttributes map[string]attribute `json:",omitempty"`
	}{"Notification", n.ID, n.Sequence, t.arn, n.Subject, text, n.Time.UTC().Format(deliveryTimestamp), nil}
	for name, a := range n.Attributes {
		if body.MessageAttributes == nil {
			body.MessageAttributes = map[string]attribute{}
		}
		value := aws.ToString(a.StringValue)
		if strings.HasPrefix(aws.ToString(a.DataType), "Binary") {
			value = base64.StdEncoding.EncodeToString(a.BinaryValue)
		}
		body.MessageAttributes[name] = attribute{aws.ToString(a.DataType), value}
	}
	data, err := json.Marshal(body)
	if err != nil { // strings always marshal
		return text
	}
	return string(data)
}

type attribute struct{ Type, Value string }
