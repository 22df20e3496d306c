package awsapi_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/internal/conformance"
)

func problems(t *testing.T, definition string, o awsapi.Options) ast.Diagnostics {
	t.Helper()
	d, err := ast.ParseString(definition)
	if err != nil {
		t.Fatalf("%v\n%s", err, definition)
	}
	return append(d.ValidateWith(awsapi.Result), awsapi.Check(d, o)...)
}

// The members of a result are known from the index: a path that leads to none of them is told, in either language.
func TestResults(t *testing.T) {
	path := func(resource, path string) string {
		return `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::` + resource + `","Parameters":{"Bucket":"b","JobName":"j","RunId":"r"},"Next":"P"},
			"P":{"Type":"Pass","Parameters":{"a.$":"` + path + `"},"End":true}}}`
	}
	expression := func(x string) string {
		return `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:glue:getJobRun","Arguments":{"JobName":"j","RunId":"r"},"Output":{"a":["{% ` + x + ` %}"]},"End":true}}}`
	}
	for _, c := range []struct{ name, definition, want string }{
		{"misspelt", path("aws-sdk:s3:listObjectsV2", "$.Contnts"), "the path $.Contnts never exists here"},
		{"the API's own spelling", path("aws-sdk:ec2:describeInstances", "$.reservations"), "the path $.reservations never exists here"},
		{"right", path("aws-sdk:s3:listObjectsV2", "$.Contents[0].Key"), ""},
		{"further in", path("aws-sdk:glue:getJobRun", "$.JobRun.JobRunStat"), "the path $.JobRun.JobRunStat never exists here"},
		{"right further in", path("aws-sdk:glue:getJobRun", "$.JobRun.JobRunState"), ""},
		{"what Step Functions adds", path("aws-sdk:glue:getJobRun", "$.SdkHttpMetadata.HttpStatusCode"), ""},
		{"what comes with the token", path("aws-sdk:sqs:sendMessage.waitForTaskToken", "$.anything"), ""},
		{"JSONata", expression("$states.result.JobRun.JobRunStat"), `/States/S/Output/a/0: warning: $states.result.JobRun.JobRunStat never exists here: the result has no member "JobRunStat"; did you mean "JobRunState"?`},
		{"JSONata, right", expression("$states.result.JobRun.Attempt + $states.result.SdkHttpMetadata.HttpStatusCode"), ""},
		{"JSONata, in a list", expression("$states.result.JobRun.PredecessorRuns.RunId"), ""},
	} {
		said := ""
		for _, p := range problems(t, c.definition, awsapi.Options{}) {
			if strings.Contains(p.What, "exists here") {
				said += p.String()
			}
		}
		if c.want == "" && said != "" || !strings.Contains(said, c.want) {
			t.Errorf("%s: got %s\nwant %s", c.name, said, c.want)
		}
	}
}

func TestCheck(t *testing.T) {
	task := func(resource, rest string) string {
		return `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::` + resource + `",` + rest + `"End":true}}}`
	}
	for _, c := range []struct{ name, definition, want string }{
		{"right", task("aws-sdk:s3:listObjectsV2", `"Parameters":{"Bucket":"b","MaxKeys":5},`), ""},
		{"operation's case", task("aws-sdk:s3:listobjectsv2", `"Parameters":{"Bucket":"b"},`), `error: s3 has no operation "listobjectsv2"; did you mean "listObjectsV2"?`},
		{"operation", task("aws-sdk:dynamodb:batchGetItems", ``), `did you mean "batchGetItem"?`},
		{"an endpoint's name", task("aws-sdk:logs:createLogStream", ``), `error: Step Functions does not call the service "logs" but "cloudwatchlogs"; write aws-sdk:cloudwatchlogs:createLogStream`},
		{"a command's name", task("aws-sdk:stepfunctions:startExecution", ``), `but "sfn"`},
		{"a service with a dash", task("aws-sdk:redshift-data:executeStatement", ``), `but "redshiftdata"`},
		{"service", task("aws-sdk:dynamobd:getItem", ``), `error: there is no service "dynamobd"; did you mean "dynamodb"?`},
		{"a service to come", task("aws-sdk:quantumteleporter:beam", ``), `warning: there is no service "quantumteleporter"`},
		{"an operation to come", task("aws-sdk:sqs:teleportQueueElsewhere", ``), `warning: sqs has no operation`},
		{"pattern", task("aws-sdk:sqs:sendMessage.waitForTaskToken", `"Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},`), ""},
		{"parameter", task("dynamodb:putItem", `"Parameters":{"TableNmae":"t","Item":{}},`), `/States/S/Parameters/TableNmae: error: there is no parameter "TableNmae" here; did you mean "TableName"?`},
		{"nested parameter", task("aws-sdk:ec2:runInstances", `"Parameters":{"MinCount":1,"MaxCount":1,"Placement":{"AvailabiltyZone":"a"}},`), `/States/S/Parameters/Placement/AvailabiltyZone: error`},
		{"parameter of an item", task("events:putEvents", `"Parameters":{"Entries":[{"Source":"s","DetailTyp":"d","Detail":{}}]},`), `/States/S/Parameters/Entries/0/DetailTyp: error: there is no parameter "DetailTyp" here; did you mean "DetailType"?`},
		{"computed parameter", task("aws-sdk:glue:startCrawler", `"Parameters":{"Nmae.$":"$.name"},`), `did you mean "Name"?`},
		{"small letter", task("aws-sdk:glue:startCrawler", `"Parameters":{"name":"c"},`), `write "Name"`},
		{"spelling of acronyms", task("aws-sdk:s3:putObject", `"Parameters":{"Bucket":"b","Key":"k","SSEKMSKeyId":"k"},`), `write "SsekmsKeyId"`},
		{"types of DynamoDB", task("dynamodb:putItem", `"Parameters":{"TableName":"t","Item":{"a":{"SS":["x"]},"b":{"NULL":true},"c":{"M":{"d":{"N":"1"}}}}},`), ""},
		{"missing", task("glue:startJobRun.sync", `"Parameters":{"Arguments":{}},`), `/States/S/Parameters: error: the parameter "JobName" is missing; add "JobName"`},
		{"missing in an item", task("aws-sdk:eventbridge:putTargets", `"Parameters":{"Rule":"r","Targets":[{"Id":"1"}]},`), `/States/S/Parameters/Targets/0: error: the parameter "Arn" is missing`},
		{"the input is the parameters", task("glue:startJobRun", ``), ""},
		{"computed and there", task("glue:startJobRun", `"Parameters":{"JobName.$":"$.job"},`), ""},
		{"type", task("glue:startJobRun", `"Parameters":{"JobName":"j","Arguments":"--x"},`), `error: an object is expected here, not "--x"`},
		{"list", task("aws-sdk:ec2:startInstances", `"Parameters":{"InstanceIds":"i-1"},`), `error: an array is expected here, not "i-1"`},
		{"number", task("aws-sdk:s3:listObjectsV2", `"Parameters":{"Bucket":"b","MaxKeys":"many"},`), `error: a whole number is expected here, not "many"`},
		{"number as a text", task("aws-sdk:s3:listObjectsV2", `"Parameters":{"Bucket":"b","MaxKeys":"5"},`), `warning: a whole number is expected here, not "5"`},
		{"placeholder", task("aws-sdk:s3:listObjectsV2", `"Parameters":{"Bucket":"b","MaxKeys":"${Max}"},`), ""},
		{"function of a template", task("aws-sdk:s3:listObjectsV2", `"Parameters":{"Bucket":"b","MaxKeys":{"Ref":"Max"}},`), ""},
		{"enumeration", task("glue:startJobRun", `"Parameters":{"JobName":"j","WorkerType":"G.1XX"},`), `error: there is no value "G.1XX"; use one of Standard, G.1X`},
		{"a value to come", task("glue:startJobRun", `"Parameters":{"JobName":"j","WorkerType":"Enormous"},`), `warning: there is no value "Enormous"`},
		{"JSON for a text", task("lambda:invoke", `"Parameters":{"FunctionName":"f","Payload":{"a":1}},`), ""},
		{"JSON for bytes", task("aws-sdk:s3:putObject", `"Parameters":{"Bucket":"b","Key":"k","Body":{"a.$":"$.a"}},`), ""},
		{"a number for bytes", task("aws-sdk:s3:putObject", `"Parameters":{"Bucket":"b","Key":"k","Body":5},`), "/States/S/Parameters/Body: error: a string is expected here, not 5"},
		{"error that it raises", task("glue:startJobRun", `"Parameters":{"JobName":"j"},"Retry":[{"ErrorEquals":["Glue.ConcurrentRunsExceededException","Glue.ThrottlingException","Glue.AWSGlueException"]}],`), ""},
		{"error that cannot be", task("glue:startJobRun.sync", `"Parameters":{"JobName":"j"},"Catch":[{"ErrorEquals":["Glue.JobRunFailed"],"Next":"S"}],`), `/States/S/Catch/0/ErrorEquals/0: warning: StartJobRun does not raise "Glue.JobRunFailed"; catch States.TaskFailed`},
		{"misspelt error", task("aws-sdk:glue:getCrawler", `"Parameters":{"Name":"c"},"Retry":[{"ErrorEquals":["Glue.EntityNotFoundExeption"]}],`), `did you mean "Glue.EntityNotFoundException"?`},
		{"error of a function", task("lambda:invoke", `"Parameters":{"FunctionName":"f"},"Retry":[{"ErrorEquals":["MyError","Lambda.ServiceException","Lambda.Unknown"]}],`), ""},
		{"JSONata", `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:listObjectsV2","Arguments":{"Bucket":"{% $states.input.b %}","MaxKeys":"{% 5 %}","Prefx":"p"},"End":true}}}`, `/States/S/Arguments/Prefx: error`},
		{"arguments that are one expression", `{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:listObjectsV2","Arguments":"{% $states.input %}","End":true}}}`, ""},
		{"within a Map", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sqs:sendMesage","End":true}}},"End":true}}}`, `/States/M/ItemProcessor/States/S/Resource: error`},
		{"partition of a template", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:${AWS::Partition}:states:::aws-sdk:sqs:sendMesage","End":true}}}`, `did you mean "sendMessage"?`},
		{"a name that two services share", task("aws-sdk:events:putRule", `"Parameters":{"Name":"n"},`), `but "eventbridge"; write aws-sdk:eventbridge:putRule`},
		{"a command's name without its dash", task("aws-sdk:cognitoidp:adminGetUser", ``), `but "cognitoidentityprovider"`},
		{"an SDK operation as an optimised one", task("s3:getObject", ``), `error: s3:getObject is an operation of the SDK integrations, not an optimised one; write arn:aws:states:::aws-sdk:s3:getObject`},
		{"a token that the integration makes", task("emr-serverless:startJobRun.sync", `"Parameters":{"ApplicationId":"a","ExecutionRoleArn":"r"},`), ""},
		{"a token that it does not make", task("aws-sdk:emrserverless:startJobRun", `"Parameters":{"ApplicationId":"a","ExecutionRoleArn":"r"},`), `the parameter "ClientToken" is missing`},
		{"form of HTTP", task("http:invoke", `"Parameters":{"ApiEndpoint":"https://a","Method":"GET","Authentication":{"ConnectionArn":"c"},"Headers":{"x":"y"},"RequestBody":[1]},`), ""},
		{"member of HTTP", task("http:invoke", `"Parameters":{"ApiEndpoit":"https://a","Method":"GET"},`), `did you mean "ApiEndpoint"?`},
		{"method of HTTP", task("http:invoke", `"Parameters":{"ApiEndpoint":"https://a","Method":"GTE"},`), `error: there is no value "GTE"`},
		{"member of a connection", task("http:invoke", `"Parameters":{"ApiEndpoint":"https://a","Method":"GET","Authentication":{"ConnectionARN":"c"}},`), `write "ConnectionArn"`},
		{"member of a call of API Gateway", task("apigateway:invoke", `"Parameters":{"ApiEndpoint":"a","Method":"GET","AuthTyp":"IAM_ROLE"},`), `did you mean "AuthType"?`},
		{"member of a call of EKS", task("eks:call", `"Parameters":{"ClusterName":"c","CertificateAuthorit":"x","Endpoint":"e","Method":"GET","Path":"/"},`), `did you mean "CertificateAuthority"?`},
		{"member of an operation of EKS", task("eks:createCluster", `"Parameters":{"Name":"c","RoleArn":"r","ResourcesVpcConfig":{"SubnetId":["s"]}},`), `did you mean "SubnetIds"?`},
		{"member of a step of EMR", task("elasticmapreduce:addStep.sync", `"Parameters":{"ClusterId":"c","Step":{"Name":"n","HadoopJarStep":{"Jars":"j"}}},`), `/Parameters/Step/HadoopJarStep/Jars: error`},
		{"member of a cluster of EMR", task("elasticmapreduce:createCluster", `"Parameters":{"Name":"c","Instances":{"KeepJobFlowAliveWhenNoStep":true}},`), `did you mean "KeepJobFlowAliveWhenNoSteps"?`},
		{"input of a model in S3", task("bedrock:invokeModel", `"Parameters":{"ModelId":"m","Input":{"S3Uri":"s3://b/k"}},`), ""},
		{"member of a model's call", task("bedrock:invokeModel", `"Parameters":{"ModelID":"m","Body":{}},`), `write "ModelId"`},
		{"error of another service", task("aws-sdk:s3:listObjectsV2", `"Retry":[{"ErrorEquals":["DynamoDb.ResourceNotFoundException"]}],`), `warning: ListObjectsV2 does not raise "DynamoDb.ResourceNotFoundException", an error of another service`},
		{"error of a function by its ARN", `{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"arn:aws:lambda:eu-west-1:123456789012:function:f","Retry":[{"ErrorEquals":["Lambda.ServiceExeption"]}],"End":true}}}`, `did you mean "Lambda.ServiceException"?`},
		{"error that a function may raise", task("lambda:invoke", `"Retry":[{"ErrorEquals":["DynamoDb.ResourceNotFoundException"]}],`), ""},
		{"error without the class's end", task("aws-sdk:s3:getObject", `"Retry":[{"ErrorEquals":["S3.NoSuchKey"]}],`), `did you mean "S3.NoSuchKeyException"?`},
		{"spelling of a service in an error", task("aws-sdk:dynamodb:getItem", `"Retry":[{"ErrorEquals":["DynamoDB.ResourceNotFoundException"]}],`), `begin with DynamoDb.`},
		{"an optimised integration's spelling", task("dynamodb:getItem", `"Parameters":{"TableName":"t","Key":{}},"Retry":[{"ErrorEquals":["DynamoDB.ResourceNotFoundException"]}],`), ""},
		{"status of a call", task("eks:call", `"Retry":[{"ErrorEquals":["EKS.409"]}],`), ""},
		{"status of API Gateway", task("apigateway:invoke", `"Retry":[{"ErrorEquals":["ApiGateway.500"]}],`), ""},
		{"reader", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{"Bukcet":"b","Key":"k"}},"End":true}}}`, `/States/M/ItemReader/Parameters/Bukcet: error: there is no parameter "Bukcet" here; did you mean "Bucket"?`},
		{"reader of a listing", `{"StartAt":"M","States":{"M":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket.$":"$.b","Prefix":"k"}},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}`, ""},
		{"writer", `{"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Arguments":{"Bucket":"b","Prefx":"k"}},"End":true}}}`, `did you mean "Prefix"?`},
	} {
		t.Run(c.name, func(t *testing.T) {
			said := problems(t, c.definition, awsapi.Options{}).Error()
			if c.want == "" && said != "" || !strings.Contains(said, c.want) {
				t.Errorf("got %s\nwant %s", said, c.want)
			}
		})
	}
	if ds := problems(t, task("aws-sdk:sqs:teleportQueueElsewhere", ``), awsapi.Options{Strict: true}); !ds.HasErrors() {
		t.Errorf("strict: got %v, want an error", ds)
	}
}

// A name that is a service's is not another's endpoint, and a package of an SDK leads to its service.
func TestNamed(t *testing.T) {
	for name, want := range map[string]string{
		"rds": "rds", "ses": "ses", "events": "eventbridge", "kinesisvideo": "kinesisvideo", "configservice": "config", "stepfunctions": "sfn",
		"databasemigrationservice": "databasemigration", "redshift-data": "redshiftdata", "CognitoIdp": "cognitoidentityprovider", "nosuchservice": "",
	} {
		_, spelled, ok := awsapi.Named(name)
		if !ok {
			spelled = ""
		}
		if spelled != want {
			t.Errorf("Named(%s) = %q, want %q", name, spelled, want)
		}
	}
}

// A resource that the index does not have is no reason to judge its result, or to fail.
func TestCheckResultUnknown(t *testing.T) {
	for _, resource := range []string{"arn:aws:states:::aws-sdk:nosuchservice:get", "arn:aws:states:::aws-sdk:s3:getObjet", "arn:aws:states:::s3:getObject", "arn:aws:states:::http:invoke"} {
		if said := awsapi.CheckResult(resource, map[string]any{}, true); len(said) > 0 {
			t.Errorf("%s: got %v", resource, said)
		}
	}
}

// A problem stands where its member stands, not where its state begins.
func TestCheckPosition(t *testing.T) {
	ds := problems(t, `{"StartAt": "S",
 "States": {"S": {
   "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun",
   "Parameters": {
     "JobName": "j",
     "WorkerTyp": "G.1X"
   }, "End": true}}}`, awsapi.Options{})
	if len(ds) != 1 || ds[0].Pos != (ast.Position{Line: 6, Column: 6}) {
		t.Errorf("got %v, want one problem at line 6:6", ds)
	}
}

// TestMutations misspells one name in each published definition, again and again: services, operations, parameters,
// values and errors. All but 2 % must be found, and no definition as it was published may be refused.
func TestMutations(t *testing.T) {
	const wanted = 600
	files := conformance.Files(t, "workflows/*.json")
	random := rand.New(rand.NewPCG(1, 1))
	made, found, missed := 0, 0, []string{}
	ids := make([]string, 0, len(files))
	for id, text := range files {
		ids = append(ids, id)
		if ds := problems(t, string(text), awsapi.Options{}); ds.HasErrors() {
			t.Errorf("%s is refused: %v", id, ds)
		}
	}
	slices.Sort(ids)
	for round := 0; made < wanted && round < 60; round++ {
		for _, id := range ids {
			var machine any
			if err := json.Unmarshal(files[id], &machine); err != nil {
				t.Fatal(err)
			}
			names := misspellable(machine)
			if len(names) == 0 || made == wanted {
				continue
			}
			what := names[random.IntN(len(names))].misspell(random)
			mutant, _ := json.Marshal(machine)
			before := said(t, string(files[id]))
			made++
			if slices.ContainsFunc(said(t, string(mutant)), func(p ast.Diagnostic) bool {
				return !slices.ContainsFunc(before, func(q ast.Diagnostic) bool { return p.Location == q.Location && p.What == q.What })
			}) {
				found++
			} else {
				missed = append(missed, id+": "+what)
			}
		}
	}
	t.Logf("%d of %d mutants were found", found, made)
	if made < wanted || float64(found) < 0.98*float64(made) {
		t.Errorf("%d of %d mutants were found, want 98 %%:\n%s", found, made, strings.Join(missed, "\n"))
	}
}

func said(t *testing.T, definition string) ast.Diagnostics {
	t.Helper()
	d, err := ast.ParseString(definition)
	if err != nil {
		return ast.Diagnostics{{Severity: ast.SeverityError, What: err.Error()}}
	}
	return append(d.ValidateWith(awsapi.Result), awsapi.Check(d, awsapi.Options{})...)
}

// A spelling is one name of a definition that can be misspelt.
type spelling struct {
	text string
	set  func(string)
}

// misspell drops, doubles or swaps a letter in the last word of the name.
func (s spelling) misspell(random *rand.Rand) string {
	b := []byte(s.text)
	from := strings.LastIndexAny(strings.TrimSuffix(s.text, ".$"), ":. ") + 1
	end := len(strings.TrimSuffix(s.text, ".$"))
	i := from + random.IntN(max(1, end-from-1))
	switch random.IntN(3) {
	case 0:
		b = slices.Delete(b, i, i+1)
	case 1:
		b = slices.Insert(b, i, b[i])
	default:
		if b[i] == b[i+1] {
			b = slices.Delete(b, i, i+1)
		} else {
			b[i], b[i+1] = b[i+1], b[i]
		}
	}
	s.set(string(b))
	return fmt.Sprintf("%s -> %s", s.text, b)
}

// misspellable are the names of AWS's API in a definition: of tasks that call one with literal parameters.
func misspellable(v any) []spelling {
	var found []spelling
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			found = append(found, misspellable(item)...)
		}
	case map[string]any:
		resource, _ := v["Resource"].(string)
		if _, action, ok := strings.Cut(resource, ":states:::"); ok && v["Type"] == "Task" && !strings.Contains(action, "${") {
			return taskSpellings(v, resource, action)
		}
		for _, name := range sortedKeys(v) {
			found = append(found, misspellable(v[name])...)
		}
	}
	return found
}

func taskSpellings(task map[string]any, resource, action string) []spelling {
	bare, pattern, _ := strings.Cut(action, ".")
	if pattern != "" {
		pattern = "." + pattern
	}
	prefix := strings.TrimSuffix(resource, action)
	found := []spelling{{bare, func(s string) { task["Resource"] = prefix + s + pattern }}}
	if service, operation, ok := strings.Cut(strings.TrimPrefix(bare, "aws-sdk:"), ":"); ok && strings.HasPrefix(bare, "aws-sdk:") && len(service) > 3 {
		found = append(found, spelling{service, func(s string) { task["Resource"] = prefix + "aws-sdk:" + s + ":" + operation + pattern }})
	}
	for _, field := range []string{"Parameters", "Arguments"} {
		parameters, _ := task[field].(map[string]any)
		for _, name := range sortedKeys(parameters) {
			if len(strings.TrimSuffix(name, ".$")) < 4 {
				continue
			}
			found = append(found, spelling{name, func(s string) {
				parameters[s] = parameters[name]
				delete(parameters, name)
			}})
		}
	}
	for _, field := range []string{"Retry", "Catch"} {
		list, _ := task[field].([]any)
		for _, entry := range list {
			handler, _ := entry.(map[string]any)
			errors, _ := handler["ErrorEquals"].([]any)
			for i := range errors {
				if name, _ := errors[i].(string); strings.HasPrefix(name, "States.") || strings.Contains(name, ".") && strings.HasSuffix(name, "Exception") {
					found = append(found, spelling{name, func(s string) { errors[i] = s }})
				}
			}
		}
	}
	return found
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func TestSpell(t *testing.T) {
	for member, want := range map[string]string{
		"SSEKMSKeyId": "SsekmsKeyId", "DBInstanceIdentifier": "DbInstanceIdentifier", "ETag": "ETag", "clientToken": "ClientToken",
		"ContentMD5": "ContentMD5", "ACL": "Acl", "Bucket": "Bucket", "jobName": "JobName",
	} {
		if got := awsapi.Spell(member); got != want {
			t.Errorf("Spell(%s) = %s, want %s", member, got, want)
		}
	}
}

// The index has what botocore has, and its shapes lead somewhere.
func TestIndex(t *testing.T) {
	operations := 0
	for _, name := range awsapi.Services() {
		s, ok := awsapi.Find(name)
		if !ok {
			t.Fatalf("there is no %s", name)
		}
		operations += len(s.Operations)
		for action, o := range s.Operations {
			if in := o.Input(); in != nil && in.Kind != awsapi.Structure {
				t.Errorf("%s:%s takes a %s", name, action, in.Kind)
			}
		}
	}
	if n := len(awsapi.Services()); n < 440 || operations < 20000 {
		t.Errorf("%s: %d services, %d operations; want at least 440 and 20,000", awsapi.Source(), n, operations)
	}
}

func BenchmarkFind(b *testing.B) {
	for b.Loop() {
		awsapi.Forget()
		if _, ok := awsapi.Find("ec2"); !ok {
			b.Fatal("there is no ec2")
		}
	}
}
