package sns

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"airline/local/door"
)

// deduplication is how long a topic knows the deduplication id of a message (SNS Developer Guide, "Message deduplication for FIFO topics").
const deduplication = 5 * time.Minute

var (
	// fifoName is what a FIFO topic may be called: 256 characters with the suffix.
	fifoName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,251}\.fifo$`)
	// messageID is what the group or the deduplication id of a message may be: alphanumeric characters and punctuation.
	messageID = regexp.MustCompile("^[A-Za-z0-9!-/:-@\\[-`{-~]{1,128}$")
)

// ordered is what a FIFO topic has beside others.
type ordered struct {
	fifo, contentBased bool
	scope              string // FifoThroughputScope: of deduplication ids too; "" where it was not set, which is "Topic"
	numbers            uint64 // sequence numbers given so far
	known              map[string]accepted
	keys               []string // of known, in the order of coming
}

// accepted is a message that a later one with the same deduplication id is taken for.
type accepted struct {
	at           time.Time
	id, sequence string
}

// identify gives the group and the deduplication id of a message, or refuses it (errors as recorded by LocalStack's tests). A group in a
// standard topic is for the fair queues behind it.
func (t *topic) identify(in *sns.PublishInput) (group, id string, err error) {
	for name, value := range map[string]*string{"MessageGroupId": in.MessageGroupId, "MessageDeduplicationId": in.MessageDeduplicationId} {
		if value != nil && !messageID.MatchString(*value) {
			return "", "", invalid("Invalid parameter: " + name + " can only include alphanumeric and punctuation characters. 1 to 128 in length.")
		}
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
		sum := sha256.Sum256([]byte(aws.ToString(in.Message)))
		id = hex.EncodeToString(sum[:])
	}
	return group, id, nil
}

// scoped is a deduplication id with its scope.
func (o *ordered) scoped(group, id string) string {
	if o.scope == "MessageGroup" {
		return group + "\x00" + id
	}
	return id
}

// repeated is the message that one with a deduplication id repeats, if there is one.
func (o *ordered) repeated(group, id string, now time.Time) (accepted, bool) {
	for len(o.keys) > 0 && now.Sub(o.known[o.keys[0]].at) >= deduplication {
		delete(o.known, o.keys[0])
		o.keys = o.keys[1:]
	}
	a, ok := o.known[o.scoped(group, id)]
	return a, ok
}

// number gives a message its sequence number, and remembers its deduplication id.
func (o *ordered) number(n *Notification) {
	o.numbers++
	n.Sequence = fmt.Sprintf("1%019d", 1000*o.numbers) // of 20 digits, as SNS's
	if o.known == nil {
		o.known = map[string]accepted{}
	}
	key := o.scoped(n.Group, n.Deduplication)
	o.known[key] = accepted{n.Time, n.ID, n.Sequence}
	o.keys = append(o.keys, key)
}

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

// isFIFO reports whether the ARN is a FIFO queue's.
func isFIFO(arn string) bool { return strings.HasSuffix(arn, ".fifo") }
