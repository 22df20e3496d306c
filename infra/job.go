package infra

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
)

// loadJob is the Glue job: both machines run it, with different arguments.
const loadJob = "load"

// smallLoadJob does the same on one small machine, with DuckDB.
const smallLoadJob = "load-small"

// smallJob is the name of the job for small batches; empty when there is none.
func (n Names) smallJob(c *Config) string {
	if c.Job.Engine != EngineAuto {
		return ""
	}
	return n.Name(smallLoadJob)
}

// Job is the Glue job with its script and SQL, and the one for small batches.
type Job struct {
	pulumi.ResourceState

	Job *glue.Job
	// Small is nil unless the engine is EngineAuto.
	Small *glue.Job
}

// JobArgs describe the job.
type JobArgs struct {
	Names                 Names
	Config                JobConfig
	Limits                etl.Limits
	Files                 fs.FS // job/*.py, the scripts and their modules, and the rest of what they read
	Scripts, Staging      *Bucket
	Role                  *Role
	SecurityConfiguration pulumi.StringPtrInput
}

// NewJob uploads the files and makes the jobs.
func NewJob(ctx *pulumi.Context, name string, args *JobArgs, opts ...pulumi.ResourceOption) (*Job, error) {
	j := &Job{}
	child, err := register(ctx, "Job", name, j, opts)
	if err != nil {
		return nil, err
	}
	version, err := filesVersion(args.Files)
	if err != nil {
		return nil, fmt.Errorf("reading the job's files: %w", err)
	}
	modules, err := modulePaths(args, version)
	if err != nil {
		return nil, err
	}
	uploaded, err := uploadFiles(ctx, args, version, child)
	if err != nil {
		return nil, err
	}
	needs := pulumi.DependsOn(append(uploaded, args.Role.Ready))
	if j.Job, err = glue.NewJob(ctx, name, args.spark(version, modules), child, needs); err != nil {
		return nil, err
	}
	outputs := pulumi.Map{"name": j.Job.Name}
	if args.Config.Engine == EngineAuto {
		if j.Small, err = glue.NewJob(ctx, smallLoadJob, args.shell(version, modules), child, needs); err != nil {
			return nil, err
		}
		outputs["small"] = j.Small.Name
	}
	return j, ctx.RegisterResourceOutputs(j, outputs)
}

// filesVersion tells one set of files from another: 12 hexadecimal digits.
func filesVersion(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
		return err
	})
	return fmt.Sprintf("%.6x", sum.Sum(nil)), err
}

// keyOf is the key of a file in a version: job/ingest.py is job/VERSION/ingest.py.
func keyOf(name, version string) string { return path.Join(path.Dir(name), version, path.Base(name)) }

// modulePaths are the complete paths of the job's modules, separated by commas, as --extra-py-files takes them. A library of one .py file
// is not zipped ("Using Python libraries with AWS Glue" for Spark; a Python shell job takes Python files in the same way,
// "Configuring job properties for Python shell jobs in AWS Glue").
func modulePaths(args *JobArgs, version string) (string, error) {
	names, err := fs.Glob(args.Files, etl.JobModules)
	if err != nil {
		return "", fmt.Errorf("listing the job's modules: %w", err)
	}
	for i, name := range names {
		names[i] = "s3://" + args.Scripts.Name + "/" + keyOf(name, version)
	}
	return strings.Join(names, ","), nil
}

// uploadFiles makes an object of every file. Its key names the version of all files, and older ones stay: a run that started
// with a script finds the SQL that belongs to it, whatever an update does meanwhile.
func uploadFiles(ctx *pulumi.Context, args *JobArgs, version string, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	var made []pulumi.Resource
	err := fs.WalkDir(args.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(args.Files, name)
		if err != nil {
			return err
		}
		object, err := s3.NewBucketObjectv2(ctx, strings.ReplaceAll(name, "/", "-"), &s3.BucketObjectv2Args{
			Bucket:      args.Scripts.Bucket.ID(),
			Key:         pulumi.String(keyOf(name, version)),
			Content:     pulumi.String(string(text)),
			ContentType: pulumi.String("text/plain; charset=utf-8"),
		}, child, pulumi.DependsOn(args.Scripts.Settled), pulumi.RetainOnDelete(true))
		made = append(made, object)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("uploading the job's files: %w", err)
	}
	return made, nil
}
