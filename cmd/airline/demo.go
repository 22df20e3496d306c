package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"airline/infra"
	"airline/local"
	"airline/local/console"
	"airline/local/demo"
)

func newDemoCmd() *cobra.Command {
	var (
		o        demo.Options
		project  string
		trigger  string
		settings []string
		asJSON   bool
		page     string
	)
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Deploy the stack on this machine and ingest a folder of flights",
		Long: `Deploys the Pulumi program's stack into a local world and uploads airports and
flights to its raw bucket. From there everything is as deployed: events, rules,
state machines, crawlers, the Glue job's SQL, the load into the warehouse and
the notifications, with the deployed IAM policies enforced and time virtual.

--data names a folder, or one CSV file of flights with a column for the day
(FlightDate, FL_DATE, date, or Year, Month and DayofMonth), which is split by it;
airports.csv beside it is taken along.

--continue goes on with the run that --workdir holds: a file of a key that is
there is its correction; --delete and --replay do by hand what their names say.
Files, tables, catalog and time are kept; executions, messages and logs are not.

The exit code is 1 when a file was not loaded or a request was refused.`,
		Example: `  airline demo
  airline demo --data ../flights --trigger cloudtrail --json
  airline demo --data 2008.csv --workdir kept
  airline demo --workdir kept --continue --data corrections --wait 24h
  airline demo --workdir kept && airline query --workdir kept "select count(*) from airlines.daily_flights_fact"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkDemoFlags(cmd, o); err != nil {
				return err
			}
			dir, err := projectDir(project)
			if err != nil {
				return err
			}
			o.Project, o.Program = dir, infra.Program
			if o.Overrides, err = overrides("config", settings); err != nil {
				return err
			}
			if trigger != "" {
				o.Overrides["trigger"] = trigger
			}
			if page != "" {
				if _, err := os.Stat(filepath.Dir(page)); err != nil {
					return fmt.Errorf("--report: %w", err)
				}
				o.Watch = func(w *local.World) func(context.Context) error {
					index := console.Watch(w)
					return func(ctx context.Context) error {
						return writeFile(page, func(out io.Writer) error { return index.Report(ctx, out) })
					}
				}
			}
			progress := progressTo(cmd.ErrOrStderr())
			summary, err := demo.Run(cmd.Context(), o, progress)
			progress.Done()
			if cmd.Context().Err() != nil {
				err = errors.New("interrupted")
				if _, unfinished := os.Stat(filepath.Join(o.WorkDir, demo.Unfinished)); o.WorkDir != "" && unfinished == nil {
					err = fmt.Errorf("interrupted: what is in %s is incomplete", o.WorkDir)
				}
			}
			if err != nil {
				return err
			}
			if err := printSummary(cmd.OutOrStdout(), summary, asJSON); err != nil {
				return err
			}
			if failed := summary.Failed(); len(failed) > 0 {
				return badNews{fmt.Sprintf("%d of %d files were not loaded", len(failed), len(slices.Concat(summary.All()...)))}
			}
			if len(summary.Refused) > 0 {
				return badNews{summary.Refused[0]}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	addProject(flags, &project)
	flags.StringVar(&o.Stack, "stack", "dev", "the stack to deploy")
	flags.StringVar(&o.Data, "data", "", "a folder with airports.csv and daily-flights/date=YYYY-MM-DD/*.csv, or a CSV file with a column for the day (default: flights made from the seed)")
	flags.StringVar(&trigger, "trigger", "", "s3 or cloudtrail: what tells of new files (default: the stack's)")
	addSettings(flags, &settings)
	flags.StringVar(&o.WorkDir, "workdir", "", "keep buckets and warehouse in this folder, which must be empty or new")
	flags.BoolVar(&o.Continue, "continue", false, "go on with the run that --workdir holds")
	flags.StringArrayVar(&o.Delete, "delete", nil, "a key of the raw bucket to delete after the uploads; may be repeated")
	flags.StringArrayVar(&o.Replay, "replay", nil, "a key of the raw bucket to load once more by hand; may be repeated")
	flags.DurationVar(&o.Wait, "wait", 0, "virtual time that passes at the end, such as 24h, in which scheduled rules come to their turn")
	flags.Uint64Var(&o.Seed, "seed", 1, "decides everything random: ids, delays, the flights that are made")
	flags.IntVar(&o.Days, "days", 7, "how many days of flights are made when there is no --data")
	flags.BoolVar(&asJSON, "json", false, "print the summary as one JSON object")
	flags.StringVar(&page, "report", "", "write a page about the run to this file, for a browser")
	return cmd
}

// maxDays bounds the flights that a demo makes: ten years.
const maxDays = 3653

// checkDemoFlags reports every flag that cannot be meant.
func checkDemoFlags(cmd *cobra.Command, o demo.Options) error {
	var problems []error
	if o.Days < 1 || o.Days > maxDays {
		problems = append(problems, fmt.Errorf("--days %d: make 1 to %d days", o.Days, maxDays))
	}
	if o.Continue && o.WorkDir == "" {
		problems = append(problems, errors.New("--continue needs --workdir: the folder of the run to go on with"))
	}
	if o.Continue && cmd.Flags().Changed("days") {
		problems = append(problems, errors.New("--days is for a new run; give --continue files with --data"))
	}
	if o.Wait < 0 {
		problems = append(problems, fmt.Errorf("--wait %s: time only goes forward", o.Wait))
	}
	if cmd.Flags().Changed("data") {
		if o.Data == "" {
			problems = append(problems, errors.New("--data is empty: name a folder, or leave the flag out to have flights made"))
		}
		if cmd.Flags().Changed("days") {
			problems = append(problems, errors.New("--days is for flights that are made, and --data names real ones: leave one of them out"))
		}
	}
	return errors.Join(problems...)
}

// progressTo shows files state by state where a person watches, and one line a
// file otherwise. It goes to the error stream: the output is the summary.
func progressTo(w io.Writer) demo.Progress {
	if f := terminal(w); f != nil {
		if width, height, err := term.GetSize(int(f.Fd())); err == nil {
			return demo.Terminal(w, width, height, time.Now)
		}
	}
	return demo.Lines(w)
}

func printSummary(w io.Writer, s *demo.Summary, asJSON bool) error {
	if !asJSON {
		return s.Report(w)
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}
