package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/etl"
)

// Undelivered is a message of the queue of what could not be delivered: an event of a rule, a file that was gathered, or a notification.
type Undelivered struct {
	ID   string    `json:"id"`
	Sent time.Time `json:"sent"`
	// Gathered is the queue in which a file waited for others; empty of what was not gathered.
	Gathered string `json:"gathered,omitempty"`
	// Rule and Target are those of an event; empty of others.
	Rule   string `json:"rule,omitempty"`
	Target string `json:"target,omitempty"`
	// Key is the file that an event is about, or that was gathered; empty of a schedule's event.
	Key     string `json:"key,omitempty"`
	Subject string `json:"subject,omitempty"` // of a notification
	// Code and Message say why it was not delivered; SNS and pipes say nothing of that.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	Retries string `json:"retries,omitempty"`

	body, handle string
	input        etl.Event
}

// hidden is how long messages that were read are hidden from others: they come back after it, unless they are sent again.
const hidden = 60 * time.Second

// Undelivered reads the queue until it is empty. What is read is hidden from others for a minute.
func (s *Session) Undelivered(ctx context.Context) iter.Seq2[Undelivered, error] {
	return func(yield func(Undelivered, error) bool) {
		for {
			out, err := s.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
				QueueUrl: &s.Parts.Undelivered.URL, MaxNumberOfMessages: 10, VisibilityTimeout: int32(hidden / time.Second), WaitTimeSeconds: 1,
				MessageAttributeNames: []string{"All"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{
					types.MessageSystemAttributeNameSentTimestamp, types.MessageSystemAttributeNameDeadLetterQueueSourceArn,
				},
			})
			if err != nil {
				yield(Undelivered{}, s.there(err))
				return
			}
			if len(out.Messages) == 0 {
				return
			}
			for _, m := range out.Messages {
				if !yield(read(m), nil) {
					return
				}
			}
		}
	}
}

// read takes a message apart. EventBridge sends the event with attributes that say why (EventBridge User Guide, "Using dead-letter
// queues"); SNS sends the notification as subscribers get it. What was gathered comes as it was, from the queue in which it waited.
func read(m types.Message) Undelivered {
	u := Undelivered{ID: aws.ToString(m.MessageId), body: aws.ToString(m.Body), handle: aws.ToString(m.ReceiptHandle)}
	attribute := func(name string) string { return aws.ToString(m.MessageAttributes[name].StringValue) }
	var sent int64
	if _, err := fmt.Sscan(m.Attributes["SentTimestamp"], &sent); err == nil {
		u.Sent = time.UnixMilli(sent)
	}
	u.Rule, u.Target = after(attribute("RULE_ARN"), "/"), attribute("TARGET_ARN")
	u.Code, u.Message, u.Retries = attribute("ERROR_CODE"), attribute("ERROR_MESSAGE"), attribute("RETRY_ATTEMPTS")
	if source := m.Attributes[string(types.MessageSystemAttributeNameDeadLetterQueueSourceArn)]; source != "" {
		u.Gathered = after(source, ":")
		var batch etl.Batch
		if json.Unmarshal([]byte(u.body), &batch) == nil && len(batch.Files) > 0 {
			u.input = batch.Files[0] // a message is a batch of one
			u.Key = u.input.Key
		}
		return u
	}
	if u.Rule != "" {
		u.input = eventOf(u.body)
		u.Key = u.input.Key
		return u
	}
	var notification struct{ Subject string }
	if json.Unmarshal([]byte(u.body), &notification) == nil {
		u.Subject = notification.Subject
	}
	return u
}

// after is what comes after the last separator.
func after(text, separator string) string { return text[strings.LastIndex(text, separator)+1:] }

// eventOf makes of an event of S3 or CloudTrail what its rule makes of it.
func eventOf(body string) etl.Event {
	var e struct {
		ID     string    `json:"id"`
		Time   time.Time `json:"time"`
		Detail struct {
			Bucket struct{ Name string } `json:"bucket"`
			Object struct {
				Key     string `json:"key"`
				Version string `json:"version-id"`
			} `json:"object"`
			EventTime         time.Time `json:"eventTime"`
			RequestParameters struct {
				Bucket string `json:"bucketName"`
				Key    string `json:"key"`
			} `json:"requestParameters"`
			ResponseElements struct {
				Version string `json:"x-amz-version-id"`
			} `json:"responseElements"`
		} `json:"detail"`
	}
	if json.Unmarshal([]byte(body), &e) != nil {
		return etl.Event{}
	}
	d := e.Detail
	if d.RequestParameters.Key != "" {
		return etl.Event{Bucket: d.RequestParameters.Bucket, Key: d.RequestParameters.Key, Version: d.ResponseElements.Version, Time: d.EventTime, EventID: e.ID}
	}
	return etl.Event{Bucket: d.Bucket.Name, Key: d.Object.Key, Version: d.Object.Version, Time: e.Time, EventID: e.ID}
}

// Redrive sends a message again and takes it out of the queue: an event or a gathered file starts its machine, as its rule would have done,
// and a notification is published again, so that those who got it before get it twice. A message that is sent again twice starts nothing twice.
func (s *Session) Redrive(ctx context.Context, u Undelivered) (what string, err error) {
	switch {
	case u.Rule == "" && u.Gathered == "":
		what, err = s.publishAgain(ctx, u)
	case u.Key != "" || u.Gathered != "":
		what, err = s.startAgain(ctx, u, s.Parts.Loader(etl.DatasetOf(u.Key)).Live, etl.Batch{Files: []etl.Event{u.input}}, "")
	default:
		for _, d := range slices.Backward(s.Names.Datasets()) { // the schedule starts all
			if what, err = s.startAgain(ctx, u, u.Target, etl.ReconcileAll(d), "-"+string(d)); err != nil {
				break
			}
		}
	}
	if err != nil {
		return "", s.Explain(err)
	}
	_, err = s.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &s.Parts.Undelivered.URL, ReceiptHandle: &u.handle})
	return what, s.Explain(err)
}

func (s *Session) startAgain(ctx context.Context, u Undelivered, machine string, input any, suffix string) (string, error) {
	if machine == "" {
		return "", &Failure{fmt.Sprintf("no machine loads %q", u.Key), "Leave the message: it expires after 14 days.", nil}
	}
	text, err := json.Marshal(input)
	if err != nil {
		return "", err
	}
	out, err := s.machines.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &machine, Name: aws.String("redrive-" + u.ID + suffix), Input: aws.String(string(text))})
	if err != nil {
		if codeOf(err) == (&sfntypes.ExecutionAlreadyExists{}).ErrorCode() {
			return "was started before", nil
		}
		return "", s.there(err)
	}
	return aws.ToString(out.ExecutionArn), nil
}

func (s *Session) publishAgain(ctx context.Context, u Undelivered) (string, error) {
	in := &sns.PublishInput{TopicArn: &s.Parts.Topic, Message: &u.body, Subject: some(u.Subject)}
	var notification struct{ Type, Message string }
	if json.Unmarshal([]byte(u.body), &notification) == nil && notification.Type == "Notification" {
		in.Message = &notification.Message
	}
	out, err := s.topics.Publish(ctx, in)
	if err != nil {
		return "", err
	}
	return "published as " + aws.ToString(out.MessageId), nil
}
