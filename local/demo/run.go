package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
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
	byARN    map[string]*File
	ended    time.Time // virtual, of the execution that ended last
}

// object is what an execution is about.
type object struct{ key, version string }

func newRun(world *local.World, progress Progress) *run {
	r := &run{world: world, progress: progress, byObject: map[object]*File{}, byARN: map[string]*File{}}
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
			var rows *noDayError
			if errors.As(err, &rows) {
				f.RowsRead, f.RowsRejected, f.Reasons[ReasonNoDay] = rows.rows, rows.rows, rows.rows
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
		Cause: whyNone(u.key)}
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
func whyNone(key string) string {
	const none = "no execution was started for this object: "
	if !etl.IsFile(key) {
		return none + "nothing loads a file of this name; " + etl.Remedy(key)
	}
	return none + "its key may match no rule (" + rawKeys + "), or its event was lost"
}

// rawKeys are the keys that the stack's rules wait for.
var rawKeys = etl.Airports.Prefix() + "*.csv[.gz] or " + etl.Flights.Prefix() + "date=YYYY-MM-DD/*.csv[.gz]"

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
	f := r.byARN[x.ARN()]
	if f == nil {
		about := inputOf(x)
		if about.key == "" {
			return
		}
		if f = r.byObject[about]; f == nil { // one of an earlier run, which reconcile has found
			f = &File{Key: about.key, Version: about.version, Status: NotStarted, Reasons: map[string]int64{}}
			r.add(f)
		}
		r.byARN[x.ARN()] = f
		f.Execution = x.ARN()
	}
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
		Execution string
		Manifest  *etl.Manifest
		LoadID    string `json:"load_id"`
	}
	if json.Unmarshal([]byte(n.Message), &message) != nil {
		return
	}
	f := r.byARN[message.Execution]
	if f == nil {
		return
	}
	f.LoadID = message.LoadID
	if message.Manifest != nil {
		f.count(*message.Manifest)
	}
}

func inputOf(x *sim.Execution) object {
	input, _ := x.Input().(*jsonvalue.Object)
	if input == nil {
		return object{}
	}
	text := func(name string) string {
		v, _ := input.Get(name)
		s, _ := v.(string)
		return s
	}
	return object{text("key"), text("version")}
}
