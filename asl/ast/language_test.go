package ast_test

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"airline/asl/ast"
	"airline/asl/draw"
)

// TestLanguage goes through the language field by field: testdata/language.jsonl
// has a line for each field in each type of state and query language, with the
// values that Step Functions takes and those that it refuses (States Language
// specification, "Amazon States Language" in the Step Functions guide). A name
// that ends in (a warning) is refused by Step Functions, and only warned of here.
func TestLanguage(t *testing.T) {
	file, err := os.Open("testdata/language.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var c struct {
			Name       string
			Valid      bool
			Definition json.RawMessage
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		t.Run(c.Name, func(t *testing.T) {
			ds := problems(c.Definition)
			switch {
			case c.Valid && ds.HasErrors():
				t.Errorf("%s is refused: %v", c.Definition, ds)
			case !c.Valid && !ds.HasErrors():
				t.Errorf("%s is accepted", c.Definition)
			}
			for _, d := range ds {
				if d.What == "" || d.Pos.Line == 0 {
					t.Errorf("the diagnostic %v lacks its summary or its place", d)
				}
			}
			if c.Valid {
				roundTrip(t, c.Name, c.Definition)
				if d, err := ast.Parse(c.Definition); err != nil || len(draw.SVG(d, draw.Options{})) == 0 {
					t.Error("no picture")
				}
			}
		})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}
