package ast_test

import (
	"fmt"

	"airline/asl/ast"
)

// A definition that is wrong says everything at once: what, where, how to fix.
func ExampleParse() {
	d, err := ast.ParseString(`{
	  "StartAt": "Run",
	  "States": {
	    "Run": {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Paramters": {}, "Next": "Doen"},
	    "Done": {"Type": "Succeed"}
	  }
	}`)
	fmt.Println(err)
	fmt.Println(d.Validate())
	// Output:
	// /States/Run/Paramters: error: a state has no field "Paramters"; did you mean "Parameters"? (line 4:84)
	// /States/Run/Next: error: there is no state "Doen" here; did you mean "Done"? (a branch or processor leads only to its own states) (line 4:101)
	// /States/Done: error: the state "Done" cannot be reached; let a transition lead to it, or remove it (line 5:6)
}
