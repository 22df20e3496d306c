package wire_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"
	smithymiddleware "github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/google/go-cmp/cmp"

	"airline/local/recorder"
	"airline/local/wire"
)

// noStack is an empty world, as airline serve --no-stack makes it.
func noStack(t *testing.T, o wire.Options) (*served, *sfn.Client) {
	t.Helper()
	s := serve(t, &recorder.Graph{Project: "airline", Stack: "none", Account: recorder.DefaultAccount, Region: "us-east-1", Partition: "aws"}, o)
	s.world.OpenRoles()
	return s, sfn.NewFromConfig(s.as("operator"))
}

const role = "arn:aws:iam::123456789012:role/DummyRole"

func create(t *testing.T, client *sfn.Client, name, definition string, kind types.StateMachineType) *string {
	t.Helper()
	out, err := client.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: &name, Definition: &definition, RoleArn: aws.String(role), Type: kind})
	if err != nil {
		t.Fatal(err)
	}
	return out.StateMachineArn
}

// finished starts an execution and waits for its end.
func finished(t *testing.T, client *sfn.Client, machine, input string) *sfn.DescribeExecutionOutput {
	t.Helper()
	started := must[*sfn.StartExecutionOutput](t)(client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Input: &input}))
	var x *sfn.DescribeExecutionOutput
	eventually(t, "the end of the execution", func() bool {
		x = must[*sfn.DescribeExecutionOutput](t)(client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn}))
		return x.Status != types.ExecutionStatusRunning
	})
	return x
}

const passes = `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": true}}}`

func TestStateMachines(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	ctx := t.Context()
	arn := create(t, client, "m", passes, "")
	if again := create(t, client, "m", passes, types.StateMachineTypeStandard); *again != *arn {
		t.Errorf("the same machine again is %s", *again)
	}
	_, err := client.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{Name: aws.String("m"), Definition: aws.String(strings.Replace(passes, "1", "2", 1)), RoleArn: aws.String(role)})
	var exists *types.StateMachineAlreadyExists
	if !errors.As(err, &exists) {
		t.Errorf("got %v", err)
	}
	for definition, want := range map[string]string{
		`{"StartAt": "B", "States": {"A": {"Type": "Pass", "End": true}}}`:    "SCHEMA_VALIDATION_FAILED",
		`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Gone"}}}`: "/States/A/Next",
		`{`: "Invalid State Machine Definition",
	} {
		_, err := client.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{Name: aws.String("bad"), Definition: &definition, RoleArn: aws.String(role)})
		var invalid *types.InvalidDefinition
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", definition, err, want)
		}
		found := must[*sfn.ValidateStateMachineDefinitionOutput](t)(client.ValidateStateMachineDefinition(ctx, &sfn.ValidateStateMachineDefinitionInput{Definition: &definition}))
		if found.Result != types.ValidateStateMachineDefinitionResultCodeFail || len(found.Diagnostics) == 0 {
			t.Errorf("%s: got %+v", definition, found)
		}
	}
	if ok := must[*sfn.ValidateStateMachineDefinitionOutput](t)(client.ValidateStateMachineDefinition(ctx, &sfn.ValidateStateMachineDefinitionInput{Definition: aws.String(passes)})); ok.Result != types.ValidateStateMachineDefinitionResultCodeOk {
		t.Errorf("got %+v", ok)
	}

	t.Run("a version stays as it was", func(t *testing.T) {
		first := must[*sfn.PublishStateMachineVersionOutput](t)(client.PublishStateMachineVersion(ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: arn}))
		same := must[*sfn.PublishStateMachineVersionOutput](t)(client.PublishStateMachineVersion(ctx, &sfn.PublishStateMachineVersionInput{StateMachineArn: arn}))
		if *first.StateMachineVersionArn != *arn+":1" || *same.StateMachineVersionArn != *first.StateMachineVersionArn {
			t.Errorf("got the versions %s and %s", *first.StateMachineVersionArn, *same.StateMachineVersionArn)
		}
		changed := must[*sfn.UpdateStateMachineOutput](t)(client.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: arn, Definition: aws.String(strings.Replace(passes, "1", "2", 1)), Publish: true}))
		if *changed.StateMachineVersionArn != *arn+":2" {
			t.Errorf("got the version %s", *changed.StateMachineVersionArn)
		}
		for machine, want := range map[string]string{*arn: "2", *arn + ":1": "1", *arn + ":2": "2"} {
			if x := finished(t, client, machine, "{}"); aws.ToString(x.Output) != want {
				t.Errorf("%s gives %s, want %s", machine, aws.ToString(x.Output), want)
			}
		}
		list := must[*sfn.ListStateMachineVersionsOutput](t)(client.ListStateMachineVersions(ctx, &sfn.ListStateMachineVersionsInput{StateMachineArn: arn}))
		if len(list.StateMachineVersions) != 2 || *list.StateMachineVersions[0].StateMachineVersionArn != *arn+":2" {
			t.Errorf("got %+v", list.StateMachineVersions)
		}
		must[*sfn.DeleteStateMachineVersionOutput](t)(client.DeleteStateMachineVersion(ctx, &sfn.DeleteStateMachineVersionInput{StateMachineVersionArn: first.StateMachineVersionArn}))
		if _, err := client.DescribeStateMachine(ctx, &sfn.DescribeStateMachineInput{StateMachineArn: first.StateMachineVersionArn}); code(err) != "StateMachineDoesNotExist 400" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an alias leads to versions by weight", func(t *testing.T) {
		third := must[*sfn.UpdateStateMachineOutput](t)(client.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{StateMachineArn: arn, Definition: aws.String(strings.Replace(passes, "1", "3", 1)), Publish: true}))
		route := func(version string, weight int32) types.RoutingConfigurationListItem {
			return types.RoutingConfigurationListItem{StateMachineVersionArn: &version, Weight: weight}
		}
		made := must[*sfn.CreateStateMachineAliasOutput](t)(client.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{Name: aws.String("live"), RoutingConfiguration: []types.RoutingConfigurationListItem{route(*arn+":2", 100)}}))
		live := made.StateMachineAliasArn
		if *live != *arn+":live" {
			t.Errorf("got the alias %s", *live)
		}
		x := finished(t, client, *live, "{}")
		if aws.ToString(x.Output) != "2" || aws.ToString(x.StateMachineAliasArn) != *live || aws.ToString(x.StateMachineVersionArn) != *arn+":2" {
			t.Errorf("got %s of %s and %s", aws.ToString(x.Output), aws.ToString(x.StateMachineAliasArn), aws.ToString(x.StateMachineVersionArn))
		}
		must[*sfn.UpdateStateMachineAliasOutput](t)(client.UpdateStateMachineAlias(ctx, &sfn.UpdateStateMachineAliasInput{StateMachineAliasArn: live,
			RoutingConfiguration: []types.RoutingConfigurationListItem{route(*arn+":2", 50), route(*third.StateMachineVersionArn, 50)}}))
		outputs := map[string]int{}
		for range 40 {
			outputs[aws.ToString(finished(t, client, *live, "{}").Output)]++
		}
		if outputs["2"] == 0 || outputs["3"] == 0 || len(outputs) != 2 {
			t.Errorf("got %v", outputs)
		}
		byAlias := must[*sfn.ListExecutionsOutput](t)(client.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: live, MaxResults: 1000}))
		all := must[*sfn.ListExecutionsOutput](t)(client.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: arn, MaxResults: 1000}))
		if len(byAlias.Executions) != 41 || len(all.Executions) <= 41 {
			t.Errorf("%d executions by the alias, %d in all", len(byAlias.Executions), len(all.Executions))
		}
		list := must[*sfn.ListStateMachineAliasesOutput](t)(client.ListStateMachineAliases(ctx, &sfn.ListStateMachineAliasesInput{StateMachineArn: arn}))
		shown := must[*sfn.DescribeStateMachineAliasOutput](t)(client.DescribeStateMachineAlias(ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: live}))
		if len(list.StateMachineAliases) != 1 || len(shown.RoutingConfiguration) != 2 || *shown.Name != "live" {
			t.Errorf("got %+v and %+v", list.StateMachineAliases, shown)
		}
		for what, err := range map[string]error{
			"ValidationException 400": second(client.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{Name: aws.String("half"), RoutingConfiguration: []types.RoutingConfigurationListItem{route(*arn+":2", 50)}})),
			"ResourceNotFound 400":    second(client.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{Name: aws.String("none"), RoutingConfiguration: []types.RoutingConfigurationListItem{route(*arn+":9", 100)}})),
			"ConflictException 409":   second(client.DeleteStateMachineVersion(ctx, &sfn.DeleteStateMachineVersionInput{StateMachineVersionArn: third.StateMachineVersionArn})),
		} {
			if code(err) != what && code(err) != strings.Replace(what, "409", "400", 1) {
				t.Errorf("got %v, want %s", err, what)
			}
		}
		must[*sfn.DeleteStateMachineAliasOutput](t)(client.DeleteStateMachineAlias(ctx, &sfn.DeleteStateMachineAliasInput{StateMachineAliasArn: live}))
		if _, err := client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: live}); code(err) != "StateMachineDoesNotExist 400" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("deleted", func(t *testing.T) {
		must[*sfn.DeleteStateMachineOutput](t)(client.DeleteStateMachine(ctx, &sfn.DeleteStateMachineInput{StateMachineArn: arn}))
		if _, err := client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: arn}); code(err) != "StateMachineDoesNotExist 400" {
			t.Errorf("got %v", err)
		}
	})
}

func TestActivity(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	ctx := t.Context()
	a := must[*sfn.CreateActivityOutput](t)(client.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("work")}))
	machine := create(t, client, "m", `{"StartAt": "W", "States": {"W": {"Type": "Task", "Resource": "`+*a.ActivityArn+`", "TimeoutSeconds": 3600, "End": true}}}`, "")
	// The worker asks before there is anything to do.
	tasks := make(chan *sfn.GetActivityTaskOutput, 1)
	go func() {
		out, err := client.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn, WorkerName: aws.String("me")})
		if err != nil {
			t.Error(err)
		}
		tasks <- out
	}()
	started := must[*sfn.StartExecutionOutput](t)(client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: machine, Input: aws.String(`{"a": 1}`)}))
	task := <-tasks
	if task == nil || aws.ToString(task.Input) != `{"a":1}` {
		t.Fatalf("got %+v", task)
	}
	must[*sfn.SendTaskHeartbeatOutput](t)(client.SendTaskHeartbeat(ctx, &sfn.SendTaskHeartbeatInput{TaskToken: task.TaskToken}))
	must[*sfn.SendTaskSuccessOutput](t)(client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String(`"done"`)}))
	eventually(t, "the end of the execution", func() bool {
		x := must[*sfn.DescribeExecutionOutput](t)(client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn}))
		return x.Status == types.ExecutionStatusSucceeded && *x.Output == `"done"`
	})
	history := must[*sfn.GetExecutionHistoryOutput](t)(client.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: started.ExecutionArn}))
	var kinds []string
	for _, e := range history.Events {
		kinds = append(kinds, string(e.Type))
	}
	if got := strings.Join(kinds, " "); got != "ExecutionStarted TaskStateEntered ActivityScheduled ActivityStarted ActivitySucceeded TaskStateExited ExecutionSucceeded" {
		t.Errorf("got %s", got)
	}
	if _, err := client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String(`1`)}); err == nil {
		t.Error("a token was taken twice")
	}
}

func TestExpress(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	machine := create(t, client, "m", `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "P"}, "P": {"Type": "Pass", "End": true}}}`, types.StateMachineTypeExpress)
	out := must[*sfn.StartSyncExecutionOutput](t)(client.StartSyncExecution(t.Context(), &sfn.StartSyncExecutionInput{StateMachineArn: machine, Input: aws.String(`{"a": 1}`)}, noPrefix))
	if out.Status != types.SyncExecutionStatusSucceeded || *out.Output != `{"a":1}` || out.StopDate.Sub(*out.StartDate).Seconds() < 60 {
		t.Errorf("got %+v", out)
	}
}

const mocked = `{
	"StateMachines": {"lambda": {"TestCases": {"Happy": {"Call": "Good"}, "Retried": {"Call": "Bad"}}}},
	"MockedResponses": {
		"Good": {"0": {"Return": {"StatusCode": 200, "Payload": {"a": 1}}}},
		"Bad": {"0-1": {"Throw": {"Error": "Lambda.TooManyRequestsException", "Cause": "busy"}}, "2": {"Return": {"Payload": "late"}}}
	}
}`

func TestMockFile(t *testing.T) {
	_, client := noStack(t, wire.Options{Mocks: []byte(mocked)})
	machine := *create(t, client, "lambda", `{"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
		"Parameters": {"FunctionName": "f", "Payload.$": "$"}, "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"], "MaxAttempts": 3, "IntervalSeconds": 30}], "End": true}}}`, "")
	for test, want := range map[string]string{"Happy": `{"Payload":{"a":1},"StatusCode":200}`, "Retried": `{"Payload":"late"}`} {
		x := finished(t, client, machine+"#"+test, "{}")
		if x.Status != types.ExecutionStatusSucceeded || !sameJSON(*x.Output, want) {
			t.Errorf("%s: got %s %s, want %s", test, x.Status, aws.ToString(x.Output), want)
		}
	}
	if _, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(machine + "#Nope")}); code(err) != "ValidationException 400" || !strings.Contains(err.Error(), "Nope") {
		t.Errorf("got %v", err)
	}
	if x := finished(t, client, machine, "{}"); x.Status != types.ExecutionStatusFailed || !strings.Contains(aws.ToString(x.Cause), `does not model the service "lambda"`) {
		t.Errorf("without a mock: got %s, %s", x.Status, aws.ToString(x.Cause))
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && cmp.Equal(x, y)
}

// An express machine's execution that nobody waits for: its name may be used again, and no call asks for its history.
func TestExpressStarted(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	machine := create(t, client, "m", `{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}`, types.StateMachineTypeExpress)
	in := &sfn.StartExecutionInput{StateMachineArn: machine, Name: aws.String("again")}
	first := must[*sfn.StartExecutionOutput](t)(client.StartExecution(t.Context(), in))
	second := must[*sfn.StartExecutionOutput](t)(client.StartExecution(t.Context(), in))
	if *first.ExecutionArn == *second.ExecutionArn || !strings.Contains(*first.ExecutionArn, ":express:m:again:") {
		t.Errorf("got %s and %s", *first.ExecutionArn, *second.ExecutionArn)
	}
	var invalid *types.InvalidArn
	if _, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: first.ExecutionArn}); !errors.As(err, &invalid) {
		t.Errorf("describing it: %v", err)
	}
}

// TestState answers and refuses in the words that were recorded on AWS (asl/sim, TestStateTestAsRecorded).
func TestTestState(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	task := `{"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "Parameters": {"Entries": []}, "ResultSelector": {"n.$": "$$.Execution.Name"},
		"Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2}], "Catch": [{"ErrorEquals": ["Gone"], "Next": "H"}], "Next": "N"}`
	fork := `{"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}, "End": true}`
	mock := func(result string) *types.MockInput { return &types.MockInput{Result: &result} }
	fail := func(name string) *types.MockInput {
		return &types.MockInput{ErrorOutput: &types.MockErrorOutput{Error: &name, Cause: aws.String("why")}}
	}
	out := must[*sfn.TestStateOutput](t)(client.TestState(t.Context(), &sfn.TestStateInput{Definition: &task, Mock: mock(`{"Entries": []}`), InspectionLevel: types.InspectionLevelDebug,
		Context: aws.String(`{"Execution": {"Name": "x"}}`)}, noPrefix))
	if out.Status != types.TestExecutionStatusSucceeded || *out.NextState != "N" || *out.Output != `{"n":"x"}` || *out.InspectionData.AfterParameters != `{"Entries":[]}` || *out.InspectionData.Result != `{"Entries":[]}` {
		t.Errorf("got %+v with %+v", out, out.InspectionData)
	}
	out = must[*sfn.TestStateOutput](t)(client.TestState(t.Context(), &sfn.TestStateInput{Definition: &task, Mock: fail("Busy"), InspectionLevel: types.InspectionLevelTrace,
		StateConfiguration: &types.TestStateConfiguration{RetrierRetryCount: aws.Int32(1)}}, noPrefix))
	if d := out.InspectionData.ErrorDetails; out.Status != types.TestExecutionStatusRetriable || *out.Error != "Busy" || *d.RetryIndex != 0 || *d.RetryBackoffIntervalSeconds != 4 {
		t.Errorf("got %+v with %+v", out, out.InspectionData)
	}
	out = must[*sfn.TestStateOutput](t)(client.TestState(t.Context(), &sfn.TestStateInput{Definition: &task, Mock: fail("Gone")}, noPrefix))
	if out.Status != types.TestExecutionStatusCaughtError || *out.NextState != "H" || *out.Output != `{"Error":"Gone","Cause":"why"}` || out.InspectionData != nil {
		t.Errorf("got %+v", out)
	}
	whole := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "M"}, "M": ` + fork + `}}`
	out = must[*sfn.TestStateOutput](t)(client.TestState(t.Context(), &sfn.TestStateInput{Definition: &whole, StateName: aws.String("A"), Input: aws.String(`{"a": 1}`)}, noPrefix))
	if out.Status != types.TestExecutionStatusSucceeded || *out.NextState != "M" || *out.Output != `{"a":1}` {
		t.Errorf("got %+v", out)
	}
	pass := `{"Type": "Pass", "End": true}`
	for _, c := range []struct {
		in         sfn.TestStateInput
		code, want string
	}{
		{sfn.TestStateInput{Definition: &pass, Mock: mock(`1`)}, "ValidationException", "State type 'Pass' is not supported when a mock is specified"},
		{sfn.TestStateInput{Definition: &fork}, "InvalidDefinition", "TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]"},
		{sfn.TestStateInput{Definition: &fork, Mock: mock(`{}`)}, "ValidationException", "Mocked result must be an array."},
		{sfn.TestStateInput{Definition: &fork, StateConfiguration: &types.TestStateConfiguration{MapIterationFailureCount: aws.Int32(0)}}, "ValidationException", "TestState does not support MapIterationFailureCount when a mock is not specified."},
		{sfn.TestStateInput{Definition: &fork, Mock: mock(`[1]`), StateConfiguration: &types.TestStateConfiguration{MapIterationFailureCount: aws.Int32(2)}}, "ValidationException",
			"Map iteration failure count must be less than or equal to the number of Map iterations"},
		{sfn.TestStateInput{Definition: &task}, "ValidationException", "RoleArn must be specified when testing a Task state"},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{"Entries": "e"}`)}, "ValidationException", "Mock result schema validation error: Field 'Entries' must be an array"},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{"Entries": [{"EventId": []}]}`)}, "ValidationException", "Mock result schema validation error: Field 'EventId' must be a string"},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{`)}, "ValidationException", "Mocked result must be valid JSON"},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{}`), RevealSecrets: true}, "ValidationException", "TestState does not support RevealSecrets when a mock is specified."},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{}`), Context: aws.String(`{"Pokedex": {}}`)}, "ValidationException", "Invalid Context object provided: Field 'Pokedex' is not allowed"},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{}`), Context: aws.String(`{"Execution": {"Id": 1}}`)}, "ValidationException", "Invalid Context object provided: Execution.Id must be a string"},
		{sfn.TestStateInput{Definition: &task, Mock: mock(`{}`), Context: aws.String(`{"Map": {}}`)}, "ValidationException", "Invalid Context object provided: 'Map' field is not supported when mocking a Context object"},
		{sfn.TestStateInput{Definition: &whole, StateName: aws.String("Z")}, "ValidationException", "State not found in definition"},
		{sfn.TestStateInput{Definition: aws.String(`{"Type": "Odd"}`)}, "InvalidDefinition", ""},
		{sfn.TestStateInput{Definition: aws.String(`{`)}, "InvalidDefinition", ""},
	} {
		_, err := client.TestState(t.Context(), &c.in, noPrefix)
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != c.code || c.want != "" && api.ErrorMessage() != c.want {
			t.Errorf("%s: got %v, want %s: %s", *c.in.Definition, err, c.code, c.want)
		}
	}
}

// noPrefix keeps the SDK from putting "sync-" before the host.
func noPrefix(o *sfn.Options) {
	o.APIOptions = append(o.APIOptions, func(stack *smithymiddleware.Stack) error {
		return stack.Serialize.Add(smithymiddleware.SerializeMiddlewareFunc("plain", func(ctx context.Context, in smithymiddleware.SerializeInput, next smithymiddleware.SerializeHandler) (smithymiddleware.SerializeOutput, smithymiddleware.Metadata, error) {
			return next.HandleSerialize(smithyhttp.DisableEndpointHostPrefix(ctx, true), in)
		}), smithymiddleware.Before)
	})
}

func second[T any](_ T, err error) error { return err }

// A redriven execution goes on from the state that failed, with its input and the variables; what succeeded is not done again.
func TestRedrive(t *testing.T) {
	_, client := noStack(t, wire.Options{Mocks: []byte(`{"StateMachines": {"m": {"TestCases": {"Once": {"Call": "Twice"}}}},
		"MockedResponses": {"Twice": {"0": {"Throw": {"Error": "Busy", "Cause": "c"}}, "1": {"Return": {"n": 2}}}}}`)})
	machine := *create(t, client, "m", `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Assign": {"v": 7}, "Next": "Call"},
		"Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "ResultSelector": {"n.$": "$.n", "v.$": "$v", "redrives.$": "$$.Execution.RedriveCount"}, "End": true}}}`, "")
	x := finished(t, client, machine+"#Once", "{}")
	if x.Status != types.ExecutionStatusFailed || x.RedriveStatus != types.ExecutionRedriveStatusRedrivable {
		t.Fatalf("got %s, %s", x.Status, x.RedriveStatus)
	}
	must[*sfn.RedriveExecutionOutput](t)(client.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: x.ExecutionArn}))
	var after *sfn.DescribeExecutionOutput
	eventually(t, "the end of the execution", func() bool {
		after = must[*sfn.DescribeExecutionOutput](t)(client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: x.ExecutionArn}))
		return after.Status != types.ExecutionStatusRunning
	})
	if after.Status != types.ExecutionStatusSucceeded || *after.Output != `{"n":2,"v":7,"redrives":1}` || *after.RedriveCount != 1 || after.RedriveDate == nil {
		t.Errorf("got %s with %s, %d redrives", after.Status, aws.ToString(after.Output), *after.RedriveCount)
	}
	history := must[*sfn.GetExecutionHistoryOutput](t)(client.GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: x.ExecutionArn}))
	var kinds []string
	for _, e := range history.Events {
		kinds = append(kinds, string(e.Type))
	}
	want := "ExecutionStarted PassStateEntered PassStateExited TaskStateEntered TaskScheduled TaskStarted TaskFailed ExecutionFailed ExecutionRedriven TaskScheduled TaskStarted TaskSucceeded TaskStateExited ExecutionSucceeded"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	var not *types.ExecutionNotRedrivable
	if _, err := client.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: x.ExecutionArn}); !errors.As(err, &not) {
		t.Errorf("redriving what succeeded: %v", err)
	}
	fork := *create(t, client, "fork", `{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}, "End": true}}}`, "")
	if _, err := client.RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: finished(t, client, fork, `{"l": [1]}`).ExecutionArn}); !errors.As(err, &not) {
		t.Errorf("redriving a Map: %v", err)
	}
}

// A distributed Map is seen and changed while it runs.
func TestMapRuns(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	ctx := t.Context()
	a := must[*sfn.CreateActivityOutput](t)(client.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("work")}))
	machine := create(t, client, "m", `{"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "items", "MaxConcurrency": 1, "ToleratedFailureCount": 1, "End": true,
		"ItemBatcher": {"MaxItemsPerBatch": 2},
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "W", "States": {"W": {"Type": "Task", "Resource": "`+*a.ActivityArn+`", "End": true}}}}}}`, "")
	started := must[*sfn.StartExecutionOutput](t)(client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: machine, Input: aws.String("[1, 2, 3, 4, 5]")}))
	task := must[*sfn.GetActivityTaskOutput](t)(client.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn}))
	runs := must[*sfn.ListMapRunsOutput](t)(client.ListMapRuns(ctx, &sfn.ListMapRunsInput{ExecutionArn: started.ExecutionArn}))
	if len(runs.MapRuns) != 1 || !strings.HasPrefix(*runs.MapRuns[0].MapRunArn, "arn:aws:states:us-east-1:123456789012:mapRun:m/items:") || runs.MapRuns[0].StopDate != nil {
		t.Fatalf("map runs are %+v", runs.MapRuns)
	}
	arn := runs.MapRuns[0].MapRunArn
	look := func() *sfn.DescribeMapRunOutput {
		t.Helper()
		return must[*sfn.DescribeMapRunOutput](t)(client.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: arn}))
	}
	at := look()
	if at.Status != types.MapRunStatusRunning || at.MaxConcurrency != 1 || at.ToleratedFailureCount != 1 || *at.ExecutionArn != *started.ExecutionArn ||
		at.ExecutionCounts.Total != 3 || at.ExecutionCounts.Running != 1 || at.ExecutionCounts.Pending != 2 || at.ItemCounts.Total != 5 || at.ItemCounts.Running != 2 || at.ItemCounts.Pending != 3 {
		t.Errorf("it begins as %+v, %+v, %+v", at, at.ExecutionCounts, at.ItemCounts)
	}
	must[*sfn.UpdateMapRunOutput](t)(client.UpdateMapRun(ctx, &sfn.UpdateMapRunInput{MapRunArn: arn, MaxConcurrency: aws.Int32(0), ToleratedFailurePercentage: aws.Float32(50)}))
	if at = look(); at.MaxConcurrency != 0 || at.ToleratedFailureCount != 1 || at.ToleratedFailurePercentage != 50 || at.ExecutionCounts.Running != 3 {
		t.Errorf("with another limit it is %+v, %+v", at, at.ExecutionCounts)
	}
	must[*sfn.SendTaskFailureOutput](t)(client.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: task.TaskToken, Error: aws.String("Broken")}))
	for range 2 {
		task = must[*sfn.GetActivityTaskOutput](t)(client.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn}))
		must[*sfn.SendTaskSuccessOutput](t)(client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String("1")}))
	}
	eventually(t, "the end of the map run", func() bool { at = look(); return at.Status != types.MapRunStatusRunning })
	if at.Status != types.MapRunStatusSucceeded || at.StopDate == nil || at.ExecutionCounts.Succeeded != 2 || at.ExecutionCounts.Failed != 1 || at.ItemCounts.Succeeded != 3 || at.ItemCounts.Failed != 2 {
		t.Errorf("it ends as %+v, %+v, %+v", at, at.ExecutionCounts, at.ItemCounts)
	}
	children := must[*sfn.ListExecutionsOutput](t)(client.ListExecutions(ctx, &sfn.ListExecutionsInput{MapRunArn: arn}))
	if len(children.Executions) != 3 || *children.Executions[0].ItemCount != 1 || *children.Executions[2].ItemCount != 2 || !strings.HasSuffix(*children.Executions[0].StateMachineArn, ":stateMachine:m/items") {
		t.Errorf("child executions are %+v", children.Executions)
	}
	failed := must[*sfn.ListExecutionsOutput](t)(client.ListExecutions(ctx, &sfn.ListExecutionsInput{MapRunArn: arn, StatusFilter: types.ExecutionStatusFailed}))
	if len(failed.Executions) != 1 {
		t.Fatalf("failed are %+v", failed.Executions)
	}
	child := must[*sfn.DescribeExecutionOutput](t)(client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: failed.Executions[0].ExecutionArn}))
	if *child.MapRunArn != *arn || aws.ToString(child.Error) != "Broken" {
		t.Errorf("a child execution is %+v", child)
	}
	none := aws.String(strings.Replace(*arn, ":mapRun:m/", ":mapRun:n/", 1))
	for what, err := range map[string]error{
		"ResourceNotFound 400":    second(client.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: none})),
		"ValidationException 400": second(client.UpdateMapRun(ctx, &sfn.UpdateMapRunInput{MapRunArn: arn, MaxConcurrency: aws.Int32(2)})),
	} {
		if code(err) != what {
			t.Errorf("got %v, want %s", err, what)
		}
	}
	if err := second(client.ListExecutions(ctx, &sfn.ListExecutionsInput{MapRunArn: arn, StateMachineArn: machine})); code(err) != "ValidationException 400" {
		t.Errorf("both at once: %v", err)
	}

	// Stopped with its execution.
	started = must[*sfn.StartExecutionOutput](t)(client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: machine, Input: aws.String("[1, 2, 3]")}))
	must[*sfn.GetActivityTaskOutput](t)(client.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn}))
	must[*sfn.StopExecutionOutput](t)(client.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: started.ExecutionArn}))
	arn = must[*sfn.ListMapRunsOutput](t)(client.ListMapRuns(ctx, &sfn.ListMapRunsInput{ExecutionArn: started.ExecutionArn})).MapRuns[0].MapRunArn
	if at = look(); at.Status != types.MapRunStatusAborted || at.ExecutionCounts.Aborted != 1 || at.ExecutionCounts.Pending != 1 {
		t.Errorf("stopped it is %+v, %+v", at, at.ExecutionCounts)
	}
}

// States that have neither Next nor End are tested too.
func TestStatesThatLeadNowhereAreTested(t *testing.T) {
	_, client := noStack(t, wire.Options{})
	for definition, want := range map[string]string{
		`{"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericGreaterThan": 1, "Next": "B"}], "Default": "C"}`: "SUCCEEDED B",
		`{"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericGreaterThan": 3, "Next": "B"}], "Default": "C"}`: "SUCCEEDED C",
		`{"Type": "Succeed"}`:                            "SUCCEEDED ",
		`{"Type": "Fail", "Error": "E", "Cause": "why"}`: "FAILED E",
	} {
		out := must[*sfn.TestStateOutput](t)(client.TestState(t.Context(), &sfn.TestStateInput{Definition: &definition, Input: aws.String(`{"a": 2}`)}, noPrefix))
		if got := string(out.Status) + " " + aws.ToString(out.NextState) + aws.ToString(out.Error); got != want {
			t.Errorf("%s: %s, want %s", definition, got, want)
		}
	}
}
