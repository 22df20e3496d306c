package console

import (
	"context"
	"fmt"
	"slices"

	"airline/asl/report"
)

// part is a box of the pipeline's drawing.
type part struct {
	ID, Title, Service, Path string
	Value                    string // what changes
	Alert                    bool
}

// parts are the boxes of the pipeline, in the order of a file's way.
func (x *Index) parts() []part {
	crawlers, jobs := x.world.Glue().Activity()
	runs, running, crawls := 0, 0, 0
	for _, j := range jobs {
		runs, running = runs+j.Runs, running+j.Running
	}
	crawling := "ready"
	for _, c := range crawlers {
		crawls += c.Crawls
		if c.State != "READY" {
			crawling = "running"
		}
	}
	waiting, gathering := 0, 0
	for _, q := range x.queues() {
		if q.Pipe != "" {
			gathering += q.Messages
		} else {
			waiting += q.Messages
		}
	}
	alarms := x.world.Logs().Alarms()
	ringing := 0
	for _, a := range alarms {
		if a.State == "ALARM" {
			ringing++
		}
	}
	c, n := x.counts, report.Count[int]
	return []part{
		{ID: "raw", Title: "Raw bucket", Service: "S3", Path: "files", Value: fmt.Sprintf("%s files", n(len(x.files)+x.forgotten))},
		{ID: "events", Title: "Events", Service: "EventBridge", Path: "messages", Value: x.handedOn(gathering), Alert: c.Undelivered > 0},
		{ID: "executions", Title: "State machines", Service: "Step Functions", Path: "executions", Value: fmt.Sprintf("%s running, %s succeeded, %s failed", n(c.Running), n(c.Succeeded), n(c.Failed)), Alert: c.Failed > 0},
		{ID: "crawlers", Title: "Crawlers", Service: "Glue", Path: "executions", Value: fmt.Sprintf("%s, %s crawls", crawling, n(crawls))},
		{ID: "jobs", Title: "Job", Service: "Glue", Path: "rejects", Value: fmt.Sprintf("%s running, %s runs", n(running), n(runs))},
		{ID: "warehouse", Title: "Warehouse", Service: "Redshift", Path: "warehouse", Value: fmt.Sprintf("%s rows loaded, %s rejected", report.Count(c.RowsLoaded), report.Count(c.RowsRejected))},
		{ID: "notifications", Title: "Notifications", Service: "SNS", Path: "messages", Value: n(c.Notifications) + " published"},
		{ID: "queues", Title: "Undelivered", Service: "SQS", Path: "messages", Value: fmt.Sprintf("%s in queues", n(waiting)), Alert: waiting > 0},
		{ID: "alarms", Title: "Alarms", Service: "CloudWatch", Path: "messages", Value: fmt.Sprintf("%d of %d ringing", ringing, len(alarms)), Alert: ringing > 0},
	}
}

// handedOn tells of events, and of files that are gathered where a pipe does that.
func (x *Index) handedOn(gathering int) string {
	text := report.Count(x.counts.Delivered) + " handed on"
	if len(x.world.Pipes().Pipes()) > 0 {
		text += fmt.Sprintf(", %s gathering", report.Count(gathering))
	}
	return text
}

// newest is how many files the first page shows.
const newest = 12

func pipelinePage(_ context.Context, x *Index, _ query) (*page, error) {
	data := struct {
		Parts, Beside []part
		Files         []*File
	}{}
	parts := x.parts()
	data.Parts, data.Beside = parts[:7], parts[7:]
	data.Files = copies(x.files[max(0, len(x.files)-newest):])
	slices.Reverse(data.Files)
	return &page{Name: "pipeline", Title: "Pipeline", Data: data, Live: true}, nil
}
