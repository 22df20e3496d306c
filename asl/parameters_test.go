package asl_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"airline/asl/athena"
	"airline/asl/batch"
	"airline/asl/bedrock"
	"airline/asl/cloudwatch"
	"airline/asl/dynamodb"
	"airline/asl/ecs"
	"airline/asl/emrserverless"
	"airline/asl/events"
	"airline/asl/glue"
	"airline/asl/internal/typed"
	"airline/asl/lambda"
	"airline/asl/redshiftdata"
	"airline/asl/s3"
	"airline/asl/scheduler"
	"airline/asl/sfn"
	"airline/asl/sns"
	"airline/asl/sqs"
)

// parameterTypes are the parameters of the typed tasks, with the operations of
// AWS's API models that they are for. A call of an HTTP endpoint has none.
var parameterTypes = map[reflect.Type]string{
	reflect.TypeFor[athena.StartQueryExecution]():         "athena StartQueryExecution",
	reflect.TypeFor[athena.GetQueryResults]():             "athena GetQueryResults",
	reflect.TypeFor[batch.SubmitJob]():                    "batch SubmitJob",
	reflect.TypeFor[bedrock.InvokeModel]():                "bedrock-runtime InvokeModel",
	reflect.TypeFor[cloudwatch.PutMetricData]():           "cloudwatch PutMetricData",
	reflect.TypeFor[dynamodb.GetItem]():                   "dynamodb GetItem",
	reflect.TypeFor[dynamodb.PutItem]():                   "dynamodb PutItem",
	reflect.TypeFor[dynamodb.UpdateItem]():                "dynamodb UpdateItem",
	reflect.TypeFor[dynamodb.DeleteItem]():                "dynamodb DeleteItem",
	reflect.TypeFor[dynamodb.Query]():                     "dynamodb Query",
	reflect.TypeFor[ecs.RunTask]():                        "ecs RunTask",
	reflect.TypeFor[emrserverless.StartJobRun]():          "emr-serverless StartJobRun",
	reflect.TypeFor[events.PutEvents]():                   "events PutEvents",
	reflect.TypeFor[glue.StartJobRun]():                   "glue StartJobRun",
	reflect.TypeFor[glue.GetJobRun]():                     "glue GetJobRun",
	reflect.TypeFor[glue.StartCrawler]():                  "glue StartCrawler",
	reflect.TypeFor[glue.GetCrawler]():                    "glue GetCrawler",
	reflect.TypeFor[glue.StopCrawler]():                   "glue StopCrawler",
	reflect.TypeFor[glue.GetTable]():                      "glue GetTable",
	reflect.TypeFor[glue.BatchGetPartition]():             "glue BatchGetPartition",
	reflect.TypeFor[glue.BatchCreatePartition]():          "glue BatchCreatePartition",
	reflect.TypeFor[lambda.Call]():                        "lambda Invoke",
	reflect.TypeFor[redshiftdata.BatchExecuteStatement](): "redshift-data BatchExecuteStatement",
	reflect.TypeFor[redshiftdata.ExecuteStatement]():      "redshift-data ExecuteStatement",
	reflect.TypeFor[redshiftdata.DescribeStatement]():     "redshift-data DescribeStatement",
	reflect.TypeFor[redshiftdata.GetStatementResult]():    "redshift-data GetStatementResult",
	reflect.TypeFor[redshiftdata.CancelStatement]():       "redshift-data CancelStatement",
	reflect.TypeFor[s3.GetObject]():                       "s3 GetObject",
	reflect.TypeFor[s3.HeadObject]():                      "s3 HeadObject",
	reflect.TypeFor[s3.PutObject]():                       "s3 PutObject",
	reflect.TypeFor[s3.ListObjects]():                     "s3 ListObjectsV2",
	reflect.TypeFor[s3.ListObjectVersions]():              "s3 ListObjectVersions",
	reflect.TypeFor[scheduler.CreateSchedule]():           "scheduler CreateSchedule",
	reflect.TypeFor[scheduler.DeleteSchedule]():           "scheduler DeleteSchedule",
	reflect.TypeFor[sfn.StartExecution]():                 "stepfunctions StartExecution",
	reflect.TypeFor[sfn.SendTaskSuccess]():                "stepfunctions SendTaskSuccess",
	reflect.TypeFor[sfn.SendTaskFailure]():                "stepfunctions SendTaskFailure",
	reflect.TypeFor[sns.Publish]():                        "sns Publish",
	reflect.TypeFor[sqs.SendMessage]():                    "sqs SendMessage",
}

// TestTypedTasksAreRegistered: code is generated with every typed task that there
// is, and with no other.
func TestTypedTasksAreRegistered(t *testing.T) {
	registered := map[reflect.Type]bool{}
	for resource, task := range typed.Tasks() {
		registered[task.Parameters] = true
		if parameterTypes[task.Parameters] == "" {
			t.Errorf("%s has parameters %v, which are compared with no API model", resource, task.Parameters)
		}
	}
	for parameters := range parameterTypes {
		// These have a method that takes more than the state's name.
		answers := parameters == reflect.TypeFor[sfn.SendTaskSuccess]() || parameters == reflect.TypeFor[sfn.SendTaskFailure]()
		if registered[parameters] == answers {
			t.Errorf("%v: registered is %t", parameters, registered[parameters])
		}
	}
}

// ownParameters are those that Step Functions adds to an API ("Optimized
// integrations", Step Functions guide).
var ownParameters = map[string]string{
	"bedrock-runtime InvokeModel": "Input Output",
}

// attributeTypes are the members of an attribute value of DynamoDB: names of
// types, which are written as the API has them ("Call DynamoDB APIs with Step
// Functions", Step Functions guide).
var attributeTypes = []string{"B", "BOOL", "BS", "L", "M", "N", "NS", "NULL", "S", "SS"}

// TestParameterNames compares the names of all parameters of typed tasks with
// those of AWS's API models, in the spelling of Step Functions.
func TestParameterNames(t *testing.T) {
	text, err := os.ReadFile("testdata/parameters.txt")
	if err != nil {
		t.Fatal(err)
	}
	model := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		path, members, _ := strings.Cut(strings.TrimSpace(line), ": ")
		steps := strings.Split(path, ".")
		for i, s := range steps[1:] {
			steps[i+1] = stepFunctionsName(s)
		}
		for _, m := range strings.Fields(members) {
			path := strings.Join(steps, ".")
			model[path] = append(model[path], stepFunctionsName(m))
		}
	}
	compared := 0
	var walk func(t *testing.T, typ reflect.Type, path string)
	walk = func(t *testing.T, typ reflect.Type, path string) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case name == "-" || !f.IsExported():
				continue
			case f.Anonymous && name == "":
				walk(t, f.Type, path)
				continue
			case name == "":
				name = f.Name
			}
			compared++
			own := slices.Contains(strings.Fields(ownParameters[path]), name) ||
				typ == reflect.TypeFor[dynamodb.Attribute]() && slices.Contains(attributeTypes, name)
			if !own && !slices.Contains(model[path], name) {
				t.Errorf("%s.%s prints %s, which the API has not: %v", typ, f.Name, name, model[path])
			}
			inner := f.Type
			for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Map {
				inner = inner.Elem()
			}
			if inner.Kind() == reflect.Struct && !own && strings.HasPrefix(inner.PkgPath(), "airline/asl/") {
				walk(t, inner, path+"."+name)
			}
		}
	}
	for typ, operation := range parameterTypes {
		t.Run(operation, func(t *testing.T) {
			if _, known := model[operation]; !known && operation != "" {
				t.Fatalf("testdata/parameters.txt has no %s", operation)
			}
			walk(t, typ, operation)
		})
	}
	if compared < 150 {
		t.Errorf("only %d names were compared", compared)
	}
}

// TestParameterTypesAreAll: the table above has the parameters of every typed
// task.
func TestParameterTypesAreAll(t *testing.T) {
	known := map[string]bool{"http.Request": true, "sdk.In": true} // sdk takes the SDK's own structs
	for typ := range parameterTypes {
		known[typ.String()] = true
	}
	files, err := filepath.Glob("*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	call, found := regexp.MustCompile(`asl\.NewTask\[(\w+),`), 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllStringSubmatch(string(text), -1) {
			if name := filepath.Base(filepath.Dir(file)) + "." + m[1]; m[1] != "any" {
				found++
				if !known[name] {
					t.Errorf("%s makes tasks with the parameters %s, which nobody compares with the API", file, name)
				}
			}
		}
	}
	if found < 40 {
		t.Errorf("only %d calls of NewTask were found", found)
	}
}

// stepFunctionsName is a member of an API model as Step Functions spells it,
// which is how the AWS SDK for Java names it, with a capital: a leading acronym is
// a word. SSEKMSKeyId is SsekmsKeyId, DBInstanceIdentifier is
// DbInstanceIdentifier, ETag is ETag, and clientToken is ClientToken.
func stepFunctionsName(member string) string {
	b := []byte(member)
	b[0] &^= 0x20
	upper := func(i int) bool { return i < len(b) && 'A' <= b[i] && b[i] <= 'Z' }
	lower := func(i int) bool { return i < len(b) && 'a' <= b[i] && b[i] <= 'z' }
	for i := 1; upper(i) && !lower(i+1); i++ {
		b[i] |= 0x20
	}
	return string(b)
}
