package ast_test

import (
	"os"
	"path/filepath"
	"testing"

	"airline/asl/ast"
	"airline/asl/grants"
)

// seeds puts the published definitions, when they are at hand, and a few of our
// own into a fuzz test's corpus.
func seeds(f *testing.F) {
	f.Helper()
	for _, text := range []string{
		`{}`, `[]`, `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::glue:startJobRun.sync","Parameters":{"JobName.$":"States.Format('{}', $.x)"},"Retry":[{"ErrorEquals":["States.ALL"],"BackoffRate":1.5}],"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"And":[{"Variable":"$.a[0]","IsNull":true},{"Not":{"Variable":"$$.x","StringMatches":"*"}}],"Next":"A"}],"Default":"A"}}}`,
		`{"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","Items":"{% [1..3] %}","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"P","States":{"P":{"Type":"Pass","Output":"{% $x %}","End":true}}},"End":true}}}`,
		`{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1,"Next":"W"}}}],"End":true}}}`,
	} {
		f.Add([]byte(text))
	}
	for _, pattern := range []string{"workflows/s*.json", "validator/*.json"} {
		files, _ := filepath.Glob(filepath.Join("..", "..", "..", "shared", "conformance", pattern))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				f.Add(text)
			}
		}
	}
}

// FuzzParse: no input panics; what parses prints, and the print parses to the
// same print.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ast.Parse(text)
		if err != nil {
			if len(err.Error()) == 0 {
				t.Fatal("an error without a text")
			}
			return
		}
		printed, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ast.Parse(printed)
		if err != nil {
			t.Fatalf("the print does not parse: %v\n%s", err, printed)
		}
		if second := again.String(); second != string(printed) {
			t.Fatalf("the print changed:\n%s\n%s", printed, second)
		}
	})
}

// FuzzValidate: no definition, however wrong, makes the checks or the
// derivation of permissions panic or hang.
func FuzzValidate(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		d, _ := ast.Parse(text)
		if d == nil {
			return
		}
		for _, p := range d.Validate() {
			if p.Severity != ast.SeverityError && p.Severity != ast.SeverityWarning || p.What == "" {
				t.Fatalf("a bad diagnostic: %#v", p)
			}
		}
		grants, err := grants.Of(d, grants.Scope{})
		if err != nil {
			return
		}
		for _, g := range grants {
			if len(g.Actions) == 0 || len(g.Resources) == 0 {
				t.Fatalf("a grant of nothing: %v", g)
			}
		}
	})
}
