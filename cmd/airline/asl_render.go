package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"airline/asl/grants"
)

// aslRender holds the flags of "airline asl render".
type aslRender struct {
	stackFlags
	compact, grants bool
	scope           grants.Scope
}

func newASLRenderCmd() *cobra.Command {
	var r aslRender
	cmd := &cobra.Command{
		Use:   "render [FILE...]",
		Short: "Print definitions, or the permissions that they need",
		Long: `Print definitions in their stable form: states in the order of the definition,
fields in one order, two spaces of indentation. With --stack the project's own
machines are printed (all of them, or those whose names end in the arguments).

--grants prints the IAM policy that a definition needs instead, derived from its
tasks; --region, --account and --name narrow it. An operation whose permissions
are not known is told, and the exit code is 1; what the others need is printed all
the same.`,
		RunE: func(cmd *cobra.Command, args []string) error { return r.run(cmd, args) },
	}
	r.register(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&r.compact, "compact", false, "print without white space")
	flags.BoolVar(&r.grants, "grants", false, "print the IAM policy instead of the definition")
	flags.StringVar(&r.scope.Region, "region", "", "region in the ARNs of --grants (default *)")
	flags.StringVar(&r.scope.Account, "account", "", "account in the ARNs of --grants (default *)")
	flags.StringVar(&r.scope.StateMachine, "name", "", "the machine's name in the ARNs of --grants (default *)")
	return cmd
}

func (r *aslRender) run(cmd *cobra.Command, args []string) error {
	list, err := r.sources(cmd, args)
	if err != nil {
		return err
	}
	bad := false
	for _, s := range list {
		if s.err != nil || s.definition == nil {
			s.print(cmd.ErrOrStderr(), diagnose(s))
			bad = true
			continue
		}
		text, err := r.text(s)
		if err != nil {
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", s.name, strings.ReplaceAll(err.Error(), "\n", "\n"+s.name+": "))
			bad = true
		}
		if text != nil {
			fmt.Fprintf(cmd.OutOrStdout(), "%s\n", text)
		}
	}
	if bad {
		return badNews{}
	}
	return nil
}

func (r *aslRender) text(s source) ([]byte, error) {
	if r.grants {
		allowed, unknown := grants.Of(s.definition, r.scope)
		if len(allowed) == 0 && unknown != nil {
			return nil, unknown
		}
		text, err := r.json(grants.Policy(allowed))
		return text, errors.Join(unknown, err)
	}
	if r.compact {
		return s.definition.MarshalJSON()
	}
	return s.definition.JSON()
}

func (r *aslRender) json(v any) ([]byte, error) {
	if r.compact {
		return json.Marshal(v)
	}
	return json.MarshalIndent(v, "", "  ")
}
