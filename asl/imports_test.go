package asl_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestStandardLibraryOnly holds asl and everything under it to the promise that it brings no dependency along, nor the
// rest of this project.
func TestStandardLibraryOnly(t *testing.T) {
	list := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v", list, err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 10 {
		t.Fatalf("%v lists %d packages, want those of asl: %q", list, len(packages), packages)
	}
	for _, path := range packages {
		if path != "airline/asl" && !strings.HasPrefix(path, "airline/asl/") {
			t.Errorf("asl depends on %s", path)
		}
	}
}
