package sqs

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"airline/local/door"
)

// move is a task that has moved the messages of a dead-letter queue: here it is over as soon as it starts.
type move struct {
	handle, source string
	destination    *string
	moved          int64
	started        time.Time
}

func (s *Service) byARN(arn *string) *queue {
	for _, q := range s.queues {
		if q.arn == aws.ToString(arn) {
			return q
		}
	}
	return nil
}

// hasDeadLetters tells whether a queue takes the dead letters of another.
func (s *Service) hasDeadLetters(arn string) bool {
	for _, q := range s.queues {
		if q.deadLetters == arn {
			return true
		}
	}
	return false
}

func noResource() error {
	return &types.ResourceNotFoundException{Message: aws.String("The resource that you specified for the SourceArn parameter doesn't exist.")}
}

// StartMessageMoveTask moves the messages of a dead-letter queue to the queue that each comes from, or to another. The source
// must be the dead-letter queue of a queue: SQS moves nothing out of one that EventBridge or SNS fills.
func (s *Service) StartMessageMoveTask(ctx context.Context, in *sqs.StartMessageMoveTaskInput, _ ...func(*sqs.Options)) (*sqs.StartMessageMoveTaskOutput, error) {
	in = door.Given(in)
	needs := []door.Request{}
	for _, action := range []string{"StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"} {
		needs = append(needs, door.Request{Action: "sqs:" + action, Resource: aws.ToString(in.SourceArn)})
	}
	if in.DestinationArn != nil {
		needs = append(needs, door.Request{Action: "sqs:SendMessage", Resource: *in.DestinationArn})
	}
	return door.Call(ctx, s.door, door.Op[sqs.StartMessageMoveTaskInput, sqs.StartMessageMoveTaskOutput]{
		Service: "sqs", Action: "StartMessageMoveTask", Takes: []string{"SourceArn", "DestinationArn", "MaxNumberOfMessagesPerSecond"}, Needs: needs, Usage: oneRequest(),
		Do: func(_ context.Context, in *sqs.StartMessageMoveTaskInput) (*sqs.StartMessageMoveTaskOutput, error) {
			source := s.byARN(in.SourceArn)
			if source == nil {
				return nil, noResource()
			}
			if !s.hasDeadLetters(source.arn) {
				return nil, invalid("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.")
			}
			destination := s.byARN(in.DestinationArn)
			if in.DestinationArn != nil && destination == nil {
				return nil, &types.ResourceNotFoundException{Message: aws.String("The resource that you specified for the DestinationArn parameter doesn't exist.")}
			}
			task := &move{handle: s.door.UUID(), source: source.arn, destination: in.DestinationArn, started: s.door.Now()}
			for _, m := range source.all() {
				to := destination
				if to == nil {
					to = s.byARN(&m.origin)
				}
				if to == nil || m.visible.After(s.door.Now()) {
					continue
				}
				s.hand(source, to, m)
				m.origin = ""
				task.moved++
			}
			s.changed(source)
			s.moves = append(s.moves, task)
			return &sqs.StartMessageMoveTaskOutput{TaskHandle: &task.handle}, nil
		},
	}, in)
}

// ListMessageMoveTasks lists the latest tasks of a dead-letter queue, at most 10.
func (s *Service) ListMessageMoveTasks(ctx context.Context, in *sqs.ListMessageMoveTasksInput, _ ...func(*sqs.Options)) (*sqs.ListMessageMoveTasksOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sqs.ListMessageMoveTasksInput, sqs.ListMessageMoveTasksOutput]{
		Service: "sqs", Action: "ListMessageMoveTasks", Takes: []string{"SourceArn", "MaxResults"}, Usage: oneRequest(),
		Needs: []door.Request{{Action: "sqs:ListMessageMoveTasks", Resource: aws.ToString(in.SourceArn)}},
		Do: func(_ context.Context, in *sqs.ListMessageMoveTasksInput) (*sqs.ListMessageMoveTasksOutput, error) {
			if s.byARN(in.SourceArn) == nil {
				return nil, noResource()
			}
			n := 1
			if in.MaxResults != nil {
				if n = int(*in.MaxResults); n < 1 || n > 10 {
					return nil, invalid("InvalidParameterValue", "MaxResults must be from 1 to 10.")
				}
			}
			out := &sqs.ListMessageMoveTasksOutput{Results: []types.ListMessageMoveTasksResultEntry{}}
			for _, t := range slices.Backward(s.moves) {
				if t.source == *in.SourceArn && len(out.Results) < n {
					out.Results = append(out.Results, types.ListMessageMoveTasksResultEntry{Status: aws.String("COMPLETED"), SourceArn: &t.source, DestinationArn: t.destination,
						ApproximateNumberOfMessagesMoved: t.moved, ApproximateNumberOfMessagesToMove: aws.Int64(t.moved), StartedTimestamp: t.started.UnixMilli()})
				}
			}
			return out, nil
		},
	}, in)
}

// CancelMessageMoveTask finds no task that runs: here they are over at once.
func (s *Service) CancelMessageMoveTask(ctx context.Context, in *sqs.CancelMessageMoveTaskInput, _ ...func(*sqs.Options)) (*sqs.CancelMessageMoveTaskOutput, error) {
	in = door.Given(in)
	source := "*"
	if i := slices.IndexFunc(s.moves, func(t *move) bool { return t.handle == aws.ToString(in.TaskHandle) }); i >= 0 {
		source = s.moves[i].source
	}
	return door.Call(ctx, s.door, door.Op[sqs.CancelMessageMoveTaskInput, sqs.CancelMessageMoveTaskOutput]{
		Service: "sqs", Action: "CancelMessageMoveTask", Usage: oneRequest(), Needs: []door.Request{{Action: "sqs:CancelMessageMoveTask", Resource: source}},
		Do: func(context.Context, *sqs.CancelMessageMoveTaskInput) (*sqs.CancelMessageMoveTaskOutput, error) {
			if source == "*" {
				return nil, noResource()
			}
			return nil, invalid("InvalidParameterValue", "Only active tasks can be cancelled.")
		},
	}, in)
}
