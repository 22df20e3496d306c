package sfn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/ast"
	"airline/asl/sim"
	"airline/local/door"
	"airline/local/recorder"
	"airline/local/resource"
)

// Types gives the functions that take the state machines and aliases of a deployed stack in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:sfn/stateMachine:StateMachine": s.addMachine,
		"aws:sfn/alias:Alias":               s.addAlias,
	}
}

func (s *Service) addMachine(r *recorder.Resource) error {
	var in struct {
		Name       string `prop:"name,output"`
		ARN        string `prop:"arn,output"`
		Given      any    `prop:"name,ignore"`
		Role       string `prop:"roleArn"`
		Definition string `prop:"definition"`
		Type       string `prop:"type"`
		Logging    struct {
			Level       string `prop:"level"`
			Data        bool   `prop:"includeExecutionData"`
			Destination string `prop:"logDestination"`
		} `prop:"loggingConfiguration"`
		Tracing struct {
			Enabled bool `prop:"enabled"`
		} `prop:"tracingConfiguration"`
		Encryption struct {
			Type   string `prop:"type"`
			Key    string `prop:"kmsKeyId"`
			Period any    `prop:"kmsDataKeyReusePeriodSeconds,ignore"`
		} `prop:"encryptionConfiguration"`
		Publish bool              `prop:"publish"`
		Tags    map[string]string `prop:"tags"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if in.Type != "" && in.Type != "STANDARD" {
		return resource.Problem(r, "machines of type %q are not modelled by the local world", in.Type)
	}
	if customer := in.Encryption.Type == "CUSTOMER_MANAGED_KMS_KEY"; customer != (in.Encryption.Key != "") || customer && s.keys == nil {
		return resource.Problem(r, "encryptionConfiguration of type %q with the key %q cannot be", in.Encryption.Type, in.Encryption.Key)
	}
	definition, err := ast.Parse([]byte(in.Definition))
	if err != nil {
		return resource.Problem(r, "the definition: %v", err)
	}
	program, err := sim.Compile(definition)
	if err != nil {
		return resource.Problem(r, "the definition: %v", err)
	}
	m := &machine{
		name: in.Name, arn: in.ARN, role: in.Role, definition: in.Definition, program: program, created: s.door.Now(), tags: in.Tags,
		published: in.Publish, key: in.Encryption.Key, tracing: in.Tracing.Enabled, logLevel: types.LogLevel(in.Logging.Level), logData: in.Logging.Data,
	}
	if m.logLevel != "" && m.logLevel != types.LogLevelOff {
		part := strings.SplitN(strings.TrimSuffix(in.Logging.Destination, ":*"), ":log-group:", 2)
		if len(part) != 2 || part[1] == "" || !strings.HasSuffix(in.Logging.Destination, ":*") {
			return resource.Problem(r, "the log destination %q is not the ARN of a log group ending in :*", in.Logging.Destination)
		}
		m.logGroup = part[1]
	}
	s.machines[m.arn] = m
	return s.checkTasks(r, definition)
}

// checkTasks refuses tasks that no service of the local world performs, and parameters that the API does not
// have, as CreateStateMachine does. All of a machine's are reported at once. The services are all registered
// before the first resource is read.
func (s *Service) checkTasks(r *recorder.Resource, d *ast.Definition) error {
	var errs []error
	for _, state := range d.States {
		if state.Type == ast.TypeTask {
			errs = append(errs, s.checkTask(r, state))
		}
		if below := state.Processor(); below != nil {
			errs = append(errs, s.checkTasks(r, below))
		}
		for _, branch := range state.Branches {
			errs = append(errs, s.checkTasks(r, branch))
		}
	}
	return errors.Join(errs...)
}

func (s *Service) checkTask(r *recorder.Resource, state *ast.State) error {
	method, err := s.registry.Find(state.Resource)
	if err != nil {
		return resource.Problem(r, "state %q: %v", state.Name, err)
	}
	if p := method.Integration.Pattern; p == "sync" || p == "sync:2" {
		if _, ok := s.jobOf(method.Integration); !ok {
			return resource.Problem(r, "state %q: the local world does not model %s", state.Name, state.Resource)
		}
	}
	parameters := state.Parameters
	if state.Arguments.IsSet() {
		parameters = state.Arguments
	}
	if !parameters.IsSet() {
		return nil
	}
	value := parameters.Value()
	if method.Integration.Optimized {
		value = textMembers(value)
	}
	if err := method.Check(value); err != nil {
		return resource.Problem(r, "state %q: %v", state.Name, err)
	}
	return nil
}

// logDelivery are the actions that a machine's role needs to log to CloudWatch Logs, none of which has a
// resource type (Step Functions Developer Guide, "IAM policies for logging to CloudWatch Logs").
var logDelivery = []string{
	"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
	"logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
}

// traceActions are those of the X-Ray tracing of a machine.
var traceActions = []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"}

// Create checks, once roles and policies are in place, what CreateStateMachine does: Step Functions may assume
// the role, and the role may log where the machine is told to.
func (s *Service) Create() error {
	var errs []error
	for _, m := range s.sorted() {
		ctx, err := s.assume(m)
		if err != nil {
			errs = append(errs, fmt.Errorf("creating the state machine %s: %w", m.name, err))
			continue
		}
		if err := s.encrypt(ctx, m); err != nil {
			errs = append(errs, err)
		}
		if err := s.manageRule(ctx, m); err != nil {
			errs = append(errs, err)
		}
		if m.logGroup != "" {
			for _, action := range logDelivery {
				if err := s.door.Authorize(ctx, "sfn", door.Request{Action: action, Resource: "*"}); err != nil {
					errs = append(errs, fmt.Errorf("creating the state machine %s: its role is not authorized to access the log destination: %w", m.name, err))
					break
				}
			}
		}
	}
	return errors.Join(errs...)
}

// manageRule asks, for a machine that waits for executions of others, whether its role may keep the rule by which Step Functions hears of
// their end ("IAM policies for calling Step Functions workflows", Step Functions Developer Guide).
func (s *Service) manageRule(ctx context.Context, m *machine) error {
	if !strings.Contains(m.definition, ":states:startExecution.sync") {
		return nil
	}
	rule := fmt.Sprintf("arn:%s:events:%s:%s:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule", s.place.Partition, s.place.Region, s.place.Account)
	for _, action := range []string{"events:PutTargets", "events:PutRule", "events:DescribeRule"} {
		if err := s.door.Authorize(ctx, "sfn", door.Request{Action: action, Resource: rule}); err != nil {
			return fmt.Errorf("creating the state machine %s: its role is not authorized to create managed-rule: %w", m.name, err)
		}
	}
	return nil
}

func (s *Service) sorted() []*machine {
	list := make([]*machine, 0, len(s.machines))
	for _, m := range s.machines {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *machine) int { return strings.Compare(a.name, b.name) })
	return list
}

// trace sends the X-Ray segments of an execution. Refused traces do not stop it; they are a problem to report.
func (s *Service) trace(m *machine, name string) {
	if !m.tracing {
		return
	}
	ctx, err := s.assume(m)
	if err != nil {
		s.door.Report(err)
		return
	}
	s.door.Report(s.sendTrace(ctx, m, name))
}

func (s *Service) sendTrace(ctx context.Context, m *machine, name string) error {
	for _, action := range traceActions {
		if err := s.door.Authorize(ctx, "xray", door.Request{Action: action, Resource: "*"}); err != nil {
			return fmt.Errorf("tracing the execution %s of %s: %w", name, m.name, err)
		}
	}
	return s.door.Meter(door.Usage{Item: "xray.trace", Quantity: 0.5})
}
