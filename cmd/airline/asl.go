package main

import "github.com/spf13/cobra"

// newASLCmd is the parent of the commands about Step Functions definitions.
// Each of them stands in a file asl_<name>.go and is added here.
func newASLCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "asl",
		Short: "Work with Amazon States Language definitions and JSONata expressions",
	}
	cmd.AddCommand(newASLRunCmd(), newASLCheckCasesCmd())
	cmd.AddCommand(newASLDrawCmd())
	cmd.AddCommand(newASLRenderCmd(), newASLValidateCmd())
	cmd.AddCommand(newASLImportCmd())
	cmd.AddCommand(newASLEvalCmd())
	return cmd
}
