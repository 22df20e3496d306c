package asl_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestStandardLibraryOnly holds asl and everything under it to the promise that it brings no dependency along, and of the rest of
// this project only packages of which the same is true.
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
	// What the listed packages need is in the list itself, so nothing else can hide behind these.
	beside := []string{"airline/iam", "airline/problem"}
	for _, path := range packages {
		if path != "airline/asl" && !strings.HasPrefix(path, "airline/asl/") && !slices.Contains(beside, path) {
			t.Errorf("asl depends on %s", path)
		}
	}
}

// TestIndexIsNotLinked: whoever builds, draws and simulates machines does not carry the index of AWS's API, which
// grants and the check of foreign definitions need.
func TestIndexIsNotLinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".", "./sim", "./draw").Output()
	if err != nil {
		t.Fatal(err)
	}
	if packages := strings.Fields(string(out)); slices.Contains(packages, "airline/asl/awsapi") || !slices.Contains(packages, "airline/asl/ast") {
		t.Errorf("packages that need no index of AWS's API link it: %q", packages)
	}
}
