// Package fifo is what the FIFO queues of SQS and the FIFO topics of SNS have in common: the ids of messages, and the five minutes in
// which a message is taken for an earlier one of the same deduplication id.
//
//	var w fifo.Window
//	before, repeated := w.Repeated(key, now)
//	accepted := w.Accept(key, messageID, now)
package fifo

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"time"
)

// Interval is how long the deduplication id of a message is known, and in SQS the id of an attempt to receive (SQS Developer Guide,
// "Exactly-once processing in Amazon SQS"; SNS Developer Guide, "Message deduplication for FIFO topics").
const Interval = 5 * time.Minute

// id is what the id of a group, of a deduplication or of an attempt may be: alphanumeric characters and punctuation.
var id = regexp.MustCompile("^[A-Za-z0-9!-/:-@\\[-`{-~]{1,128}$")

// ValidID reports whether a text can be the id of a group, of a deduplication or of an attempt to receive.
func ValidID(text string) bool { return id.MatchString(text) }

// Malformed names the first member of a message, MessageGroupId or MessageDeduplicationId, that is given and cannot be one, and tells its
// value. The name is "" where there is none.
func Malformed(group, deduplication *string) (name, value string) {
	switch {
	case group != nil && !ValidID(*group):
		return "MessageGroupId", *group
	case deduplication != nil && !ValidID(*deduplication):
		return "MessageDeduplicationId", *deduplication
	}
	return "", ""
}

// ContentID is the deduplication id of a message that has none, by its body.
func ContentID(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Key is what messages are equal by: the deduplication id, and the group where ids are of a group. Elsewhere the group is "".
type Key struct{ Group, ID string }

// Accepted is a message that a later one of the same key is taken for.
type Accepted struct {
	ID     string // of the message
	Number uint64 // 1 for the first that was accepted, and so on; sequence numbers come of it
	at     time.Time
}

// Window knows the messages that were accepted within the last five minutes. The zero value is ready.
type Window struct {
	count uint64
	known map[Key]Accepted
	keys  []Key // of known, in the order of coming
}

// Repeated is the message that one with a key repeats, if there is one.
func (w *Window) Repeated(k Key, now time.Time) (Accepted, bool) {
	for len(w.keys) > 0 && now.Sub(w.known[w.keys[0]].at) >= Interval {
		delete(w.known, w.keys[0])
		w.keys = w.keys[1:]
	}
	a, ok := w.known[k]
	return a, ok
}

// Accept numbers a message that repeats none, and remembers its key.
func (w *Window) Accept(k Key, id string, now time.Time) Accepted {
	if w.known == nil {
		w.known = map[Key]Accepted{}
	}
	w.count++
	a := Accepted{ID: id, Number: w.count, at: now}
	w.known[k], w.keys = a, append(w.keys, k)
	return a
}
