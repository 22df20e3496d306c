// Package pipes is Amazon EventBridge Pipes in the local world: a pipe polls a queue, gathers messages into batches, and starts an
// execution of a state machine with each.
//
// Sources are standard queues of Amazon SQS, targets standard state machines, which are started and not waited for. Anything else is
// refused by its name. What AWS says of pipes and what it does not is in docs/assumptions.md.
package pipes

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/asl/sim"
	"airline/local/door"
)

// Queues and Machines are what pipes need of their sources and targets.
type (
	Queues interface {
		URL(arn string) (string, bool)
		Await(arn string, f func()) bool
		Measure(arn string)
		ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
		DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
	}
	Machines interface {
		StartExecution(context.Context, *sfn.StartExecutionInput, ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error)
	}
)

// Service holds the pipes.
type Service struct {
	door     *door.Door
	clock    *sim.Clock
	queues   Queues
	machines Machines
	pipes    []*pipe
	onRun    []func(Run)
}

// New makes the service without pipes.
func New(d *door.Door, clock *sim.Clock, queues Queues, machines Machines) *Service {
	return &Service{door: d, clock: clock, queues: queues, machines: machines}
}

// Run is an execution of a pipe: one attempt to hand a batch to the target.
type Run struct {
	Pipe     string // name
	Target   string // ARN
	Messages int
	Bytes    int // of the messages as they came
	Took     time.Duration
	Err      error
}

// Observe calls f after every execution of a pipe.
func (s *Service) Observe(f func(Run)) { s.onRun = append(s.onRun, f) }

// Pipe is how a pipe stands.
type Pipe struct {
	Name, ARN      string
	Source, Target string // ARNs
	Running        bool
	Reason         string // why it has stopped
	Gathered       int    // messages that it has received and not handed over
}

// Pipes lists the pipes by name, past the API.
func (s *Service) Pipes() []Pipe {
	var list []Pipe
	for _, p := range s.pipes {
		state := Pipe{Name: p.name, ARN: p.arn, Source: p.source, Target: p.target, Running: p.running, Reason: p.reason}
		for i := range p.pollers {
			state.Gathered += len(p.pollers[i].batch)
		}
		list = append(list, state)
	}
	return list
}
