package catalog

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/asl/internal/conformance"
)

// TestOutputs compares the members that outputs are known to have with
// those that AWS recorded.
func TestOutputs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(conformance.Dir(t), "histories.json"))
	if err != nil {
		t.Fatal(err)
	}
	var histories []struct {
		ID     string
		Events []struct {
			Type    string
			Details struct {
				ResourceType, Resource string
				Output                 map[string]any
			}
		}
	}
	var wrongType *json.UnmarshalTypeError // outputs that are no objects
	if err := json.Unmarshal(text, &histories); err != nil && !errors.As(err, &wrongType) {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, h := range histories {
		for _, e := range h.Events {
			operation := e.Details.ResourceType + ":" + e.Details.Resource
			names, known := Outputs[operation]
			if e.Type != "TaskSucceeded" || !known {
				continue
			}
			seen[operation]++
			allowed := " SdkHttpMetadata SdkResponseMetadata " + strings.Join(names, " ") + " "
			for name := range e.Details.Output {
				if !strings.Contains(allowed, " "+name+" ") {
					t.Errorf("%s: the output of %s has the member %s, which is not known", h.ID, operation, name)
				}
			}
		}
	}
	if len(seen) < 3 {
		t.Errorf("only %v were compared", seen)
	}
	t.Log(seen)
}
