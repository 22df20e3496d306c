package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/etl"
	"airline/workflow"
)

// BackfillPlan is what a backfill has to do.
type BackfillPlan struct {
	etl.Backfilling
	Files   int   `json:"files"` // that the warehouse lacks
	Bytes   int64 `json:"bytes"`
	Text    int64 `json:"text"` // bytes that they have as text, of gzip by workflow.GzipRatio
	Batches int   `json:"batches"`
	Loaded  int   `json:"loaded"` // files of these days that it holds, or shall not hold
	// Expected is what it will take and cost; nil where nobody has estimated it.
	Expected *BackfillExpectation `json:"expected,omitempty"`
}

// BackfillExpectation is how long a backfill will take, and what it will cost at most, in US dollars at list prices.
type BackfillExpectation struct {
	Seconds float64 `json:"seconds"`
	USD     float64 `json:"usd"`
}

// PlanBackfill compares the flights of some days, first to last, with the ledger. prefix narrows the keys; empty means all.
func (s *Session) PlanBackfill(ctx context.Context, from, to time.Time, prefix string, workers int) (*BackfillPlan, error) {
	if prefix == "" {
		prefix = etl.Flights.Prefix()
	}
	if !strings.HasPrefix(prefix, etl.Flights.Prefix()) {
		return nil, &Failure{fmt.Sprintf("the prefix %s is not one of flights", prefix), "It begins with " + etl.Flights.Prefix() + ".", nil}
	}
	p := &BackfillPlan{Backfilling: etl.Backfilling{
		Dataset: etl.Flights, Prefix: prefix, From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Workers: workers,
	}}
	var missing []etl.ListedFile
	for f, err := range s.Files(ctx, Selection{Since: from, Brief: true}) {
		if err != nil {
			return nil, err
		}
		days, err := etl.Flights.Days(f.Key)
		if err != nil || days.First.After(to) || !strings.HasPrefix(f.Key, prefix) {
			continue
		}
		switch f.State {
		case Missing, Failed, Running:
			missing = append(missing, etl.ListedFile{Key: f.Key, Size: f.Version.Size, Time: f.Version.Written.UTC().Truncate(time.Second)})
			p.Bytes += f.Version.Size
			if strings.HasSuffix(strings.ToLower(f.Key), ".gz") {
				p.Text += workflow.GzipRatio * f.Version.Size
			} else {
				p.Text += f.Version.Size
			}
		case Loaded, Retired:
			p.Loaded++
		}
	}
	p.Files, p.Batches = len(missing), len(workflow.Batches(missing))
	return p, nil
}

// StartBackfill starts what is planned and gives the execution's ARN.
func (s *Session) StartBackfill(ctx context.Context, p *BackfillPlan) (string, error) {
	input, err := json.Marshal(p.Backfilling)
	if err != nil {
		return "", err
	}
	out, err := s.machines.StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: aws.String(s.Parts.Backfill.Live), Input: aws.String(string(input))})
	if err != nil {
		return "", s.there(err)
	}
	return aws.ToString(out.ExecutionArn), nil
}

// BackfillProgress is how a backfill is.
type BackfillProgress struct {
	Execution string                `json:"execution"`
	Status    types.ExecutionStatus `json:"status"`
	Start     time.Time             `json:"start"`
	// Files and Batches are those that it has found so far to be loaded; nil while it compares the bucket with the ledger.
	Files   *BackfillCount `json:"files,omitempty"`
	Batches *BackfillCount `json:"batches,omitempty"`
	// Summary is what became of the files; nil while it runs, and of one that was stopped.
	Summary *workflow.Summary `json:"summary,omitempty"`
}

// BackfillCount is how many are dealt with, be they loaded or not, how many are being loaded, and how many there are.
type BackfillCount struct {
	Done    int64 `json:"done"`
	Running int64 `json:"running"`
	Total   int64 `json:"total"`
}

// LastBackfill is the ARN of the backfill that was started last.
func (s *Session) LastBackfill(ctx context.Context) (string, error) {
	out, err := s.machines.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: &s.Parts.Backfill.ARN, MaxResults: 1}) // the newest comes first
	if err != nil {
		return "", s.there(err)
	}
	if len(out.Executions) == 0 {
		return "", &Failure{"no backfill was started in the last 90 days", "Start one with airline backfill --from D --to D.", nil}
	}
	return aws.ToString(out.Executions[0].ExecutionArn), nil
}

// FollowBackfill tells how a backfill is until it is over, and gives the end.
func (s *Session) FollowBackfill(ctx context.Context, arn string, every time.Duration, tell func(BackfillProgress) error) (BackfillProgress, error) {
	for {
		p, err := s.backfillProgress(ctx, arn)
		if err != nil || p.Status != types.ExecutionStatusRunning {
			return p, err
		}
		if err := tell(p); err != nil {
			return p, err
		}
		select {
		case <-ctx.Done():
			return p, ctx.Err()
		case <-time.After(every):
		}
	}
}

func (s *Session) backfillProgress(ctx context.Context, arn string) (p BackfillProgress, err error) {
	d, err := s.machines.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if err != nil {
		return p, s.Explain(err)
	}
	p = BackfillProgress{Execution: arn, Status: d.Status, Start: aws.ToTime(d.StartDate)}
	if err := s.countBackfill(ctx, &p); err != nil || d.Status == types.ExecutionStatusRunning {
		return p, err
	}
	text := aws.ToString(d.Output)
	if d.Status != types.ExecutionStatusSucceeded {
		text = aws.ToString(d.Cause)
	}
	var summary workflow.Summary
	if json.Unmarshal([]byte(text), &summary) == nil {
		p.Summary = &summary
	}
	return p, nil
}

// countBackfill counts by the Map that loads what is missing, which is the backfill's last: the first one compares.
func (s *Session) countBackfill(ctx context.Context, p *BackfillProgress) error {
	list, err := s.machines.ListMapRuns(ctx, &sfn.ListMapRunsInput{ExecutionArn: &p.Execution})
	if err != nil {
		return s.Explain(err)
	}
	for _, m := range list.MapRuns {
		if !strings.Contains(aws.ToString(m.MapRunArn), "/"+workflow.LoadingMap+":") {
			continue
		}
		d, err := s.machines.DescribeMapRun(ctx, &sfn.DescribeMapRunInput{MapRunArn: m.MapRunArn})
		if err != nil {
			return s.Explain(err)
		}
		if c := d.ItemCounts; c != nil {
			p.Files = &BackfillCount{Done: c.Succeeded + c.Failed + c.TimedOut + c.Aborted, Running: c.Running, Total: c.Total}
		}
		if c := d.ExecutionCounts; c != nil {
			p.Batches = &BackfillCount{Done: c.Succeeded + c.Failed + c.TimedOut + c.Aborted, Running: c.Running, Total: c.Total}
		}
	}
	return nil
}
