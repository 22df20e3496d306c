package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"airline/spelling"
)

// flagError names the flag that was meant where a command has none of a name, and the flags that there are where none is near.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())
	}
	name := unknown.GetSpecifiedName()
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	for _, pair := range [][2]string{{"set", "config"}, {"config", "set"}} { // one thing, of two names in two families of commands
		if name == pair[0] && slices.Contains(known, pair[1]) {
			return fmt.Errorf("%s has no flag --%s: a setting of the stack is --%s KEY=VALUE", cmd.CommandPath(), name, pair[1])
		}
	}
	if near := spelling.Nearest(name, known); near != "" {
		return fmt.Errorf("%s has no flag --%s: did you mean --%s?", cmd.CommandPath(), name, near)
	}
	return fmt.Errorf("%s has no flag --%s; see %[1]s --help", cmd.CommandPath(), name)
}

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
