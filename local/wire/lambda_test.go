package wire_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/local/wire"
)

// Tasks of Lambda call the functions of an endpoint, which may call the server while they run; what functions and endpoint answer
// becomes what Step Functions makes of it.
func TestFunctions(t *testing.T) {
	var client *sfn.Client
	came, gone := make(chan struct{}), make(chan struct{})
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		payload, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Amz-Executed-Version", "$LATEST")
		switch path := strings.TrimPrefix(r.URL.Path, "/2015-03-31/functions/"); path {
		case "echo/invocations":
			machines, err := client.ListStateMachines(r.Context(), &sfn.ListStateMachinesInput{})
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(w, `{"got": %s, "machines": %t, "qualifier": %q, "type": %q}`, payload, len(machines.StateMachines) > 0, r.URL.Query().Get("Qualifier"), r.Header.Get("X-Amz-Invocation-Type"))
		case "bad/invocations":
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			io.WriteString(w, `{"errorMessage": "no", "errorType": "CustomException"}`)
		case "later/invocations":
			w.WriteHeader(http.StatusAccepted)
		case "token/invocations":
			var v struct{ Token string }
			if err := json.Unmarshal(payload, &v); err != nil {
				t.Error(err)
			}
			if _, err := client.SendTaskSuccess(r.Context(), &sfn.SendTaskSuccessInput{TaskToken: &v.Token, Output: aws.String(`"by token"`)}); err != nil {
				t.Error(err)
			}
			io.WriteString(w, `null`)
		case "slow/invocations":
			close(came)
			<-r.Context().Done()
			close(gone)
		default:
			w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, `{"Type": "User", "Message": "Function not found: arn:aws:lambda:us-east-1:123456789012:function:none"}`)
		}
	}))
	defer endpoint.Close()
	_, client = noStack(t, wire.Options{Functions: endpoint.URL})
	arn := func(name string) string { return "arn:aws:lambda:us-east-1:123456789012:function:" + name }
	const invoke = `"Resource": "arn:aws:states:::lambda:invoke%s", "Parameters": {"FunctionName": %q, %s}`
	for i, c := range []struct{ task, want string }{
		{`"Resource": "` + arn("echo:live") + `"`, `SUCCEEDED {"got":{"a":1},"machines":true,"qualifier":"live","type":"RequestResponse"}`},
		{fmt.Sprintf(invoke+`, "ResultSelector": {"p.$": "$.Payload.got", "s.$": "$.StatusCode", "v.$": "$.ExecutedVersion"}`, "", arn("echo"), `"Payload.$": "$"`), `SUCCEEDED {"p":{"a":1},"s":200,"v":"$LATEST"}`},
		{`"Resource": "arn:aws:states:::aws-sdk:lambda:invoke", "Parameters": {"FunctionName": "bad", "Payload": {"x": 1}}, "ResultSelector": {"p.$": "$.Payload", "e.$": "$.FunctionError"}`,
			`SUCCEEDED {"p":"{\"errorMessage\": \"no\", \"errorType\": \"CustomException\"}","e":"Unhandled"}`},
		{fmt.Sprintf(invoke+`, "ResultSelector": {"s.$": "$.StatusCode"}`, "", "later", `"InvocationType": "Event"`), `SUCCEEDED {"s":202}`},
		{fmt.Sprintf(invoke, ".waitForTaskToken", "token", `"Payload": {"token.$": "$$.Task.Token"}`), `SUCCEEDED "by token"`},
		{`"Resource": "` + arn("bad") + `"`, `FAILED CustomException: {"errorMessage": "no", "errorType": "CustomException"}`},
		{fmt.Sprintf(invoke, "", "bad", `"Payload": 1`), `FAILED CustomException: {"errorMessage": "no", "errorType": "CustomException"}`},
		{fmt.Sprintf(invoke, "", "123456789012:function:echo:2", `"Payload.$": "$"`) + `, "OutputPath": "$.Payload.qualifier"`, `SUCCEEDED "2"`},
		{fmt.Sprintf(invoke, "", "arn:aws:lambda:us-east-1:123456789012:layer:echo", `"Payload": 1`), `FAILED States.Runtime: "arn:aws:lambda:us-east-1:123456789012:layer:echo" is no function`},
		{fmt.Sprintf(invoke, "", "none", `"Payload": 1`), `FAILED Lambda.ResourceNotFoundException: Function not found: arn:aws:lambda:us-east-1:123456789012:function:none (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: `},
		{fmt.Sprintf(invoke, "", "echo", `"LogType": "Tail"`), `FAILED States.Runtime: the LogType Tail of lambda:invoke is not modelled here`},
	} {
		machine := create(t, client, fmt.Sprintf("m%d", i), `{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, `+c.task+`}}}`, "")
		x := finished(t, client, *machine, `{"a": 1}`)
		got := string(x.Status) + " " + aws.ToString(x.Output)
		if x.Status != types.ExecutionStatusSucceeded {
			got = fmt.Sprintf("%s %s: %s", x.Status, aws.ToString(x.Error), aws.ToString(x.Cause))
		}
		if !strings.HasPrefix(got, c.want) || x.Status == types.ExecutionStatusSucceeded && got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.task, got, c.want)
		}
	}

	machine := create(t, client, "slow", `{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "`+arn("slow")+`"}}}`, "")
	started := must[*sfn.StartExecutionOutput](t)(client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machine}))
	<-came // a task that is stopped before has called nobody
	must[*sfn.StopExecutionOutput](t)(client.StopExecution(t.Context(), &sfn.StopExecutionInput{ExecutionArn: started.ExecutionArn}))
	<-gone // the call ends with its task
}

// Without an endpoint, and without an answer from it, a task says so.
func TestNoFunctions(t *testing.T) {
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}}}`
	_, client := noStack(t, wire.Options{})
	if x := finished(t, client, *create(t, client, "m", definition, ""), `{}`); aws.ToString(x.Error) != "States.Runtime" || !strings.Contains(aws.ToString(x.Cause), `does not model the service "lambda"`) {
		t.Errorf("without an endpoint: %s %s", aws.ToString(x.Error), aws.ToString(x.Cause))
	}
	closed := httptest.NewServer(nil)
	closed.Close()
	_, client = noStack(t, wire.Options{Functions: closed.URL})
	if x := finished(t, client, *create(t, client, "m", definition, ""), `{}`); aws.ToString(x.Error) != "Lambda.SdkClientException" {
		t.Errorf("with an endpoint that is not there: %s %s", aws.ToString(x.Error), aws.ToString(x.Cause))
	}
}
