package sim_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"airline/asl/ast"
	"airline/asl/internal/conformance"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// flow is the crawler-wait-job-notify machine that speed is measured on, with
// its mocks, in the directory of the conformance data.
func flow(tb testing.TB) (*sim.Machine, sim.Mocks, any) {
	dir := conformance.Dir(tb)
	data, err := os.ReadFile(dir + "/flow.json")
	if err != nil {
		tb.Skip(err)
	}
	definition, err := ast.Parse(data)
	if err != nil {
		tb.Fatal(err)
	}
	machine, err := sim.Compile(definition)
	if err != nil {
		tb.Fatal(err)
	}
	if data, err = os.ReadFile(dir + "/flow-mocks.json"); err != nil {
		tb.Fatal(err)
	}
	mocks, err := sim.ParseMocks(data, "", "")
	if err != nil {
		tb.Fatal(err)
	}
	return machine, mocks, decode(tb, `{"crawler": "c", "job": "j", "topic": "t"}`)
}

func decode(tb testing.TB, text string) any {
	tb.Helper()
	value, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func BenchmarkFlow(b *testing.B) {
	machine, mocks, input := flow(b)
	for _, history := range []bool{false, true} {
		b.Run(fmt.Sprintf("history=%t", history), func(b *testing.B) {
			b.ReportAllocs()
			states := 0
			for b.Loop() {
				clock := sim.NewClock(epoch)
				x := machine.Start(clock, input, sim.Options{Tasks: mocks.Player(), History: history})
				clock.Run(context.Background())
				if x.Status() != sim.Succeeded {
					b.Fatal(x.Error(), x.Cause())
				}
				states += x.Transitions()
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
			b.ReportMetric(float64(states)/b.Elapsed().Seconds(), "states/s")
		})
	}
}

// The cost of a state must not grow with the number of states, executions or
// Map items: compare ns/state over 10, 1,000 and 100,000.
func BenchmarkStates(b *testing.B) {
	for _, n := range []int{10, 1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var definition strings.Builder
			definition.WriteString(`{"StartAt": "S0", "States": {`)
			for i := range n {
				fmt.Fprintf(&definition, `"S%d": {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "Next": "S%d"},`, i, i+1)
			}
			fmt.Fprintf(&definition, `"S%d": {"Type": "Succeed"}}}`, n)
			machine := compile(b, definition.String())
			input := decode(b, `{"n": 1}`)
			perState(b, n, func() {
				run(b, machine, input, sim.Options{EventLimit: -1})
			})
		})
	}
}

func BenchmarkMapItems(b *testing.B) {
	for _, mode := range []string{"INLINE", "DISTRIBUTED"} {
		for _, n := range []int{10, 1_000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", mode, n), func(b *testing.B) {
				machine := compile(b, `{"StartAt": "M", "States": {"M": {"Type": "Map", "MaxConcurrency": 10, "ItemProcessor": {"ProcessorConfig": {"Mode": "`+mode+`", "ExecutionType": "STANDARD"},
					"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"n.$": "$.n"}, "End": true}}}, "End": true}}}`)
				items := make([]any, n)
				for i := range items {
					items[i] = decode(b, `{"n": 1}`)
				}
				perState(b, n, func() {
					run(b, machine, items, sim.Options{EventLimit: -1, PayloadLimit: -1})
				})
			})
		}
	}
}

// Executions side by side on one clock, each waiting for its turn.
func BenchmarkExecutions(b *testing.B) {
	machine := compile(b, `{"StartAt": "W", "States": {"W": {"Type": "Wait", "SecondsPath": "$.s", "Next": "P"}, "P": {"Type": "Pass", "End": true}}}`)
	for _, n := range []int{10, 1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			inputs := make([]any, 100)
			for i := range inputs {
				inputs[i] = decode(b, fmt.Sprintf(`{"s": %d}`, 1+i*37%100))
			}
			perState(b, 2*n, func() {
				clock, done := sim.NewClock(epoch), 0
				for i := range n {
					machine.Start(clock, inputs[i%len(inputs)], sim.Options{OnDone: func(*sim.Execution) { done++ }})
				}
				clock.Run(context.Background())
				if done != n {
					b.Fatal(done)
				}
			})
		})
	}
}

func run(b *testing.B, machine *sim.Machine, input any, options sim.Options) {
	clock := sim.NewClock(epoch)
	x := machine.Start(clock, input, options)
	clock.Run(context.Background())
	if x.Status() != sim.Succeeded {
		b.Fatal(x.Error(), x.Cause())
	}
}

// perState reports processor time, the collector's with it, which other work on
// the machine disturbs less than wall time.
func perState(b *testing.B, states int, f func()) {
	b.ReportAllocs()
	runtime.GC()
	start := processorTime()
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64(processorTime()-start)/float64(b.N)/float64(states), "cpu-ns/state")
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
