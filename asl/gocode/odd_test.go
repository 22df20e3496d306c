package gocode_test

// odd are definitions with forms that the builders do not spell, and with names
// that Go has other uses for.
var odd = map[string]string{
	"zero values": `{"Comment":"","Version":"1.0","QueryLanguage":"JSONPath","TimeoutSeconds":90,"StartAt":"A","States":{
		"A":{"Type":"Task","Comment":"","Resource":"arn:aws:states:::lambda:invoke","End":false,"Next":"B","Parameters":{"FunctionName":"f"},
			"Retry":[{"ErrorEquals":["X","Y"],"IntervalSeconds":1,"MaxAttempts":0,"BackoffRate":1.0,"JitterStrategy":"NONE","Comment":""},
				{"ErrorEquals":["States.ALL"],"MaxDelaySeconds":5,"JitterStrategy":"FULL"}],
			"Catch":[{"ErrorEquals":["X","States.Timeout"],"Comment":"","Next":"B"},{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"C"}]},
		"B":{"Type":"Pass","Result":null,"ResultPath":"$.x","InputPath":null,"OutputPath":null,"Next":"C"},
		"C":{"Type":"Wait","Seconds":1,"Comment":"","Next":"D"},
		"D":{"Type":"Pass","QueryLanguage":"JSONPath","Parameters":{"a":1,"b.$":"$.b","c.$":"States.Format('{}',$.c)","d.$":"States.Format('it\\'s {}', $.c)","e.$":"$v","f.$":"$$.Execution.Name","g":"${Topic}","h":[],"i":{},"j":[{"k.$":"$.k"}]},"End":true}}}`,
	"numbers": `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"big":12345678901234567890,"exact":0.1000,"small":1e-7,"whole":2.0,"minus":-0.5,"large":1e300,"deep":[[[-1]]],"null":null},"End":true}}}`,
	"names": `{"StartAt":"type","States":{
		"type":{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"func"},{"Variable":"$.a","NumericEquals":2,"Next":"asl"},{"Variable":"$.a","NumericEquals":3,"Next":"glue"},
			{"Variable":"$.a","NumericEquals":4,"Next":"123"},{"Variable":"$.a","NumericEquals":5,"Next":"日本 語"},{"Variable":"$.a","NumericEquals":6,"Next":"!?"},{"Variable":"$.a","NumericEquals":7,"Next":"d"},{"Variable":"$.a","NumericEquals":8,"Next":"nil"}],"Default":"Type"},
		"func":{"Type":"Succeed"},"asl":{"Type":"Succeed"},"glue":{"Type":"Succeed"},"123":{"Type":"Succeed"},"日本 語":{"Type":"Succeed"},"!?":{"Type":"Succeed"},"d":{"Type":"Succeed"},"nil":{"Type":"Succeed"},"Type":{"Type":"Fail"}}}`,
	"rules": `{"StartAt":"C","States":{"C":{"Type":"Choice","Comment":"c","InputPath":"$.in","OutputPath":"$.out","Default":"C","Assign":{"seen":true},"Choices":[
		{"And":[{"Variable":"$.a","IsPresent":true}],"Next":"E"},
		{"Or":[{"Variable":"$.a","IsNull":false,"Comment":"inner"},{"Not":{"Variable":"$.a","IsString":true}}],"Comment":"outer","Next":"E"},
		{"Variable":"$.a","StringGreaterThanPath":"$.b","Next":"E"},{"Variable":"$.a","StringEqualsPath":"$.b","Next":"E"},
		{"Variable":"$.a","TimestampLessThanEqualsPath":"$$.Execution.StartTime","Next":"E"},{"Variable":"$.a","TimestampEquals":"2020-01-01T00:00:00Z","Next":"E"},
		{"Variable":"$.a","NumericGreaterThan":2.5,"Next":"E","Assign":{"x.$":"$.a","y":{"z.$":"$.a"},"w":"text"}},
		{"Variable":"$.a","BooleanEqualsPath":"$.b","Next":"E"},{"Variable":"$.a","StringLessThan":"m","Next":"E"},{"Variable":"$v","StringMatches":"a*\\*","Next":"E"}]},
		"E":{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{}', $.c)","Comment":"f"}}}`,
	"loops": `{"StartAt":"A","States":{"A":{"Type":"Wait","SecondsPath":"$.s","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.a","IsPresent":true,"Next":"B"},{"Variable":"$.b","IsPresent":true,"Next":"A"},{"Variable":"$.c","IsPresent":true,"Next":"C"}]},
		"C":{"Type":"Task","Resource":"${Function}","Catch":[{"ErrorEquals":["E"],"Next":"C"},{"ErrorEquals":["States.ALL"],"Next":"A"}],"Next":"B"}}}`,
	"jsonata": `{"QueryLanguage":"JSONata","StartAt":"A","States":{
		"A":{"Type":"Task","Comment":"t","Resource":"arn:aws:states:::sns:publish","Arguments":{"TopicArn":"${Topic}","Message":"{% $states.input.m %}","Subject":"{%$s%}"},"Output":"{% $states.input %}",
			"Assign":{"a":"{% 1 %}","b":{"c":["{% 2 %}"]}},"TimeoutSeconds":"{% $t %}","HeartbeatSeconds":5,"Credentials":{"RoleArn":"{% $role %}"},"Retry":[{"ErrorEquals":["States.ALL"]}],
			"Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.input %}","Assign":{"e":"{% $states.errorOutput %}"},"Next":"B"}],"Next":"B"},
		"B":{"Type":"Choice","Output":{"x":1},"Choices":[{"Condition":"{% $a > 1 %}","Next":"C","Output":{"y":2}},{"Condition":true,"Next":"D"},{"Condition":"{%$b%}","Next":"D"}],"Default":"D"},
		"C":{"Type":"Wait","Timestamp":"{% $when %}","Output":5,"Next":"E"},
		"D":{"Type":"Pass","QueryLanguage":"JSONPath","Parameters":"x","Next":"F"},
		"E":{"Type":"Fail","Cause":"{% $c %}"},
		"F":{"Type":"Map","Items":["{% 1 %}",2],"MaxConcurrency":"{% $n %}","ItemSelector":{"v":"{% $states.context.Map.Item.Value %}"},"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"G","States":{"G":{"Type":"Wait","Seconds":"{% $n %}","End":true}}},
			"Retry":[{"ErrorEquals":["States.ALL"]}],"Output":null,"Next":"H"},
		"H":{"Type":"Parallel","Arguments":{"a":"{% 1 %}"},"Branches":[{"Comment":"left","StartAt":"I","States":{"I":{"Type":"Succeed","Output":{"b":1}}}},{"StartAt":"J","States":{"J":{"Type":"Pass","Output":"{% [1,2] %}","End":true}}}],
			"Retry":[{"ErrorEquals":["States.ALL"]}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"K"}],"Next":"K"},
		"K":{"Type":"Succeed"}}}`,
	"jsonata states": `{"StartAt":"A","States":{"A":{"Type":"Pass","QueryLanguage":"JSONata","Output":{"a":"{% 1 %}"},"Next":"B"},"B":{"Type":"Wait","QueryLanguage":"JSONata","Seconds":"{% 1 %}","Next":"C"},"C":{"Type":"Wait","QueryLanguage":"JSONata","Seconds":1,"Next":"D"},"D":{"Type":"Succeed","QueryLanguage":"JSONata"}}}`,
	"maps": `{"StartAt":"A","States":{
		"A":{"Type":"Map","ItemsPath":"$.list","Parameters":{"i.$":"$$.Map.Item.Index"},"Iterator":{"Comment":"old","StartAt":"B","States":{"B":{"Type":"Pass","End":true}}},"Next":"C"},
		"C":{"Type":"Map","Label":"items","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"],"MaxItemsPath":"$.max"},"Parameters":{"Bucket":"b","Key.$":"$.key"}},
			"ItemBatcher":{"MaxItemsPerBatch":10,"BatchInput":{"x.$":"$.x"}},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"p"},"WriterConfig":{"OutputType":"JSONL"}},
			"ToleratedFailurePercentagePath":"$.p","ToleratedFailureCount":3,"MaxConcurrencyPath":"$.c","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"D","States":{"D":{"Type":"Pass","End":true}}},"Next":"E"},
		"E":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","ReaderConfig":{"Transformation":"LOAD_AND_FLATTEN"},"Parameters":{"Bucket":"b"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"F","States":{"F":{"Type":"Succeed"}}},"End":true}}}`,
	"typed": `{"StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem","Parameters":{"TableName":"t","Item":{"id":{"S.$":"$.id"},"n":{"N":"1"},"m":{"M":{"x":{"S":"y"}}},"b":{"BOOL":true}},"ConditionExpression":"attribute_not_exists(id)"},
			"Catch":[{"ErrorEquals":["DynamoDB.ConditionalCheckFailedException"],"Next":"B"}],"Next":"B"},
		"B":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"QueueUrl":"q","MessageBody":{"token.$":"$$.Task.Token"}},"TimeoutSeconds":3600,"HeartbeatSecondsPath":"$.h","Next":"C"},
		"C":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"TopicArn.$":"$.t","Message":"m","NoSuchParameter":1},"Next":"D"},
		"D":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:redshiftdata:executeStatement","Parameters":{"WorkgroupName":"w","Database":"d","Sql":"select 1","Parameters":[{"Name":"a","Value.$":"$.a"},{"Name":"b","Value":"c"}]},"Credentials":{"RoleArn.$":"$.role"},"Next":"E"},
		"E":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2","Parameters":{"StateMachineArn":"${Child}","Input":{"a.$":"$"}},"ResultSelector":{"o.$":"$.Output"},"End":true}}}`,
	"unreachable": `{"StartAt":"A","States":{"A":{"Type":"Pass","Comment":"","End":true},"B":{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":7,"Next":"A","Comment":""}]}}}`,
}
