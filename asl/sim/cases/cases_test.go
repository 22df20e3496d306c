package cases_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"airline/asl/sim/cases"
)

// Every recorded case must come out as AWS recorded it.
func TestConformance(t *testing.T) {
	for _, name := range []string{"asl-cases.json", "histories.json"} {
		dir := os.Getenv("ASL_CONFORMANCE")
		if dir == "" {
			dir = "../../../../shared/conformance"
		}
		data, err := os.ReadFile(dir + "/" + name)
		if err != nil {
			t.Skip("no conformance data: ", err)
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
