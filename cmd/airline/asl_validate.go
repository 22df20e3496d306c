package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"airline/asl/ast"
)

func newASLValidateCmd() *cobra.Command {
	var flags stackFlags
	var strict bool
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check definitions",
		Long: `Check definitions, and print every problem in a line of its own:

	file: /States/RunJob/Next: error: there is no state "Notify" here; did you mean "NotifyAll"? (line 12:5)

The exit code is 1 when a definition has an error, 0 when all are valid;
warnings are printed and change nothing unless --strict is given. A FILE may
be "-". With --stack the project's own machines are checked instead.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := flags.sources(cmd, args)
			if err != nil {
				return err
			}
			invalid := 0
			for _, s := range list {
				problems := diagnose(s)
				s.print(cmd.OutOrStdout(), problems)
				if problems.HasErrors() || strict && len(problems) > 0 {
					invalid++
				}
			}
			if invalid > 0 {
				return badNews{}
			}
			return nil
		},
	}
	flags.register(cmd)
	cmd.Flags().BoolVar(&strict, "strict", false, "take warnings for errors")
	return cmd
}

// print writes each problem in a line of its own, the definition's name first.
func (s source) print(w io.Writer, problems ast.Diagnostics) {
	for _, p := range problems {
		fmt.Fprintf(w, "%s: %s\n", s.name, p)
	}
}

// diagnose is all that is wrong with a definition, its form first.
func diagnose(s source) ast.Diagnostics {
	var problems ast.Diagnostics
	if s.err != nil && !errors.As(s.err, &problems) {
		problems = ast.Diagnostics{{Severity: ast.SeverityError, Summary: s.err.Error()}}
	}
	if s.definition != nil {
		problems = append(problems, s.definition.Validate()...)
	}
	return problems
}
