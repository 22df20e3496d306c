package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRetireCmd() *cobra.Command {
	a := &stackArgs{}
	var yes bool
	cmd := &cobra.Command{
		Use:   "retire KEY",
		Short: "Take a file's flights out of the warehouse of a deployed stack",
		Long: `Takes the rows of a file out of the warehouse and marks its version in the
ledger, in one transaction. The object stays in the bucket, and reconcile does
not bring it back. A new version of the key is loaded as ever; airline replay
--force loads this one again, and so does another event of it.`,
		Args: oneArg("the key of a file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := a.open(cmd.Context(), "retire")
			if err != nil {
				return err
			}
			r, err := s.PlanRetire(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := confirm(cmd, yes, fmt.Sprintf("take the %d flights of %s out of the warehouse?", r.Rows, r.Key)); err != nil {
				return err
			}
			rows, err := s.Retire(cmd.Context(), r)
			if err != nil {
				return err
			}
			if a.asJSON {
				return object(cmd.OutOrStdout(), map[string]any{"key": r.Key, "rows": rows})
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d flights of %s have left the warehouse\n", rows, r.Key)
			return err
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}
