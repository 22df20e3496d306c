package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"airline/asl"
)

// readDefinition reads a definition from a file, or from standard input for "-".
// What is wrong with its form is the error; the definition comes with it as far
// as it could be read, and is nil when the file is no definition at all.
func readDefinition(cmd *cobra.Command, file string) (*asl.Definition, error) {
	data, err := readFile(cmd, file)
	if err != nil {
		return nil, err
	}
	d, err := asl.Parse(data)
	if err != nil {
		return d, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}
