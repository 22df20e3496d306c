package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"airline/infra"
	"airline/local/cost"
	"airline/local/recorder"
)

// costArgs are the flags of airline cost.
type costArgs struct {
	project, stack, picture string
	settings                []string
	o                       cost.Options
	compare, asJSON         bool
}

func newCostCmd() *cobra.Command {
	a := costArgs{}
	cmd := &cobra.Command{
		Use:   "cost",
		Short: "Estimate a month's bill of the stack",
		Long: `Lets the stack live through days of files in a local world, on its virtual clock:
events, executions, crawls, job runs, loads and notifications happen as deployed,
and the work of each file takes the time of --rows rows, which are not computed.
Prints the month (730 hours) by service, per file, what the stack costs while
nothing happens, the time from upload to the end of the load, and peaks beside
their bounds. Prices: ` + cost.Source + `.

--compare does the same with settings that would be cheaper, one at a time and
together.`,
		Example: `  airline cost
  airline cost --stack prod --files-per-day 24 --rows 500000
  airline cost --compare --svg cost.svg`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.run(cmd) },
	}
	flags := cmd.Flags()
	addProject(flags, &a.project)
	flags.StringVar(&a.stack, "stack", "dev", "the stack to estimate")
	addSettings(flags, &a.settings)
	flags.IntVar(&a.o.FilesPerDay, "files-per-day", 1, "files a day, 1 to 1000, evenly from 06:00 to midnight")
	flags.IntVar(&a.o.Rows, "rows", 20_000, "rows of each file")
	flags.IntVar(&a.o.Days, "days", 30, "days to simulate, 1 to 366")
	flags.Uint64Var(&a.o.Seed, "seed", 1, "decides everything random in the world")
	flags.BoolVar(&a.compare, "compare", false, "estimate cheaper settings too, one at a time and together")
	flags.BoolVar(&a.asJSON, "json", false, "print a list of estimates as JSON")
	flags.StringVar(&a.picture, "svg", "", "draw the months to this file")
	return cmd
}

// cheaper are settings that could cost less, by what people say of them.
var cheaper = []struct{ setting, value string }{
	{"trigger", "s3"}, {"crawl", "daily"}, {"crawlSchedule", "never"}, {"baseCapacity", "4"}, {"engine", "auto"}, {"logLevel", "ERROR"}, {"trace", "false"}, {"workers", "2"}, {"flexWorkers", "true"}, {"reconcileDays", "0"},
}

func (a *costArgs) run(cmd *cobra.Command) error {
	dir, err := projectDir(a.project)
	if err != nil {
		return err
	}
	own, err := overrides("config", a.settings)
	if err != nil {
		return err
	}
	first, err := a.estimate(cmd, dir, own, "")
	if err != nil {
		return err
	}
	list := []*cost.Estimate{first}
	if a.compare {
		more, err := a.alternatives(cmd, dir, own, first)
		if err != nil {
			return err
		}
		list = append(list, more...)
	}
	if a.picture != "" {
		if err := os.WriteFile(a.picture, cost.Draw(list), 0o644); err != nil {
			return err
		}
	}
	if a.asJSON {
		return object(cmd.OutOrStdout(), list)
	}
	return printCosts(cmd.OutOrStdout(), list)
}

// alternatives are the estimates of cheaper settings, the cheapest first, and before them that of all of them together. A setting that the stack has, or
// does not take, is none.
func (a *costArgs) alternatives(cmd *cobra.Command, dir string, own map[string]string, first *cost.Estimate) ([]*cost.Estimate, error) {
	var list []*cost.Estimate
	together, names := maps.Clone(own), []string{}
	for _, c := range cheaper {
		if _, given := own[c.setting]; given {
			continue
		}
		settings := maps.Clone(own)
		settings[c.setting] = c.value
		e, err := a.estimate(cmd, dir, settings, c.setting+": "+c.value)
		if cmd.Context().Err() != nil {
			return nil, cmd.Context().Err()
		}
		var refused *infra.ConfigError
		switch {
		case errors.As(err, &refused):
			fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s is refused by the stack's other settings, and not compared\n", c.setting, c.value)
		case err != nil:
			return nil, fmt.Errorf("%s: %s: %w", c.setting, c.value, err)
		case e.MonthUSD < first.MonthUSD-0.005:
			list = append(list, e)
			together[c.setting], names = c.value, append(names, e.Settings)
		}
	}
	if len(list) > 1 {
		all, err := a.estimate(cmd, dir, together, strings.Join(names, ", "))
		if err != nil {
			return nil, fmt.Errorf("the cheaper settings together: %w", err)
		}
		list = append(list, all)
	}
	slices.SortFunc(list, func(a, b *cost.Estimate) int { return cmp.Compare(a.MonthUSD, b.MonthUSD) })
	return list, nil
}

func (a *costArgs) estimate(cmd *cobra.Command, dir string, settings map[string]string, name string) (*cost.Estimate, error) {
	ctx := cmd.Context()
	g, err := recorder.Record(ctx, recorder.Options{Dir: dir, Stack: a.stack, Overrides: settings}, infra.Program)
	if err != nil {
		return nil, err
	}
	o := a.o
	o.Graph = g
	o.Day = a.progress(cmd.ErrOrStderr(), cmp.Or(name, "the "+a.stack+" stack"))
	e, err := cost.Run(ctx, o)
	if err != nil {
		return nil, err
	}
	e.Settings = name
	return e, nil
}

// progress tells of days, at most every two seconds.
func (a *costArgs) progress(w io.Writer, what string) func(int) {
	last := time.Now()
	fmt.Fprintf(w, "%s: %d days of %d files\n", what, a.o.Days, a.o.FilesPerDay)
	return func(n int) {
		if time.Since(last) > 2*time.Second {
			last = time.Now()
			fmt.Fprintf(w, "%s: day %d of %d\n", what, n, a.o.Days)
		}
	}
}

func printCosts(w io.Writer, list []*cost.Estimate) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	e := list[0]
	fmt.Fprintf(t, "stack %s, %d files of %d rows a day, %d days simulated\n\n", e.Stack, e.FilesPerDay, e.Rows, e.Days)
	for _, s := range e.Services {
		fmt.Fprintf(t, "%s\t%10.2f USD\t%s\n", s.Name, s.USD, itemsOf(s))
	}
	for _, f := range e.Fixed {
		fmt.Fprintf(t, "%s\t%10.2f USD\t%d at %.2f, whatever happens\n", f.What, f.USD, f.Count, f.Each)
	}
	fmt.Fprintf(t, "a month\t%10.2f USD\t%.2f of use, %.2f whatever happens\n", e.MonthUSD, e.UseUSD, e.FixedUSD)
	fmt.Fprintf(t, "a file\t%10.4f USD\twithout what costs whatever happens\n\n", e.PerFileUSD)
	fmt.Fprintf(t, "from upload to the end of the load\t%.0f s for half of the files, %.0f s for 9 of 10, %.0f s at most\n", e.Latency.P50, e.Latency.P90, e.Latency.Max)
	for _, p := range e.Peaks {
		fmt.Fprintf(t, "%s at once\t%d of %d\t%s\n", p.What, p.Most, p.Quota, p.Of)
	}
	if len(list) > 1 {
		fmt.Fprintln(t, "\ncheaper settings")
		for _, o := range list[1:] {
			fmt.Fprintf(t, "%s\t%10.2f USD a month\t%.2f less; %.4f USD a file; half of the files in %.0f s\n", o.Settings, o.MonthUSD, e.MonthUSD-o.MonthUSD, o.PerFileUSD, o.Latency.P50)
		}
	}
	fmt.Fprintf(t, "\nPrices: %s.\n", cost.Source)
	return t.Flush()
}

func itemsOf(s cost.Service) string {
	var parts []string
	for _, i := range s.Items {
		_, name, _ := strings.Cut(i.Item, ".")
		parts = append(parts, fmt.Sprintf("%s %.3g %s", name, i.Quantity, i.Unit))
	}
	return strings.Join(parts, ", ")
}
