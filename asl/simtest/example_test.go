package simtest_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/glue"
	"airline/asl/grants"
	"airline/asl/sim"
	"airline/asl/simtest"
)

// printer stands for the *testing.T of a test.
type printer struct{}

func (printer) Helper()                           {}
func (printer) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (printer) Fatalf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

var t printer

// A machine that runs a job, tries again while the job is busy, and tells when it has failed.
func loading() (*ast.Definition, asl.Task[glue.StartJobRun, glue.JobRun]) {
	runJob := glue.StartJobRun{JobName: asl.Text("load")}.Sync("RunJob").Timeout(time.Hour).
		Retry(asl.Retrier{Interval: 10 * time.Second, MaxAttempts: 2, BackoffRate: 2}, glue.ConcurrentRuns)
	d, err := asl.Machine(runJob.CatchAll(asl.Fail("Failed", asl.FailSpec{Error: asl.Text("JobFailed")})).Then(asl.Succeed("Done")))
	if err != nil {
		panic(err)
	}
	return d, runJob
}

// Mocks are bound to tasks and have the types of their answers and errors: by visit of the state, by attempt
// within a visit, and with the time that the work takes.
func ExampleOn() {
	d, runJob := loading()
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{
		simtest.On(runJob).Return(glue.JobRun{JobRunState: glue.JobSucceeded}).Takes(40*time.Minute).
			Attempt(0).Fail(glue.ConcurrentRuns, "busy"),
	}}.Run(t)
	run.Succeeded().Route("RunJob", "Done").Took(40*time.Minute+10*time.Second).Transitions(3).
		Sent("RunJob", 0, map[string]any{"JobName": "load"})
	fmt.Print(run.Text())
	// Output:
	// route (SUCCEEDED after 40m10s, 3 transitions):
	//           0s  RunJob
	//           0s    TaskFailed: Glue.ConcurrentRunsExceededException: busy
	//       40m10s  Done
}

// A failed assertion shows what was wanted and the route that was taken.
func ExampleRun_Route() {
	d, runJob := loading()
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{simtest.On(runJob).Expire()}}.Run(t)
	run.Route("RunJob", "Done")
	// Output:
	// route: got RunJob > Failed
	// want RunJob > Done
	// route (FAILED after 1h0m0s, 2 transitions):
	//           0s  RunJob
	//       1h0m0s    TaskTimedOut: States.Timeout
	//       1h0m0s  Failed
	//       1h0m0s  ExecutionFailed: JobFailed
}

// A script answers visit after visit of a state, and repeats its last answer.
func ExampleMock_Script() {
	d, err := ast.Parse([]byte(`{"StartAt": "Get", "States": {
		"Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Name": "c"}, "Next": "Ready?"},
		"Ready?": {"Type": "Choice", "Choices": [{"Variable": "$.State", "StringEquals": "READY", "Next": "Done"}], "Default": "Wait"},
		"Wait": {"Type": "Wait", "Seconds": 30, "Next": "Get"},
		"Done": {"Type": "Succeed"}}}`))
	if err != nil {
		panic(err)
	}
	state := func(name string) any { return map[string]any{"State": name} }
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{
		simtest.OnState("Get").Script(state("RUNNING"), state("RUNNING"), state("READY"))}}.Run(t)
	run.Succeeded().Visited("Get", 3)
	fmt.Println(run.Execution.Elapsed())
	// Output: 1m0s
}

// A task that no mock answers is an error, which says how to answer it.
func ExampleTest_unmocked() {
	d, _ := loading()
	simtest.Test{Definition: d}.Run(t)
	// Output:
	// state "RunJob" calls arn:aws:states:::glue:startJobRun.sync, visit 0, attempt 0, and no mock answers: add simtest.On(<the task>).Return(...) to Mocks, or simtest.OnState("RunJob")
	// route (FAILED after 0s, 1 transitions):
	//           0s  RunJob
	//           0s    TaskFailed: Unmocked: state "RunJob" calls arn:aws:states:::glue:startJobRun.sync, visit 0, attempt 0, and no mock answers: add simtest.On(<the task>).Return(...) to Mocks, or simtest.OnState("RunJob")
	//           0s  ExecutionFailed: Unmocked: state "RunJob" calls arn:aws:states:::glue:startJobRun.sync, visit 0, attempt 0, and no mock answers: add simtest.On(<the task>).Return(...) to Mocks, or simtest.OnState("RunJob")
}

// A Coverage shared by the tests of a machine tells what none of them has reached.
func ExampleCoverage() {
	d, runJob := loading()
	var coverage sim.Coverage
	simtest.Test{Definition: d, Coverage: &coverage, Mocks: []simtest.Mocked{simtest.On(runJob).Return(glue.JobRun{})}}.Run(t)
	fmt.Println(coverage.Missing())
	// Output: [/States/Failed /States/RunJob/Catch/0 /States/RunJob/Retry/0]
}

// The calls of the tests prove that the derived policy is neither too small nor too large.
func ExamplePolicyProof() {
	d, runJob := loading()
	scope := grants.Scope{Partition: "aws", Region: "eu-west-1", Account: "111122223333", StateMachine: "loading"}
	policy, err := grants.Of(d, scope)
	if err != nil {
		panic(err)
	}
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{simtest.On(runJob).Return(glue.JobRun{})}}.Run(t)
	simtest.PolicyProof{Policy: policy, Scope: scope}.Check(t, run) // says nothing: it fits
	policy = append(policy, ast.Grant{Actions: []string{"glue:DeleteJob"}, Resources: []string{"*"}})
	simtest.PolicyProof{Policy: policy, Scope: scope}.Check(t, run)
	// Output: too large: the policy allows glue:DeleteJob on *, which no call of the tests has needed
}
