package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newStatusCmd() *cobra.Command {
	a := &stackArgs{}
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell whether a deployed stack is there and healthy",
		Long: `Looks at what files pass in a deployed stack: buckets, rules, state machines,
crawlers, job and warehouse; at alarms, queue and topic; at the files of the last
days, and at what is being loaded. The exit code is 1 when something needs a person, and it says
what to do. See docs/operate.md.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.open(cmd.Context(), "status")
			if err != nil {
				return err
			}
			st, err := s.Status(cmd.Context())
			if err != nil {
				return err
			}
			if a.asJSON {
				err = object(cmd.OutOrStdout(), st)
			} else {
				err = a.writeStatus(cmd.OutOrStdout(), st)
			}
			if err != nil {
				return err
			}
			if st.NeedsSomebody() {
				return badNews{"the stack " + st.Stack + " needs somebody"}
			}
			return nil
		},
	}
	a.add(cmd.Flags())
	return cmd
}

func (a *stackArgs) writeStatus(w io.Writer, st *operate.Status) error {
	fmt.Fprintf(w, "%s in %s, account %s, %s\n\n", st.Stack, st.Region, st.Account, a.when(st.Time))
	t := newTable(w)
	alarms := 0
	for _, p := range st.Parts {
		if p.Kind == "alarm" && p.Health == operate.Well {
			alarms++
			continue
		}
		t.row(mark(p.Health), p.Kind, p.Name, p.Detail)
		if p.Fix != "" {
			t.row("", "", "  -> "+p.Fix)
		}
	}
	t.row(mark(operate.Well), "alarms", fmt.Sprintf("%d are not in alarm", alarms))
	t.flush()
	if st.Files != nil {
		var counts []string
		for _, state := range operate.States {
			if n := st.Files.Counts[state]; n > 0 {
				counts = append(counts, fmt.Sprintf("%d %s", n, state))
			}
		}
		if counts == nil {
			counts = []string{"none"}
		}
		fmt.Fprintf(w, "\nfiles: %s (airports, flights of the last %d days, and what failed of late)\n", strings.Join(counts, ", "), st.Days)
		t := newTable(w)
		for _, f := range st.Files.Worst {
			t.row("  "+string(f.State), f.Key, f.Fix)
		}
		t.flush()
		fmt.Fprintf(w, "newest load: %s\n", a.when(st.Files.Newest))
	}
	fmt.Fprintf(w, "running: %d\n", len(st.Running))
	for _, x := range st.Running {
		fmt.Fprintf(w, "  %s since %s\n", x.ARN, a.when(x.Start))
	}
	if st.Usage != nil {
		fmt.Fprintf(w, "usage of the last %d days: %d job runs, %d crawls\n", st.Usage.Days, st.Usage.JobRuns, st.Usage.Crawls)
	}
	c := newTable(w)
	for _, l := range st.Cost.Lines {
		c.row("cost", l.What, fmt.Sprintf("%.2f USD", l.USD), fmt.Sprintf("%.2f %ss at the list price of us-east-1", l.Quantity, l.Unit))
	}
	c.flush()
	_, err := fmt.Fprintf(w, "cost not known: %s\n", strings.Join(st.Cost.NotKnown, "; "))
	return err
}

// mark is how a table shows health.
func mark(h operate.Health) string {
	if h == operate.Well {
		return "ok"
	}
	return strings.ToUpper(string(h))
}
