package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newFileCmd() *cobra.Command {
	a := &stackArgs{}
	cmd := &cobra.Command{
		Use:   "file KEY",
		Short: "Tell the whole story of one file of a deployed stack",
		Long: `Tells of one file its versions, what the ledger has of it, and each load with its
states, its job run, the job's log where it failed, and what was read, loaded
and rejected. The exit code is 1 when the file needs a person.`,
		Example: `  airline file daily-flights/date=2026-11-29/flights.csv`,
		Args:    oneArg("the key of a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.open(cmd.Context(), "file")
			if err != nil {
				return err
			}
			story, err := s.Story(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.asJSON {
				err = object(cmd.OutOrStdout(), story)
			} else {
				err = a.writeStory(cmd.OutOrStdout(), story)
			}
			if err != nil {
				return err
			}
			if story.State.NeedsSomebody() {
				return badNews{fmt.Sprintf("%s is %s: %s", story.Key, story.State, story.Fix)}
			}
			return nil
		},
	}
	a.add(cmd.Flags())
	return cmd
}

func (a *stackArgs) writeStory(w io.Writer, st *operate.Story) error {
	t := newTable(w)
	t.row(st.Key, string(st.State))
	t.flush()
	fmt.Fprintln(w, "\nversions")
	t = newTable(w)
	for _, v := range st.All {
		what := fmt.Sprintf("%d bytes", v.Size)
		if v.Marker {
			what = "deleted"
		}
		t.row("  "+v.ID, a.when(v.Written), what)
	}
	t.flush()
	fmt.Fprintln(w, "\nledger")
	t = newTable(w, "  STATUS", "VERSION", "READ", "LOADED", "REJECTED", "LOADED AT")
	for _, r := range st.Rows {
		t.row("  "+r.Status, r.Version, fmt.Sprint(r.RowsRead), fmt.Sprint(r.RowsLoaded), fmt.Sprint(r.RowsRejected), a.when(r.LoadedAt))
	}
	t.flush()
	for _, l := range st.Loads {
		a.writeLoad(w, l)
	}
	_, err := fmt.Fprintln(w)
	return err
}

func (a *stackArgs) writeLoad(w io.Writer, l operate.Load) {
	fmt.Fprintf(w, "\nload %s\n", l.ARN)
	t := newTable(w)
	t.row("  "+string(l.Status), a.when(l.Start), l.Took().String())
	for _, s := range l.States {
		took := "..."
		if s.Left != nil {
			took = s.Left.Sub(s.Entered).Round(time.Millisecond).String()
		}
		t.row("    "+s.State, a.when(s.Entered), took, s.Error)
	}
	if l.Job != nil {
		t.row("  job run", l.Job.ID, l.Job.State, l.Job.Message)
		for _, line := range l.Job.ErrorLog {
			t.row("    | " + line)
		}
	}
	if m := l.Manifest; m != nil {
		t.row("  rows", fmt.Sprintf("%d read, %d loaded, %d rejected", m.RowsRead, m.RowsLoaded, m.RowsRejected))
		for _, reason := range slices.Sorted(maps.Keys(m.Reasons)) {
			t.row("    "+reason, fmt.Sprint(m.Reasons[reason]))
		}
		for _, warning := range m.Warnings {
			t.row("    warning", warning)
		}
	}
	for _, id := range l.Statements {
		t.row("  statement", id)
	}
	for _, id := range l.Messages {
		t.row("  notification", id)
	}
	t.flush()
}
