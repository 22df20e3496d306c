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
			"B":{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input * $factor %}","End":true}}},"End":true},
			"E":{"Type":"Fail"}}}`,
		"in.json": `{"m":"hello"}`, "three.json": `3`, "vars.json": `{"topic":"arn:aws:sns:eu-west-1:111122223333:t","factor":2}`, "odd.json": `{"a.$":"$.b"}`,
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
			[]string{`"status":"SUCCEEDED"`, `"output":{"m":"hello","r":{"MessageId":"m-1"}}`, `"nextState":"B"`, `"assignedVariables":{"id":"m-1"}`}},
		{[]string{"--state", "A", "--input", in("in.json"), "--variables", in("vars.json"), "--mocks", in("bad.json")}, 0, []string{`"nextState":"E"`, `"Cause":"no topic"`}},
		{[]string{"--state", "I", "--input", in("three.json"), "--variables", in("vars.json")}, 0, []string{`"output":6`}},
		{[]string{"--state", "E"}, 1, []string{`"status":"FAILED"`}},
		{[]string{"--state", "Z"}, 2, []string{"there is no such state; there are A, B, I, E"}},
		{[]string{"--state", "A", "--variables", in("odd.json")}, 2, []string{"a name ends in .$"}},
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
