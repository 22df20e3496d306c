// Package sns has typed tasks for Amazon SNS.
//
//	notify := sns.Publish{TopicARN: asl.Text(topic), Message: asl.Object{"state": asl.Context.State.Name}}.Task("Notify")
package sns

import "airline/asl"

// Publish sends a message to a topic, a phone number or an endpoint.
type Publish struct {
	TopicARN    asl.Value[string] `json:"TopicArn"` // this, TargetARN or PhoneNumber
	TargetARN   asl.Value[string] `json:"TargetArn"`
	PhoneNumber asl.Value[string]
	// Message is a text, or a document, which Step Functions turns into text. At
	// most 256 KiB.
	Message           any
	Subject           asl.Value[string] // at most 100 characters, ASCII
	MessageStructure  asl.Value[string] // "json" for a message per protocol
	MessageAttributes map[string]Attribute
	// For FIFO topics.
	MessageGroupID         asl.Value[string] `json:"MessageGroupId"`
	MessageDeduplicationID asl.Value[string] `json:"MessageDeduplicationId"`

	// TopicKeyARN is the key that encrypts the topic, for the grants.
	TopicKeyARN string `json:"-"`
}

// Attribute is an attribute of a message.
type Attribute struct {
	DataType    asl.Value[string] // "String", "Number", "String.Array", "Binary"
	StringValue asl.Value[string]
}

// Errors of Publish.
const (
	InternalError     asl.Err[Publish] = "SNS.InternalErrorException"
	InvalidParameter  asl.Err[Publish] = "SNS.InvalidParameterException"
	TopicNotFound     asl.Err[Publish] = "SNS.NotFoundException"
	EndpointDisabled  asl.Err[Publish] = "SNS.EndpointDisabledException"
	AuthorizationFail asl.Err[Publish] = "SNS.AuthorizationErrorException"
	KMSAccessDenied   asl.Err[Publish] = "SNS.KMSAccessDeniedException"
	KMSThrottling     asl.Err[Publish] = "SNS.KMSThrottlingException"
	ServiceError      asl.Err[Publish] = "SNS.AmazonSNSException"
)

// PublishOutput names the message.
type PublishOutput struct {
	MessageID      string `json:"MessageId"`
	SequenceNumber string // FIFO topics only
}

const publish = "arn:aws:states:::sns:publish"

// Task publishes and goes on.
func (p Publish) Task(name string) asl.Task[Publish, PublishOutput] {
	return asl.NewTask[Publish, PublishOutput](name, publish, p).GrantKey(p.TopicKeyARN, "kms:Decrypt", "kms:GenerateDataKey")
}

// WaitForTaskToken publishes a message, which hands on Context.Task.Token, and
// waits until somebody answers with the token; the answer is a Reply.
func WaitForTaskToken[Reply any](p Publish, name string) asl.Task[Publish, Reply] {
	return asl.NewTask[Publish, Reply](name, publish+".waitForTaskToken", p).GrantKey(p.TopicKeyARN, "kms:Decrypt", "kms:GenerateDataKey")
}
