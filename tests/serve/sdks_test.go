package serve_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// otherSDK runs a program of another language's SDK against a stack and against an empty world, and gives the protocol that each of its
// clients spoke.
func otherSDK(t *testing.T, program ...string) map[string]string {
	t.Helper()
	spoken := map[string]string{}
	for _, world := range [][]string{nil, {"--no-stack"}} {
		s := start(t, world...)
		var told told
		if err := json.Unmarshal([]byte(s.first), &told); err != nil {
			t.Fatal(err)
		}
		key := told.Profiles["operator"]
		cmd := exec.CommandContext(t.Context(), program[0], program[1:]...)
		cmd.Env = append(os.Environ(), "SERVE="+s.first, "RAW="+told.RawBucket, "WORKGROUP="+told.Workgroup, "DATABASE="+told.Database, "AWS_ENDPOINT_URL="+told.Endpoint,
			"AWS_REGION="+told.Region, "AWS_ACCESS_KEY_ID="+key.ID, "AWS_SECRET_ACCESS_KEY="+key.Secret,
			"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "AWS_EC2_METADATA_DISABLED=true")
		var problems bytes.Buffer
		cmd.Stderr = &problems
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%v: %v\n%s\n%s", world, err, out, problems.Bytes())
		}
		s.stop(t)
		if err := json.Unmarshal(out, &spoken); err != nil {
			t.Fatalf("it prints %s: %v", out, err)
		}
	}
	return spoken
}

func TestJavaScript(t *testing.T) {
	folder := filepath.Join(clients(t), "javascript")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("LEFT OUT: the AWS SDK for JavaScript; tests/serve/clients.sh gets it with npm")
	}
	inDocs(t, "JavaScript", otherSDK(t, "node", "javascript.mjs", folder))
}

func TestJava(t *testing.T) {
	folder := filepath.Join(clients(t), "java")
	_, gone := os.Stat(folder)
	if _, err := exec.LookPath("javac"); err != nil || gone != nil { // java compiles Clients.java, which it does in a JDK only
		t.Skip("LEFT OUT: the AWS SDK for Java, which needs a JDK of Java 17; tests/serve/clients.sh gets it with Maven")
	}
	inDocs(t, "Java", otherSDK(t, "java", "-cp", filepath.Join(folder, "*"), "Clients.java"))
}

// inDocs holds the protocols that a language's clients speak to the table in the docs.
func inDocs(t *testing.T, language string, spoken map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/serve.md")
	if err != nil {
		t.Fatal(err)
	}
	by := map[string][]string{}
	for client, protocol := range spoken {
		by[protocol] = append(by[protocol], client)
	}
	var parts []string
	for _, protocol := range slices.Sorted(maps.Keys(by)) {
		slices.Sort(by[protocol])
		parts = append(parts, protocol+": "+strings.Join(by[protocol], ", "))
	}
	if want := "| " + language + " | " + strings.Join(parts, "; ") + " |"; !strings.Contains(string(text), want) {
		t.Errorf("docs/serve.md lacks the line\n%s", want)
	}
}
