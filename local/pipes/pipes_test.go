package pipes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
	localsqs "airline/local/sqs"
)

const (
	queueARN = "arn:aws:sqs:eu-west-1:123456789012:q"
	deadARN  = "arn:aws:sqs:eu-west-1:123456789012:dead"
	machine  = "arn:aws:states:eu-west-1:123456789012:stateMachine:m:live"
	role     = "arn:aws:iam::123456789012:role/pipe"
)

// denied are actions that nobody may do.
type denied map[string]bool

func (d denied) Authorize(who door.Principal, r door.Request) error {
	if d[r.Action] {
		return errors.New(who.String() + " may not " + r.Action + " on " + r.Resource)
	}
	return nil
}

// started is an execution.
type started struct {
	at    time.Duration
	files []string
}

type world struct {
	*testing.T
	queues   *localsqs.Service
	pipes    *Service
	clock    *sim.Clock
	door     *door.Door
	denied   denied
	failures []error // of the next executions
	started  []started
	runs     []Run
	begin    time.Time
}

func (w *world) StartExecution(_ context.Context, in *sfn.StartExecutionInput, _ ...func(*sfn.Options)) (*sfn.StartExecutionOutput, error) {
	if len(w.failures) > 0 {
		err := w.failures[0]
		w.failures = w.failures[1:]
		return nil, err
	}
	if aws.ToString(in.StateMachineArn) != machine || in.Name != nil {
		w.Errorf("started %s as %v", aws.ToString(in.StateMachineArn), in.Name)
	}
	var list []struct{ Files []string }
	if err := json.Unmarshal([]byte(*in.Input), &list); err != nil {
		w.Fatalf("%s: %v", *in.Input, err)
	}
	x := started{at: w.clock.Now().Sub(w.begin)}
	for _, one := range list {
		x.files = append(x.files, one.Files...)
	}
	w.started = append(w.started, x)
	return &sfn.StartExecutionOutput{}, nil
}

// inputs are those of a pipe, with changes.
func inputs(size, window float64, changes map[string]any) map[string]any {
	in := map[string]any{
		"name": "p", "roleArn": role, "source": queueARN, "target": machine,
		"sourceParameters": map[string]any{"sqsQueueParameters": map[string]any{"batchSize": size, "maximumBatchingWindowInSeconds": window}},
		"targetParameters": map[string]any{
			"inputTemplate": `{"files": <$.body.files>}`, "stepFunctionStateMachineParameters": map[string]any{"invocationType": "FIRE_AND_FORGET"},
		},
	}
	for name, value := range changes {
		in[name] = value
	}
	return in
}

func newWorld(t *testing.T) *world {
	t.Helper()
	begin := time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)
	w := &world{T: t, clock: sim.NewClock(begin), denied: denied{}, begin: begin}
	w.door = door.New(w.clock, w.denied, 1)
	directory := iam.NewDirectory("eu-west-1", w.clock.Now)
	w.queues = localsqs.New(w.door, w.clock, kms.New(w.door, directory, "eu-west-1"), directory, func(service, resource string) string {
		return "arn:aws:" + service + ":eu-west-1:123456789012:" + resource
	})
	for _, in := range []map[string]any{
		{"name": "dead"},
		{"name": "q", "visibilityTimeoutSeconds": 600.0, "redrivePolicy": `{"deadLetterTargetArn":"` + deadARN + `","maxReceiveCount":5}`},
	} {
		name := in["name"].(string)
		r := &recorder.Resource{Type: "aws:sqs/queue:Queue", Name: name, Inputs: in, Outputs: map[string]any{"arn": "arn:aws:sqs:eu-west-1:123456789012:" + name, "url": "https://" + name}}
		if err := w.queues.Types(nil)[r.Type](r); err != nil {
			t.Fatal(err)
		}
	}
	w.pipes = New(w.door, w.clock, w.queues, w)
	w.pipes.Observe(func(r Run) { w.runs = append(w.runs, r) })
	return w
}

func (w *world) deploy(in map[string]any) error {
	return w.pipes.Types()["aws:pipes/pipe:Pipe"](&recorder.Resource{
		Type: "aws:pipes/pipe:Pipe", Name: "p", Inputs: in, Outputs: map[string]any{"name": "p", "arn": "arn:aws:pipes:eu-west-1:123456789012:pipe/p"},
	})
}

func (w *world) send(bodies ...string) {
	w.Helper()
	ctx := door.As(context.Background(), door.Principal{ARN: "me", Role: "arn:aws:iam::123456789012:user/me"})
	for _, body := range bodies {
		if _, err := w.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String("https://q"), MessageBody: &body}); err != nil {
			w.Fatal(err)
		}
	}
}

func (w *world) run() {
	w.Helper()
	if err := w.clock.Run(context.Background()); err != nil {
		w.Fatal(err)
	}
}

func message(body string) types.Message {
	return types.Message{
		MessageId: aws.String("id"), ReceiptHandle: aws.String("h"), Body: &body, Attributes: map[string]string{"SentTimestamp": "1"},
		MessageAttributes: map[string]types.MessageAttributeValue{"a": {StringValue: aws.String("v"), DataType: aws.String("String")}},
	}
}

func file(i int) string { return fmt.Sprintf(`{"files": ["f%d"]}`, i) }

// A lone message waits for the window, to the end of the poll in which it closes; without a window it waits for nothing.
func TestALoneMessageWaitsForTheWindow(t *testing.T) {
	for window, least := range map[float64]time.Duration{0: 0, 1: 20 * time.Second, 20: 20 * time.Second, 30: 40 * time.Second, 60: time.Minute, 300: 5 * time.Minute} {
		w := newWorld(t)
		if err := w.deploy(inputs(100, window, nil)); err != nil {
			t.Fatal(err)
		}
		w.send(file(1))
		w.run()
		if len(w.started) != 1 || len(w.started[0].files) != 1 || w.started[0].at < least || w.started[0].at > least+time.Second {
			t.Errorf("window %v: started %+v, want one after %s", window, w.started, least)
		}
		if got := w.queues.Bodies("q"); len(got) != 0 {
			t.Errorf("window %v: the queue still has %q", window, got)
		}
	}
}

// A burst is a few batches: five pollers gather at most one each until the window closes, and no batch is greater than it may be.
func TestABurstIsAFewBatches(t *testing.T) {
	for _, test := range []struct {
		n, size int
		most    int // executions
		wait    time.Duration
	}{
		{n: 50, size: 100, most: 5}, {n: 1000, size: 100, most: 15}, {n: 40, size: 4, most: 14}, {n: 300, size: 100, wait: 100 * time.Millisecond, most: 7},
	} {
		w := newWorld(t)
		if err := w.deploy(inputs(float64(test.size), 60, nil)); err != nil {
			t.Fatal(err)
		}
		for i := range test.n {
			w.clock.After(time.Duration(i)*test.wait, func() { w.send(file(i)) })
		}
		w.run()
		seen := map[string]int{}
		for _, x := range w.started {
			if len(x.files) > test.size {
				t.Errorf("%+v: a batch has %d", test, len(x.files))
			}
			for _, f := range x.files {
				seen[f]++
			}
		}
		if len(seen) != test.n || len(w.started) > test.most || len(w.queues.Bodies("q")) != 0 {
			t.Errorf("%+v: %d executions of %d files, %d left", test, len(w.started), len(seen), len(w.queues.Bodies("q")))
		}
	}
}

// A target that refuses gets the messages again, and then they are dead letters. What passes is tried again at once.
func TestFailures(t *testing.T) {
	client := &smithy.GenericAPIError{Code: "StateMachineDoesNotExist", Message: "gone", Fault: smithy.FaultClient}
	server := &smithy.GenericAPIError{Code: "InternalFailure", Message: "oops", Fault: smithy.FaultServer}
	throttled := &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded", Fault: smithy.FaultClient}
	repeated := func(err error, n int) (list []error) {
		for range n {
			list = append(list, err)
		}
		return list
	}
	for name, test := range map[string]struct {
		failures []error
		files    int // that arrive
		dead     int
		runs     int
		within   time.Duration
	}{
		"refused once":           {failures: repeated(client, 1), files: 1, runs: 2, within: 12 * time.Minute},
		"refused for ever":       {failures: repeated(client, 99), dead: 1, runs: 5, within: time.Hour},
		"not available, 3 times": {failures: repeated(server, 3), files: 1, runs: 4, within: 2 * time.Minute},
		"throttled, 3 times":     {failures: repeated(throttled, 3), files: 1, runs: 4, within: 2 * time.Minute},
		"never available":        {failures: repeated(server, 999), dead: 1, runs: 50, within: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			if err := w.deploy(inputs(100, 60, nil)); err != nil {
				t.Fatal(err)
			}
			w.failures = test.failures
			w.send(file(1))
			w.run()
			if took := w.clock.Now().Sub(w.begin); len(w.started) != test.files || len(w.queues.Bodies("dead")) != test.dead || len(w.queues.Bodies("q")) != 0 || len(w.runs) != test.runs || took > test.within {
				t.Errorf("started %+v in %d runs after %s, dead %q, left %q", w.started, len(w.runs), took, w.queues.Bodies("dead"), w.queues.Bodies("q"))
			}
			if r := w.runs[0]; r.Pipe != "p" || r.Target != machine || r.Messages != 1 || r.Err == nil {
				t.Errorf("the first run is told as %+v", r)
			}
		})
	}
}

// A batch that takes longer than the visibility timeout comes twice: so long is the queue's timeout to be.
func TestATooShortVisibilityTimeoutMakesDuplicates(t *testing.T) {
	w := newWorld(t)
	r := &recorder.Resource{Type: "aws:sqs/queue:Queue", Name: "q", Inputs: map[string]any{"name": "q", "visibilityTimeoutSeconds": 30.0}, Outputs: map[string]any{"arn": queueARN, "url": "https://q"}}
	if err := w.queues.Types(nil)[r.Type](r); err != nil {
		t.Fatal(err)
	}
	if err := w.deploy(inputs(100, 60, nil)); err != nil {
		t.Fatal(err)
	}
	w.send(file(1))
	w.run()
	n := 0
	for _, x := range w.started {
		n += len(x.files)
	}
	if n < 2 {
		t.Errorf("started %+v, want the file twice", w.started)
	}
}

// A pipe that may not poll is not made; one that loses the right stops, and says so, and its messages wait.
func TestPermissions(t *testing.T) {
	for _, action := range []string{"sts:AssumeRole", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} {
		w := newWorld(t)
		w.denied[action] = true
		if err := w.deploy(inputs(100, 60, nil)); err == nil || !strings.Contains(err.Error(), action) {
			t.Errorf("without %s: %v", action, err)
		}
	}
	w := newWorld(t)
	if err := w.deploy(inputs(100, 60, nil)); err != nil {
		t.Fatal(err)
	}
	var ages []time.Duration
	w.queues.Observe(func(queue string, _ int, oldest time.Duration) {
		if queue == "q" {
			ages = append(ages, oldest)
		}
	})
	w.denied["sqs:ReceiveMessage"] = true
	w.send(file(1))
	w.run()
	if p := w.pipes.Pipes(); len(p) != 1 || p[0].Running || !strings.Contains(p[0].Reason, "sqs:ReceiveMessage") || len(w.queues.Bodies("q")) != 1 || len(w.door.Problems()) != 1 {
		t.Errorf("pipes %+v, messages %q, problems %v", p, w.queues.Bodies("q"), w.door.Problems())
	}
	if oldest := ages[len(ages)-1]; oldest < 20*time.Minute {
		t.Errorf("the oldest message is measured as %s old", oldest)
	}
}

func TestBatchesKeepToThePayload(t *testing.T) {
	w := newWorld(t)
	if err := w.deploy(inputs(10_000, 60, nil)); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		w.send(fmt.Sprintf(`{"files": ["%d-%s"]}`, i, strings.Repeat("x", 100_000)))
	}
	w.run()
	n := 0
	for i, x := range w.started {
		if n += len(x.files); len(x.files) > 2 || w.runs[i].Bytes > maxPayload {
			t.Errorf("a batch has %d files, %d bytes", len(x.files), w.runs[i].Bytes)
		}
	}
	if n != 30 {
		t.Errorf("%d files arrived", n)
	}
}

func TestWhatIsNotModelledIsRefused(t *testing.T) {
	target := func(template, invocation string) map[string]any {
		return map[string]any{"targetParameters": map[string]any{"inputTemplate": template, "stepFunctionStateMachineParameters": map[string]any{"invocationType": invocation}}}
	}
	for want, in := range map[string]map[string]any{
		"source arn:aws:kinesis:":                 inputs(1, 0, map[string]any{"source": "arn:aws:kinesis:eu-west-1:123456789012:stream/s"}),
		"source arn:aws:sqs:eu-west-1:1:q.fifo":   inputs(1, 0, map[string]any{"source": "arn:aws:sqs:eu-west-1:1:q.fifo"}),
		"target arn:aws:lambda:":                  inputs(1, 0, map[string]any{"target": "arn:aws:lambda:eu-west-1:123456789012:function:f"}),
		"enrichment is not modelled":              inputs(1, 0, map[string]any{"enrichment": "arn:aws:lambda:eu-west-1:123456789012:function:f"}),
		"logConfiguration is not modelled":        inputs(1, 0, map[string]any{"logConfiguration": map[string]any{"level": "ERROR"}}),
		"filterCriteria is not modelled":          inputs(1, 0, map[string]any{"sourceParameters": map[string]any{"filterCriteria": map[string]any{}}}),
		"invocationType must be FIRE_AND_FORGET":  inputs(1, 0, target("", "REQUEST_RESPONSE")),
		"batchSize must be from 1":                inputs(0, 0, nil),
		"maximumBatchingWindowInSeconds from 0":   inputs(1, 301, nil),
		"neither RUNNING nor STOPPED":             inputs(1, 0, map[string]any{"desiredState": "PAUSED"}),
		"is not deployed":                         inputs(1, 0, map[string]any{"source": "arn:aws:sqs:eu-west-1:123456789012:other"}),
		"<aws.pipes.pipe-name> is not modelled":   inputs(1, 0, target(`{"p": <aws.pipes.pipe-name>}`, "FIRE_AND_FORGET")),
		"<$.body.list[0]> is not modelled":        inputs(1, 0, target(`{"p": <$.body.list[0]>}`, "FIRE_AND_FORGET")),
		"within a text is not modelled":           inputs(1, 0, target(`{"p": "a \" <$.body.x>"}`, "FIRE_AND_FORGET")),
		"it is no JSON":                           inputs(1, 0, target(`{"p": <$.body.x>`, "FIRE_AND_FORGET")),
		"it has 8193 characters, EventBridge tak": inputs(1, 0, target(strings.Repeat(" ", 8193), "FIRE_AND_FORGET")),
	} {
		w := newWorld(t)
		if err := w.deploy(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestTemplates(t *testing.T) {
	p := &pipe{source: queueARN}
	for _, test := range []struct{ template, body, want, err string }{
		{`{"files": <$.body.files>}`, `{"files": [{"key": "a \"quote\" \\ é"}]}`, `{"files":[{"key":"a \"quote\" \\ é"}]}`, ""},
		{`[<$.body>, <$.messageId>, 0]`, `text`, `["text","id",0]`, ""},
		{`{"b": <$.body>}`, `{"a": 1}`, `{"b":{"a":1}}`, ""},
		{`{"files": <$.body.files>}`, `{"file": 1}`, "", "the message id has no $.body.files"},
		{`{"files": <$.body.files>}`, `text`, "", "the message id has no $.body.files"},
	} {
		parsed, err := parseTemplate(test.template)
		if err != nil {
			t.Fatal(err)
		}
		got, err := parsed.apply(p.record(message(test.body)))
		if got != test.want || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%s of %s: %s, %v", test.template, test.body, got, err)
		}
	}
	whole, _ := (*template)(nil).apply(p.record(message("b")))
	if want := `{"messageId":"id","receiptHandle":"h","body":"b","attributes":{"SentTimestamp":"1"},"messageAttributes":{"a":{"stringValue":"v","dataType":"String"}},` +
		`"md5OfBody":"","eventSource":"aws:sqs","eventSourceARN":"` + queueARN + `","awsRegion":"eu-west-1"}`; whole != want {
		t.Errorf("without a template the target gets %s", whole)
	}
}
