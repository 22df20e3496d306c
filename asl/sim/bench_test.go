package sim_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// flow is the crawler-wait-job-notify machine that speed is measured on, with
// its mocks, in the directory of the conformance data.
func flow(tb testing.TB) (*sim.Machine, sim.Mocks, any) {
	dir := conformance(tb)
	data, err := os.ReadFile(dir + "/flow.json")
	if err != nil {
		tb.Skip(err)
	}
	definition, err := asl.Parse(data)
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

func conformance(tb testing.TB) string {
	dir := os.Getenv("ASL_CONFORMANCE")
	if dir == "" {
		dir = "../../../shared/conformance"
	}
	if _, err := os.Stat(dir); err != nil {
		tb.Skip("no conformance data: ", err)
	}
	return dir
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
