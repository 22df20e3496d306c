// Package emrserverless has typed tasks for Amazon EMR Serverless.
package emrserverless

import "airline/asl"

// StartJobRun runs a Spark or Hive job in an application.
type StartJobRun struct {
	ApplicationID           asl.Value[string] `json:"ApplicationId" asl:"required"`    // required
	ExecutionRoleARN        asl.Value[string] `json:"ExecutionRoleArn" asl:"required"` // required
	Name                    asl.Value[string]
	JobDriver               JobDriver
	ExecutionTimeoutMinutes asl.Value[int]
}

// JobDriver is what the job runs.
type JobDriver struct {
	SparkSubmit *SparkSubmit
}

// SparkSubmit is a Spark job.
type SparkSubmit struct {
	EntryPoint            asl.Value[string] `asl:"required"` // required: s3://bucket/script.py
	EntryPointArguments   []asl.Value[string]
	SparkSubmitParameters asl.Value[string]
}

// Errors of StartJobRun. A run that fails ends Sync with States.TaskFailed.
const (
	Validation       asl.Err[StartJobRun] = "EmrServerless.ValidationException"
	ResourceNotFound asl.Err[StartJobRun] = "EmrServerless.ResourceNotFoundException"
	Conflict         asl.Err[StartJobRun] = "EmrServerless.ConflictException"
	InternalServer   asl.Err[StartJobRun] = "EmrServerless.InternalServerException"
)

// StartJobRunOutput names the run.
type StartJobRunOutput struct {
	ApplicationID string `json:"ApplicationId"`
	JobRunID      string `json:"JobRunId"`
	ARN           string `json:"Arn"`
}

// JobRunOutput is a run that is over.
type JobRunOutput struct{ JobRun JobRun }

// JobRun is a run of a job.
type JobRun struct {
	ApplicationID string `json:"ApplicationId"`
	JobRunID      string `json:"JobRunId"`
	State         string
	StateDetails  string
}

const startJobRun = "arn:aws:states:::emr-serverless:startJobRun"

// Task starts the run and goes on at once.
func (p StartJobRun) Task(name string) asl.Task[StartJobRun, StartJobRunOutput] {
	return asl.NewTask[StartJobRun, StartJobRunOutput](name, startJobRun, p)
}

// Sync starts the run and waits until it is over.
func (p StartJobRun) Sync(name string) asl.Task[StartJobRun, JobRunOutput] {
	return asl.NewTask[StartJobRun, JobRunOutput](name, startJobRun+".sync", p)
}
