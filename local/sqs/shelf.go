package sqs

import (
	"container/heap"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/asl/sim"
)

// message is a message of a queue.
type message struct {
	id         string
	body       string
	attributes map[string]types.MessageAttributeValue
	sent       time.Time
	visible    time.Time // from then on
	first      time.Time // received
	receives   int
	handle     string // of the last receive
	sender     string
	group      string
	// deduplication and sequence are those of a message of a FIFO queue.
	deduplication, sequence string
	origin                  string     // ARN of the queue whose dead letter it is
	timer                   *sim.Timer // of who waits for it
	stay                    *stay      // in its queue
	slot                    *slot      // among those that are visible, or among the others
}

// stay is the time that a message spends in a queue; without a message when that has left it.
type stay struct {
	m     *message
	since time.Time
}

// slot is a place in one of the shelf's lists; without a message when that has left it.
type slot struct {
	m     *message
	when  time.Time // from then on it is visible
	order uint64    // among those of one moment
	ready bool
}

// shelf holds a queue's messages. What a call does to one message does not take longer the more there are.
type shelf struct {
	stays   []*stay // in order of coming
	ready   []*slot // visible when looked at last, in the order of becoming so
	hidden  hidden
	handles map[string]*message // received ones by their last handle
	size    int
	showing int       // of ready
	sent    time.Time // no message was sent before
	placed  uint64
}

func newShelf() shelf { return shelf{handles: map[string]*message{}} }

// put adds a message, which came now.
func (s *shelf) put(m *message, now time.Time) {
	if s.size == 0 || m.sent.Before(s.sent) {
		s.sent = m.sent
	}
	s.size++
	m.stay = &stay{m, now}
	s.stays = append(s.stays, m.stay)
	s.place(m)
}

// place hides a message until it is visible.
func (s *shelf) place(m *message) {
	s.placed++
	m.slot = &slot{m: m, when: m.visible, order: s.placed}
	heap.Push(&s.hidden, m.slot)
}

// displace takes a message from its list.
func (s *shelf) displace(m *message) {
	if m.slot.ready {
		s.showing--
	}
	m.slot.m = nil
	delete(s.handles, m.handle)
}

// take takes a message off.
func (s *shelf) take(m *message) {
	m.timer.Stop()
	s.displace(m)
	m.stay.m = nil
	s.size--
	for len(s.stays) > 0 && s.stays[0].m == nil {
		s.stays = s.stays[1:]
	}
}

// hide hides a message, which from now on has this handle.
func (s *shelf) hide(m *message, until time.Time, handle string) {
	s.displace(m)
	m.visible, m.handle = until, handle
	s.handles[handle] = m
	s.place(m)
}

// received is the message with that handle; nil when it has another one, or is gone.
func (s *shelf) received(handle string) *message { return s.handles[handle] }

// visible is how many messages are.
func (s *shelf) visible(now time.Time) int {
	for len(s.hidden) > 0 && (s.hidden[0].m == nil || !s.hidden[0].when.After(now)) {
		if next := heap.Pop(&s.hidden).(*slot); next.m != nil {
			next.ready = true
			s.ready = append(s.ready, next)
			s.showing++
		}
	}
	return s.showing
}

// next is the message that is visible for the longest time; nil when none is.
func (s *shelf) next(now time.Time) *message {
	if s.visible(now) == 0 {
		return nil
	}
	for s.ready[0].m == nil {
		s.ready = s.ready[1:]
	}
	return s.ready[0].m
}

// delayed is how many messages have not been visible yet.
func (s *shelf) delayed() int {
	n := 0
	for _, slot := range s.hidden {
		if slot.m != nil && slot.m.receives == 0 {
			n++
		}
	}
	return n
}

// all are the messages in the order of their coming.
func (s *shelf) all() []*message {
	var list []*message
	for _, stay := range s.stays {
		if stay.m != nil {
			list = append(list, stay.m)
		}
	}
	return list
}

// age is how long the oldest message is here: in a dead-letter queue since it was moved there (SQS Developer Guide, "Available
// CloudWatch metrics for Amazon SQS").
func (s *shelf) age(now time.Time) time.Duration {
	if len(s.stays) == 0 {
		return 0
	}
	return now.Sub(s.stays[0].since)
}

// expire takes off what was sent before.
func (s *shelf) expire(before time.Time) {
	if s.size == 0 || !s.sent.Before(before) {
		return
	}
	var earliest time.Time
	for _, m := range s.all() {
		switch {
		case m.sent.Before(before):
			s.take(m)
		case earliest.IsZero() || m.sent.Before(earliest):
			earliest = m.sent
		}
	}
	s.sent = earliest
}

// hidden is a heap of slots by the moment from which their messages are visible.
type hidden []*slot

func (h hidden) Len() int      { return len(h) }
func (h hidden) Swap(a, b int) { h[a], h[b] = h[b], h[a] }
func (h hidden) Less(a, b int) bool {
	return h[a].when.Before(h[b].when) || h[a].when.Equal(h[b].when) && h[a].order < h[b].order
}

// Push adds a slot.
func (h *hidden) Push(x any) { *h = append(*h, x.(*slot)) }

// Pop takes the last slot off.
func (h *hidden) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
