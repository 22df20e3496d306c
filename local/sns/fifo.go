package sns

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"airline/local/door"
	"airline/local/fifo"
)

// fifoName is what a FIFO topic may be called: 256 characters with the suffix.
var fifoName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,251}\.fifo$`)

// ordered is what a FIFO topic has beside others.
type ordered struct {
	fifo, contentBased bool
	scope              string // FifoThroughputScope: of deduplication ids too; "" where it was not set, which is "Topic"
	window             fifo.Window
}

// identify gives the group and the deduplication id of a message, or refuses it (errors as recorded by LocalStack's tests). A group in a
// standard topic is for the fair queues behind it.
func (t *topic) identify(in *sns.PublishInput) (group, id string, err error) {
	if name, _ := fifo.Malformed(in.MessageGroupId, in.MessageDeduplicationId); name != "" {
		return "", "", invalid("Invalid parameter: " + name + " can only include alphanumeric and punctuation characters. 1 to 128 in length.")
	}
	group, id = aws.ToString(in.MessageGroupId), aws.ToString(in.MessageDeduplicationId)
	switch {
	case !t.fifo && id != "":
		return "", "", invalid("Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	case !t.fifo:
		return group, "", nil
	case group == "":
		return "", "", invalid("Invalid parameter: The MessageGroupId parameter is required for FIFO topics")
	case id == "" && !t.contentBased:
		return "", "", invalid("Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	case id == "":
		id = fifo.ContentID(aws.ToString(in.Message))
	}
	return group, id, nil
}

// keyOf is what a message is known by.
func (o *ordered) keyOf(group, id string) fifo.Key {
	if o.scope == "MessageGroup" {
		return fifo.Key{Group: group, ID: id}
	}
	return fifo.Key{ID: id}
}

// sequence is the sequence number of an accepted message, of 20 digits as SNS's.
func sequence(a fifo.Accepted) string { return fmt.Sprintf("1%019d", 1000*a.Number) }

// changeFIFO changes a setting that FIFO topics alone have.
func (t *topic) changeFIFO(name, value string) error {
	lower := strings.ToLower(value)
	switch {
	case !t.fifo:
		return invalid("Invalid parameter: " + name + " is for FIFO topics")
	case name == "ArchivePolicy":
		return door.NotModelled("the ArchivePolicy of a topic")
	case name == "FifoThroughputScope" && value != "Topic" && value != "MessageGroup", name == "ContentBasedDeduplication" && lower != "true" && lower != "false":
		return invalid("Invalid parameter: " + name)
	case name == "FifoThroughputScope":
		t.scope = value
	default:
		t.contentBased = lower == "true"
	}
	return nil
}

// delivers refuses a subscription that a topic of its type cannot have.
func (o *ordered) delivers(protocol, endpoint string) error {
	switch {
	case o.fifo && protocol != "sqs":
		return invalid("Invalid parameter: Invalid protocol type: " + protocol + ": a FIFO topic delivers to queues")
	case !o.fifo && protocol == "sqs" && isFIFO(endpoint):
		return invalid("Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
	}
	return nil
}

// isFIFO reports whether the ARN is a FIFO queue's or topic's.
func isFIFO(arn string) bool { return strings.HasSuffix(arn, ".fifo") }
