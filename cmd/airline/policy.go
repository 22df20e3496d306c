package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"airline/infra"
	"airline/local/recorder"
	"airline/policy/recorded"
	"airline/policy/report"
	"airline/policy/rules"
	"airline/problem"
)

func newPolicyCmd() *cobra.Command {
	var (
		stack, project, config string
		settings               []string
		preview                bool
		asJSON, asSARIF        bool
	)
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Judge the stack by the policy pack's rules",
		Long: `Runs the Pulumi program in this process, without an engine, a plugin or an
account, and judges what it registers by the rules of the policy pack, which
docs/policies.md lists. A finding names the line that registered the resource.

The program runs as if AWS had made everything, so all values are known; with
--preview what AWS only gives at creation is unknown, as in the first preview of
a stack, and rules that need it say that they cannot tell yet.

The exit code is 1 when a mandatory rule is broken, 0 otherwise.`,
		Example: `  airline policy --stack prod
  airline policy --config policy.json --sarif > policy.sarif`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && asSARIF {
				return errors.New("--json and --sarif exclude each other")
			}
			decided, err := readPolicyConfig(config)
			if err != nil {
				return err
			}
			dir, err := projectDir(project)
			if err != nil {
				return err
			}
			o := recorder.Options{Dir: dir, Stack: stack, Preview: preview}
			if o.Overrides, err = overrides("set", settings); err != nil {
				return err
			}
			graph, err := recorder.Record(cmd.Context(), o, infra.Program)
			if err != nil {
				return err
			}
			judged := rules.Judge(recorded.Stack(graph, dir), decided, time.Now())
			write := report.Text
			switch {
			case asJSON:
				write = report.JSON
			case asSARIF:
				write = report.SARIF
			}
			if err := write(cmd.OutOrStdout(), judged); err != nil {
				return err
			}
			if judged.Failed() {
				return badNews{fmt.Sprintf("stack %s: %s", stack, report.Summary(judged))}
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&stack, "stack", "dev", "the stack to judge")
	addProject(flags, &project)
	flags.StringVar(&config, "config", "", "a JSON file as for pulumi's --policy-pack-config: levels, tags, retention, regions, exemptions")
	flags.StringArrayVar(&settings, "set", nil, "KEY=VALUE: a setting of the program that wins over the stack file's; may be repeated")
	flags.BoolVar(&preview, "preview", false, "leave unknown what AWS only gives at creation")
	flags.BoolVar(&asJSON, "json", false, "print the report as one JSON object")
	flags.BoolVar(&asSARIF, "sarif", false, "print the report as SARIF 2.1.0, for code review")
	return cmd
}

// readPolicyConfig reads the file; without one the defaults hold.
func readPolicyConfig(file string) (*rules.Settings, error) {
	if file == "" {
		return rules.DefaultSettings(), nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) && strings.Contains(file, "=") {
		shown, _ := problem.HideAddresses(file)
		return nil, fmt.Errorf("--config %s: there is no such file; it is one of the policy pack's settings. A setting of the stack is --set %[1]s", shown)
	}
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	s, err := rules.ParseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", file, err)
	}
	return s, nil
}
