// Package sqs has typed tasks for Amazon SQS.
//
//	ask := sqs.WaitForTaskToken[Answer](sqs.SendMessage{
//		QueueURL:    asl.Text(url),
//		MessageBody: asl.Object{"token": asl.Context.Task.Token, "question": question},
//	}, "Ask")
package sqs

import "airline/asl"

// SendMessage puts a message into a queue.
type SendMessage struct {
	QueueURL asl.Value[string] `json:"QueueUrl" asl:"required"` // required
	// MessageBody is a text, or a document, which Step Functions turns into text.
	// At most 256 KiB.
	MessageBody       any
	DelaySeconds      asl.Value[int] // at most 900
	MessageAttributes map[string]Attribute
	// For FIFO queues.
	MessageGroupID         asl.Value[string] `json:"MessageGroupId"`
	MessageDeduplicationID asl.Value[string] `json:"MessageDeduplicationId"`

	// QueueARN narrows the grants when the URL is known only at run time.
	QueueARN string `json:"-"`
	// QueueKeyARN is the key that encrypts the queue, for the grants.
	QueueKeyARN string `json:"-"`
}

// Attribute is an attribute of a message.
type Attribute struct {
	DataType    asl.Value[string] // "String", "Number", "Binary"
	StringValue asl.Value[string]
}

// Errors of SendMessage.
const (
	QueueDoesNotExist      asl.Err[SendMessage] = "SQS.QueueDoesNotExistException"
	InvalidMessageContents asl.Err[SendMessage] = "SQS.InvalidMessageContentsException"
	UnsupportedOperation   asl.Err[SendMessage] = "SQS.UnsupportedOperationException"
	ServiceError           asl.Err[SendMessage] = "SQS.AmazonSQSException"
)

// SendMessageOutput names the message.
type SendMessageOutput struct {
	MessageID              string `json:"MessageId"`
	MD5OfMessageBody       string
	MD5OfMessageAttributes string
	SequenceNumber         string // FIFO queues only
}

const sendMessage = "arn:aws:states:::sqs:sendMessage"

// Task sends the message and goes on.
func (p SendMessage) Task(name string) asl.Task[SendMessage, SendMessageOutput] {
	return asl.NewTask[SendMessage, SendMessageOutput](name, sendMessage, p).Narrow(p.QueueARN).GrantKey(p.QueueKeyARN, "kms:Decrypt", "kms:GenerateDataKey")
}

// WaitForTaskToken sends the message, which hands on Context.Task.Token, and
// waits until somebody answers with the token; the answer is a Reply.
func WaitForTaskToken[Reply any](p SendMessage, name string) asl.Task[SendMessage, Reply] {
	return asl.NewTask[SendMessage, Reply](name, sendMessage+".waitForTaskToken", p).Narrow(p.QueueARN).GrantKey(p.QueueKeyARN, "kms:Decrypt", "kms:GenerateDataKey")
}
