package asl_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/grants"
	"airline/asl/lambda"
)

// cpu reports, beside allocations, the processor's time for an operation, which
// says more than ns/op where others use the processor too. It includes the
// garbage collector's.
func cpu(b *testing.B) (report func()) {
	b.ReportAllocs()
	start := processor(b)
	return func() { b.ReportMetric(float64(processor(b)-start)/float64(b.N), "cpu-ns/op") }
}

func processor(b *testing.B) int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}

// BenchmarkBuild builds, checks and prints the ingest machine of the example.
func BenchmarkBuild(b *testing.B) {
	defer cpu(b)()
	for b.Loop() {
		d, err := ingest("flights", "load", "staging", "arn:aws:sns:eu-central-1:111122223333:loads", "airline")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.JSON(); err != nil {
			b.Fatal(err)
		}
	}
}

// large is a machine of n states: tasks with retries, catchers and choices.
func large(n int) (*ast.Definition, error) {
	failed := asl.Fail("Failed", asl.FailSpec{Error: asl.Text("E")})
	var steps []asl.Step
	for i := range n / 2 {
		steps = append(steps,
			lambda.Invoke[any](lambda.Call{
				FunctionName: asl.Text("f"),
				Payload:      asl.Object{"x": asl.Member[string](asl.Input[any](), "x"), "n": i},
			}, fmt.Sprintf("Call%d", i)).
				ResultPath(asl.Member[any](asl.Input[any](), "r")).
				Retry(asl.Retrier{Interval: time.Second, MaxAttempts: 2}, lambda.Transient()...),
			asl.Choice(fmt.Sprintf("Check%d", i)).
				When(asl.IsNull(asl.Member[any](asl.Input[any](), "r")), failed))
	}
	return asl.Machine(asl.Chain(steps[0], steps[1:]...).CatchAll(failed).Then(asl.Succeed("Done")))
}

// BenchmarkValidate checks a definition of 60 states.
func BenchmarkValidate(b *testing.B) {
	d, err := large(60)
	if err != nil {
		b.Fatal(err)
	}
	defer cpu(b)()
	for b.Loop() {
		if ds := d.Validate(); ds.HasErrors() {
			b.Fatal(ds)
		}
	}
}

// BenchmarkParse reads a definition of 60 states.
func BenchmarkParse(b *testing.B) {
	d, err := large(60)
	if err != nil {
		b.Fatal(err)
	}
	text, err := d.JSON()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	defer cpu(b)()
	for b.Loop() {
		if _, err := ast.Parse(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGrants derives the permissions of a definition of 60 states.
func BenchmarkGrants(b *testing.B) {
	d, err := large(60)
	if err != nil {
		b.Fatal(err)
	}
	defer cpu(b)()
	for b.Loop() {
		if _, err := grants.Of(d, grants.Scope{Region: "eu-central-1", Account: "111122223333", StateMachine: "ingest"}); err != nil {
			b.Fatal(err)
		}
	}
}
