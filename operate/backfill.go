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
	Batches int   `json:"batches"`
	Loaded  int   `json:"loaded"` // files of these days that it holds, or shall not hold
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
	for f, err := range s.Files(ctx, Selection{Since: from}) {
		if err != nil {
			return nil, err
		}
		days, err := etl.FlightDays(f.Key)
		if err != nil || days.First.After(to) || !strings.HasPrefix(f.Key, prefix) {
			continue
		}
		switch f.State {
		case Missing, Failed, Running:
			missing = append(missing, etl.ListedFile{Key: f.Key, Size: f.Version.Size, Time: f.Version.Written.UTC().Truncate(time.Second)})
			p.Bytes += f.Version.Size
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
	// Running and Done are the loads of the stack that run, and that have ended well since the backfill began.
	Running int `json:"running"`
	Done    int `json:"done"`
	// Summary is what became of the files; nil while it runs, and of one that was stopped.
	Summary *workflow.Summary `json:"summary,omitempty"`
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
	if d.Status == types.ExecutionStatusRunning {
		for status, n := range map[types.ExecutionStatus]*int{types.ExecutionStatusRunning: &p.Running, types.ExecutionStatusSucceeded: &p.Done} {
			list, err := s.executions(ctx, status, p.Start)
			if err != nil {
				return p, err
			}
			*n = len(list)
		}
		return p, nil
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
