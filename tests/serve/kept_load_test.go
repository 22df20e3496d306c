package serve_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
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
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
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

// check asks for all that clients were told, and finds that nothing is there that nobody wrote.
func (c *scene) check(t *testing.T) {
	t.Helper()
	for arn, end := range c.executions {
		seen, err := c.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
		if err != nil {
			t.Errorf("an execution that was started: %v", err)
		} else if end != "" && string(seen.Status) != end {
			t.Errorf("%s was %s, and is %s", arn, end, seen.Status)
		}
	}
	if c.RawBucket == "" {
		return
	}
	c.checkObjects(t)
	c.checkMessages(t)
	asked := 0
	for id := range c.statements {
		if asked++; asked > 20 { // some of them: each look counts for a rate, and is kept
			break
		}
		if _, err := c.data.DescribeStatement(t.Context(), &redshiftdata.DescribeStatementInput{Id: &id}); throttled(err) {
			time.Sleep(time.Second)
		} else if err != nil {
			t.Errorf("a statement that was taken: %v", err)
		}
	}
	rows := c.run(t, "select id from public.noted")
	for row := range c.rows {
		if !slices.Contains(rows, row) {
			t.Errorf("the row %s is lost", row)
		}
	}
	for _, row := range rows {
		if !c.untold[row] {
			t.Errorf("nobody wrote the row %s", row)
		}
	}
	for name := range c.tables {
		if _, err := c.glue.GetTable(t.Context(), &glue.GetTableInput{DatabaseName: aws.String(catalog), Name: &name}); err != nil {
			t.Errorf("a table that was made: %v", err)
		}
	}
}

func throttled(err error) bool {
	var api interface{ ErrorCode() string }
	return errors.As(err, &api) && api.ErrorCode() == "ThrottlingException"
}

func (c *scene) checkObjects(t *testing.T) {
	t.Helper()
	found := map[string][]written{}
	pages := s3.NewListObjectVersionsPaginator(c.s3, &s3.ListObjectVersionsInput{Bucket: &c.RawBucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			found[*v.Key] = append(found[*v.Key], written{id: *v.VersionId, etag: *v.ETag})
		}
		for _, v := range page.DeleteMarkers {
			found[*v.Key] = append(found[*v.Key], written{id: *v.VersionId, deleted: true})
		}
	}
	for key, list := range c.versions {
		for _, w := range list {
			if !slices.Contains(found[key], w) {
				t.Errorf("version %s of %s is lost", w.id, key)
			}
		}
	}
	for key, list := range found {
		if !strings.HasPrefix(key, "small/") && !strings.HasPrefix(key, "large/") {
			continue
		}
		v := list[0]
		if v.deleted {
			continue
		}
		out, err := c.s3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &c.RawBucket, Key: &key, VersionId: &v.id})
		if err != nil {
			t.Errorf("version %s of %s: %v", v.id, key, err)
			continue
		}
		body, err := io.ReadAll(out.Body)
		out.Body.Close()
		if err != nil || !whole(body) {
			t.Errorf("version %s of %s is half-written: %d bytes, %v", v.id, key, len(body), err)
		}
	}
	for key := range c.flights {
		if found[key] == nil {
			t.Errorf("%s is lost", key)
		}
	}
}

func (c *scene) checkMessages(t *testing.T) {
	t.Helper()
	out, err := c.sqs.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: &c.queue, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll}})
	if err != nil {
		t.Fatal(err)
	}
	var visible, hidden, delayed int
	fmt.Sscan(out.Attributes["ApproximateNumberOfMessages"], &visible)
	fmt.Sscan(out.Attributes["ApproximateNumberOfMessagesNotVisible"], &hidden)
	fmt.Sscan(out.Attributes["ApproximateNumberOfMessagesDelayed"], &delayed)
	certain := 0
	for text := range c.sent {
		if !c.taken[text] {
			certain++
		}
	}
	if visible+hidden+delayed < certain {
		t.Errorf("the queue has %d messages, and %d were sent and never deleted", visible+hidden+delayed, certain)
	}
}

// finish waits for the end of all that is under way, and compares it with what was asked for.
func (c *scene) finish(t *testing.T) {
	t.Helper()
	if c.RawBucket == "" {
		c.finishExecutions(t)
		return
	}
	c.finishMessages(t)
	c.finishLoads(t)
}

func (c *scene) finishExecutions(t *testing.T) {
	t.Helper()
	working, stop := context.WithCancel(t.Context())
	defer stop()
	var worker sync.WaitGroup
	worker.Go(func() {
		for working.Err() == nil {
			c.callback(working, nil)
		}
	})
	for arn := range c.executions {
		for patience := 600; ; patience-- {
			seen, err := c.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: &arn})
			if err != nil {
				t.Fatal(err)
			}
			if seen.Status == sfntypes.ExecutionStatusSucceeded {
				break
			}
			if seen.Status != sfntypes.ExecutionStatusRunning || patience == 0 {
				t.Errorf("%s is %s: %s %s", arn, seen.Status, aws.ToString(seen.Error), aws.ToString(seen.Cause))
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	stop()
	worker.Wait()
}

func (c *scene) finishMessages(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	lost := map[string]bool{}
	for text := range c.sent {
		lost[text] = !c.taken[text]
	}
	for {
		got, err := c.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &c.queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 3})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Messages) == 0 {
			break
		}
		for _, m := range got.Messages {
			if !c.untold[*m.Body] {
				t.Errorf("nobody sent the message %s", *m.Body)
			}
			delete(lost, *m.Body)
			if _, err := c.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &c.queue, ReceiptHandle: m.ReceiptHandle}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for text, certain := range lost {
		if certain {
			t.Errorf("the message %s is lost", text)
		}
	}
}

// finishLoads finds every file of flights loaded once, when nothing is under way any more.
func (c *scene) finishLoads(t *testing.T) {
	t.Helper()
	const loads = "select source_key || ' ' || count(*) from airlines.daily_flights_fact group by source_key"
	var rows []string
	for range 600 {
		if rows = c.run(t, loads); len(rows) >= len(c.flights) {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for key := range c.flights {
		if !slices.Contains(rows, key+" 2") {
			t.Errorf("%s is not loaded once: its two rows are not there", key)
		}
	}
	for _, row := range rows {
		if !strings.HasSuffix(row, " 2") {
			t.Errorf("loaded more or less than once: %s", row)
		}
	}
}
