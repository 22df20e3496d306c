// Package events is Amazon EventBridge's default bus and AWS CloudTrail's data events in the local world: a
// call on S3 becomes an event as the deployed trail or bucket notification says, rules match it, targets get
// what the input transformer makes of it, with retries and a dead-letter queue behind them.
package events

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
	"airline/local/s3"
)

// Machines, Queues and Topics are what targets and dead-letter queues need of their services.
type (
	Machines interface {
		StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error)
	}
	Queues interface {
		SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	}
	Topics interface {
		Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
	}
)

// Service is the default event bus with its rules.
type Service struct {
	door     *door.Door
	clock    *sim.Clock
	place    s3.Place
	machines Machines
	queues   Queues
	topics   Topics
	rules    []*rule // by name
	trails   []*Trail
	buckets  Buckets
	twice    bool
	dropped  []Failure
	onEvent  []func(Delivery)
	onLoss   []func(Failure)
	onRole   func(arn string) error

	scheduled int // timers of scheduled rules
}

// Options are what a scenario may choose.
type Options struct {
	// Twice delivers every event of an AWS service two times, as at-least-once delivery allows.
	Twice bool
}

// New makes a bus without rules.
func New(d *door.Door, clock *sim.Clock, place s3.Place, machines Machines, queues Queues, topics Topics, o Options) *Service {
	return &Service{door: d, clock: clock, place: place, machines: machines, queues: queues, topics: topics, twice: o.Twice}
}

// Delivery is a target's answer to an event.
type Delivery struct {
	Rule    string
	Target  string // ARN
	Event   *jsonvalue.Object
	Input   string
	Attempt int // from 0
	Err     error
}

// Observe calls f after every attempt to hand an event to a target.
func (s *Service) Observe(f func(Delivery)) { s.onEvent = append(s.onEvent, f) }

// ObserveFailures calls f for every event that is given up.
func (s *Service) ObserveFailures(f func(Failure)) { s.onLoss = append(s.onLoss, f) }

// Failure is an event that was given up.
type Failure struct {
	Time   time.Time
	Rule   string
	Target string
	Event  *jsonvalue.Object
	Err    error // of the target
	Lost   error // why the dead-letter queue did not take it; nil when it did
}

// Failures lists the events that no attempt delivered, whether the dead-letter queue has them or not.
func (s *Service) Failures() []Failure { return s.dropped }

// Emit puts an event of an AWS service on the bus: it is matched with the rules now and delivered soon.
func (s *Service) Emit(event *jsonvalue.Object) { s.copies(func() { s.accept(event) }) }

// copies delivers an event once, or as often as the scenario says.
func (s *Service) copies(deliver func()) {
	deliver()
	if s.twice {
		deliver()
	}
}

// accept hands one copy of an event to the targets of all rules that match.
func (s *Service) accept(event *jsonvalue.Object) {
	for _, r := range s.rules {
		if r.enabled && r.pattern != nil && r.pattern.Match(event) {
			s.hand(r, event)
		}
	}
}

// hand delivers an event to a rule's targets soon.
func (s *Service) hand(r *rule, event *jsonvalue.Object) {
	received := s.door.Now().UTC().Format(time.RFC3339)
	for _, t := range r.targets {
		d := &delivery{service: s, rule: r, target: t, event: event, received: received, first: s.door.Now()}
		// Half a second is the median from event to target that AWS reports.
		s.clock.After(300*time.Millisecond+s.jitter(400*time.Millisecond), d.attempt)
	}
}

// jitter is a random time below limit.
func (s *Service) jitter(limit time.Duration) time.Duration {
	return time.Duration(s.door.Rand().Int64N(int64(limit)))
}

// envelope makes an event of an AWS service.
func (s *Service) envelope(source, detailType string, at time.Time, resources []any, detail *jsonvalue.Object) *jsonvalue.Object {
	e := jsonvalue.NewObject(9)
	e.Set("version", "0")
	e.Set("id", s.door.UUID())
	e.Set("detail-type", detailType)
	e.Set("source", source)
	e.Set("account", s.place.Account)
	e.Set("time", at.UTC().Format("2006-01-02T15:04:05Z"))
	e.Set("region", s.place.Region)
	e.Set("resources", resources)
	e.Set("detail", detail)
	return e
}

// object makes an object of names and values in turn; nil values are left out.
func object(pairs ...any) *jsonvalue.Object {
	o := jsonvalue.NewObject(len(pairs) / 2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != nil {
			o.Set(pairs[i].(string), pairs[i+1])
		}
	}
	return o
}
