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
