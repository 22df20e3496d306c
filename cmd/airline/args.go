package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// noArgs refuses arguments of a command that has flags only.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes no argument, and %q is one; see %[1]s --help", cmd.CommandPath(), args[0])
	}
	return nil
}

// oneArg wants one argument, such as "a file".
func oneArg(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return fmt.Errorf("give %s, not %d arguments: %s", what, len(args), cmd.UseLine())
	}
}

// atMostOneArg wants one argument, or none where a flag names what is meant.
func atMostOneArg(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return fmt.Errorf("give one argument, not %d: %s", len(args), cmd.UseLine())
	}
	return nil
}
