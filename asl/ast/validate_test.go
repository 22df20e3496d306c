package ast_test

import (
	"fmt"
	"strings"
	"testing"

	"airline/asl/ast"
)

// TestValidate checks one rule a case: the location and the words of the
// problem, or that there is none.
func TestValidate(t *testing.T) {
	state := func(body string) string {
		return fmt.Sprintf(`{"StartAt":"S","States":{"S":{%s},"D":{"Type":"Succeed"}}}`, body)
	}
	task := func(body string) string {
		return state(`"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun","Next":"D"` + body)
	}
	distributed := func(body string) string {
		return state(`"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"X","States":{"X":{"Type":"Succeed"}}},` + body + `,"Next":"D"`)
	}
	express := func(body string) string {
		return state(`"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"X","States":{"X":{` + body + `}}},"Next":"D"`)
	}
	for _, test := range []struct {
		name, text string
		want       string // "" for none
	}{
		{"no states", `{"StartAt":"S","States":{}}`, "/States: error: there are no states"},
		{"no StartAt", `{"States":{"S":{"Type":"Succeed"}}}`, "/StartAt: error: StartAt is missing"},
		{"StartAt of nothing", `{"StartAt":"X","States":{"S":{"Type":"Succeed"}}}`, `/StartAt: error: there is no state "X"`},
		{"cycle without an end", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}`, "/States: error: no state ends"},
		{"unreachable", `{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}`, `/States/B: error: the state "B" cannot be reached`},
		{"unknown type", state(`"Type":"Tsk","Next":"D"`), `/States/S/Type: error: there is no type of state "Tsk"; did you mean "Task"?`},
		{"name with a slash", `{"StartAt":"a/b","States":{"a/b":{"Type":"Pass"}}}`, "/States/a~1b: error: the state has neither Next nor End"},
		{"one name in two branches", `{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"X","States":{"X":{"Type":"Succeed"}}},{"StartAt":"X","States":{"X":{"Type":"Succeed"}}}]}}}`,
			`/States/P/Branches/1/States/X: error: there is another state "X"`},
		{"States.ALL with others", task(`,"Catch":[{"ErrorEquals":["States.ALL","E"],"Next":"D"}]`), "/States/S/Catch/0/ErrorEquals: error: States.ALL must stand alone"},
		{"States.ALL not last", task(`,"Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["E"]}]`), "/States/S/Retry/0/ErrorEquals: error: States.ALL must be in the last retrier"},
		{"catcher to nowhere", task(`,"Catch":[{"ErrorEquals":["E"],"Next":"X"}]`), `/States/S/Catch/0/Next: error: there is no state "X"`},
		{"backoff below one", task(`,"Retry":[{"ErrorEquals":["E"],"BackoffRate":0.5}]`), "/States/S/Retry/0/BackoffRate: error: 0.5 is out of range"},
		{"interval of zero", task(`,"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":0}]`), "/States/S/Retry/0/IntervalSeconds: error"},
		{"delay not above the interval", task(`,"Retry":[{"ErrorEquals":["E"],"IntervalSeconds":5,"MaxDelaySeconds":5}]`), "/States/S/Retry/0/MaxDelaySeconds: error"},
		{"no such jitter", task(`,"Retry":[{"ErrorEquals":["E"],"JitterStrategy":"SOME"}]`), `/States/S/Retry/0/JitterStrategy: error: there is no jitter strategy "SOME"`},
		{"reserved error", task(`,"Retry":[{"ErrorEquals":["States.TimedOut"]}]`), `/States/S/Retry/0/ErrorEquals/0: warning: the name "States.TimedOut"`},
		{"retries outlast the machine", `{"TimeoutSeconds":60,"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun","Retry":[{"ErrorEquals":["E"],"IntervalSeconds":30,"MaxAttempts":3}],"End":true}}}`,
			"/States/S/Retry/0: warning: the retries wait up to 210 s"},
		{"heartbeat not below the timeout", task(`,"TimeoutSeconds":10,"HeartbeatSeconds":10`), "/States/S/HeartbeatSeconds: error"},
		{"SDK call with .sync", state(`"Type":"Task","Resource":"arn:aws:states:::aws-sdk:glue:startJobRun.sync","Next":"D"`), "/States/S/Resource: error: an SDK integration cannot wait"},
		{"token for nobody", state(`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"MessageBody":"x"},"Next":"D"`), "/States/S/Resource: warning: the task waits for its token"},
		{"intrinsic function with a syntax error", state(`"Type":"Pass","Parameters":{"a.$":"States.Format('x"},"Next":"D"`), "/States/S/Parameters/a.$: error"},
		{"unknown intrinsic function", state(`"Type":"Pass","Parameters":{"a.$":"States.Upper($.x)"},"Next":"D"`), "/States/S/Parameters/a.$: error"},
		{"path in a list member", state(`"Type":"Pass","Parameters":{"a":[{"b.$":"x"}]},"Next":"D"`), "/States/S/Parameters/a/0/b.$: error"},
		{"path that is a number", state(`"Type":"Pass","Parameters":{"a.$":1},"Next":"D"`), `/States/S/Parameters/a.$: error: the value of "a.$" must be a path`},
		{"result into a variable", state(`"Type":"Pass","ResultPath":"$x","Next":"D"`), "/States/S/ResultPath: error"},
		{"result into many places", state(`"Type":"Pass","ResultPath":"$.x[*]","Next":"D"`), "/States/S/ResultPath: error"},
		{"rule without a comparison", state(`"Type":"Choice","Choices":[{"Variable":"$.x","Next":"D"}]`), "/States/S/Choices/0: error: the rule compares nothing"},
		{"rule with a number for a text", state(`"Type":"Choice","Choices":[{"Variable":"$.x","StringEquals":1,"Next":"D"}]`), "/States/S/Choices/0/StringEquals: error: StringEquals compares with a text"},
		{"rule with no time", state(`"Type":"Choice","Choices":[{"Variable":"$.x","TimestampLessThan":"today","Next":"D"}]`), "/States/S/Choices/0/TimestampLessThan: error"},
		{"Next inside a rule", state(`"Type":"Choice","Choices":[{"Not":{"Variable":"$.x","IsNull":true,"Next":"D"},"Next":"D"}]`), "/States/S/Choices/0/Not/Next: error"},
		{"Condition in JSONPath", state(`"Type":"Choice","Choices":[{"Condition":"{% true %}","Next":"D"}]`), "/States/S/Choices/0/Condition: error"},
		{"Variable in JSONata", state(`"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Variable":"$.x","IsNull":true,"Next":"D"}]`), "/States/S/Choices/0: error"},
		{"Choice of nothing", state(`"Type":"Choice","Choices":[],"Default":"D"`), "/States/S/Choices: error"},
		{"Default of nothing", state(`"Type":"Choice","Choices":[{"Variable":"$.x","IsNull":true,"Next":"D"}],"Default":"X"`), "/States/S/Default: error"},
		{"reserved variable", state(`"Type":"Pass","Assign":{"states":1},"Next":"D"`), "/States/S/Assign/states: error: $states is reserved"},
		{"variables that are no object", state(`"Type":"Pass","Assign":[1],"Next":"D"`), "/States/S/Assign: error"},
		{"Map without a processor", state(`"Type":"Map","Next":"D"`), "/States/S/ItemProcessor: error"},
		{"percentage above a hundred", state(`"Type":"Map","ToleratedFailurePercentage":101,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"X","States":{"X":{"Type":"Succeed"}}},"Next":"D"`), "/States/S/ToleratedFailurePercentage: error"},
		{"poll loop that never ends", `{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"Next":"G"},"G":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"D"}],"Default":"W"},"D":{"Type":"Succeed"}}}`,
			`/States/W: warning: the loop through "W" exceeds the history's 25,000 events after 27777 s`},
		{"poll loop that the machine's timeout ends", `{"TimeoutSeconds":3600,"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":10,"Next":"G"},"G":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"C"},"C":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"D"}],"Default":"W"},"D":{"Type":"Succeed"}}}`, ""},
		{"name of 81 characters", `{"StartAt":"` + strings.Repeat("x", 81) + `","States":{"` + strings.Repeat("x", 81) + `":{"Type":"Succeed"}}}`,
			"error: the state's name has 81 characters; the limit is 80; shorten it"},
		{"definition of more than 1,048,576 characters", `{"Comment":"` + strings.Repeat("x", 1<<20) + `","StartAt":"S","States":{"S":{"Type":"Succeed"}}}`,
			"/: error: the definition has 1048638 characters; the limit is 1048576"},
		{"characters, not bytes", `{"Comment":"` + strings.Repeat("ü", 1<<19) + `","StartAt":"S","States":{"S":{"Type":"Succeed"}}}`, ""},
		{"payload of more than 262,144 bytes", state(`"Type":"Pass","Result":"` + strings.Repeat("x", 1<<18) + `","Next":"D"`), "/States/S/Result: error: the value has 262146 bytes"},
		{"result of a state that has none", state(`"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.result %}","Next":"D"`), "/States/S/Output: error: $states.result does not exist here"},
		{"error outside a catcher", state(`"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::glue:startJobRun","Output":"{% $states.errorOutput.Cause %}","Next":"D"`),
			"/States/S/Output: error: $states.errorOutput does not exist here; it is for Output and Assign of a catcher"},
		{"pattern that an integration has not", state(`"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.sync","Next":"D"`), "/States/S/Resource: error: lambda:invoke has no pattern .sync; leave the pattern out"},
		{"unknown integration", state(`"Type":"Task","Resource":"arn:aws:states:::sns:subscribe","Next":"D"`), `/States/S/Resource: warning: Step Functions has no optimised integration "sns:subscribe"`},
		{"language of a branch", state(`"Type":"Parallel","Branches":[{"QueryLanguage":"JSONata","StartAt":"X","States":{"X":{"Type":"Succeed"}}}],"Next":"D"`),
			"/States/S/Branches/0/QueryLanguage: error: a branch or processor has no QueryLanguage"},
		{"JSONPath in a machine of JSONata", `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","QueryLanguage":"JSONPath","End":true}}}`,
			"/States/S/QueryLanguage: warning: Step Functions refuses a state in JSONPath"},
		{"cause that is no text", `{"StartAt":"S","States":{"S":{"Type":"Fail","CausePath":"States.MathAdd(1, 2)"}}}`, "/States/S/CausePath: error: States.MathAdd gives no text; use one of States.Format"},
		{"Assign inside a rule", state(`"Type":"Choice","Choices":[{"Not":{"Variable":"$.x","IsNull":true,"Assign":{"a":1}},"Next":"D"}]`), "/States/S/Choices/0/Not/Assign: error"},
		{"token of a service that takes none", state(`"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem.waitForTaskToken","Next":"D"`), "/States/S/Resource: error: dynamodb:getItem has no pattern .waitForTaskToken"},
		{"tokens of services that take one", state(`"Type":"Task","Resource":"arn:aws:states:::bedrock:invokeModel.waitForTaskToken","Next":"D"`), ""},
		{"token with an SDK call", state(`"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:getItem.waitForTaskToken","Next":"D"`), ""},
		{"SDK call with a capital", state(`"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:GetObject","Next":"D"`), `/States/S/Resource: error: the action "GetObject" begins with a capital letter, and an SDK integration's with a small one; write getObject`},
		{"job in an Express Map", express(`"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun.sync","End":true`), "/States/S/ItemProcessor/States/X/Resource: error: an Express execution has no pattern .sync;"},
		{"token in an Express Map", express(`"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true`), "/States/S/ItemProcessor/States/X/Resource: error: an Express execution has no pattern .waitForTaskToken"},
		{"activity in an Express Map", express(`"Type":"Task","Resource":"arn:aws:states:us-east-1:123456789012:activity:a","End":true`), "/States/S/ItemProcessor/States/X/Resource: error: an Express execution has no activities"},
		{"job in a branch in an Express Map", express(`"Type":"Parallel","Branches":[{"StartAt":"Y","States":{"Y":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun.sync","End":true}}}],"End":true`), "/States/X/Branches/0/States/Y/Resource: error: an Express execution"},
		{"distributed Map in an Express Map", express(`"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"Y","States":{"Y":{"Type":"Succeed"}}},"End":true`), "/States/X/ItemProcessor/ProcessorConfig/Mode: error: an Express execution has no distributed Maps"},
		{"request in an Express Map", express(`"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun","End":true`), ""},
		{"job after an Express Map", strings.Replace(express(`"Type":"Succeed"`), `"D":{"Type":"Succeed"}`, `"D":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun.sync","End":true}`, 1), ""},
		{"reader that writes", distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:putObject"}`), "/States/S/ItemReader/Resource: error: putObject is not possible here; use arn:aws:states:::s3:getObject or s3:listObjectsV2"},
		{"writer that reads", distributed(`"ResultWriter":{"Resource":"arn:aws:states:::s3:getObject"}`), "/States/S/ResultWriter/Resource: error: getObject is not possible here; use arn:aws:states:::s3:putObject"},
		{"column names twice", distributed(`"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","CSVHeaders":["a"]}}`), "/States/S/ItemReader/ReaderConfig/CSVHeaders: warning: the column names are taken from the first row"},
		{"payload that looks like a path", state(`"Type":"Pass","Parameters":"$.x","Next":"D"`), `/States/S/Parameters: warning: Parameters is an object, and nothing in "$.x" is evaluated`},
		{"selector that looks like a path", task(`,"ResultSelector":"$.x"`), "/States/S/ResultSelector: warning: ResultSelector is an object"},
		{"payload that is a list", state(`"Type":"Pass","Parameters":[{"a.$":"$.x"}],"Next":"D"`), ""},
		{"member that $states has not", state(`"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.inputs.a %}","Next":"D"`), "/States/S/Output: warning: $states.inputs does not exist; did you mean \"input\"?"},
		{"time with a comma", state(`"Type":"Choice","Choices":[{"Variable":"$.x","TimestampEquals":"2026-01-31T12:00:00,5Z","Next":"D"}]`), "/States/S/Choices/0/TimestampEquals: error"},
		{"time without seconds", state(`"Type":"Wait","Timestamp":"2026-01-31T12:00Z","Next":"D"`), "/States/S/Timestamp: error"},
		{"placeholders everywhere", `{"TimeoutSeconds":"${T}","StartAt":"S","States":{"S":{"Type":"Task","Resource":"${F}","TimeoutSeconds":"${N}","Parameters":{"a.$":"${P}"},"End":true}}}`, ""},
		{"placeholder in JSONata", `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","Output":"{% $states.input.${Field} & '${Text}' & ${N} %}","End":true}}}`, ""},
		{"context object, variables, functions", state(`"Type":"Pass","Parameters":{"a.$":"$$.Execution.Id","b.$":"$.v.x[0]","c.$":"States.UUID()","d.$":"$..x"},"Next":"D"`), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := test.text
			if !strings.Contains(text, `"D"`) || !strings.Contains(text, `"Next":"D"`) && !strings.Contains(text, `"Default":"D"`) {
				text = strings.Replace(text, `,"D":{"Type":"Succeed"}`, "", 1)
			}
			ds := problems([]byte(text))
			if test.want == "" {
				if len(ds) > 0 {
					t.Errorf("got %v, want no problem", ds)
				}
				return
			}
			if !strings.Contains(ds.Error(), test.want) {
				t.Errorf("got %v, want %s", ds, test.want)
			}
			if strings.Contains(test.want, "warning") && ds.HasErrors() {
				t.Errorf("got %v, want a warning only", ds)
			}
		})
	}
}

// TestValidateOrder: problems come in the order of the definition.
func TestValidateOrder(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"A","States":{"A":{"Type":"Pass","InputPath":"x","Next":"B"},"B":{"Type":"Wait","Next":"C"},"C":{"Type":"Fail","End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	var at []string
	for _, p := range d.Validate() {
		at = append(at, p.Location)
	}
	if got := strings.Join(at, " "); got != "/States/A/InputPath /States/B /States/C/End" {
		t.Errorf("got %s", got)
	}
}
