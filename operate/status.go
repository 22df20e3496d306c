package operate

import (
	"context"
	"errors"
	"slices"
	"time"

	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/etl"
)

// Status is how a stack is.
type Status struct {
	Stack   string    `json:"stack"`
	Region  string    `json:"region"`
	Account string    `json:"account"`
	Time    time.Time `json:"time"`
	// Parts are what the stack consists of.
	Parts []Part `json:"parts"`
	// Files are the flights of the last days, the airports, and what failed of late or is being loaded; nil when the warehouse or the bucket did not answer.
	Files   *Summary    `json:"files"`
	Days    int         `json:"days"`
	Running []Execution `json:"running"`
	Usage   *Usage      `json:"usage"`
	Cost    Cost        `json:"cost"`
}

// NeedsSomebody says that something is not well.
func (st *Status) NeedsSomebody() bool {
	if slices.ContainsFunc(st.Parts, func(p Part) bool { return p.Health != Well }) {
		return true
	}
	return st.Files != nil && len(st.Files.Worst) > 0
}

// statusDays are the days of files that a status is about.
const statusDays = 7

// Status looks at everything. A part that is not there is told as such; when nothing is there, the error says so.
func (s *Session) Status(ctx context.Context) (*Status, error) {
	st := &Status{Stack: s.Stack, Region: s.Names.Region, Account: s.Names.Account, Time: s.now(), Days: statusDays}
	var failed []string
	parts, do := s.lookAtParts(ctx)
	do = append(do, func(ctx context.Context) (err error) {
		st.Usage, err = s.usage(ctx)
		return err
	}, func(ctx context.Context) error { return s.runningNow(ctx, st) }, func(ctx context.Context) (err error) {
		failed, err = s.failedKeys(ctx)
		return err
	})
	errs := each(ctx, do...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if !deployed(parts) {
		return nil, s.notDeployed(errNothing)
	}
	warehouse := Part{Kind: "warehouse", Name: s.Parts.Workgroup + s.Parts.Cluster, Health: Well, Detail: "answers"}
	sum, err := s.Summarise(ctx, Selection{Since: st.Time.AddDate(0, 0, -statusDays).UTC(), Undated: true, Keys: failed})
	switch {
	case err == nil:
		st.Files = &sum
		if err := s.tables(ctx, &warehouse); err != nil {
			errs = append(errs, err)
		}
	case isDenied(err):
		errs = append(errs, err)
	default:
		warehouse.unwell("does not answer: "+err.Error(), "look at the workgroup or cluster in the console; its usage limit may be reached, or it is being changed")
		var failure *Failure
		if errors.As(err, &failure) && failure.Fix != "" {
			warehouse.unwell("does not answer: "+failure.What, failure.Fix)
		}
	}
	st.Parts, st.Cost = append(parts, warehouse), s.cost(st.Usage)
	if len(errs) > 0 {
		return nil, s.explainAll(errs)
	}
	return st, nil
}

// runningNow lists the executions that run.
func (s *Session) runningNow(ctx context.Context, st *Status) error {
	running, err := s.executions(ctx, sfntypes.ExecutionStatusRunning, time.Time{})
	if isAbsent(err) {
		return nil // told as a part
	}
	st.Running = running
	return err
}

// failedFiles is how many files that failed of late a status looks at.
const failedFiles = 50

// failedKeys are the files of which a load has failed of late.
func (s *Session) failedKeys(ctx context.Context) ([]string, error) {
	recent, err := s.recent(ctx)
	if isAbsent(err) {
		return nil, nil // told as a part
	}
	var keys []string
	for _, key := range sortedKeys(recent) {
		if etl.DatasetOf(key) != "" && len(keys) < failedFiles {
			keys = append(keys, key)
		}
	}
	return keys, err
}
