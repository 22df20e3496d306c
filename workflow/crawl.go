package workflow

import (
	"time"

	"airline/asl"
	"airline/asl/glue"
)

// crawlAndWait brings the catalog up to date. A crawl under way is waited for,
// and a crawl that started after the last file of the batch landed covers the batch: it needs one at most.
//
//	GetCrawler -> covered   -> go on
//	           -> failed    -> fail
//	           -> READY     -> StartCrawler -> GetCrawler ...
//	           -> otherwise -> wait         -> GetCrawler ...
//
// A crawl that failed before the execution began is no answer: whoever starts the file again, by hand or by reconcile,
// begins a crawl of its own.
//
// READY alone is not enough: LastCrawl is absent before the first crawl, and is
// the previous crawl's until the present one is over, STOPPING included.
func crawlAndWait(crawler string, failure asl.Target) asl.Step {
	var (
		name   = asl.Text(crawler)
		state  = asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State })
		last   = asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.LastCrawl { return &o.Crawler.LastCrawl })
		begun  = asl.ResultAt(func(o *glue.GetCrawlerOutput) *time.Time { return &o.Crawler.LastCrawl.StartTime })
		status = asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlStatus { return &o.Crawler.LastCrawl.Status })
	)
	ready := asl.Eq(state, glue.Ready)
	covers := asl.And(ready, asl.IsPresent(last), asl.GtRef(begun, changed), asl.Eq(status, glue.CrawlSucceeded))
	broken := asl.And(ready, asl.IsPresent(last), asl.GtRef(begun, asl.Context.Execution.StartTime), asl.GtRef(begun, changed), asl.Ne(status, glue.CrawlSucceeded))

	look := asl.NewLabel("look at the crawler")
	start := glue.StartCrawler{Name: name}.Task("StartCrawler").
		Comment("A crawl that another execution has just started is waited for").
		KeepInput().
		Retry(transient, glue.StartCrawlerOperationTimeout).
		Retry(throttled, "Glue.ThrottlingException", "Glue.GlueException").
		Catch(glue.CrawlerRunning, asl.Catcher{Next: look, KeepInput: true}).
		CatchAll(failed(failure)).
		Then(look)

	get := glue.GetCrawler{Name: name}.Task(getCrawler).
		Retry(transient, glue.GetCrawlerOperationTimeout).
		Retry(throttled, "Glue.ThrottlingException", "Glue.GlueException")
	return look.Mark(asl.Poll(get, asl.PollSpec{
		Immediately: true,
		Every:       30 * time.Second,
		Within:      4 * time.Hour,
		Cases: []asl.Case{
			{When: broken, Next: crawlFailed(failure)},
			{When: asl.And(ready, asl.Not(covers)), Next: start},
		},
		Until:   covers,
		Expired: fails("CrawlTookTooLong", failure, "no crawl covered the files within 4 hours"),
	}))
}

// getCrawler is the state whose last answer says how the crawl ended.
const getCrawler = "GetCrawler"

func crawlFailed(failure asl.Target) asl.Target {
	answer := asl.Var[glue.GetCrawlerOutput](getCrawler)
	message := asl.Of(answer, func(o *glue.GetCrawlerOutput) *string { return &o.Crawler.LastCrawl.ErrorMessage })
	return failsWith("CrawlFailed", failure, message, "the crawl that covers the files was cancelled or failed without saying why; its log may tell")
}
