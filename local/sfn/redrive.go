package sfn

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/sim"
	"airline/local/door"
)

// redrivable is how long after its end an execution can be redriven ("Restarting state machine executions with redrive", Step
// Functions guide).
const redrivable = 14 * 24 * time.Hour

// notRedrivable is why an execution cannot be redriven; empty when it can.
func (s *Service) notRedrivable(x *execution) string {
	switch status := x.Status(); {
	case status == sim.Running || status == sim.Succeeded:
		return "Execution is " + string(status) + " and cannot be redriven"
	case s.door.Now().Sub(x.StopTime()) > redrivable:
		return "Execution's redrivable period exceeded"
	}
	return ""
}

// RedriveExecution goes on with an execution that has not succeeded, from the state that failed.
func (s *Service) RedriveExecution(ctx context.Context, in *sfn.RedriveExecutionInput, _ ...func(*sfn.Options)) (*sfn.RedriveExecutionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.RedriveExecutionInput, sfn.RedriveExecutionOutput]{
		Service: "sfn", Action: "RedriveExecution",
		Needs: []door.Request{{Action: "states:RedriveExecution", Resource: aws.ToString(in.ExecutionArn)}},
		Takes: []string{"ExecutionArn", "ClientToken"},
		Do: func(_ context.Context, in *sfn.RedriveExecutionInput) (*sfn.RedriveExecutionOutput, error) {
			x, err := s.execution(in.ExecutionArn)
			if err != nil {
				return nil, err
			}
			if redrives, at := x.Redrives(); in.ClientToken != nil && x.redriveToken == *in.ClientToken && redrives > 0 {
				return &sfn.RedriveExecutionOutput{RedriveDate: aws.Time(at)}, nil // the same call again
			}
			reason := s.notRedrivable(x)
			if reason == "" {
				if err := x.Redrive(); err != nil {
					reason = err.Error()
				}
			}
			if reason != "" {
				return nil, &types.ExecutionNotRedrivable{Message: &reason}
			}
			x.redriveToken = aws.ToString(in.ClientToken)
			_, at := x.Redrives()
			return &sfn.RedriveExecutionOutput{RedriveDate: aws.Time(at)}, nil
		},
	}, in)
}

// startedAs tells whether the execution was started by an ARN: any by the machine's, others by the alias or version they name.
func (x *execution) startedAs(arn string) bool {
	return arn == x.machine.arn || x.alias != nil && *x.alias == arn || x.version != nil && *x.version == arn
}
