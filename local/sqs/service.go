// Package sqs is Amazon SQS in the local world: standard and FIFO queues with visibility timeouts, policies and redrive to a
// dead-letter queue.
//
//	svc := sqs.New(door, clock, keys, directory, arn)
//	out, err := svc.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10})
package sqs

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/asl/sim"
	policies "airline/iam"
	"airline/local/door"
	"airline/local/fifo"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
	"airline/local/resource"
)

// Service holds the queues. Its methods of the SDK's client go through the door.
type Service struct {
	door      *door.Door
	clock     *sim.Clock
	keys      *kms.Keys
	directory *iam.Directory
	arn       func(service, resource string) string
	queues    map[string]*queue // by URL
	observers []func(queue string, visible int, oldest time.Duration)
	moves     []*move
	departed  map[string]departed // deleted queues by ARN
}

// New makes the service. arn makes the ARN of a regional resource of the stack's account.
func New(d *door.Door, clock *sim.Clock, keys *kms.Keys, directory *iam.Directory, arn func(service, resource string) string) *Service {
	return &Service{door: d, clock: clock, keys: keys, directory: directory, arn: arn, queues: map[string]*queue{}, departed: map[string]departed{}}
}

type queue struct {
	settings
	name, url, arn    string
	created, modified time.Time
	tags              map[string]string
	shelf
	waiting []func() // of Await
	// window and attempts are those of a FIFO queue; attempts by the id of a receive.
	window   fifo.Window
	attempts map[string]attempt
}

// Observe calls f whenever a queue's messages change: with its name, how many are visible, and how long the oldest is in it.
func (s *Service) Observe(f func(queue string, visible int, oldest time.Duration)) {
	s.observers = append(s.observers, f)
}

func (s *Service) changed(q *queue) {
	now := s.door.Now()
	for _, f := range s.observers {
		f(q.name, q.visible(now), q.age(now))
	}
}

// Measure tells the observers of a queue although none of its messages has changed, which get older all the same: SQS publishes its metrics
// every minute.
func (s *Service) Measure(arn string) {
	if q := s.byARN(&arn); q != nil {
		s.changed(q)
	}
}

// Await calls f whenever a message of the standard queue with that ARN is there to be received: when it is sent, when its delay or visibility
// timeout is over, when it comes back from a dead-letter queue. It tells whether there is such a queue. It is what a client sees that
// polls at all times, without the polls in which nothing comes.
func (s *Service) Await(arn string, f func()) bool {
	q := s.byARN(&arn)
	if q != nil {
		q.waiting = append(q.waiting, f)
	}
	return q != nil
}

// appears tells those who wait for messages of a queue that one will be visible.
func (s *Service) appears(q *queue, m *message) {
	m.timer.Stop()
	if len(q.waiting) == 0 {
		return
	}
	m.timer = s.clock.At(m.visible, func() {
		for _, f := range q.waiting {
			f()
		}
	})
}

// Visible reports whether a message of the queue at a URL can be received.
func (s *Service) Visible(url string) bool {
	q := s.queues[url]
	if q != nil && q.fifo {
		return len(q.inOrder(s.door.Now())) > 0
	}
	return q != nil && q.visible(s.door.Now()) > 0
}

// Wait is how long a receive from the queue at a URL waits that does not say, in seconds.
func (s *Service) Wait(url string) int32 {
	if q := s.queues[url]; q != nil {
		return int32(q.wait.Seconds())
	}
	return 0
}

// Types gives the functions that take queues of a deployed stack in.
func (s *Service) Types(edit iam.Edit) map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:sqs/queue:Queue": func(r *recorder.Resource) error { return s.addQueue(r, edit) },
		"aws:sqs/queuePolicy:QueuePolicy": func(r *recorder.Resource) error {
			var in struct {
				URL    string `prop:"queueUrl"`
				Policy string `prop:"policy"`
			}
			if err := resource.Read(r, &in); err != nil {
				return err
			}
			q := s.queues[in.URL]
			if q == nil {
				return resource.Problem(r, "queue %s is not deployed", in.URL)
			}
			return s.setPolicy(r, q, in.Policy, edit)
		},
		"aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": func(*recorder.Resource) error { return nil },
		"aws:sqs/redrivePolicy:RedrivePolicy": func(r *recorder.Resource) error {
			var in struct {
				URL     string `prop:"queueUrl"`
				Redrive string `prop:"redrivePolicy"`
			}
			if err := resource.Read(r, &in); err != nil {
				return err
			}
			q := s.queues[in.URL]
			if q == nil {
				return resource.Problem(r, "queue %s is not deployed", in.URL)
			}
			return q.setRedrive(r, in.Redrive)
		},
	}
}

func (s *Service) addQueue(r *recorder.Resource, edit iam.Edit) error {
	var in struct {
		Name       string            `prop:"name"`
		ARN        string            `prop:"arn,output"`
		URL        string            `prop:"url,output"`
		Key        string            `prop:"kmsMasterKeyId"`
		KeyReuse   any               `prop:"kmsDataKeyReusePeriodSeconds,ignore"`
		Managed    any               `prop:"sqsManagedSseEnabled,ignore"`
		Visibility *int64            `prop:"visibilityTimeoutSeconds"`
		Delay      int64             `prop:"delaySeconds"`
		Retention  *int64            `prop:"messageRetentionSeconds"`
		MaxBytes   *int64            `prop:"maxMessageSize"`
		Wait       int64             `prop:"receiveWaitTimeSeconds"`
		Redrive    string            `prop:"redrivePolicy"`
		Allow      any               `prop:"redriveAllowPolicy,ignore"`
		Policy     string            `prop:"policy"`
		FIFO       bool              `prop:"fifoQueue"`
		Content    bool              `prop:"contentBasedDeduplication"`
		Scope      string            `prop:"deduplicationScope"`
		Limit      string            `prop:"fifoThroughputLimit"`
		Tags       map[string]string `prop:"tags"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	q := &queue{
		shelf: newShelf(), name: in.Name, arn: or(in.ARN, s.arn("sqs", in.Name)), url: in.URL, created: s.door.Now(), modified: s.door.Now(), tags: in.Tags,
		settings: settings{
			key: in.Key, reuse: standard().reuse, delay: time.Duration(in.Delay) * time.Second, wait: time.Duration(in.Wait) * time.Second,
			visibility: seconds(in.Visibility, 30), retention: seconds(in.Retention, 345_600), maxBytes: int(seconds(in.MaxBytes, 262_144) / time.Second),
		},
	}
	if in.FIFO != strings.HasSuffix(q.arn, ".fifo") {
		return resource.Problem(r, "the name of a FIFO queue must end with .fifo, and no other's may: %s", in.Name)
	}
	if in.FIFO {
		q.settings = q.settings.ordered()
		q.contentBased, q.scope, q.limit = in.Content, or(in.Scope, q.scope), or(in.Limit, q.limit)
	}
	if q.url == "" {
		q.url = urlOf(q.arn)
	}
	s.queues[q.url] = q
	if in.Redrive != "" {
		if err := q.setRedrive(r, in.Redrive); err != nil {
			return err
		}
	}
	if in.Policy != "" {
		return s.setPolicy(r, q, in.Policy, edit)
	}
	return nil
}

func (q *queue) setRedrive(r *recorder.Resource, text string) error {
	target, n, err := readRedrive(text)
	if err != nil {
		return resource.Problem(r, "redrivePolicy: %v", err)
	}
	if strings.HasSuffix(target, ".fifo") != q.fifo {
		return resource.Problem(r, "redrivePolicy: the dead-letter queue %s and its source must both be FIFO queues or both be standard ones", target)
	}
	q.deadLetters, q.maxReceives = target, n
	return nil
}

func (s *Service) setPolicy(r *recorder.Resource, q *queue, text string, edit iam.Edit) error {
	q.policy = text
	return s.directory.TakePolicy(r, iam.Document{Name: r.Type + " " + r.Name, Owner: q.arn, Kind: policies.Resource}, text, edit)
}

// URL finds a queue's URL by its ARN; services are given the one and call with the other.
func (s *Service) URL(arn string) (string, bool) {
	for _, q := range s.queues {
		if q.arn == arn {
			return q.url, true
		}
	}
	return "", false
}

// Bodies lists the bodies of the messages in a queue, by its name, received ones included: for a look at a
// dead-letter queue from outside of the world.
func (s *Service) Bodies(name string) []string {
	for _, q := range s.queues {
		if q.name == name {
			bodies := []string{}
			for _, m := range q.all() {
				bodies = append(bodies, m.body)
			}
			return bodies
		}
	}
	return nil
}

// Queue is how a queue stands.
type Queue struct {
	Name     string
	Messages int // received ones included
}

// Queues lists the queues by name, past the API.
func (s *Service) Queues() []Queue {
	var list []Queue
	for _, q := range s.queues {
		list = append(list, Queue{q.name, q.size})
	}
	slices.SortFunc(list, func(a, b Queue) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (s *Service) find(url *string) (*queue, error) {
	q := s.queues[aws.ToString(url)]
	if q == nil {
		return nil, &types.QueueDoesNotExist{Message: aws.String("The specified queue does not exist.")}
	}
	q.expire(s.door.Now().Add(-q.retention))
	return q, nil
}

// needs is the permission of a call on a queue; one that is not there is refused by the model.
func (s *Service) needs(action string, url *string) []door.Request {
	if q := s.queues[aws.ToString(url)]; q != nil {
		return []door.Request{{Action: "sqs:" + action, Resource: q.arn}}
	}
	name := aws.ToString(url)
	return []door.Request{{Action: "sqs:" + action, Resource: s.arn("sqs", name[strings.LastIndexByte(name, '/')+1:])}}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func seconds(n *int64, otherwise int64) time.Duration {
	if n != nil {
		otherwise = *n
	}
	return time.Duration(otherwise) * time.Second
}
