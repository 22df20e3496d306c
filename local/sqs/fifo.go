package sqs

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/fifo"
)

// fifoName is what a FIFO queue may be called: 80 characters with the suffix.
var fifoName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,75}\.fifo$`)

// attempt is what a receive with an id of its own has given.
type attempt struct {
	at       time.Time
	messages []*message
	handles  []string
}

// identify gives the group and the deduplication id of a message that is sent, or refuses it. In a standard queue a group is for fair
// queues: it hinders nothing.
func (q *queue) identify(in *sqs.SendMessageInput) (group, id string, err error) {
	if name, value := fifo.Malformed(in.MessageGroupId, in.MessageDeduplicationId); name != "" {
		return "", "", malformed(name, value)
	}
	group, id = aws.ToString(in.MessageGroupId), aws.ToString(in.MessageDeduplicationId)
	switch {
	case !q.fifo && id != "":
		return "", "", unfit(id, "MessageDeduplicationId")
	case !q.fifo:
		return group, "", nil
	case in.DelaySeconds > 0:
		return "", "", unfit(in.DelaySeconds, "DelaySeconds")
	case group == "":
		return "", "", invalid("MissingParameter", "The request must contain the parameter MessageGroupId.")
	case id == "" && !q.contentBased:
		return "", "", invalid("InvalidParameterValue", "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	case id == "":
		id = fifo.ContentID(aws.ToString(in.MessageBody))
	}
	return group, id, nil
}

// malformed refuses an id that cannot be one.
func malformed(name, value string) error {
	return invalid("InvalidParameterValue", fmt.Sprintf("Value %s for parameter %s is invalid. Reason: %[2]s can only include alphanumeric and punctuation characters. 1 to 128 in length.", value, name))
}

// unfit refuses a parameter that the other type of queue has.
func unfit(value any, name string) error {
	return invalid("InvalidParameterValue", fmt.Sprintf("Value %v for parameter %s is invalid. Reason: The request include parameter that is not valid for this queue type.", value, name))
}

// keyOf is what a message is known by.
func (q settings) keyOf(group, id string) fifo.Key {
	if q.scope == "messageGroup" {
		return fifo.Key{Group: group, ID: id}
	}
	return fifo.Key{ID: id}
}

// sequence is the sequence number of an accepted message, of 20 digits as SQS's.
func sequence(a fifo.Accepted) string { return fmt.Sprintf("188%017d", 256*a.Number) }

// inOrder are the messages of a FIFO queue that can be received: of each group those before the first that is hidden, and all of a
// group before those of the next.
func (q *queue) inOrder(now time.Time) []*message {
	hidden, groups := map[string]bool{}, map[string][]*message{}
	var names []string
	for _, m := range q.all() {
		if hidden[m.group] = hidden[m.group] || m.visible.After(now); hidden[m.group] {
			continue
		}
		if groups[m.group] == nil {
			names = append(names, m.group)
		}
		groups[m.group] = append(groups[m.group], m)
	}
	var list []*message
	for _, name := range names {
		list = append(list, groups[name]...)
	}
	return list
}

// receivable are messages that can be received, in their order: all of a FIFO queue, the next of a standard one.
func (q *queue) receivable(now time.Time) []*message {
	if q.fifo {
		return q.inOrder(now)
	}
	if m := q.next(now); m != nil {
		return []*message{m}
	}
	return nil
}

// again is what an earlier attempt to receive of the same id has given, as long as nothing has been done with it.
func (q *queue) again(id *string, now time.Time) []*message {
	a, ok := q.attempts[aws.ToString(id)]
	if !ok || now.Sub(a.at) >= fifo.Interval {
		return nil
	}
	for i, m := range a.messages {
		if m.handle != a.handles[i] || q.received(m.handle) != m || !m.visible.After(now) {
			return nil
		}
	}
	return a.messages
}

// attempted remembers what an attempt of an id has given.
func (q *queue) attempted(id *string, list []*message, now time.Time) {
	if id == nil || len(list) == 0 {
		return
	}
	if q.attempts == nil {
		q.attempts = map[string]attempt{}
	}
	for old, a := range q.attempts {
		if now.Sub(a.at) >= fifo.Interval {
			delete(q.attempts, old)
		}
	}
	a := attempt{at: now, messages: list}
	for _, m := range list {
		a.handles = append(a.handles, m.handle)
	}
	q.attempts[*id] = a
}

// checkAttempt refuses the id of an attempt to receive that cannot be one.
func (q *queue) checkAttempt(id *string) error {
	switch {
	case id == nil:
		return nil
	case !q.fifo:
		return unfit(*id, "ReceiveRequestAttemptId")
	case !fifo.ValidID(*id):
		return malformed("ReceiveRequestAttemptId", *id)
	}
	return nil
}

// attributesOfFIFO are the settings that FIFO queues have beside the others.
func (q settings) attributesOfFIFO() map[string]string {
	return map[string]string{
		"FifoQueue": "true", "ContentBasedDeduplication": strconv.FormatBool(q.contentBased), "DeduplicationScope": q.scope, "FifoThroughputLimit": q.limit,
	}
}

// changeFIFO changes a setting that FIFO queues alone have.
func (q *settings) changeFIFO(name, value string) error {
	bad := func(reason string) error {
		return &types.InvalidAttributeValue{Message: aws.String("Invalid value for the parameter " + name + "." + reason)}
	}
	lower := strings.ToLower(value)
	switch {
	case !q.fifo && (name == "DeduplicationScope" || name == "FifoThroughputLimit"):
		return &types.InvalidAttributeName{Message: aws.String("You can specify the " + name + " only when FifoQueue is set to true.")}
	case !q.fifo:
		return &types.InvalidAttributeName{Message: aws.String("Unknown Attribute " + name + ".")}
	case name == "FifoQueue" && lower != "true":
		return bad(" Reason: Modifying queue type is not supported.")
	case name == "ContentBasedDeduplication" && lower != "true" && lower != "false":
		return bad("")
	case name == "ContentBasedDeduplication":
		q.contentBased = lower == "true"
	case name == "DeduplicationScope" && value != "queue" && value != "messageGroup", name == "FifoThroughputLimit" && value != "perQueue" && value != "perMessageGroupId":
		return bad("")
	case name == "DeduplicationScope":
		q.scope = value
	case name == "FifoThroughputLimit":
		q.limit = value
	}
	return nil
}

// ordered are the defaults of a FIFO queue.
func (q settings) ordered() settings {
	q.fifo, q.scope, q.limit = true, "queue", "perQueue"
	return q
}

// checkFIFO refuses settings that do not go together.
func (q settings) checkFIFO() error {
	if q.limit == "perMessageGroupId" && q.scope != "messageGroup" {
		return &types.InvalidAttributeValue{Message: aws.String("Invalid value for the parameter FifoThroughputLimit. Reason: perMessageGroupId is allowed only when DeduplicationScope is messageGroup.")}
	}
	return nil
}
