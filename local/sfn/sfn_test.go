package sfn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
	"airline/local/recorder"
	"airline/local/s3"
)

// denials refuses the actions in it.
type denials []string

func (d denials) Authorize(_ door.Principal, r door.Request) error {
	if slices.Contains(d, r.Action) {
		return errors.New("User: x is not authorized to perform: " + r.Action + " on resource: " + r.Resource)
	}
	return nil
}

// fakes are a Glue whose job runs take 25 seconds, a queue and a bucket.
type fakes struct {
	clock   *sim.Clock
	state   gluetypes.JobRunState
	stopped []string
	sent    []string
	objects map[string]string
}

func (s *fakes) StartJobRun(_ context.Context, in *glue.StartJobRunInput, _ ...func(*glue.Options)) (*glue.StartJobRunOutput, error) {
	s.state = gluetypes.JobRunStateRunning
	final := gluetypes.JobRunState(in.Arguments["--end"])
	s.clock.After(25*time.Second, func() { s.state = final })
	return &glue.StartJobRunOutput{JobRunId: aws.String("jr_1")}, nil
}

func (s *fakes) GetJobRun(_ context.Context, in *glue.GetJobRunInput, _ ...func(*glue.Options)) (*glue.GetJobRunOutput, error) {
	started := time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	return &glue.GetJobRunOutput{JobRun: &gluetypes.JobRun{Id: in.RunId, JobName: in.JobName, JobRunState: s.state, StartedOn: &started}}, nil
}

func (s *fakes) BatchStopJobRun(_ context.Context, in *glue.BatchStopJobRunInput, _ ...func(*glue.Options)) (*glue.BatchStopJobRunOutput, error) {
	s.stopped = append(s.stopped, in.JobRunIds...)
	return &glue.BatchStopJobRunOutput{}, nil
}

func (s *fakes) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	s.sent = append(s.sent, *in.MessageBody)
	return &sqs.SendMessageOutput{MessageId: aws.String("m1")}, nil
}

func (s *fakes) GetObject(_ context.Context, in *sdk.GetObjectInput, _ ...func(*sdk.Options)) (*sdk.GetObjectOutput, error) {
	text, ok := s.objects[*in.Bucket+"/"+*in.Key]
	if !ok {
		return nil, &s3types.NoSuchKey{}
	}
	return &sdk.GetObjectOutput{Body: io.NopCloser(strings.NewReader(text))}, nil
}

func (s *fakes) PutObject(_ context.Context, in *sdk.PutObjectInput, _ ...func(*sdk.Options)) (*sdk.PutObjectOutput, error) {
	var b bytes.Buffer
	_, err := b.ReadFrom(in.Body)
	s.objects[*in.Bucket+"/"+*in.Key] = b.String()
	return &sdk.PutObjectOutput{}, err
}

func (s *fakes) ListObjectsV2(_ context.Context, in *sdk.ListObjectsV2Input, _ ...func(*sdk.Options)) (*sdk.ListObjectsV2Output, error) {
	out := &sdk.ListObjectsV2Output{}
	for name := range s.objects {
		if key, ok := strings.CutPrefix(name, *in.Bucket+"/"); ok && strings.HasPrefix(key, aws.ToString(in.Prefix)) {
			out.Contents = append(out.Contents, s3types.Object{Key: &key, Size: aws.Int64(1), LastModified: aws.Time(time.Unix(0, 0))})
		}
	}
	return out, nil
}

type fixture struct {
	*Service
	*fakes
	t   *testing.T
	ctx context.Context
}

func newFixture(t *testing.T, denied ...string) *fixture {
	t.Helper()
	clock := sim.NewClock(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC))
	d := door.New(clock, denials(denied), 1)
	fake := &fakes{clock: clock, objects: map[string]string{}}
	registry := &door.Registry{}
	s := New(d, clock, registry, s3.Place{Account: "1", Region: "eu-west-1", Partition: "aws"}, nil, fake)
	for _, name := range []string{"glue", "sqs", "s3"} {
		registry.Add(name, fake)
	}
	registry.Add("sfn", s)
	ctx := door.As(t.Context(), door.Principal{ARN: "arn:aws:iam::1:user/u", Role: "arn:aws:iam::1:user/u", Account: "1"})
	return &fixture{s, fake, t, ctx}
}

func machineARN(name string) string { return "arn:aws:states:eu-west-1:1:stateMachine:" + name }

func (f *fixture) machine(name, definition string) error {
	return f.addMachine(&recorder.Resource{
		Type: "aws:sfn/stateMachine:StateMachine", Name: name,
		Inputs:  map[string]any{"roleArn": "arn:aws:iam::1:role/r", "definition": definition},
		Outputs: map[string]any{"name": name, "arn": machineARN(name)},
	})
}

// run starts a machine, lets the clock run, and describes the execution.
func (f *fixture) run(name, input string) *sfn.DescribeExecutionOutput {
	f.t.Helper()
	out, err := f.StartExecution(f.ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(machineARN(name)), Input: &input})
	if err != nil {
		f.t.Fatal(err)
	}
	if err := f.fakes.clock.Run(f.ctx); err != nil {
		f.t.Fatal(err)
	}
	d, err := f.DescribeExecution(f.ctx, &sfn.DescribeExecutionInput{ExecutionArn: out.ExecutionArn})
	if err != nil {
		f.t.Fatal(err)
	}
	return d
}

const jobMachine = `{"StartAt": "Run", "States": {"Run": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync",
	"Parameters": {"JobName": "j", "Arguments": {"--end.$": "$.end"}}, "TimeoutSeconds": 60, "End": true}}}`

func TestJobRun(t *testing.T) {
	for end, want := range map[string]string{
		"SUCCEEDED": `SUCCEEDED {"AllocatedCapacity":0,"Attempt":0,"ExecutionTime":0,"Id":"jr_1","JobName":"j","JobRunState":"SUCCEEDED","StartedOn":1714521600000}`,
		"FAILED":    `FAILED States.TaskFailed {"AllocatedCapacity":0,"Attempt":0,"ExecutionTime":0,"Id":"jr_1","JobName":"j","JobRunState":"FAILED","StartedOn":1714521600000}`,
		"TIMEOUT":   `FAILED States.TaskFailed {"AllocatedCapacity":0,"Attempt":0,"ExecutionTime":0,"Id":"jr_1","JobName":"j","JobRunState":"TIMEOUT","StartedOn":1714521600000}`,
		"RUNNING":   `FAILED States.Timeout `, // the state's own timeout
	} {
		t.Run(end, func(t *testing.T) {
			f := newFixture(t)
			if err := f.machine("m", jobMachine); err != nil {
				t.Fatal(err)
			}
			d := f.run("m", `{"end": "`+end+`"}`)
			got := strings.TrimSpace(fmt.Sprintf("%s %s %s%s", d.Status, aws.ToString(d.Error), aws.ToString(d.Cause), aws.ToString(d.Output)))
			want := strings.Replace(strings.TrimSpace(want), "SUCCEEDED {", "SUCCEEDED  {", 1)
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if stopped := len(f.stopped) == 1; stopped != (end == "RUNNING") {
				t.Errorf("stopped runs: %q", f.stopped)
			}
		})
	}
}

func TestJobRunMayNotBePolled(t *testing.T) {
	f := newFixture(t, "sts:AssumeRole")
	if err := f.machine("m", jobMachine); err != nil {
		t.Fatal(err)
	}
	if err := f.Create(); err == nil || !strings.Contains(err.Error(), "sts:AssumeRole") {
		t.Errorf("a role that cannot be assumed: %v", err)
	}
	if d := f.run("m", `{"end": "SUCCEEDED"}`); d.Status != types.ExecutionStatusFailed || !strings.Contains(aws.ToString(d.Cause), "is not authorized to perform: sts:AssumeRole") {
		t.Errorf("got %s: %s", d.Status, aws.ToString(d.Cause))
	}
}

func TestToken(t *testing.T) {
	f := newFixture(t)
	if err := f.machine("m", `{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
		"Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}, "TimeoutSeconds": 3600, "End": true}}}`); err != nil {
		t.Fatal(err)
	}
	var failure error
	f.fakes.clock.After(10*time.Minute, func() {
		v, err := jsonvalue.Decode([]byte(f.sent[0]))
		if err != nil {
			t.Fatal(err)
		}
		token := fmt.Sprint(member(v, "token"))
		if _, failure = f.SendTaskSuccess(f.ctx, &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String(`{"answer": 42}`)}); failure == nil {
			_, failure = f.SendTaskFailure(f.ctx, &sfn.SendTaskFailureInput{TaskToken: &token})
		}
	})
	if d := f.run("m", `{}`); aws.ToString(d.Output) != `{"answer":42}` {
		t.Errorf("got %s %s %s", d.Status, aws.ToString(d.Output), aws.ToString(d.Cause))
	}
	var gone *types.TaskTimedOut
	if !errors.As(failure, &gone) {
		t.Errorf("answering twice: %v", failure)
	}
}

func TestChildExecution(t *testing.T) {
	for pattern, want := range map[string]string{
		"sync":   `"{\"x\":1}"`,
		"sync:2": `{"x":1}`,
	} {
		t.Run(pattern, func(t *testing.T) {
			f := newFixture(t)
			if err := errors.Join(
				f.machine("child", `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 5, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.bad", "IsPresent": true, "Next": "F"}], "Default": "S"},
					"S": {"Type": "Succeed"}, "F": {"Type": "Fail", "Error": "Bad"}}}`),
				f.machine("parent", `{"StartAt": "C", "States": {"C": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.`+pattern+`",
					"Parameters": {"StateMachineArn": "`+machineARN("child")+`", "Input.$": "$"}, "OutputPath": "$.Output", "End": true}}}`),
			); err != nil {
				t.Fatal(err)
			}
			if d := f.run("parent", `{"x":1}`); aws.ToString(d.Output) != want {
				t.Errorf("got %s %q, want %s (%s)", d.Status, aws.ToString(d.Output), want, aws.ToString(d.Cause))
			}
			if d := f.run("parent", `{"bad":1}`); aws.ToString(d.Error) != "States.TaskFailed" || !strings.Contains(aws.ToString(d.Cause), `"Error":"Bad"`) {
				t.Errorf("got %s %q %s", d.Status, aws.ToString(d.Error), aws.ToString(d.Cause))
			}
		})
	}
}

const mapMachine = `{"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"},
	"Parameters": {"Bucket": "b", "Key": "items.json"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true}}}`

func TestDistributedMap(t *testing.T) {
	f := newFixture(t)
	f.fakes.objects["b/items.json"] = `[1, 2, 3]`
	if err := f.machine("m", mapMachine); err != nil {
		t.Fatal(err)
	}
	if d := f.run("m", `{}`); aws.ToString(d.Output) != "[1,2,3]" {
		t.Errorf("got %s %q (%s)", d.Status, aws.ToString(d.Output), aws.ToString(d.Cause))
	}
	f = newFixture(t, "s3:GetObject")
	if err := f.machine("m", mapMachine); err != nil {
		t.Fatal(err)
	}
	if d := f.run("m", `{}`); d.Status != types.ExecutionStatusFailed {
		t.Errorf("without the object: %s", d.Status)
	}
}

func TestStartExecution(t *testing.T) {
	f := newFixture(t)
	if err := f.machine("m", `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "Next": "S"}, "S": {"Type": "Succeed"}}}`); err != nil {
		t.Fatal(err)
	}
	start := func(name, input string) (*sfn.StartExecutionOutput, error) {
		return f.StartExecution(f.ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(machineARN("m")), Name: &name, Input: &input})
	}
	first, err := start("a", "{}")
	if err != nil {
		t.Fatal(err)
	}
	again, err := start("a", "{}")
	if err != nil || *again.ExecutionArn != *first.ExecutionArn || len(f.Executions()) != 1 {
		t.Errorf("the same again: %v, %v", again, err)
	}
	for _, tc := range []struct {
		name, input string
		want        any
	}{
		{"a", `{"x": 1}`, new(*types.ExecutionAlreadyExists)},
		{"b c", "{}", new(*types.InvalidName)},
		{"b", "{", new(*types.InvalidExecutionInput)},
		{"b", `"` + strings.Repeat("x", ast.MaxPayload) + `"`, new(*types.InvalidExecutionInput)},
	} {
		if _, err := start(tc.name, tc.input); err == nil || !errors.As(err, tc.want) {
			t.Errorf("%s with %.20s: %v, want %T", tc.name, tc.input, err, tc.want)
		}
	}
	if err := f.fakes.clock.RunUntil(f.ctx, f.fakes.clock.Now().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.StopExecution(f.ctx, &sfn.StopExecutionInput{ExecutionArn: first.ExecutionArn, Error: aws.String("E"), Cause: aws.String("enough")}); err != nil {
		t.Fatal(err)
	}
	d, err := f.DescribeExecution(f.ctx, &sfn.DescribeExecutionInput{ExecutionArn: first.ExecutionArn})
	if err != nil || d.Status != types.ExecutionStatusAborted || aws.ToString(d.Cause) != "enough" {
		t.Errorf("%v, %v", d, err)
	}
	if _, err := start("a", "{}"); !errors.As(err, new(*types.ExecutionAlreadyExists)) {
		t.Errorf("the name of a finished execution: %v", err)
	}
	h, err := f.GetExecutionHistory(f.ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: first.ExecutionArn, ReverseOrder: true, MaxResults: 1})
	if err != nil || len(h.Events) != 1 || h.Events[0].Type != types.HistoryEventTypeExecutionAborted || aws.ToString(h.Events[0].ExecutionAbortedEventDetails.Cause) != "enough" || h.NextToken == nil {
		t.Errorf("%+v, %v", h, err)
	}
}

func TestMachinesRefused(t *testing.T) {
	for definition, want := range map[string]string{
		`{`: "definition",
		`{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.sync", "Parameters": {"QueueUrl": "q", "MessageBody": "x"}, "End": true}}}`:                              "does not model arn:aws:states:::sqs:sendMessage.sync",
		`{"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [{"StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "arn:aws:states:::sqs:purge", "End": true}}}], "End": true}}}`:          `state "B": the local world does not model the action Purge of "sqs"`,
		`{"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}, "End": true}}}`:        `does not model the service "lambda"`,
		`{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Arguments": {"QueueUrl": "{% 'q' %}", "MesageBody": "x"}, "End": true}}}`: "parameter MesageBody is not supported",
	} {
		f := newFixture(t)
		if err := f.machine("m", definition); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", definition, err, want)
		}
	}
}
