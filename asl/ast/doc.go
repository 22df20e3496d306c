// Package ast is the model of the Amazon States Language: plain data that tools
// read, change and print.
//
//	d, err := ast.Parse(text)
//	if err != nil {
//		return err // ast.Diagnostics: all problems at once, with line and column
//	}
//	for _, problem := range d.Validate() {
//		fmt.Println(problem)
//	}
//	text, err = d.JSON()
//
// Parse reads any definition, hand-written or not, and JSON prints it back in a
// stable form. Validate checks what Step Functions checks, and beyond: it
// follows the shape of the data along every route and warns of paths that exist
// on none.
//
// A machine is written with package asl, which builds a Definition from typed
// values; asl/grants derives the IAM permissions that it needs, asl/sim runs it,
// asl/draw draws it, asl/gocode turns it into Go source.
package ast
