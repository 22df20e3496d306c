package serve_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	rdtypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// written is a version of an object that a client was told of.
type written struct {
	id, etag string
	deleted  bool
}

// ledger is what clients were told, and what they tried without an answer.
type ledger struct {
	mu         sync.Mutex
	next       atomic.Int64
	versions   map[string][]written // by key, oldest first
	untold     map[string]bool      // texts of bodies, messages and rows that were sent
	flights    map[string]bool      // keys of files of flights
	sent       map[string]bool      // bodies of messages that are in the queue
	taken      map[string]bool      // those whose deletion was asked for
	executions map[string]string    // the end that was seen of each, by ARN; "" before
	statements map[string]string    // the row that each adds, by id
	rows       map[string]bool      // of statements whose end was seen
	tables     map[string]bool
}

func newLedger() *ledger {
	return &ledger{versions: map[string][]written{}, untold: map[string]bool{}, flights: map[string]bool{}, sent: map[string]bool{}, taken: map[string]bool{},
		executions: map[string]string{}, statements: map[string]string{}, rows: map[string]bool{}, tables: map[string]bool{}}
}

func (l *ledger) String() string {
	n := 0
	for _, list := range l.versions {
		n += len(list)
	}
	return fmt.Sprintf("%d versions of %d keys, %d files of flights, %d messages, %d executions, %d statements, %d tables",
		n, len(l.versions), len(l.flights), len(l.sent), len(l.executions), len(l.statements), len(l.tables))
}

// note writes something down while nobody else does.
func (l *ledger) note(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// name makes a text that no other is, and remembers that it was sent.
func (l *ledger) name(kind string) string {
	text := fmt.Sprintf("%s-%d", kind, l.next.Add(1))
	l.note(func() { l.untold[text] = true })
	return text
}

// object is a body that says itself whether it is whole.
func object(name string, size int) []byte {
	body := bytes.Repeat([]byte(name+"\n"), size/(len(name)+1)+1)
	sum := md5.Sum(body)
	return append([]byte(hex.EncodeToString(sum[:])), body...)
}

func whole(body []byte) bool {
	if len(body) < 32 {
		return false
	}
	sum := md5.Sum(body[32:])
	return string(body[:32]) == hex.EncodeToString(sum[:])
}

func (c *scene) put(ctx context.Context, key string, body []byte) {
	out, err := c.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &c.RawBucket, Key: &key, Body: bytes.NewReader(body)})
	if err == nil {
		c.note(func() { c.versions[key] = append(c.versions[key], written{id: *out.VersionId, etag: *out.ETag}) })
	}
}

// putObjects writes, and sometimes deletes, small objects; a key is written by one client at a time, so that its versions have an order.
func (c *scene) putObjects(ctx context.Context, r *rand.Rand) {
	key := fmt.Sprintf("small/%p/%d", r, r.IntN(5))
	if r.IntN(4) > 0 {
		c.put(ctx, key, object(c.name("object"), r.IntN(4000)))
		return
	}
	out, err := c.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &c.RawBucket, Key: &key})
	if err == nil {
		c.note(func() { c.versions[key] = append(c.versions[key], written{id: *out.VersionId, deleted: true}) })
	}
}

// putLarge writes objects that go by files, one of three in parts.
func (c *scene) putLarge(ctx context.Context, r *rand.Rand) {
	key := fmt.Sprintf("large/%p/%d", r, r.IntN(3))
	body := object(c.name("object"), 300_000+r.IntN(300_000))
	if r.IntN(3) > 0 {
		c.put(ctx, key, body)
		return
	}
	body = object(c.name("object"), 5<<20+300_000)
	made, err := c.s3.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: &c.RawBucket, Key: &key})
	if err != nil {
		return
	}
	var parts []s3types.CompletedPart
	for i, piece := range [][]byte{body[:5<<20], body[5<<20:]} {
		out, err := c.s3.UploadPart(ctx, &s3.UploadPartInput{Bucket: &c.RawBucket, Key: &key, UploadId: made.UploadId, PartNumber: aws.Int32(int32(i + 1)), Body: bytes.NewReader(piece)})
		if err != nil {
			return
		}
		parts = append(parts, s3types.CompletedPart{ETag: out.ETag, PartNumber: aws.Int32(int32(i + 1))})
	}
	done, err := c.s3.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: &c.RawBucket, Key: &key, UploadId: made.UploadId, MultipartUpload: &s3types.CompletedMultipartUpload{Parts: parts}})
	if err == nil {
		c.note(func() { c.versions[key] = append(c.versions[key], written{id: *done.VersionId, etag: *done.ETag}) })
	}
}

// putFlights uploads files that the pipeline loads.
func (c *scene) putFlights(ctx context.Context, r *rand.Rand) {
	key := fmt.Sprintf("daily-flights/date=2024-01-%02d/%s.csv", 1+r.IntN(28), c.name("flights"))
	body := "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,5,-3\nAF,2,1,0,0\n"
	if _, err := c.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &c.RawBucket, Key: &key, Body: strings.NewReader(body)}); err == nil {
		c.note(func() { c.flights[key] = true })
	}
	pause(ctx, 50*time.Millisecond)
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// sendMessages sends, receives and deletes.
func (c *scene) sendMessages(ctx context.Context, r *rand.Rand) {
	text := c.name("message")
	if _, err := c.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &c.queue, MessageBody: &text}); err == nil {
		c.note(func() { c.sent[text] = true })
	}
	if r.IntN(3) > 0 {
		return
	}
	got, err := c.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &c.queue, VisibilityTimeout: 1})
	if err != nil {
		return
	}
	for _, m := range got.Messages {
		c.note(func() { c.taken[*m.Body] = true })
		if _, err := c.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &c.queue, ReceiptHandle: m.ReceiptHandle}); err == nil {
			c.note(func() { delete(c.sent, *m.Body) })
		}
	}
}

// startExecutions starts executions, and looks at one of those before.
func (c *scene) startExecutions(ctx context.Context, r *rand.Rand) {
	out, err := c.sfn.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: &c.machine, Name: aws.String(c.name("execution")), Input: aws.String(fmt.Sprintf(`{"ask": %t}`, r.IntN(3) == 0)),
	})
	if err != nil {
		return
	}
	arn := *out.ExecutionArn
	c.note(func() {
		c.executions[arn] = ""
		for arn = range c.executions {
			break
		}
	})
	if seen, err := c.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn}); err == nil && seen.Status != sfntypes.ExecutionStatusRunning {
		c.note(func() { c.executions[arn] = string(seen.Status) })
	}
}

// startSync runs executions that callers wait for, one of them at the time of a kill.
func (c *scene) startSync(ctx context.Context, _ *rand.Rand) {
	machine := strings.Replace(c.machine, ":waits", ":express", 1)
	// Whether it comes to its end is seen by those that come after.
	_, _ = c.sfn.StartSyncExecution(ctx, &sfn.StartSyncExecutionInput{StateMachineArn: &machine, Input: aws.String(`{"ask": false}`)}, func(o *sfn.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error { return stack.Initialize.Add(hereOnly{}, middleware.Before) })
	})
}

// hereOnly leaves the host of a call as it is: StartSyncExecution puts "sync-" before it.
type hereOnly struct{}

func (hereOnly) ID() string { return "hereOnly" }

func (hereOnly) HandleInitialize(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	return next.HandleInitialize(smithyhttp.DisableEndpointHostPrefix(ctx, true), in)
}

// callback answers tasks as a worker.
func (c *scene) callback(ctx context.Context, _ *rand.Rand) {
	activity := strings.Replace(c.machine, "stateMachine:waits", "activity:by-hand", 1)
	task, err := c.sfn.GetActivityTask(ctx, &sfn.GetActivityTaskInput{ActivityArn: &activity})
	if err == nil && task.TaskToken != nil {
		// A task that nobody answers is the execution's to wait for.
		_, _ = c.sfn.SendTaskSuccess(context.WithoutCancel(ctx), &sfn.SendTaskSuccessInput{TaskToken: task.TaskToken, Output: aws.String(`"done"`)})
	}
}

// insertRows adds rows to the warehouse, and looks whether the statement has ended.
func (c *scene) insertRows(ctx context.Context, _ *rand.Rand) {
	row := c.name("row")
	out, err := c.data.ExecuteStatement(ctx, &redshiftdata.ExecuteStatementInput{WorkgroupName: &c.Workgroup, Database: &c.Database,
		Sql: aws.String("insert into public.noted values (:id)"), Parameters: []rdtypes.SqlParameter{{Name: aws.String("id"), Value: &row}}})
	if err != nil {
		return
	}
	c.note(func() { c.statements[*out.Id] = row })
	pause(ctx, 20*time.Millisecond)
	if seen, err := c.data.DescribeStatement(ctx, &redshiftdata.DescribeStatementInput{Id: out.Id}); err == nil && seen.Status == rdtypes.StatusStringFinished {
		c.note(func() { c.rows[row] = true })
	}
}

// makeTables adds to the catalog.
func (c *scene) makeTables(ctx context.Context, _ *rand.Rand) {
	name := strings.ReplaceAll(c.name("table"), "-", "_")
	_, err := c.glue.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String(catalog), TableInput: &gluetypes.TableInput{Name: &name}})
	if err == nil {
		c.note(func() { c.tables[name] = true })
	}
	pause(ctx, 20*time.Millisecond)
}

// catalog is the stack's database.
const catalog = "airline_dev"

// run runs a statement to its end and gives the first column of its result.
func (c *scene) run(t *testing.T, text string) []string {
	t.Helper()
	out, err := c.data.ExecuteStatement(t.Context(), &redshiftdata.ExecuteStatementInput{WorkgroupName: &c.Workgroup, Database: &c.Database, Sql: &text})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	for {
		seen, err := c.data.DescribeStatement(t.Context(), &redshiftdata.DescribeStatementInput{Id: out.Id})
		switch {
		case err != nil:
			t.Fatalf("%s: %v", text, err)
		case seen.Status == rdtypes.StatusStringFailed:
			t.Fatalf("%s: %s", text, aws.ToString(seen.Error))
		case seen.Status == rdtypes.StatusStringFinished && aws.ToBool(seen.HasResultSet):
			return c.result(t, out.Id)
		case seen.Status == rdtypes.StatusStringFinished:
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (c *scene) result(t *testing.T, id *string) []string {
	t.Helper()
	var column []string
	pages := redshiftdata.NewGetStatementResultPaginator(c.data, &redshiftdata.GetStatementResultInput{Id: id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range page.Records {
			text, ok := row[0].(*rdtypes.FieldMemberStringValue)
			if !ok {
				t.Fatalf("a value is %T", row[0])
			}
			column = append(column, text.Value)
		}
	}
	return column
}
