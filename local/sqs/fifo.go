package sqs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// deduplication is how long SQS knows the deduplication id of a message, and the id of an attempt to receive (SQS Developer Guide, "Exactly-once
// processing in Amazon SQS").
const deduplication = 5 * time.Minute

var (
	// fifoName is what a FIFO queue may be called: 80 characters with the suffix.
	fifoName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,75}\.fifo$`)
	// messageID is what the group or the deduplication id of a message may be: alphanumeric characters and punctuation.
	messageID = regexp.MustCompile("^[A-Za-z0-9!-/:-@\\[-`{-~]{1,128}$")
)

// fifo is what a FIFO queue knows beside its messages.
type fifo struct {
	numbers  uint64 // sequence numbers given so far
	known    map[string]sent
	keys     []string // of known, in the order of coming
	attempts map[string]attempt
}

// sent is a message that a later one with the same deduplication id is taken for.
type sent struct {
	at           time.Time
	id, sequence string
}

// attempt is what a receive with an id of its own has given.
type attempt struct {
	at       time.Time
	messages []*message
	handles  []string
}

// identify gives the group and the deduplication id of a message that is sent, or refuses it. In a standard queue a group is for fair
// queues: it hinders nothing.
func (q *queue) identify(in *sqs.SendMessageInput) (group, id string, err error) {
	for name, value := range map[string]*string{"MessageGroupId": in.MessageGroupId, "MessageDeduplicationId": in.MessageDeduplicationId} {
		if value != nil && !messageID.MatchString(*value) {
			err = invalid("InvalidParameterValue", fmt.Sprintf("Value %s for parameter %s is invalid. Reason: %[2]s can only include alphanumeric and punctuation characters. 1 to 128 in length.", *value, name))
		}
	}
	if err != nil {
		return "", "", err
	}
	wrong := func(value any, name string) error {
		return invalid("InvalidParameterValue", fmt.Sprintf("Value %v for parameter %s is invalid. Reason: The request include parameter that is not valid for this queue type.", value, name))
	}
	group, id = aws.ToString(in.MessageGroupId), aws.ToString(in.MessageDeduplicationId)
	switch {
	case !q.fifo && id != "":
		return "", "", wrong(id, "MessageDeduplicationId")
	case !q.fifo:
		return group, "", nil
	case in.DelaySeconds > 0:
		return "", "", wrong(in.DelaySeconds, "DelaySeconds")
	case group == "":
		return "", "", invalid("MissingParameter", "The request must contain the parameter MessageGroupId.")
	case id == "" && !q.contentBased:
		return "", "", invalid("InvalidParameterValue", "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	case id == "":
		sum := sha256.Sum256([]byte(aws.ToString(in.MessageBody)))
		id = hex.EncodeToString(sum[:])
	}
	return group, id, nil
}

// repeated is the message that one with a deduplication id repeats, if there is one.
func (q *queue) repeated(group, id string, now time.Time) (sent, bool) {
	for len(q.order.keys) > 0 && now.Sub(q.order.known[q.order.keys[0]].at) >= deduplication {
		delete(q.order.known, q.order.keys[0])
		q.order.keys = q.order.keys[1:]
	}
	s, ok := q.order.known[q.scoped(group, id)]
	return s, ok
}

// scoped is a deduplication id with its scope.
func (q *queue) scoped(group, id string) string {
	if q.scope == "messageGroup" {
		return group + "\x00" + id
	}
	return id
}

// number gives a message of a FIFO queue its sequence number, and remembers its deduplication id.
func (q *queue) number(m *message, now time.Time) {
	q.order.numbers++
	m.sequence = fmt.Sprintf("188%017d", 256*q.order.numbers) // of 20 digits, as SQS's
	if q.order.known == nil {
		q.order.known = map[string]sent{}
	}
	key := q.scoped(m.group, m.deduplication)
	q.order.known[key] = sent{now, m.id, m.sequence}
	q.order.keys = append(q.order.keys, key)
}

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
	a, ok := q.order.attempts[aws.ToString(id)]
	if !ok || now.Sub(a.at) >= deduplication {
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
	if q.order.attempts == nil {
		q.order.attempts = map[string]attempt{}
	}
	for old, a := range q.order.attempts {
		if now.Sub(a.at) >= deduplication {
			delete(q.order.attempts, old)
		}
	}
	a := attempt{at: now, messages: list}
	for _, m := range list {
		a.handles = append(a.handles, m.handle)
	}
	q.order.attempts[*id] = a
}

// checkAttempt refuses the id of an attempt to receive that cannot be one.
func (q *queue) checkAttempt(id *string) error {
	switch {
	case id == nil:
		return nil
	case !q.fifo:
		return invalid("InvalidParameterValue", fmt.Sprintf("Value %s for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type.", *id))
	case !messageID.MatchString(*id):
		return invalid("InvalidParameterValue", fmt.Sprintf("Value %s for parameter ReceiveRequestAttemptId is invalid. Reason: ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.", *id))
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
