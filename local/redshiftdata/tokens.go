package redshiftdata

import (
	"fmt"
	"strings"

	"airline/local/redshift"
)

// token is one piece of SQL. Of a statement's source, src[Start:End] is the token's own text.
type token = redshift.Token

// The kinds of tokens.
const (
	end    = redshift.TokenEnd
	word   = redshift.TokenWord
	quoted = redshift.TokenQuoted
	text   = redshift.TokenText
	number = redshift.TokenNumber
	param  = redshift.TokenParam
	dollar = redshift.TokenDollar
	punct  = redshift.TokenPunct
)

// syntaxError is a complaint about a statement's text, in Redshift's words where Redshift would say the same.
type syntaxError struct {
	msg string
	at  int // byte offset in the statement
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("ERROR: %s\n  Position: %d;", e.msg, e.at+1)
}

func syntaxAt(t token, src string) error {
	if t.Kind == end {
		return &syntaxError{"syntax error at end of input", t.Start}
	}
	return &syntaxError{fmt.Sprintf("syntax error at or near %q", src[t.Start:t.End]), t.Start}
}

// refusedAt is for SQL that Redshift may well understand but that means something else, or nothing, here.
func refusedAt(t token, format string, args ...any) error {
	return &syntaxError{fmt.Sprintf(format, args...), t.Start}
}

// guard stands between DuckDB and the statements that are handed to it as they are written: what the two could read differently
// is an error. That are backslashes in string literals (an escape in Redshift, a character in DuckDB), and brackets and operators
// that only one of them has.
func guard(tokens []token, src string) error {
	for _, t := range tokens {
		switch {
		case t.Kind == text && strings.ContainsRune(src[t.Start:t.End], '\\'):
			return refusedAt(t, "a backslash in a string literal is an escape in Redshift and a character here: pass the value as a named parameter")
		case t.Kind == punct && !shared[t.Value]:
			return syntaxAt(t, src)
		}
	}
	return nil
}

// shared is the punctuation that means the same in Redshift and DuckDB.
var shared = set(":: <= >= <> != || ( ) + - * / % , ; . < > = | & ^")
