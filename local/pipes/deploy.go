package pipes

import (
	"context"
	"slices"
	"strings"
	"time"

	"airline/local/door"
	"airline/local/recorder"
	"airline/local/resource"
)

// Bounds of the API (CreatePipe, PipeSourceSqsQueueParameters).
const (
	maxBatch     = 10_000
	maxWindow    = 300
	defaultBatch = 10
)

// Types gives the function that takes pipes of a deployed stack in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{"aws:pipes/pipe:Pipe": s.add}
}

func (s *Service) add(r *recorder.Resource) error {
	var in struct {
		Name        string `prop:"name,output"`
		ARN         string `prop:"arn,output"`
		Given       any    `prop:"name,ignore"`
		Description any    `prop:"description,ignore"`
		Tags        any    `prop:"tags,ignore"`
		Role        string `prop:"roleArn"`
		Source      string `prop:"source"`
		Target      string `prop:"target"`
		State       string `prop:"desiredState"`
		From        struct {
			Queue struct {
				Batch  *int64 `prop:"batchSize"`
				Window int64  `prop:"maximumBatchingWindowInSeconds"`
			} `prop:"sqsQueueParameters"`
		} `prop:"sourceParameters"`
		To struct {
			Template string `prop:"inputTemplate"`
			Machine  struct {
				Invocation string `prop:"invocationType"`
			} `prop:"stepFunctionStateMachineParameters"`
		} `prop:"targetParameters"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if service := serviceOf(in.Source); service != "sqs" || strings.HasSuffix(in.Source, ".fifo") {
		return resource.Problem(r, "the source %s is not modelled by the local world: only standard queues of SQS are", in.Source)
	}
	if service := serviceOf(in.Target); service != "states" {
		return resource.Problem(r, "the target %s is not modelled by the local world: only state machines are", in.Target)
	}
	if in.To.Machine.Invocation != "FIRE_AND_FORGET" {
		// REQUEST_RESPONSE is the default; a pipe that would wait for a standard state machine is stopped ("Amazon EventBridge Pipes error
		// handling and troubleshooting").
		return resource.Problem(r, "invocationType must be FIRE_AND_FORGET: a pipe cannot wait for a standard state machine, and others are not modelled by the local world")
	}
	p := &pipe{
		service: s, name: in.Name, arn: in.ARN, role: in.Role, source: in.Source, target: in.Target,
		size: defaultBatch, window: time.Duration(in.From.Queue.Window) * time.Second, running: true,
	}
	if in.From.Queue.Batch != nil {
		p.size = int(*in.From.Queue.Batch)
	}
	if p.size < 1 || p.size > maxBatch || p.window < 0 || p.window > maxWindow*time.Second {
		return resource.Problem(r, "batchSize must be from 1 to %d, maximumBatchingWindowInSeconds from 0 to %d", maxBatch, maxWindow)
	}
	switch in.State {
	case "", "RUNNING":
	case "STOPPED":
		p.running = false
	default:
		return resource.Problem(r, "desiredState %q is neither RUNNING nor STOPPED", in.State)
	}
	var err error
	if p.template, err = parseTemplate(in.To.Template); err != nil {
		return resource.Problem(r, "inputTemplate: %v", err)
	}
	if p.url, _ = s.queues.URL(in.Source); p.url == "" {
		return resource.Problem(r, "the queue %s is not deployed", in.Source)
	}
	// What AWS checks before a pipe runs: "The provided customer role does not have permissions to call ReceiveMessage on SQS"
	// (terraform-aws-modules/terraform-aws-eventbridge#133).
	ctx, err := p.assume(context.Background())
	if err == nil {
		err = s.door.Authorize(ctx, "sqs", p.polls()...)
	}
	if err != nil {
		return resource.Problem(r, "the role cannot poll the queue: %v", err)
	}
	s.queues.Await(in.Source, p.available)
	s.pipes = append(s.pipes, p)
	slices.SortFunc(s.pipes, func(a, b *pipe) int { return strings.Compare(a.name, b.name) })
	return nil
}

// polls are the permissions that polling a queue takes (EventBridge User Guide, "Event source permissions for Amazon EventBridge
// Pipes").
func (p *pipe) polls() []door.Request {
	var needs []door.Request
	for _, action := range []string{"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"} {
		needs = append(needs, door.Request{Action: "sqs:" + action, Resource: p.source})
	}
	return needs
}

// serviceOf is the service in an ARN.
func serviceOf(arn string) string {
	part := strings.SplitN(arn, ":", 6)
	if len(part) < 6 {
		return ""
	}
	return part[2]
}
