package trace_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"airline/asl/ast"
	"airline/asl/draw"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/trace"
)

// run executes a definition with mocks, and stops it after a while if it has not ended.
func run(t *testing.T, definition, mocks, input string, until time.Duration) *sim.Execution {
	t.Helper()
	d, err := ast.Parse([]byte(definition))
	if err != nil {
		t.Fatal(err)
	}
	m, err := sim.Compile(d)
	if err != nil {
		t.Fatal(err)
	}
	answers := sim.Mocks{}
	if mocks != "" {
		if answers, err = sim.ParseMocks([]byte(mocks), "", ""); err != nil {
			t.Fatal(err)
		}
	}
	value, err := jsonvalue.Decode([]byte(input))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	clock := sim.NewClock(start)
	x := m.Start(clock, value, sim.Options{Tasks: answers.Player(), History: true})
	if err := clock.RunUntil(context.Background(), start.Add(until)); err != nil {
		t.Fatal(err)
	}
	return x
}

const task = `{"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {}`

func TestStatuses(t *testing.T) {
	for _, c := range []struct {
		name, definition, mocks, input string
		until                          time.Duration
		status                         sim.Status
		want                           map[string]string
	}{
		{
			name:       "retry",
			definition: `{"StartAt": "T", "States": {"T": ` + task + `, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 7}], "End": true}}}`,
			mocks:      `{"T": [{"throw": {"error": "Busy", "cause": "later"}}, {"return": {"a": 1}}]}`,
			status:     sim.Succeeded, want: map[string]string{"T": "Succeeded ×1"},
		},
		{
			name: "catch",
			definition: `{"StartAt": "T", "States": {"T": ` + task + `, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Tell"}], "End": true},
				"Tell": {"Type": "Pass", "Next": "F"}, "F": {"Type": "Fail", "Error": "E", "Cause": "C"}, "Never": {"Type": "Succeed"}}}`,
			mocks:  `{"T": [{"throw": {"error": "Gone", "cause": "x"}}]}`,
			status: sim.Failed, want: map[string]string{"T": "Caught error ×1", "Tell": "Succeeded ×1", "F": "Failed ×1"},
		},
		{
			name: "map with an item that fails",
			definition: `{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {"StartAt": "P", "States": {
				"P": {"Type": "Pass", "Next": "T"}, "T": ` + task + `, "End": true}}}}}}`,
			mocks: `{"T": [{"return": {}}, {"throw": {"error": "Bad", "cause": "item"}}]}`, input: `[1, 2, 3]`,
			status: sim.Failed, want: map[string]string{"M": "Failed ×1", "P": "Succeeded ×2", "T": "Failed ×2"},
		},
		{
			name: "parallel that is broken off",
			definition: `{"StartAt": "P", "States": {"P": {"Type": "Parallel", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "D"}], "End": true, "Branches": [
				{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": true}}},
				{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}]}, "D": {"Type": "Pass", "End": true}}}`,
			status: sim.Succeeded, want: map[string]string{"P": "Caught error ×1", "W": "Canceled ×1", "F": "Failed ×1", "D": "Succeeded ×1"},
		},
		{
			name: "loop", input: `{"n": 0}`,
			definition: `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": {"n": "{% $states.input.n + 1 %}"}, "Next": "W"},
				"W": {"Type": "Wait", "Seconds": 10, "Next": "C"}, "C": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.n > 2 %}", "Next": "S"}], "Default": "A"},
				"S": {"Type": "Succeed"}}}`,
			status: sim.Succeeded, want: map[string]string{"A": "Succeeded ×3", "W": "Succeeded ×3", "C": "Succeeded ×3", "S": "Succeeded ×1"},
		},
		{
			name: "under way", until: 5 * time.Second,
			definition: `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "W"}, "W": {"Type": "Wait", "Seconds": 10, "End": true}}}`,
			status:     sim.Running, want: map[string]string{"A": "Succeeded ×1", "W": "In progress ×1"},
		},
		{
			name:       "time is up",
			definition: `{"TimeoutSeconds": 5, "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 10, "End": true}}}`,
			status:     sim.TimedOut, want: map[string]string{"W": "Canceled ×1"},
		},
		{
			name:       "an expression without a value",
			definition: `{"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.none", "End": true}}}`,
			status:     sim.Failed, want: map[string]string{"A": "Failed ×1"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.input == "" {
				c.input = "{}"
			}
			if c.until == 0 {
				c.until = time.Hour
			}
			got := trace.Read(run(t, c.definition, c.mocks, c.input, c.until).History())
			if got.Status != c.status {
				t.Errorf("the execution is %s, want %s", got.Status, c.status)
			}
			statuses := map[string]string{}
			for state, v := range got.Run() {
				statuses[state] = fmt.Sprintf("%s ×%d", v.Status, v.Count)
			}
			if diff := cmp.Diff(c.want, statuses); diff != "" {
				t.Error("states (-want +got):\n", diff)
			}
			for _, v := range got.Visits {
				if c.status != sim.Running && v.Left.IsZero() {
					t.Errorf("%s was never left", v.State)
				}
			}
		})
	}
}

// Work and waiting are told apart, and each attempt is there with what it got and gave.
func TestAttempts(t *testing.T) {
	x := run(t, `{"StartAt": "T", "States": {"T": `+task+`, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 7}], "Next": "W"},
		"W": {"Type": "Wait", "Seconds": 5, "End": true}}}`,
		`{"T": [{"throw": {"error": "Busy", "cause": "later"}}, {"return": {"a": 1}}]}`, `{"in": true}`, time.Hour)
	got := trace.Read(x.History())
	v := got.Visits[of(got, "T")[0]]
	if n := len(v.Attempts); n != 2 {
		t.Fatalf("%d attempts, want 2", n)
	}
	if a := v.Attempts[0]; a.Status != draw.Failed || a.Error != "Busy" || a.Cause != "later" {
		t.Errorf("the first attempt is %+v", a)
	}
	if a := v.Attempts[1]; a.Status != draw.Succeeded || jsonvalue.String(a.Output) != `{"a":1}` {
		t.Errorf("the second attempt is %+v", a)
	}
	if got, want := v.Waited(x.StopTime()), 7*time.Second; got != want {
		t.Errorf("T waited %s, want %s", got, want)
	}
	w := got.Visits[of(got, "W")[0]]
	if got, want := w.Waited(x.StopTime()), 5*time.Second; got != want {
		t.Errorf("W waited %s, want %s", got, want)
	}
	if input, output := jsonvalue.String(v.Input), jsonvalue.String(v.Output); input != `{"in":true}` || output != `{"a":1}` {
		t.Errorf("input %s, output %s", input, output)
	}
}

// A state sees what those before it have set, in its own item and around it, and not what others set.
func TestVariables(t *testing.T) {
	x := run(t, `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {
		"A": {"Type": "Pass", "Assign": {"x": 1, "y": 1}, "Next": "B"},
		"B": {"Type": "Pass", "Assign": {"y": 2}, "Next": "M"},
		"M": {"Type": "Map", "Items": [10, 20], "Assign": {"late": 1}, "ItemProcessor": {"StartAt": "C", "States": {
			"C": {"Type": "Pass", "Assign": {"z": "{% $states.input %}"}, "Next": "D"}, "D": {"Type": "Pass", "End": true}}}, "Next": "E"},
		"E": {"Type": "Succeed"}}}`, "", "{}", time.Hour)
	got := trace.Read(x.History())
	for _, c := range []struct {
		state, path string
		visit       int
		want        map[string]any
	}{
		{"A", "", 0, map[string]any{}},
		{"B", "", 0, map[string]any{"x": 1.0, "y": 1.0}},
		{"D", "M[1]", 1, map[string]any{"x": 1.0, "y": 2.0, "z": 20.0}},
		{"E", "", 0, map[string]any{"x": 1.0, "y": 2.0, "late": 1.0}},
	} {
		i := of(got, c.state)[c.visit]
		variables := map[string]any{}
		for name, value := range got.Variables(i).All() {
			variables[name] = value
		}
		if diff := cmp.Diff(c.want, variables); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.state, diff)
		}
		if path := got.Path(i); path != c.path {
			t.Errorf("%s is at %q, want %q", c.state, path, c.path)
		}
	}
	m := got.Visits[of(got, "M")[0]]
	if len(m.Items) != 2 || m.Items[1].Status != draw.Succeeded || m.Items[1].Index != 1 {
		t.Errorf("the items of M are %+v", m.Items)
	}
}

// A history whose beginning is gone is read as far as it goes.
func TestCutHistory(t *testing.T) {
	x := run(t, `{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "End": true}}}`, "", "{}", time.Hour)
	for n := range len(x.History()) {
		for m := range len(x.History()) - n {
			trace.Read(x.History()[n : n+m])
		}
	}
	var states []string
	for _, v := range trace.Read(x.History()[2:]).Visits {
		states = append(states, v.State)
	}
	if got := strings.Join(states, " "); got != "B C" {
		t.Errorf("visits %q, want B C", got)
	}
}

// of lists the visits of a state, as indexes of Visits.
func of(t *trace.Trace, state string) (list []int) {
	for i, v := range t.Visits {
		if v.State == state {
			list = append(list, i)
		}
	}
	return list
}
