package infra

import (
	"maps"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
)

// spark is the job for batches of any size.
func (args *JobArgs) spark(version, modules string) *glue.JobArgs {
	class := "STANDARD"
	if args.Config.Flex {
		class = "FLEX"
	}
	job := args.job(loadJob, glue.JobCommandArgs{Name: pulumi.String("glueetl"), PythonVersion: pulumi.String("3")}, etl.JobScript, version, map[string]string{
		"--extra-py-files":                   modules,
		"--job-language":                     "python",
		"--job-bookmark-option":              "job-bookmark-disable", // rows come from the object named in the arguments
		"--enable-metrics":                   strconv.FormatBool(true),
		"--enable-observability-metrics":     strconv.FormatBool(true), // whether runs fail
		"--enable-continuous-cloudwatch-log": strconv.FormatBool(true),
		"--custom-logGroup-prefix":           args.Names.jobLogGroup(),
	})
	job.Description = pulumi.String("Checks the raw files of a batch and writes the rows to load, the rejects and a manifest of each")
	job.GlueVersion = pulumi.String("5.1")
	job.WorkerType = pulumi.String(args.Config.WorkerType)
	job.NumberOfWorkers = pulumi.Int(args.Config.Workers)
	job.ExecutionClass = pulumi.String(class)
	return job
}

// duckDB is what the small job installs from PyPI, of which the job, without a connection to a VPC, has the internet: the last version
// with a wheel for Python 3.9, for which the machine's glibc is enough. A wheel in S3 is not taken by this argument.
const duckDB = "duckdb==1.4.5"

// shell is the job for small batches ("Configuring job properties for Python shell jobs in AWS Glue"). It has no bookmarks and no version of Glue.
func (args *JobArgs) shell(version, modules string) *glue.JobArgs {
	job := args.job(smallLoadJob, glue.JobCommandArgs{Name: pulumi.String("pythonshell"), PythonVersion: pulumi.String("3.9")}, etl.SmallJobScript, version, map[string]string{
		"--extra-py-files":            modules,
		"--additional-python-modules": duckDB,
		"library-set":                 "analytics", // has boto3, which the other has not
	})
	job.Description = pulumi.String("Does what " + args.Names.Name(loadJob) + " does, for batches that one small machine can do")
	job.MaxCapacity = pulumi.Float64(args.Config.SmallDPU)
	return job
}

// job is what both jobs have.
func (args *JobArgs) job(thing string, command glue.JobCommandArgs, script, version string, arguments map[string]string) *glue.JobArgs {
	scripts := "s3://" + args.Scripts.Name + "/"
	command.ScriptLocation = pulumi.String(scripts + keyOf(script, version))
	maps.Copy(arguments, args.Limits.Arguments())
	arguments[etl.ArgumentSQL] = scripts + sqlPrefix + version + "/"
	arguments["--TempDir"] = "s3://" + args.Staging.Name + "/" + loadsPrefix + "temp/"
	return &glue.JobArgs{
		Name:              pulumi.String(args.Names.Name(thing)),
		RoleArn:           args.Role.ARN,
		Command:           &command,
		Timeout:           pulumi.Int(args.Config.TimeoutMinutes),
		MaxRetries:        pulumi.Int(0), // the state machine retries, and knows what it did
		ExecutionProperty: &glue.JobExecutionPropertyArgs{MaxConcurrentRuns: pulumi.Int(args.Config.MaxConcurrentRuns)},
		// A queued run fails when Glue finds no place for it soon enough (15 minutes or 10 attempts, "AWS Glue job run
		// statuses"); the state machine waits for hours, and says what for.
		JobRunQueuingEnabled:  pulumi.Bool(false),
		SecurityConfiguration: args.SecurityConfiguration,
		DefaultArguments:      pulumi.ToStringMap(arguments),
	}
}

// jobLogGroup is the prefix of the job's log groups, the argument --custom-logGroup-prefix.
func (n Names) jobLogGroup() string { return "/aws-glue/jobs/" + n.Name(loadJob) }

// smallJobLogGroup is the prefix of the log groups of all Python shell jobs.
const smallJobLogGroup = "/aws-glue/python-jobs"

// jobLogGroups are what Glue makes of the prefix for a job that has a security configuration, which stands in them with the
// job's role and its path ("Logging for AWS Glue jobs", Glue User Guide): of output and of errors.
func (n Names) jobLogGroups(prefix string) []string {
	_, role, _ := strings.Cut(n.RoleARN(jobThing), ":role/")
	prefix += "/" + n.Name(glueSecurity) + "-role/" + role
	return []string{prefix + "/output", prefix + "/error"}
}
