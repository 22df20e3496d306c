package cases_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/asl/internal/conformance"
	"airline/asl/sim/cases"
)

// Every recorded case must come out as AWS recorded it.
func TestConformance(t *testing.T) {
	for _, name := range []string{"asl-cases.json", "histories.json"} {
		data, err := os.ReadFile(filepath.Join(conformance.Dir(t), name))
		if err != nil {
			t.Fatal(err)
		}
		results, err := cases.Run(data, cases.Options{})
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, r := range results {
			if r.Problem != "" {
				failed++
				t.Errorf("%s: %s", r.ID, r.Problem)
			}
		}
		t.Logf("%s: %d/%d", name, len(results)-failed, len(results))
	}
}

const greet = `[{"id": "greet", "lang": "jsonpath", "def": {"StartAt": "G", "States": {"G": {"Type": "Pass", "Parameters": {"text.$": "$.name"}, "End": true}}},
	"input": {"name": "Ada"}, "expect": {"status": "SUCCEEDED", "output": {"text": %s}}, "opaque": ["<any>"],
	"events": [{"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "details": {"input": {"name": "Ada"}}},
		{"id": 2, "previousEventId": 0, "type": "PassStateEntered", "details": {"input": {"name": "Ada"}, "name": "G"}},
		{"id": 3, "previousEventId": %d, "type": "PassStateExited", "details": {"name": "G", "output": {"text": "A<any>"}}},
		{"id": 4, "previousEventId": 3, "type": "ExecutionSucceeded", "details": {"output": {"text": "Ada"}}}]}]`

// What differs is found and said.
func TestProblems(t *testing.T) {
	for _, test := range []struct {
		output string
		event  int
		want   string
	}{
		{`"Ada"`, 2, ""},
		{`"<any>"`, 2, ""},
		{`"Bob"`, 2, `got output {"text":"Ada"}, want {"text":"Bob"}`},
		{`"Ada"`, 1, `event 3:`},
	} {
		results, err := cases.Run(fmt.Appendf(nil, greet, test.output, test.event), cases.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := results[0].Problem; got != test.want && (test.want == "" || !strings.HasPrefix(got, test.want)) {
			t.Errorf("output %s, event %d: got %q, want %q", test.output, test.event, got, test.want)
		}
	}
}

const callback = `[{"id": "token", "lang": "jsonpath", "input": {}, "expect": {"status": "SUCCEEDED", "output": %s}, "opaque": ["<token>"],
	"def": {"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true,
		"Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "Assign": {"t.$": "$$.Task.Token"}}}},
	"mocks": {"Ask": [{"return": 1, "submitted": 2}]},
	"events": [{"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "details": {"input": {}}},
		{"id": 2, "previousEventId": 0, "type": "TaskStateEntered", "details": {"input": {}, "name": "Ask"}},
		{"id": 3, "previousEventId": 2, "type": "TaskScheduled", "details": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken",
			"region": "us-east-1", "parameters": {"QueueUrl": "q", "MessageBody": %q}}},
		{"id": 4, "previousEventId": 3, "type": "TaskStarted", "details": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken"}},
		{"id": 5, "previousEventId": 4, "type": "TaskSubmitted", "details": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "output": 2}},
		{"id": 6, "previousEventId": 5, "type": "TaskSucceeded", "details": {"resourceType": "sqs", "resource": "sendMessage.waitForTaskToken", "output": 1}},
		{"id": 7, "previousEventId": 6, "type": "TaskStateExited", "details": {"name": "Ask", "output": 1, "assignedVariables": {"t": %q}}},
		{"id": 8, "previousEventId": 7, "type": "ExecutionSucceeded", "details": {"output": 1}}]}]`

// A made text stands for one word, always the same, and for no literal.
func TestMadeTexts(t *testing.T) {
	for _, test := range []struct {
		output, sent, kept string
		ok                 bool
	}{
		{"1", "a_token", "a_token", true},
		{"1", "<token>", "<token>", true},
		{"1", "a_token", "another", false},
		{"1", "two words", "two words", false},
		{"1", "arn:aws:x", "arn:aws:x", false},
		{"2", "a_token", "a_token", false},
	} {
		results, err := cases.Run(fmt.Appendf(nil, callback, test.output, test.sent, test.kept), cases.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := results[0].Problem; (got == "") != test.ok {
			t.Errorf("%+v: %q", test, got)
		}
	}
}

const branches = `[{"id": "bag", "lang": "jsonpath", "input": {}, "expect": {"status": "SUCCEEDED", "output": [{}]}, "concurrent": true, "lost": %d,
	"def": {"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}]}}},
	"events": [{"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "details": {"input": {}}},
		{"id": 2, "previousEventId": 0, "type": "ParallelStateEntered", "details": {"input": {}, "name": "P"}},
		{"id": 4, "previousEventId": %d, "type": "PassStateEntered", "details": {"input": {}, "name": "A"}},
		{"id": 3, "previousEventId": 2, "type": "ParallelStateStarted", "details": {}},
		{"id": 5, "previousEventId": 4, "type": "PassStateExited", "details": {"output": {}, "name": "A"}},
		{"id": 7, "previousEventId": 5, "type": "ParallelStateExited", "details": {"output": [%s], "name": "P"}},
		{"id": 8, "previousEventId": 7, "type": "ExecutionSucceeded", "details": {"output": [{}]}}]}]`

// Without an order, each event must still be there, and follow what it follows;
// only what the recorder has lost may be too much.
func TestBags(t *testing.T) {
	for _, test := range []struct {
		lost, previous int
		output, want   string
	}{
		{1, 3, `{}`, ""},
		{0, 3, `{}`, "unexpected event"},
		{1, 2, `{}`, "no event equals"},
		{1, 3, `1`, "no event equals"},
	} {
		results, err := cases.Run(fmt.Appendf(nil, branches, test.lost, test.previous, test.output), cases.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := results[0].Problem; !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%+v: %q", test, got)
		}
	}
}
