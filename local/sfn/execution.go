package sfn

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

// StartExecution starts an execution. Starting one of the same name with the same input while it runs is no
// error and starts nothing; otherwise a name can be used once.
func (s *Service) StartExecution(ctx context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	in = door.Given(in)
	machineARN, test := caseOf(in.StateMachineArn)
	return door.Call(ctx, s.door, door.Op[sfn.StartExecutionInput, sfn.StartExecutionOutput]{
		Service: "sfn", Action: "StartExecution",
		Needs: []door.Request{{Action: "states:StartExecution", Resource: unqualified(aws.ToString(machineARN))}},
		Takes: []string{"StateMachineArn", "Name", "Input", "TraceHeader"},
		Do: func(_ context.Context, in *sfn.StartExecutionInput) (*sfn.StartExecutionOutput, error) {
			current, m, version, err := s.resolve(machineARN)
			if err != nil {
				return nil, err
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
			if m.kindOf() == types.StateMachineTypeExpress {
				rehearsal, err := s.rehearsal(m.name, test)
				if err != nil {
					return nil, err
				}
				x := s.startExpress(current, m, name, input, text, rehearsal)
				s.clock.After(longest, func() {
					if x.Status() == sim.Running {
						x.Stop("States.Timeout", "")
					}
				})
				return &sfn.StartExecutionOutput{ExecutionArn: aws.String(x.ARN()), StartDate: aws.Time(x.StartTime())}, nil
			}
			arn := executionARN(m.arn, name)
			if old, ok := s.executions[arn]; ok {
				if old.Status() == sim.Running && old.input == text {
					return &sfn.StartExecutionOutput{ExecutionArn: &arn, StartDate: aws.Time(old.StartTime())}, nil
				}
				return nil, &types.ExecutionAlreadyExists{Message: aws.String(fmt.Sprintf("Execution Already Exists: '%s'", arn))}
			}
			rehearsal, err := s.rehearsal(m.name, test)
			if err != nil {
				return nil, err
			}
			x := s.start(current, m, arn, name, input, text, rehearsal)
			x.version = version
			if _, ok := s.aliases[aws.ToString(machineARN)]; ok {
				x.alias = machineARN
			}
			return &sfn.StartExecutionOutput{ExecutionArn: &arn, StartDate: aws.Time(x.StartTime())}, nil
		},
	}, in)
}

// start begins an execution of a machine as it is now, or as it was in a version.
func (s *Service) start(current, m *machine, arn, name string, input any, text string, rehearsal *Rehearsal) *execution {
	x := &execution{machine: current, input: text}
	var objects sim.ObjectStore = store{s, m}
	var asOf time.Time
	if rehearsal != nil {
		if asOf = rehearsal.AsOf; rehearsal.Objects != nil {
			objects = rehearsal.Objects
		}
	}
	s.executions[arn] = x
	s.order = append(s.order, x)
	x.Execution = m.program.Start(s.clock, input, sim.Options{
		Name: name, ExecutionARN: arn, StateMachineARN: m.arn, RoleARN: m.role, Region: s.place.Region, Account: s.place.Account,
		Tasks:   s.tasks(m, rehearsal),
		Objects: objects, AsOf: asOf,
		Rand: s.door.Rand(), ID: s.door.UUID, History: true, Spill: s.spill,
		OnEvent: func(e sim.Event) {
			s.log(x, e)
			for _, f := range s.onEvent {
				f(x.Execution, e)
			}
		},
		OnDone:  func(*sim.Execution) { s.ended(x) },
		OnChild: func(child *sim.Execution) { s.addChild(m, child) }, OnMapRun: s.addMapRun,
	})
	s.trace(m, name)
	return x
}

func (s *Service) ended(x *execution) {
	s.trace(x.machine, x.Name())
	s.door.Report(s.door.Meter(door.Usage{Item: "states.transition", Quantity: float64(x.Transitions())}))
	for _, f := range x.waiting {
		f()
	}
	x.waiting = nil
}

// StopExecution aborts a running execution.
func (s *Service) StopExecution(ctx context.Context, in *sfn.StopExecutionInput, _ ...func(*sfn.Options)) (*sfn.StopExecutionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.StopExecutionInput, sfn.StopExecutionOutput]{
		Service: "sfn", Action: "StopExecution",
		Needs: []door.Request{{Action: "states:StopExecution", Resource: aws.ToString(in.ExecutionArn)}},
		Do: func(_ context.Context, in *sfn.StopExecutionInput) (*sfn.StopExecutionOutput, error) {
			x, err := s.execution(in.ExecutionArn)
			if err != nil {
				return nil, err
			}
			x.Stop(aws.ToString(in.Error), aws.ToString(in.Cause))
			return &sfn.StopExecutionOutput{StopDate: aws.Time(x.StopTime())}, nil
		},
	}, in)
}

// DescribeExecution tells how an execution stands.
func (s *Service) DescribeExecution(ctx context.Context, in *sfn.DescribeExecutionInput, _ ...func(*sfn.Options)) (*sfn.DescribeExecutionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DescribeExecutionInput, sfn.DescribeExecutionOutput]{
		Service: "sfn", Action: "DescribeExecution",
		Needs: []door.Request{{Action: "states:DescribeExecution", Resource: aws.ToString(in.ExecutionArn)}},
		Takes: []string{"ExecutionArn"},
		Do: func(ctx context.Context, in *sfn.DescribeExecutionInput) (*sfn.DescribeExecutionOutput, error) {
			x, err := s.execution(in.ExecutionArn)
			if err != nil {
				return nil, err
			}
			if err := s.decrypt(ctx, x.machine); err != nil {
				return nil, err
			}
			included := &types.CloudWatchEventsExecutionDataDetails{Included: true}
			out := &sfn.DescribeExecutionOutput{
				ExecutionArn: aws.String(x.ARN()), StateMachineArn: aws.String(x.machine.arn), Name: aws.String(x.Name()),
				Status: types.ExecutionStatus(x.Status()), StartDate: aws.Time(x.StartTime()),
				Input: aws.String(x.input), InputDetails: included, StateMachineVersionArn: x.version, StateMachineAliasArn: x.alias,
				RedriveStatus: types.ExecutionRedriveStatusRedrivable,
			}
			if m := x.Run(); m != nil {
				out.MapRunArn, out.StateMachineArn = aws.String(m.ARN()), aws.String(x.StateMachineARN())
			}
			redrives, at := x.Redrives()
			if out.RedriveCount = aws.Int32(int32(redrives)); redrives > 0 {
				out.RedriveDate = aws.Time(at)
			}
			if reason := s.notRedrivable(x); reason != "" {
				out.RedriveStatus, out.RedriveStatusReason = types.ExecutionRedriveStatusNotRedrivable, &reason
			}
			if x.Status() == sim.Running {
				return out, nil
			}
			out.StopDate = aws.Time(x.StopTime())
			if x.Status() == sim.Succeeded {
				out.Output, out.OutputDetails = aws.String(jsonvalue.String(x.Output())), included
				return out, nil
			}
			out.Error, out.Cause = optional(x.Error()), optional(x.Cause())
			return out, nil
		},
	}, in)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// ListExecutions lists a machine's executions, or the child executions of a distributed Map, the latest first.
func (s *Service) ListExecutions(ctx context.Context, in *sfn.ListExecutionsInput, _ ...func(*sfn.Options)) (*sfn.ListExecutionsOutput, error) {
	in = door.Given(in)
	needs := door.Request{Action: "states:ListExecutions", Resource: unqualified(aws.ToString(in.StateMachineArn))}
	if in.MapRunArn != nil {
		needs.Resource = *in.MapRunArn
	}
	return door.Call(ctx, s.door, door.Op[sfn.ListExecutionsInput, sfn.ListExecutionsOutput]{
		Service: "sfn", Action: "ListExecutions",
		Needs: []door.Request{needs},
		Takes: []string{"StateMachineArn", "MapRunArn", "StatusFilter", "MaxResults", "NextToken"},
		Do: func(_ context.Context, in *sfn.ListExecutionsInput) (*sfn.ListExecutionsOutput, error) {
			all, err := s.listed(in)
			if err != nil {
				return nil, err
			}
			var list []types.ExecutionListItem
			for _, x := range slices.Backward(all) {
				if in.StatusFilter == "" || string(in.StatusFilter) == string(x.Status()) {
					list = append(list, x.listItem())
				}
			}
			page, next, err := paginate(list, in.MaxResults, in.NextToken)
			return &sfn.ListExecutionsOutput{Executions: page, NextToken: next}, err
		},
	}, in)
}

// listed are the executions that a list is of, in the order of their start.
func (s *Service) listed(in *sfn.ListExecutionsInput) (list []*execution, err error) {
	if (in.MapRunArn == nil) == (in.StateMachineArn == nil) {
		return nil, validation("Must specify either a mapRunArn or stateMachineArn, but not both.")
	}
	if in.MapRunArn != nil {
		m, err := s.mapRun(in.MapRunArn)
		if err != nil {
			return nil, err
		}
		return m.children, nil
	}
	m, _, _, err := s.resolve(in.StateMachineArn)
	if err != nil {
		return nil, err
	}
	if m.kindOf() == types.StateMachineTypeExpress {
		return nil, &types.StateMachineTypeNotSupported{Message: aws.String("This operation is not supported by this type of state machine")}
	}
	for _, x := range s.order {
		if x.machine == m && x.startedAs(*in.StateMachineArn) {
			list = append(list, x)
		}
	}
	return list, nil
}

// listItem is an execution in a list.
func (x *execution) listItem() types.ExecutionListItem {
	item := types.ExecutionListItem{
		ExecutionArn: aws.String(x.ARN()), Name: aws.String(x.Name()), StateMachineArn: aws.String(x.machine.arn),
		StartDate: aws.Time(x.StartTime()), Status: types.ExecutionStatus(x.Status()), StateMachineVersionArn: x.version, StateMachineAliasArn: x.alias,
	}
	if m := x.Run(); m != nil {
		items := int32(m.ItemsOf(x.Execution))
		item.MapRunArn, item.ItemCount, item.StateMachineArn = aws.String(m.ARN()), &items, aws.String(x.StateMachineARN())
	}
	redrives, at := x.Redrives()
	if item.RedriveCount = aws.Int32(int32(redrives)); redrives > 0 {
		item.RedriveDate = aws.Time(at)
	}
	if x.Status() != sim.Running {
		item.StopDate = aws.Time(x.StopTime())
	}
	return item
}

// paginate cuts a page out of a list; the token is the index at which the next one begins.
func paginate[T any](list []T, limit int32, token *string) ([]T, *string, error) {
	n := 100
	if limit > 0 {
		n = min(int(limit), 1000)
	}
	page, next, ok := door.Page(list, token, n)
	if !ok {
		return nil, nil, &types.InvalidToken{Message: aws.String("Invalid Token: '" + *token + "'")}
	}
	return page, next, nil
}

// DescribeStateMachine gives a machine's definition and settings.
func (s *Service) DescribeStateMachine(ctx context.Context, in *sfn.DescribeStateMachineInput, _ ...func(*sfn.Options)) (*sfn.DescribeStateMachineOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DescribeStateMachineInput, sfn.DescribeStateMachineOutput]{
		Service: "sfn", Action: "DescribeStateMachine",
		Needs: []door.Request{{Action: "states:DescribeStateMachine", Resource: unqualified(aws.ToString(in.StateMachineArn))}},
		Takes: []string{"StateMachineArn"},
		Do: func(_ context.Context, in *sfn.DescribeStateMachineInput) (*sfn.DescribeStateMachineOutput, error) {
			_, m, version, err := s.resolve(in.StateMachineArn)
			if err != nil {
				return nil, err
			}
			arn := m.arn
			if version != nil {
				arn = *version
			}
			return &sfn.DescribeStateMachineOutput{
				StateMachineArn: &arn, Name: &m.name, RoleArn: &m.role, Definition: &m.definition, CreationDate: aws.Time(m.created),
				Type: m.kindOf(), Status: types.StateMachineStatusActive, RevisionId: optional(m.revision),
				LoggingConfiguration: &types.LoggingConfiguration{Level: m.loggedAt(), IncludeExecutionData: m.logData},
				TracingConfiguration: &types.TracingConfiguration{Enabled: m.tracing},
			}, nil
		},
	}, in)
}

// ListStateMachines lists the machines by name.
func (s *Service) ListStateMachines(ctx context.Context, in *sfn.ListStateMachinesInput, _ ...func(*sfn.Options)) (*sfn.ListStateMachinesOutput, error) {
	return door.Call(ctx, s.door, door.Op[sfn.ListStateMachinesInput, sfn.ListStateMachinesOutput]{
		Service: "sfn", Action: "ListStateMachines",
		Needs: []door.Request{{Action: "states:ListStateMachines", Resource: "*"}},
		Takes: []string{"MaxResults", "NextToken"},
		Do: func(_ context.Context, in *sfn.ListStateMachinesInput) (*sfn.ListStateMachinesOutput, error) {
			var list []types.StateMachineListItem
			for _, m := range s.sorted() {
				list = append(list, types.StateMachineListItem{
					StateMachineArn: &m.arn, Name: &m.name, CreationDate: aws.Time(m.created), Type: m.kindOf(),
				})
			}
			page, next, err := paginate(list, in.MaxResults, in.NextToken)
			return &sfn.ListStateMachinesOutput{StateMachines: page, NextToken: next}, err
		},
	}, in)
}

// GetExecutionHistory lists the events of an execution.
func (s *Service) GetExecutionHistory(ctx context.Context, in *sfn.GetExecutionHistoryInput, _ ...func(*sfn.Options)) (*sfn.GetExecutionHistoryOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.GetExecutionHistoryInput, sfn.GetExecutionHistoryOutput]{
		Service: "sfn", Action: "GetExecutionHistory",
		Needs:   []door.Request{{Action: "states:GetExecutionHistory", Resource: aws.ToString(in.ExecutionArn)}},
		Takes:   []string{"ExecutionArn", "MaxResults", "NextToken", "ReverseOrder"},
		Latency: 80 * time.Millisecond,
		Do: func(ctx context.Context, in *sfn.GetExecutionHistoryInput) (*sfn.GetExecutionHistoryOutput, error) {
			x, err := s.execution(in.ExecutionArn)
			if err != nil {
				return nil, err
			}
			if err := s.decrypt(ctx, x.machine); err != nil {
				return nil, err
			}
			events := x.History()
			if in.ReverseOrder {
				slices.Reverse(events)
			}
			page, next, err := paginate(events, in.MaxResults, in.NextToken)
			if err != nil {
				return nil, err
			}
			out := &sfn.GetExecutionHistoryOutput{NextToken: next}
			for _, e := range page {
				shown, err := historyEvent(e)
				if err != nil {
					return nil, err
				}
				out.Events = append(out.Events, shown)
			}
			return out, nil
		},
	}, in)
}
