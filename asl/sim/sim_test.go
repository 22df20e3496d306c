package sim_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/states"
)

func compile(tb testing.TB, definition string) *sim.Machine {
	tb.Helper()
	d, err := ast.Parse([]byte(definition))
	if err != nil {
		tb.Fatal(err)
	}
	m, err := sim.Compile(d)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// execute runs a definition with mocks of the form {state: [answer, ...]}.
func execute(tb testing.TB, definition, input, mocks string, options sim.Options) *sim.Execution {
	tb.Helper()
	machine := compile(tb, definition)
	if mocks != "" {
		m, err := sim.ParseMocks([]byte(mocks), "", "")
		if err != nil {
			tb.Fatal(err)
		}
		options.Tasks = m.Player()
	}
	options.History = true
	clock := sim.NewClock(epoch)
	x := machine.Start(clock, decode(tb, input), options)
	if err := clock.Run(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return x
}

// summary is the outcome in one line.
func summary(x *sim.Execution) string {
	if x.Status() == sim.Succeeded {
		return fmt.Sprintf("%s %s", x.Status(), jsonvalue.String(x.Output()))
	}
	return fmt.Sprintf("%s %s", x.Status(), x.Error())
}

const task = `"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}`

// variables is a machine whose states each assign a variable of 200,000 bytes.
func variables(n int) string {
	var b strings.Builder
	b.WriteString(`{"QueryLanguage": "JSONata", "StartAt": "S0", "States": {`)
	for i := range n {
		fmt.Fprintf(&b, `"S%d": {"Type": "Pass", "Assign": {"v%d": "{%% $pad('', 200000, 'x') %%}"}, "Next": "S%d"}, `, i, i, i+1)
	}
	fmt.Fprintf(&b, `"S%d": {"Type": "Succeed"}}}`, n)
	return b.String()
}

func TestExecutions(t *testing.T) {
	tests := []struct{ name, definition, input, mocks, want string }{
		{"task failed does not match a timeout",
			`{"StartAt": "T", "States": {"T": {` + task + `, "TimeoutSeconds": 5, "End": true, "Retry": [{"ErrorEquals": ["States.TaskFailed"]}],
				"Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "No"}, {"ErrorEquals": ["States.Timeout"], "Next": "Yes"}]}, "No": {"Type": "Fail"}, "Yes": {"Type": "Succeed"}}}`,
			`{}`, `{"T": [{"timeout": true}]}`, `SUCCEEDED {"Error":"States.Timeout","Cause":""}`},
		{"all does not match runtime",
			`{"StartAt": "T", "States": {"T": {` + task + `, "OutputPath": "$.none", "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}]}, "No": {"Type": "Succeed"}}}`,
			`{}`, `{"T": [{"return": 1}]}`, `FAILED States.Runtime`},
		{"variables that double reach the limit",
			`{"StartAt": "I", "States": {"I": {"Type": "Pass", "Assign": {"s": ["x"]}, "Next": "A"}, "A": {"Type": "Pass", "Assign": {"s.$": "States.Array($s, $s)"}, "Next": "A"}}}`,
			`{}`, ``, `FAILED States.DataLimitExceeded`},
		{"parameters over the limit",
			`{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f", "a.$": "$", "b.$": "$"}, "End": true}}}`,
			`"` + strings.Repeat("x", 200_000) + `"`, `{"T": [{"return": 1}]}`, `FAILED States.DataLimitExceeded`},
		{"all matches a task's answer over the limit", // recorded, against the guide
			`{"StartAt": "T", "States": {"T": {` + task + `, "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Yes"}]}, "Yes": {"Type": "Pass", "OutputPath": "$.e.Error", "End": true}}}`,
			`{}`, `{"T": [{"return": "` + strings.Repeat("x", 262_143) + `"}]}`, `SUCCEEDED "States.DataLimitExceeded"`},
		{"all does not match a state's data limit",
			`{"StartAt": "P", "States": {"P": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "` + strings.Repeat("x", 200_000) + `", "End": true}}},
				{"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": "` + strings.Repeat("x", 200_000) + `", "End": true}}}], "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}]}, "No": {"Type": "Succeed"}}}`,
			`{}`, ``, `FAILED States.DataLimitExceeded`},
		{"all variables together have a limit", variables(60), `{}`, ``, `FAILED States.DataLimitExceeded`},
		{"below that limit", variables(50), `{}`, ``, `SUCCEEDED {}`},
		{"variables of branches that have ended do not count",
			`{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Assign": {"v.$": "$$.Execution.Input.big"}, "Result": 1, "End": true}}}, "ItemsPath": "$.list", "ResultPath": null, "OutputPath": "$.done", "End": true}}}`,
			`{"done": true, "big": "` + strings.Repeat("x", 200_000) + `", "list": [` + strings.Repeat("1,", 99) + `1]}`, ``, `SUCCEEDED true`},
		{"the largest payload passes",
			`{"StartAt": "T", "States": {"T": {` + task + `, "ResultSelector": {"n": 1}, "End": true}}}`,
			`{}`, `{"T": [{"return": "` + strings.Repeat("x", 262_142) + `"}]}`, `SUCCEEDED {"n":1}`},
		{"a heartbeat timeout is a timeout",
			`{"StartAt": "T", "States": {"T": {` + task + `, "HeartbeatSeconds": 5, "End": true, "Catch": [{"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Yes"}]}, "Yes": {"Type": "Succeed"}}}`,
			`{}`, `{"T": [{"heartbeatTimeout": true}]}`, `SUCCEEDED {"Error":"States.Timeout","Cause":""}`},
		{"retriers count for themselves and per visit",
			`{"StartAt": "T", "States": {"T": {` + task + `, "ResultPath": "$.r", "Next": "C", "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["B"], "MaxAttempts": 1}]},
				"C": {"Type": "Choice", "Choices": [{"Variable": "$.r", "NumericEquals": 2, "Next": "D"}], "Default": "T"}, "D": {"Type": "Succeed"}}}`,
			`{}`, `{"T": [{"throw": {"error": "A", "cause": ""}}, {"throw": {"error": "B", "cause": ""}}, {"return": 1}, {"throw": {"error": "A", "cause": ""}}, {"return": 2}]}`, `SUCCEEDED {"r":2}`},
		{"no attempts left",
			`{"StartAt": "T", "States": {"T": {` + task + `, "End": true, "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}]}}}`,
			`{}`, `{"T": [{"throw": {"error": "A", "cause": ""}}, {"throw": {"error": "A", "cause": ""}}]}`, `FAILED A`},
		{"no choice matches",
			`{"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": 2, "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`{"a": 1}`, ``, `FAILED States.NoChoiceMatched`},
		{"a choice on a missing variable",
			`{"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [{"Variable": "$.b", "IsNull": true, "Next": "D"}], "Default": "D"}, "D": {"Type": "Succeed"}}}`,
			`{"a": 1}`, ``, `FAILED States.Runtime`},
		{"tests may be negated",
			`{"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.b", "IsPresent": false}, {"Variable": "$.a", "IsString": false}, {"Not": {"Variable": "$.a", "IsNull": true}}], "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`{"a": 1}`, ``, `SUCCEEDED {"a":1}`},
		{"string patterns",
			`{"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [{"Variable": "$", "StringMatches": "a*\\*c*", "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`"abb*cd"`, ``, `SUCCEEDED "abb*cd"`},
		{"wildcards without a match are empty",
			`{"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"x.$": "$[*]"}, "End": true}}}`, `{}`, ``, `SUCCEEDED {"x":[]}`},
		{"null paths",
			`{"StartAt": "P", "States": {"P": {"Type": "Pass", "InputPath": null, "ResultPath": "$.r", "Next": "Q"}, "Q": {"Type": "Pass", "ResultPath": null, "Result": 1, "Next": "R"}, "R": {"Type": "Pass", "Next": "S"}, "S": {"Type": "Succeed", "OutputPath": "$.r"}}}`,
			`{"a": 1}`, ``, `SUCCEEDED {}`},
		{"a result that cannot be placed",
			`{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": 1, "ResultPath": "$.a.b", "End": true}}}`, `{"a": 1}`, ``, `FAILED States.ResultPathMatchFailure`},
		{"an intrinsic function fails",
			`{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName.$": "States.ArrayGetItem($.a, 9)"}, "End": true, "Catch": [{"ErrorEquals": ["States.IntrinsicFailure"], "ResultPath": null, "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`{"a": []}`, `{}`, `SUCCEEDED {"a":[]}`},
		{"variables",
			`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"x.$": "$.a", "y": 1}, "Next": "B"},
				"B": {"Type": "Parallel", "ResultPath": "$.r", "Branches": [{"StartAt": "B1", "States": {"B1": {"Type": "Pass", "Assign": {"z.$": "$x"}, "Next": "B2"}, "B2": {"Type": "Pass", "Parameters": {"z.$": "$z", "y.$": "$y"}, "End": true}}}], "Next": "C"},
				"C": {"Type": "Pass", "Assign": {"x.$": "$y", "y.$": "$x"}, "Next": "D"}, "D": {"Type": "Pass", "Parameters": {"x.$": "$x", "y.$": "$y", "r.$": "$.r[0]"}, "End": true}}}`,
			`{"a": 7}`, ``, `SUCCEEDED {"x":1,"y":7,"r":{"z":7,"y":1}}`},
		{"the context object",
			`{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemsPath": "$.a", "MaxConcurrency": 2, "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "all.$": "$.a[0]"}, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"in.$": "$", "name.$": "$$.State.Name", "exec.$": "$$.Execution.Name", "at.$": "$$.State.EnteredTime"}, "End": true}}}, "End": true}}}`,
			`{"a": ["p"]}`, ``, `SUCCEEDED [{"in":{"i":0,"v":"p","all":"p"},"name":"P","exec":"run","at":"2026-01-01T00:00:00.000Z"}]`},
		{"the machine's timeout",
			`{"TimeoutSeconds": 10, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 11, "End": true}}}`, `{}`, ``, `TIMED_OUT States.Timeout`},
		{"an endless loop ends",
			`{"StartAt": "P", "States": {"P": {"Type": "Pass", "Next": "P"}}}`, `{}`, ``, `FAILED States.Runtime`},
		{"an unmocked task says so",
			`{"StartAt": "T", "States": {"T": {` + task + `, "End": true, "Retry": [{"ErrorEquals": ["States.ALL"]}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`{}`, `{}`, `FAILED Unmocked`},
		{"a mistake in an iteration ends the execution",
			`{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemSelector": {"x.$": "$.none"}, "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}, "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`[1, 2, 3]`, ``, `FAILED States.Runtime`},
		{"JSON null as error",
			`{"StartAt": "T", "States": {"T": {` + task + `, "End": true, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}]}, "D": {"Type": "Succeed"}}}`,
			`{}`, `{"T": [{"throw": {}}]}`, `SUCCEEDED {"Error":null,"Cause":null}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := execute(t, test.definition, test.input, test.mocks, sim.Options{Name: "run"})
			if got := summary(x); got != test.want {
				t.Errorf("got %s (%s)\nwant %s", got, x.Cause(), test.want)
			}
			if err := wellFormed(x); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestVirtualTime(t *testing.T) {
	x := execute(t, `{"StartAt": "T", "States": {"T": {`+task+`, "ResultPath": null, "Next": "W", "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 10, "BackoffRate": 3, "MaxAttempts": 4, "MaxDelaySeconds": 40}]},
		"W": {"Type": "Wait", "Timestamp": "2026-01-01T00:05:00+00:00", "Next": "V"}, "V": {"Type": "Wait", "SecondsPath": "$.s", "End": true}}}`, `{"s": 86400}`,
		`{"T": [{"throw": {"error": "A", "cause": ""}}, {"throw": {"error": "A", "cause": ""}}, {"throw": {"error": "A", "cause": ""}}, {"return": 1, "takes": 60}]}`, sim.Options{})
	if want := 24*time.Hour + 5*time.Minute; x.Elapsed() != want {
		t.Errorf("elapsed: got %v, want %v (10 + 30 + 40 + 60 s, until 00:05, a day)", x.Elapsed(), want)
	}
	if x.Transitions() != 6 {
		t.Errorf("transitions: got %d, want 6: three states and three retries", x.Transitions())
	}
}

// The words are AWS's (recorded).
func TestTimestampThatIsNone(t *testing.T) {
	x := execute(t, `{"QueryLanguage": "JSONata", "StartAt": "W", "States": {"W": {"Type": "Wait", "Timestamp": "{% $states.input.t %}", "End": true}}}`, `{"t": "soon"}`, ``, sim.Options{})
	const want = "An error occurred while executing the state 'W' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: soon"
	if x.Error() != "States.QueryEvaluationError" || x.Cause() != want {
		t.Errorf("got %s: %s\nwant %s", x.Error(), x.Cause(), want)
	}
}

func TestJitterIsSeeded(t *testing.T) {
	elapsed := func(seed uint64) time.Duration {
		x := execute(t, `{"StartAt": "T", "States": {"T": {`+task+`, "End": true, "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 100, "JitterStrategy": "FULL"}]}}}`,
			`{}`, `{"T": [{"throw": {"error": "A", "cause": ""}}, {"return": 1}]}`, sim.Options{Seed: seed})
		return x.Elapsed()
	}
	a, b, c := elapsed(1), elapsed(1), elapsed(2)
	if a != b || a == c || a < 0 || a > 100*time.Second {
		t.Errorf("seed 1: %v and %v, seed 2: %v", a, b, c)
	}
}

func TestStop(t *testing.T) {
	machine := compile(t, `{"StartAt": "T", "States": {"T": {`+task+`, "End": true}}}`)
	clock, stopped := sim.NewClock(epoch), false
	x := machine.Start(clock, nil, sim.Options{History: true, Tasks: sim.TaskFunc(func(task *sim.Task) { task.OnStop(func() { stopped = true }) })})
	clock.After(time.Minute, func() { x.Stop("Enough", "because") })
	clock.Run(context.Background())
	if x.Status() != sim.Aborted || x.Error() != "Enough" || !stopped || x.Elapsed() != time.Minute || clock.Pending() != 0 {
		t.Errorf("status %s, error %q, stopped %t, elapsed %v, pending %d", x.Status(), x.Error(), stopped, x.Elapsed(), clock.Pending())
	}
}

func TestNestedExecutions(t *testing.T) {
	child := compile(t, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 30, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "P"}], "Default": "F"}, "P": {"Type": "Pass", "Result": {"r": 1}, "End": true}, "F": {"Type": "Fail", "Error": "Bad"}}}`)
	const arn = "arn:aws:states:us-east-1:123456789012:stateMachine:child"
	for _, test := range []struct{ resource, ok, want string }{
		{"states:startExecution.sync:2", "true", `SUCCEEDED {"r":1}`},
		{"states:startExecution.sync", "true", `SUCCEEDED "{\"r\":1}"`},
		{"states:startExecution.sync", "false", `FAILED States.TaskFailed`},
	} {
		x := execute(t, `{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::`+test.resource+`", "Parameters": {"StateMachineArn": "`+arn+`", "Input.$": "$"}, "OutputPath": "$.Output", "End": true}}}`,
			`{"ok": `+test.ok+`}`, "", sim.Options{Tasks: &sim.Machines{ByARN: map[string]*sim.Machine{arn: child}}})
		if got := summary(x); got != test.want || x.Elapsed() != 30*time.Second {
			t.Errorf("%s: got %s after %v, want %s", test.resource, got, x.Elapsed(), test.want)
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for _, test := range []struct{ definition, want string }{
		{`{"StartAt": "X", "States": {"A": {"Type": "Pass", "Next": "B"}}}`, `/States/A/Next: there is no state "B"`},
		{`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "$.!"}, "End": true}}}`, `/States/A/Parameters/x.$: path "$.!", offset 2`},
		{`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "States.Nope()"}, "End": true}}}`, `there is no intrinsic function "States.Nope"`},
		{`{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}`, `/States/A: the state has neither Next nor End`},
	} {
		d, _ := ast.Parse([]byte(test.definition))
		_, err := sim.Compile(d)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v\nwant %s", err, test.want)
		}
	}
}

// Items come from a store, results go there.
func TestDistributedMap(t *testing.T) {
	const definition = `{"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "L", "MaxConcurrency": 2, "ToleratedFailurePercentage": 50,
		"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "MaxItems": 4}, "Parameters": {"Bucket": "in", "Key.$": "$.key"}},
		"ItemSelector": {"row.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"},
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "C", "States": {
			"C": {"Type": "Choice", "Choices": [{"Variable": "$.row.n", "StringEquals": "2", "Next": "F"}], "Default": "P"},
			"F": {"Type": "Fail", "Error": "Two"}, "P": {"Type": "Pass", "OutputPath": "$.row.n", "End": true}}}%s, "End": true}}}`
	for _, store := range []sim.ObjectStore{sim.MemoryStore{}, sim.DirStore(t.TempDir())} {
		if err := store.PutObject("in", "a/b.csv", []byte("n,m\n1,x\n2,y\n3,z\n4,\n5,\n")); err != nil {
			t.Fatal(err)
		}
		children := 0
		options := sim.Options{Objects: store, OnChild: func(*sim.Execution) { children++ }}
		x := execute(t, fmt.Sprintf(definition, ""), `{"key": "a/b.csv"}`, "", options)
		if got := summary(x); got != `SUCCEEDED ["1","3","4"]` || children != 4 {
			t.Errorf("got %s after %d children", got, children)
		}
		x = execute(t, fmt.Sprintf(definition, `, "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"}}`),
			`{"key": "a/b.csv"}`, "", options)
		objects, err := store.ListObjects("out", "p/")
		if err != nil || x.Status() != sim.Succeeded || len(objects) != 3 {
			t.Fatalf("%s, objects %v, %v", summary(x), objects, err)
		}
		for i, suffix := range []string{"/FAILED_0.json", "/SUCCEEDED_0.json", "/manifest.json"} {
			if !strings.HasSuffix(objects[i].Key, suffix) {
				t.Errorf("object %d: got %s, want %s", i, objects[i].Key, suffix)
			}
		}
		if x = execute(t, fmt.Sprintf(definition, ""), `{"key": "none"}`, "", options); x.Error() != "States.ItemReaderFailed" {
			t.Errorf("a missing file: %s", summary(x))
		}
		if _, err := store.GetObject("in", "../../../etc/passwd"); err == nil {
			t.Error("a key leads out of the store")
		}
	}
}

// A Machine is shared by goroutines, each with a clock of its own.
func TestMachineIsShared(t *testing.T) {
	machine := compile(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"t.$": "States.Format('{}!', $.n)", "all.$": "$..n"}, "Next": "Q"},
		"Q": {"QueryLanguage": "JSONata", "Type": "Map", "Items": "{% [1..3] %}", "ItemProcessor": {"StartAt": "R", "States": {"R": {"QueryLanguage": "JSONata", "Type": "Pass", "Output": "{% $states.input * 2 %}", "End": true}}}, "End": true}}}`)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				clock := sim.NewClock(epoch)
				x := machine.Start(clock, decode(t, `{"n": 1}`), sim.Options{History: true})
				clock.Run(context.Background())
				if got := summary(x); got != "SUCCEEDED [2,4,6]" {
					t.Error(got, x.Cause())
					return
				}
			}
		})
	}
	wait.Wait()
}

// The history in the API's form: payloads are texts.
func TestEventJSON(t *testing.T) {
	x := execute(t, `{"StartAt": "P", "States": {"P": {"Type": "Pass", "Assign": {"v": [1]}, "End": true}}}`, `{"a": "b"}`, "", sim.Options{})
	got := jsonvalue.String(x.History()[2].JSON())
	want := `{"timestamp":1767225600,"type":"PassStateExited","id":3,"previousEventId":2,"stateExitedEventDetails":` +
		`{"assignedVariables":{"v":"[1]"},"assignedVariablesDetails":{"truncated":false},"name":"P","output":"{\"a\":\"b\"}","outputDetails":{"truncated":false}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConcurrentMap(t *testing.T) {
	x := execute(t, `{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 3, "ItemProcessor": {"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$", "End": true}}}, "End": true}}}`,
		`[5, 1, 3, 1, 1, 4]`, "", sim.Options{})
	// 5 and 1, 3 start at 0; 1 starts at 1, 1 at 2, 4 at 3 and ends at 7.
	if got := summary(x); got != `SUCCEEDED [5,1,3,1,1,4]` || x.Elapsed() != 7*time.Second {
		t.Errorf("got %s after %v", got, x.Elapsed())
	}
}

// What a Map gathers is not kept beyond the payload limit, however many items there are.
func TestResultsBounded(t *testing.T) {
	for _, mode := range []string{"INLINE", "DISTRIBUTED"} {
		machine := compile(t, `{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "ItemsPath": "$.i", "ItemSelector": {"s.$": "$.s", "i.$": "$$.Map.Item.Value"}, "End": true,
			"ItemProcessor": {"ProcessorConfig": {"Mode": "`+mode+`", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"t.$": "States.Format('{} {}', $.s, $.i)"}, "End": true}}}}}}`)
		items := make([]any, 500)
		for i := range items {
			items[i] = float64(i)
		}
		var live runtime.MemStats
		clock := sim.NewClock(epoch)
		x := machine.Start(clock, jsonvalue.From(map[string]any{"i": items, "s": strings.Repeat("x", 200_000)}), sim.Options{OnDone: func(*sim.Execution) {
			runtime.GC()
			runtime.ReadMemStats(&live)
		}})
		if err := clock.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if x.Error() != states.DataLimitExceeded || live.HeapAlloc > 48<<20 {
			t.Errorf("%s: %s %s, %d bytes live; want %s and less than 48 MiB", mode, x.Status(), x.Error(), live.HeapAlloc, states.DataLimitExceeded)
		}
	}
}

// MaxDelaySeconds bounds what the back-off makes of the interval.
func TestRetriesWaitAtMostMaxDelaySeconds(t *testing.T) {
	definition, err := ast.ParseString(`{"StartAt": "Call", "States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
		"Parameters": {"QueueUrl": "q", "MessageBody": "m"}, "End": true,
		"Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 10, "BackoffRate": 2, "MaxDelaySeconds": 15, "MaxAttempts": 4}]}}}`)
	if err != nil {
		t.Fatal(err)
	}
	machine, err := sim.Compile(definition)
	if err != nil {
		t.Fatal(err)
	}
	clock := sim.NewClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	x := machine.Start(clock, nil, sim.Options{Tasks: sim.TaskFunc(func(t *sim.Task) { t.Fail("Busy", "") })})
	clock.Run(context.Background())
	// 10 s, and then 15 s three times instead of 20, 40 and 80.
	if got, want := x.Elapsed(), 55*time.Second; got != want || x.Status() != sim.Failed {
		t.Errorf("%v after %v, want %v after %v", x.Status(), got, sim.Failed, want)
	}
}
