package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"airline/infra"
	"airline/operate"
)

// targetArgs are the flags that say which key a file gets.
type targetArgs struct{ date, key string }

func (a *targetArgs) add(flags *pflag.FlagSet) {
	flags.StringVar(&a.date, "date", "", "YYYY-MM-DD: the day of the flights (default: that of the folder date= or month= in which a file lies)")
	flags.StringVar(&a.key, "key", "", "the key of one file")
}

// target is where the files go.
func (a *targetArgs) target(files []string) (t operate.Target, err error) {
	t.Key = a.key
	if t.Day, err = day("date", a.date); err != nil {
		return t, err
	}
	if a.key != "" && len(files) > 1 {
		return t, fmt.Errorf("--key is for one file, and there are %d", len(files))
	}
	return t, nil
}

// keys are the keys of the files, in order. The error has every file without one.
func (a *targetArgs) keys(files []string) (keys []string, err error) {
	t, err := a.target(files)
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, file := range files {
		key, err := t.KeyOf(file)
		if err != nil {
			problems = append(problems, err)
		}
		keys = append(keys, key)
	}
	return keys, errors.Join(problems...)
}

func newCheckCmd() *cobra.Command {
	var a stackArgs
	var target targetArgs
	var airports []string
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Judge files on this machine by the contract of a stack, before they are uploaded",
		Long: `Judges files by the job's own SQL and the stack's limits. It calls nobody. Whether
airports are known is told only of the files that --airports names. Each file gets
its verdict. The exit code is 1 when a file would be refused, and 2 when one could
not be judged: it cannot be read, or nothing says of which day its flights are.`,
		Example: `  airline check flights.csv --date 2026-11-29 --airports airports.csv`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if len(files) == 0 {
				return fmt.Errorf("name the files: %s", cmd.UseLine())
			}
			where, err := target.target(files)
			if err != nil {
				return err
			}
			o, err := a.options()
			if err != nil {
				return err
			}
			c, _, err := operate.Describe(o)
			if err != nil {
				return err
			}
			return a.checkAll(cmd, c, files, where, airports)
		},
	}
	flags := cmd.Flags()
	addProject(flags, &a.project)
	flags.StringVar(&a.stack, "stack", "dev", "the stack whose limits count")
	addSettings(flags, &a.settings)
	flags.BoolVar(&a.asJSON, "json", false, "print JSON")
	target.add(flags)
	flags.StringArrayVar(&airports, "airports", nil, "a file of airports that are known; may be repeated")
	return cmd
}

// checkAll judges files and prints all verdicts. What keeps one from being judged is no verdict, and the others have theirs.
func (a *stackArgs) checkAll(cmd *cobra.Command, c *infra.Config, files []string, where operate.Target, airports []string) error {
	if err := operate.Readable(airports...); err != nil {
		return fmt.Errorf("--airports: %w", err)
	}
	unfit, unjudged := 0, 0
	for _, file := range files {
		checked := operate.Judge(cmd.Context(), c, where, file, airports)
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		switch {
		case checked.Problem != "":
			unjudged++
		case !checked.Fits:
			unfit++
		}
		if err := a.writeChecked(cmd.OutOrStdout(), checked); err != nil {
			return err
		}
	}
	refused := fmt.Sprintf("%d of %d files would be refused", unfit, len(files))
	switch {
	case unjudged > 0:
		return fmt.Errorf("%d of %d files could not be judged, and %s", unjudged, len(files), refused)
	case unfit > 0:
		return badNews{refused}
	}
	return nil
}

func rows(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

func (a *stackArgs) writeChecked(w io.Writer, c *operate.Checked) error {
	if a.asJSON {
		return object(w, c)
	}
	verdict := "fits"
	switch {
	case c.Problem != "":
		verdict = "cannot be judged: " + c.Problem
	case !c.Fits:
		verdict = "would be refused: " + c.Refused
	}
	t := newTable(w)
	t.row(c.File, c.Key, verdict)
	t.flush()
	if m := c.Manifest; m != nil {
		fmt.Fprintf(w, "  %s, %d would load, %d would be rejected\n", rows(m.RowsRead), m.RowsLoaded, m.RowsRejected)
	}
	for _, what := range slices.Sorted(maps.Keys(c.Unasked)) {
		fmt.Fprintf(w, "  %s: %s, unless a file of the stack has it\n", rows(int64(c.Unasked[what])), what)
	}
	t = newTable(w)
	for _, r := range c.Rejects {
		t.row(fmt.Sprintf("  line %d", r.Line), r.Reason, r.Record)
	}
	t.flush()
	if m := c.Manifest; m != nil && m.RowsRejected > int64(len(c.Rejects)) {
		fmt.Fprintf(w, "  and %d more\n", m.RowsRejected-int64(len(c.Rejects)))
	}
	return nil
}
