// Package sns is Amazon SNS in the local world: topics with policies and keys, and what became of each message.
//
//	svc := sns.New(door, keys, directory, queues, arn)
//	out, err := svc.Publish(ctx, &sns.PublishInput{TopicArn: topic, Subject: aws.String("loaded"), Message: text})
//	for _, n := range svc.Notifications() { fmt.Println(n.Subject, n.Deliveries) }
//
// Messages to queues of the world are sent to them; those to people and to addresses outside are recorded.
package sns

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
	"airline/local/resource"
)

// Queues is the part of SQS that a subscription of a queue needs.
type Queues interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
	URL(arn string) (string, bool)
}

// Service holds the topics. Its methods of the SDK's client go through the door.
type Service struct {
	door          *door.Door
	keys          *kms.Keys
	directory     *iam.Directory
	queues        Queues
	arn           func(service, resource string) string
	topics        map[string]*topic // by ARN
	notifications []Notification
	observers     []func(Notification)
}

// New makes the service. arn makes the ARN of a regional resource of the stack's account.
func New(d *door.Door, keys *kms.Keys, directory *iam.Directory, queues Queues, arn func(service, resource string) string) *Service {
	return &Service{door: d, keys: keys, directory: directory, queues: queues, arn: arn, topics: map[string]*topic{}}
}

// Notification is a message that a topic accepted.
type Notification struct {
	Time       time.Time
	ID         string
	Topic      string // ARN
	Subject    string
	Message    string
	Attributes map[string]types.MessageAttributeValue
	Publisher  string // who published it
	Group      string
	// Deduplication and Sequence are those of a message of a FIFO topic.
	Deduplication, Sequence string
	// Dropped says why the topic threw the message away although it accepted it.
	Dropped    string
	Deliveries []Delivery
}

// Delivery is what became of a message at one subscription.
type Delivery struct {
	Protocol string // email, sqs, https ...
	Endpoint string
	Body     string
	Err      error
}

// Notifications lists what was published, in order.
func (s *Service) Notifications() []Notification { return slices.Clone(s.notifications) }

// Observe calls f with every message that a topic accepts.
func (s *Service) Observe(f func(Notification)) { s.observers = append(s.observers, f) }

type topic struct {
	name, arn                    string
	display                      string
	key                          string
	policy                       string
	delivery, signature, tracing string // settings without an effect here
	tags                         map[string]string
	subscriptions                []*subscription
	ordered
}

type subscription struct {
	arn, protocol, endpoint string
	raw                     bool
	// dead is the ARN of the queue that gets what could not be delivered, or empty; redrive is the policy that names it.
	dead, redrive string
	filter        filter
	scope         string // of the filter, as it was set
	delivery      string // a setting without an effect here
	principal     string // who subscribed
	pending       bool   // its owner has not confirmed it, and gets nothing
	here          bool   // its queue is, or was, one of this world
}

// Types gives the functions that take topics of a deployed stack in.
func (s *Service) Types(edit iam.Edit) map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:sns/topic:Topic": func(r *recorder.Resource) error { return s.addTopic(r, edit) },
		"aws:sns/topicPolicy:TopicPolicy": func(r *recorder.Resource) error {
			var in struct {
				ARN    string `prop:"arn"`
				Policy string `prop:"policy"`
			}
			if err := resource.Read(r, &in); err != nil {
				return err
			}
			t := s.topics[in.ARN]
			if t == nil {
				return resource.Problem(r, "topic %s is not deployed", in.ARN)
			}
			return s.setPolicy(r, t, in.Policy, edit)
		},
		"aws:sns/topicSubscription:TopicSubscription": s.addSubscription,
	}
}

func (s *Service) addTopic(r *recorder.Resource, edit iam.Edit) error {
	var in struct {
		Name      string            `prop:"name"`
		ARN       string            `prop:"arn,output"`
		Display   string            `prop:"displayName"`
		Key       string            `prop:"kmsMasterKeyId"`
		Policy    string            `prop:"policy"`
		FIFO      bool              `prop:"fifoTopic"`
		Content   bool              `prop:"contentBasedDeduplication"`
		Scope     string            `prop:"fifoThroughputScope"`
		Delivery  any               `prop:"deliveryPolicy,ignore"`
		Tracing   any               `prop:"tracingConfig,ignore"`
		Signature any               `prop:"signatureVersion,ignore"`
		Tags      map[string]string `prop:"tags"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	t := &topic{name: in.Name, arn: in.ARN, display: in.Display, key: in.Key, tags: in.Tags, ordered: ordered{fifo: in.FIFO, contentBased: in.Content, scope: in.Scope}}
	if t.arn == "" {
		t.arn = s.arn("sns", in.Name)
	}
	if in.FIFO != isFIFO(t.arn) {
		return resource.Problem(r, "the name of a FIFO topic must end with .fifo, and no other's may: %s", in.Name)
	}
	s.topics[t.arn] = t
	if in.Policy != "" {
		return s.setPolicy(r, t, in.Policy, edit)
	}
	return nil
}

func (s *Service) setPolicy(r *recorder.Resource, t *topic, text string, edit iam.Edit) error {
	t.policy = text
	return s.directory.TakePolicy(r, iam.Document{Name: r.Type + " " + r.Name, Owner: t.arn, Kind: policies.Resource}, text, edit)
}

var protocols = []string{"email", "email-json", "http", "https", "sqs", "sms"}

func (s *Service) addSubscription(r *recorder.Resource) error {
	var in struct {
		Topic    string `prop:"topic"`
		Protocol string `prop:"protocol"`
		Endpoint string `prop:"endpoint"`
		Raw      bool   `prop:"rawMessageDelivery"`
		Confirm  any    `prop:"endpointAutoConfirms,ignore"`
		Timeout  any    `prop:"confirmationTimeoutInMinutes,ignore"`
		Retry    any    `prop:"deliveryPolicy,ignore"`
		Redrive  string `prop:"redrivePolicy"`
		Filter   string `prop:"filterPolicy"`
		Scope    string `prop:"filterPolicyScope"`
		ARN      string `prop:"arn,output"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	var redrive struct {
		Target string `json:"deadLetterTargetArn"`
	}
	if in.Redrive != "" {
		if err := json.Unmarshal([]byte(in.Redrive), &redrive); err != nil || redrive.Target == "" {
			return resource.Problem(r, "redrivePolicy %s names no queue as deadLetterTargetArn", in.Redrive)
		}
		if strings.HasPrefix(in.Protocol, "email") || in.Protocol == "sms" {
			return resource.Problem(r, "a subscription of protocol %s keeps nothing that is not delivered", in.Protocol)
		}
	}
	t := s.topics[in.Topic]
	if t == nil {
		return resource.Problem(r, "topic %s is not deployed", in.Topic)
	}
	if !slices.Contains(protocols, in.Protocol) {
		return resource.Problem(r, "protocol %q is not modelled by the local world", in.Protocol)
	}
	if err := t.delivers(in.Protocol, in.Endpoint); err != nil {
		return resource.Problem(r, "%v", err)
	}
	if isFIFO(in.Endpoint) && redrive.Target != "" && !isFIFO(redrive.Target) {
		return resource.Problem(r, "redrivePolicy: the dead-letter queue of a FIFO queue's subscription must be a FIFO queue, and %s is none", redrive.Target)
	}
	filter, err := parseFilter(in.Filter, in.Scope == "MessageBody")
	if err != nil {
		return resource.Problem(r, "filterPolicy: %v", err)
	}
	t.subscriptions = append(t.subscriptions, &subscription{
		arn: in.ARN, protocol: in.Protocol, endpoint: in.Endpoint, raw: in.Raw, dead: redrive.Target, redrive: in.Redrive, filter: filter, scope: in.Scope,
	})
	return nil
}
