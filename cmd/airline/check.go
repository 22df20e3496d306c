package main

import (
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

// keys are the keys of the files, in order.
func (a *targetArgs) keys(files []string) ([]string, error) {
	t := operate.Target{Key: a.key}
	var err error
	if t.Day, err = day("date", a.date); err != nil {
		return nil, err
	}
	if a.key != "" && len(files) > 1 {
		return nil, fmt.Errorf("--key is for one file, and there are %d", len(files))
	}
	var keys []string
	for _, file := range files {
		key, err := t.KeyOf(file)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func newCheckCmd() *cobra.Command {
	var a stackArgs
	var target targetArgs
	var airports []string
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Judge files on this machine by the contract of a stack, before they are uploaded",
		Long: `Judges files by the job's own SQL and the stack's limits. It calls nobody. Whether
airports are known is told only of the files that --airports names. The exit code
is 1 when a file would be refused.`,
		Example: `  airline check flights.csv --date 2026-11-29 --airports airports.csv`,
		RunE: func(cmd *cobra.Command, files []string) error {
			if len(files) == 0 {
				return fmt.Errorf("name the files: %s", cmd.UseLine())
			}
			keys, err := target.keys(files)
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
			unfit, err := a.checkAll(cmd, c, files, keys, airports, true)
			if err != nil {
				return err
			}
			if unfit > 0 {
				return badNews{fmt.Sprintf("%d of %d files would be refused", unfit, len(files))}
			}
			return nil
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

// checkAll judges files and prints the verdicts: all of them, or those of the files that would be refused. It tells how many these are.
func (a *stackArgs) checkAll(cmd *cobra.Command, c *infra.Config, files, keys, airports []string, all bool) (unfit int, err error) {
	for i, file := range files {
		checked, err := operate.Check(cmd.Context(), c, file, keys[i], airports)
		if err != nil {
			return unfit, err
		}
		if !checked.Fits {
			unfit++
		}
		if all || !checked.Fits {
			if err := a.writeChecked(cmd.OutOrStdout(), checked); err != nil {
				return unfit, err
			}
		}
	}
	return unfit, nil
}

func (a *stackArgs) writeChecked(w io.Writer, c *operate.Checked) error {
	if a.asJSON {
		return object(w, c)
	}
	verdict := "fits"
	if !c.Fits {
		verdict = "would be refused: " + c.Refused
	}
	t := newTable(w)
	t.row(c.File, c.Key, verdict)
	t.flush()
	if m := c.Manifest; m != nil {
		fmt.Fprintf(w, "  %d rows, %d would load, %d would be rejected\n", m.RowsRead, m.RowsLoaded, m.RowsRejected)
	}
	for _, what := range slices.Sorted(maps.Keys(c.Unasked)) {
		fmt.Fprintf(w, "  %d rows: %s, unless a file of the stack has it\n", c.Unasked[what], what)
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
