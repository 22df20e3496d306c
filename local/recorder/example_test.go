package recorder_test

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/local/recorder"
)

// A program is run, and what it registered is looked at.
func ExampleRecord() {
	program := func(ctx *pulumi.Context) error {
		queue, err := sqs.NewQueue(ctx, "failed", &sqs.QueueArgs{Name: pulumi.String("failed-events")})
		if err != nil {
			return err
		}
		ctx.Export("queue", queue.Arn)
		return nil
	}
	graph, err := recorder.Record(context.Background(), recorder.Options{Dir: "testdata/fixture", Stack: "one"}, program)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range graph.Resources {
		fmt.Println(r.Type, r.Name, r.String("arn"))
	}
	fmt.Println(graph.Outputs["queue"])
	// Output:
	// aws:sqs/queue:Queue failed arn:aws:sqs:eu-west-1:123456789012:failed-events
	// arn:aws:sqs:eu-west-1:123456789012:failed-events
}

// In a preview, what AWS gives only at creation is unknown.
func ExampleResource_UnknownInputs() {
	program := func(ctx *pulumi.Context) error {
		queue, err := sqs.NewQueue(ctx, "failed", nil)
		if err != nil {
			return err
		}
		_, err = sqs.NewQueuePolicy(ctx, "failed", &sqs.QueuePolicyArgs{
			QueueUrl: queue.Url, Policy: pulumi.Sprintf(`{"Resource": "%s"}`, queue.Arn),
		})
		return err
	}
	graph, err := recorder.Record(context.Background(),
		recorder.Options{Dir: "testdata/fixture", Stack: "one", Preview: true}, program)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(graph.OfType("aws:sqs/queuePolicy:QueuePolicy")[0].UnknownInputs())
	// Output: [policy queueUrl]
}
