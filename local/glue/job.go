package glue

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
	"airline/local/recorder"
	"airline/local/resource"
)

type job struct {
	name, role    string
	shell         bool   // a Python shell job, not Spark
	script        string // s3://bucket/key
	defaults      map[string]string
	fixed         map[string]string // non-overridable arguments
	maxConcurrent int
	timeout       int64 // minutes
	version       string
	worker        types.WorkerType
	workers       int64
	capacity      float64
	class         types.ExecutionClass
	security      string
	runs          []*jobRun // oldest first
	active        int       // runs that have not ended
}

type jobRun struct {
	job       *job
	id        string
	arguments map[string]string // as given; the job's own are merged when it runs
	state     types.JobRunState
	message   string
	started   time.Time
	running   time.Time
	ended     time.Time
	changed   time.Time
	timeout   time.Duration
	worker    types.WorkerType
	workers   int64
	capacity  float64 // DPUs
}

func (s *Service) addJob(r *recorder.Resource) error {
	var in struct {
		Name    string `prop:"name"`
		Role    string `prop:"roleArn"`
		Command struct {
			Name    string `prop:"name"`
			Script  string `prop:"scriptLocation"`
			Python  string `prop:"pythonVersion"`
			Runtime any    `prop:"runtime,ignore"`
		} `prop:"command"`
		Defaults   map[string]string `prop:"defaultArguments"`
		Fixed      map[string]string `prop:"nonOverridableArguments"`
		Properties *struct {
			Max int64 `prop:"maxConcurrentRuns"`
		} `prop:"executionProperty"`
		Timeout     *int64  `prop:"timeout"`
		Retries     int64   `prop:"maxRetries"`
		Version     string  `prop:"glueVersion"`
		Worker      string  `prop:"workerType"`
		Workers     int64   `prop:"numberOfWorkers"`
		Capacity    float64 `prop:"maxCapacity"`
		Class       string  `prop:"executionClass"`
		Security    string  `prop:"securityConfiguration"`
		Queuing     bool    `prop:"jobRunQueuingEnabled"`
		Connections []any   `prop:"connections"`
		Description any     `prop:"description,ignore"`
		Notify      any     `prop:"notificationProperty,ignore"`
		Window      any     `prop:"maintenanceWindow,ignore"`
		Tags        any     `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	j := &job{
		name: in.Name, shell: in.Command.Name == pythonShell, script: in.Command.Script, defaults: in.Defaults, fixed: in.Fixed, maxConcurrent: 1, timeout: 2880, version: in.Version,
		worker: types.WorkerType(in.Worker), workers: in.Workers, class: types.ExecutionClass(or(in.Class, "STANDARD")), security: in.Security,
	}
	var ok bool
	switch j.role, ok = s.roleOf(in.Role); {
	case !ok:
		return resource.Problem(r, "role %q is not deployed", in.Role)
	case in.Retries > 0, in.Queuing:
		return resource.Problem(r, "maxRetries and jobRunQueuingEnabled are not modelled by the local world: the state machine retries")
	case in.Command.Name != "" && in.Command.Name != "glueetl" && !j.shell:
		return resource.Problem(r, "command %q is not modelled by the local world, only glueetl and %s", in.Command.Name, pythonShell)
	case j.shell && in.Command.Python != "3.9":
		return resource.Problem(r, "Python %q is not modelled by the local world for a Python shell job, only 3.9", in.Command.Python)
	case j.shell && (in.Worker != "" || in.Workers > 0):
		return resource.Problem(r, "a Python shell job has no workers: it has a maxCapacity")
	case j.shell && in.Capacity != 0 && in.Capacity != smallestDPU && in.Capacity != 1:
		return resource.Problem(r, "maxCapacity of a Python shell job is %v or 1, not %v", smallestDPU, in.Capacity)
	case len(in.Connections) > 0:
		return resource.Problem(r, "connections are not modelled by the local world: the job goes from S3 to S3")
	}
	if in.Properties != nil && in.Properties.Max > 0 {
		j.maxConcurrent = int(in.Properties.Max)
	}
	if in.Timeout != nil {
		j.timeout = *in.Timeout
	}
	j.capacity = in.Capacity
	if j.shell && j.capacity == 0 {
		j.capacity = smallestDPU
	} else if j.capacity == 0 {
		j.capacity = float64(j.workers) * dpus[j.worker]
	}
	s.jobs[in.Name] = j
	return nil
}

// pythonShell is the command of a Python shell job, and smallestDPU is the capacity that it has if none is given ("Configuring job properties
// for Python shell jobs in AWS Glue").
const (
	pythonShell = "pythonshell"
	smallestDPU = 0.0625
)

// dpus is what a worker counts for ("Worker types" in the Glue Developer Guide).
var dpus = map[types.WorkerType]float64{"G.025X": 0.25, "G.1X": 1, "G.2X": 2, "G.4X": 4, "G.8X": 8, "Standard": 1}

func (s *Service) findJob(name *string) (*job, error) {
	j := s.jobs[aws.ToString(name)]
	if j == nil {
		return nil, notFound("Job %s is not found", aws.ToString(name))
	}
	return j, nil
}

func (s *Service) jobNeeds(action string, name *string) []door.Request {
	return []door.Request{{Action: "glue:" + action, Resource: s.arn("glue", "job/"+aws.ToString(name))}}
}

// StartJobRun starts a run. When as many run as the job allows it answers ConcurrentRunsExceededException.
func (s *Service) StartJobRun(ctx context.Context, in *glue.StartJobRunInput, _ ...func(*glue.Options)) (*glue.StartJobRunOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.StartJobRunInput, glue.StartJobRunOutput]{
		Service: "glue", Action: "StartJobRun", Needs: s.jobNeeds("StartJobRun", in.JobName), Takes: []string{"JobName", "Arguments", "Timeout", "WorkerType", "NumberOfWorkers"},
		Do: func(_ context.Context, in *glue.StartJobRunInput) (*glue.StartJobRunOutput, error) {
			j, err := s.findJob(in.JobName)
			if err != nil {
				return nil, err
			}
			for name := range in.Arguments {
				if !strings.HasPrefix(name, "--") {
					return nil, invalidInput("Job argument %q has to begin with --", name)
				}
				if _, fixed := j.fixed[name]; fixed {
					return nil, invalidInput("Job argument %s cannot be overridden", name)
				}
			}
			if in.Timeout != nil && *in.Timeout < 1 {
				return nil, invalidInput("Timeout has to be at least 1 minute")
			}
			if j.active >= j.maxConcurrent {
				return nil, &types.ConcurrentRunsExceededException{Message: aws.String("Concurrent runs exceeded for " + j.name)}
			}
			r := &jobRun{job: j, arguments: in.Arguments, timeout: time.Duration(j.timeout) * time.Minute, worker: j.worker, workers: j.workers, capacity: j.capacity}
			if err := r.resize(in); err != nil {
				return nil, err
			}
			if in.Timeout != nil {
				r.timeout = time.Duration(*in.Timeout) * time.Minute
			}
			sum := sha256.Sum256([]byte(s.door.UUID()))
			r.id = "jr_" + hex.EncodeToString(sum[:])
			j.runs = append(j.runs, r)
			j.active++
			s.startRun(r)
			return &glue.StartJobRunOutput{JobRunId: aws.String(r.id)}, nil
		},
	}, in)
}

// resize gives the run the workers that are asked for instead of the job's own.
func (r *jobRun) resize(in *glue.StartJobRunInput) error {
	if in.NumberOfWorkers == nil && in.WorkerType == "" {
		return nil
	}
	if r.job.shell {
		return invalidInput("Worker Type and Number of Workers are not supported for Job Command pythonshell")
	}
	if in.WorkerType != "" {
		r.worker = in.WorkerType
	}
	if in.NumberOfWorkers != nil {
		r.workers = int64(*in.NumberOfWorkers)
	}
	if r.workers < 2 {
		return invalidInput("The number of workers must be at least 2")
	}
	r.capacity = float64(r.workers) * dpus[r.worker]
	return nil
}

func (s *Service) findRun(jobName, id *string) (*jobRun, error) {
	j, err := s.findJob(jobName)
	if err != nil {
		return nil, err
	}
	for _, r := range slices.Backward(j.runs) {
		if r.id == aws.ToString(id) {
			return r, nil
		}
	}
	return nil, notFound("Job Run: %s is not found for Job: %s", aws.ToString(id), j.name)
}

// GetJobRun describes a run.
func (s *Service) GetJobRun(ctx context.Context, in *glue.GetJobRunInput, _ ...func(*glue.Options)) (*glue.GetJobRunOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetJobRunInput, glue.GetJobRunOutput]{
		Service: "glue", Action: "GetJobRun", Needs: s.jobNeeds("GetJobRun", in.JobName), Takes: []string{"JobName", "RunId", "PredecessorsIncluded"},
		Do: func(_ context.Context, in *glue.GetJobRunInput) (*glue.GetJobRunOutput, error) {
			r, err := s.findRun(in.JobName, in.RunId)
			if err != nil {
				return nil, err
			}
			return &glue.GetJobRunOutput{JobRun: s.describeRun(r)}, nil
		},
	}, in)
}

// GetJobRuns lists a job's runs, the newest first.
func (s *Service) GetJobRuns(ctx context.Context, in *glue.GetJobRunsInput, _ ...func(*glue.Options)) (*glue.GetJobRunsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetJobRunsInput, glue.GetJobRunsOutput]{
		Service: "glue", Action: "GetJobRuns", Needs: s.jobNeeds("GetJobRuns", in.JobName),
		Do: func(_ context.Context, in *glue.GetJobRunsInput) (*glue.GetJobRunsOutput, error) {
			j, err := s.findJob(in.JobName)
			if err != nil {
				return nil, err
			}
			runs := slices.Clone(j.runs)
			slices.Reverse(runs)
			page, next, err := pageOf(runs, 200, in.MaxResults, in.NextToken)
			out := &glue.GetJobRunsOutput{NextToken: next}
			for _, r := range page {
				out.JobRuns = append(out.JobRuns, *s.describeRun(r))
			}
			return out, err
		},
	}, in)
}

func (s *Service) describeRun(r *jobRun) *types.JobRun {
	j := r.job
	d := &types.JobRun{
		Id: aws.String(r.id), JobName: aws.String(j.name), JobRunState: r.state, Arguments: r.arguments, Attempt: 0,
		StartedOn: aws.Time(r.started), LastModifiedOn: aws.Time(r.changed), Timeout: aws.Int32(int32(r.timeout / time.Minute)),
		GlueVersion: aws.String(j.version), LogGroupName: aws.String(j.defaultLogs()), ExecutionClass: j.class, JobMode: types.JobModeScript,
		MaxCapacity: aws.Float64(r.capacity), PredecessorRuns: []types.Predecessor{},
	}
	d.AllocatedCapacity = int32(r.capacity) //lint:ignore SA1019 Glue answers with it all the same.
	if j.worker != "" {
		d.WorkerType, d.NumberOfWorkers = r.worker, aws.Int32(int32(r.workers))
	}
	if j.security != "" {
		d.SecurityConfiguration = aws.String(j.security)
	}
	if r.message != "" {
		d.ErrorMessage = aws.String(r.message)
	}
	if !r.ended.IsZero() {
		d.CompletedOn = aws.Time(r.ended)
	}
	d.ExecutionTime = int32(s.executionTime(r) / time.Second)
	return d
}

// executionTime is how long a run has used its workers: startup does not count.
func (s *Service) executionTime(r *jobRun) time.Duration {
	switch {
	case r.running.IsZero():
		return 0
	case r.ended.IsZero():
		return s.door.Now().Sub(r.running)
	}
	return r.ended.Sub(r.running)
}

// BatchStopJobRun stops runs: STOPPING, then STOPPED. What a run has written by then stays.
func (s *Service) BatchStopJobRun(ctx context.Context, in *glue.BatchStopJobRunInput, _ ...func(*glue.Options)) (*glue.BatchStopJobRunOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.BatchStopJobRunInput, glue.BatchStopJobRunOutput]{
		Service: "glue", Action: "BatchStopJobRun", Needs: s.jobNeeds("BatchStopJobRun", in.JobName),
		Do: func(_ context.Context, in *glue.BatchStopJobRunInput) (*glue.BatchStopJobRunOutput, error) {
			if len(in.JobRunIds) < 1 || len(in.JobRunIds) > 25 {
				return nil, invalidInput("JobRunIds has to have from 1 to 25 members")
			}
			out := &glue.BatchStopJobRunOutput{}
			for _, id := range in.JobRunIds {
				r, err := s.findRun(in.JobName, &id)
				code, message := "", ""
				switch {
				case err != nil:
					code, message = "EntityNotFoundException", err.Error()
				case !r.ended.IsZero() || r.state == types.JobRunStateStopping:
					code, message = "JobRunNotInTerminalStateException", fmt.Sprintf("Job run %s is in the state %s", id, r.state)
				}
				if code != "" {
					out.Errors = append(out.Errors, types.BatchStopJobRunError{JobName: in.JobName, JobRunId: aws.String(id),
						ErrorDetail: &types.ErrorDetail{ErrorCode: aws.String(code), ErrorMessage: aws.String(message)}})
					continue
				}
				s.setState(r, types.JobRunStateStopping)
				s.clock.After(runStopping, func() { s.endRun(r, types.JobRunStateStopping, types.JobRunStateStopped, "") })
				out.SuccessfulSubmissions = append(out.SuccessfulSubmissions, types.BatchStopJobRunSuccessfulSubmission{JobName: in.JobName, JobRunId: aws.String(id)})
			}
			return out, nil
		},
	}, in)
}
