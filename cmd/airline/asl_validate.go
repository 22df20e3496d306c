package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/problem"
)

func newASLValidateCmd() *cobra.Command {
	var flags stackFlags
	var strict, asJSON bool
	var api string
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "Check definitions",
		Long: `Check definitions, and print every problem in a line of its own:

	file: /States/RunJob/Next: error: there is no state "Notify" here; did you mean "NotifyAll"? (line 12:5)

The exit code is 1 when a definition has an error, 0 when all are valid;
warnings are printed and change nothing unless --strict is given. A FILE may
be "-". With --stack the project's own machines are checked instead. With --json
a line is an object with file, severity, where, what, fix, line and column; what is
not known is absent.

The calls of AWS services are held to an index of their API. What is near to a name
in the index is an error; a name that is near to none may be newer than the index,
and is a warning, or with --api strict an error.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if api != "strict" && api != "lenient" {
				return fmt.Errorf("--api %s: give strict or lenient", api)
			}
			list, err := flags.sources(cmd, args)
			if err != nil {
				return err
			}
			invalid := 0
			for _, s := range list {
				problems := diagnoseStrictly(s, api == "strict")
				if asJSON {
					if err := s.printJSON(cmd.OutOrStdout(), problems); err != nil {
						return err
					}
				} else {
					s.print(cmd.OutOrStdout(), problems)
				}
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
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each problem as a JSON object")
	cmd.Flags().BoolVar(&strict, "strict", false, "take warnings for errors")
	cmd.Flags().StringVar(&api, "api", "lenient", "how unknown names of AWS's API are taken: strict or lenient")
	return cmd
}

// print writes each problem in a line of its own, the definition's name first.
func (s source) print(w io.Writer, problems ast.Diagnostics) {
	for _, p := range problems {
		fmt.Fprintf(w, "%s: %s\n", s.name, p)
	}
}

// printJSON writes each problem as an object in a line of its own.
func (s source) printJSON(w io.Writer, problems ast.Diagnostics) error {
	lines := json.NewEncoder(w)
	for _, p := range problems {
		if err := lines.Encode(struct {
			File     string `json:"file"`
			Severity string `json:"severity"`
			problem.Problem
			Line   int `json:"line,omitempty"`
			Column int `json:"column,omitempty"`
		}{s.name, p.Severity.String(), problem.Problem{Where: p.Location, What: p.What, Fix: p.Fix}, p.Pos.Line, p.Pos.Column}); err != nil {
			return err
		}
	}
	return nil
}

// diagnose is all that is wrong with a definition, its form first.
func diagnose(s source) ast.Diagnostics { return diagnoseStrictly(s, false) }

// diagnoseStrictly is diagnose; strict refuses what the index of AWS's API does not know.
func diagnoseStrictly(s source, strict bool) ast.Diagnostics {
	var problems ast.Diagnostics
	if s.err != nil && !errors.As(s.err, &problems) {
		problems = ast.Diagnostics{{Severity: ast.SeverityError, What: s.err.Error()}}
	}
	if s.definition != nil {
		problems = append(problems, s.definition.ValidateWith(awsapi.Result)...)
		problems = append(problems, awsapi.Check(s.definition, awsapi.Options{Strict: strict})...)
	}
	return problems
}
