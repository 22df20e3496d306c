// Package flaw carries a mistake that a package beside asl finds in what it is given to asl.Machine, which reports it with
// the place of the builder's call.
package flaw

import "strings"

// Value stands in a document in the place of a value.
type Value struct {
	What string
	Fix  string
}

const mark = "\x00flaw:"

// Name stands in the place of an error's name.
func Name(what string) string { return mark + what }

// InName is the mistake in an error's name.
func InName(name string) (what string, ok bool) { return strings.CutPrefix(name, mark) }
