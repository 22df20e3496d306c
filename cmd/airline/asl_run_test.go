package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files writes files into a new directory and returns it.
func files(t *testing.T, contents map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range contents {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const pollMachine = `{"StartAt": "Get", "States": {
	"Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Name.$": "$.name"}, "ResultPath": "$.c", "Next": "Ready"},
	"Ready": {"Type": "Choice", "Choices": [{"Variable": "$.c.State", "StringEquals": "READY", "Next": "Done"}], "Default": "Wait"},
	"Wait": {"Type": "Wait", "Seconds": 30, "Next": "Get"},
	"Done": {"Type": "Succeed", "OutputPath": "$.c"}}}`

func TestASLRun(t *testing.T) {
	dir := files(t, map[string]string{
		"m.json":     pollMachine,
		"in.json":    `{"name": "flights"}`,
		"mocks.json": `{"Get": [{"return": {"State": "RUNNING"}}, {"return": {"State": "READY"}, "takes": 2}]}`,
		"local.json": `{"StateMachines": {"m": {"TestCases": {"happy": {"Get": "crawl"}, "sad": {"Get": "gone"}}}},
			"MockedResponses": {"crawl": {"0-2": {"Return": {"State": "RUNNING"}}, "3": {"Return": {"State": "READY"}}}, "gone": {"0": {"Throw": {"Error": "Glue.EntityNotFoundException", "Cause": "no such crawler"}}}}}`,
		"misspelt.json": `{"get": [{"return": 1}]}`,
		"notask.json":   `{"Ready": [{"return": 1}]}`,
		"both.json":     `{"Get": [{"return": 1, "throw": {"error": "E"}}]}`,
		"early.json":    `{"Get": [{"return": 1, "takes": -1}]}`,
		"text.json":     `{"Get": [{"throw": "E"}]}`,
		"language.json": `{"StartAt": "A", "QueryLanguage": "SQL", "States": {"A": {"Type": "Succeed"}}}`,
		"read.json": `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k.json"}},
			"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}}}`,
		"unreachable.json": `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"}, "B": {"Type": "Succeed"}}}`,
		"late.json":        `{"StartAt": "A", "TimeoutSeconds": 5, "States": {"A": {"Type": "Wait", "Seconds": 9, "End": true}}}`,
		"bad.json":         `{"StartAt": "Nowhere", "States": {"A": {"Type": "Succeed"}}}`,
	})
	tests := []struct {
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"m.json --input in.json --mocks mocks.json", 0, `{"status":"SUCCEEDED","output":{"State":"READY"},"elapsed":32,"transitions":6}`, ""},
		{"m.json --input in.json --mocks local.json --test happy", 0, `{"status":"SUCCEEDED","output":{"State":"READY"},"elapsed":90,"transitions":12}`, ""},
		{"m.json --input in.json --mocks local.json --test sad", 1, `{"status":"FAILED","error":"Glue.EntityNotFoundException","cause":"no such crawler","elapsed":0,"transitions":1}`, ""},
		{"m.json --input in.json", 1, `{"status":"FAILED","error":"Unmocked","cause":"there are no mocks for the task of state \"Get\"`, ""},
		{"m.json --input in.json --mocks mocks.json --history", 0, `{"id":3,"previousEventId":2,"timestamp":"`, ""},
		{"bad.json", 1, "", `there is no state "Nowhere"`},
		{"m.json --mocks misspelt.json", 2, "", `the definition has no state "get"`},
		{"m.json --mocks notask.json", 2, "", `state "Ready" is no Task`},
		{"m.json --mocks both.json", 2, "", `expected exactly one of return, throw`},
		{"m.json --mocks early.json", 2, "", `takes must be a number of seconds, from 0`},
		{"m.json --mocks text.json", 2, "", `throw must be an object`},
		{"unreachable.json", 1, "", `/States/A/Next: error: there is no state "C"`},
		{"late.json", 1, `{"status":"TIMED_OUT",`, ""},
		{"language.json", 1, "", `there is no query language "SQL"`},
		{"m.json --objects none", 2, "", `none is no directory`},
		{"read.json", 1, `"ItemReader needs an object store, and the execution has none"`, "--objects DIRECTORY"},
		{"none.json", 2, "", "no such file"},
		{"m.json --input in.json --mocks local.json --test none", 2, "", `there is no test case "none"`},
	}
	for _, test := range tests {
		args := []string{"asl", "run"}
		for _, arg := range strings.Fields(test.args) {
			if strings.HasSuffix(arg, ".json") {
				arg = filepath.Join(dir, arg)
			}
			args = append(args, arg)
		}
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
		if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
			t.Errorf("%s: exit %d\n%s%s\nwant %d\n%s%s", test.args, code, &stdout, &stderr, test.code, test.stdout, test.stderr)
		}
	}
}

// The report shows what became of each state, whether or not the execution has succeeded.
func TestASLRunReport(t *testing.T) {
	dir := files(t, map[string]string{
		"m.json":     pollMachine,
		"mocks.json": `{"Get": [{"return": {"State": "RUNNING"}}, {"throw": {"error": "Gone", "cause": "<b>"}}]}`,
		"in.json":    `{"name": "flights"}`,
	})
	page := filepath.Join(dir, "run.html")
	call := func(args ...string) (int, string) {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), append([]string{"asl", "run", filepath.Join(dir, "m.json")}, args...), strings.NewReader(""), &stdout, &stderr)
		return code, stderr.String()
	}
	if code, stderr := call("--mocks", filepath.Join(dir, "mocks.json"), "--input", filepath.Join(dir, "in.json"), "--report", page); code != 1 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`class="box failed"`, `class="box succeeded"`, "&lt;b&gt;", "WaitStateExited"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %s in the report", want)
		}
	}
	if code, stderr := call("--report", filepath.Join(dir, "none", "run.html")); code != 2 || !strings.Contains(stderr, "--report") {
		t.Errorf("a report that cannot be written: exit code %d, %s", code, stderr)
	}
}

func TestConformance(t *testing.T) {
	dir := files(t, map[string]string{"cases.json": `[
		{"id": "one", "lang": "jsonpath", "def": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "input": 1, "expect": {"status": "SUCCEEDED", "output": 1}},
		{"id": "two", "lang": "choice", "def": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, "input": 1, "expect": {"status": "SUCCEEDED", "output": 2}},
		{"id": "three", "lang": "expr", "expr": "1 + 1", "expect": {"output": 2}}]`})
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"conformance", filepath.Join(dir, "cases.json")}, strings.NewReader(""), &stdout, &stderr)
	want := "two: got output 1, want 2\nchoice 0/1\njsonpath 1/1\nexpr 1/1\ntotal 2/3\n"
	if code != 1 || stdout.String() != want {
		t.Errorf("exit %d\n%s%s\nwant 1\n%s", code, &stdout, &stderr, want)
	}
}

// A case may lack what is not needed, and fails by its place when it lacks what is.
func TestConformanceFields(t *testing.T) {
	dir := files(t, map[string]string{"cases.json": `[
		{"def": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}", "expect": {"status": "SUCCEEDED", "output": {}}, "other": 1},
		{"input": 1, "expect": {"status": "SUCCEEDED"}},
		{"id": "three", "def": {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}}]`})
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"conformance", filepath.Join(dir, "cases.json")}, strings.NewReader(""), &stdout, &stderr)
	for _, want := range []string{"case 1: the case has no def\n", "three: ", "total 1/3\n"} {
		if code != 1 || !strings.Contains(stdout.String(), want) {
			t.Errorf("exit %d\n%s%s\nwant 1 and %q", code, &stdout, &stderr, want)
		}
	}
}

// A file without cases checks nothing, and must not pass.
func TestConformanceEmpty(t *testing.T) {
	dir := files(t, map[string]string{"cases.json": `[]`})
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"conformance", filepath.Join(dir, "cases.json")}, strings.NewReader(""), &stdout, &stderr)
	if code != 2 || !strings.Contains(stderr.String(), "there is no case") {
		t.Errorf("exit %d\n%s%s", code, &stdout, &stderr)
	}
}
