package pipes

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

const principal = "pipes.amazonaws.com"

// How a pipe polls (EventBridge User Guide, "Amazon Simple Queue Service as a source").
const (
	// pollers gather at the same time, each a batch of its own: "EventBridge reads up to five batches".
	pollers = 5
	// longPoll is how long a poll waits for a message. A batch is looked at when a poll ends: "EventBridge might wait for up to 20 seconds
	// before invoking your pipe. This is true even if you set a batch window for fewer than 20 seconds".
	longPoll = 20 * time.Second
	// perPoll is how many messages one poll brings at most.
	perPoll = 10
)

// A poll that is refused is tried again with growing pauses. A pipe is stopped when that goes on: AWS does not say after how many times.
const (
	maxRefusals = 10
	firstPause  = longPoll
	maxPause    = 5 * time.Minute
)

// pipe polls a queue.
type pipe struct {
	service        *Service
	name, arn      string
	role           string
	source, target string // ARNs
	url            string
	size           int
	window         time.Duration
	template       *template
	running        bool
	reason         string
	pollers        [pollers]poller
	waking         bool // a poll is about to end with messages
	refusals       int  // polls in a row
}

// poller gathers a batch.
type poller struct {
	batch []*jsonvalue.Object
	bytes int       // of the batch
	first time.Time // the first message came
	timer *sim.Timer
}

// assume takes the pipe's role.
func (p *pipe) assume(ctx context.Context) (context.Context, error) {
	return p.service.door.Assume(ctx, door.Assumption{Role: p.role, Service: principal, SourceARN: p.arn, Session: p.name})
}

// available lets one of the polls that wait end with messages.
func (p *pipe) available() {
	if !p.running || p.waking {
		return
	}
	p.waking = true
	s := p.service
	s.clock.After(20*time.Millisecond+time.Duration(s.door.Rand().Int64N(int64(80*time.Millisecond))), p.poll)
}

// poll lets one of the pollers receive.
func (p *pipe) poll() {
	p.waking = false
	if !p.running {
		return
	}
	s := p.service
	to := &p.pollers[s.door.Rand().IntN(pollers)]
	most := min(perPoll, p.size-len(to.batch))
	ctx, err := p.assume(context.Background())
	var out *sqs.ReceiveMessageOutput
	if err == nil {
		out, err = s.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &p.url, MaxNumberOfMessages: int32(most), WaitTimeSeconds: int32(longPoll / time.Second),
			MessageAttributeNames: []string{"All"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
	}
	if err != nil {
		p.refused(err)
		return
	}
	p.refusals = 0
	s.queues.Measure(p.source)
	for _, m := range out.Messages {
		record := p.record(m)
		size := len(jsonvalue.String(record)) + len(",")
		if len(to.batch) > 0 && to.bytes+size > maxPayload {
			to.hand(p)
		}
		to.add(record, size, s.door.Now())
	}
	switch {
	case len(to.batch) == 0:
	case len(to.batch) >= p.size || p.window == 0:
		to.hand(p)
	default:
		to.wait(p)
	}
	if len(out.Messages) == most {
		p.available()
	}
}

// add puts a record of so many bytes into the batch.
func (to *poller) add(record *jsonvalue.Object, size int, now time.Time) {
	if len(to.batch) == 0 {
		to.first = now
	}
	to.batch, to.bytes = append(to.batch, record), to.bytes+size
}

// wait hands the batch over at the end of the poll in which the window closes. Polls in which nothing comes take their full time.
func (to *poller) wait(p *pipe) {
	s := p.service
	to.timer.Stop()
	open := max(to.first.Add(p.window).Sub(s.door.Now()), 0)
	polls := (open + longPoll - 1) / longPoll
	to.timer = s.clock.After(polls*longPoll, func() {
		s.door.Report(s.door.Meter(door.Usage{Item: "sqs.request", Quantity: float64(polls)}))
		to.hand(p)
	})
}

// hand hands the batch to the target.
func (to *poller) hand(p *pipe) {
	to.timer.Stop()
	e := &execution{pipe: p, batch: to.batch, bytes: to.bytes, began: p.service.door.Now()}
	to.batch, to.bytes = nil, 0
	p.service.clock.After(0, e.attempt)
}

// refused is a poll that did not succeed.
func (p *pipe) refused(err error) {
	s := p.service
	s.queues.Measure(p.source)
	p.refusals++
	if p.refusals >= maxRefusals {
		p.running, p.reason = false, err.Error()
		s.door.Report(fmt.Errorf("the pipe %s has stopped, and messages wait in its queue: %w", p.name, err))
		return
	}
	p.waking = true
	s.clock.After(min(firstPause<<(p.refusals-1), maxPause), p.poll)
}
