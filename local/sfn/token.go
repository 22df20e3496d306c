package sfn

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/sim"
	"airline/local/door"
)

// task finds the task that waits for a token.
func (s *Service) task(token *string) (*sim.Task, error) {
	t, ok := s.tokens[aws.ToString(token)]
	if !ok {
		return nil, &types.InvalidToken{Message: aws.String("Invalid Token: 'Invalid token'")}
	}
	if t.Done() {
		return nil, &types.TaskTimedOut{Message: aws.String("Task Timed Out: 'Provided task does not exist anymore'")}
	}
	return t, nil
}

// Waiting is the number of tasks that wait for somebody outside: to answer with their token, or as a function.
func (s *Service) Waiting() int { return len(s.tokens) + s.calls }

// SendTaskSuccess ends a task that waits for its token with an output.
func (s *Service) SendTaskSuccess(ctx context.Context, in *sfn.SendTaskSuccessInput, _ ...func(*sfn.Options)) (*sfn.SendTaskSuccessOutput, error) {
	return door.Call(ctx, s.door, door.Op[sfn.SendTaskSuccessInput, sfn.SendTaskSuccessOutput]{
		Service: "sfn", Action: "SendTaskSuccess",
		Needs: []door.Request{{Action: "states:SendTaskSuccess", Resource: "*"}},
		Do: func(_ context.Context, in *sfn.SendTaskSuccessInput) (*sfn.SendTaskSuccessOutput, error) {
			t, err := s.task(in.TaskToken)
			if err != nil {
				return nil, err
			}
			output, err := parseInput(aws.ToString(in.Output))
			if err != nil {
				return nil, &types.InvalidOutput{Message: aws.String("Invalid Output: " + err.Error())}
			}
			t.Succeed(output)
			return &sfn.SendTaskSuccessOutput{}, nil
		},
	}, in)
}

// SendTaskFailure ends a task that waits for its token with an error.
func (s *Service) SendTaskFailure(ctx context.Context, in *sfn.SendTaskFailureInput, _ ...func(*sfn.Options)) (*sfn.SendTaskFailureOutput, error) {
	return door.Call(ctx, s.door, door.Op[sfn.SendTaskFailureInput, sfn.SendTaskFailureOutput]{
		Service: "sfn", Action: "SendTaskFailure",
		Needs: []door.Request{{Action: "states:SendTaskFailure", Resource: "*"}},
		Do: func(_ context.Context, in *sfn.SendTaskFailureInput) (*sfn.SendTaskFailureOutput, error) {
			t, err := s.task(in.TaskToken)
			if err != nil {
				return nil, err
			}
			t.FailWithout(in.Error, in.Cause)
			return &sfn.SendTaskFailureOutput{}, nil
		},
	}, in)
}

// SendTaskHeartbeat says that a task that waits for its token is alive.
func (s *Service) SendTaskHeartbeat(ctx context.Context, in *sfn.SendTaskHeartbeatInput, _ ...func(*sfn.Options)) (*sfn.SendTaskHeartbeatOutput, error) {
	return door.Call(ctx, s.door, door.Op[sfn.SendTaskHeartbeatInput, sfn.SendTaskHeartbeatOutput]{
		Service: "sfn", Action: "SendTaskHeartbeat",
		Needs: []door.Request{{Action: "states:SendTaskHeartbeat", Resource: "*"}},
		Do: func(_ context.Context, in *sfn.SendTaskHeartbeatInput) (*sfn.SendTaskHeartbeatOutput, error) {
			t, err := s.task(in.TaskToken)
			if err != nil {
				return nil, err
			}
			t.SendHeartbeat()
			return &sfn.SendTaskHeartbeatOutput{}, nil
		},
	}, in)
}
