package asl_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/draw"
	"airline/asl/glue"
	"airline/asl/simtest"
	"airline/asl/sns"
)

// comparison is the machine of docs/dsl.md, there in Go, in JSON and in the
// CDK's style.
func comparison() (*ast.Definition, error) {
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
		Retry(asl.Retrier{Interval: 30 * time.Second, MaxAttempts: 10, BackoffRate: 1, Jitter: true}, glue.ConcurrentRuns).
		CatchAll(tell)

	state := asl.At(func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState })
	check := asl.Choice("Succeeded").When(asl.Ne(state, glue.JobSucceeded), tell)

	return asl.Settings{Timeout: 2 * time.Hour}.Machine(asl.Chain(run, check).Then(asl.Succeed("Done")))
}

// The page, and the README, show what this file builds.
func TestComparisonPage(t *testing.T) {
	page, err := os.ReadFile("../docs/dsl.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("comparison_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sdk/example_test.go", "example_objects_test.go"} {
		more, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, more...)
	}
	readme, err := os.ReadFile("../README.md")
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
	if got, want := blocks(t, string(page), "json")[0], strings.TrimSpace(string(text)); got != want {
		t.Errorf("the JSON of the page is not what the machine prints:\n%s", want)
	}
	code := append(blocks(t, string(page), "go"), blocks(t, string(readme), "go")...)
	for _, line := range strings.Split(strings.Join(code, "\n"), "\n") {
		if !strings.Contains(string(source), strings.TrimSpace(line)) {
			t.Errorf("the Go of the page, or of README.md, has a line that no tested file has: %s", line)
		}
	}
}

// The diagnostics of the page are those of its JSON with the changes that it
// names.
func TestComparisonDiagnostics(t *testing.T) {
	page, err := os.ReadFile("../docs/dsl.md")
	if err != nil {
		t.Fatal(err)
	}
	text := blocks(t, string(page), "json")[0]
	for _, change := range [][2]string{
		{`"Default": "Done"`, `"Default": "Dona"`}, {`"MaxAttempts": 10`, `"MaxAttempts": 1000`}, {`"input.$": "$"`, `"job.$": "$.job"`},
	} {
		if !strings.Contains(text, change[0]) {
			t.Fatalf("the JSON of the page lacks %s", change[0])
		}
		text = strings.Replace(text, change[0], change[1], 1)
	}
	d, err := ast.ParseString(text)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Validate().Error(), blocks(t, string(page), "text")[0]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

var update = flag.Bool("update", false, "draw docs/dsl.svg anew")

// The picture of the page is that of the machine.
func TestComparisonPicture(t *testing.T) {
	d, err := comparison()
	if err != nil {
		t.Fatal(err)
	}
	picture := draw.SVG(d, draw.Options{})
	if *update {
		if err := os.WriteFile("../docs/dsl.svg", picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	drawn, err := os.ReadFile("../docs/dsl.svg")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(drawn, picture) {
		t.Error("docs/dsl.svg is not the picture of the machine any more; draw it with go test ./asl -run Comparison -update")
	}
}

// crawled is the loop of the page.
func crawled() asl.Step {
	ready := asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State })
	crawled := asl.Poll(glue.GetCrawler{Name: asl.Text("flights")}.Task("GetCrawler"), asl.PollSpec{
		Every: 30 * time.Second, Within: 2 * time.Hour,
		Until:   asl.Eq(ready, glue.Ready),
		Expired: asl.Fail("TookTooLong", asl.FailSpec{Error: asl.Text("CrawlTookTooLong")}),
	})
	return crawled
}

func TestComparisonLoop(t *testing.T) {
	if _, err := asl.Machine(asl.Chain(crawled()).End()); err != nil {
		t.Error(err)
	}
}

// A job whose runs are all taken once: the test of the page.
func TestComparisonTest(t *testing.T) {
	run := glue.StartJobRun{JobName: asl.Text("flights")}.Sync("RunJob").
		Retry(asl.Retrier{Interval: 30 * time.Second, MaxAttempts: 10, BackoffRate: 1}, glue.ConcurrentRuns)
	d, err := asl.Settings{Timeout: 2 * time.Hour}.Machine(run.End())
	if err != nil {
		t.Fatal(err)
	}
	x := simtest.Test{Definition: d, Mocks: []simtest.Mocked{
		simtest.On(run).Return(glue.JobRun{JobRunState: glue.JobSucceeded}).Takes(40*time.Minute).
			Attempt(0).Fail(glue.ConcurrentRuns, "all runs are taken"),
	}}.Run(t)
	x.Succeeded()
	x.Route("RunJob")
	x.Took(40*time.Minute + 30*time.Second)
}

// blocks are the fenced blocks of a language on a page.
func blocks(t *testing.T, page, language string) (found []string) {
	t.Helper()
	for {
		_, rest, ok := strings.Cut(page, "```"+language+"\n")
		if !ok {
			break
		}
		text, after, _ := strings.Cut(rest, "\n```")
		found, page = append(found, text), after
	}
	if len(found) == 0 {
		t.Fatalf("the page has no block of %s", language)
	}
	return found
}
