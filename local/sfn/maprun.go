package sfn

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/sim"
	"airline/local/door"
)

// mapRun is a distributed Map with its child executions in the order of their start.
type mapRun struct {
	*sim.MapRun
	children []*execution
}

// addMapRun keeps a distributed Map that has begun.
func (s *Service) addMapRun(m *sim.MapRun) {
	run := &mapRun{MapRun: m}
	s.mapRuns[m.ARN()] = run
	s.mapRunOrder = append(s.mapRunOrder, run)
}

// MapRuns lists the distributed Maps of an execution in the order of their beginning, past the API.
func (s *Service) MapRuns(of *sim.Execution) (list []*sim.MapRun) {
	for _, m := range s.mapRunOrder {
		if m.Execution() == of {
			list = append(list, m.MapRun)
		}
	}
	return list
}

// Children lists the child executions of a distributed Map in the order of their start, past the API.
func (s *Service) Children(of *sim.MapRun) []*sim.Execution {
	var list []*sim.Execution
	if m := s.mapRuns[of.ARN()]; m != nil {
		for _, x := range m.children {
			list = append(list, x.Execution)
		}
	}
	return list
}

func (s *Service) mapRun(arn *string) (*mapRun, error) {
	m, ok := s.mapRuns[aws.ToString(arn)]
	if !ok {
		return nil, &types.ResourceNotFound{Message: aws.String(fmt.Sprintf("Resource not found: '%s'", aws.ToString(arn))), ResourceName: arn}
	}
	return m, nil
}

// DescribeMapRun tells how a distributed Map stands.
func (s *Service) DescribeMapRun(ctx context.Context, in *sfn.DescribeMapRunInput, _ ...func(*sfn.Options)) (*sfn.DescribeMapRunOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DescribeMapRunInput, sfn.DescribeMapRunOutput]{
		Service: "sfn", Action: "DescribeMapRun",
		Needs: []door.Request{{Action: "states:DescribeMapRun", Resource: aws.ToString(in.MapRunArn)}},
		Do: func(_ context.Context, in *sfn.DescribeMapRunInput) (*sfn.DescribeMapRunOutput, error) {
			m, err := s.mapRun(in.MapRunArn)
			if err != nil {
				return nil, err
			}
			limits, executions, items := m.Limits(), m.Executions(), m.Items()
			out := &sfn.DescribeMapRunOutput{
				MapRunArn: aws.String(m.ARN()), ExecutionArn: aws.String(m.Execution().ARN()), Status: types.MapRunStatus(m.Status()),
				StartDate: aws.Time(m.StartTime()), MaxConcurrency: int32(limits.MaxConcurrency), RedriveCount: aws.Int32(0),
				// What is not given tolerates nothing ("ToleratedFailurePercentage", Step Functions guide).
				ToleratedFailureCount: int64(max(0, limits.ToleratedCount)), ToleratedFailurePercentage: float32(max(0, limits.ToleratedPercentage)),
				ExecutionCounts: &types.MapRunExecutionCounts{
					Total: int64(executions.Total), Pending: int64(executions.Pending), Running: int64(executions.Running), Succeeded: int64(executions.Succeeded),
					Failed: int64(executions.Failed), TimedOut: int64(executions.TimedOut), Aborted: int64(executions.Aborted), ResultsWritten: int64(executions.ResultsWritten),
				},
				ItemCounts: &types.MapRunItemCounts{
					Total: int64(items.Total), Pending: int64(items.Pending), Running: int64(items.Running), Succeeded: int64(items.Succeeded),
					Failed: int64(items.Failed), TimedOut: int64(items.TimedOut), Aborted: int64(items.Aborted), ResultsWritten: int64(items.ResultsWritten),
				},
			}
			if m.Status() != sim.Running {
				out.StopDate = aws.Time(m.StopTime())
			}
			return out, nil
		},
	}, in)
}

// ListMapRuns lists the distributed Maps of an execution, the latest first.
func (s *Service) ListMapRuns(ctx context.Context, in *sfn.ListMapRunsInput, _ ...func(*sfn.Options)) (*sfn.ListMapRunsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.ListMapRunsInput, sfn.ListMapRunsOutput]{
		Service: "sfn", Action: "ListMapRuns",
		Needs: []door.Request{{Action: "states:ListMapRuns", Resource: aws.ToString(in.ExecutionArn)}},
		Do: func(_ context.Context, in *sfn.ListMapRunsInput) (*sfn.ListMapRunsOutput, error) {
			x, err := s.execution(in.ExecutionArn)
			if err != nil {
				return nil, err
			}
			var list []types.MapRunListItem
			for _, m := range slices.Backward(s.mapRunOrder) {
				if m.Execution() != x.Execution {
					continue
				}
				item := types.MapRunListItem{
					MapRunArn: aws.String(m.ARN()), ExecutionArn: in.ExecutionArn, StateMachineArn: aws.String(x.machine.arn), StartDate: aws.Time(m.StartTime()),
				}
				if m.Status() != sim.Running {
					item.StopDate = aws.Time(m.StopTime())
				}
				list = append(list, item)
			}
			page, next, err := paginate(list, in.MaxResults, in.NextToken)
			return &sfn.ListMapRunsOutput{MapRuns: page, NextToken: next}, err
		},
	}, in)
}

// UpdateMapRun changes how many child executions of a distributed Map run at a time, and how many may fail.
func (s *Service) UpdateMapRun(ctx context.Context, in *sfn.UpdateMapRunInput, _ ...func(*sfn.Options)) (*sfn.UpdateMapRunOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.UpdateMapRunInput, sfn.UpdateMapRunOutput]{
		Service: "sfn", Action: "UpdateMapRun",
		Needs: []door.Request{{Action: "states:UpdateMapRun", Resource: aws.ToString(in.MapRunArn)}},
		Do: func(_ context.Context, in *sfn.UpdateMapRunInput) (*sfn.UpdateMapRunOutput, error) {
			m, err := s.mapRun(in.MapRunArn)
			if err != nil {
				return nil, err
			}
			limits := m.Limits()
			if n := in.MaxConcurrency; n != nil {
				if limits.MaxConcurrency = int(*n); *n < 0 {
					return nil, outOfRange("maxConcurrency", *n, "Member must have value greater than or equal to 0")
				}
			}
			if n := in.ToleratedFailureCount; n != nil {
				if limits.ToleratedCount = int(*n); *n < 0 {
					return nil, outOfRange("toleratedFailureCount", *n, "Member must have value greater than or equal to 0")
				}
			}
			if n := in.ToleratedFailurePercentage; n != nil {
				if limits.ToleratedPercentage = float64(*n); *n < 0 || *n > 100 {
					return nil, outOfRange("toleratedFailurePercentage", *n, "Member must have value between 0 and 100")
				}
			}
			if m.Status() != sim.Running {
				return nil, validation("Map Run is %s and cannot be updated: '%s'", m.Status(), m.ARN())
			}
			m.Limit(limits)
			return &sfn.UpdateMapRunOutput{}, nil
		},
	}, in)
}

func outOfRange(member string, value any, constraint string) error {
	return validation("1 validation error detected: Value '%v' at '%s' failed to satisfy constraint: %s", value, member, constraint)
}
