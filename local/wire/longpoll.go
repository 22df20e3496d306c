package wire

import (
	"context"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// receive is long polling: a ReceiveMessage that finds nothing is tried again, whenever the world has changed, until its
// WaitTimeSeconds (at most 20), or those of its queue, are over. An explicit 0 is taken for none.
func (s *Server) receive(ctx context.Context, in reflect.Value, call func() (reflect.Value, error)) (reflect.Value, error) {
	asked := in.Interface().(*sqs.ReceiveMessageInput)
	wait := asked.WaitTimeSeconds
	if wait == 0 {
		wait = s.world.SQS().Wait(aws.ToString(asked.QueueUrl))
	}
	until := s.engine.now().Add(time.Duration(min(20, wait)) * time.Second)
	for {
		out, err := call()
		if err != nil || len(out.Interface().(*sqs.ReceiveMessageOutput).Messages) > 0 {
			return out, err
		}
		s.engine.until(ctx, func() bool { return s.world.SQS().Visible(aws.ToString(asked.QueueUrl)) }, until.Sub(s.engine.now()))
		if ctx.Err() != nil || !s.engine.now().Before(until) {
			return out, err
		}
	}
}
