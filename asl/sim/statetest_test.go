package sim_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// What the TestState API answered on AWS between November 2025 and March 2026, as LocalStack's tests recorded it
// (tests/aws/services/stepfunctions/v2/test_state/*.snapshot.json): statuses, stages and words.
func TestStateTestAsRecorded(t *testing.T) {
	const (
		distributed = `"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}`
		mapCatch    = `{"Type":"Map","QueryLanguage":"JSONata","Items":"{% $states.input.Values %}",` + distributed + `,"Catch":[{"ErrorEquals":["Mock"],"Next":"H"},
			{"ErrorEquals":["States.ExceedToleratedFailureThreshold"],"Output":"{% $states.errorOutput %}","Next":"T"}],"ToleratedFailureCount":1,"End":true}`
		mapRetry = `{"Type":"Map","QueryLanguage":"JSONata","Items":"{% $states.input.Values %}",` + distributed + `,"Retry":[{"ErrorEquals":["Mock"],"MaxAttempts":3},
			{"ErrorEquals":["States.ExceedToleratedFailureThreshold"],"MaxAttempts":2}],"ToleratedFailureCount":1,"End":true}`
		mapPlain  = `{"Type":"Map","QueryLanguage":"JSONata","Items":"{% $states.input.Values %}",` + distributed + `,"Output":"{% $states.result %}","End":true}`
		mapPath   = `{"Type":"Map","ItemsPath":"$.Values",` + distributed + `,"MaxConcurrency":1,"End":true}`
		taskRetry = `{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"foo","Payload":"bar"},
			"Retry":[{"ErrorEquals":["Mock"],"IntervalSeconds":1,"MaxAttempts":5,"BackoffRate":2.0}]}`
		taskCatch = `{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::lambda:invoke","Arguments":{"FunctionName":"foo","Payload":"bar"},
			"Catch":[{"ErrorEquals":["Mock"],"Output":"{% $states.errorOutput %}","Next":"H"}]}`
		parallel = `{"Type":"Parallel","InputPath":"$.in","ResultPath":"$.r","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}},
			{"StartAt":"B","States":{"B":{"Type":"Pass","End":true}}}],"End":true}`
		task = `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","InputPath":"$.i","Parameters":{"FunctionName.$":"$.f"},"ResultSelector":{"out.$":"$"},"ResultPath":"$.p","OutputPath":"$.p","Next":"N"}`
	)
	ok := func(v string) *sim.Answer {
		return &sim.Answer{Output: mustDecode(t, v), Index: -1}
	}
	name, cause := "Mock", "why"
	bad := &sim.Answer{Fails: true, Error: &name, Cause: &cause, Index: -1}
	for _, c := range []struct {
		what, state, input string
		test               sim.StateTest
		want               string
	}{
		{"Pass", `{"Type":"Pass","End":true}`, `{"v":1}`, sim.StateTest{},
			`{"status":"SUCCEEDED","output":{"v":1},"input":{"v":1},"afterInputPath":{"v":1},"afterParameters":{"v":1},"afterResultSelector":{"v":1},"afterResultPath":{"v":1}}`},
		{"Pass with a result", `{"Type":"Pass","Result":{"r":1},"End":true}`, `{"v":1}`, sim.StateTest{},
			`{"status":"SUCCEEDED","output":{"r":1},"input":{"v":1},"result":{"r":1},"afterResultSelector":{"r":1},"afterResultPath":{"r":1}}`},
		{"Pass with paths", `{"Type":"Pass","InputPath":"$.a","Parameters":{"k.$":"$.b"},"ResultPath":"$.m","Next":"N"}`, `{"a":{"b":1}}`, sim.StateTest{},
			`{"status":"SUCCEEDED","nextState":"N","output":{"a":{"b":1},"m":{"k":1}},"input":{"a":{"b":1}},"afterInputPath":{"b":1},"afterParameters":{"k":1},"afterResultSelector":{"k":1},"afterResultPath":{"a":{"b":1},"m":{"k":1}}}`},
		{"Pass in JSONata", `{"Type":"Pass","QueryLanguage":"JSONata","Next":"N"}`, `{"v":1}`, sim.StateTest{}, `{"status":"SUCCEEDED","nextState":"N","output":{"v":1},"input":{"v":1}}`},
		{"variables", `{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $a + 1 %}","Assign":{"b":2},"Next":"N"}`, `1`, sim.StateTest{Variables: mustObject(t, `{"a":5}`)},
			`{"status":"SUCCEEDED","nextState":"N","output":6,"input":1,"variables":{"a":5,"b":2}}`},
		{"Fail", `{"Type":"Fail","Error":"E","Cause":"C"}`, `{"v":1}`, sim.StateTest{}, `{"status":"FAILED","error":"E","cause":"C","input":{"v":1},"afterInputPath":{"v":1}}`},
		{"Succeed", `{"Type":"Succeed"}`, `{"v":1}`, sim.StateTest{}, `{"status":"SUCCEEDED","output":{"v":1},"input":{"v":1},"afterInputPath":{"v":1}}`},
		{"Choice", `{"Type":"Choice","Choices":[{"Variable":"$.v","NumericEquals":1,"Next":"One"}],"Default":"D"}`, `{"v":1}`, sim.StateTest{},
			`{"status":"SUCCEEDED","nextState":"One","output":{"v":1},"input":{"v":1},"afterInputPath":{"v":1}}`},
		{"Task in JSONPath", task, `{"i":{"f":"fn"}}`, sim.StateTest{Mock: ok(`{"x":1}`)},
			`{"status":"SUCCEEDED","nextState":"N","output":{"out":{"x":1}},"input":{"i":{"f":"fn"}},"afterInputPath":{"f":"fn"},"afterParameters":{"FunctionName":"fn"},"result":{"x":1},
			"afterResultSelector":{"out":{"x":1}},"afterResultPath":{"i":{"f":"fn"},"p":{"out":{"x":1}}}}`},
		{"context", `{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"f"},"ResultSelector":{"c.$":"$$"},"End":true}`, `{}`, sim.StateTest{Context: mustObject(t, `{}`), Mock: ok(`1`)},
			`{"status":"SUCCEEDED","output":{"c":{}},"input":{},"afterInputPath":{},"afterParameters":{"FunctionName":"f"},"result":1,"afterResultSelector":{"c":{}},"afterResultPath":{"c":{}}}`},
		{"fifth attempt", taskRetry, `{}`, sim.StateTest{Mock: bad, RetryCount: 4},
			`{"status":"RETRIABLE","error":"Mock","cause":"why","input":{},"afterArguments":{"FunctionName":"foo","Payload":"bar"},"errorDetails":{"retryIndex":0,"retryBackoffIntervalSeconds":16}}`},
		{"no attempt left", taskRetry, `{}`, sim.StateTest{Mock: bad, RetryCount: 5},
			`{"status":"FAILED","error":"Mock","cause":"why","input":{},"afterArguments":{"FunctionName":"foo","Payload":"bar"},"errorDetails":{"retryIndex":0}}`},
		{"caught", taskCatch, `{}`, sim.StateTest{Mock: bad},
			`{"status":"CAUGHT_ERROR","error":"Mock","cause":"why","nextState":"H","output":{"Error":"Mock","Cause":"why"},"input":{},"afterArguments":{"FunctionName":"foo","Payload":"bar"},"errorDetails":{"catchIndex":0}}`},
		{"Parallel", parallel, `{"in":1}`, sim.StateTest{Mock: ok(`[1,2]`)},
			`{"status":"SUCCEEDED","output":{"in":1,"r":[1,2]},"input":{"in":1},"afterResultSelector":[1,2],"afterResultPath":{"in":1,"r":[1,2]}}`},
		{"Map within its tolerance", mapCatch, `{"Values":[1,2,3]}`, sim.StateTest{Mock: ok(`[1,1,1]`)},
			`{"status":"SUCCEEDED","output":[1,1,1],"input":{"Values":[1,2,3]},"maxConcurrency":0,"toleratedFailureCount":1}`},
		{"Map beyond its tolerance, caught", mapCatch, `{"Values":[1,2,3]}`, sim.StateTest{Mock: ok(`[0,0,1]`), FailedIterations: 2},
			`{"status":"CAUGHT_ERROR","error":"States.ExceedToleratedFailureThreshold","cause":"The specified tolerated failure threshold was exceeded","nextState":"T",
			"output":{"Error":"States.ExceedToleratedFailureThreshold","Cause":"The specified tolerated failure threshold was exceeded"},
			"input":{"Values":[1,2,3]},"maxConcurrency":0,"toleratedFailureCount":1,"errorDetails":{"catchIndex":1}}`},
		{"Map beyond its tolerance, retried", mapRetry, `{"Values":[1,2,3]}`, sim.StateTest{Mock: ok(`[0,0,1]`), FailedIterations: 2},
			`{"status":"RETRIABLE","error":"States.ExceedToleratedFailureThreshold","cause":"The specified tolerated failure threshold was exceeded",
			"input":{"Values":[1,2,3]},"maxConcurrency":0,"toleratedFailureCount":1,"errorDetails":{"retryIndex":1,"retryBackoffIntervalSeconds":1}}`},
		{"Map without a tolerance", mapPlain, `{"Values":[1,2,3]}`, sim.StateTest{Mock: ok(`[0,0,1]`), FailedIterations: 2},
			`{"status":"SUCCEEDED","output":[0,0,1],"input":{"Values":[1,2,3]},"maxConcurrency":0}`},
		{"Map in JSONPath", mapPath, `{"Values":["a"]}`, sim.StateTest{Mock: ok(`["A"]`)},
			`{"status":"SUCCEEDED","output":["A"],"input":{"Values":["a"]},"afterInputPath":{"Values":["a"]},"afterItemsPath":["a"],"maxConcurrency":1,"afterResultSelector":["A"],"afterResultPath":["A"]}`},
		{"Map over nothing", mapPath, `{"Values":1}`, sim.StateTest{Mock: ok(`["A"]`)},
			`{"status":"FAILED","error":"States.Runtime","cause":"Reference path \"$.Values\" must point to array.","input":{"Values":1},"afterInputPath":{"Values":1}}`},
	} {
		t.Run(c.what, func(t *testing.T) {
			c.test.State = "StateName"
			if got, want := stateTest(t, c.state, c.input, c.test), mustJSON(t, c.want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// The items of a mocked Map are read, selected and grouped, though its iterations do not run.
func TestStateTestItems(t *testing.T) {
	state := `{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","MaxItems":3},"Parameters":{"Bucket":"b","Key":"k"}},
		"ItemSelector":{"v.$":"$$.Map.Item.Value.a"},"ItemBatcher":{"MaxItemsPerBatch":2},
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"End":true}`
	got := stateTest(t, state, `{}`, sim.StateTest{State: "StateName", Mock: &sim.Answer{Output: []any{}, Index: -1}, ItemReaderData: []byte("a\n1\n2\n3\n4\n")})
	for _, want := range []string{`"afterItemSelector":[{"v":"1"},{"v":"2"},{"v":"3"}]`, `"afterItemBatcher":[{"Items":[{"v":"1"},{"v":"2"}]},{"Items":[{"v":"3"}]}]`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}

// Without a mock a Map or Parallel runs its own states, retries within them included, and only then leads on.
func TestStateTestRunsInnerStates(t *testing.T) {
	state := `{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Parameters":{"n.$":"$"},"Next":"J"},"J":{"Type":"Pass","End":true}}},"Next":"N"}`
	got := stateTest(t, state, `[1,2]`, sim.StateTest{State: "StateName"})
	for _, want := range []string{`"nextState":"N"`, `"output":[{"n":1},{"n":2}]`, `"status":"SUCCEEDED"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}

func TestStateTestRefusals(t *testing.T) {
	d := mustParse(t, `{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`)
	m, err := sim.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	clock := sim.NewClock(time.Unix(0, 0))
	if _, err := m.StartState(clock, nil, sim.StateTest{State: "B"}, sim.Options{}); err == nil || !strings.Contains(err.Error(), `no state "B"`) {
		t.Errorf("unknown state: %v", err)
	}
	if _, err := m.StartState(clock, nil, sim.StateTest{State: "A", Mock: &sim.Answer{}}, sim.Options{}); err == nil || !strings.Contains(err.Error(), "nothing to mock") {
		t.Errorf("mocked Pass: %v", err)
	}
}

// stateTest is the result of a test, with the stages beside it, as JSON.
func stateTest(t *testing.T, state, input string, test sim.StateTest) string {
	t.Helper()
	alone, known := sim.Alone(mustParse(t, `{"StartAt":"StateName","States":{"StateName":`+state+`}}`), "StateName")
	if alone == nil {
		t.Fatalf("no state; there are %v", known)
	}
	m, err := sim.Compile(alone)
	if err != nil {
		t.Fatal(err)
	}
	clock := sim.NewClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	x, err := m.StartState(clock, mustDecode(t, input), test, sim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := clock.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	r := x.StateResult()
	o := jsonvalue.NewObject(8)
	o.Set("status", string(r.Status))
	if r.Status == sim.StateSucceeded || r.Status == sim.StateCaughtError {
		o.Set("output", r.Output)
	}
	if r.Error != "" {
		o.Set("error", r.Error)
		o.Set("cause", r.Cause)
	}
	if r.Next != "" {
		o.Set("nextState", r.Next)
	}
	for name, v := range r.Inspection.All() {
		o.Set(name, v)
	}
	return mustJSON(t, string(jsonvalue.Append(nil, o)))
}

func mustJSON(t *testing.T, text string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	sorted, _ := json.Marshal(v)
	return string(sorted)
}

func mustDecode(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func mustObject(t *testing.T, text string) *jsonvalue.Object {
	t.Helper()
	return mustDecode(t, text).(*jsonvalue.Object)
}

func mustParse(t *testing.T, text string) *ast.Definition {
	t.Helper()
	d, err := ast.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
