package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newASLCmd is the parent of the commands about Step Functions definitions.
// Each of them stands in a file asl_<name>.go and is added here.
func newASLCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "asl",
		Short: "Work with Amazon States Language definitions and JSONata expressions",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("unknown command %q for %q; see airline asl --help", args[0], cmd.CommandPath())
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(
		newASLRenderCmd(), newASLValidateCmd(), newASLDrawCmd(), newASLImportCmd(),
		newASLRunCmd(), newASLEvalCmd(),
	)
	return cmd
}
