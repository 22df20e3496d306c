package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"airline/etl"
	"airline/operate"
)

func newRejectsCmd() *cobra.Command {
	a := &stackArgs{}
	var reason, fix string
	var asCSV bool
	cmd := &cobra.Command{
		Use:   "rejects KEY",
		Short: "Print the records of a file that were not loaded",
		Long: `Prints the rejected records of the file's last load: the line, the reason, and
the record as it stood. With --fix it writes the file for correction: its first
column has the reason in the rejected rows and is blank in all others. Correct
these rows and upload it under the same key: a load ignores the column, and
replaces what the key brought before.`,
		Example: `  airline rejects daily-flights/date=2026-11-29/flights.csv --fix fixed.csv
  airline upload fixed.csv --key daily-flights/date=2026-11-29/flights.csv`,
		Args: oneArg("the key of a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asCSV && a.asJSON {
				return errors.New("--csv and --json exclude each other")
			}
			s, err := a.open(cmd.Context(), "rejects")
			if err != nil {
				return err
			}
			r, err := s.Rejects(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if fix != "" {
				return writeFix(cmd, r, fix)
			}
			return a.writeRejects(cmd, r, reason, asCSV)
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().StringVar(&reason, "reason", "", "only the records that were rejected for this reason")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "print CSV: line, reason, record")
	cmd.Flags().StringVar(&fix, "fix", "", "write the file with the rejected rows marked for correction")
	return cmd
}

// writeFix writes the marked file; it is there whole or not at all.
func writeFix(cmd *cobra.Command, r *operate.Rejects, name string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".fix-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	marked, err := r.Fix(cmd.Context(), f)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d rows are marked in %s. Correct them, then: airline upload %s --key %q\n", marked, name, name, r.Key)
	return err
}

func (a *stackArgs) writeRejects(cmd *cobra.Command, r *operate.Rejects, reason string, asCSV bool) error {
	w := cmd.OutOrStdout()
	write, end := a.rejectWriter(w, asCSV)
	n := 0
	for one, err := range r.All(cmd.Context()) {
		if err != nil {
			return err
		}
		if reason != "" && one.Reason != reason {
			continue
		}
		n++
		if err := write(one); err != nil {
			return err
		}
	}
	if err := end(); err != nil {
		return err
	}
	if reason != "" && n == 0 {
		if _, known := r.Manifest.Reasons[reason]; !known {
			return fmt.Errorf("no record was rejected for %q; the reasons are %q", reason, slices.Sorted(maps.Keys(r.Manifest.Reasons)))
		}
	}
	return nil
}

// rejectWriter gives what writes one reject, and what ends the writing.
func (a *stackArgs) rejectWriter(w io.Writer, asCSV bool) (write func(etl.Reject) error, end func() error) {
	switch {
	case a.asJSON:
		return func(one etl.Reject) error { return object(w, one) }, func() error { return nil }
	case asCSV:
		c := csv.NewWriter(w)
		_ = c.Write([]string{"line", "reason", "record"}) // Error tells
		return func(one etl.Reject) error { return c.Write([]string{fmt.Sprint(one.Line), one.Reason, one.Record}) },
			func() error { c.Flush(); return c.Error() }
	}
	t := newTable(w, "LINE", "REASON", "RECORD")
	return func(one etl.Reject) error { t.row(fmt.Sprint(one.Line), one.Reason, one.Record); return nil }, func() error { t.flush(); return nil }
}
