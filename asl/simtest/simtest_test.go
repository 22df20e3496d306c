package simtest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/glue"
	"airline/asl/grants"
	"airline/asl/sim"
	"airline/asl/simtest"
)

// recorder is a TB that keeps what is reported.
type recorder struct{ reports []string }

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.reports = append(r.reports, fmt.Sprintf(format, args...))
}
func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

func (r *recorder) all() string { return strings.Join(r.reports, "\n") }

// jobMachine runs a job, tries again when it is busy, and fails when it fails.
func jobMachine(tb testing.TB) (*ast.Definition, asl.Task[glue.StartJobRun, glue.JobRun]) {
	tb.Helper()
	job := glue.StartJobRun{JobName: asl.Text("load")}.Sync("RunJob").Timeout(time.Hour).
		Retry(asl.Retrier{Interval: 10 * time.Second, MaxAttempts: 2, BackoffRate: 2}, glue.ConcurrentRuns)
	d, err := asl.Machine(job.CatchAll(asl.Fail("Failed", asl.FailSpec{Error: asl.Text("JobFailed")})).Then(asl.Succeed("Done")))
	if err != nil {
		tb.Fatal(err)
	}
	return d, job
}

func TestKit(t *testing.T) {
	d, job := jobMachine(t)
	var coverage sim.Coverage
	happy := simtest.Test{Definition: d, Coverage: &coverage, Mocks: []simtest.Mocked{
		simtest.On(job).Return(glue.JobRun{JobName: "load", JobRunState: glue.JobSucceeded}).Takes(40*time.Minute).
			Attempt(0).Fail(glue.ConcurrentRuns, "busy"),
	}}.Run(t)
	happy.Succeeded().Route("RunJob", "Done").Took(40*time.Minute+10*time.Second).Transitions(3).Visited("RunJob", 1).
		Sent("RunJob", 1, map[string]any{"JobName": "load"})
	if got := happy.CallsOf("RunJob"); len(got) != 2 || got[1].Attempt != 1 || got[1].Visit != 0 || got[1].At != 10*time.Second {
		t.Errorf("calls: %+v", got)
	}
	if missing := coverage.Missing(); strings.Join(missing, " ") != "/States/Failed /States/RunJob/Catch/0" {
		t.Errorf("missing: %v", missing)
	}
	simtest.Test{Definition: d, Coverage: &coverage, Mocks: []simtest.Mocked{simtest.On(job).Expire()}}.Run(t).
		Failed("JobFailed").Route("RunJob", "Failed").Took(time.Hour)
	if missing := coverage.Missing(); len(missing) != 0 || coverage.Share() != 1 {
		t.Errorf("missing: %v, share %v\n%s", missing, coverage.Share(), &coverage)
	}
}

func TestKitReports(t *testing.T) {
	d, job := jobMachine(t)
	var r recorder
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{simtest.On(job).Fail("Glue.EntityNotFoundException", "no such job")}}.Run(&r)
	run.Succeeded().Route("RunJob", "Done").Took(time.Minute).Sent("RunJob", 3, nil).Output(1)
	for _, want := range []string{"status: got FAILED, want SUCCEEDED", "route: got RunJob > Failed", "elapsed: got 0s, want 1m0s",
		`state "RunJob": 1 calls, want at least 4`, "TaskFailed: Glue.EntityNotFoundException: no such job", "route (FAILED after 0s, 2 transitions):"} {
		if !strings.Contains(r.all(), want) {
			t.Errorf("the reports do not say %q:\n%s", want, r.all())
		}
	}
	r = recorder{}
	simtest.Test{Definition: d}.Run(&r)
	if !strings.Contains(r.all(), `add simtest.On(<the task>).Return(...) to Mocks, or simtest.OnState("RunJob")`) {
		t.Errorf("an unmocked task is reported as:\n%s", r.all())
	}
}

func TestScripts(t *testing.T) {
	machine, err := ast.Parse([]byte(`{"StartAt": "Get", "States": {"Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Name": "c"}, "Next": "Done?"},
		"Done?": {"Type": "Choice", "Choices": [{"Variable": "$.Crawler.State", "StringEquals": "READY", "Next": "Yes"}], "Default": "Wait"},
		"Wait": {"Type": "Wait", "Seconds": 30, "Next": "Get"}, "Yes": {"Type": "Succeed"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	state := func(s string) any { return map[string]any{"Crawler": map[string]any{"State": s}} }
	simtest.Test{Definition: machine, Mocks: []simtest.Mocked{simtest.OnState("Get").Script(state("RUNNING"), state("STOPPING"), state("READY"))}}.Run(t).
		Succeeded().Visited("Get", 3).Took(time.Minute)
	simtest.Test{Definition: machine, Mocks: []simtest.Mocked{simtest.OnState("Get").Return(state("RUNNING")).Visit(9).Return(state("READY"))}}.Run(t).
		Succeeded().Visited("Get", 10).TookBetween(4*time.Minute, 5*time.Minute)
}

func TestPolicyProof(t *testing.T) {
	d, job := jobMachine(t)
	scope := grants.Scope{Partition: "aws", Region: "eu-central-1", Account: "111122223333", StateMachine: "m"}
	policy, err := grants.Of(d, scope)
	if err != nil {
		t.Fatal(err)
	}
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{simtest.On(job).Return(glue.JobRun{})}}.Run(t)
	simtest.PolicyProof{Policy: policy, Scope: scope}.Check(t, run)

	var r recorder
	small := []ast.Grant{{Actions: policy[0].Actions[1:], Resources: policy[0].Resources}}
	simtest.PolicyProof{Policy: small, Scope: scope}.Check(&r, run)
	if len(r.reports) != 1 || !strings.HasPrefix(r.reports[0], "too small: state \"RunJob\"") {
		t.Errorf("one action less: %q", r.reports)
	}
	r = recorder{}
	large := append(policy, ast.Grant{Actions: []string{"glue:StopCrawler", "kms:Decrypt"}, Resources: []string{"*"}})
	simtest.PolicyProof{Policy: large, Scope: scope, Beyond: []string{"kms:*"}}.Check(&r, run)
	if len(r.reports) != 1 || !strings.HasPrefix(r.reports[0], "too large: the policy allows glue:StopCrawler") {
		t.Errorf("one action more: %q", r.reports)
	}
}
