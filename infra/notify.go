package infra

import (
	"crypto/sha256"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const topicThing = "notifications"

// Notifications is the topic that loads, failures and alarms are told to, and who hears of them.
type Notifications struct {
	pulumi.ResourceState

	Topic *sns.Topic

	name  string
	child pulumi.ResourceOption
}

// NotificationsArgs describe the topic.
type NotificationsArgs struct {
	Names Names
	Key   *Key
}

// NewNotifications makes the topic and its policy.
func NewNotifications(
	ctx *pulumi.Context, name string, args *NotificationsArgs, opts ...pulumi.ResourceOption,
) (*Notifications, error) {
	c := &Notifications{name: name}
	child, err := register(ctx, "Notifications", name, c, opts)
	if err != nil {
		return nil, err
	}
	c.child = child
	n := args.Names
	if n.Given.TopicARN != "" {
		c.Topic, err = giveTopic(ctx, name, n, child)
	} else {
		c.Topic, err = c.create(ctx, name, args, child)
	}
	if err != nil {
		return nil, err
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"topicArn": c.Topic.Arn})
}

// hasDeadLetters tells whether there is a receiver whose notifications are kept when they cannot be delivered: people's mail servers
// take what they take.
func (r Receivers) hasDeadLetters() bool { return len(r.Queues)+len(r.Webhooks) > 0 }

// Subscribe subscribes the receivers. What a queue or webhook does not take, within the hours that SNS tries, waits in the queue of
// undelivered events.
func (c *Notifications) Subscribe(ctx *pulumi.Context, n Names, receivers Receivers, events *Events) error {
	kept := encode(map[string]string{"deadLetterTargetArn": n.undeliveredARN()})
	subscribe := func(protocol string, endpoints []string, secret bool) error {
		for _, endpoint := range endpoints {
			var address pulumi.StringInput = pulumi.String(endpoint)
			if secret {
				address = pulumi.ToSecret(address).(pulumi.StringOutput)
			}
			// Named after the receiver: when one leaves, the others need not confirm again. A webhook's address may be a secret.
			sum := sha256.Sum256([]byte(endpoint))
			args := &sns.TopicSubscriptionArgs{Topic: c.Topic.Arn, Protocol: pulumi.String(protocol), Endpoint: address}
			if protocol != "email" {
				args.RedrivePolicy = pulumi.String(kept)
			}
			if _, err := sns.NewTopicSubscription(ctx, fmt.Sprintf("%s-%s-%.4x", c.name, protocol, sum[:]), args,
				c.child, pulumi.DependsOn([]pulumi.Resource{events.admits})); err != nil {
				return err
			}
		}
		return nil
	}
	if err := subscribe("email", receivers.Emails, receivers.SecretEmails); err != nil {
		return err
	}
	if err := subscribe("sqs", receivers.Queues, receivers.SecretQueues); err != nil {
		return err
	}
	return subscribe("https", receivers.Webhooks, true)
}

// create makes the topic and its policy.
func (c *Notifications) create(ctx *pulumi.Context, name string, args *NotificationsArgs, child pulumi.ResourceOption) (*sns.Topic, error) {
	n := args.Names
	topic, err := sns.NewTopic(ctx, name, &sns.TopicArgs{
		Name:           pulumi.String(n.Name(topicThing)),
		DisplayName:    pulumi.String("Airline ingestion " + n.named()),
		KmsMasterKeyId: args.Key.Name.ToStringOutput().ToStringPtrOutput(),
	}, child)
	if err != nil {
		return nil, err
	}
	_, err = sns.NewTopicPolicy(ctx, name, &sns.TopicPolicyArgs{
		Arn:    topic.Arn,
		Policy: pulumi.String(n.topicPolicy().JSON()),
	}, child)
	return topic, err
}
