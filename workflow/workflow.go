// Package workflow holds the pipeline's state machines, written in asl.
//
//	ingest-flights  ask S3 -> list objects -> Glue job -> enter partitions, or crawl -> measure rejects -> load facts     -> notify
//	load-airports   ask S3 -> list objects -> Glue job -> crawl if columns are new   -> measure rejects -> load dimension -> notify
//	reconcile       list files -> ask the ledger -> start a machine for the keys that are not as in the bucket
//	backfill        list files -> ask the ledger -> start a machine for each batch of what is missing, and wait for it
//
// The first two are the same story told of two datasets: each dataset that package etl declares has such a machine. Their unit of work
// is a batch of files: one crawl at most, one job run, one transaction. An event only says that a key has changed: the machine asks S3
// for the key's newest version and brings the warehouse there, so events may be lost, double, late and out of order, and a machine may
// be started at any time. A file that is refused or cannot be read fails alone, and the execution with it once the others are loaded.
//
// Any failure leads to a notification with state, error and cause, and then to a Fail state, so that the execution is FAILED and alarms
// see it; who starts a quiet execution tells people instead.
//
// The package knows plain names and ARNs. Package infra deploys what it makes,
// package local executes the same JSON.
package workflow

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/etl"
)

// Config names what the machines work with. Every name is known before anything
// is deployed, so that a preview shows whole definitions.
type Config struct {
	RawBucket     string
	StagingBucket string
	StagingKeyARN string // encrypts the staging bucket

	// Loaders are the datasets that are loaded, each with what does it.
	Loaders []Loader
	// Crawl says when their crawlers crawl.
	Crawl Crawl
	// CatalogDatabase is the database of the Glue catalog that the crawlers keep, and CatalogKeyARN the key that encrypts the catalog, if one does.
	CatalogDatabase, CatalogKeyARN string
	// Job is the Glue job that their machines run, on Spark.
	Job string
	// A run of the job has Workers of WorkerType, and one more for each WorkerBytes of its files, up to MaxWorkers.
	WorkerType          string
	Workers, MaxWorkers int
	// SmallJob is a job that does the same on one small machine, for batches of up to SmallBytes: see fitsSmallJob. Empty: there is none.
	SmallJob   string
	SmallBytes int64

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

	// What Reconcile needs besides: its own ARN, which it starts when there is more than one execution can do, and the age in days
	// after which a file that the ledger does not know is given up.
	ReconcileARN  string
	ReconcileDays int
	// Renewal is another text with a warehouse that is made anew, and has lost what earlier comparisons saw.
	Renewal string
}

// Loader is a dataset with its crawler, and the machine that loads it, which Reconcile starts.
type Loader struct {
	Dataset    etl.Dataset
	Crawler    string
	MachineARN string
}

// Warehouse is where the Redshift Data API runs the load: a serverless
// workgroup or a cluster.
type Warehouse struct {
	Workgroup    string // or
	Cluster      string
	Database     string
	WorkgroupARN string // narrows the grants, when known
}

// Load is the machine that loads the files of a dataset, one of the Loaders.
func Load(c Config, d etl.Dataset) (*ast.Definition, error) {
	declared, ok := d.Declared()
	i := slices.IndexFunc(c.Loaders, func(l Loader) bool { return l.Dataset == d })
	if !ok || i < 0 {
		return nil, fmt.Errorf("workflow: nothing loads the dataset %q", d)
	}
	return machine(c, dataset{
		name:    d,
		comment: declared.Comment + " " + declared.Table.String(),
		crawler: c.Loaders[i].Crawler,
		parted:  declared.Date != "",
	})
}

// dataset is what the machines differ in.
type dataset struct {
	name             etl.Dataset
	comment, crawler string
	parted           bool // its files lie in folders key=value, the partitions of its table
}

// Output is the stack's output that has a machine's ARN: ingestFlightsArn of ingest-flights.
func Output(machine string) string {
	words := strings.Split(machine, "-")
	for i, word := range words[1:] {
		words[i+1] = title(word)
	}
	return strings.Join(words, "") + "Arn"
}

// machineTimeout leaves room for a crawl, for a place among the running jobs, a
// run and a load.
const machineTimeout = 12 * time.Hour

func machine(c Config, d dataset) (*ast.Definition, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	failure := notifyFailure(c, d)
	guard := func(first asl.Step, more ...asl.Step) asl.Chained {
		return asl.Chain(first, more...).CatchAll(failed(failure))
	}

	enter := guard(writeEntries(c)).Then(toWarehouse(c, d, failure, tellOutcome(c, d, failure)))
	measured := asl.Choice("AnyMeasured").JSONata().
		When(asl.Cond("$result.measured > 0"), guard(measureRejects(c, d)).Then(enter)).
		Otherwise(enter)
	transform := guard(runParts(c, d, failure)).Then(keepCatalog(c, d, failure, measured))
	if c.Crawl == CrawlEach {
		transform = guard(crawlAndWait(d.crawler, failure), runParts(c, d, failure)).Then(measured)
	}
	story := guard(begin(c, failure), newest(c), sort(c, d)).Then(asl.Choice("AnyObjects").JSONata().
		When(asl.Cond("$count($objects) > 0"), transform).
		Otherwise(enter))
	return asl.Settings{
		Comment: d.comment,
		Timeout: machineTimeout,
	}.Machine(story)
}

// required is a setting that must not be empty.
type required struct{ name, value string }

// check reports every problem at once.
func (c Config) check(more ...required) error {
	var problems []error
	for _, field := range append([]required{
		{"RawBucket", c.RawBucket},
		{"StagingBucket", c.StagingBucket},
		{"CatalogDatabase", c.CatalogDatabase},
		{"Job", c.Job},
		{"WorkerType", c.WorkerType},
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
	if len(c.Loaders) == 0 {
		problems = append(problems, errors.New("workflow: Loaders is empty"))
	}
	for _, l := range c.Loaders {
		if l.Crawler == "" {
			problems = append(problems, fmt.Errorf("workflow: the crawler of %s is empty", l.Dataset))
		}
	}
	if c.Workers < 2 || c.MaxWorkers < c.Workers {
		problems = append(problems, fmt.Errorf("workflow: a run has %d workers, and %d at most; it has 2 at least", c.Workers, c.MaxWorkers))
	}
	if c.SmallJob != "" && c.SmallBytes < 1 {
		problems = append(problems, fmt.Errorf("workflow: SmallBytes is %d; a batch for %s has at least a byte", c.SmallBytes, c.SmallJob))
	}
	if c.OnDelete != etl.Retire && c.OnDelete != etl.Keep {
		problems = append(problems, fmt.Errorf("workflow: OnDelete is %q; it is %s or %s", c.OnDelete, etl.Retire, etl.Keep))
	}
	if c.Crawl != CrawlEach && c.Crawl != CrawlDaily {
		problems = append(problems, fmt.Errorf("workflow: Crawl is %q; it is %s or %s", c.Crawl, CrawlEach, CrawlDaily))
	}
	if !(0 <= c.MaxRejectRatio && c.MaxRejectRatio <= 1) {
		problems = append(problems, fmt.Errorf("workflow: MaxRejectRatio is %v; it is a share, from 0 to 1", c.MaxRejectRatio))
	}
	if c.Warehouse.Workgroup != "" && c.Warehouse.Cluster != "" {
		problems = append(problems, fmt.Errorf("workflow: the warehouse is the workgroup %s or the cluster %s, not both", c.Warehouse.Workgroup, c.Warehouse.Cluster))
	}
	return errors.Join(problems...)
}
