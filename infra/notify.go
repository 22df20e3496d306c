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
}

// NotificationsArgs describe the topic.
type NotificationsArgs struct {
	Names     Names
	Key       *Key
	Receivers Receivers
}

// NewNotifications makes the topic, its policy and the subscriptions.
func NewNotifications(
	ctx *pulumi.Context, name string, args *NotificationsArgs, opts ...pulumi.ResourceOption,
) (*Notifications, error) {
	c := &Notifications{}
	child, err := register(ctx, "Notifications", name, c, opts)
	if err != nil {
		return nil, err
	}
	n := args.Names
	if n.Given.TopicARN != "" {
		c.Topic, err = giveTopic(ctx, name, n, child)
	} else {
		c.Topic, err = c.create(ctx, name, args, child)
	}
	if err != nil {
		return nil, err
	}
	subscribe := func(protocol string, endpoints []string, secret bool) error {
		for _, endpoint := range endpoints {
			var address pulumi.StringInput = pulumi.String(endpoint)
			if secret {
				address = pulumi.ToSecret(address).(pulumi.StringOutput)
			}
			// Named after the receiver: when one leaves, the others need not confirm again. A webhook's address may be a secret.
			sum := sha256.Sum256([]byte(endpoint))
			if _, err := sns.NewTopicSubscription(ctx, fmt.Sprintf("%s-%s-%.4x", name, protocol, sum[:]), &sns.TopicSubscriptionArgs{
				Topic:    c.Topic.Arn,
				Protocol: pulumi.String(protocol),
				Endpoint: address,
			}, child); err != nil {
				return err
			}
		}
		return nil
	}
	if err := subscribe("email", args.Receivers.Emails, args.Receivers.SecretEmails); err != nil {
		return nil, err
	}
	if err := subscribe("sqs", args.Receivers.Queues, args.Receivers.SecretQueues); err != nil {
		return nil, err
	}
	if err := subscribe("https", args.Receivers.Webhooks, true); err != nil {
		return nil, err
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"topicArn": c.Topic.Arn})
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
