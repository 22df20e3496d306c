package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newReplayCmd() *cobra.Command {
	a := &stackArgs{}
	var failed, force, yes bool
	var since string
	cmd := &cobra.Command{
		Use:   "replay KEY[@VERSION]... | --failed",
		Short: "Load files of a deployed stack again",
		Long: `Starts the loads of files again. What is loaded already, or was taken out by
hand, is skipped unless it is forced. An older version is copied to become the
newest one, which is what the warehouse holds. It says what it will do and asks.
Two people who load the same file again start one load.`,
		Example: `  airline replay daily-flights/date=2026-11-29/flights.csv
  airline replay --failed --since 2026-11-22 --yes`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if failed == (len(args) > 0) {
				return errors.New("name files by their keys, or all that failed with --failed: " + cmd.UseLine())
			}
			if failed && force || !failed && since != "" {
				return errors.New("--force is for named files, and --since for --failed")
			}
			from, err := day("since", since)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context(), "replay")
			if err != nil {
				return err
			}
			plan := func(ctx context.Context) ([]operate.Planned, error) { return s.PlanReplay(ctx, args, force) }
			if failed {
				plan = func(ctx context.Context) ([]operate.Planned, error) { return s.PlanFailed(ctx, from) }
			}
			return a.startAgain(cmd, s, plan, yes)
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().BoolVar(&failed, "failed", false, "all files whose last load has failed")
	cmd.Flags().StringVar(&since, "since", "", "YYYY-MM-DD: of them those of this day and later ones")
	cmd.Flags().BoolVar(&force, "force", false, "load again what is loaded already")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

func newReconcileCmd() *cobra.Command {
	a := &stackArgs{}
	var yes bool
	var days int
	cmd := &cobra.Command{
		Use:   "reconcile",
		Short: "Bring the warehouse of a deployed stack to what its bucket holds",
		Long: `Compares the bucket with the ledger and starts a load for each file that is not
as in the bucket: files that are missing or failed, and rows of files that are
gone. The stack does the same every midnight. It says what it will do and asks.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context(), "reconcile")
			if err != nil {
				return err
			}
			if days == 0 {
				days = s.Config.Load.ReconcileDays
			}
			if days < 0 {
				return fmt.Errorf("--days %d: give 1 or more", days)
			}
			return a.startAgain(cmd, s, func(ctx context.Context) ([]operate.Planned, error) { return s.PlanReconcile(ctx, days) }, yes)
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().IntVar(&days, "days", 0, "look for files that were written in that many days (default: the stack's reconcileDays)")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// startAgain says what is planned, asks, and does it.
func (a *stackArgs) startAgain(cmd *cobra.Command, s *operate.Session, plan func(context.Context) ([]operate.Planned, error), yes bool) error {
	list, err := plan(cmd.Context())
	if err != nil {
		return err
	}
	t := newTable(cmd.ErrOrStderr())
	todo := 0
	for _, p := range list {
		switch {
		case p.Skip != "":
			t.row("skip", p.Key, p.Skip)
			continue
		case p.Restore != "":
			t.row("restore", p.Key, "version "+p.Restore+" becomes the newest one")
		default:
			t.row("load", p.Key, "it is "+string(p.State))
		}
		todo++
	}
	t.flush()
	if todo == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "nothing is to be done")
		return nil
	}
	if err := confirm(cmd, yes, fmt.Sprintf("start %d loads?", todo)); err != nil {
		return err
	}
	for _, p := range list {
		if p.Skip != "" {
			continue
		}
		started, err := s.Start(cmd.Context(), p)
		if err != nil {
			return err
		}
		if err := a.writeStarted(cmd, started); err != nil {
			return err
		}
	}
	return nil
}

func (a *stackArgs) writeStarted(cmd *cobra.Command, st operate.Started) error {
	if a.asJSON {
		return object(cmd.OutOrStdout(), st)
	}
	what := "is loaded by " + st.Execution
	switch {
	case st.Already:
		what = "was just started by somebody else: " + st.Execution
	case st.Version != "":
		what = "has the new version " + st.Version + ", whose event starts its load"
	}
	t := newTable(cmd.OutOrStdout())
	t.row(st.Key, what)
	t.flush()
	return nil
}
