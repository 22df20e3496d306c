// Package binary builds the airline command for tests that run it as its users do.
package binary

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Build writes the command to a file, without its symbols: several packages build it at once, and the disk may be small.
func Build(file string) error {
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", file, "airline/cmd/airline").CombinedOutput(); err != nil {
		return fmt.Errorf("building the airline command: %w\n%s", err, out)
	}
	return nil
}

// Main runs the tests of a package beside the command: dir is the folder that holds it, and is gone afterwards. It gives the exit code.
func Main(m *testing.M, dir *string) int {
	folder, err := os.MkdirTemp("", "airline-bin-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	if err := Build(filepath.Join(folder, "airline")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	*dir = folder
	return m.Run()
}
