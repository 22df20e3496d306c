package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"airline/problem"
)

// addProject adds the flag that names the project's folder, for projectDir.
func addProject(flags *pflag.FlagSet, project *string) {
	flags.StringVar(project, "project", "", "the folder of Pulumi.yaml (default: the present folder or the nearest above)")
}

// addSettings adds the flag of a stack's settings, for overrides.
func addSettings(flags *pflag.FlagSet, settings *[]string) {
	flags.StringArrayVar(settings, "config", nil, "KEY=VALUE: a setting that wins over the stack file's; may be repeated")
}

// projectDir finds the folder of Pulumi.yaml: the one that the flag names, else
// the present folder or the nearest above it.
func projectDir(flag string) (string, error) {
	if flag != "" {
		if _, err := os.Stat(filepath.Join(flag, "Pulumi.yaml")); err != nil {
			return "", fmt.Errorf("--project: %w", err)
		}
		return flag, nil
	}
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "Pulumi.yaml")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no Pulumi.yaml in %s or above it; run this in the project, or name its folder with --project", start)
		}
	}
}

// overrides reads the KEY=VALUE settings of a flag.
func overrides(flag string, settings []string) (map[string]string, error) {
	m := map[string]string{}
	for _, s := range settings {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			shown, _ := problem.HideAddresses(s)
			return nil, fmt.Errorf("--%s %s: write KEY=VALUE", flag, shown)
		}
		m[key] = value
	}
	return m, nil
}
