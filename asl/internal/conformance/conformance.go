// Package conformance finds the published and recorded definitions that tests
// compare with: they lie beside the repository, or where CONFORMANCE_DIR says.
package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Dir is the folder with the definitions. A test that asks for it is skipped
// where there is none.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("CONFORMANCE_DIR")
	if dir == "" {
		dir = filepath.Join(root(t), "..", "shared", "conformance")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no conformance data: set CONFORMANCE_DIR")
	}
	return dir
}

// root is the folder of the module that the test belongs to.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}

// Files are the texts of the files below Dir that match a pattern, by their
// names without ".json".
func Files(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(Dir(t), pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s: %v", pattern, err)
	}
	texts := make(map[string][]byte, len(files))
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(filepath.Base(f), ".json")] = text
	}
	return texts
}

// Recorded are the definitions that AWS executed, by file and id.
func Recorded(t testing.TB) map[string][]byte {
	t.Helper()
	defs := map[string][]byte{}
	for _, file := range []string{"asl-cases.json", "histories.json"} {
		text, err := os.ReadFile(filepath.Join(Dir(t), file))
		if err != nil {
			t.Fatal(err)
		}
		var cases []struct {
			ID  string
			Def json.RawMessage
		}
		if err := json.Unmarshal(text, &cases); err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			def := []byte(c.Def)
			if def[0] == '"' {
				var s string
				if err := json.Unmarshal(def, &s); err != nil {
					t.Fatal(err)
				}
				def = []byte(s)
			}
			defs[file+" "+c.ID] = def
		}
	}
	return defs
}
