package infra

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMachineDefinitions compares the state machines of both stacks with those committed under workflow/testdata, so that
// a review sees what a change does to them.
func TestMachineDefinitions(t *testing.T) {
	for _, stack := range []string{"dev", "prod"} {
		machines := record(t, stack, false).OfType("aws:sfn/stateMachine:StateMachine")
		if len(machines) < 3 {
			t.Fatalf("%s has %d state machines, want at least 3", stack, len(machines))
		}
		for _, m := range machines {
			name := strings.TrimPrefix(m.String("name"), "airline-"+stack+"-")
			t.Run(stack+"/"+name, func(t *testing.T) {
				definition, ok := m.Inputs["definition"].(string)
				if !ok {
					t.Fatal("the definition is not known at preview")
				}
				var pretty bytes.Buffer
				if err := json.Indent(&pretty, []byte(definition), "", "  "); err != nil {
					t.Fatal(err)
				}
				pretty.WriteByte('\n')
				path := filepath.Join("..", "workflow", "testdata", stack, name+".asl.json")
				if *update {
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
					t.Errorf("the machine differs from %s; when that is meant, run go test ./infra -update (-want +got):\n%s", path, diff)
				}
			})
		}
	}
}
