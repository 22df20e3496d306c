package sim

import (
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
)

// required are the parameters without which AWS does not start the task of an
// optimised integration, by service and action.
var required = map[string][]string{
	"apigateway:invoke":          {"ApiEndpoint", "Method"},
	"dynamodb:deleteItem":        {"TableName", "Key"},
	"dynamodb:getItem":           {"TableName", "Key"},
	"dynamodb:putItem":           {"TableName", "Item"},
	"dynamodb:updateItem":        {"TableName", "Key"},
	"events:putEvents":           {"Entries"},
	"glue:startJobRun":           {"JobName"},
	"http:invoke":                {"ApiEndpoint", "Method"},
	"lambda:invoke":              {"FunctionName"},
	"sqs:sendMessage":            {"MessageBody", "QueueUrl"},
	"states:startExecution":      {"StateMachineArn"},
	"athena:startQueryExecution": {"QueryString"},
	"batch:submitJob":            {"JobDefinition", "JobName", "JobQueue"},
	"codebuild:startBuild":       {"ProjectName"},
	"ecs:runTask":                {"TaskDefinition"},
}

// parameterProblems says why AWS would refuse the parameters of an optimised
// integration, or nothing.
func parameterProblems(t *Task) string {
	operation := t.Service + ":" + t.Action
	names, known := required[operation]
	if !known {
		return ""
	}
	parameters, ok := t.Parameters.(*jsonvalue.Object)
	if !ok {
		return ""
	}
	var problems []string
	for _, name := range names {
		if _, ok := parameters.Get(name); !ok {
			problems = append(problems, fmt.Sprintf("The field '%s' is required but was missing", name))
		}
	}
	if operation == "apigateway:invoke" {
		for _, name := range []string{"Headers", "QueryParameters"} {
			if value, ok := parameters.Get(name); ok && !listsOfTexts(value) {
				problems = append(problems, fmt.Sprintf("The value of the field '%s' has an invalid format", name))
			}
		}
	}
	return strings.Join(problems, ", ")
}

// listsOfTexts reports whether the value is an object of arrays of strings.
func listsOfTexts(value any) bool {
	object, ok := value.(*jsonvalue.Object)
	if !ok {
		return false
	}
	for _, member := range object.All() {
		list, ok := member.([]any)
		if !ok {
			return false
		}
		for _, item := range list {
			if _, ok := item.(string); !ok {
				return false
			}
		}
	}
	return true
}
