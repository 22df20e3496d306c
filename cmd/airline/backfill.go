package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"airline/infra"
	"airline/local/cost"
	"airline/local/recorder"
	"airline/operate"
	"airline/workflow"
)

func newBackfillCmd() *cobra.Command {
	a := &stackArgs{}
	var from, to, prefix string
	var workers int
	var dry, yes, follow bool
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "backfill --from D --to D",
		Short: "Load the flights of many days that a deployed stack lacks",
		Long: `Compares the flights of the days with the ledger, says how many files the
warehouse lacks and what loading them will take and cost, and has the stack's
machine backfill load them in batches, several at a time. It follows the
machine; interrupted, it leaves it running, and --follow follows it again.
What is loaded stays loaded: a backfill that was stopped is started again.`,
		Example: `  airline backfill --from 2015-01-01 --to 2024-12-31 --dry-run
  airline backfill --from 2024-01-01 --to 2024-12-31 --max-workers 8 --yes
  airline backfill --follow`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if every <= 0 {
				return fmt.Errorf("--every %v: give a time such as 10s", every)
			}
			if follow {
				return a.followLast(cmd, from+to+prefix != "" || dry, every)
			}
			first, err := day("from", from)
			if err != nil {
				return err
			}
			last, err := day("to", to)
			switch {
			case err != nil:
				return err
			case first.IsZero() || last.IsZero() || last.Before(first):
				return errors.New("give the first and the last day with --from and --to: " + cmd.UseLine())
			case workers < 1 || workers > workflow.MaxWorkers:
				return fmt.Errorf("--max-workers %d: give 1 to %d", workers, workflow.MaxWorkers)
			}
			s, err := a.open(cmd.Context(), "backfill")
			if err != nil {
				return err
			}
			plan, err := s.PlanBackfill(cmd.Context(), first, last, prefix, workers)
			if err != nil {
				return err
			}
			if err := a.expect(cmd.Context(), plan); err != nil {
				return err
			}
			if dry && a.asJSON {
				return object(cmd.OutOrStdout(), plan)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d files of %d bytes are to be loaded, in %d batches, %d at a time; %d are there\n", plan.Files, plan.Bytes, plan.Batches, min(workers, plan.Batches), plan.Loaded)
			if e := plan.Expected; e != nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "expected: %v, and at most %.2f USD at list prices\n", (time.Duration(e.Seconds) * time.Second).Round(time.Minute), e.USD)
			}
			if dry || plan.Files == 0 {
				return nil
			}
			if err := confirm(cmd, yes, "start the backfill?"); err != nil {
				return err
			}
			arn, err := s.StartBackfill(cmd.Context(), plan)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), "started", arn)
			return a.followBackfill(cmd, s, arn, every)
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().StringVar(&from, "from", "", "YYYY-MM-DD: the first day")
	cmd.Flags().StringVar(&to, "to", "", "YYYY-MM-DD: the last day")
	cmd.Flags().StringVar(&prefix, "prefix", "", "keys that begin so only (default: all flights)")
	cmd.Flags().IntVar(&workers, "max-workers", 4, "how many batches are loaded at the same time")
	cmd.Flags().BoolVar(&dry, "dry-run", false, "only say what there is to do")
	cmd.Flags().BoolVar(&follow, "follow", false, "follow the backfill that was started last")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.Flags().DurationVar(&every, "every", 10*time.Second, "how often AWS is asked")
	return cmd
}

// followLast follows the backfill that was started last.
func (a *stackArgs) followLast(cmd *cobra.Command, more bool, every time.Duration) error {
	if more {
		return errors.New("--follow takes no days, prefix or --dry-run: it follows the backfill that was started last")
	}
	s, err := a.open(cmd.Context(), "backfill")
	if err != nil {
		return err
	}
	arn, err := s.LastBackfill(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "following", arn)
	return a.followBackfill(cmd, s, arn, every)
}

// expect adds to a plan what it will take and cost, by the model of airline cost.
func (a *stackArgs) expect(ctx context.Context, plan *operate.BackfillPlan) error {
	if plan.Files == 0 {
		return nil
	}
	o, err := a.options()
	if err != nil {
		return err
	}
	g, err := recorder.Record(ctx, recorder.Options{Dir: o.Dir, Stack: o.Stack, Overrides: o.Overrides}, infra.Program)
	if err != nil {
		return fmt.Errorf("estimating: %w", err)
	}
	e, err := cost.Backfill(ctx, cost.Backfilling{Graph: g, Files: plan.Files, Bytes: plan.Text, Batches: plan.Batches, Workers: plan.Workers, Seed: 1})
	if err != nil {
		return fmt.Errorf("estimating: %w", err)
	}
	plan.Expected = &operate.BackfillExpectation{Seconds: e.Seconds, USD: e.USD}
	return nil
}

// followBackfill tells how it goes on until it is over, or the command is interrupted.
func (a *stackArgs) followBackfill(cmd *cobra.Command, s *operate.Session, arn string, every time.Duration) error {
	end, err := s.FollowBackfill(cmd.Context(), arn, every, func(p operate.BackfillProgress) error {
		if a.asJSON {
			return object(cmd.OutOrStdout(), p)
		}
		told := "compares the bucket with the ledger"
		if p.Files != nil && p.Batches != nil {
			told = fmt.Sprintf("%d of %d files are dealt with, %d batches run, %d of %d are done", p.Files.Done, p.Files.Total, p.Batches.Running, p.Batches.Done, p.Batches.Total)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", a.when(time.Now()), told)
		return nil
	})
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(cmd.ErrOrStderr(), "it goes on; follow it again with airline backfill --follow, stop it with aws stepfunctions stop-execution --execution-arn %[1]s\n", arn)
		return nil
	case err != nil:
		return err
	case a.asJSON:
		err = object(cmd.OutOrStdout(), end)
	case end.Summary != nil:
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d files loaded, %d failed, %d left alone\n", end.Summary.Loaded, end.Summary.Failed, end.Summary.Left)
	}
	if err == nil && end.Status != "SUCCEEDED" {
		text := fmt.Sprintf("the backfill is %s", end.Status)
		if end.Summary != nil {
			text += ": " + end.Summary.Cause + "; all: " + end.Summary.List
		}
		return badNews{text}
	}
	return err
}
