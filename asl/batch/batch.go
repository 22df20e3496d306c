// Package batch has typed tasks for AWS Batch.
//
//	run := batch.SubmitJob{JobName: asl.Text("load"), JobQueue: asl.Text(queue), JobDefinition: asl.Text("load:3")}.Sync("Run")
package batch

import "airline/asl"

// SubmitJob submits a job.
type SubmitJob struct {
	JobName            asl.Value[string] `asl:"required"` // required
	JobQueue           asl.Value[string] `asl:"required"` // required: name or ARN
	JobDefinition      asl.Value[string] `asl:"required"` // required: name, name:revision or ARN
	Parameters         map[string]asl.Value[string]
	ContainerOverrides *ContainerOverrides
	ArrayProperties    *ArrayProperties
	RetryStrategy      *RetryStrategy
	Timeout            *Timeout
	ShareIdentifier    asl.Value[string]
}

// ContainerOverrides change what the job definition says.
type ContainerOverrides struct {
	Command     []asl.Value[string]
	Environment []EnvironmentVariable
}

// EnvironmentVariable is a variable of the container's environment.
type EnvironmentVariable struct {
	Name  asl.Value[string]
	Value asl.Value[string]
}

// ArrayProperties make an array job of Size children.
type ArrayProperties struct {
	Size asl.Value[int] // 2 to 10,000
}

// RetryStrategy is Batch's own way of trying again.
type RetryStrategy struct {
	Attempts asl.Value[int] // 1 to 10
}

// Timeout ends an attempt, after which the job fails: States.TaskFailed, not
// States.Timeout.
type Timeout struct {
	AttemptDurationSeconds asl.Value[int] // at least 60
}

// Errors of SubmitJob. A job that fails ends Sync with States.TaskFailed.
const (
	ClientError  asl.Err[SubmitJob] = "Batch.ClientException"
	ServerError  asl.Err[SubmitJob] = "Batch.ServerException"
	ServiceError asl.Err[SubmitJob] = "Batch.AWSBatchException"
)

// SubmitJobOutput names the job.
type SubmitJobOutput struct {
	JobID   string `json:"JobId"`
	JobName string
	JobARN  string `json:"JobArn"`
}

// Job is a job that is over.
type Job struct {
	JobID        string `json:"JobId"`
	JobName      string
	JobARN       string `json:"JobArn"`
	JobQueue     string
	Status       string
	StatusReason string
	CreatedAt    int // milliseconds since 1970
	StartedAt    int
	StoppedAt    int
	Attempts     []Attempt
	Container    Container
}

// Attempt is one run of a job.
type Attempt struct {
	Container    Container
	StatusReason string
}

// Container is the container of an attempt.
type Container struct {
	ExitCode      int
	LogStreamName string
	Reason        string
}

const submitJob = "arn:aws:states:::batch:submitJob"

// Task submits the job and goes on at once.
func (p SubmitJob) Task(name string) asl.Task[SubmitJob, SubmitJobOutput] {
	return asl.NewTask[SubmitJob, SubmitJobOutput](name, submitJob, p)
}

// Sync submits the job and waits until it is over.
func (p SubmitJob) Sync(name string) asl.Task[SubmitJob, Job] {
	return asl.NewTask[SubmitJob, Job](name, submitJob+".sync", p)
}
