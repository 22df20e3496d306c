package serve_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of differences into docs/serve.md")

// documented is what AWS answers to the questions of differences.py, by its documentation: the API references of S3 (PutObject, CopyObject,
// CompleteMultipartUpload), Step Functions (CreateStateMachine, ValidateStateMachineDefinition, StartExecution, TestState, and the guide's
// "Error names" and "Intrinsic functions"), EventBridge (TestEventPattern), and IAM's of signed requests.
var documented = map[string]string{
	"PutObject with a wrong ChecksumCRC32":                       "BadDigest 400",
	"PutObject with a wrong Content-MD5":                         "BadDigest 400",
	"PutObject, If-None-Match: * on a key that is there":         "PreconditionFailed 412",
	"CopyObject onto itself without a change":                    "InvalidRequest 400",
	"CompleteMultipartUpload with a first part of 1 byte":        "EntityTooSmall 400",
	"CreateStateMachine with a Next that is not there":           "InvalidDefinition 400",
	"CreateStateMachine with what is no JSON":                    "InvalidDefinition 400",
	"ValidateStateMachineDefinition of a Next that is not there": "FAIL",
	"StartExecution with an input that is no JSON":               "InvalidExecutionInput 400",
	"States.Hash":                                 `SUCCEEDED {"h": "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"}`,
	"A JSONata Output":                            "SUCCEEDED 3",
	"A JSONata expression that fails":             "FAILED States.QueryEvaluationError",
	"An InputPath that finds nothing":             "FAILED States.Runtime",
	"TestState of a Choice":                       "B",
	"TestEventPattern with a suffix and a number": "True",
	"TestEventPattern of a pattern that is none":  "InvalidEventPatternException 400",
	"A request signed with a wrong secret":        "SignatureDoesNotMatch 403",
}

// asked is where differences.py asks.
type asked struct {
	Endpoint string `json:"endpoint"`
	Region   string `json:"region"`
	ID       string `json:"id"`
	Secret   string `json:"secret"`
	Bucket   string `json:"bucket"`
}

func (p peer) asked(t *testing.T) asked {
	t.Helper()
	key, err := p.config.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return asked{*p.config.BaseEndpoint, p.config.Region, key.AccessKeyID, key.SecretAccessKey, p.bucket}
}

// TestDifferences asks airline serve, moto's server and MiniStack the same by boto3. Ours answers what AWS documents; where the others do
// not, a table in docs/serve.md says so.
func TestDifferences(t *testing.T) {
	folder := peers(t)
	ask := func(name string, objects, others peer) map[string]string {
		t.Helper()
		first, _ := json.Marshal(objects.asked(t)) // texts alone
		second, _ := json.Marshal(others.asked(t))
		out, err := exec.CommandContext(t.Context(), filepath.Join(folder, "bin", "python"), "differences.py", string(first), string(second)).Output()
		answers := map[string]string{}
		if err == nil {
			err = json.Unmarshal(out, &answers)
		}
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return answers
	}
	mine := ask("airline serve", ours(t, ""), ours(t, "", "--no-stack"))
	for question, want := range documented {
		if mine[question] != want {
			t.Errorf("%s: %s, want %s", question, mine[question], want)
		}
	}
	moto := theirs(t, "moto server", motoServer(folder))
	settings := strings.NewReader(`{"stepfunctions": {"execute_state_machine": true}}`)
	if out, err := http.Post(*moto.config.BaseEndpoint+"/moto-api/config", "application/json", settings); err != nil || out.StatusCode >= 300 {
		t.Fatalf("telling moto to execute machines: %v", err)
	}
	mini := theirs(t, "MiniStack", miniStack(folder))
	answers := []map[string]string{ask("moto", moto, moto), ask("MiniStack", mini, mini)}
	var table strings.Builder
	table.WriteString("| asked | AWS's documentation, and `airline serve` | moto 5.2.5 | MiniStack 1.5.33 |\n|---|---|---|---|\n")
	for _, question := range slices.Sorted(maps.Keys(documented)) {
		want := documented[question]
		if answers[0][question] != want || answers[1][question] != want {
			fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", question, want, other(answers[0][question], want), other(answers[1][question], want))
		}
	}
	t.Logf("\n%s", &table)
	const file, from, to = "../../docs/serve.md", "<!-- differences: written by make bench-serve, with -update -->\n", "<!-- end of differences -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), from)
	written, after, ended := strings.Cut(rest, to)
	switch {
	case !found || !ended:
		t.Errorf("%s has no place for the table", file)
	case *update:
		if err := os.WriteFile(file, []byte(before+from+table.String()+to+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case written != table.String():
		t.Errorf("%s has another table: run the test with -update", file)
	}
}

// other is what somebody else answers, where it is not the same.
func other(answer, documented string) string {
	switch answer {
	case documented:
		return "the same"
	case "":
		return "nothing"
	}
	return strings.TrimSpace(answer)
}
