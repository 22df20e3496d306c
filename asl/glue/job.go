package glue

import "airline/asl"

// JobRunState is the state of a job run.
type JobRunState string

// The states of a job run. Only JobSucceeded is a success: check it after
// Sync, for what a stopped run answers is not documented.
const (
	JobStarting  JobRunState = "STARTING"
	JobRunning   JobRunState = "RUNNING"
	JobStopping  JobRunState = "STOPPING"
	JobStopped   JobRunState = "STOPPED"
	JobSucceeded JobRunState = "SUCCEEDED"
	JobFailed    JobRunState = "FAILED"
	JobTimeout   JobRunState = "TIMEOUT"
	JobError     JobRunState = "ERROR"
	JobWaiting   JobRunState = "WAITING"
	JobExpired   JobRunState = "EXPIRED"
)

// StartJobRun starts a run of a job.
type StartJobRun struct {
	JobName asl.Value[string] `asl:"required"` // required
	// Arguments of the script: names begin with two dashes.
	Arguments             map[string]asl.Value[string]
	JobRunID              asl.Value[string] `json:"JobRunId"` // of a run to repeat
	NumberOfWorkers       asl.Value[int]
	WorkerType            asl.Value[string] // "G.1X", "G.2X" ...
	ExecutionClass        asl.Value[string] // "FLEX" or "STANDARD"
	MaxCapacity           asl.Value[float64]
	SecurityConfiguration asl.Value[string]
	// Timeout of the run in minutes. It ends the state with States.TaskFailed;
	// only the state's own timeout ends it with States.Timeout.
	Timeout asl.Value[int]
}

// Errors of StartJobRun. A run that fails ends Sync with States.TaskFailed,
// whose cause is the JobRun as JSON text.
const (
	ConcurrentRuns              asl.Err[StartJobRun] = "Glue.ConcurrentRunsExceededException"
	JobNotFound                 asl.Err[StartJobRun] = "Glue.EntityNotFoundException"
	JobInvalidInput             asl.Err[StartJobRun] = "Glue.InvalidInputException"
	JobInternalService          asl.Err[StartJobRun] = "Glue.InternalServiceException"
	JobOperationTimeout         asl.Err[StartJobRun] = "Glue.OperationTimeoutException"
	ResourceNumberLimitExceeded asl.Err[StartJobRun] = "Glue.ResourceNumberLimitExceededException"
)

// StartJobRunOutput names the run.
type StartJobRunOutput struct {
	JobRunID string `json:"JobRunId"`
}

// JobRun is a run of a job.
type JobRun struct {
	ID              string `json:"Id"`
	Attempt         int
	JobName         string
	JobRunState     JobRunState
	ErrorMessage    string
	Arguments       map[string]string
	ExecutionTime   int // seconds in which the run used resources
	Timeout         int // minutes
	MaxCapacity     float64
	DPUSeconds      float64
	NumberOfWorkers int
	WorkerType      string
	ExecutionClass  string
	GlueVersion     string
	LogGroupName    string
	PreviousRunID   string `json:"PreviousRunId"`
	TriggerName     string
}

const startJobRun = "arn:aws:states:::glue:startJobRun"

// Task starts the run and goes on at once.
func (p StartJobRun) Task(name string) asl.Task[StartJobRun, StartJobRunOutput] {
	return asl.NewTask[StartJobRun, StartJobRunOutput](name, startJobRun, p)
}

// Sync starts the run and waits until it is over.
func (p StartJobRun) Sync(name string) asl.Task[StartJobRun, JobRun] {
	return asl.NewTask[StartJobRun, JobRun](name, startJobRun+".sync", p)
}

// GetJobRun asks how a run is doing.
type GetJobRun struct {
	JobName asl.Value[string] `asl:"required"`              // required
	RunID   asl.Value[string] `json:"RunId" asl:"required"` // required
}

// Errors of GetJobRun.
const (
	JobRunNotFound asl.Err[GetJobRun] = "Glue.EntityNotFoundException"
)

// GetJobRunOutput describes the run.
type GetJobRunOutput struct {
	JobRun JobRun
}

// Task asks once.
func (p GetJobRun) Task(name string) asl.Task[GetJobRun, GetJobRunOutput] {
	return asl.NewTask[GetJobRun, GetJobRunOutput](name, asl.SDK("glue", "getJobRun"), p)
}
