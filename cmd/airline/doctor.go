package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newDoctorCmd() *cobra.Command {
	a := &stackArgs{}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Tell what keeps you from deploying or operating a stack",
		Long: `Tells who you are for AWS and where the stack would be, which parts of it are not
there or not well, whether the account has room for it (quotas), Redshift's
service-linked role and Lake Formation's permissions for the crawlers, and what you
lack to run each command and pulumi up: IAM is asked to simulate your policies. It
ends with what it has not looked at. The exit code is 1 when a part of a deployed
stack or something around it is not well, or when you lack a right.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context(), "doctor")
			if err != nil {
				return err
			}
			d, err := s.Doctor(cmd.Context(), time.Second)
			if err != nil {
				return err
			}
			if a.asJSON {
				err = object(cmd.OutOrStdout(), d)
			} else {
				err = writeDiagnosis(cmd.OutOrStdout(), a.stack, d)
			}
			if err != nil {
				return err
			}
			if n := d.Problems(); n > 0 {
				return badNews{fmt.Sprintf("%d findings", n)}
			}
			return nil
		},
	}
	a.add(cmd.Flags())
	return cmd
}

func writeDiagnosis(w io.Writer, stack string, d *operate.Diagnosis) error {
	t := newTable(w)
	t.row("ok", "you are", d.Caller)
	t.row("ok", "the stack is", fmt.Sprintf("%s in %s of account %s", stack, d.Region, d.Account))
	if !d.Deployed {
		t.row("-", "it is not deployed", "pulumi up --stack "+stack)
	}
	well := 0
	for _, p := range d.Parts {
		switch {
		case p.Health == operate.Well:
			well++
		case d.Deployed:
			t.row(mark(p.Health), p.Kind, p.Name+" "+p.Detail, p.Fix)
		}
	}
	t.row("ok", "parts", fmt.Sprintf("%d of %d are well", well, len(d.Parts)))
	for _, p := range d.Around {
		t.row(mark(p.Health), p.Kind, p.Name+": "+p.Detail, p.Fix)
	}
	for _, r := range d.Rights {
		if len(r.Lacking) == 0 {
			t.row("ok", "you may run", r.For)
			continue
		}
		t.row("LACKS", r.For, fmt.Sprintf("%d rights, such as %s", len(r.Lacking), r.Lacking[0]))
		for _, s := range r.Statements {
			t.row("", "  add", s)
		}
	}
	t.flush()
	_, err := fmt.Fprintf(w, "not looked at: %s\n", strings.Join(d.NotLookedAt, "; "))
	return err
}
