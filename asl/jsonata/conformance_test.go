package jsonata_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

// shared returns the directory with the conformance data, which lies beside the repository, or skips the test.
func shared(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "conformance")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the conformance data is not beside the repository: %v", err)
	}
	return dir
}

func decodeFile(t *testing.T, path string) any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonvalue.Decode(data)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

// expressions calls visit for all {% ... %} in a definition.
func expressions(v any, visit func(src string)) {
	switch v := v.(type) {
	case string:
		if src, ok := strings.CutPrefix(v, "{%"); ok && strings.HasSuffix(src, "%}") {
			visit(strings.TrimSpace(strings.TrimSuffix(src, "%}")))
		}
	case []any:
		for _, e := range v {
			expressions(e, visit)
		}
	case *jsonvalue.Object:
		for _, e := range v.All() {
			expressions(e, visit)
		}
	}
}

// TestDefinitionsCompile compiles every expression of the recorded and published state machines. All of them were
// accepted by AWS: those whose evaluation failed there failed at run time.
func TestDefinitionsCompile(t *testing.T) {
	dir := shared(t)
	files, err := filepath.Glob(filepath.Join(dir, "workflows", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows in %s: %v", dir, err)
	}
	count := 0
	check := func(where string, definition any) {
		expressions(definition, func(src string) {
			count++
			x, err := jsonata.CompileStepFunctions(src)
			if err != nil {
				t.Errorf("%s: %s: %v", where, src, err)
				return
			}
			again, err := jsonata.CompileStepFunctions(x.String())
			if err != nil || again.String() != x.String() {
				t.Errorf("%s: %s is printed as %s, which reads as %v, %v", where, src, x, again, err)
			}
		})
	}
	for _, name := range []string{"asl-cases.json", "histories.json"} {
		for _, c := range decodeFile(t, filepath.Join(dir, name)).([]any) {
			o := c.(*jsonvalue.Object)
			id, _ := o.Get("id")
			definition, _ := o.Get("def")
			check(id.(string), definition)
		}
	}
	for _, file := range files {
		check(filepath.Base(file), decodeFile(t, file))
	}
	if count < 50 {
		t.Errorf("found only %d expressions", count)
	}
	t.Logf("%d expressions", count)
}

// TestPrintOfSuite prints every expression of the suite that compiles and reads it again: the tree is the same.
func TestPrintOfSuite(t *testing.T) {
	file := decodeFile(t, filepath.Join(shared(t), "jsonata-suite.json")).(*jsonvalue.Object)
	cases, _ := file.Get("cases")
	for _, c := range cases.([]any) {
		src, _ := c.(*jsonvalue.Object).Get("expr")
		checkPrint(t, src.(string))
	}
}
