package wire

import (
	"context"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// receive is long polling: a ReceiveMessage that finds nothing is tried again, whenever the world has changed, until its
// WaitTimeSeconds (at most 20) are over.
func (s *Server) receive(ctx context.Context, in reflect.Value, call func() (reflect.Value, error)) (reflect.Value, error) {
	until := s.engine.now().Add(time.Duration(min(20, in.Interface().(*sqs.ReceiveMessageInput).WaitTimeSeconds)) * time.Second)
	for {
		out, err := call()
		if err != nil || len(out.Interface().(*sqs.ReceiveMessageOutput).Messages) > 0 || !s.engine.now().Before(until) {
			return out, err
		}
		s.engine.await(ctx, until)
	}
}
