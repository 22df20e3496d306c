package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"airline/etl"
	"airline/operate"
)

func newMigrateCmd() *cobra.Command {
	a := &stackArgs{}
	var o etl.MigrateOptions
	var plan, yes bool
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Make the tables of a deployed stack those that this version declares",
		Long: `Compares the tables that this version declares with those of the warehouse, and
makes these the same: in place where Redshift can, else by a new table that gets
the rows and then the name, in one transaction, with views and rights. Loads that
run meanwhile wait, or are tried again. What may lose something is done with
--lossy only. Run it before pulumi up, which adds columns itself and fails where
it takes a migration. --plan says what would be done, with the statements; its
exit code is 1 when loads fail, or may, until it is done.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context(), "migrate")
			if err != nil {
				return err
			}
			m, err := s.PlanMigrate(cmd.Context(), o)
			if err != nil {
				return err
			}
			if plan || !m.ToDo() {
				return a.writePlan(cmd.OutOrStdout(), m)
			}
			if !a.asJSON {
				writeChanges(cmd.ErrOrStderr(), m, false)
			}
			if err := confirm(cmd, yes, "migrate the tables of "+s.Stack+"?"); err != nil {
				return err
			}
			err = s.Migrate(cmd.Context(), m, func(table string, step etl.Step) {
				fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", table, step.What)
			})
			if err != nil {
				return err
			}
			if a.asJSON {
				return object(cmd.OutOrStdout(), m)
			}
			if m.Hindered() {
				return badNews{"other tables could not be migrated"}
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "the tables are as declared")
			return err
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().BoolVar(&plan, "plan", false, "only say what would be done")
	cmd.Flags().BoolVar(&o.Lossy, "lossy", false, "drop columns that are not declared, make texts shorter, convert what may not come back as it was")
	cmd.Flags().BoolVar(&o.Copy, "copy", false, "copy a table where it would be altered in place")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// writePlan prints what a migration would do.
func (a *stackArgs) writePlan(w io.Writer, m *operate.Migration) error {
	if a.asJSON {
		if err := object(w, m); err != nil {
			return err
		}
	} else {
		writeChanges(w, m, true)
	}
	for _, t := range m.Tables {
		if t.Blocks() || len(t.Problems) > 0 {
			return badNews{"the tables are not those that this version loads"}
		}
	}
	return nil
}

// writeChanges prints the differences of each table and what is done about them.
func writeChanges(w io.Writer, m *operate.Migration, statements bool) {
	if len(m.Tables) == 0 {
		fmt.Fprintln(w, "the tables are as declared")
		return
	}
	for _, t := range m.Tables {
		fmt.Fprintf(w, "%s, about %s\n", t.Table, rows(t.Rows))
		for _, c := range t.Changes {
			note := string(c.How)
			if c.Loses && c.How != etl.Kept {
				note += ", may lose something"
			}
			fmt.Fprintf(w, "  %s (%s)\n", etl.Visible(c.What), note)
		}
		for _, p := range t.Problems {
			fmt.Fprintf(w, "  -> %s\n", etl.Visible(p))
		}
		if !statements {
			continue
		}
		for _, step := range t.Steps {
			kind := "in one transaction"
			if step.Alone {
				kind = "on its own"
			}
			fmt.Fprintf(w, "  -- %s, %s\n", etl.Visible(step.What), kind)
			for _, s := range step.Statements {
				fmt.Fprintf(w, "  %s;\n", strings.ReplaceAll(s, "\n", "\n  "))
			}
		}
	}
}
