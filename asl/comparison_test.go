package asl_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/glue"
	"airline/asl/sns"
)

// comparison is the machine of docs/dsl.md, there in Go, in JSON and in the
// CDK's style.
func comparison() (*asl.Definition, error) {
	type Input struct {
		Job string `json:"job"`
	}
	const topic = "arn:aws:sns:eu-west-1:111122223333:etl"

	failed := asl.Fail("Failed", asl.FailSpec{Error: asl.Text("EtlFailed")})
	tell := sns.Publish{
		TopicARN: asl.Text(topic),
		Message:  asl.Object{"state": asl.Context.State.Name, "input": asl.Input[any]()},
	}.Task("TellFailure").Then(failed)

	run := glue.StartJobRun{JobName: asl.At(func(in *Input) *string { return &in.Job })}.Sync("RunJob").
		Timeout(time.Hour).
		Retry(asl.Backoff{Interval: 30 * time.Second, MaxAttempts: 10, Rate: 1, Jitter: true}, glue.ConcurrentRuns).
		CatchAll(tell)

	state := asl.At(func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState })
	check := asl.Choice("Succeeded").When(asl.Ne(state, glue.JobSucceeded), tell)

	return asl.Machine(asl.Chain(run, check).Then(asl.Succeed("Done")), asl.Settings{Timeout: 2 * time.Hour})
}

// The page shows what this file builds.
func TestComparisonPage(t *testing.T) {
	page, err := os.ReadFile("../docs/dsl.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("comparison_test.go")
	if err != nil {
		t.Fatal(err)
	}
	d, err := comparison()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range d.Validate() {
		t.Error(problem)
	}
	text, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := block(t, string(page), "json"), strings.TrimSpace(string(text)); got != want {
		t.Errorf("the JSON of the page is not what the machine prints:\n%s", want)
	}
	shown := block(t, string(page), "go")
	for _, line := range strings.Split(shown, "\n") {
		if !strings.Contains(string(source), strings.TrimSpace(line)) {
			t.Errorf("the Go of the page has a line that this file has not: %s", line)
		}
	}
}

// block is the first fenced block of a language on a page.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page, "```"+language+"\n")
	if !ok {
		t.Fatalf("the page has no block of %s", language)
	}
	text, _, _ := strings.Cut(rest, "\n```")
	return text
}
