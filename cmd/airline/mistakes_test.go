package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// A command line that cannot be meant is refused with how to fix it.
func TestMistakes(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	dir := files(t, map[string]string{
		"event.json":  `{"bucket": "b", "key": "daily-flights/date=2026-01-01/f.csv", "version": "v", "size": 1, "etag": "e", "time": "2026-01-01T00:00:00Z"}`,
		"wait.json":   `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`,
		"task.json":   `{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun", "Parameters": {"JobName": "j"}, "End": true}}}`,
		"faulty.json": `{"StartAt": "B", "States": {"A": {"Type": "Pass", "Next": "C", "Nxt": 1}}}`,
	})
	in := func(name string) string { return filepath.Join(dir, name) }
	faulty := []string{in("faulty.json") + `: /States/A/Nxt: error: `, in("faulty.json") + `: /States/A/Next: error: `, in("faulty.json") + `: /StartAt: error: `}
	for _, test := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"asl", "eval"}, 2, []string{"give an expression in quotes", "airline asl eval EXPR"}},
		{[]string{"conformance"}, 2, []string{"give files of cases"}},
		{[]string{"asl", "run"}, 2, []string{"name a file, or a stack with --stack"}},
		{[]string{"asl", "draw", "a", "b"}, 2, []string{"give one argument, not 2"}},
		{[]string{"policy", "prod"}, 2, []string{`airline policy takes no argument, and "prod" is one`}},
		{[]string{"policy", "--config", "database=x"}, 2, []string{"A setting of the stack is --set database=x"}},
		{[]string{"demo", "--set", "database=x"}, 2, []string{"airline demo has no flag --set: a setting of the stack is --config KEY=VALUE"}},
		{[]string{"demo", "--wordir", "x"}, 2, []string{"airline demo has no flag --wordir: did you mean --workdir?"}},
		{[]string{"asl", "run", "--mock", "x"}, 2, []string{"airline asl run has no flag --mock: did you mean --mocks?"}},
		{[]string{"status", "--colour"}, 2, []string{"airline status has no flag --colour; see airline status --help"}},
		{[]string{"status", "-x"}, 2, []string{"unknown shorthand flag", "see airline status --help"}},
		{[]string{"demo", "--days"}, 2, []string{"flag needs an argument: --days; see airline demo --help"}},
		{[]string{"policy", "--set", "https://hooks.example.com/T0/secret"}, 2, []string{"--set https://hooks.example.com/[secret]: write KEY=VALUE"}},
		{[]string{"policy", "--set", "webhooks=hooks.example.com/T0/secret"}, 2, []string{"hooks.example.com/[secret]"}},
		{[]string{"asl", "run", in("wait.json"), "--start", "yesterday"}, 2, []string{"--start yesterday: give a moment such as 2026-01-01T00:00:00Z"}},
		{[]string{"asl", "run", in("task.json")}, 1, []string{"--mocks FILE"}},
		{[]string{"asl", "draw", "ingest-flights"}, 2, []string{"it is a machine of the project: add --stack dev"}},
		{[]string{"asl", "run", "--stack", "dev", "ingest-flights", "--input", in("event.json")}, 1, []string{"--mocks FILE"}},
		{[]string{"asl", "draw", "no-machine"}, 2, []string{"no such file"}},
		{[]string{"asl", "draw", in("faulty.json"), "-o", in("x.svg")}, 0, faulty},
		{[]string{"asl", "render", in("faulty.json")}, 1, faulty},
		{[]string{"asl", "draw", in("wait.json"), "-o", in("x.png")}, 2, []string{".png is no name of a picture that can be drawn", "--format"}},
		{[]string{"serve", "--lambda-endpoint", "localhost:3001", "--workdir", in("kept"), "--time", "slow"}, 2, []string{"--lambda-endpoint localhost:3001: give an address such as", "--lambda-endpoint and --workdir exclude each other", "--time slow"}},
		{[]string{"query", "--workdir", in("none"), "select 1"}, 2, []string{"there is no warehouse in " + in("none") + "; make one: airline demo --workdir " + in("none")}},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), append([]string{}, test.args...), strings.NewReader(""), &stdout, &stderr)
		if code != test.code {
			t.Errorf("%q: exit %d, want %d", test.args, code, test.code)
		}
		for _, want := range test.want {
			if !strings.Contains(stderr.String(), want) {
				t.Errorf("%q: %s\nwant %q", test.args, &stderr, want)
			}
		}
	}
}
