package infra

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
)

// loadJob is the Glue job: both machines run it, with different arguments.
const loadJob = "load"

// Job is the Glue job with its script and SQL.
type Job struct {
	pulumi.ResourceState

	Job *glue.Job
}

// JobArgs describe the job.
type JobArgs struct {
	Names                 Names
	Config                JobConfig
	Limits                etl.Limits
	Files                 fs.FS // job/*.py, the script and its modules, and the rest of what it reads
	Scripts, Staging      *Bucket
	Role                  *Role
	SecurityConfiguration pulumi.StringPtrInput
}

// NewJob uploads the files and makes the job.
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
	n := args.Names
	class := "STANDARD"
	if args.Config.Flex {
		class = "FLEX"
	}
	j.Job, err = glue.NewJob(ctx, name, &glue.JobArgs{
		Name:        pulumi.String(n.Name(loadJob)),
		Description: pulumi.String("Checks the raw files of a batch and writes the rows to load, the rejects and a manifest of each"),
		RoleArn:     args.Role.ARN,
		GlueVersion: pulumi.String("5.1"),
		Command: &glue.JobCommandArgs{
			Name:           pulumi.String("glueetl"),
			PythonVersion:  pulumi.String("3"),
			ScriptLocation: pulumi.String("s3://" + args.Scripts.Name + "/" + keyOf(etl.JobScript, version)),
		},
		WorkerType:        pulumi.String(args.Config.WorkerType),
		NumberOfWorkers:   pulumi.Int(args.Config.Workers),
		ExecutionClass:    pulumi.String(class),
		Timeout:           pulumi.Int(args.Config.TimeoutMinutes),
		MaxRetries:        pulumi.Int(0), // the state machine retries, and knows what it did
		ExecutionProperty: &glue.JobExecutionPropertyArgs{MaxConcurrentRuns: pulumi.Int(args.Config.MaxConcurrentRuns)},
		// A queued run fails when Glue finds no place for it soon enough (15 minutes or 10 attempts, "AWS Glue job run
		// statuses"); the state machine waits for hours, and says what for.
		JobRunQueuingEnabled:  pulumi.Bool(false),
		SecurityConfiguration: args.SecurityConfiguration,
		DefaultArguments: pulumi.ToStringMap(withLimits(args.Limits, map[string]string{
			"--job-language":                     "python",
			"--job-bookmark-option":              "job-bookmark-disable", // rows come from the object named in the arguments
			"--enable-metrics":                   strconv.FormatBool(true),
			"--enable-observability-metrics":     strconv.FormatBool(true), // whether runs fail
			"--enable-continuous-cloudwatch-log": strconv.FormatBool(true),
			"--custom-logGroup-prefix":           n.jobLogGroup(),
			"--TempDir":                          "s3://" + args.Staging.Name + "/" + loadsPrefix + "temp/",
			etl.ArgumentSQL:                      "s3://" + args.Scripts.Name + "/" + sqlPrefix + version + "/",
			"--extra-py-files":                   modules,
		})),
	}, child, pulumi.DependsOn(append(uploaded, args.Role.Ready)))
	if err != nil {
		return nil, err
	}
	return j, ctx.RegisterResourceOutputs(j, pulumi.Map{"name": j.Job.Name})
}

// withLimits adds the limits of what can be of a flight to the job's arguments, where both of its users have them.
func withLimits(limits etl.Limits, arguments map[string]string) map[string]string {
	maps.Copy(arguments, limits.Arguments())
	return arguments
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

// jobLogGroup is the prefix of the job's log groups, the argument --custom-logGroup-prefix.
func (n Names) jobLogGroup() string { return "/aws-glue/jobs/" + n.Name(loadJob) }

// jobLogGroups are what Glue makes of the prefix for a job that has a security configuration, which stands in them with the
// job's role and its path ("Logging for AWS Glue jobs", Glue User Guide).
func (n Names) jobLogGroups() []string {
	_, role, _ := strings.Cut(n.RoleARN(jobThing), ":role/")
	prefix := n.jobLogGroup() + "/" + n.Name(glueSecurity) + "-role/" + role
	return []string{prefix + "/output", prefix + "/error"}
}
