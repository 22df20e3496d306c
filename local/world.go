// Package local is the deployed stack on this machine: the Pulumi program runs in-process, the world is built
// from what it registered, and then files can land in its buckets.
//
//	w, err := local.Deploy(ctx, local.Options{Dir: ".", Stack: "dev", Program: infra.Program, WorkDir: dir})
//	defer w.Close()
//	w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: ..., Body: ...})
//	err = w.Run(ctx) // until nothing is left to do: a day of operation takes milliseconds
//
// Every API call, whoever makes it, passes package door: it is authorised against the deployed policies, may
// meet the scenario's fault, is metered, and takes time of the virtual clock. A resource, property or action
// that is not modelled is an error with its name, never a silent success. All of it runs on one goroutine and is
// the same for the same seed.
package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/asl/sim"
	"airline/etl"
	"airline/local/cloudwatch"
	"airline/local/door"
	"airline/local/events"
	"airline/local/glue"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/lake"
	"airline/local/pipes"
	"airline/local/quotas"
	"airline/local/recorder"
	"airline/local/redshiftdata"
	"airline/local/s3"
	"airline/local/sfn"
	"airline/local/sns"
	"airline/local/sqs"
)

// Options say which stack becomes a world, and what the scenario changes about it.
type Options struct {
	// Dir holds Pulumi.yaml and Pulumi.<stack>.yaml; Overrides replace settings of the latter by key.
	Dir, Stack string
	Overrides  map[string]string
	// Program is the Pulumi program. It is not run when Graph is given.
	Program pulumi.RunFunc
	// Graph is a stack that was recorded before, so that many worlds can be made of one run of the program.
	Graph *recorder.Graph

	// WorkDir keeps buckets/ and warehouse.duckdb. Empty means a temporary directory that Close removes.
	WorkDir string
	// Resume is the state of the world that has left WorkDir; the new one begins at its time. Nil begins with nothing.
	Resume *State
	// Seed decides everything random: ids, delays, jitter. Equal seeds make equal worlds.
	Seed uint64
	// Start is when the world begins; the zero time means 2024-01-01 00:00 UTC.
	Start time.Time

	// RowsPerFile takes the time of each load, and the size with which files are listed, from this number of rows instead of the file's
	// own: for estimates, in which no rows are computed. 0 is the file's.
	RowsPerFile int64

	// OneThread computes all rows on one thread: two worlds in which the same calls come at the same times are then the same to the
	// byte. Clients of the warehouse that speak PostgreSQL's protocol may only read in it, and reads of objects that no trail logs have
	// no effect on what comes.
	OneThread bool

	// DuplicateEvents delivers every event two times.
	DuplicateEvents bool
	// EditPolicy changes deployed policies before they take effect; nil leaves them.
	EditPolicy iam.Edit
	// KeptBytes is how much of the executions' histories and of the log lines stays in memory. What is beyond goes to a file in
	// WorkDir that lasts as long as the world. 0 means 64 MiB.
	KeptBytes int
	// Rates are rates of requests beside those that AWS documents (door.DocumentedRates), or instead of them.
	Rates door.Rates
	// Quotas are quotas of the account beside the documented ones, or instead of them.
	Quotas []quotas.Quota
	// Faults is the table of things that go wrong.
	Faults []door.Fault
}

// World is a deployed stack. Its services have the methods of the SDK's clients; called with a plain context
// they act as the stack's operator, who may do everything that no policy denies.
type World struct {
	Graph *recorder.Graph
	Clock *sim.Clock
	Door  *door.Door

	dir       string
	temporary bool
	directory *iam.Directory
	keys      *kms.Keys
	objects   *s3.Service
	bus       *events.Service
	machines  *sfn.Service
	glue      *glue.Service
	lake      *lake.Service
	quotas    *quotas.Service
	warehouse *redshiftdata.Service
	topics    *sns.Service
	queues    *sqs.Service
	pipes     *pipes.Service
	logs      *cloudwatch.Service
	registry  *door.Registry
	spill     *sim.Spill // of histories, logs and results of queries
	returned  int        // problems that Run has returned
	runs      int        // worlds of this directory, this one included
}

// defaultKept is Options.KeptBytes of a world that does not say.
const defaultKept = 64 << 20

// defaultStart is when a world begins that does not say.
var defaultStart = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// Deploy records the stack and builds its world. The error lists everything that the local world does not
// model and everything that AWS would refuse at creation.
func Deploy(ctx context.Context, o Options) (*World, error) {
	graph := o.Graph
	if graph == nil {
		var err error
		graph, err = recorder.Record(ctx, recorder.Options{Dir: o.Dir, Stack: o.Stack, Overrides: o.Overrides}, o.Program)
		if err != nil {
			return nil, fmt.Errorf("recording the stack %s: %w", o.Stack, err)
		}
	}
	w := &World{Graph: graph, dir: o.WorkDir, runs: 1}
	if o.Resume != nil {
		w.runs = o.Resume.Runs + 1
		o.Start = o.Resume.Time
		o.Seed ^= uint64(w.runs-1) * 0x9e3779b97f4a7c15 // other ids than before
	}
	if w.dir == "" {
		dir, err := os.MkdirTemp("", "airline-")
		if err != nil {
			return nil, err
		}
		w.dir, w.temporary = dir, true
	}
	if o.Start.IsZero() {
		o.Start = defaultStart
	}
	w.Clock = sim.NewClock(o.Start)
	if err := w.build(o); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// Close ends the world: the warehouse file is written and closed, a temporary directory removed.
func (w *World) Close() error {
	var err error
	if w.warehouse != nil {
		err = w.warehouse.Close()
	}
	if w.glue != nil {
		err = errors.Join(err, w.glue.Close())
	}
	if w.spill != nil {
		err = errors.Join(err, w.spill.Close())
	}
	if w.temporary {
		err = errors.Join(err, os.RemoveAll(w.dir))
	}
	return err
}

// Run lets the world go on until nothing is left to do but to wait for scheduled rules and crawlers: those go on for ever, and
// RunFor passes their times. The error tells what went wrong without anybody to tell: events that were lost, log files
// and traces that were refused. Failed executions are no error of Run.
func (w *World) Run(ctx context.Context) error {
	err := w.Door.Inside(func() error {
		for !w.Idle() {
			if err := ctx.Err(); err != nil {
				return err
			}
			w.Clock.Step()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.problems()
}

// RunFor lets the world go on for that long and leaves the clock there.
func (w *World) RunFor(ctx context.Context, d time.Duration) error {
	until := w.Clock.Now().Add(d)
	if err := w.Door.Inside(func() error { return w.Clock.RunUntil(ctx, until) }); err != nil {
		return err
	}
	return w.problems()
}

// problems are those that were not returned before.
func (w *World) problems() error {
	fresh := w.Door.Problems()[w.returned:]
	w.returned += len(fresh)
	return errors.Join(fresh...)
}

// Step does the next thing that waits for its time, as Run does it.
func (w *World) Step() error {
	// The function cannot fail.
	_ = w.Door.Inside(func() error { w.Clock.Step(); return nil })
	return w.problems()
}

// Refused lists every request that the deployed policies refused, each with principal, action and resource,
// wherever the refusal then showed: in an execution's cause, a crawl's message or nowhere.
func (w *World) Refused() []*door.AccessDenied { return w.Door.Refused() }

// SpillObjects has small objects kept beside histories and logs from now on, and not as files, which is much faster. Such a world
// cannot be saved.
func (w *World) SpillObjects() { w.objects.UseSpill(w.spill) }

// S3 is the stack's Amazon S3.
func (w *World) S3() *s3.Service { return w.objects }

// SFN is the stack's AWS Step Functions.
func (w *World) SFN() *sfn.Service { return w.machines }

// Glue is the stack's AWS Glue.
func (w *World) Glue() *glue.Service { return w.glue }

// Lake is the account's AWS Lake Formation.
func (w *World) Lake() *lake.Service { return w.lake }

// RedshiftData is the Data API of the stack's warehouse.
func (w *World) RedshiftData() *redshiftdata.Service { return w.warehouse }

// SNS is the stack's Amazon SNS.
func (w *World) SNS() *sns.Service { return w.topics }

// SQS is the stack's Amazon SQS.
func (w *World) SQS() *sqs.Service { return w.queues }

// Logs is the stack's Amazon CloudWatch.
func (w *World) Logs() *cloudwatch.Service { return w.logs }

// Events is the stack's Amazon EventBridge.
func (w *World) Events() *events.Service { return w.bus }

// Pipes is the stack's Amazon EventBridge Pipes.
func (w *World) Pipes() *pipes.Service { return w.pipes }

// Registry finds the API methods of all services by name.
func (w *World) Registry() *door.Registry { return w.registry }

// Idle reports that nothing is left to do but to wait for scheduled rules and crawlers.
func (w *World) Idle() bool { return w.Clock.Pending() <= w.bus.Scheduled()+w.glue.Scheduled() }

// IAM tells which statements of the deployed policies were used.
func (w *World) IAM() *iam.Directory { return w.directory }

// Dir is the directory that holds buckets and warehouse.
func (w *World) Dir() string { return w.dir }

// WarehouseFile is the database file of the warehouse; it is complete once the world is closed.
func (w *World) WarehouseFile() string { return filepath.Join(w.dir, "warehouse.duckdb") }

// Now is the virtual time.
func (w *World) Now() time.Time { return w.Clock.Now() }

// Name is the physical name of a thing of the stack: "<project>-<stack>-<thing>".
func (w *World) Name(thing string) string {
	return w.Graph.Project + "-" + w.Graph.Stack + "-" + thing
}

// Datasets are those that the stack loads, each before those that it is joined with.
func (w *World) Datasets() []etl.Dataset {
	return slices.DeleteFunc(etl.Datasets(), func(d etl.Dataset) bool {
		return !slices.ContainsFunc(w.Graph.OfType("aws:sfn/stateMachine:StateMachine"), func(r *recorder.Resource) bool { return r.Name == d.Machine() })
	})
}

// More are those of the datasets that not every stack loads.
func (w *World) More() []etl.Dataset {
	return slices.DeleteFunc(w.Datasets(), func(d etl.Dataset) bool { return !slices.Contains(etl.OnRequest(), d) })
}

// Bucket is the physical name of one of the stack's buckets, or of the bucket that it was given.
func (w *World) Bucket(thing string) string {
	for _, r := range w.Graph.OfType("aws:s3/bucketV2:BucketV2", "aws:s3/bucket:Bucket") {
		if r.Name == thing {
			return r.String("bucket")
		}
	}
	return ""
}
