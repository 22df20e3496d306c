// Package asl is the Amazon States Language in Go: the model of a Step
// Functions state machine, builders that make one, and what can be known of it
// before it runs.
//
// A definition is read with Parse or built; both give a *Definition, which
// prints itself as JSON.
package asl
