package events

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
	"airline/local/recorder"
	"airline/local/s3"
)

// queue keeps what it is sent.
type queue struct{ messages []*sqs.SendMessageInput }

func (q *queue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	q.messages = append(q.messages, in)
	return &sqs.SendMessageOutput{}, nil
}

func newTestBus(t *testing.T, q Queues) (*Service, *sim.Clock) {
	t.Helper()
	clock := sim.NewClock(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC))
	s := New(door.New(clock, allowAll{}, 1), clock, s3.Place{Account: "1", Region: "eu-west-1", Partition: "aws"}, nil, q, nil, Options{})
	rule := &recorder.Resource{Inputs: map[string]any{"eventPattern": `{"source": ["aws.s3"]}`}, Outputs: map[string]any{"name": "r", "arn": "arn:aws:events:eu-west-1:1:rule/r"}}
	if err := s.addRule(rule); err != nil {
		t.Fatal(err)
	}
	return s, clock
}

func testTarget(inputs map[string]any) *recorder.Resource {
	inputs["rule"], inputs["arn"] = "r", "arn:aws:sqs:eu-west-1:1:q"
	return &recorder.Resource{Inputs: inputs, Outputs: map[string]any{"targetId": "t"}}
}

func TestTargetTakesOneInput(t *testing.T) {
	transformer := map[string]any{"inputPaths": map[string]any{}, "inputTemplate": `{"a": 1}`}
	for name, tc := range map[string]struct {
		inputs map[string]any
		want   string
	}{
		"none":               {map[string]any{}, ""},
		"constant":           {map[string]any{"input": `{"a": 1}`}, ""},
		"path":               {map[string]any{"inputPath": "$.detail"}, ""},
		"transformer":        {map[string]any{"inputTransformer": transformer}, ""},
		"constant, path":     {map[string]any{"input": `{"a": 1}`, "inputPath": "$.detail"}, "EventBridge takes one"},
		"transformer, path":  {map[string]any{"inputTransformer": transformer, "inputPath": "$.detail"}, "EventBridge takes one"},
		"constant, no JSON":  {map[string]any{"input": "text"}, "input: is not JSON"},
		"transformer, wrong": {map[string]any{"inputTransformer": map[string]any{"inputTemplate": `{"a": <b>}`}}, "has no path"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := newTestBus(t, &queue{})
			err := s.addTarget(testTarget(tc.inputs))
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// TestInvalidInputIsReported shows that a transformer whose result is no JSON delivers nothing to the target, and that
// the event goes to the dead-letter queue.
func TestInvalidInputIsReported(t *testing.T) {
	q := &queue{}
	s, clock := newTestBus(t, q)
	target := testTarget(map[string]any{
		"inputTransformer": map[string]any{"inputPaths": map[string]any{"o": "$.detail"}, "inputTemplate": `{"text": "<o>"}`},
		"deadLetterConfig": map[string]any{"arn": "arn:aws:sqs:eu-west-1:1:dead"},
	})
	if err := s.addTarget(target); err != nil {
		t.Fatal(err)
	}
	detail := decode(t, `{"key": "a"}`).(*jsonvalue.Object)
	event := s.envelope("aws.s3", "Object Created", clock.Now(), nil, detail)
	s.Emit(event)
	if err := clock.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(q.messages) != 1 || !strings.HasSuffix(aws.ToString(q.messages[0].QueueUrl), "/dead") {
		t.Fatalf("messages %v, want one in the dead-letter queue", q.messages)
	}
	if code := aws.ToString(q.messages[0].MessageAttributes["ERROR_CODE"].StringValue); code != "INVALID_JSON" {
		t.Errorf("ERROR_CODE %q, want INVALID_JSON", code)
	}
	if f := s.Failures(); len(f) != 1 || f[0].Err == nil {
		t.Errorf("failures %v, want one", f)
	}
}

func TestTestEventPatternChecksTheEvent(t *testing.T) {
	if _, err := testEvent(`{"id": "1", "source": "s"}`); err == nil || !strings.Contains(err.Error(), "it lacks account, time, region, resources, detail-type") {
		t.Errorf("got %v", err)
	}
	for _, bad := range []string{`[]`, `{`} {
		if _, err := testEvent(bad); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
