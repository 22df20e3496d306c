package glue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/etl"
	"airline/local/door"
)

// How long a run takes besides its calls: rough figures of Glue 5 with a small file.
const (
	runStartup    = 25 * time.Second // STARTING
	shellStartup  = 30 * time.Second // of a Python shell job, its modules installed: see docs/performance.md
	shellImports  = 2 * time.Second  // of DuckDB and boto3 on a quarter of a processor
	sparkStartup  = 20 * time.Second // the first seconds of RUNNING
	rowsPerSecond = 50_000           // of Spark, and of each worker besides the driver's
	shellRows     = 200_000          // rows a second on a quarter of a processor, four times as many on four whole ones
	runStopping   = 5 * time.Second
	runMinimum    = time.Minute // billed
)

// Model takes the time of each run from a number of rows instead of the file's own.
func (s *Service) Model(rows int64) { s.rows = rows }

// modelled is how many rows a run's time is for.
func (s *Service) modelled(rows int64) int64 {
	if s.rows > 0 && rows > 0 {
		return s.rows
	}
	return rows
}

func (s *Service) setState(r *jobRun, state types.JobRunState) {
	r.state, r.changed = state, s.door.Now()
}

// startRun begins a run: STARTING, then RUNNING, where the work is done at once and takes its time.
func (s *Service) startRun(r *jobRun) {
	r.started = s.door.Now()
	s.setState(r, types.JobRunStateStarting)
	startup := runStartup
	if r.job.shell {
		startup = shellStartup
	}
	s.clock.After(startup, func() {
		if r.state != types.JobRunStateStarting {
			return // stopped
		}
		s.setState(r, types.JobRunStateRunning)
		r.running = s.door.Now()
		took, err := s.perform(context.Background(), r)
		state, message := types.JobRunStateSucceeded, ""
		switch {
		case errors.Is(err, errTimeout):
			took, state, message = r.timeout, types.JobRunStateTimeout, fmt.Sprintf("Job run exceeded its timeout of %d minutes", int(r.timeout/time.Minute))
		case err != nil:
			state, message = types.JobRunStateFailed, err.Error()
			if refused := (*etl.RefusedError)(nil); errors.As(err, &refused) {
				message = refused.Announced(message)
			}
		}
		s.clock.After(took, func() { s.endRun(r, types.JobRunStateRunning, state, message) })
	})
}

// endRun ends a run that is in a state; one that has left it was stopped meanwhile.
func (s *Service) endRun(r *jobRun, from, state types.JobRunState, message string) {
	if r.state != from || !r.ended.IsZero() {
		return
	}
	s.setState(r, state)
	r.message, r.ended = message, s.door.Now()
	r.job.active--
	// The item is on the price list, so metering cannot fail.
	item := "glue.job"
	if r.job.shell {
		item = "glue.python-shell"
	}
	_ = s.door.Meter(door.Usage{Item: item, Quantity: r.capacity * max(s.executionTime(r), runMinimum).Hours()})
}

// errTimeout ends a run whose time is up.
var errTimeout = errors.New("the job run's time is up")

// perform does a run's work as the job's role, and says how long it takes.
func (s *Service) perform(ctx context.Context, r *jobRun) (time.Duration, error) {
	ctx, err := s.door.Assume(ctx, door.Assumption{
		Role: r.job.role, Service: "glue.amazonaws.com", SourceARN: s.arn("glue", "job/"+r.job.name), Session: "GlueJobRunnerSession",
	})
	if err != nil {
		return time.Second, fmt.Errorf("Role %s should be given assume role permissions for Glue Service: %w", r.job.role, err)
	}
	if r.job.shell {
		door.Spend(ctx, shellImports)
	} else {
		door.Spend(ctx, sparkStartup)
	}
	arguments := maps.Clone(r.job.defaults)
	if arguments == nil {
		arguments = map[string]string{}
	}
	maps.Copy(arguments, r.arguments)
	maps.Copy(arguments, r.job.fixed)

	log := runLog{service: s, run: r, prefix: r.job.logGroup(arguments)}
	if err := log.write(ctx, "output", "Preparing the script "+r.job.script); err != nil {
		return door.Elapsed(ctx), err
	}
	load := &load{Service: s, run: r, log: log, arguments: arguments}
	result, err := load.do(ctx)
	if arguments["--enable-observability-metrics"] == "true" {
		if refused := s.putOutcome(ctx, r, err); refused != nil {
			return door.Elapsed(ctx), errors.Join(err, refused)
		}
	}
	if err != nil {
		if errors.Is(err, errTimeout) {
			return r.timeout, err
		}
		return door.Elapsed(ctx), errors.Join(err, log.write(ctx, "error", err.Error()))
	}
	if arguments["--enable-metrics"] != "" {
		if err := s.putMetrics(ctx, r, result); err != nil {
			return door.Elapsed(ctx), err
		}
	}
	for _, failed := range result.Failures {
		if err := log.write(ctx, "error", failed.Error+": "+failed.Cause); err != nil {
			return door.Elapsed(ctx), err
		}
	}
	err = log.write(ctx, "output", fmt.Sprintf("%d of %d files: %d rows read, %d loaded, %d rejected", result.Loaded, result.Files, result.RowsRead, result.RowsLoaded, result.RowsRejected))
	if err == nil && door.Elapsed(ctx) > r.timeout {
		err = errTimeout
	}
	return door.Elapsed(ctx), err
}

// logGroup is what the names of a run's log groups begin with. A security configuration stands in them with the job's role
// ("Logging for AWS Glue jobs", Glue User Guide).
func (j *job) logGroup(arguments map[string]string) string {
	prefix := j.defaultLogs()
	if !j.shell { // for Spark's groups alone
		prefix = or(arguments["--custom-logGroup-prefix"], prefix)
	}
	if j.security != "" {
		prefix += "/" + j.security + "-role/" + roleName(j.role)
	}
	return prefix
}

// defaultLogs is what the names of a job's log groups begin with when nothing else is said.
func (j *job) defaultLogs() string {
	if j.shell {
		return "/aws-glue/python-jobs"
	}
	return "/aws-glue/jobs"
}

// runLog writes to the log streams of a run.
type runLog struct {
	service *Service
	run     *jobRun
	prefix  string
}

func (l runLog) write(ctx context.Context, kind, line string) error {
	if err := l.service.logs.Append(ctx, l.prefix+"/"+kind, l.run.id, line); err != nil {
		return fmt.Errorf("writing the log %s/%s: %w", l.prefix, kind, err)
	}
	return nil
}

// glueArguments are those that Glue takes for itself; etl.JobArguments are the script's.
var glueArguments = []string{
	"--additional-python-modules", "library-set", // which Glue takes without dashes
	"--job-language", "--job-bookmark-option", "--enable-metrics", "--enable-continuous-cloudwatch-log", "--custom-logGroup-prefix",
	"--custom-logStream-prefix", "--TempDir", "--enable-observability-metrics", "--enable-spark-ui", "--spark-event-logs-path",
	"--enable-auto-scaling", "--conf", "--extra-py-files", "--enable-job-insights", "--enable-continuous-log-filter", "--encryption-type", "--enable-glue-datacatalog",
}

// checkArguments finds what is missing, as the script does, and what neither the script nor Glue knows: there the
// script is silent, and a misspelt argument has no effect. Objects come one in the arguments, or many in a list.
func checkArguments(arguments map[string]string) error {
	required := []string{etl.ArgumentDataset, etl.ArgumentStaging, etl.ArgumentSQL}
	if arguments[etl.ArgumentObjects] == "" {
		required = append(required, etl.ArgumentBucket, etl.ArgumentKey, etl.ArgumentVersion, etl.ArgumentLoadID)
	}
	for _, with := range etl.Dataset(arguments[etl.ArgumentDataset]).Joined() {
		required = append(required, with.FilesArgument())
	}
	var wrong []string
	for _, name := range required {
		if arguments[name] == "" {
			wrong = append(wrong, name+" is missing")
		}
	}
	for _, name := range sortedKeys(arguments) {
		if !slices.Contains(etl.JobArguments(), name) && !slices.Contains(glueArguments, name) {
			wrong = append(wrong, name+" is not modelled by the local world")
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("job arguments: %s", strings.Join(wrong, "; "))
	}
	return nil
}
