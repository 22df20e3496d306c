package asl_test

import (
	"testing"

	"airline/asl"
)

// Intrinsic functions are spelled as JSONPath has them, with their arguments in order.
func TestIntrinsicFunctions(t *testing.T) {
	d, err := asl.Machine(asl.Pass("P").Parameters(asl.Object{
		"split": asl.StringSplit(asl.At(func(in *struct{ Text string }) *string { return &in.Text }), asl.Text(", ")),
		"sum":   asl.MathAdd(asl.Int(1), asl.At(func(in *struct{ N int }) *int { return &in.N })),
	}).End())
	if err != nil {
		t.Fatal(err)
	}
	parameters, ok := d.States[0].Parameters.Value().(interface {
		Get(string) (any, bool)
	})
	if !ok {
		t.Fatalf("got %v", d.States[0].Parameters.Value())
	}
	for name, want := range map[string]string{"split.$": "States.StringSplit($.Text, ', ')", "sum.$": "States.MathAdd(1, $.N)"} {
		if got, _ := parameters.Get(name); got != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}
}
