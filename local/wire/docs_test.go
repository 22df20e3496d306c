package wire_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"airline/local/recorder"
	"airline/local/wire"
)

var update = flag.Bool("update", false, "write the table of actions in docs/serve.md anew")

// TestDocumented holds the table of actions in the docs to the code.
func TestDocumented(t *testing.T) {
	s := serve(t, &recorder.Graph{Project: "airline", Stack: "none", Account: recorder.DefaultAccount, Region: "us-east-1", Partition: "aws"}, wire.Options{})
	actions := s.Actions()
	var names []string
	for name := range actions {
		names = append(names, name)
	}
	slices.Sort(names)
	var table strings.Builder
	table.WriteString("| service | actions |\n|---|---|\n")
	for _, name := range names {
		fmt.Fprintf(&table, "| %s | %s |\n", name, strings.Join(actions[name], ", "))
	}
	const file, begin, end = "../../docs/serve.md", "<!-- actions: written by go test ./local/wire -update -->\n", "<!-- end -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the marks of the table", file)
	}
	want := before + begin + table.String() + end + after
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Errorf("the table in %s is not that of the code; write it with go test ./local/wire -update", file)
	}
}
