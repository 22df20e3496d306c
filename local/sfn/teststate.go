package sfn

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

// testedName is the name of a state that is given without a machine.
const testedName = "StateName"

// TestState runs one state alone. Without a mock its task is performed, as the given role. What is refused, and in which words,
// was recorded on AWS (asl/sim.StateTest); lengths and ranges of mocked results are not judged (awsapi.CheckResult).
func (s *Service) TestState(ctx context.Context, in *sfn.TestStateInput, _ ...func(*sfn.Options)) (*sfn.TestStateOutput, error) {
	in = door.Given(in)
	needs := []door.Request{{Action: "states:TestState", Resource: "*"}}
	if in.RevealSecrets {
		needs = append(needs, door.Request{Action: "states:RevealSecrets", Resource: "*"})
	}
	return door.Call(ctx, s.door, door.Op[sfn.TestStateInput, sfn.TestStateOutput]{
		Service: "sfn", Action: "TestState", Needs: needs,
		Do: func(ctx context.Context, in *sfn.TestStateInput) (*sfn.TestStateOutput, error) {
			state, program, err := tested(in)
			if err != nil {
				return nil, err
			}
			test, err := mockOf(in, state)
			if err != nil {
				return nil, err
			}
			test.State = state.Name
			if err := s.checkTestRole(in, state); err != nil {
				return nil, err
			}
			input, err := parseInput(cmp.Or(aws.ToString(in.Input), "{}"))
			if err != nil {
				return nil, err
			}
			wait := waitOf(ctx)
			if wait == nil {
				return nil, door.NotModelled("TestState within a state machine")
			}
			m := &machine{name: s.door.UUID(), role: aws.ToString(in.RoleArn), program: program, kind: types.StateMachineTypeExpress}
			m.arn = s.arn("stateMachine:" + m.name)
			name := s.door.UUID()
			x, err := program.StartState(s.clock, input, test, sim.Options{
				Name: name, ExecutionARN: s.arn("express:" + m.name + ":" + name), StateMachineARN: m.arn, RoleARN: m.role,
				Region: s.place.Region, Account: s.place.Account, Tasks: s.tasks(m, nil), Objects: store{s, m}, Rand: s.door.Rand(), ID: s.door.UUID,
			})
			if err != nil {
				return nil, validation("%v", err)
			}
			wait(func() bool { return x.Status() != sim.Running }, longest)
			if x.Status() == sim.Running { // "The TestState API can run for up to five minutes"
				x.Stop("States.Timeout", "")
			}
			return testOutput(x.StateResult(), in.InspectionLevel), nil
		},
	}, in)
}

// tested is the state of a request and its definition, compiled.
func tested(in *sfn.TestStateInput) (*ast.State, *sim.Machine, error) {
	text, name := aws.ToString(in.Definition), testedName
	if in.StateName != nil {
		name = *in.StateName
	} else {
		text = fmt.Sprintf(`{"StartAt":%q,"States":{%[1]q:%s}}`, testedName, text)
	}
	d, err := ast.Parse([]byte(text))
	if d == nil {
		return nil, nil, refused("INVALID_JSON_DESCRIPTION: " + err.Error())
	}
	alone, _ := sim.Alone(d, name)
	if alone == nil {
		return nil, nil, validation("State not found in definition")
	}
	state := alone.States[0]
	var wrong []string
	for _, p := range alone.Validate() {
		if p.Severity == ast.SeverityError {
			wrong = append(wrong, "SCHEMA_VALIDATION_FAILED: "+p.What+" at "+place(p))
		}
	}
	if len(wrong) > 0 {
		return nil, nil, refused(strings.Join(wrong, ", "))
	}
	if fork := state.Type == ast.TypeMap || state.Type == ast.TypeParallel; fork && in.Mock == nil && in.StateConfiguration == nil {
		return nil, nil, &types.InvalidDefinition{Message: aws.String(
			"TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]")}
	}
	program, err := sim.Compile(alone)
	if err != nil {
		return nil, nil, refused("SCHEMA_VALIDATION_FAILED: " + err.Error())
	}
	return state, program, nil
}

func refused(what string) error {
	return &types.InvalidDefinition{Message: aws.String("Invalid State Machine Definition: '" + what + "'")}
}

// mockOf reads and checks what the request gives to the state beside its input.
func mockOf(in *sfn.TestStateInput, state *ast.State) (test sim.StateTest, err error) {
	for _, part := range []struct {
		name string
		text *string
		into **jsonvalue.Object
	}{{"Variables", in.Variables, &test.Variables}, {"Context", in.Context, &test.Context}} {
		if part.text == nil {
			continue
		}
		value, err := jsonvalue.Decode([]byte(*part.text))
		object, ok := value.(*jsonvalue.Object)
		if err != nil || !ok {
			return test, validation("%s must be a JSON object", part.name)
		}
		*part.into = object
	}
	if in.Mock == nil {
		switch c := in.StateConfiguration; {
		case in.Context != nil:
			return test, validation("TestState does not support Context when a mock is not specified.")
		case c != nil && c.MapIterationFailureCount != nil:
			return test, validation("TestState does not support MapIterationFailureCount when a mock is not specified.")
		case c != nil:
			return test, validation("TestState does not support StateConfiguration when a mock is not specified.")
		case state.Type == ast.TypeTask && needsMock(state.Resource):
			return test, validation("TestState supports Activity tasks and the .sync and .waitForTaskToken service integration patterns only when a mock is specified.")
		}
		return test, nil
	}
	if in.RevealSecrets {
		return test, validation("TestState does not support RevealSecrets when a mock is specified.")
	}
	if state.Type != ast.TypeTask && state.Type != ast.TypeMap && state.Type != ast.TypeParallel {
		return test, validation("State type '%s' is not supported when a mock is specified", state.Type)
	}
	if test.Context != nil {
		if err := checkContext(test.Context, state); err != nil {
			return test, validation("Invalid Context object provided: %v", err)
		}
	}
	if test.Mock, err = answerOf(in.Mock, state); err != nil {
		return test, err
	}
	return test, configure(&test, in.StateConfiguration, state)
}

func needsMock(resource string) bool {
	return strings.HasSuffix(resource, ".sync") || strings.HasSuffix(resource, ".sync:2") || strings.HasSuffix(resource, ".waitForTaskToken") || strings.Contains(resource, ":activity:")
}

// answerOf makes an answer of a mock.
func answerOf(mock *types.MockInput, state *ast.State) (*sim.Answer, error) {
	answer := &sim.Answer{Index: -1}
	switch {
	case mock.Result != nil && mock.ErrorOutput != nil:
		return nil, validation("A test mock should have only one of the following fields: [result, errorOutput].")
	case mock.ErrorOutput != nil:
		answer.Fails, answer.Error, answer.Cause = true, mock.ErrorOutput.Error, mock.ErrorOutput.Cause
		return answer, nil
	case mock.Result == nil:
		return nil, validation("A test mock should have one of the following fields: [result, errorOutput].")
	}
	result, err := jsonvalue.Decode([]byte(*mock.Result))
	if err != nil {
		return nil, validation("Mocked result must be valid JSON")
	}
	answer.Output = result
	if state.Type != ast.TypeTask {
		if err := sim.CheckForkMock(state, answer); err != nil {
			return nil, validation("%v", err)
		}
		return answer, nil
	}
	if mode := mock.FieldValidationMode; mode != types.MockResponseValidationModeNone {
		if problems := awsapi.CheckResult(state.Resource, result, mode != types.MockResponseValidationModePresent); len(problems) > 0 {
			return nil, validation("Mock result schema validation error: %s", problems[0])
		}
	}
	return answer, nil
}

// configure takes over the configuration of a test that has a mock.
func configure(test *sim.StateTest, c *types.TestStateConfiguration, state *ast.State) error {
	if c == nil {
		return nil
	}
	test.RetryCount = int(aws.ToInt32(c.RetrierRetryCount))
	test.FailedIterations = int(aws.ToInt32(c.MapIterationFailureCount))
	if c.MapItemReaderData != nil {
		test.ItemReaderData = []byte(*c.MapItemReaderData)
	}
	if list, ok := test.Mock.Output.([]any); ok && state.Type == ast.TypeMap && test.FailedIterations > len(list) {
		return validation("Map iteration failure count must be less than or equal to the number of Map iterations")
	}
	if c.ErrorCausedByState != nil && !sim.HasInner(state, *c.ErrorCausedByState) {
		return validation("The state '%s' that causes the error is not in the state under test", *c.ErrorCausedByState)
	}
	return nil
}

// contextFields are those of a context object that may be mocked, with what their values are.
var contextFields = map[string]map[string]string{
	"Execution":    {"Id": "a string", "Input": "an object", "Name": "a string", "RoleArn": "a string", "StartTime": "a string", "RedriveCount": "a number", "RedriveTime": "a string"},
	"State":        {"EnteredTime": "a string", "Name": "a string", "RetryCount": "a number"},
	"StateMachine": {"Id": "a string", "Name": "a string"},
	"Task":         {"Token": "a string"},
}

// checkContext refuses a mocked context object that cannot be the state's.
func checkContext(o *jsonvalue.Object, state *ast.State) error {
	for name, part := range o.All() {
		fields, known := contextFields[name]
		switch {
		case name == "Map":
			return fmt.Errorf("'Map' field is not supported when mocking a Context object")
		case !known:
			return fmt.Errorf("Field '%s' is not allowed", name)
		case name == "Task" && (state.Type != ast.TypeTask || !needsMock(state.Resource)):
			return fmt.Errorf("Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern")
		}
		object, ok := part.(*jsonvalue.Object)
		if !ok {
			return fmt.Errorf("%s must be an object", name)
		}
		for field, v := range object.All() {
			want, known := fields[field]
			_, isText := v.(string)
			_, isNumber := jsonvalue.Float(v)
			switch {
			case !known:
				return fmt.Errorf("Field '%s' is not allowed", field)
			case want == "a string" && !isText, want == "a number" && !isNumber:
				return fmt.Errorf("%s.%s must be %s", name, field, want)
			}
		}
	}
	return nil
}

// checkTestRole wants a role for a task that is performed, and one that Step Functions may assume.
func (s *Service) checkTestRole(in *sfn.TestStateInput, state *ast.State) error {
	switch {
	case in.Mock != nil || in.RoleArn == nil && state.Type != ast.TypeTask:
		return nil
	case in.RoleArn == nil:
		return validation("RoleArn must be specified when testing a Task state")
	}
	return s.checkRole(in.RoleArn, s.arn("stateMachine:"+testedName))
}

// testOutput tells the result at an inspection level.
func testOutput(r sim.StateResult, level types.InspectionLevel) *sfn.TestStateOutput {
	out := &sfn.TestStateOutput{Status: types.TestExecutionStatus(r.Status), Error: optional(r.Error), Cause: optional(r.Cause), NextState: optional(r.Next)}
	if r.Status == sim.StateSucceeded || r.Status == sim.StateCaughtError {
		out.Output = aws.String(jsonvalue.String(r.Output))
	}
	if level == "" || level == types.InspectionLevelInfo {
		return out
	}
	data := &types.InspectionData{}
	text := map[string]**string{
		"input": &data.Input, "afterInputPath": &data.AfterInputPath, "afterParameters": &data.AfterParameters, "afterArguments": &data.AfterArguments,
		"result": &data.Result, "afterResultSelector": &data.AfterResultSelector, "afterResultPath": &data.AfterResultPath, "variables": &data.Variables,
		"afterItemsPath": &data.AfterItemsPath, "afterItemsPointer": &data.AfterItemsPointer, "afterItemSelector": &data.AfterItemSelector, "afterItemBatcher": &data.AfterItemBatcher,
	}
	number := func(o *jsonvalue.Object, name string) *int32 {
		v, _ := o.Get(name)
		if n, ok := jsonvalue.Float(v); ok {
			return aws.Int32(int32(n))
		}
		return nil
	}
	for name, v := range r.Inspection.All() {
		if into := text[name]; into != nil {
			*into = aws.String(jsonvalue.String(v))
		}
	}
	data.MaxConcurrency, data.ToleratedFailureCount = number(r.Inspection, "maxConcurrency"), number(r.Inspection, "toleratedFailureCount")
	if v, ok := r.Inspection.Get("toleratedFailurePercentage"); ok {
		percentage, _ := jsonvalue.Float(v)
		data.ToleratedFailurePercentage = aws.Float32(float32(percentage))
	}
	if v, ok := r.Inspection.Get("errorDetails"); ok {
		details := v.(*jsonvalue.Object)
		data.ErrorDetails = &types.InspectionErrorDetails{CatchIndex: number(details, "catchIndex"), RetryIndex: number(details, "retryIndex"),
			RetryBackoffIntervalSeconds: number(details, "retryBackoffIntervalSeconds")}
	}
	out.InspectionData = data
	return out
}
