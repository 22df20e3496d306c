package redshift

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
)

const examples = "../../../shared/conformance/redshift/examples.json"

// Statements that Redshift's guide prints with their answers, where they are at hand.
func TestDocumentedExamples(t *testing.T) {
	file := examples
	if f := os.Getenv("REDSHIFT_EXAMPLES"); f != "" {
		file = f
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the documented examples are not at %s", file)
	}
	if err != nil {
		t.Fatal(err)
	}
	var list []Example
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	engine, err := NewEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	count := map[Verdict]int{}
	for _, e := range list {
		verdict, said := engine.Judge(t.Context(), e)
		count[verdict]++
		reason := unanswerable[e.SQL]
		switch {
		case verdict == Right && reason == "":
		case verdict == Right:
			t.Errorf("%s: %s is right, and yet said to have no honest answer: %s", e.Page, e.SQL, reason)
		case reason == "":
			t.Errorf("%s %s: %s\n\t%s\n\twant %v", verdict, e.Page, e.SQL, said, e.Rows)
		case verdict == Wrong:
			t.Errorf("%s: %s is answered with %s, want it refused: %s", e.Page, e.SQL, said, reason)
		}
	}
	t.Logf("of %d: right %d, wrong %d, refused %d", len(list), count[Right], count[Wrong], count[Refused])
}
