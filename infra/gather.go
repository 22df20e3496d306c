package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/pipes"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
	"airline/workflow"
)

// gatherThing is what gathers the files of a dataset: a queue, a pipe and the pipe's role have the name.
func gatherThing(d etl.Dataset) string { return "gather-" + string(d) }

const (
	// gatherSeconds keeps files that no execution could be started with for 4 days, SQS's standard: by then reconcile has found them.
	gatherSeconds = 4 * 24 * 60 * 60
	// gatherAttempts is how often a batch is handed over before its files are kept as undelivered: "at least 5" ("Amazon Simple Queue
	// Service as a source", EventBridge User Guide).
	gatherAttempts = 5
	// startSeconds is how long starting an execution takes at most. The queue hides a file for six times that, and for the window ("at
	// least six times the combined runtime of the pipe enrichment and target components", the same page).
	startSeconds = 60
	// lateSeconds is how much longer than the window a file may wait before an alarm goes off.
	lateSeconds = 15 * 60
)

// Gathering is a queue in which the files of a rule wait for others, and the pipe that starts a machine with all of them.
type Gathering struct {
	pulumi.ResourceState

	Queue *sqs.Queue

	admits pulumi.Resource // the queue's policy
}

// GatheringArgs describe how the files of a dataset are gathered.
type GatheringArgs struct {
	Names   Names
	Dataset etl.Dataset
	Machine *Machine // loads the dataset
	Seconds int      // a file waits for others, 1 to 300
	Key     *Key
	Drain   *pulumi.ResourceHook // empties the queue before the pipe goes
	// Undelivered takes what no execution could be started with.
	Undelivered *sqs.Queue
}

// NewGathering makes the queue, the pipe and its role. Every message is a batch of one file, as the rule would start the machine with;
// the pipe hands lists of them over.
func NewGathering(ctx *pulumi.Context, name string, args *GatheringArgs, opts ...pulumi.ResourceOption) (*Gathering, error) {
	g := &Gathering{}
	child, err := register(ctx, "Gathering", name, g, opts)
	if err != nil {
		return nil, err
	}
	n, d, thing := args.Names, args.Dataset, gatherThing(args.Dataset)
	g.Queue, err = sqs.NewQueue(ctx, name, &sqs.QueueArgs{
		Name:                     pulumi.String(n.Name(thing)),
		KmsMasterKeyId:           args.Key.Name.ToStringOutput().ToStringPtrOutput(),
		MessageRetentionSeconds:  pulumi.Int(gatherSeconds),
		VisibilityTimeoutSeconds: pulumi.Int(args.Seconds + 6*startSeconds),
		MaxMessageSize:           pulumi.Int(workflow.GatheredBytes),
		RedrivePolicy:            pulumi.String(encode(map[string]any{"deadLetterTargetArn": n.undeliveredARN(), "maxReceiveCount": gatherAttempts})),
	}, child, pulumi.DependsOn([]pulumi.Resource{args.Undelivered}))
	if err != nil {
		return nil, err
	}
	g.admits, err = sqs.NewQueuePolicy(ctx, name, &sqs.QueuePolicyArgs{
		QueueUrl: g.Queue.Url,
		Policy:   pulumi.String(n.gatherPolicy(d).JSON()),
	}, child)
	if err != nil {
		return nil, err
	}
	role, err := NewRole(ctx, name, &RoleArgs{
		Names:       n,
		Thing:       thing,
		Description: "Lets the pipe " + n.Name(thing) + " start " + n.Name(d.Machine()),
		Trust:       n.trust("pipes.amazonaws.com", n.pipeARN(d)),
		Policy:      n.pipePolicy(d),
	}, child)
	if err != nil {
		return nil, err
	}
	_, err = pipes.NewPipe(ctx, name, &pipes.PipeArgs{
		Name:         pulumi.String(n.Name(thing)),
		Description:  pulumi.Sprintf("Starts %s with the files of %d seconds", n.Name(d.Machine()), args.Seconds),
		RoleArn:      role.ARN,
		DesiredState: pulumi.String("RUNNING"),
		Source:       g.Queue.Arn,
		SourceParameters: &pipes.PipeSourceParametersArgs{SqsQueueParameters: &pipes.PipeSourceParametersSqsQueueParametersArgs{
			BatchSize: pulumi.Int(workflow.GatheredFiles), MaximumBatchingWindowInSeconds: pulumi.Int(args.Seconds),
		}},
		Target: args.Machine.Live,
		TargetParameters: &pipes.PipeTargetParametersArgs{
			InputTemplate: pulumi.String(pipeTemplate),
			StepFunctionStateMachineParameters: &pipes.PipeTargetParametersStepFunctionStateMachineParametersArgs{
				InvocationType: pulumi.String("FIRE_AND_FORGET"),
			},
		},
	}, child, args.drained(), pulumi.DependsOn([]pulumi.Resource{role.Ready}))
	if err != nil {
		return nil, err
	}
	return g, ctx.RegisterResourceOutputs(g, pulumi.Map{"queue": g.Queue.Arn})
}

// pipeTemplate makes of a message the batch that its body is: as it stands alone, a body would lose its quotes ("Amazon EventBridge Pipes
// input transformation", EventBridge User Guide). It is applied to each message, and the machine gets a list of what comes of it.
const pipeTemplate = `{"files": <$.body.files>}`

// gatherARN is the queue in which a dataset's files wait.
func (n Names) gatherARN(d etl.Dataset) string { return n.ARN("sqs", n.Name(gatherThing(d))) }

func (n Names) pipeARN(d etl.Dataset) string { return n.ARN("pipes", "pipe/"+n.Name(gatherThing(d))) }

// startedByRules are the machines that rules start by themselves: all, unless pipes start those that load.
func (n Names) startedByRules(gathers bool) []string {
	if gathers {
		return []string{reconcile}
	}
	return n.ruled()
}

// gatherPolicy lets the rule of a dataset put files into its queue, and nobody else.
func (n Names) gatherPolicy(d etl.Dataset) Policy {
	queue := n.gatherARN(d)
	return Policy{Statements: []Statement{
		denyInsecureTransport("sqs:*", queue),
		{
			Sid:        "RuleSendsFiles",
			Principals: service("events.amazonaws.com"),
			Actions:    []string{"sqs:SendMessage"},
			Resources:  []string{queue},
			Conditions: n.onBehalfOf(n.RuleARN(d.Machine())),
		},
	}}
}

// pipePolicy lets a pipe take the files out of its queue, and start the machine with them.
func (n Names) pipePolicy(d etl.Dataset) Policy {
	return Policy{Statements: []Statement{
		{
			Sid:       "TakeFiles",
			Actions:   []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"},
			Resources: []string{n.gatherARN(d)},
		},
		n.useKey("DecryptFiles", messagesKey, "kms:Decrypt"),
		{
			Sid:       "StartMachine",
			Actions:   []string{"states:StartExecution"},
			Resources: []string{n.MachineARN(d.Machine())},
		},
	}}
}
