package cases_test

import (
	"os"
	"path/filepath"
	"testing"

	"airline/asl/jsonata/cases"
	"airline/asl/jsonvalue"
)

// TestSuite runs the official suite where it lies beside the repository.
func TestSuite(t *testing.T) {
	path := filepath.Join("..", "..", "..", "..", "shared", "conformance", "jsonata-suite.json")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the conformance data is not here: %v", err)
	}
	v, err := jsonvalue.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	file := v.(*jsonvalue.Object)
	datasets, _ := file.Get("datasets")
	all, _ := file.Get("cases")
	passed, total := 0, 0
	for _, c := range all.([]any) {
		total++
		r := cases.Run(c.(*jsonvalue.Object), datasets.(*jsonvalue.Object))
		if r.Failed() {
			t.Errorf("%s\ngot  %s\nwant %s", r.ID, r.Got, r.Want)
			continue
		}
		passed++
	}
	t.Logf("total %d/%d", passed, total)
}

// A case that says nothing of what it expects, or misspells it, fails.
func TestCasesMustExpect(t *testing.T) {
	for _, text := range []string{
		`{"id": "1", "lang": "expr", "expr": "foo"}`,
		`{"id": "2", "lang": "expr", "expr": "foo", "expect": {}}`,
		`{"id": "3", "lang": "expr", "expr": "foo", "expects": {"output": 1}}`,
		`{"id": "4", "lang": "expr", "expr": "foo", "expect": {"undefined": false}}`,
		`{"id": "5", "lang": "expr", "expr": "1", "expect": {"output": 1, "outptu": 2}}`,
	} {
		v, err := jsonvalue.Decode([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if r := cases.Run(v.(*jsonvalue.Object), nil); !r.Failed() {
			t.Errorf("passed: %s", text)
		}
	}
}
