package sfn

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

// longest is how long an execution of an express machine may take (Step Functions quotas).
const longest = 5 * time.Minute

// StartSyncExecution runs an execution of an express machine and answers with its end. Only a call that can wait for the world
// ([WithWait]) can do that.
func (s *Service) StartSyncExecution(ctx context.Context, in *sfn.StartSyncExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartSyncExecutionOutput, error) {
	in = door.Given(in)
	arn, test := caseOf(in.StateMachineArn)
	return door.Call(ctx, s.door, door.Op[sfn.StartSyncExecutionInput, sfn.StartSyncExecutionOutput]{
		Service: "sfn", Action: "StartSyncExecution",
		Needs: []door.Request{{Action: "states:StartSyncExecution", Resource: unqualified(aws.ToString(arn))}},
		Takes: []string{"StateMachineArn", "Name", "Input"},
		Do: func(ctx context.Context, in *sfn.StartSyncExecutionInput) (*sfn.StartSyncExecutionOutput, error) {
			current, m, _, err := s.resolve(arn)
			if err != nil {
				return nil, err
			}
			if m.kindOf() != types.StateMachineTypeExpress {
				return nil, &types.StateMachineTypeNotSupported{Message: aws.String("This operation is not supported by this type of state machine")}
			}
			wait := waitOf(ctx)
			if wait == nil {
				return nil, door.NotModelled("StartSyncExecution within a state machine")
			}
			name := s.door.UUID()
			if in.Name != nil {
				name = *in.Name
			}
			if err := checkName(name); err != nil {
				return nil, err
			}
			text := "{}"
			if in.Input != nil {
				text = *in.Input
			}
			input, err := parseInput(text)
			if err != nil {
				return nil, err
			}
			rehearsal, err := s.rehearsal(m.name, test)
			if err != nil {
				return nil, err
			}
			x := s.startExpress(current, m, name, input, text, rehearsal)
			wait(func() bool { return x.Status() != sim.Running }, longest)
			if x.Status() == sim.Running {
				x.Stop("States.Timeout", "")
			}
			included := &types.CloudWatchEventsExecutionDataDetails{Included: true}
			out := &sfn.StartSyncExecutionOutput{
				ExecutionArn: aws.String(x.ARN()), StateMachineArn: &m.arn, Name: &name, StartDate: aws.Time(x.StartTime()), StopDate: aws.Time(x.StopTime()),
				Input: &text, InputDetails: included, Status: types.SyncExecutionStatusFailed,
				BillingDetails: &types.BillingDetails{BilledMemoryUsedInMB: 64, BilledDurationInMilliseconds: (x.Elapsed().Milliseconds() + 99) / 100 * 100},
			}
			switch x.Status() {
			case sim.Succeeded:
				out.Status, out.Output, out.OutputDetails = types.SyncExecutionStatusSucceeded, aws.String(jsonvalue.String(x.Output())), included
				return out, nil
			case sim.TimedOut, sim.Aborted:
				out.Status = types.SyncExecutionStatusTimedOut
			}
			out.Error, out.Cause = optional(x.Error()), optional(x.Cause())
			return out, nil
		},
	}, in)
}

// startExpress begins an execution of an express machine: a name may be used again, and the history goes to the logs alone.
func (s *Service) startExpress(current, m *machine, name string, input any, text string, rehearsal *Rehearsal) *execution {
	return s.start(current, m, s.arn("express:"+m.name+":"+name+":"+s.door.UUID()), name, input, text, rehearsal)
}
