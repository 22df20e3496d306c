package redshift

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a complaint about a statement's text, in Redshift's words where Redshift would say the same.
type Error struct {
	Message string
	// Offset is where in the statement, in bytes from 0; Line and Column count from 1, columns in characters.
	Offset, Line, Column int
}

// Error is the message as Redshift's Data API words it: "ERROR: ..." and the position, counted from 1.
func (e *Error) Error() string {
	return fmt.Sprintf("ERROR: %s\n  Position: %d; line %d, column %d", e.Message, e.Offset+1, e.Line, e.Column)
}

// failure carries a complaint and its place up to where the statement's text is known.
type failure struct {
	msg string
	at  int
}

func (f *failure) Error() string { return f.msg }

// failAt is for what Redshift would refuse, in its words.
func failAt(at int, format string, args ...any) error {
	if len(args) == 0 {
		return &failure{format, at}
	}
	return &failure{fmt.Sprintf(format, args...), at}
}

// notModelled is for what Redshift understands and this package does not.
func notModelled(at int, what string) error {
	return &failure{what + " is not modelled here", at}
}

// located gives an error its line and column in src.
func located(err error, src string) error {
	f, ok := err.(*failure)
	if !ok {
		return err
	}
	at := min(max(f.at, 0), len(src))
	start := strings.LastIndexByte(src[:at], '\n') + 1
	return &Error{Message: f.msg, Offset: at, Line: strings.Count(src[:at], "\n") + 1, Column: utf8.RuneCountInString(src[start:at]) + 1}
}
