package asl_test

import (
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
)

// printed is the JSON of a machine of one step.
func printed(t *testing.T, w asl.Wired) string {
	t.Helper()
	d, err := asl.Settings{QueryLanguage: ast.JSONPath}.Machine(w)
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), " ")
}

// TestFunctions: every intrinsic function is written as the States Language has it.
func TestFunctions(t *testing.T) {
	list := asl.Member[[]int](asl.Input[any](), "list")
	text := asl.Member[string](asl.Input[any](), "text")
	number := asl.Member[int](asl.Input[any](), "n")
	object := asl.Member[map[string]any](asl.Input[any](), "o")
	for want, value := range map[string]any{
		`"v.$": "States.ArrayPartition($.list, 4)"`:  asl.ArrayPartition(list, asl.Int(4)),
		`"v.$": "States.ArrayContains($.list, $.n)"`: asl.ArrayContains(list, number),
		`"v.$": "States.ArrayRange(1, 9, $.n)"`:      asl.ArrayRange(asl.Int(1), asl.Int(9), number),
		`"v.$": "States.ArrayLength($.list)"`:        asl.ArrayLength(list),
		`"v.$": "States.ArrayUnique($.list)"`:        asl.ArrayUnique(list),
		`"v.$": "States.Base64Encode($.text)"`:       asl.Base64Encode(text),
		`"v.$": "States.Base64Decode($.text)"`:       asl.Base64Decode(text),
		`"v.$": "States.JsonMerge($.o, $.o, false)"`: asl.JSONMerge[map[string]any](object, object),
		`"v.$": "States.MathRandom(1, $.n)"`:         asl.MathRandom(asl.Int(1), number),
		`"v.$": "States.MathRandom(1, 9, $.n)"`:      asl.MathRandomSeeded(asl.Int(1), asl.Int(9), number),
		`"v": true`:                                  asl.Bool(true),
		`"v": "2024-05-01T12:00:00Z"`:                asl.Time(time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)),
		`"v": [ 1, 2 ]`:                              asl.JSON([]int{1, 2}),
	} {
		if got := printed(t, asl.Pass("P").Parameters(asl.Object{"v": value}).End()); !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// TestConditions: every condition is written with its operator.
func TestConditions(t *testing.T) {
	n, m := asl.Member[int](asl.Input[any](), "n"), asl.Member[int](asl.Input[any](), "m")
	s := asl.Member[string](asl.Input[any](), "s")
	done := asl.Succeed("Done")
	for want, rule := range map[string]asl.Rule{
		`"Variable": "$.n", "NumericLessThanEquals": 3`:            asl.Le(n, 3),
		`"Variable": "$.s", "StringLessThan": "b"`:                 asl.TextLess(s, "b"),
		`"Variable": "$.s", "StringLessThanEquals": "b"`:           asl.TextAtMost(s, "b"),
		`"Variable": "$.s", "StringGreaterThan": "b"`:              asl.TextGreater(s, "b"),
		`"Variable": "$.s", "StringGreaterThanEquals": "b"`:        asl.TextAtLeast(s, "b"),
		`"Variable": "$.n", "NumericEqualsPath": "$.m"`:            asl.EqRef(n, m),
		`"Variable": "$.n", "NumericLessThanPath": "$.m"`:          asl.LtRef(n, m),
		`"Variable": "$.n", "NumericLessThanEqualsPath": "$.m"`:    asl.LeRef(n, m),
		`"Variable": "$.n", "NumericGreaterThanEqualsPath": "$.m"`: asl.GeRef(n, m),
		`"Variable": "$.n", "IsPresent": false`:                    asl.IsAbsent(n),
		`"Variable": "$.n", "IsString": true`:                      asl.IsString(n),
		`"Variable": "$.n", "IsNumeric": true`:                     asl.IsNumeric(n),
		`"Variable": "$.n", "IsBoolean": true`:                     asl.IsBoolean(n),
		`"Variable": "$.n", "IsTimestamp": true`:                   asl.IsTimestamp(n),
		`"Variable": "$.s", "StringMatches": "a*"`:                 asl.Compare(s, "StringMatches", "a*"),
	} {
		if got := printed(t, asl.Choice("C").When(rule, done).Otherwise(done)); !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// TestWaits: what a Wait waits for may stand in the data.
func TestWaits(t *testing.T) {
	n, at := asl.Member[int](asl.Input[any](), "n"), asl.Member[time.Time](asl.Input[any](), "at")
	for want, w := range map[string]asl.WaitState{
		`"SecondsPath": "$.n"`:    asl.WaitSeconds("W", n),
		`"TimestampPath": "$.at"`: asl.WaitUntil("W", at),
	} {
		if got := printed(t, w.End()); !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}
