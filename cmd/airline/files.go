package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newFilesCmd() *cobra.Command {
	a := &stackArgs{}
	var onDay, since, state string
	cmd := &cobra.Command{
		Use:   "files",
		Short: "List the files of a deployed stack with what became of them",
		Long: `Lists every object of the raw bucket, and those that were there, with its
version, its state and the rows that were read, loaded and rejected. With --json
it prints one object a line. The exit code is 1 when a file needs a person.
See docs/operate.md for the states.`,
		Example: `  airline files --stack prod --since 2026-11-01
  airline files --state failed
  airline files --day 2026-11-29 --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			sel, err := selection(onDay, since, state)
			if err != nil {
				return err
			}
			s, err := a.open(cmd.Context(), "files")
			if err != nil {
				return err
			}
			sel.Brief = !a.asJSON // a table shows no more
			return a.listFiles(cmd, s, sel)
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().StringVar(&onDay, "day", "", "YYYY-MM-DD: the files of this day, and of its month")
	cmd.Flags().StringVar(&since, "since", "", "YYYY-MM-DD: the files of this day and later ones")
	cmd.Flags().StringVar(&state, "state", "", "of one state: loaded, failed, running, missing, superseded, retired, deleted, gone or ignored")
	return cmd
}

// selection reads the flags that say which files are meant.
func selection(onDay, since, state string) (sel operate.Selection, err error) {
	var errs [3]error
	sel.Day, errs[0] = day("day", onDay)
	sel.Since, errs[1] = day("since", since)
	sel.State, errs[2] = operate.ParseState(state)
	if onDay != "" && since != "" {
		err = errors.New("--day and --since exclude each other")
	}
	return sel, errors.Join(errs[0], errs[1], errs[2], err)
}

// listFiles prints files as they come.
func (a *stackArgs) listFiles(cmd *cobra.Command, s *operate.Session, sel operate.Selection) error {
	w := cmd.OutOrStdout()
	var t *table
	if !a.asJSON {
		t = newTable(w, "STATE", "KEY", "WRITTEN", "VERSIONS", "READ", "LOADED", "REJECTED", "FIX")
	}
	files, needy := 0, 0
	for f, err := range s.Files(cmd.Context(), sel) {
		if err != nil {
			return err
		}
		files++
		if f.State.NeedsSomebody() {
			needy++
		}
		if a.asJSON {
			if err := object(w, f); err != nil {
				return err
			}
			continue
		}
		read, loaded, rejected := "-", "-", "-"
		if l := f.Ledger; l != nil {
			read, loaded, rejected = fmt.Sprint(l.RowsRead), fmt.Sprint(l.RowsLoaded), fmt.Sprint(l.RowsRejected)
		}
		t.row(string(f.State), f.Key, a.when(f.Version.Written), fmt.Sprint(f.Versions), read, loaded, rejected, f.Fix)
	}
	if t != nil {
		t.flush()
		if _, err := fmt.Fprintf(w, "(%d files)\n", files); err != nil {
			return err
		}
	}
	if needy > 0 {
		return badNews{fmt.Sprintf("%d of %d files need somebody", needy, files)}
	}
	return nil
}
