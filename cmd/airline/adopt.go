package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"airline/adopt"
)

func newAdoptCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "adopt STATE",
		Short: "Take back what a destroyed stack has kept",
		Long: `Adopt reads a state that was saved before a stack was destroyed (pulumi stack
export; - reads it from standard input) and prints the part of it that the destroy
has kept in AWS: buckets, keys, logs, the warehouse, with their settings.
Imported as the stack's state it lets the next update go on with them, where an
update of an empty state would fail since they are there already.`,
		Example: `  pulumi stack export --stack prod >before.json   # before pulumi destroy
  airline adopt before.json >kept.json
  pulumi stack import --stack prod --file kept.json
  pulumi up --stack prod`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var state io.Reader = cmd.InOrStdin()
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return err
				}
				defer file.Close()
				state = file
			}
			out, kept, err := adopt.Kept(state)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "airline: %d resources were kept\n", len(kept))
			_, err = cmd.OutOrStdout().Write(out)
			return err
		},
	}
}
