package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/local"
	"airline/local/sns"
)

// run follows the files through the world.
type run struct {
	world    *local.World
	progress Progress
	files    []*File
	byObject map[object]*File
	byARN    map[string][]*File // the files of a batch
	partly   map[string]bool    // executions that failed after some of their files were loaded
	ended    time.Time          // virtual, of the execution that ended last
}

// object is what an execution is about.
type object struct{ key, version string }

func newRun(world *local.World, progress Progress) *run {
	r := &run{world: world, progress: progress, byObject: map[object]*File{}, byARN: map[string][]*File{}, partly: map[string]bool{}}
	world.SFN().Observe(r.event)
	world.SNS().Observe(r.notified)
	return r
}

// ingest uploads the files at one moment and lets the world run until it is
// idle. A file that cannot be uploaded fails alone.
func (r *run) ingest(ctx context.Context, files []upload) error {
	bucket, err := r.output("rawBucket")
	if err != nil {
		return err
	}
	for _, u := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := u.problem
		if err == nil {
			err = r.put(ctx, bucket, u)
		}
		if err != nil {
			f := &File{Key: u.key, Status: NotStarted, Reasons: map[string]int64{}, Error: "NotUploaded", Cause: err.Error()}
			var rows *notSplitError
			if errors.As(err, &rows) {
				f.RowsRead, f.RowsRejected, f.Reasons[rows.reason] = rows.rows, rows.rows, rows.rows
			}
			r.files = append(r.files, f)
		}
	}
	return r.world.Run(ctx)
}

// refusals are what the policies refused, as errors.
func (r *run) refusals() []error {
	var list []error
	for _, text := range refused(r.world) {
		list = append(list, errors.New(text))
	}
	return list
}

func (r *run) put(ctx context.Context, bucket *string, u upload) error {
	body, err := os.Open(u.path)
	if err != nil {
		return err
	}
	defer body.Close()
	out, err := r.world.S3().PutObject(ctx, &s3.PutObjectInput{
		Bucket: bucket, Key: aws.String(u.key), Body: body,
	})
	if err != nil {
		return err
	}
	f := &File{Key: u.key, Version: aws.ToString(out.VersionId), Status: NotStarted, Reasons: map[string]int64{}, Error: "NoExecution",
		Cause: r.whyNone(u.key)}
	r.add(f)
	return nil
}

// add follows a file from here on.
func (r *run) add(f *File) {
	r.files = append(r.files, f)
	r.byObject[object{f.Key, f.Version}] = f
	r.progress.File(f, "")
}

// whyNone tells why no execution was started for an object.
func (r *run) whyNone(key string) string {
	const none = "no execution was started for this object: "
	if !etl.IsFile(key) {
		return none + "nothing loads a file of this name; " + etl.Remedy(key)
	}
	if slices.ContainsFunc(strings.Split(csvFile.FindString(key), "."), func(part string) bool {
		return part != strings.ToLower(part) && part != strings.ToUpper(part)
	}) {
		return none + "rules wait for endings in lower or upper case; rename it to end in .csv or .csv.gz, or let reconcile find it, at midnight (UTC): --continue --wait 24h"
	}
	return none + "its key may match no rule (" + r.rawKeys() + "), or its event was lost"
}

// rawKeys are the keys that the stack's rules wait for.
func (r *run) rawKeys() string {
	var all []string
	for _, d := range inOrder() {
		if slices.Contains(r.world.Datasets(), d) {
			all = append(all, d.Pattern()+"*.csv[.gz]")
		}
	}
	return strings.Join(all, " or ")
}

// output is an output of the stack, as `pulumi stack output` gives it.
func (r *run) output(name string) (*string, error) {
	text, ok := r.world.Graph.Outputs[name].(string)
	if !ok {
		return nil, fmt.Errorf("the stack has no output %s", name)
	}
	return &text, nil
}

// event follows the executions state by state.
func (r *run) event(x *sim.Execution, e sim.Event) {
	files, known := r.byARN[x.ARN()]
	if !known {
		for _, about := range inputOf(x) {
			f := r.byObject[about]
			if f == nil { // one of an earlier run, which reconcile has found
				f = &File{Key: about.key, Version: about.version, Status: NotStarted, Reasons: map[string]int64{}}
				r.add(f)
			}
			f.Execution = x.ARN()
			files = append(files, f)
		}
		r.byARN[x.ARN()] = files
	}
	for _, f := range files {
		r.follow(f, x, e)
	}
}

// follow tells a file what its execution has come to.
func (r *run) follow(f *File, x *sim.Execution, e sim.Event) {
	switch e.Type {
	case sim.ExecutionStarted, sim.ExecutionSucceeded, sim.ExecutionFailed, sim.ExecutionAborted, sim.ExecutionTimedOut:
		f.Status = string(x.Status())
		f.Error, f.Cause = x.Error(), x.Cause()
		f.Elapsed = x.Elapsed()
		r.ended = e.Time
		r.progress.File(f, "")
	default:
		if strings.HasSuffix(e.Type.String(), "StateEntered") {
			r.progress.File(f, e.State)
		}
	}
}

// notified reads the counts out of the notifications, which come before the
// executions end.
func (r *run) notified(n sns.Notification) {
	var message struct {
		Execution, Status string
		Loaded            int
		Files             []etl.Outcome
	}
	if json.Unmarshal([]byte(n.Message), &message) != nil {
		return
	}
	r.partly[message.Execution] = message.Status == "FAILED" && message.Loaded > 0
	for _, o := range message.Files {
		if f := r.byObject[object{o.Key, o.Version}]; f != nil && o.LoadID != "" {
			f.LoadID, f.RowsRead, f.RowsLoaded, f.RowsRejected = o.LoadID, o.RowsRead, o.RowsLoaded, o.RowsRejected
		}
	}
}

func inputOf(x *sim.Execution) []object {
	var batch etl.Batch
	if json.Unmarshal([]byte(jsonvalue.String(x.Input())), &batch) != nil {
		return nil // another machine's
	}
	var list []object
	for _, f := range batch.Files {
		list = append(list, object{f.Key, f.Version})
	}
	return list
}
