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

// runJob transforms the object: the job reads exactly the version that the
// event named, and writes Parquet, rejects and manifest below the load's prefix
// in the staging bucket. Running it again writes the same.
func runJob(c Config, d dataset, failure asl.Target) asl.Step {
	staging := "s3://" + c.StagingBucket + "/" + etl.LoadPrefix(staged)
	arguments := map[string]asl.Value[string]{
		"--dataset": asl.Text(d.name),
		"--bucket":  bucket,
		"--key":     key,
		"--version": version,
		"--load_id": loadID,
		"--staging": asl.Format(staging, loadID, run),
	}
	if d.airports {
		arguments["--airports"] = asl.Text("s3://" + c.RawBucket + "/" + etl.Airports.Prefix())
		arguments["--max_airports_reject_ratio"] = asl.Text(strconv.FormatFloat(c.MaxRejectRatio, 'f', -1, 64))
		if c.MinDepDelay != nil {
			arguments["--min_dep_delay"] = asl.Text(strconv.Itoa(*c.MinDepDelay))
		}
	}
	start := glue.StartJobRun{JobName: asl.Text(c.Job), Arguments: arguments}.Sync("RunJob").
		// The state's limit, beyond the job's own: a run that hangs is stopped.
		Timeout(4*time.Hour).
		// All runs of the job are taken: come back later, each at another moment.
		Retry(asl.Retrier{Interval: 30 * time.Second, BackoffRate: 1.5, MaxDelay: 5 * time.Minute, MaxAttempts: 60, Jitter: true}, glue.ConcurrentRuns).
		Retry(transient, glue.JobInternalService, glue.JobOperationTimeout).
		Retry(throttled, "Glue.ThrottlingException", "Glue.AWSGlueException"). // the second is what AWS re:Post shows
		Save(asl.Into(runState, func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState })).
		KeepInput().
		Catch(states.TaskFailed, asl.Catcher{Next: tellJobError(failure), KeepInput: true, Assign: whatFailed()})
	// What Step Functions answers for a run that was stopped is not documented:
	// SUCCEEDED is the only success.
	check := asl.Choice("JobSucceeded").
		When(asl.Ne(runState, glue.JobSucceeded), failure,
			asl.Let(failedState, asl.Text("RunJob")),
			asl.Let(failedError, asl.Text("JobNotSucceeded")),
			asl.Let(failedCause, asl.Format("the job run ended as {}", runState)))
	return asl.Chain(start, check)
}

var runState = asl.Var[glue.JobRunState]("job_run_state")

// tellJobError digs the job's own message out of the cause, which is the job
// run as JSON text when the run itself failed. Of a file that the job refused,
// the error becomes the refusal's code.
func tellJobError(failure asl.Target) asl.Target {
	jobRun := asl.Var[glue.JobRun]("job_run")
	message := asl.Of(jobRun, func(r *glue.JobRun) *string { return &r.ErrorMessage })
	tell := asl.Choice("TellJobError").
		When(asl.Matches(message, etl.RefusedFilePattern), failure,
			asl.Let(failedCause, message),
			asl.Let(failedError, asl.ArrayGetItem(asl.StringSplit(message, asl.Text("[]")), asl.Int(1)))).
		Otherwise(asl.Pass("TellOtherJobError").Assign(asl.Let(failedCause, message)).Then(failure))
	read := asl.Pass("ReadJobError").Assign(asl.Let(jobRun, asl.StringToJSON[glue.JobRun](failedCause))).Then(tell)
	return asl.Choice("JobErrorKnown").
		When(asl.Matches(failedCause, `{*"ErrorMessage":"*`), read).
		Otherwise(failure)
}

var manifest = asl.Var[etl.Manifest]("manifest")

// readManifest reads what the job says of its output. The job writes it last:
// its presence means that the output is complete.
func readManifest(c Config) asl.Step {
	body := asl.ResultAt(func(o *s3.GetObjectOutput) *string { return &o.Body })
	return s3.GetObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ManifestKey(staged), loadID, run),
		KeyARN: c.StagingKeyARN,
	}.Task("ReadManifest").
		Retry(transient, s3.ServiceError, "S3.SdkClientException").
		Assign(asl.Let(manifest, asl.StringToJSON[etl.Manifest](body))).
		KeepInput()
}

// Metrics of each file that a job has read, by the dimension DatasetDimension.
const (
	RejectRatio      = "RejectRatio" // share of the rows, 0 to 1
	RowsRead         = "RowsRead"
	RowsRejected     = "RowsRejected"
	DatasetDimension = "Dataset"
)

// measureRejects publishes how faulty a file is, be it loaded or refused: an
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
		datum(RejectRatio, asl.Of(manifest, func(m *etl.Manifest) *float64 { return &m.RejectRatio })),
		datum(RowsRead, asl.Of(manifest, func(m *etl.Manifest) *int64 { return &m.RowsRead })),
		datum(RowsRejected, asl.Of(manifest, func(m *etl.Manifest) *int64 { return &m.RowsRejected })),
	}}.Task("MeasureRejects").
		Retry(transient, cloudwatch.InternalServiceFault, cloudwatch.ServiceError).
		KeepInput()
}

// checkRejects refuses a file with too many faulty rows as a whole: nothing of
// it reaches the warehouse, and its rejects wait in the staging bucket.
func checkRejects(c Config, failure asl.Target) asl.Step {
	ratio := asl.Of(manifest, func(m *etl.Manifest) *float64 { return &m.RejectRatio })
	return asl.Choice("RejectsWithinLimit").
		When(asl.Gt(ratio, c.MaxRejectRatio), failure,
			asl.Let(failedState, asl.Context.State.Name),
			asl.Let(failedError, asl.Text(TooManyRejects)),
			asl.Let(failedCause, asl.Format(
				fmt.Sprintf("{} of {} rows were rejected ({}), over the limit of %v of the rows; the file was not loaded, its rejects are in the staging bucket under %s",
					c.MaxRejectRatio, etl.LoadPrefix(staged)),
				asl.Of(manifest, func(m *etl.Manifest) *int64 { return &m.RowsRejected }),
				asl.Of(manifest, func(m *etl.Manifest) *int64 { return &m.RowsRead }),
				asl.JSONToString(reasons),
				loadID, run)))
}

var reasons = asl.Of(manifest, func(m *etl.Manifest) *map[string]int64 { return &m.Reasons })

// TooManyRejects is the error of an execution whose file had more faulty rows
// than the limit allows.
const TooManyRejects = "TooManyRejects"
