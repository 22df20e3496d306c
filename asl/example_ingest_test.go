package asl_test

import (
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/glue"
	"airline/asl/redshiftdata"
	"airline/asl/s3"
	"airline/asl/sns"
)

// upload is the machine's input.
type upload struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"`
	Version string `json:"version"`
	EventID string `json:"eventId"`
}

type manifest struct {
	RowsRead    int     `json:"rows_read"`
	RejectRatio float64 `json:"reject_ratio"`
}

// ingest crawls, transforms, loads and tells: the story of a file.
func ingest(crawler, job, staging, topic, workgroup string) (*ast.Definition, error) {
	var (
		bucket  = asl.At(func(u *upload) *string { return &u.Bucket })
		key     = asl.At(func(u *upload) *string { return &u.Key })
		version = asl.At(func(u *upload) *string { return &u.Version })

		loadID = asl.Var[string]("loadId")
		result = asl.Var[manifest]("manifest")
		sql    = asl.Var[string]("statement")
		state  = asl.Var[string]("failedState")
		cause  = asl.Var[string]("cause")
	)

	tell := func(name string, message asl.Object) asl.Task[sns.Publish, sns.PublishOutput] {
		return sns.Publish{TopicARN: asl.Text(topic), Message: message}.Task(name).KeepInput()
	}
	failed := asl.Catcher{
		Next: tell("NotifyFailure", asl.Object{"state": state, "cause": cause, "key": key}).
			Then(asl.Fail("Failed", asl.FailSpec{Error: asl.Text("IngestFailed"), Cause: cause})),
		KeepInput: true,
		Assign:    []asl.Assignment{asl.Let(state, asl.Context.State.Name), asl.Let(cause, asl.Caught.Cause)},
	}
	refused := asl.Fail("Refused", asl.FailSpec{Error: asl.Text("TooManyRejects")})

	identify := asl.Pass("Identify").
		Assign(asl.Let(loadID, asl.Hash(asl.Format("{}\n{}\n{}", bucket, key, version), asl.SHA256)))
	crawl := glue.StartCrawler{Name: asl.Text(crawler)}.Task("StartCrawler").
		KeepInput().
		Catch(glue.CrawlerRunning, asl.Continue)
	crawled := asl.Poll(glue.GetCrawler{Name: asl.Text(crawler)}.Task("GetCrawler"), asl.PollSpec{
		Every: 30 * time.Second, Within: 2 * time.Hour,
		Until:   asl.Eq(asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State }), glue.Ready),
		Expired: refused,
	})
	runJob := glue.StartJobRun{
		JobName: asl.Text(job),
		Arguments: map[string]asl.Value[string]{
			"--bucket": bucket, "--key": key, "--version": version, "--load_id": loadID,
		},
	}.Sync("RunJob").
		Timeout(2*time.Hour).
		KeepInput().
		Retry(asl.Retrier{Interval: time.Minute, MaxAttempts: 10, BackoffRate: 1.5, Jitter: true}, glue.ConcurrentRuns)
	readManifest := s3.GetObject{
		Bucket: asl.Text(staging), Key: asl.Format("loads/{}/manifest.json", loadID),
	}.Task("ReadManifest").
		KeepInput().
		Assign(asl.Let(result, asl.StringToJSON[manifest](asl.ResultAt(func(o *s3.GetObjectOutput) *string { return &o.Body }))))
	check := asl.Choice("CheckRejects").
		When(asl.Gt(asl.Of(result, func(m *manifest) *float64 { return &m.RejectRatio }), 0.05), refused)
	load := redshiftdata.BatchExecuteStatement{
		Target:      redshiftdata.Target{WorkgroupName: asl.Text(workgroup), Database: asl.Text("airlines")},
		Sqls:        []asl.Value[string]{asl.Format("COPY stage FROM 's3://staging/loads/{}/'", loadID)},
		Parameters:  []redshiftdata.Parameter{{Name: "source_key", Value: key}},
		ClientToken: loadID,
	}.Task("Load").
		KeepInput().
		Save(asl.Into(sql, func(o *redshiftdata.StatementOutput) *string { return &o.ID }))
	loaded := asl.Poll(redshiftdata.DescribeStatement{ID: sql}.Task("DescribeLoad"), asl.PollSpec{
		Every: 5 * time.Second, Rate: 1.5, MaxEvery: time.Minute, Within: 30 * time.Minute,
		Until:   asl.Eq(asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *redshiftdata.Status { return &o.Status }), redshiftdata.Finished),
		Expired: refused,
	})

	flow := asl.Chain(identify, crawl, crawled, runJob, readManifest, check, load, loaded,
		tell("NotifySuccess", asl.Object{"key": key, "rows": asl.Of(result, func(m *manifest) *int { return &m.RowsRead })}))
	return asl.Settings{Comment: "loads one file of flights", Timeout: 6 * time.Hour}.Machine(flow.CatchAll(failed).Then(asl.Succeed("Done")))
}

// The story of a file: crawl, wait, transform, load, tell.
func Example_ingest() {
	d, err := ingest("flights", "load-flights", "staging", "arn:aws:sns:eu-central-1:111122223333:loads", "airline")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range d.States {
		fmt.Println(s.Type, s.Name)
	}
	// Output:
	// Pass Identify
	// Task StartCrawler
	// Pass GetCrawlerBegin
	// Wait GetCrawlerWait
	// Task GetCrawler
	// Choice GetCrawlerCheck
	// Task RunJob
	// Task ReadManifest
	// Choice CheckRejects
	// Task Load
	// Pass DescribeLoadBegin
	// Wait DescribeLoadWait
	// Task DescribeLoad
	// Choice DescribeLoadCheck
	// Task NotifySuccess
	// Succeed Done
	// Task NotifyFailure
	// Fail Failed
	// Fail Refused
}
