package sfn

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/iam"
	"airline/local/door"
)

// FunctionCall is the call of a Lambda function by a task. Its context ends when the task does.
type FunctionCall struct {
	context.Context
	Function, Qualifier string // the function's name; a version or an alias, "" for none
	Payload             []byte // JSON
	ClientContext       string // as the task gives it, "" for none
	Type                string // RequestResponse or Event
}

// FunctionAnswer is what came of it.
type FunctionAnswer struct {
	Payload         []byte
	Status          int
	FunctionError   string // "Unhandled" when the function failed; "" when it did not
	ExecutedVersion string
	// Err is set when no function was called. One with a status is an error of the API by the name in Code.
	Err  error
	Code string // "ResourceNotFoundException"
}

// Functions has the tasks of AWS Lambda call functions. call must return at once; it answers later, by answer, which is called
// once and while nothing else uses the world.
func (s *Service) Functions(call func(c FunctionCall, answer func(FunctionAnswer))) {
	s.functions = call
}

// function performs a task that calls a Lambda function: one with the function's ARN as its resource, or an integration's invoke.
func (s *Service) function(m *machine, t *sim.Task) bool {
	direct := strings.HasPrefix(t.Resource, "arn:") && strings.Contains(t.Resource, ":lambda:") && t.Service == ""
	if s.functions == nil || !direct && (t.Action != "invoke" || t.Service != "lambda" && t.Service != "aws-sdk:lambda") {
		return false
	}
	c, arn, err := s.functionCall(t, direct)
	if err != nil {
		t.Fail("States.Runtime", err.Error())
		return true
	}
	in := door.Integration{Service: "lambda", API: "Invoke", Optimized: t.Service != "aws-sdk:lambda", Pattern: t.Pattern}
	ctx, err := s.assume(m)
	if err == nil {
		err = s.door.Authorize(ctx, "lambda", door.Request{Action: "lambda:InvokeFunction", Resource: arn})
	}
	if err != nil {
		s.fail(t, in, err)
		return true
	}
	var cancel context.CancelFunc
	c.Context, cancel = context.WithCancel(context.Background())
	t.OnStop(cancel)
	if t.Pattern == "waitForTaskToken" { // the function itself may answer with the token
		s.tokens[t.Token] = t
		t.OnStop(func() { delete(s.tokens, t.Token) })
	}
	s.calls++
	s.functions(c, func(a FunctionAnswer) {
		s.calls--
		cancel()
		if !t.Done() {
			s.functionAnswered(m, t, in, direct, a)
		}
	})
	return true
}

// functionCall reads a task's parameters, and gives the ARN of the function or of its version or alias.
func (s *Service) functionCall(t *sim.Task, direct bool) (c FunctionCall, arn string, err error) {
	c.Type = "RequestResponse"
	name := t.Resource
	if direct {
		c.Payload = []byte(jsonvalue.String(t.Parameters))
	} else {
		o, ok := t.Parameters.(*jsonvalue.Object)
		if !ok {
			return c, "", errors.New("the parameters of lambda:invoke are no object")
		}
		if name, err = c.read(o, t.Service == "aws-sdk:lambda"); err != nil {
			return c, "", err
		}
	}
	// FunctionName is NAME, ACCOUNT:function:NAME or an ARN, each with :QUALIFIER behind it or not ("Invoke", AWS Lambda API reference).
	of, isARN := iam.ParseARN(name)
	if !isARN {
		of = iam.ARN{Partition: s.place.Partition, Service: "lambda", Region: s.place.Region, Account: s.place.Account, Resource: "function:" + name}
		if account, function, ok := strings.Cut(name, ":function:"); ok {
			of.Account, of.Resource = account, "function:"+function
		}
	}
	resource, ok := strings.CutPrefix(of.Resource, "function:")
	function, qualifier, _ := strings.Cut(resource, ":")
	if !ok || of.Service != "lambda" || function == "" || strings.Contains(qualifier, ":") {
		return c, "", fmt.Errorf("%q is no function", name)
	}
	c.Function, c.Qualifier = function, cmp.Or(c.Qualifier, qualifier)
	if arn = fmt.Sprintf("arn:%s:lambda:%s:%s:function:%s", of.Partition, of.Region, of.Account, function); c.Qualifier != "" {
		arn += ":" + c.Qualifier
	}
	return c, arn, nil
}

// read takes the members of Invoke; the SDK integration's Payload is a text, the optimised one's any JSON.
func (c *FunctionCall) read(o *jsonvalue.Object, sdk bool) (function string, err error) {
	for name, value := range o.All() {
		text, isText := value.(string)
		if name != "Payload" && !isText {
			return "", fmt.Errorf("the parameter %s of lambda:invoke is no text", name)
		}
		switch name {
		case "FunctionName":
			function = text
		case "Payload":
			c.Payload = []byte(jsonvalue.String(value))
			if sdk && isText {
				c.Payload = []byte(text)
			}
		case "Qualifier":
			c.Qualifier = text
		case "InvocationType":
			c.Type = text
		case "ClientContext":
			c.ClientContext = text
		case "LogType":
			if text != "None" {
				return "", fmt.Errorf("the LogType %s of lambda:invoke is not modelled here", text)
			}
		default:
			return "", fmt.Errorf("the parameter %s of lambda:invoke is not modelled here", name)
		}
	}
	switch {
	case function == "":
		return "", errors.New("lambda:invoke needs the parameter FunctionName")
	case c.Type != "RequestResponse" && c.Type != "Event":
		return "", fmt.Errorf("the InvocationType %s of lambda:invoke is not modelled here", c.Type)
	}
	return function, nil
}

// functionAnswered ends the task as Step Functions does: by the function's payload, or by what an integration makes of the answer.
func (s *Service) functionAnswered(m *machine, t *sim.Task, in door.Integration, direct bool, a FunctionAnswer) {
	id := s.door.UUID()
	switch {
	case a.Err != nil && a.Code != "":
		name := "Lambda." + strings.TrimSuffix(a.Code, "Exception") + "Exception"
		cause := fmt.Sprintf("%s (Service: Lambda, Status Code: %d, Request ID: %s)", a.Err, a.Status, id)
		if in.Optimized {
			cause = fmt.Sprintf("%s (Service: AWSLambda; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)", a.Err, a.Status, a.Code, id)
		}
		t.Fail(name, cause)
		return
	case a.Err != nil:
		t.Fail("Lambda.SdkClientException", "Unable to execute HTTP request: "+a.Err.Error())
		return
	case a.FunctionError != "" && in.Optimized:
		t.Fail(functionError(a.Payload), string(a.Payload))
		return
	}
	var payload any = string(a.Payload)
	if in.Optimized && len(a.Payload) > 0 {
		var err error
		if payload, err = jsonvalue.Decode(a.Payload); err != nil {
			t.Fail("Lambda.Unknown", "The function's answer is not JSON: "+err.Error())
			return
		}
	}
	if direct {
		t.Succeed(payload)
		return
	}
	out := jsonvalue.NewObject(6)
	out.Set("ExecutedVersion", a.ExecutedVersion)
	if a.FunctionError != "" {
		out.Set("FunctionError", a.FunctionError)
	}
	out.Set("Payload", payload)
	if in.Optimized {
		http, meta := jsonvalue.NewObject(1), jsonvalue.NewObject(1)
		http.Set("HttpStatusCode", float64(a.Status))
		meta.Set("RequestId", id)
		out.Set("SdkHttpMetadata", http)
		out.Set("SdkResponseMetadata", meta)
	}
	out.Set("StatusCode", float64(a.Status))
	s.answer(m, t, in, out)
}

// functionError is the name of a function's error: the errorType that its runtime writes, or Lambda.Unknown ("Error handling in Step
// Functions", Step Functions guide).
func functionError(payload []byte) string {
	var v struct {
		ErrorType string `json:"errorType"`
	}
	if err := json.Unmarshal(payload, &v); err != nil || v.ErrorType == "" {
		return "Lambda.Unknown"
	}
	return v.ErrorType
}
