package redshiftdata

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is the kind of a token.
type kind uint8

const (
	end    kind = iota
	word        // an unquoted identifier or keyword
	quoted      // a "quoted identifier"
	text        // a 'string literal'
	number      // 12, 1.5, 1e3
	param       // :name
	dollar      // a text between $$
	punct       // an operator or a bracket; :: , <= and the like are one token
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
//
// It is the guard between what a caller sends and DuckDB, so anything that the two could read differently
// is an error here: backslashes in string literals (an escape in Redshift, a character in DuckDB),
// brackets and braces (lists and structs in DuckDB), positional parameters.
func lex(src string) ([]token, error) {
	var tokens []token
	for i := 0; i < len(src); {
		start := i
		r, size := utf8.DecodeRuneInString(src[i:])
		switch {
		case r == utf8.RuneError && size == 1, r == 0:
			return nil, &syntaxError{"invalid byte sequence for encoding \"UTF8\"", i}
		case unicode.IsSpace(r):
			i += size
			continue
		case strings.HasPrefix(src[i:], "--"):
			if n := strings.IndexByte(src[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(src)
			}
			continue
		case strings.HasPrefix(src[i:], "/*"):
			n, err := skipComment(src, i)
			if err != nil {
				return nil, err
			}
			i = n
			continue
		case r == '\'':
			n, val, err := scanQuoted(src, i, '\'')
			if err != nil {
				return nil, err
			}
			if strings.ContainsRune(val, '\\') {
				return nil, &syntaxError{"a backslash in a string literal is an escape in Redshift and a character here: pass the value as a named parameter", i}
			}
			i = n
			tokens = append(tokens, token{text, start, i, val})
		case r == '"':
			n, val, err := scanQuoted(src, i, '"')
			if err != nil {
				return nil, err
			}
			i = n
			tokens = append(tokens, token{quoted, start, i, val})
		case isWordStart(r):
			for i < len(src) {
				r, size := utf8.DecodeRuneInString(src[i:])
				if !isWordStart(r) && !unicode.IsDigit(r) && r != '$' {
					break
				}
				i += size
			}
			if i < len(src) && src[i] == '\'' {
				return nil, &syntaxError{fmt.Sprintf("string literals with the prefix %s are not modelled", src[start:i]), start}
			}
			tokens = append(tokens, token{word, start, i, strings.ToLower(src[start:i])})
		case r >= '0' && r <= '9', r == '.' && i+1 < len(src) && isDigit(src[i+1]):
			i = scanNumber(src, i)
			tokens = append(tokens, token{number, start, i, src[start:i]})
		case r == ':' && i+1 < len(src) && isParamByte(src[i+1]):
			i++
			for i < len(src) && isParamByte(src[i]) {
				i++
			}
			tokens = append(tokens, token{param, start, i, src[start+1 : i]})
		case r == '$' && i+1 < len(src) && isDigit(src[i+1]):
			i++
			for i < len(src) && isDigit(src[i]) {
				i++
			}
			tokens = append(tokens, token{param, start, i, src[start+1 : i]})
		case strings.HasPrefix(src[i:], "$$"):
			n := strings.Index(src[i+2:], "$$")
			if n < 0 {
				return nil, &syntaxError{"unterminated dollar-quoted string", i}
			}
			i += n + 4
			tokens = append(tokens, token{dollar, start, i, src[start+2 : i-2]})
		case strings.ContainsRune("$[]{}?@#`\\", r):
			return nil, &syntaxError{fmt.Sprintf("syntax error at or near %q", string(r)), i}
		default:
			n := punctLen(src[i:])
			if n == 0 {
				return nil, &syntaxError{fmt.Sprintf("syntax error at or near %q", string(r)), i}
			}
			i += n
			tokens = append(tokens, token{punct, start, i, src[start:i]})
		}
	}
	return append(tokens, token{kind: end, start: len(src), end: len(src)}), nil
}

func punctLen(s string) int {
	for _, op := range []string{"::", "<=", ">=", "<>", "!=", "||"} {
		if strings.HasPrefix(s, op) {
			return len(op)
		}
	}
	if strings.IndexByte("()+-*/%,;.<>=|&^!", s[0]) >= 0 {
		return 1
	}
	return 0
}

func isWordStart(r rune) bool   { return r == '_' || unicode.IsLetter(r) }
func isDigit(b byte) bool       { return b >= '0' && b <= '9' }
func isParamByte(b byte) bool   { return b == '_' || isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'z' }
func isExponent(b byte) bool    { return b == 'e' || b == 'E' }
func isSignOrDigit(b byte) bool { return b == '+' || b == '-' || isDigit(b) }

func scanNumber(src string, i int) int {
	for i < len(src) && (isDigit(src[i]) || src[i] == '.') {
		i++
	}
	if i+1 < len(src) && isExponent(src[i]) && isSignOrDigit(src[i+1]) {
		i += 2
		for i < len(src) && isDigit(src[i]) {
			i++
		}
	}
	return i
}

// scanQuoted reads from the opening quote at i to past the closing one; a doubled quote stands for itself.
func scanQuoted(src string, i int, quote byte) (next int, val string, err error) {
	start := i
	var b strings.Builder
	for i++; i < len(src); i++ {
		switch {
		case src[i] == 0:
			return 0, "", &syntaxError{"invalid byte sequence for encoding \"UTF8\": 0x00", i}
		case src[i] != quote:
			b.WriteByte(src[i])
		case i+1 < len(src) && src[i+1] == quote:
			b.WriteByte(quote)
			i++
		default:
			if val = b.String(); !utf8.ValidString(val) {
				return 0, "", &syntaxError{"invalid byte sequence for encoding \"UTF8\"", start}
			}
			return i + 1, val, nil
		}
	}
	what := "quoted string"
	if quote == '"' {
		what = "quoted identifier"
	}
	return 0, "", &syntaxError{"unterminated " + what, start}
}

// skipComment returns the offset after the comment that opens at i; comments nest, as in PostgreSQL.
func skipComment(src string, i int) (int, error) {
	depth := 0
	for j := i; j+1 < len(src); {
		switch src[j : j+2] {
		case "/*":
			depth++
			j += 2
		case "*/":
			depth--
			j += 2
			if depth == 0 {
				return j, nil
			}
		default:
			j++
		}
	}
	return 0, &syntaxError{"unterminated /* comment", i}
}
