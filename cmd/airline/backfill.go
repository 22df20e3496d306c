package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"airline/operate"
	"airline/workflow"
)

func newBackfillCmd() *cobra.Command {
	a := &stackArgs{}
	var from, to, prefix string
	var workers int
	var dry, yes bool
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "backfill --from D --to D",
		Short: "Load the flights of many days that a deployed stack lacks",
		Long: `Compares the flights of the days with the ledger, says how many files the
warehouse lacks, and has the stack's machine backfill load them in batches,
several at a time. It follows the machine; interrupted, it leaves it running.
What is loaded stays loaded: a backfill that was stopped is started again.`,
		Example: `  airline backfill --from 2015-01-01 --to 2024-12-31 --dry-run
  airline backfill --from 2024-01-01 --to 2024-12-31 --max-workers 8 --yes`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
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
			case every <= 0:
				return fmt.Errorf("--every %v: give a time such as 10s", every)
			}
			s, err := a.open(cmd.Context(), "backfill")
			if err != nil {
				return err
			}
			plan, err := s.PlanBackfill(cmd.Context(), first, last, prefix, workers)
			if err != nil {
				return err
			}
			if dry && a.asJSON {
				return object(cmd.OutOrStdout(), plan)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d files of %d bytes are to be loaded, in %d batches, %d at a time; %d are there\n", plan.Files, plan.Bytes, plan.Batches, min(workers, plan.Batches), plan.Loaded)
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
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	cmd.Flags().DurationVar(&every, "every", 10*time.Second, "how often AWS is asked")
	return cmd
}

// followBackfill tells how it goes on until it is over, or the command is interrupted.
func (a *stackArgs) followBackfill(cmd *cobra.Command, s *operate.Session, arn string, every time.Duration) error {
	end, err := s.FollowBackfill(cmd.Context(), arn, every, func(p operate.BackfillProgress) error {
		if a.asJSON {
			return object(cmd.OutOrStdout(), p)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %d loads run, %d are done\n", a.when(time.Now()), p.Running, p.Done)
		return nil
	})
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintf(cmd.ErrOrStderr(), "it goes on; look at it with aws stepfunctions describe-execution --execution-arn %[1]s, stop it with aws stepfunctions stop-execution --execution-arn %[1]s\n", arn)
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
