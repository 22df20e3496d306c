package infra

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong with the configuration.
type Problem struct {
	Key, Value, Wrong, Remedy string
}

func (p Problem) String() string {
	return fmt.Sprintf("%s = %q: %s; %s", p.Key, p.Value, p.Wrong, p.Remedy)
}

// ConfigError holds every problem of a configuration.
type ConfigError struct {
	Stack    string
	Problems []Problem
}

func (e *ConfigError) Error() string {
	lines := []string{fmt.Sprintf("the configuration of stack %s has %d problem(s):", e.Stack, len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}
