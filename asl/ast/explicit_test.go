package ast_test

import (
	"slices"
	"testing"

	"airline/asl/ast"
)

// TestSpell: fields that are written with their zero value are kept, and may be written so.
func TestSpell(t *testing.T) {
	const text = `{
  "Comment": "",
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.x",
          "IsNull": true,
          "Comment": "",
          "Next": "B"
        }
      ],
      "Default": "B"
    },
    "B": {
      "Type": "Task",
      "Comment": "",
      "Resource": "arn:aws:states:::sqs:sendMessage",
      "Retry": [
        {
          "ErrorEquals": [
            "States.ALL"
          ],
          "Comment": ""
        }
      ],
      "Catch": [
        {
          "ErrorEquals": [
            "States.ALL"
          ],
          "Comment": "",
          "Next": "C"
        }
      ],
      "Next": "C"
    },
    "C": {
      "Type": "Succeed"
    }
  }
}`
	parts := func(d *ast.Definition) []any {
		return []any{d, d.States[0].Choices[0], d.States[1], d.States[1].Retry[0], d.States[1].Catch[0]}
	}
	given, err := ast.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts(given) {
		if got := ast.Explicit(p); !slices.Equal(got, []string{"Comment"}) {
			t.Errorf("%T: %q is explicit, want Comment", p, got)
		}
	}
	// The same, built: without Comment, and then spelled.
	built := &ast.Definition{StartAt: "A", States: []*ast.State{
		{Name: "A", Type: ast.TypeChoice, Default: "B", Choices: []*ast.Rule{{Variable: "$.x", Operator: "IsNull", Operand: true, Next: "B"}}},
		{Name: "B", Type: ast.TypeTask, Resource: "arn:aws:states:::sqs:sendMessage", Next: "C",
			Retry: []*ast.Retrier{{ErrorEquals: []string{"States.ALL"}}}, Catch: []*ast.Catcher{{ErrorEquals: []string{"States.ALL"}, Next: "C"}}},
		{Name: "C", Type: ast.TypeSucceed},
	}}
	for _, p := range parts(built) {
		if got := ast.Explicit(p); len(got) > 0 {
			t.Errorf("%T: %q is explicit", p, got)
		}
		ast.Spell(p, "Comment", "NoSuchField")
	}
	want, err := given.JSON()
	if err != nil {
		t.Fatal(err)
	}
	got, err := built.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
