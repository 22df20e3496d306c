// Package workflow holds the pipeline's state machines, written in asl.
//
//	ingest-flights  crawl -> wait -> Glue job -> measure and check rejects -> load facts     -> notify
//	load-airports   crawl -> wait -> Glue job -> measure and check rejects -> load dimension -> notify
//	reconcile       list files -> ask the ledger -> start a load for each that is missing
//
// The first two are the same story told of two datasets. Any failure leads to a
// notification with state, error and cause, and then to a Fail state, so that
// the execution is FAILED and alarms see it.
//
// The package knows plain names and ARNs. Package infra deploys what it makes,
// package local executes the same JSON.
package workflow

import (
	"errors"
	"fmt"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/etl"
)

// Event is the input of both machines: the object that landed. The EventBridge
// rules make it of either trigger's events.
type Event struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"` // plain, not URL-encoded
	Version string `json:"version"`
	ETag    string `json:"etag"`
	Size    int    `json:"size"` // bytes
	// Time is when the object was written, ISO 8601, in whole seconds.
	Time    time.Time `json:"time"`
	EventID string    `json:"eventId"`
}

// The parts of the event that the states work with.
var (
	bucket  = asl.At(func(e *Event) *string { return &e.Bucket })
	key     = asl.At(func(e *Event) *string { return &e.Key })
	version = asl.At(func(e *Event) *string { return &e.Version })
	landed  = asl.At(func(e *Event) *time.Time { return &e.Time })
)

// Config names what the machines work with. Every name is known before anything
// is deployed, so that a preview shows whole definitions.
type Config struct {
	RawBucket     string
	StagingBucket string
	StagingKeyARN string // encrypts the staging bucket

	FlightsCrawler  string
	AirportsCrawler string
	// Job is the Glue job that both machines run.
	Job string

	Warehouse   Warehouse
	CopyRoleARN string // Redshift assumes it to read the staging bucket

	TopicARN    string
	TopicKeyARN string // encrypts the topic

	// MetricNamespace holds what the machines measure of each file: see RejectRatio.
	MetricNamespace string

	// MaxRejectRatio is the share of faulty rows, 0 to 1, above which a file is
	// refused as a whole.
	MaxRejectRatio float64
	// MinDepDelay, when set, loads only flights that left at least so many
	// minutes late.
	MinDepDelay *int

	// What Reconcile needs besides: the machines that it starts, itself among
	// them, the endings of file names that are loaded, and the age in days after
	// which a file that the ledger does not know is given up.
	IngestFlightsARN, LoadAirportsARN, ReconcileARN string
	FileSuffixes                                    []string
	ReconcileDays                                   int
}

// Warehouse is where the Redshift Data API runs the load: a serverless
// workgroup or a cluster.
type Warehouse struct {
	Workgroup    string // or
	Cluster      string
	Database     string
	DbUser       string // clusters only
	WorkgroupARN string // narrows the grants, when known
}

// IngestFlights is the machine that loads a day of flights.
func IngestFlights(c Config) (*ast.Definition, error) {
	return machine(c, dataset{
		name:     etl.Flights,
		comment:  "Loads the flights of one object into " + etl.FlightsFact().String(),
		crawler:  c.FlightsCrawler,
		load:     etl.LoadFlights,
		airports: true,
	})
}

// LoadAirports is the machine that merges airports into the dimension.
func LoadAirports(c Config) (*ast.Definition, error) {
	return machine(c, dataset{
		name:    etl.Airports,
		comment: "Merges the airports of one object into " + etl.AirportsDim().String(),
		crawler: c.AirportsCrawler,
		load:    etl.LoadAirports,
	})
}

// dataset is what the two machines differ in.
type dataset struct {
	name             etl.Dataset
	comment, crawler string
	load             func(etl.Target) []string
	airports         bool // the job joins with the airports
}

// machineTimeout leaves room for a crawl, for a place among the running jobs, a
// run and a load.
const machineTimeout = 12 * time.Hour

func machine(c Config, d dataset) (*ast.Definition, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	failure := notifyFailure(c, d)
	story := asl.Chain(
		identify(),
		crawlAndWait(d.crawler, failure),
		runJob(c, d, failure),
		readManifest(c),
		measureRejects(c, d),
		checkRejects(c, failure),
		loadWarehouse(c, d, failure),
		notifySuccess(c, d),
	).CatchAll(failed(failure))
	return asl.Settings{
		Comment: d.comment,
		Timeout: machineTimeout,
	}.Machine(story.Then(asl.Succeed("Loaded")))
}

// loadID names the load: what is loaded is an object version, so its identity
// is that of the load, and events seen twice are one load.
var loadID = asl.Var[string]("load_id")

// identify computes the load's id: the SHA-256 of bucket, key and version as a
// JSON array, so that no key can be made to look like another's.
func identify() asl.PassState {
	return asl.Pass("Identify").
		Comment("The load's identity is that of the object version").
		Assign(asl.Let(loadID, asl.Hash(asl.JSONToString(asl.Array(bucket, key, version)), asl.SHA256)))
}

// required is a setting that must not be empty.
type required struct{ name, value string }

// check reports every problem at once.
func (c Config) check(more ...required) error {
	var problems []error
	for _, field := range append([]required{
		{"RawBucket", c.RawBucket},
		{"StagingBucket", c.StagingBucket},
		{"FlightsCrawler", c.FlightsCrawler},
		{"AirportsCrawler", c.AirportsCrawler},
		{"Job", c.Job},
		{"Warehouse.Workgroup or Warehouse.Cluster", c.Warehouse.Workgroup + c.Warehouse.Cluster},
		{"Warehouse.Database", c.Warehouse.Database},
		{"CopyRoleARN", c.CopyRoleARN},
		{"TopicARN", c.TopicARN},
		{"MetricNamespace", c.MetricNamespace},
	}, more...) {
		if field.value == "" {
			problems = append(problems, fmt.Errorf("workflow: %s is empty", field.name))
		}
	}
	if !(0 <= c.MaxRejectRatio && c.MaxRejectRatio <= 1) {
		problems = append(problems, fmt.Errorf("workflow: MaxRejectRatio is %v; it is a share, from 0 to 1", c.MaxRejectRatio))
	}
	if c.Warehouse.Workgroup != "" && c.Warehouse.Cluster != "" {
		problems = append(problems, fmt.Errorf("workflow: the warehouse is the workgroup %s or the cluster %s, not both", c.Warehouse.Workgroup, c.Warehouse.Cluster))
	}
	return errors.Join(problems...)
}
