package infra

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// drainHook is the name of the hook in the state: an update looks for it in the program.
const drainHook = "drain"

// A pipe that goes has the time of the longest window and of its polls. Its queue is empty once it was said to be for so long: the numbers are
// those of a minute ago at most ("GetQueueAttributes", API Reference of SQS), and so long a rule may still send there that has got another target.
const (
	drainPause = 10 * time.Second
	drainTries = 120
	drainEmpty = 9 // times in a row
)

// queues are the two calls of SQS that draining takes.
type queues interface {
	GetQueueUrl(context.Context, *sqs.GetQueueUrlInput, ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// drainer waits until a pipe has handed over all files of its queue: with the queue they would go, and nobody would load them before reconcile.
type drainer struct {
	connect func(context.Context) (queues, error)
	pause   time.Duration
	say     func(string)
}

// registerDrain registers the hook that lets pipes finish before they are deleted. When an update deletes, its rules have their new targets: Pulumi
// creates and changes first. The engine asks for it by name also after the pipe has left the program, so every stack has it.
func registerDrain(ctx *pulumi.Context, provider *providerSettings) (*pulumi.ResourceHook, error) {
	d := &drainer{
		connect: func(ctx context.Context) (queues, error) {
			config, err := provider.client(ctx)
			if err != nil {
				return nil, err
			}
			return sqs.NewFromConfig(config, func(o *sqs.Options) { o.BaseEndpoint = provider.address("sqs", o.BaseEndpoint) }), nil
		},
		pause: drainPause, say: func(text string) { _ = ctx.Log.Info(text, nil) }, // that it is drained is what counts
	}
	return ctx.RegisterResourceHook(drainHook, func(args *pulumi.ResourceHookArgs) error {
		source := args.OldOutputs["source"]
		if !source.IsString() {
			return fmt.Errorf("%s: the state does not say its queue", args.Name)
		}
		return d.drain(ctx.Context(), source.StringValue())
	}, nil)
}

// drain waits until the queue is empty.
func (d *drainer) drain(ctx context.Context, queue string) error {
	failed := func(err error) error {
		return fmt.Errorf("draining %s: %w; queue and pipe stay. Update again: what no execution can be started with goes to the queue undelivered by itself", queue, err)
	}
	name, err := arn.Parse(queue)
	if err != nil {
		return failed(err)
	}
	client, err := d.connect(ctx)
	if err != nil {
		return failed(err)
	}
	at, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name.Resource, QueueOwnerAWSAccountId: &name.AccountID})
	if gone := (*types.QueueDoesNotExist)(nil); errors.As(err, &gone) {
		return nil // somebody has deleted it
	} else if err != nil {
		return failed(err)
	}
	names := []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible, types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
	}
	left, empty := 0, 0
	for range drainTries {
		got, err := client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: at.QueueUrl, AttributeNames: names})
		if err != nil {
			return failed(err)
		}
		before := left
		left = 0
		for _, name := range names {
			n, err := strconv.Atoi(got.Attributes[string(name)])
			if err != nil {
				return failed(fmt.Errorf("SQS does not tell %s: %w", name, err))
			}
			left += n
		}
		if empty++; left > 0 {
			empty = 0
			if left != before {
				d.say(fmt.Sprintf("%s: waiting for the pipe to start executions with %d files", name.Resource, left))
			}
		}
		if empty == drainEmpty {
			return nil
		}
		select {
		case <-ctx.Done():
			return failed(ctx.Err())
		case <-time.After(d.pause):
		}
	}
	return failed(fmt.Errorf("%d files still wait after %s", left, drainTries*d.pause))
}

// drained is the option of a pipe whose queue is emptied before it goes.
func (args *GatheringArgs) drained() pulumi.ResourceOption {
	return pulumi.ResourceHooks(&pulumi.ResourceHookBinding{BeforeDelete: []*pulumi.ResourceHook{args.Drain}})
}
