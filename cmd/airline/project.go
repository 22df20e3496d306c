package main

import (
	"fmt"
	"os"
	"path/filepath"
)

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
