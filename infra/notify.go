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
	c.Topic, err = sns.NewTopic(ctx, name, &sns.TopicArgs{
		Name:           pulumi.String(n.Name(topicThing)),
		DisplayName:    pulumi.String("Airline ingestion " + n.Stack),
		KmsMasterKeyId: args.Key.Alias.Name.ToStringPtrOutput(),
	}, child)
	if err != nil {
		return nil, err
	}
	if _, err := sns.NewTopicPolicy(ctx, name, &sns.TopicPolicyArgs{
		Arn:    c.Topic.Arn,
		Policy: pulumi.String(n.topicPolicy().JSON()),
	}, child); err != nil {
		return nil, err
	}
	subscribe := func(protocol string, endpoints []string) error {
		for _, endpoint := range endpoints {
			// Named after the receiver: when one leaves, the others need not confirm again. A webhook's address may be a secret.
			sum := sha256.Sum256([]byte(endpoint))
			if _, err := sns.NewTopicSubscription(ctx, fmt.Sprintf("%s-%s-%.4x", name, protocol, sum[:]), &sns.TopicSubscriptionArgs{
				Topic:    c.Topic.Arn,
				Protocol: pulumi.String(protocol),
				Endpoint: pulumi.String(endpoint),
			}, child); err != nil {
				return err
			}
		}
		return nil
	}
	if err := subscribe("email", args.Receivers.Emails); err != nil {
		return nil, err
	}
	if err := subscribe("sqs", args.Receivers.Queues); err != nil {
		return nil, err
	}
	if err := subscribe("https", args.Receivers.Webhooks); err != nil {
		return nil, err
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"topicArn": c.Topic.Arn})
}
