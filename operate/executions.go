package operate

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// Execution is an execution of a machine that loads files.
type Execution struct {
	ARN     string                `json:"arn"`
	Machine string                `json:"machine"`
	Status  types.ExecutionStatus `json:"status"`
	Start   time.Time             `json:"start"`
	Stop    *time.Time            `json:"stop,omitempty"`
	Error   string                `json:"error,omitempty"`
	Cause   string                `json:"cause,omitempty"`
	// Keys are the files that its input names.
	Keys []string `json:"keys,omitempty"`
}

// ended are the states of executions that did not load.
var ended = []types.ExecutionStatus{types.ExecutionStatusFailed, types.ExecutionStatusTimedOut, types.ExecutionStatusAborted}

// executions lists those of the loading machines in a state that began at a time or later, the newest of each machine first.
func (s *Session) executions(ctx context.Context, status types.ExecutionStatus, since time.Time) ([]Execution, error) {
	var list []Execution
	for _, m := range s.Parts.Machines {
		if m.Dataset == "" {
			continue
		}
		pages := sfn.NewListExecutionsPaginator(s.machines, &sfn.ListExecutionsInput{StateMachineArn: &m.ARN, StatusFilter: status})
		for older := false; pages.HasMorePages() && !older; {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, s.there(err)
			}
			for _, x := range page.Executions {
				if older = aws.ToTime(x.StartDate).Before(since); older {
					break
				}
				list = append(list, Execution{ARN: aws.ToString(x.ExecutionArn), Machine: m.Name, Status: x.Status, Start: aws.ToTime(x.StartDate), Stop: x.StopDate})
			}
		}
	}
	return list, nil
}

// describe fills in what only a call about one execution tells.
func (s *Session) describe(ctx context.Context, x *Execution) error {
	d, err := s.machines.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &x.ARN})
	if err != nil {
		return s.Explain(err)
	}
	x.Status, x.Start, x.Stop = d.Status, aws.ToTime(d.StartDate), d.StopDate
	x.Error, x.Cause = aws.ToString(d.Error), aws.ToString(d.Cause)
	x.Keys = keysIn(aws.ToString(d.Input))
	return nil
}

// keysIn are the keys of files that an input names, wherever in it they stand: an input is about one file or several.
func keysIn(input string) []string {
	var v any
	if json.Unmarshal([]byte(input), &v) != nil {
		return nil
	}
	var keys []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if key, ok := v["key"].(string); ok {
				keys = append(keys, key)
			}
			for _, name := range sortedKeys(v) {
				walk(v[name])
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(v)
	return keys
}

// index finds the newest execution about a key among those that run, and those that failed of late.
type index map[string]Execution

// recent is the index of what runs, and of what failed as long ago as reconcile tries files again, and a day. It grows with
// what has failed in that time, and with nothing else.
func (s *Session) recent(ctx context.Context) (index, error) {
	var found []Execution
	var mu sync.Mutex
	since := s.now().Add(-time.Duration(s.Config.Load.ReconcileDays+1) * 24 * time.Hour)
	var list []func(context.Context) error
	add := func(status types.ExecutionStatus, since time.Time) {
		list = append(list, func(ctx context.Context) error {
			some, err := s.executions(ctx, status, since)
			mu.Lock()
			defer mu.Unlock()
			found = append(found, some...)
			return err
		})
	}
	add(types.ExecutionStatusRunning, time.Time{})
	for _, status := range ended {
		add(status, since)
	}
	if errs := each(ctx, list...); len(errs) > 0 {
		return nil, s.explainAll(errs)
	}
	list = nil
	for i := range found {
		list = append(list, func(ctx context.Context) error { return s.describe(ctx, &found[i]) })
	}
	if errs := each(ctx, list...); len(errs) > 0 {
		return nil, s.explainAll(errs)
	}
	byKey := index{}
	for _, x := range found {
		for _, key := range x.Keys {
			if before, ok := byKey[key]; !ok || before.Start.Before(x.Start) {
				byKey[key] = x
			}
		}
	}
	return byKey, nil
}
