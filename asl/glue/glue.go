// Package glue has typed tasks for AWS Glue: crawlers, jobs, and the tables and partitions of the catalog.
//
//	start := glue.StartCrawler{Name: asl.Text("flights")}.Task("StartCrawler").
//		KeepInput().
//		Catch(glue.CrawlerRunning, asl.Continue)
//	run := glue.StartJobRun{JobName: asl.Text("load")}.Sync("RunJob")
package glue

import (
	"time"

	"airline/asl"
)

// CrawlerState is the state of a crawler. A crawler is done when it is Ready;
// Stopping is the ordinary last phase of a crawl.
type CrawlerState string

// The states of a crawler.
const (
	Ready    CrawlerState = "READY"
	Running  CrawlerState = "RUNNING"
	Stopping CrawlerState = "STOPPING"
)

// CrawlStatus is how a crawl ended.
type CrawlStatus string

// The ways a crawl ends.
const (
	CrawlSucceeded CrawlStatus = "SUCCEEDED"
	CrawlCancelled CrawlStatus = "CANCELLED"
	CrawlFailed    CrawlStatus = "FAILED"
)

// StartCrawler starts a crawl.
type StartCrawler struct {
	Name asl.Value[string] `asl:"required"` // required
}

// Errors of StartCrawler.
const (
	// CrawlerRunning says that a crawl is under way already: no failure, when that
	// crawl is waited for.
	CrawlerRunning               asl.Err[StartCrawler] = "Glue.CrawlerRunningException"
	StartCrawlerNotFound         asl.Err[StartCrawler] = "Glue.EntityNotFoundException"
	StartCrawlerOperationTimeout asl.Err[StartCrawler] = "Glue.OperationTimeoutException"
)

// StartCrawlerOutput is empty.
type StartCrawlerOutput struct{}

// Task starts the crawl and goes on at once.
func (p StartCrawler) Task(name string) asl.Task[StartCrawler, StartCrawlerOutput] {
	return asl.NewTask[StartCrawler, StartCrawlerOutput](name, asl.SDK("glue", "startCrawler"), p)
}

// GetCrawler asks how a crawler is doing.
type GetCrawler struct {
	Name asl.Value[string] `asl:"required"` // required
}

// Errors of GetCrawler.
const (
	GetCrawlerNotFound         asl.Err[GetCrawler] = "Glue.EntityNotFoundException"
	GetCrawlerOperationTimeout asl.Err[GetCrawler] = "Glue.OperationTimeoutException"
)

// GetCrawlerOutput describes the crawler.
type GetCrawlerOutput struct {
	Crawler Crawler
}

// Crawler is a crawler's state and configuration.
type Crawler struct {
	Name             string
	State            CrawlerState
	CrawlElapsedTime int // milliseconds of the present crawl
	DatabaseName     string
	Role             string
	TablePrefix      string
	Version          int
	// LastCrawl is absent before the first crawl, and that of the previous crawl
	// until the present one is over.
	LastCrawl LastCrawl
}

// LastCrawl tells how the last crawl ended.
type LastCrawl struct {
	Status        CrawlStatus
	ErrorMessage  string
	LogGroup      string
	LogStream     string
	MessagePrefix string
	StartTime     time.Time
}

// Task asks once.
func (p GetCrawler) Task(name string) asl.Task[GetCrawler, GetCrawlerOutput] {
	return asl.NewTask[GetCrawler, GetCrawlerOutput](name, asl.SDK("glue", "getCrawler"), p)
}

// StopCrawler stops a crawl.
type StopCrawler struct {
	Name asl.Value[string] `asl:"required"` // required
}

// Errors of StopCrawler.
const (
	CrawlerNotRunning   asl.Err[StopCrawler] = "Glue.CrawlerNotRunningException"
	CrawlerStopping     asl.Err[StopCrawler] = "Glue.CrawlerStoppingException"
	StopCrawlerNotFound asl.Err[StopCrawler] = "Glue.EntityNotFoundException"
)

// Task stops the crawl and goes on at once.
func (p StopCrawler) Task(name string) asl.Task[StopCrawler, struct{}] {
	return asl.NewTask[StopCrawler, struct{}](name, asl.SDK("glue", "stopCrawler"), p)
}
