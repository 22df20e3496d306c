package sim_test

import (
	"context"
	"fmt"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

// A definition runs without waiting: a day passes at once.
func Example() {
	definition, err := ast.Parse([]byte(`{
		"StartAt": "Sleep",
		"States": {
			"Sleep": {"Type": "Wait", "Seconds": 86400, "Next": "Greet"},
			"Greet": {"Type": "Pass", "Parameters": {"text.$": "States.Format('Good morning, {}', $.name)"}, "End": true}}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	machine, err := sim.Compile(definition)
	if err != nil {
		fmt.Println(err)
		return
	}
	clock := sim.NewClock(time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC))
	input, _ := jsonvalue.Decode([]byte(`{"name": "Ada"}`))
	x := machine.Start(clock, input, sim.Options{})
	clock.Run(context.Background())
	fmt.Println(x.Status(), jsonvalue.String(x.Output()), x.Elapsed())
	// Output: SUCCEEDED {"text":"Good morning, Ada"} 24h0m0s
}

// A TaskHandler stands for the services. It may answer later, on the clock.
func ExampleTaskHandler() {
	definition, _ := ast.Parse([]byte(`{
		"StartAt": "Run",
		"States": {"Run": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "load"}, "TimeoutSeconds": 3600, "End": true,
			"Retry": [{"ErrorEquals": ["Glue.ConcurrentRunsExceededException"], "IntervalSeconds": 30}]}}}`))
	machine, _ := sim.Compile(definition)
	clock := sim.NewClock(time.Time{})
	services := sim.TaskFunc(func(t *sim.Task) {
		if t.Attempt == 0 {
			t.Fail("Glue.ConcurrentRunsExceededException", "busy")
			return
		}
		t.Submitted(map[string]any{"JobRunId": "jr_1"})
		clock.After(40*time.Minute, func() { t.Succeed(map[string]any{"JobRunState": "SUCCEEDED"}) })
	})
	x := machine.Start(clock, nil, sim.Options{Tasks: services, History: true})
	clock.Run(context.Background())
	fmt.Println(x.Status(), jsonvalue.String(x.Output()), x.Elapsed())
	for _, e := range x.History() {
		fmt.Println(e.ID, e.PreviousID, e.Type)
	}
	// Output:
	// SUCCEEDED {"JobRunState":"SUCCEEDED"} 40m30s
	// 1 0 ExecutionStarted
	// 2 0 TaskStateEntered
	// 3 2 TaskScheduled
	// 4 3 TaskStarted
	// 5 4 TaskFailed
	// 6 5 TaskScheduled
	// 7 6 TaskStarted
	// 8 7 TaskSubmitted
	// 9 8 TaskSucceeded
	// 10 9 TaskStateExited
	// 11 10 ExecutionSucceeded
}
