package redshiftdata

import (
	"fmt"
	"strings"

	"airline/local/redshift"
)

// kind is the kind of a token.
type kind redshift.TokenKind

const (
	end    = kind(redshift.TokenEnd)
	word   = kind(redshift.TokenWord)   // an unquoted identifier or keyword
	quoted = kind(redshift.TokenQuoted) // a "quoted identifier"
	text   = kind(redshift.TokenText)   // a 'string literal'
	number = kind(redshift.TokenNumber) // 12, 1.5, 1e3
	param  = kind(redshift.TokenParam)  // :name or $1
	dollar = kind(redshift.TokenDollar) // a text between $$
	punct  = kind(redshift.TokenPunct)  // an operator or a bracket; :: , <= and the like are one token
)

// token is one piece of SQL. Of a statement's source, src[start:end] is the token's own text.
type token struct {
	kind       kind
	start, end int
	// val is the token's meaning: a word in lower case, a quoted identifier and a string without its
	// quotes, a parameter without its colon, punctuation as it stands.
	val string
}

// is reports whether the token is the keyword or the punctuation s (s in lower case).
func (t token) is(s string) bool {
	return (t.kind == word || t.kind == punct) && t.val == s
}

// syntaxError is a complaint about a statement's text, in Redshift's words where Redshift would say the same.
type syntaxError struct {
	msg string
	at  int // byte offset in the statement
}

func (e *syntaxError) Error() string {
	return fmt.Sprintf("ERROR: %s\n  Position: %d;", e.msg, e.at+1)
}

func syntaxAt(t token, src string) error {
	if t.kind == end {
		return &syntaxError{"syntax error at end of input", t.start}
	}
	return &syntaxError{fmt.Sprintf("syntax error at or near %q", src[t.start:t.end]), t.start}
}

// refusedAt is for SQL that Redshift may well understand but that means something else, or nothing, here.
func refusedAt(t token, format string, args ...any) error {
	return &syntaxError{fmt.Sprintf(format, args...), t.start}
}

// lex splits SQL into tokens; comments and space are dropped, the last token is end.
func lex(src string) ([]token, error) {
	list, err := redshift.Tokens(src)
	if err != nil {
		return nil, err
	}
	tokens := make([]token, len(list))
	for i, t := range list {
		tokens[i] = token{kind(t.Kind), t.Start, t.End, t.Value}
	}
	return tokens, nil
}

// guard stands between DuckDB and the statements that are handed to it as they are written: what the two could read differently
// is an error. That are backslashes in string literals (an escape in Redshift, a character in DuckDB), and brackets and operators
// that only one of them has.
func guard(tokens []token, src string) error {
	for _, t := range tokens {
		switch {
		case t.kind == text && strings.ContainsRune(src[t.start:t.end], '\\'):
			return refusedAt(t, "a backslash in a string literal is an escape in Redshift and a character here: pass the value as a named parameter")
		case t.kind == punct && !shared[t.val], t.kind == word && t.val[0] == '#':
			return syntaxAt(t, src)
		}
	}
	return nil
}

// shared is the punctuation that means the same in Redshift and DuckDB.
var shared = set(":: <= >= <> != || ( ) + - * / % , ; . < > = | & ^")
