package pipes

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/local/door"
)

const (
	// maxPayload is how big a batch gets whose target is a state machine: "262144 characters" ("Amazon EventBridge Pipes batching and
	// concurrency"). Before or after the template is not said: here the messages count as they came, which is more.
	maxPayload = 262_144
	// longest is how long an execution of a pipe takes at most (the same page).
	longest = 5 * time.Minute
)

// execution hands one batch over.
type execution struct {
	pipe     *pipe
	batch    []*jsonvalue.Object
	bytes    int
	began    time.Time
	attempts int
}

// attempt starts the target. A batch that was taken is deleted from the queue. What may pass is tried again; of the rest the messages come
// back when their visibility timeout is over, all of them: a state machine that is not waited for cannot say that some have failed.
func (e *execution) attempt() {
	p, s := e.pipe, e.pipe.service
	ctx, err := e.start()
	run := Run{Pipe: p.name, Target: p.target, Messages: len(e.batch), Bytes: e.bytes, Took: s.door.Now().Sub(e.began), Err: err}
	if err == nil {
		run.Took += door.Elapsed(ctx)
		e.remove(ctx)
	}
	for _, f := range s.onRun {
		f(run)
	}
	if err == nil || !passing(err) {
		return
	}
	e.attempts++
	pause := min(time.Second<<min(e.attempts-1, 10), time.Minute)
	if s.door.Now().Add(pause).Sub(e.began) < longest {
		s.clock.After(pause, e.attempt)
	}
}

// start makes the target's input, a list whatever the number of messages ("The request will be sent as a JSON array even if the batch size
// is 1"), and starts the target.
func (e *execution) start() (context.Context, error) {
	p := e.pipe
	ctx, err := p.assume(context.Background())
	if err != nil {
		return nil, err
	}
	list := make([]string, len(e.batch))
	for i, record := range e.batch {
		if list[i], err = p.template.apply(record); err != nil {
			return nil, err
		}
	}
	if err := p.service.door.Meter(door.Usage{Item: "pipes.request", Quantity: float64(len(e.batch))}); err != nil {
		return nil, err
	}
	_, err = p.service.machines.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &p.target, Input: aws.String("[" + strings.Join(list, ",") + "]")})
	return ctx, err
}

// remove deletes the messages. One that is not deleted comes again.
func (e *execution) remove(ctx context.Context) {
	p := e.pipe
	for from := 0; from < len(e.batch); from += perPoll {
		in := &sqs.DeleteMessageBatchInput{QueueUrl: &p.url}
		for i, record := range e.batch[from:min(from+perPoll, len(e.batch))] {
			handle, _ := record.Get("receiptHandle")
			in.Entries = append(in.Entries, types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: aws.String(handle.(string))})
		}
		out, err := p.service.queues.DeleteMessageBatch(ctx, in)
		if err == nil && len(out.Failed) > 0 {
			err = errors.New(aws.ToString(out.Failed[0].Message))
		}
		p.service.door.Report(err)
	}
}

// passing tells whether trying again may help: "EventBridge Pipes automatically retries enrichment and target invocation on any retryable
// AWS failures" ("Amazon EventBridge Pipes error handling and troubleshooting").
func passing(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && (api.ErrorFault() == smithy.FaultServer || door.IsThrottle(api.ErrorCode()))
}
