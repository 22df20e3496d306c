package infra

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/local/recorder"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// The golden files show a reviewer what a change of the program does to the stacks: every resource with its inputs and
// every policy, in the order of names. Package workflow has its own of the definitions.
func TestGolden(t *testing.T) {
	for _, stack := range []string{"dev", "prod"} {
		t.Run(stack, func(t *testing.T) {
			got := describe(record(t, stack, false))
			path := filepath.Join("testdata", stack+".golden")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("the stack differs from %s; when that is meant, run go test ./infra -update (-want +got):\n%s", path, diff)
			}
		})
	}
}

// elsewhere are inputs that other golden files and the files themselves show.
var elsewhere = []string{"definition", "content", "tags"}

func describe(g *recorder.Graph) string {
	resources := slices.Clone(g.Resources)
	slices.SortFunc(resources, func(a, b *recorder.Resource) int { return strings.Compare(a.Type+" "+a.Name, b.Type+" "+b.Name) })
	var b strings.Builder
	for _, r := range resources {
		if r.Component {
			continue
		}
		fmt.Fprintf(&b, "%s %s\n", r.Type, r.Name)
		if r.Protect {
			b.WriteString("  protected\n")
		}
		keys := make([]string, 0, len(r.Inputs))
		for k := range r.Inputs {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			if slices.Contains(elsewhere, k) {
				continue
			}
			fmt.Fprintf(&b, "  %s: %s\n", k, show(r.Inputs[k]))
		}
	}
	return b.String()
}

// show prints a value, and JSON inside a text as JSON.
func show(v any) string {
	if text, ok := v.(string); ok {
		if !strings.HasPrefix(text, "{") || !json.Valid([]byte(text)) {
			return text
		}
		v = json.RawMessage(text)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("  ", "  ")
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
