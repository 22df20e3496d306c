package serve_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

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
