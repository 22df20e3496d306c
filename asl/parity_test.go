package asl_test

import (
	"reflect"
	"slices"
	"testing"

	"airline/asl"
)

// TestParity: a builder in JSONata has every method of its twin in JSONPath but
// those of JSONPath's own data flow, and the twin every method of it but those of
// JSONata's.
func TestParity(t *testing.T) {
	pathOnly := []string{"InputPath", "OutputPath", "ResultPath", "ResultSelector", "Parameters", "Result", "JSONata"}
	jsonataOnly := []string{"Output", "Arguments", "WhenOutput"}
	for _, twins := range [][2]reflect.Type{
		{reflect.TypeFor[asl.PassState](), reflect.TypeFor[asl.JSONataPass]()},
		{reflect.TypeFor[asl.WaitState](), reflect.TypeFor[asl.JSONataWait]()},
		{reflect.TypeFor[asl.ChoiceState](), reflect.TypeFor[asl.JSONataChoice]()},
		{reflect.TypeFor[asl.ParallelState](), reflect.TypeFor[asl.JSONataParallel]()},
		{reflect.TypeFor[asl.MapState](), reflect.TypeFor[asl.JSONataMap]()},
		{reflect.TypeFor[asl.Task[int, int]](), reflect.TypeFor[asl.JSONataTask[int, int]]()},
	} {
		compare := func(has, lacks reflect.Type, own []string) {
			for i := range has.NumMethod() {
				name := has.Method(i).Name
				if _, ok := lacks.MethodByName(name); !ok && !slices.Contains(own, name) {
					t.Errorf("%v has no %s, which %v has", lacks, name, has)
				}
			}
		}
		compare(twins[0], twins[1], pathOnly)
		compare(twins[1], twins[0], jsonataOnly)
		if twins[0].NumMethod() < 5 {
			t.Errorf("%v has %d methods only", twins[0], twins[0].NumMethod())
		}
	}
}
