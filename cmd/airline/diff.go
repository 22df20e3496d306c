package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"airline/infra"
	"airline/local/recorder"
	"airline/review"
)

func newDiffCmd() *cobra.Command {
	var (
		stack, project, state, commit string
		settings                      []string
		asJSON, asMarkdown, exitCode  bool
	)
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Tell what the program changes, by states, fields and statements",
		Long: `Compares what the program registers now with a saved state or with another commit,
without an engine, a plugin or an account, and tells the differences: of state
machines by state and field, of policies by statement, of other resources by
property. Secrets are compared and never shown.

A state is what pulumi stack export writes; what AWS has given (ids, ARNs of
keys) is known by the resource's name, so that it is no difference. A commit is
compiled in a temporary folder and recorded as the present program is; the
repository stays as it is. Without --state and --commit the last commit is meant.

The exit code is 0 whether there is a difference or not; with --exit-code it is 1
when there is one.`,
		Example: `  pulumi stack export --stack prod | airline diff --stack prod --state -
  airline diff --commit origin/main --markdown > comment.md`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case asJSON && asMarkdown:
				return errors.New("--json and --markdown exclude each other")
			case state != "" && cmd.Flags().Changed("commit"):
				return errors.New("--state and --commit exclude each other: one thing is compared with")
			}
			dir, err := projectDir(project)
			if err != nil {
				return err
			}
			o := recorder.Options{Dir: dir, Stack: stack}
			if o.Overrides, err = overrides("set", settings); err != nil {
				return err
			}
			var before *review.Stack
			if state != "" {
				before, err = savedState(cmd.InOrStdin(), state, stack)
			} else {
				before, err = review.AtRevision(cmd.Context(), o, commit)
			}
			if err != nil {
				return err
			}
			after, err := programNow(cmd.Context(), o, before)
			if err != nil {
				return err
			}
			diff := review.Compare(before, after)
			write := review.Text
			switch {
			case asJSON:
				write = review.JSON
			case asMarkdown:
				write = review.Markdown
			}
			if err := write(cmd.OutOrStdout(), diff); err != nil {
				return err
			}
			if exitCode && !diff.Empty() {
				return badNews{fmt.Sprintf("stack %s: %s", stack, review.Summary(diff))}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&stack, "stack", "dev", "the stack to compare")
	addProject(flags, &project)
	flags.StringVar(&state, "state", "", "a file that pulumi stack export has written, - for the standard input")
	flags.StringVar(&commit, "commit", "HEAD", "a Git revision: a commit, branch or tag")
	flags.StringArrayVar(&settings, "set", nil, "KEY=VALUE: a setting of the program that wins over the stack file's, on both sides; may be repeated")
	flags.BoolVar(&asJSON, "json", false, "print the differences as one JSON object")
	flags.BoolVar(&asMarkdown, "markdown", false, "print the differences as a comment for a pull request")
	flags.BoolVar(&exitCode, "exit-code", false, "end with exit code 1 when there is a difference")
	return cmd
}

// savedState reads a state and refuses that of another stack.
func savedState(stdin io.Reader, file, stack string) (*review.Stack, error) {
	r, origin := stdin, "the state"
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("--state: %w", err)
		}
		defer f.Close()
		r, origin = f, "the state in "+file
	}
	s, err := review.ReadState(r, origin)
	if err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	if s.Name != stack {
		return nil, fmt.Errorf("--state: %s is that of the stack %s, not of %s: name it with --stack", origin, s.Name, stack)
	}
	return s, nil
}

// programNow records the present program, in the account that it is compared with.
func programNow(ctx context.Context, o recorder.Options, before *review.Stack) (*review.Stack, error) {
	o.Account = before.Account
	graph, err := recorder.Record(ctx, o, infra.Program)
	if err != nil {
		return nil, err
	}
	if graph.Project != before.Project {
		return nil, fmt.Errorf("%s is of the project %s, and the program is %s", before.Origin, before.Project, graph.Project)
	}
	return review.Recorded(graph, o.Dir, "the program")
}
