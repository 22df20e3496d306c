package workflow

import (
	"fmt"
	"strconv"
	"time"

	"airline/asl"
	"airline/asl/cloudwatch"
	"airline/asl/glue"
	"airline/asl/s3"
	"airline/asl/states"
	"airline/etl"
)

// runJob transforms the objects of a part in one run. Their list is written first, as an object: no list of arguments would hold it. The job reads
// exactly the versions that S3 named, and writes rows, entries of the ledger and what became of each file below the batch's
// prefix in the staging bucket, and each file's manifest and rejects below that of its load. Running it again writes the same.
func runJob(c Config, d dataset, tooBig, told, failure asl.Target) asl.Step {
	write := s3.PutObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.BatchObjectsKey("{}", "{}"), run, partName),
		Body:   part,
		KeyARN: c.StagingKeyARN,
	}.Task("WriteObjects").
		RetryAll(transient).
		KeepInput()

	staging := "s3://" + c.StagingBucket + "/"
	arguments := map[string]asl.Value[string]{
		etl.ArgumentDataset:        asl.Text(d.name),
		etl.ArgumentObjects:        asl.Format(staging+etl.BatchObjectsKey("{}", "{}"), run, partName),
		etl.ArgumentRun:            run,
		etl.ArgumentStaging:        asl.Text(staging + etl.LoadsPrefix),
		etl.ArgumentMaxRejectRatio: asl.Text(strconv.FormatFloat(c.MaxRejectRatio, 'f', -1, 64)),
	}
	for _, with := range d.name.Joined() {
		arguments[with.FilesArgument()] = asl.Text("s3://" + c.RawBucket + "/" + with.Prefix())
		arguments[with.LimitArgument()] = asl.Text(strconv.FormatFloat(c.MaxRejectRatio, 'f', -1, 64))
	}
	if d.name.Filtered() && c.MinDepDelay != nil {
		arguments[etl.ArgumentMinDepDelay] = asl.Text(strconv.Itoa(*c.MinDepDelay))
	}
	startRun := func(state string, run glue.StartJobRun) asl.Task[glue.StartJobRun, glue.JobRun] {
		run.Arguments = arguments
		return run.Sync(state).
			// The state's limit, beyond the job's own: a run that hangs is stopped.
			Timeout(4*time.Hour).
			// All runs of the job are taken: come back later, each at another moment.
			Retry(asl.Retrier{Interval: 30 * time.Second, BackoffRate: 1.5, MaxDelay: 5 * time.Minute, MaxAttempts: 60, Jitter: true}, glue.ConcurrentRuns).
			Retry(transient, glue.JobInternalService, glue.JobOperationTimeout).
			Retry(throttled, "Glue.ThrottlingException", "Glue.AWSGlueException"). // the second is what AWS re:Post shows
			Save(asl.Into(runState, func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState })).
			KeepInput()
	}
	start := startRun("RunJob", glue.StartJobRun{JobName: asl.Text(c.Job), NumberOfWorkers: runWorkers, WorkerType: asl.Text(c.WorkerType)}).
		Catch(states.TaskFailed, asl.Catcher{Next: asl.Choice("TooBig").When(outOfMemory(), tooBig).Otherwise(told), KeepInput: true, Assign: whatFailed()})
	// What Step Functions answers for a run that was stopped is not documented:
	// SUCCEEDED is the only success.
	check := asl.Choice("JobSucceeded").
		When(asl.Ne(runState, glue.JobSucceeded), failure,
			asl.Let(failedState, asl.Text("RunJob")),
			asl.Let(failedError, asl.Text("JobNotSucceeded")),
			asl.Let(failedCause, asl.Format("the job run ended as {}", runState)))
	if c.SmallJob == "" {
		return asl.Chain(write, start, check)
	}
	// A run of the small job that ends badly, for its machine was too small or had no DuckDB, is done again by the other: what is wrong with a file
	// fails no run of a batch. Only a run that is known to have ended, since two must not write at a time: the cause of its error is the run.
	started, ended := asl.NewLabel("run the job"), asl.NewLabel("a run has ended")
	measure := cloudwatch.PutMetricData{Namespace: asl.Text(c.MetricNamespace), MetricData: []cloudwatch.Datum{{
		MetricName: asl.Text(SmallRunsFailed),
		Dimensions: []cloudwatch.Dimension{{Name: DatasetDimension, Value: asl.Text(d.name)}},
		Value:      asl.As[float64](asl.Int(1)),
	}}}.Task("MeasureSmallRunFailed").
		RetryAll(transient).
		KeepInput().
		CatchAll(asl.Catcher{Next: started, KeepInput: true}).
		Then(started)
	small := startRun("RunSmallJob", glue.StartJobRun{JobName: asl.Text(c.SmallJob)}).
		Catch(states.TaskFailed, asl.Catcher{
			Next:      asl.Choice("SmallRunEnded").When(asl.Matches(failedCause, `{*"JobRunState":"*`), measure).Otherwise(failure),
			KeepInput: true, Assign: whatFailed(),
		}).
		CatchAll(failed(failure)).
		Then(ended)
	fits := asl.Choice("FitsSmallJob").JSONata().When(fitsSmallJob(c), small)
	return asl.Chain(write, fits, started.Mark(start), ended.Mark(check))
}

// GzipRatio is how many bytes of text are assumed in one of gzip: flights, as the Bureau of Transportation Statistics publishes them, have some 8.
const GzipRatio = 10

// fitsSmallJob is whether the objects of the part are few bytes together, as text.
func fitsSmallJob(c Config) asl.Rule {
	return asl.Cond(fmt.Sprintf(`$sum($part.(size * ($contains(key, /\.gz$/i) ? %d : 1))) <= %d`, GzipRatio, c.SmallBytes))
}

var runState = asl.Var[glue.JobRunState]("job_run_state")

// tellJobError digs the job's own message out of the cause, which is the job
// run as JSON text when the run itself failed.
func tellJobError(failure asl.Target) asl.Target {
	jobRun := asl.Var[glue.JobRun]("job_run")
	message := asl.Of(jobRun, func(r *glue.JobRun) *string { return &r.ErrorMessage })
	read := asl.Pass("ReadJobError").Assign(asl.Let(jobRun, asl.StringToJSON[glue.JobRun](failedCause))).
		Then(asl.Pass("TellJobError").Assign(asl.Let(failedCause, message)).Then(failure))
	return asl.Choice("JobErrorKnown").
		When(asl.Matches(failedCause, `{*"ErrorMessage":"*`), read).
		Otherwise(failure)
}

// Metrics of each batch that a job has read, by the dimension DatasetDimension.
const (
	RejectRatio      = "RejectRatio" // share of the rows of the worst file, 0 to 1
	RowsRead         = "RowsRead"
	RowsRejected     = "RowsRejected"
	SmallRunsFailed  = "SmallRunsFailed" // runs of the small job that the other one has to do again
	DatasetDimension = "Dataset"
)

// measureRejects publishes how faulty the files are, be they loaded or refused for it: an
// alarm tells of bad files long before they are bad enough to be refused.
func measureRejects(c Config, d dataset) asl.Step {
	datum := func(name string, value asl.Operand) cloudwatch.Datum {
		return cloudwatch.Datum{
			MetricName: asl.Text(name),
			Dimensions: []cloudwatch.Dimension{{Name: DatasetDimension, Value: asl.Text(d.name)}},
			Value:      asl.As[float64](value),
		}
	}
	return cloudwatch.PutMetricData{Namespace: asl.Text(c.MetricNamespace), MetricData: []cloudwatch.Datum{
		datum(RejectRatio, asl.Of(result, func(r *etl.BatchResult) *float64 { return &r.RejectRatio })),
		datum(RowsRead, asl.Of(result, func(r *etl.BatchResult) *int64 { return &r.RowsRead })),
		datum(RowsRejected, asl.Of(result, func(r *etl.BatchResult) *int64 { return &r.RowsRejected })),
	}}.Task("MeasureRejects").
		Retry(transient, cloudwatch.InternalServiceFault, cloudwatch.ServiceError).
		KeepInput()
}
