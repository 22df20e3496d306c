package infra

import (
	"fmt"
	"strings"

	"airline/problem"
)

// Problem is one thing wrong with the configuration.
type Problem struct {
	Key, Value, What, Fix string
}

func (p Problem) String() string {
	return problem.Problem{Where: fmt.Sprintf("%s = %q", p.Key, p.Value), What: p.What, Fix: p.Fix}.String()
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
