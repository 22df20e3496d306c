package wire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"airline/local"
	"airline/local/journal"
	"airline/local/recorder"
	"airline/local/wire"
	"airline/local/wire/wiretest"
)

// keptIn serves the world that a folder keeps.
func keptIn(t *testing.T, dir string, o local.Options) (*served, *journal.Journal, error) {
	t.Helper()
	o.Start, o.OneThread, o.WorkDir = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), true, filepath.Join(dir, "world")
	if err := os.RemoveAll(o.WorkDir); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(dir, []byte("a test"), func([]byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	w, err := local.Deploy(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if o.Graph.Stack == "none" {
		w.OpenRoles()
	}
	server, err := wiretest.Serve(w, wire.Options{Keep: j, KeyFile: filepath.Join(dir, "keys.json")})
	if err != nil {
		w.Close()
		j.Close()
		return nil, nil, err
	}
	t.Cleanup(func() {
		server.Close()
		j.Close()
	})
	return &served{Server: server.Server, url: server.URL, world: w, profiles: server.Profiles()}, j, nil
}

// asKilled is a folder as a process leaves it that is killed now.
func asKilled(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	for _, name := range []string{"about.json", "journal", "journal.synced", "keys.json", "bodies"} {
		from := filepath.Join(dir, name)
		info, err := os.Stat(from)
		if err == nil && info.IsDir() {
			err = os.CopyFS(filepath.Join(to, name), os.DirFS(from))
		} else if err == nil {
			var text []byte
			if text, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(filepath.Join(to, name), text, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// sameAgain kills a server, has another one do its journal again, and compares what clients see of both, which is want.
func sameAgain(t *testing.T, s *served, dir string, g *recorder.Graph) (again *served, want string) {
	t.Helper()
	want = seen(t, s)
	again, _, err := keptIn(t, asKilled(t, dir), local.Options{Graph: g})
	if err != nil {
		t.Fatal(err)
	}
	if got := seen(t, again); got != want {
		t.Errorf("it is otherwise afterwards:\n%s\nbefore:\n%s", got, want)
	}
	return again, want
}

// seen is what clients see of a stack's world.
func seen(t *testing.T, s *served) string {
	t.Helper()
	ctx := t.Context()
	raw := s.world.Bucket("raw")
	versions := must[*s3.ListObjectVersionsOutput](t)(s.s3("operator").ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &raw}))
	uploads := must[*s3.ListMultipartUploadsOutput](t)(s.s3("operator").ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: &raw}))
	all := []any{versions.Versions, versions.DeleteMarkers, uploads.Uploads}
	client := sfn.NewFromConfig(s.as("operator"))
	for _, x := range s.world.SFN().Executions() {
		history := must[*sfn.GetExecutionHistoryOutput](t)(client.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: aws.String(x.ARN()), MaxResults: 1000}))
		all = append(all, x.ARN(), x.Status(), history.Events)
	}
	rows, err := s.world.RedshiftData().Query(ctx, "SELECT source_key, count(*) FROM airlines.daily_flights_fact GROUP BY 1 ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(append(all, rows.Rows, s.world.SQS().Bodies("airline-dev-undelivered")), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The next process has what clients were told, in whatever way they did it.
func TestAWorldIsKept(t *testing.T) {
	g, err := stack()
	if err != nil {
		t.Fatal(err)
	}
	ctx, dir := t.Context(), t.TempDir()
	s, _, err := keptIn(t, dir, local.Options{Graph: g})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Kept() || s.Again().Calls != 0 {
		t.Errorf("kept %t, %d calls done again", s.Kept(), s.Again().Calls)
	}
	client, raw := s.s3("operator"), s.world.Bucket("raw")
	put := func(key string, body []byte) {
		t.Helper()
		must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{Bucket: &raw, Key: &key, Body: bytes.NewReader(body), Metadata: map[string]string{"a": "b"}}))
	}
	put("airports/airports.csv", []byte("airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n"))
	put("odd/ä b%/../x.csv", nil)
	put("twice", []byte("one"))
	put("twice", bytes.Repeat([]byte("two"), 200_000)) // which goes by a file
	must[*s3.DeleteObjectOutput](t)(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &raw, Key: aws.String("twice")}))
	made := must[*s3.CreateMultipartUploadOutput](t)(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &raw, Key: aws.String("parts")}))
	part := must[*s3.UploadPartOutput](t)(client.UploadPart(ctx, &s3.UploadPartInput{Bucket: &raw, Key: aws.String("parts"), UploadId: made.UploadId, PartNumber: aws.Int32(1), Body: bytes.NewReader(make([]byte, 6<<20))}))
	must[*sqs.SendMessageOutput](t)(sqs.NewFromConfig(s.as("operator")).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(queueURL(t, s)), MessageBody: aws.String("a message")}))
	if err := s.Do(func(*local.World) error { // as the console does
		_, err := s.Operate(ctx, "s3", "PutObject", &s3.PutObjectInput{Bucket: &raw, Key: aws.String("daily-flights/date=2024-01-01/a.csv"),
			Body: strings.NewReader("Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n" + strings.Repeat("LH,1,2,5,-3\n", 30_000))})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of all executions", func() (over bool) {
		if err := s.Do(func(w *local.World) error { over = w.Idle() && len(w.SFN().Executions()) >= 2; return nil }); err != nil {
			t.Fatal(err)
		}
		return over
	})
	again, want := sameAgain(t, s, dir, g)
	if !strings.Contains(want, "daily-flights/date=2024-01-01/a.csv") || !strings.Contains(want, "30000") {
		t.Errorf("nothing was loaded:\n%s", want)
	}
	if again.Again().Calls < 8 || again.profiles["operator"] != s.profiles["operator"] {
		t.Errorf("%d calls were done again; keys are %v and %v", again.Again().Calls, s.profiles["operator"], again.profiles["operator"])
	}
	must[*s3.CompleteMultipartUploadOutput](t)(again.s3("operator").CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: &raw, Key: aws.String("parts"), UploadId: made.UploadId,
		MultipartUpload: &s3types.CompletedMultipartUpload{Parts: []s3types.CompletedPart{{ETag: part.ETag, PartNumber: aws.Int32(1)}}}}))

	if _, _, err := keptIn(t, asKilled(t, dir), local.Options{Graph: g, Seed: 7}); err == nil || !strings.Contains(err.Error(), "its answer is another than before") {
		t.Errorf("another world does the same: %v", err)
	}
}

func queueURL(t *testing.T, s *served) string {
	t.Helper()
	out := must[*sqs.GetQueueUrlOutput](t)(sqs.NewFromConfig(s.as("operator")).GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("airline-dev-undelivered")}))
	return *out.QueueUrl
}

// none is an empty stack.
var none = &recorder.Graph{Project: "airline", Stack: "none", Account: recorder.DefaultAccount, Region: "us-east-1", Partition: "aws"}

// A worker that waits when the process ends gets no task that comes afterwards; executions go on, also a second time.
func TestWhoWaitsAtTheEndHasGone(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, _, err := keptIn(t, dir, local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	client := sfn.NewFromConfig(s.as("operator"))
	a := must[*sfn.CreateActivityOutput](t)(client.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("work")}))
	machine := create(t, client, "m", `{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "Next": "W"}, "W": {"Type": "Task", "Resource": "`+*a.ActivityArn+`", "End": true}}}`, "")
	waiting, gone := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = client.GetActivityTask(waiting, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn}) // it is given up
	}()
	journalOf := func() string {
		text, err := os.ReadFile(filepath.Join(dir, "journal"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	eventually(t, "the worker", func() bool { return strings.Contains(journalOf(), `"begun"`) })
	killed := asKilled(t, dir)
	gone()
	<-over
	for range 2 {
		s, _, err = keptIn(t, killed, local.Options{Graph: none})
		if err != nil {
			t.Fatal(err)
		}
		killed = asKilled(t, killed)
	}
	if s.Again().Callerless != 0 {
		t.Errorf("%d callers have gone a second time", s.Again().Callerless)
	}
	client = sfn.NewFromConfig(s.as("operator"))
	x := must[*sfn.StartExecutionOutput](t)(client.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: machine}))
	task := must[*sfn.GetActivityTaskOutput](t)(client.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: a.ActivityArn}))
	if task.TaskToken == nil {
		t.Fatal("there is no task")
	}
	// The clock must not jump over the wait for the worker, whatever it jumped over before.
	shown := must[*sfn.DescribeExecutionOutput](t)(client.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: x.ExecutionArn}))
	if shown.Status != types.ExecutionStatusRunning {
		t.Errorf("the execution is %s", shown.Status)
	}
	must[*sfn.SendTaskSuccessOutput](t)(client.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String("1")}))
}

// Reads are not kept, unless they take something from those that follow; what is not acknowledged to be kept is not done either.
func TestWhatIsWrittenDown(t *testing.T) {
	g, err := stack()
	if err != nil {
		t.Fatal(err)
	}
	ctx, dir := t.Context(), t.TempDir()
	s, j, err := keptIn(t, dir, local.Options{Graph: g})
	if err != nil {
		t.Fatal(err)
	}
	records := func() int {
		text, err := os.ReadFile(filepath.Join(dir, "journal"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(text, []byte(`"kind":"called"`))
	}
	raw := s.world.Bucket("raw")
	data := redshiftdata.NewFromConfig(s.as("operator"))
	for _, c := range []struct {
		what string
		more int
		call func() error
	}{
		{"a write", 1, func() error {
			return second(s.s3("operator").PutObject(ctx, &s3.PutObjectInput{Bucket: &raw, Key: aws.String("a"), Body: strings.NewReader("1")}))
		}},
		{"a read", 0, func() error {
			return second(s.s3("operator").GetObject(ctx, &s3.GetObjectInput{Bucket: &raw, Key: aws.String("a")}))
		}},
		{"a list", 0, func() error {
			return second(s.s3("operator").ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &raw}))
		}},
		{"a read that counts for a rate", 1, func() error {
			if err := second(data.DescribeStatement(ctx, &redshiftdata.DescribeStatementInput{Id: aws.String("d9b6c0c9-0747-4bf4-b142-e8883122f766")})); code(err) != "ResourceNotFoundException 400" {
				return fmt.Errorf("got %w", err)
			}
			return nil
		}},
		{"a text that is not UTF-8", 0, func() error {
			err := second(s.s3("operator").PutObject(ctx, &s3.PutObjectInput{Bucket: &raw, Key: aws.String("b"), Body: strings.NewReader("1"), Metadata: map[string]string{"a": "\xff"}}))
			if code(err) != "InvalidArgument 400" {
				return fmt.Errorf("got %w", err)
			}
			return nil
		}},
	} {
		before := records()
		if err := c.call(); err != nil {
			t.Errorf("%s: %v", c.what, err)
		}
		if got := records() - before; got != c.more {
			t.Errorf("%s makes %d records, want %d", c.what, got, c.more)
		}
	}
	if err := j.Close(); err != nil { // as if the disk were full
		t.Fatal(err)
	}
	for range 2 {
		err := second(s.s3("operator").PutObject(ctx, &s3.PutObjectInput{Bucket: &raw, Key: aws.String("c"), Body: strings.NewReader("1")}))
		if code(err) != "InternalFailure 500" || !strings.Contains(err.Error(), "cannot be kept any more") {
			t.Errorf("got %v", err)
		}
	}
	if err := second(s.s3("operator").HeadObject(ctx, &s3.HeadObjectInput{Bucket: &raw, Key: aws.String("c")})); err == nil {
		t.Error("what was not kept is seen")
	}
}
