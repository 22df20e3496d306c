package draw

import (
	"slices"
	"strings"
	"testing"

	"airline/asl/ast"
)

func rule(t *testing.T, text string) *ast.Rule {
	t.Helper()
	d, err := ast.ParseString(`{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[` + text + `]}}}`)
	if err != nil {
		t.Fatal(err)
	}
	return d.States[0].Choices[0]
}

func TestCondition(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{`{"Variable":"$.Crawler.State","StringEquals":"READY","Next":"X"}`, `Crawler.State = "READY"`},
		{`{"Variable":"$","NumericLessThanEquals":2.5,"Next":"X"}`, `input ≤ 2.5`},
		{`{"Variable":"$.a","NumericGreaterThanEqualsPath":"$.b","Next":"X"}`, `a ≥ b`},
		{`{"Variable":"$v.a","IsPresent":false,"Next":"X"}`, `$v.a is missing`},
		{`{"Variable":"$.a","IsTimestamp":true,"Next":"X"}`, `a is a timestamp`},
		{`{"Variable":"$.f","StringMatches":"*.csv","Next":"X"}`, `f matches "*.csv"`},
		{`{"Variable":"$.f","BooleanEquals":true,"Next":"X"}`, `f = true`},
		{`{"Not":{"Variable":"$.a","IsNull":true},"Next":"X"}`, `not (a is null)`},
		{`{"And":[{"Variable":"$.a","IsNull":true},{"Or":[{"Variable":"$.b","NumericEquals":1},{"Variable":"$.c","NumericEquals":2}]}],"Next":"X"}`,
			`a is null and (b = 1 or c = 2)`},
		{`{"Condition":"{% $n >  1 %}","Next":"X"}`, `$n > 1`},
		{`{"Condition":true,"Next":"X"}`, `true`},
		{`{"Next":"X"}`, `…`},
	} {
		if got := condition(rule(t, c.rule)); got != c.want {
			t.Errorf("condition(%s) = %q, want %q", c.rule, got, c.want)
		}
	}
}

func TestCaption(t *testing.T) {
	for _, c := range []struct{ resource, want string }{
		{"arn:aws:states:::glue:startJobRun.sync", "Glue: StartJobRun (sync)"},
		{"arn:aws:states:::states:startExecution.sync:2", "Step Functions: StartExecution (sync:2)"},
		{"arn:aws-cn:states:::sqs:sendMessage.waitForTaskToken", "SQS: SendMessage (callback)"},
		{"arn:aws:states:::aws-sdk:redshiftdata:describeStatement", "Redshift Data: DescribeStatement"},
		{"arn:aws:lambda:us-east-1:123456789012:function:clean", "Lambda: Clean"},
		{"arn:aws:states:us-east-1:123456789012:activity:approve", "Activity: Approve"},
		{"arn:aws:states:::aws-sdk:xray:getGroups", "XRAY: GetGroups"},
		{"${FunctionArn}", "Task: ${FunctionArn}"},
		{"", "Task state"},
	} {
		if got := caption(&ast.State{Type: ast.TypeTask, Resource: c.resource}); got != c.want {
			t.Errorf("caption of %q = %q, want %q", c.resource, got, c.want)
		}
	}
	wait := &ast.State{Type: ast.TypeWait, Seconds: ast.NewField(7200)}
	if got := caption(wait); got != "Wait 2 h" {
		t.Errorf("caption of a wait = %q", got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		lines int
		want  []string
	}{
		{"short", 200, 3, []string{"short"}},
		{"Wait until the order is approved", 100, 3, []string{"Wait until the", "order is", "approved"}},
		{"CheckWhetherTheCrawlerHasFinished", 120, 3, []string{"CheckWhetherThe", "CrawlerHas", "Finished"}},
		{"a\n\tb\x00c", 100, 1, []string{"a b c"}},
	} {
		got := nameFont.wrap(c.text, c.width, c.lines)
		if !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
	for _, text := range []string{strings.Repeat("x", 5000), strings.Repeat("日本 ", 2000), strings.Repeat("\u202é", 500), "\xff\xfe"} {
		for i, line := range nameFont.wrap(text, 200, 4) {
			if w := nameFont.width(line); w > 200 {
				t.Errorf("line %d of %.20q is %d wide", i, text, w)
			}
		}
	}
}

func TestLabelsOfOneTransitionAreJoined(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"C","States":{"C":{"Type":"Choice","Default":"X","Choices":[
		{"Variable":"$.a","NumericEquals":1,"Next":"X"},{"Variable":"$.a","NumericEquals":2,"Next":"X"},
		{"Variable":"$.a","NumericEquals":3,"Next":"X"},{"Variable":"$.a","NumericEquals":4,"Next":"X"}]},
		"X":{"Type":"Pass","End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	list := transitions(d)
	if len(list) != 2 {
		t.Fatalf("transitions = %v", list)
	}
	if got, want := list[0].lines(Down), []string{"a = 1", "a = 2", "a = 3", "2 more"}; !slices.Equal(got, want) {
		t.Errorf("lines = %q, want %q", got, want)
	}
}
