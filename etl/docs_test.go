package etl_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

// The page about datasets shows the declaration of carriers as it is, and the statements that come of it.
func TestDatasetsPage(t *testing.T) {
	const path = "../docs/datasets.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("carriers.go")
	if err != nil {
		t.Fatal(err)
	}
	_, declared, _ := strings.Cut(string(source), "package etl\n\n")
	known := etl.DDL()
	statements := slices.DeleteFunc(etl.DDL(etl.Carriers), func(s string) bool { return slices.Contains(known, s) })
	text := string(page)
	for _, block := range []struct{ begin, want string }{
		{"```go\n", declared},
		{"```sql\n", strings.Join(append(statements, etl.ViewDDL(etl.Carriers)...), ";\n") + ";\n"},
	} {
		before, rest, found := strings.Cut(text, block.begin)
		got, after, closed := strings.Cut(rest, "```\n")
		if !found || !closed {
			t.Fatalf("%s has no block %q", path, block.begin)
		}
		if *update {
			text = before + block.begin + block.want + "```\n" + after
		} else if diff := cmp.Diff(block.want, got); diff != "" {
			t.Errorf("%s; run go test ./etl -update (-want +got):\n%s", path, diff)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range append([]etl.KeyForm{"dt=YYYY-MM-DD", "year=YYYY/month=MM/day=DD", "YYYY/MM/DD"}, flightKeys(t)...) {
		if !strings.Contains(text, "`"+string(f)+"`") {
			t.Errorf("%s does not tell of keys as %s", path, f)
		}
	}
}

func flightKeys(t *testing.T) []etl.KeyForm {
	t.Helper()
	d, ok := etl.Flights.Declared()
	if !ok {
		t.Fatal("flights are not declared")
	}
	return d.Keys
}
