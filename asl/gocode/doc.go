// Package gocode writes Go source that builds a definition with package asl:
// the way from a hand-written JSON definition into the typed language.
//
//	source, err := gocode.Generate(definition, gocode.Options{})
//
// The source is a program that prints the definition, or, with another Package,
// a function. Typed services are used where they fit, chains follow the ordinary
// way of the machine, labels stand only where there is a loop. What the
// builders do not spell is set with asl.Adjust; a definition that Validate
// refuses is written as literals of the model, so that it can be fixed in Go.
//
// What the program prints equals the definition as a JSON value: members stand
// in the order of package asl.
package gocode
