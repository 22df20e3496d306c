package operate_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"airline/infra"
	"airline/operate"
)

var update = flag.Bool("update", false, "write the policies in docs/operate.md anew")

// TestDocumented holds the policies in the docs to the code: which statements each command needs, and the statements.
func TestDocumented(t *testing.T) {
	c, names, err := operate.Describe(operate.Options{Dir: "..", Stack: "dev"})
	if err != nil {
		t.Fatal(err)
	}
	if names, err = names.In("123456789012", names.Region); err != nil {
		t.Fatal(err)
	}
	var table, statements strings.Builder
	table.WriteString("| command | statements | rights in the warehouse |\n|---|---|---|\n")
	known := map[string]string{}
	for _, command := range infra.OperatorCommands() {
		p, _ := names.OperatorPolicy(c, command)
		var sids []string
		for _, s := range p.Statements {
			sids = append(sids, s.Sid)
			text := s.JSON()
			switch before, ok := known[s.Sid]; {
			case !ok:
				known[s.Sid] = text
				fmt.Fprintf(&statements, "%s\n", text)
			case before != text:
				t.Errorf("%s is not the same statement in %s as before:\n%s\n%s", s.Sid, command, before, text)
			}
		}
		var rights []string
		for _, grant := range infra.OperatorGrants(command, "") {
			rights = append(rights, strings.TrimSuffix(strings.TrimPrefix(grant, "GRANT "), ` TO ""`))
		}
		if len(rights) == 0 {
			rights = []string{"none"}
		}
		fmt.Fprintf(&table, "| `airline %s` | %s | %s |\n", command, strings.Join(sids, ", "), strings.Join(rights, "; "))
	}
	want := table.String() + "\nThe statements, of the stack dev in account 123456789012:\n\n```json\n" + statements.String() + "```\n"
	const file, begin, end = "../docs/operate.md", "<!-- policies: written by go test ./operate -update -->\n", "<!-- end -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the marks of the policies", file)
	}
	whole := before + begin + want + end + after
	if *update {
		if err := os.WriteFile(file, []byte(whole), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != whole {
		t.Errorf("the policies in %s are not those of the code; write them with go test ./operate -update", file)
	}
	for _, state := range operate.States {
		if !strings.Contains(before, "| `"+string(state)+"` |") {
			t.Errorf("%s does not tell the state %s", file, state)
		}
	}
}
