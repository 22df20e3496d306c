package ast_test

import (
	"testing"

	"airline/asl/ast"
)

// A loop is bounded by a count, or by the time now; not by times that stand still.
func TestLoopsAreBounded(t *testing.T) {
	for condition, want := range map[string]bool{
		`{"Variable":"$.n","NumericGreaterThan":3,"Next":"Done"}`:                                            true,
		`{"Variable":"$$.State.EnteredTime","TimestampGreaterThanPath":"$deadline","Next":"Done"}`:           true,
		`{"Variable":"$deadline","TimestampLessThanPath":"$$.State.EnteredTime","Next":"Done"}`:              true,
		`{"Variable":"$.begun","TimestampGreaterThanPath":"$$.Execution.StartTime","Next":"Done"}`:           false,
		`{"Variable":"$.begun","TimestampGreaterThanPath":"$.changed","Next":"Done"}`:                        false,
		`{"And":[{"Variable":"$.s","StringEquals":"x"},{"Variable":"$.n","NumericEquals":3}],"Next":"Done"}`: true,
		`{"Not":{"Variable":"$.begun","TimestampEqualsPath":"$$.Execution.StartTime"},"Next":"Done"}`:        false,
		`{"Variable":"$.s","StringEquals":"READY","Next":"Done"}`:                                            false,
	} {
		d, err := ast.Parse([]byte(`{"StartAt":"Look","States":{"Look":{"Type":"Pass","Next":"Check"},"Check":{"Type":"Choice","Choices":[` + condition + `],"Default":"Look"},"Done":{"Type":"Succeed"}}}`))
		if err != nil {
			t.Fatal(err)
		}
		loops := d.Loops()
		if len(loops) != 1 || loops[0].Bounded != want {
			t.Errorf("%s: got %+v, want one loop, bounded: %v", condition, loops, want)
		}
	}
}
