package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/etl"
	"airline/workflow"
)

// Story is all that is known of one file.
type Story struct {
	File
	All []Version `json:"allVersions"`
	// Rows are the ledger's, the newest observation first.
	Rows []LedgerRow `json:"ledgerRows"`
	// Loads are the executions about it that are known, the newest first.
	Loads []Load `json:"loads"`
}

// Load is an execution about a file, with what it has left behind.
type Load struct {
	Execution
	Course
	Job *JobRun `json:"job,omitempty"`
	// Manifest says what the job has read and written; nil when it has not come to its end or the staging bucket has forgotten it.
	Manifest *etl.Manifest `json:"manifest,omitempty"`
}

// JobRun is a run of the Glue job.
type JobRun struct {
	ID       string   `json:"id"`
	State    string   `json:"state"`
	Seconds  int32    `json:"seconds"`
	Message  string   `json:"message,omitempty"`
	ErrorLog []string `json:"errorLog,omitempty"` // the last lines
}

// find finds one file.
func (s *Session) find(ctx context.Context, key string) (File, error) {
	for f, err := range s.Files(ctx, Selection{Keys: []string{key}}) {
		return f, err
	}
	return File{}, s.unknownKey(key)
}

// unknownKey says that there is no such file.
func (s *Session) unknownKey(key string) error {
	fix := "airline files lists the keys."
	if etl.DatasetOf(key) == "" {
		fix = "Keys begin with " + etl.Prefixes() + "; airline files lists them."
	}
	return &Failure{fmt.Sprintf("neither the bucket %s nor the ledger knows %q", s.Parts.Raw, key), fix, nil}
}

// Story tells all of one file.
func (s *Session) Story(ctx context.Context, key string) (*Story, error) {
	f, err := s.find(ctx, key)
	if err != nil {
		return nil, err
	}
	story := &Story{File: f, All: f.versions}
	if story.Rows, err = s.history(ctx, key); err != nil {
		return nil, err
	}
	recent, err := s.recent(ctx)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{} // the load's id by the execution's ARN
	if x, ok := recent[key]; ok {
		ids[x.ARN] = workflow.LoadID(s.Parts.Raw, key, f.Version.ID)
	}
	for _, row := range story.Rows {
		ids[row.Execution] = row.LoadID
	}
	arns := sortedKeys(ids)
	loads := make([]Load, len(arns))
	var do []func(context.Context) error
	for i, arn := range arns {
		do = append(do, func(ctx context.Context) (err error) {
			loads[i], err = s.load(ctx, arn, ids[arn])
			return err
		})
	}
	if errs := each(ctx, do...); len(errs) > 0 {
		return nil, s.explainAll(errs)
	}
	story.Loads = slices.DeleteFunc(loads, func(l Load) bool { return l.ARN == "" })
	slices.SortFunc(story.Loads, func(a, b Load) int { return b.Start.Compare(a.Start) })
	return story, nil
}

// load tells of one execution; it is empty when Step Functions has forgotten it, after 90 days.
func (s *Session) load(ctx context.Context, arn, loadID string) (Load, error) {
	l := Load{Execution: Execution{ARN: arn}}
	if parts := strings.Split(arn, ":"); len(parts) > 6 {
		l.Machine = parts[6]
	}
	if err := s.describe(ctx, &l.Execution); err != nil {
		if isAbsent(err) {
			return Load{}, nil
		}
		return l, err
	}
	c, err := s.course(ctx, arn)
	if err != nil {
		return l, err
	}
	l.Course = *c
	if c.JobRun != "" {
		if l.Job, err = s.jobRun(ctx, c.JobRun, l.Error != ""); err != nil {
			return l, err
		}
	}
	l.Manifest, err = s.manifest(ctx, workflow.LoadFolder(loadID, arn))
	return l, err
}

// errorLines is how many lines of the job's log are told.
const errorLines = 10

// jobRun tells of a run, and of its log if it failed or its execution did: the run itself succeeds when it refuses files of its batch.
func (s *Session) jobRun(ctx context.Context, id string, failed bool) (*JobRun, error) {
	job := s.Parts.Jobs[0]
	var r *glue.GetJobRunOutput
	for _, job = range s.Parts.Jobs {
		var err error
		if r, err = s.glue.GetJobRun(ctx, &glue.GetJobRunInput{JobName: &job.Name, RunId: &id}); err == nil {
			break
		}
		if !isAbsent(err) {
			return nil, s.Explain(err)
		}
	}
	if r == nil {
		return nil, nil
	}
	run := &JobRun{ID: id, State: string(r.JobRun.JobRunState), Seconds: r.JobRun.ExecutionTime, Message: aws.ToString(r.JobRun.ErrorMessage)}
	if run.Message == "" && !failed {
		return run, nil
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(s.logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(job.ErrorLog()), LogStreamNamePrefix: &id,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if isAbsent(err) {
			break
		}
		if err != nil {
			return nil, s.Explain(err)
		}
		for _, e := range page.Events {
			run.ErrorLog = append(run.ErrorLog, strings.TrimRight(aws.ToString(e.Message), "\n"))
		}
		run.ErrorLog = run.ErrorLog[max(0, len(run.ErrorLog)-errorLines):]
	}
	return run, nil
}

// manifest reads what the job says of its output; nil when it is not there.
func (s *Session) manifest(ctx context.Context, folder string) (*etl.Manifest, error) {
	body, err := s.staged(ctx, folder+"manifest.json")
	if isAbsent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer body.Close()
	m := &etl.Manifest{}
	if err := json.NewDecoder(body).Decode(m); err != nil {
		return nil, fmt.Errorf("reading the manifest in %s: %w", folder, err)
	}
	return m, nil
}

// staged opens an object of the staging bucket.
func (s *Session) staged(ctx context.Context, key string) (io.ReadCloser, error) {
	o, err := s.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.Parts.Staging, Key: &key})
	if err != nil {
		return nil, s.Explain(err)
	}
	return o.Body, nil
}

// Took is how long an execution ran; 0 while it runs.
func (x Execution) Took() time.Duration {
	if x.Stop == nil {
		return 0
	}
	return x.Stop.Sub(x.Start).Round(time.Second)
}
