package asl_test

import (
	"strings"
	"testing"

	"airline/asl"
	"airline/asl/dynamodb"
	"airline/asl/ecs"
	"airline/asl/events"
	"airline/asl/lambda"
	"airline/asl/s3"
	"airline/asl/sfn"
	"airline/asl/sns"
	"airline/asl/sqs"
)

// answer is what somebody answers a task with that waits for its token.
type answer struct{ Approved bool }

// TestWaitForTaskToken: every service that can hand a token on has a task that waits for it, whose result is the answer.
func TestWaitForTaskToken(t *testing.T) {
	token := asl.Object{"token": asl.Context.Task.Token}
	approved := asl.Var[answer]("answer")
	for want, w := range map[string]asl.Wired{
		`"Resource": "arn:aws:states:::ecs:runTask.waitForTaskToken"`: ecs.WaitForTaskToken[answer](ecs.RunTask{
			Cluster: asl.Text("c"), TaskDefinition: asl.Text("d"),
		}, "Ask").Save(asl.Whole(approved)).End(),
		`"Resource": "arn:aws:states:::events:putEvents.waitForTaskToken"`: events.WaitForTaskToken[answer](events.PutEvents{
			Entries: []events.Entry{{Source: asl.Text("s"), DetailType: asl.Text("t"), Detail: token}},
		}, "Ask").Save(asl.Whole(approved)).End(),
		`"Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken"`: lambda.WaitForTaskToken[answer](lambda.Call{
			FunctionName: asl.Text("f"), Payload: token,
		}, "Ask").Save(asl.Whole(approved)).End(),
		`"Resource": "arn:aws:states:::states:startExecution.waitForTaskToken"`: sfn.WaitForTaskToken[answer](sfn.StartExecution{
			StateMachineARN: asl.Text("arn:aws:states:eu-west-1:111122223333:stateMachine:m"), Input: token,
		}, "Ask").Save(asl.Whole(approved)).End(),
		`"Resource": "arn:aws:states:::sns:publish.waitForTaskToken"`: sns.WaitForTaskToken[answer](sns.Publish{
			TopicARN: asl.Text("arn:aws:sns:eu-west-1:111122223333:t"), Message: token,
		}, "Ask").Save(asl.Whole(approved)).End(),
		`"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"`: sqs.WaitForTaskToken[answer](sqs.SendMessage{
			QueueURL: asl.Text("https://sqs.eu-west-1.amazonaws.com/111122223333/q"), MessageBody: token,
		}, "Ask").Save(asl.Whole(approved)).End(),
		`"Resource": "arn:aws:states:::states:startExecution.sync"`: sfn.SyncText(sfn.StartExecution{
			StateMachineARN: asl.Text("arn:aws:states:eu-west-1:111122223333:stateMachine:m"),
		}, "Ask").End(),
	} {
		got := printed(t, w)
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
		if strings.Contains(want, "TaskToken") && !strings.Contains(got, `"Assign": { "answer.$": "$" }`) {
			t.Errorf("the answer is not saved: %s", got)
		}
	}
}

// TestItemReaders: what a distributed Map reads its items from.
func TestItemReaders(t *testing.T) {
	from := s3.Where{Bucket: asl.Text("b"), Key: asl.Text("k")}
	for want, spec := range map[string]asl.DistributedSpec{
		`"ReaderConfig": { "InputType": "JSON", "ItemsPointer": "/a/b" }`: {ItemReader: s3.JSONList[answer](from, "/a/b")},
		`"ReaderConfig": { "InputType": "JSONL" }`:                        {ItemReader: s3.JSONLines[answer](from)},
		`"ReaderConfig": { "InputType": "MANIFEST" }`:                     {ItemReader: s3.Manifest(from)},
	} {
		got := printed(t, asl.DistributedMap("Each", spec, asl.Pass("Item").End()).End())
		if !strings.Contains(got, want) || !strings.Contains(got, `"Parameters": { "Bucket": "b", "Key": "k" }`) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// TestAttributes: the attributes of DynamoDB have their types as names.
func TestAttributes(t *testing.T) {
	got := printed(t, dynamodb.PutItem{
		TableName: asl.Text("t"),
		Item:      map[string]dynamodb.Attribute{"n": dynamodb.N(asl.Text("3")), "b": dynamodb.B(asl.Bool(true)), "s": dynamodb.S(asl.Text("x"))},
	}.Task("Put").End())
	for _, want := range []string{`"n": { "N": "3" }`, `"b": { "BOOL": true }`, `"s": { "S": "x" }`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}
