package ast_test

import (
	"strings"
	"testing"

	"airline/asl/ast"
)

// Slips that Step Functions takes: each is warned of, with what was meant; and what only looks like one is not.
func TestSlips(t *testing.T) {
	task := func(fields string) string {
		return `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::sns:publish",` + fields + `,"End":true}}}`
	}
	pass := func(fields string) string {
		return `{"StartAt":"S","States":{"S":{"Type":"Pass",` + fields + `,"End":true}}}`
	}
	jsonata := func(output string) string {
		return `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Pass","Output":{"x":` + output + `},"End":true}}}`
	}
	// variable is read by an expression, and only a catcher sets it.
	variable := func(expression string) string {
		return `{"QueryLanguage":"JSONata","StartAt":"T","States":{
			"T":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"v":"{% $states.errorOutput %}"},"Next":"C"}],"Next":"C"},
			"C":{"Type":"Pass","Output":"{% ` + expression + ` %}","End":true}}}`
	}
	for _, c := range []struct {
		name, definition, want string // want "": nothing is said
	}{
		{"path without .$", task(`"Parameters":{"TopicArn":"t","Message":"$.text"}`), `/States/S/Parameters/Message: warning: "$.text" is handed on as it is, as a text; write "Message.$"`},
		{"context without .$", pass(`"Parameters":{"a":{"b":"$$.Execution.Id"}}`), `/States/S/Parameters/a/b: warning: "$$.Execution.Id" is handed on`},
		{"index without .$", pass(`"Parameters":{"a":"$[0]"}`), `write "a.$"`},
		{"the input without .$", task(`"Parameters":{"TopicArn":"t","Message":"$"}`), `"$" is handed on as it is`},
		{"variable without .$", `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"total":1},"Next":"B"},"B":{"Type":"Pass","Parameters":{"a":"$total"},"End":true}}}`, `"$total" is handed on as it is, as a text; write "a.$"`},
		{"a word that no state sets", pass(`"Parameters":{"a":"$HOME"}`), ""},
		{"path in Result", pass(`"Result":{"a":["$.b"]}`), `/States/S/Result/a/0: warning: "$.b" is the result as it is, as a text: nothing in Result is evaluated; use Parameters`},
		{"member of Result with .$", pass(`"Result":{"a.$":"$.b"}`), `the member stays "a.$": nothing in Result is evaluated`},
		{"a plain Result", pass(`"Result":{"a":"$5.00","b":1}`), ""},
		{"function of JSONPath in JSONata", jsonata(`"States.UUID()"`), "intrinsic functions have no meaning in JSONata"},
		{"function of JSONPath in an expression", jsonata(`"{% States.UUID() %}"`), "use its own, such as $uuid()"},
		{"function without $", jsonata(`"{% uppercase($states.input.a) %}"`), "write $uppercase(...)"},
		{"texts that are added", jsonata(`"{% 'a' + $states.input.b %}"`), `"a" is added with +, which takes numbers alone; join texts with &`},
		{"numbers that are added", jsonata(`"{% 1 + $states.input.b & 'a' %}"`), ""},
		{"name of an intrinsic function", pass(`"Parameters":{"a.$":"States.Fromat('{}', $.b)"}`), "there is no intrinsic function States.Fromat; did you mean States.Format?"},
		{"lone brace", pass(`"Parameters":{"a.$":"States.Format('{ {}', $.b)"}`), "the call fails whenever it runs"},
		{"algorithm", pass(`"Parameters":{"a.$":"States.Hash($.b, 'SHA-2')"}`), "the call fails whenever it runs: States.Hash($.b, 'SHA-2'): unknown hash algorithm"},
		{"deep merge", pass(`"Parameters":{"a.$":"States.JsonMerge($.a, $.b, true)"}`), "only the shallow merging mode is supported"},
		{"step within a call", pass(`"Parameters":{"a.$":"States.ArrayLength(States.ArrayRange(1, 9, 0))"}`), "States.ArrayRange(1, 9, 0): the increment must not be zero"},
		{"a call that may succeed", pass(`"Parameters":{"a.$":"States.Array(States.Hash($.b, 'SHA-1'), States.ArrayPartition($.c, 2), States.MathRandom(1, 2), States.UUID())"}`), ""},
		{"member of Credentials", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Credentials":{"RolArn":"r"},"End":true}}}`, `Credentials has no member "RolArn"`},
		{"a topic as a task", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:sns:eu-west-1:123456789012:t","End":true}}}`, "a task does not run"},
		{"a region in an integration", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:eu-west-1::sns:publish","End":true}}}`, "as only an activity's ARN has; write arn:aws:states:::sns:publish"},
		{"prefix of a reserved error", task(`"Retry":[{"ErrorEquals":["State.TaskFailed"]}]`), "write States.TaskFailed"},
		{"case of a reserved error", task(`"Retry":[{"ErrorEquals":["states.Timeout"]}]`), "write States.Timeout"},
		{"reserved error without its prefix", task(`"Retry":[{"ErrorEquals":["ALL"]}]`), "write States.ALL"},
		{"errors of one's own", task(`"Retry":[{"ErrorEquals":["Timeout","My.TaskFailed","TaskFailed2"]}]`), ""},
		{"error of an HTTP task", task(`"Retry":[{"ErrorEquals":["States.Http.StatusCod.404"]}]`), "write States.Http.StatusCode."},
		{"a status", task(`"Retry":[{"ErrorEquals":["States.Http.StatusCode.404","States.Http.Socket"]}]`), ""},
		{"text compared with a path", `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"$.b","Next":"D"}],"Default":"D"},"D":{"Type":"Succeed"}}}`, "use StringEqualsPath"},
		{"reader of an SDK integration", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::aws-sdk:s3:getObject","Parameters":{"Bucket":"b","Key":"k"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}`, "is not the resource of a reader"},
		{"function without .$", pass(`"Parameters":{"a":"States.Format('{}', $.b)"}`), `write "a.$" to call the function`},
		{"assigned path without .$", pass(`"Assign":{"a":"$.b"}`), `/States/S/Assign/a: warning`},
		{"a price", pass(`"Parameters":{"a":"$5.00"}`), ""},
		{"a path for the service", task(`"Parameters":{"TopicArn":"t","Message":"m","InputPath":"$.detail"}`), ""},
		{"JSONata in JSONPath", pass(`"Parameters":{"a":"{% $states.input.b %}"}`), `set "QueryLanguage": "JSONata"`},
		{"cause is a path", `{"StartAt":"S","States":{"S":{"Type":"Fail","Cause":"$.why"}}}`, `/States/S/Cause: warning: "$.why" is the cause as it is, as a text; use CausePath`},
		{"context typo", pass(`"Parameters":{"a.$":"$$.Execution.Nmae"}`), `Execution of the context object has no member "Nmae"; did you mean "Name"?`},
		{"context typo in a call", pass(`"Parameters":{"a.$":"States.Format('{}', $$.StateMachine.Idd)"}`), `did you mean "Id"?`},
		{"context typo in InputPath", pass(`"InputPath":"$$.Exection.Input"`), `did you mean "Execution"?`},
		{"context typo in JSONata", jsonata(`"{% $states.context.State.EnterdTime %}"`), `did you mean "EnteredTime"?`},
		{"input of the execution", pass(`"Parameters":{"a.$":"$$.Execution.Input.x.y"}`), ""},
		{"item outside of a Map", pass(`"Parameters":{"a.$":"$$.Map.Item.Value"}`), "does not exist outside of a Map"},
		{"item in a Map", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemSelector":{"a.$":"$$.Map.Item.Index"},"ItemProcessor":{"StartAt":"S","States":{"S":{"Type":"Pass","Parameters":{"a.$":"$$.Map.Item.Key"},"End":true}}},"End":true}}}`, ""},
		{"token in a Pass", pass(`"Parameters":{"a.$":"$$.Task.Token"}`), "only a task that waits for its token has one"},
		{"token of a task that waits", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"End":true}}}`, ""},
		{"expression without delimiters", jsonata(`"$states.input.b"`), "write {% $states.input.b %}"},
		{"call without delimiters", jsonata(`"$uppercase($states.input.b)"`), "it has no delimiters"},
		{"path in JSONata", jsonata(`"$.b"`), "a JSONPath has no meaning in JSONata"},
		{"expression within a text", jsonata(`"Hello {% $states.input.b %}!"`), "join texts in it"},
		{"no blanks inside the delimiters", jsonata(`"{%$states.input.b%}"`), ""},
		{"member of $states", jsonata(`"{% $states.inputs.b %}"`), `did you mean "input"?`},
		{"== in JSONata", jsonata(`"{% $states.input.b == 1 %}"`), "JSONata has no ==: write ="},
		{"&& in JSONata", jsonata(`"{% true && $states.input.b %}"`), "JSONata has no &&: write and"},
		{"|| in JSONata", jsonata(`"{% true || '==' %}"`), "JSONata has no ||: write or"},
		{"! in JSONata", jsonata(`"{% !$states.input.b %}"`), "write $not(...)"},
		{"!= in JSONata", jsonata(`"{% $states.input.b != 1 %}"`), ""},
		{"function typo", jsonata(`"{% $upercase('x') %}"`), "the function $upercase never exists here: no state before sets it; did you mean $uppercase?"},
		{"function of Step Functions", jsonata(`"{% $partition([1], 1) %}"`), ""},
		{"variable typo", `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"total":1},"Next":"B"},"B":{"Type":"Pass","Output":"{% $totl %}","End":true}}}`, "did you mean $total?"},
		{"operator typo", `{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","NumericGreaterThen":1,"Next":"D"}],"Default":"D"},"D":{"Type":"Succeed"}}}`, `did you mean "NumericGreaterThan"?`},
		{"asked for with $exists", variable("$exists($v)"), ""},
		{"asked for with $exists, a member", variable("$exists($v.Error) ? $v.Error : 'none'"), "does not exist on the route T -> C"},
		{"as a condition", variable("$v ? 'failed' : 'fine'"), ""},
		{"counted", variable("$count($v)"), ""},
		{"merged", variable("$merge([$states.input, $v])"), ""},
		{"member of an object", variable("{'problem': $v}"), ""},
		{"in an array", variable("[$v]"), ""},
		{"joined", variable("'problem: ' & $v"), ""},
		{"compared for equality", variable("$v = 'x'"), ""},
		{"the whole value", variable("$v"), "does not exist on the route T -> C"},
		{"needed by arithmetic", variable("$v + 1"), "does not exist on the route T -> C"},
		{"needed by a function", variable("$uppercase($v)"), "does not exist on the route T -> C"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := ast.ParseString(c.definition)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if d != nil {
				said += d.Validate().Error()
			}
			if c.want == "" && said != "" || !strings.Contains(said, c.want) {
				t.Errorf("got %s\nwant %s", said, c.want)
			}
		})
	}
}

// What is refused, and what is not although it is near.
func TestScopesAndFunctions(t *testing.T) {
	inner := func(kind, config, name string) string {
		states := `{"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"` + name + `":2},"End":true}}}`
		body := `"Branches":[` + states + `]`
		if kind == "Map" {
			body = `"ItemProcessor":` + strings.Replace(states, "{", "{"+config, 1)
		}
		return `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1,"y.$":"$.y"},"Next":"M"},"M":{"Type":"` + kind + `",` + body + `,"End":true}}}`
	}
	lambda := func(arn string) string {
		return `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:` + arn + `","End":true}}}`
	}
	resource := func(arn string) string {
		return `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"` + arn + `","End":true}}}`
	}
	for _, c := range []struct{ name, definition, want string }{
		{"a Map sets an outer variable", inner("Map", "", "x"), "a scope around this one has a variable $x"},
		{"a branch sets an outer variable", inner("Parallel", "", "x"), "a scope around this one has a variable $x"},
		{"an outer variable that a path sets", inner("Parallel", "", "y"), "a scope around this one has a variable $y"},
		{"a variable of its own", inner("Map", "", "z"), ""},
		{"a distributed Map", inner("Map", `"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},`, "x"), ""},
		{"an alias", lambda("f:live"), ""},
		{"the latest version", lambda("f:$LATEST"), ""},
		{"an alias that only the deployment knows", lambda("f:${Alias}"), ""},
		{"an empty alias", lambda("f:"), "ends in a colon without an alias or version"},
		{"no alias", lambda("f:my alias"), "is no alias or version"},
		{"a name with a blank", lambda("my f"), "is no name of a Lambda function"},
		{"a partition", resource("arn:awss:states:::sns:publish"), `there is no partition "awss"`},
		{"another partition", resource("arn:aws-cn:states:::sns:publish"), ""},
		{"a state machine", resource("arn:aws:states:eu-west-1:123456789012:stateMachine:m"), "states:startExecution.sync:2"},
		{"an activity", resource("arn:aws:states:eu-west-1:123456789012:activity:a"), ""},
		{"an activity, misspelt", resource("arn:aws:states:eu-west-1:123456789012:activty:a"), `did you mean "activity"?`},
		{"a kind of integrations", resource("arn:aws:states:::aws_sdk:s3:getObject"), `there is no kind "aws_sdk" of integrations; write arn:aws:states:::aws-sdk:s3:getObject`},
		{"no name", lambda(""), "is no ARN of a Lambda function"},
		{"too many parts", lambda("f:live:1"), "is no ARN of a Lambda function"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := ast.ParseString(c.definition)
			if err != nil {
				t.Fatal(err)
			}
			said := d.Validate().Error()
			if c.want == "" && said != "" || !strings.Contains(said, c.want) {
				t.Errorf("got %s\nwant %s", said, c.want)
			}
			if c.want != "" && !d.Validate().HasErrors() {
				t.Error("want an error, not a warning")
			}
		})
	}
}

// A CloudFormation template has functions where the language has texts and numbers: they are taken for whatever their
// place needs, and printed as they were.
func TestTemplateIntrinsics(t *testing.T) {
	const definition = `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":{"Fn::GetAtt":["F","Arn"]},"TimeoutSeconds":{"Ref":"T"},"Retry":{"Fn::FindInMap":["a","b","c"]},"Next":{"Ref":"N"}},"B":{"Type":"Fail","Error":{"Fn::If":["c","a","b"]},"Cause":{"Fn::Sub":"in ${AWS::Region}"}}}}`
	d, err := ast.ParseString(definition)
	if err != nil {
		t.Fatal(err)
	}
	if printed, _ := d.MarshalJSON(); string(printed) != definition {
		t.Errorf("printed as %s", printed)
	}
	d, err = ast.ParseString(`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":{"Fn::Sub":"arn:${AWS::Partition}:states:::lambda:invoke"},"TimeoutSeconds":{"Ref":"T"},"End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	if ds := d.Validate(); len(ds) > 0 {
		t.Error(ds)
	}
	if _, err := ast.ParseString(`{"StartAt":{"a":"b"},"States":{}}`); err == nil {
		t.Error("an object that is no function stands for no text")
	}
}

// What holds a definition, and is none, is told by its name.
func TestWrappedDefinitions(t *testing.T) {
	for text, want := range map[string]string{
		`{"stateMachineArn":"a","definition":"{}"}`:                      "the answer of describe-state-machine",
		`{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}`:       "a CloudFormation template",
		`{"Type":"AWS::StepFunctions::StateMachine","Properties":{}}`:    "a resource of a CloudFormation template",
		`{"Type":"Pass","End":true}`:                                     "a single state",
		"\ufeff" + `{"StartAt":1}`:                                       "a string is expected here, not a number (line 1:12)",
		strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat(`}`, 600):    "nested too deep: more than 500 levels",
		`{"DefinitionString":"{}","RoleArn":"arn:aws:iam::1:role/role"}`: "the properties of a state machine",
	} {
		if _, err := ast.ParseString(text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "not JSON") {
			t.Errorf("%.60s: got %v, want %s", text, err, want)
		}
	}
}
