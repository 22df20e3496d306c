package asl_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/glue"
	"airline/asl/lambda"
	"airline/asl/sns"
)

// Crawl, wait until the crawler is ready, tell.
func Example() {
	ready := asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State })
	tooLong := asl.Fail("TookTooLong", asl.FailSpec{Error: asl.Text("CrawlTookTooLong")})

	crawl := glue.StartCrawler{Name: asl.Text("flights")}.Task("StartCrawler").
		KeepInput().
		Catch(glue.CrawlerRunning, asl.Continue)
	wait := asl.Poll(glue.GetCrawler{Name: asl.Text("flights")}.Task("GetCrawler"), asl.PollSpec{
		Every: 30 * time.Second, Within: time.Hour,
		Until:   asl.Eq(ready, glue.Ready),
		Expired: tooLong,
	})
	tell := sns.Publish{TopicARN: asl.Text("arn:aws:sns:eu-central-1:111122223333:crawls"), Message: asl.Text("crawled")}.Task("Tell")

	d, err := asl.Settings{Timeout: 2 * time.Hour}.Machine(asl.Chain(crawl, wait, tell).End())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range d.States {
		fmt.Println(s.Name, s.Targets())
	}
	// Output:
	// StartCrawler [GetCrawlerBegin GetCrawlerBegin]
	// GetCrawlerBegin [GetCrawlerWait]
	// GetCrawlerWait [GetCrawler]
	// GetCrawler [GetCrawlerCheck]
	// GetCrawlerCheck [Tell TookTooLong GetCrawlerWait]
	// Tell []
	// TookTooLong []
}

// A loop written by hand: a label stands for the state that comes later.
func ExampleLabel() {
	type progress struct {
		Done bool `json:"done"`
	}
	done := asl.At(func(o *lambda.Output[progress]) *bool { return &o.Payload.Done })
	again := asl.NewLabel("again")
	d, err := asl.Machine(asl.Chain(
		again.Mark(lambda.Invoke[progress](lambda.Call{FunctionName: asl.Text("step")}, "Step")),
		asl.Choice("Done?").When(asl.Eq(done, false), again),
	).Then(asl.Succeed("Finished")))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range d.States {
		fmt.Println(s.Name, s.Targets())
	}
	// Output:
	// Step [Done?]
	// Done? [Step Finished]
	// Finished []
}

// A part of a machine is a function that gives a Step; both machines use it.
func ExampleChain() {
	crawl := func(crawler string) asl.Step {
		return asl.Chain(
			glue.StartCrawler{Name: asl.Text(crawler)}.Task("StartCrawler").KeepInput(),
			asl.Wait("Wait", time.Minute))
	}
	failed := asl.Fail("Failed", asl.FailSpec{Cause: asl.Text("the crawl failed")})
	for _, crawler := range []string{"flights", "airports"} {
		d, err := asl.Machine(asl.Chain(crawl(crawler)).CatchAll(failed).Then(asl.Succeed("Done")))
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(d.State("StartCrawler").Parameters, d.State("StartCrawler").Catch[0].Next)
	}
	// Output:
	// {"Name":"flights"} Failed
	// {"Name":"airports"} Failed
}

// Both query languages take the same typed conditions.
func ExampleChoice() {
	type order struct {
		Total float64 `json:"total"`
	}
	total := asl.At(func(o *order) *float64 { return &o.Total })
	large := asl.Gt(total, 1000)
	for _, start := range []asl.Wired{
		asl.Choice("Large?").When(large, asl.Succeed("Ask")).Otherwise(asl.Succeed("Go")),
		asl.Choice("Large?").JSONata().When(large, asl.Succeed("Ask")).Otherwise(asl.Succeed("Go")),
	} {
		d, err := asl.Machine(start)
		if err != nil {
			fmt.Println(err)
			return
		}
		rule := d.State("Large?").Choices[0]
		fmt.Println(rule.Condition, rule.Variable, rule.Operator, rule.Operand)
	}
	// Output:
	//  $.total NumericGreaterThan 1000
	// "{% $states.input.total > 1000 %}"   <nil>
}

// Each item of a list, two at a time.
func ExampleMap() {
	type batch struct {
		Files []string `json:"files"`
	}
	files := asl.At(func(b *batch) *[]string { return &b.Files })
	load := lambda.Invoke[any](lambda.Call{FunctionName: asl.Text("load"), Payload: asl.Object{
		"file": asl.Context.Map.Item.Value,
	}}, "Load")
	d, err := asl.Machine(asl.Map("EachFile", files, load.End()).MaxConcurrency(asl.Int(2)).End())
	if err != nil {
		fmt.Println(err)
		return
	}
	s := d.State("EachFile")
	fmt.Println(s.ItemsPath, s.MaxConcurrency, s.ItemProcessor.StartAt)
	// Output:
	// "$.files" 2 Load
}

// A name that only the deployment knows stands as a placeholder until then.
func ExampleLate() {
	d, err := asl.Machine(glue.StartJobRun{JobName: asl.Late("JobName")}.Sync("Run").End())
	if err != nil {
		fmt.Println(err)
		return
	}
	text, err := d.MarshalJSON()
	fmt.Println(d.Placeholders(), err)
	fmt.Println(string(ast.Fill(text, map[string]string{"JobName": "load-7f3a"})))
	// Output:
	// [JobName] <nil>
	// {"StartAt":"Run","States":{"Run":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun.sync","Parameters":{"JobName":"load-7f3a"},"End":true}}}
}
