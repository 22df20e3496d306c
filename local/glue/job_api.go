package glue

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

// GetJob describes a job.
func (s *Service) GetJob(ctx context.Context, in *glue.GetJobInput, _ ...func(*glue.Options)) (*glue.GetJobOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetJobInput, glue.GetJobOutput]{
		Service: "glue", Action: "GetJob", Needs: s.jobNeeds("GetJob", in.JobName), Takes: []string{"JobName"},
		Do: func(_ context.Context, in *glue.GetJobInput) (*glue.GetJobOutput, error) {
			j, err := s.findJob(in.JobName)
			if err != nil {
				return nil, err
			}
			command := types.JobCommand{Name: aws.String("glueetl"), ScriptLocation: &j.script, PythonVersion: aws.String("3")}
			if j.shell {
				command.Name, command.PythonVersion = aws.String(pythonShell), aws.String("3.9")
			}
			return &glue.GetJobOutput{Job: &types.Job{
				Name: &j.name, Role: &j.role, DefaultArguments: j.defaults, NonOverridableArguments: j.fixed, GlueVersion: aws.String(j.version),
				Timeout: aws.Int32(int32(j.timeout)), WorkerType: j.worker, NumberOfWorkers: aws.Int32(int32(j.workers)), ExecutionClass: j.class,
				MaxCapacity: aws.Float64(j.capacity), ExecutionProperty: &types.ExecutionProperty{MaxConcurrentRuns: int32(j.maxConcurrent)},
				Command: &command, SecurityConfiguration: aws.String(j.security),
			}}, nil
		},
	}, in)
}
