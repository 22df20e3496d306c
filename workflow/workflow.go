// Package workflow holds the pipeline's state machines, written in asl.
//
//	ingest-flights  ask S3 -> crawl -> wait -> Glue job -> measure and check rejects -> load facts     -> notify
//	                       -> the object is gone: retire its rows                                     -> notify
//	load-airports   ask S3 -> crawl -> wait -> Glue job -> measure and check rejects -> load dimension -> notify
//	reconcile       list files -> ask the ledger -> start a machine for each key that is not as in the bucket
//
// The first two are the same story told of two datasets. An event only says that a
// key has changed: the machine asks S3 for the key's newest version and brings the
// warehouse there, so events may be lost, double, late and out of order, and a
// machine may be started at any time. Any failure leads to a
// notification with state, error and cause, and then to a Fail state, so that
// the execution is FAILED and alarms see it.
//
// The package knows plain names and ARNs. Package infra deploys what it makes,
// package local executes the same JSON.
package workflow

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/etl"
)

// Event is the input of both machines: a key of which the object has changed. The
// EventBridge rules make it of either trigger's events. Which version the key has
// is S3's to say when the machine gets to it: see newest.
type Event struct {
	Bucket string `json:"bucket"`
	Key    string `json:"key"` // plain, not URL-encoded
	// Version is what was written, or deleted; for people.
	Version string `json:"version"`
	// Time is when the object changed, ISO 8601, in whole seconds.
	Time    time.Time `json:"time"`
	EventID string    `json:"eventId"`
}

// The parts of the event that the states work with.
var (
	bucket  = asl.At(func(e *Event) *string { return &e.Bucket })
	key     = asl.At(func(e *Event) *string { return &e.Key })
	changed = asl.At(func(e *Event) *time.Time { return &e.Time })
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

	// OnDelete is what becomes of the rows of an object that is deleted.
	OnDelete etl.OnDelete

	// What Reconcile needs besides: the machines that it starts, itself among
	// them, and the age in days after which a file that the ledger does not know is
	// given up.
	IngestFlightsARN, LoadAirportsARN, ReconcileARN string
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
		data(),
		newest(c),
		identify(),
		there(c, d, failure),
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

// data ends the execution of what is no data by its name. A rule's pattern says
// what a key must be like and cannot say, of the same field, what it must not.
func data() asl.Step {
	return asl.Choice("IsData").JSONata().
		When(asl.Cond("$contains($states.input.key, /"+jsonataRegexp(etl.Hidden)+"/)"), asl.Succeed("NoData"))
}

// jsonataRegexp puts a regular expression between JSONata's slashes.
func jsonataRegexp(e string) string { return strings.ReplaceAll(e, "/", `\/`) }

// run names the execution in what it stages: executions about one version of a key
// may run at the same time, and none may take away what another is just loading. It
// is hexadecimal.
var run = asl.Var[string]("run")

// staged is the format, of load id and run, of an execution's folder in the staging
// bucket, below that of the loads.
const staged = "{}/{}"

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
	if c.OnDelete != etl.Retire && c.OnDelete != etl.Keep {
		problems = append(problems, fmt.Errorf("workflow: OnDelete is %q; it is %s or %s", c.OnDelete, etl.Retire, etl.Keep))
	}
	if !(0 <= c.MaxRejectRatio && c.MaxRejectRatio <= 1) {
		problems = append(problems, fmt.Errorf("workflow: MaxRejectRatio is %v; it is a share, from 0 to 1", c.MaxRejectRatio))
	}
	if c.Warehouse.Workgroup != "" && c.Warehouse.Cluster != "" {
		problems = append(problems, fmt.Errorf("workflow: the warehouse is the workgroup %s or the cluster %s, not both", c.Warehouse.Workgroup, c.Warehouse.Cluster))
	}
	return errors.Join(problems...)
}
