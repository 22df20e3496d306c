// Package serve_test calls airline serve with the clients that its users have: boto3, the aws command line and awswrangler.
// clients.sh makes them; AIRLINE_CLIENTS is the folder of their virtual environment.
package serve_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// clients is the folder of the virtual environment.
func clients(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("AIRLINE_CLIENTS")
	if folder == "" {
		t.Skip("LEFT OUT: boto3, the aws command line and awswrangler; make test-serve gets them (Python 3)")
	}
	return folder
}

// python runs a script of this folder and gives what it prints.
func python(t *testing.T, input []byte, environment []string, script string, args ...string) []byte {
	t.Helper()
	folder := clients(t)
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "bin", "python"), append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(folder, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"), "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	cmd.Env = append(cmd.Env, environment...)
	cmd.Stdin = bytes.NewReader(input)
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\n%s", script, err, out, problems.Bytes())
	}
	return out
}
