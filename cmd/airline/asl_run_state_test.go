package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// One state alone: what it gives, where it leads, what it sets, in both languages, nested ones and caught errors too.
func TestASLRunState(t *testing.T) {
	dir := files(t, map[string]string{
		"m.json": `{"StartAt":"A","States":{
			"A":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"Message.$":"$.m","TopicArn.$":"$topic"},"ResultPath":"$.r","Assign":{"id.$":"$.MessageId"},
				"Catch":[{"ErrorEquals":["Sns.NotFoundException"],"Next":"E"}],"Next":"B"},
			"B":{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input * $factor %}","End":true}}},"Next":"R"},
			"R":{"Type":"Task","Resource":"arn:aws:states:::events:putEvents","Parameters":{"Entries":[]},"Retry":[{"ErrorEquals":["States.ALL"],"IntervalSeconds":4,"MaxAttempts":2}],"Next":"C"},
			"C":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.context.Execution.Name %}","End":true},
			"E":{"Type":"Fail"}}}`,
		"list.json": `[1,2]`, "map.json": `{"B":[{"return":["x"]}]}`, "nolist.json": `{"B":[{"return":{}}]}`, "throw.json": `{"R":[{"throw":{"error":"E","cause":"c"}}]}`,
		"odd-answer.json": `{"R":[{"return":{"Entries":[{"EventId":1},2]}}]}`, "context.json": `{"Execution":{"Name":"x-1"}}`,
		"in.json": `{"m":"hello"}`, "three.json": `3`, "vars.json": `{"topic":"arn:aws:sns:eu-west-1:111122223333:t","factor":2}`,
		"ok.json":  `{"A":[{"return":{"MessageId":"m-1"}}]}`,
		"bad.json": `{"A":[{"throw":{"error":"Sns.NotFoundException","cause":"no topic"}}]}`,
	})
	in := func(name string) string { return filepath.Join(dir, name) }
	for _, c := range []struct {
		args []string
		exit int
		want []string
	}{
		{[]string{"--state", "A", "--input", in("in.json"), "--variables", in("vars.json"), "--mocks", in("ok.json")}, 0,
			[]string{`"status":"SUCCEEDED"`, `"output":{"m":"hello","r":{"MessageId":"m-1"}}`, `"nextState":"B"`, `"variables":{"topic":"arn:aws:sns:eu-west-1:111122223333:t","factor":2,"id":"m-1"}`}},
		{[]string{"--state", "A", "--input", in("in.json"), "--variables", in("vars.json"), "--mocks", in("bad.json")}, 0,
			[]string{`"status":"CAUGHT_ERROR"`, `"nextState":"E"`, `"Cause":"no topic"`, `"error":"Sns.NotFoundException"`, `"errorDetails":{"catchIndex":0}`}},
		{[]string{"--state", "B", "--input", in("list.json"), "--variables", in("vars.json"), "--inspect"}, 0, []string{`"status":"SUCCEEDED","output":[2,4]`, `"inspectionData":{"input":[1,2],"afterInputPath":[1,2]`}},
		{[]string{"--state", "B", "--input", in("list.json"), "--mocks", in("map.json")}, 0, []string{`"output":["x"]`}},
		{[]string{"--state", "B", "--input", in("list.json"), "--mocks", in("nolist.json")}, 2, []string{"Mocked result must be an array"}},
		{[]string{"--state", "R", "--mocks", in("throw.json")}, 1, []string{`"status":"RETRIABLE"`, `"errorDetails":{"retryIndex":0,"retryBackoffIntervalSeconds":4}`}},
		{[]string{"--state", "R", "--mocks", in("throw.json"), "--state-configuration", `{"retrierRetryCount":1}`}, 1, []string{`"retryBackoffIntervalSeconds":8`}},
		{[]string{"--state", "R", "--mocks", in("throw.json"), "--state-configuration", `{"retrierRetryCount":2}`}, 1, []string{`"status":"FAILED"`, `"errorDetails":{"retryIndex":0}`}},
		{[]string{"--state", "R", "--mocks", in("throw.json"), "--state-configuration", `{"retryCount":2}`}, 2, []string{"there is no retryCount"}},
		{[]string{"--state", "R", "--mocks", in("odd-answer.json")}, 2, []string{"Field 'EventId' must be a string", "Field 'Entries'"}},
		{[]string{"--state", "R", "--mocks", in("odd-answer.json"), "--field-validation-mode", "NONE"}, 0, []string{`"status":"SUCCEEDED"`}},
		{[]string{"--state", "C", "--context", in("context.json")}, 0, []string{`"output":"x-1"`}},
		{[]string{"--state", "I", "--input", in("three.json"), "--variables", in("vars.json")}, 0, []string{`"output":6`}},
		{[]string{"--state", "E"}, 1, []string{`"status":"FAILED"`}},
		{[]string{"--state", "Z"}, 2, []string{"there is no such state; there are A, B, I, R, C, E"}},
		{[]string{"--variables", in("vars.json")}, 2, []string{"name a state with --state"}},
	} {
		var stdout, stderr bytes.Buffer
		exit := run(context.Background(), append([]string{"asl", "run", in("m.json")}, c.args...), strings.NewReader(""), &stdout, &stderr)
		for _, want := range c.want {
			if said := stdout.String() + stderr.String(); exit != c.exit || !strings.Contains(said, want) {
				t.Errorf("%v: exit %d, said %s\nwant exit %d and %s", c.args[:2], exit, said, c.exit, want)
			}
		}
	}
}
