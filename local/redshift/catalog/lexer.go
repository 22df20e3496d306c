package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind uint8

const (
	end    kind = iota
	word        // a name without quotes, in lower case
	quoted      // "a name"
	text        // 'a text', without its escapes
	number
	symbol
)

// token is a piece of a statement. Of what is written, start is the first byte.
type token struct {
	kind       kind
	val        string
	start, end int
}

func (t token) is(s string) bool { return (t.kind == word || t.kind == symbol) && t.val == s }
func (t token) isName() bool     { return t.kind == word || t.kind == quoted }

// Error is a complaint about a statement.
type Error struct {
	Message string
	Offset  int // in bytes
}

func (e *Error) Error() string { return e.Message }

func failAt(t token, format string, args ...any) error {
	return &Error{fmt.Sprintf(format, args...), t.start}
}

var symbols = []string{"::", "<=", ">=", "<>", "!=", "||", "!~*", "!~", "~*", "->>", "->", "<<", ">>"}

// lex takes a statement apart. A backslash in a text is an escape, as in Redshift.
func lex(s string) ([]token, error) {
	var all []token
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		start := i
		switch {
		case r == utf8.RuneError && size <= 1 || r == 0:
			return nil, &Error{`invalid byte sequence for encoding "UTF8"`, i}
		case unicode.IsSpace(r):
			i += size
			continue
		case strings.HasPrefix(s[i:], "--"):
			if n := strings.IndexByte(s[i:], '\n'); n >= 0 {
				i += n
			} else {
				i = len(s)
			}
			continue
		case strings.HasPrefix(s[i:], "/*"):
			n := strings.Index(s[i+2:], "*/")
			if n < 0 {
				return nil, &Error{"unterminated /* comment", i}
			}
			i += n + 4
			continue
		case r == '\'', (r == 'e' || r == 'E') && i+1 < len(s) && s[i+1] == '\'':
			if r != '\'' {
				i++
			}
			val, next, err := scanText(s, i)
			if err != nil {
				return nil, err
			}
			i = next
			all = append(all, token{text, val, start, i})
		case r == '"':
			n := i + 1
			for {
				m := strings.IndexByte(s[n:], '"')
				if m < 0 {
					return nil, &Error{"unterminated quoted identifier", i}
				}
				if n += m + 1; n >= len(s) || s[n] != '"' {
					break
				}
				n++
			}
			all = append(all, token{quoted, strings.ReplaceAll(s[i+1:n-1], `""`, `"`), start, n})
			i = n
		case r == '_' || unicode.IsLetter(r):
			for i < len(s) {
				r, size := utf8.DecodeRuneInString(s[i:])
				if r != '_' && r != '$' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
					break
				}
				i += size
			}
			all = append(all, token{word, strings.ToLower(s[start:i]), start, i})
		case r == '$' && i+1 < len(s) && s[i+1] >= '1' && s[i+1] <= '9': // a parameter
			for i++; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			}
			all = append(all, token{number, s[start:i], start, i})
		case r >= '0' && r <= '9':
			for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.') {
				i++
			}
			all = append(all, token{number, s[start:i], start, i})
		default:
			i += size
			for _, op := range symbols {
				if strings.HasPrefix(s[start:], op) {
					i = start + len(op)
					break
				}
			}
			val := s[start:i]
			if len(val) == 1 && !strings.Contains("()[],.;+-*/%<>=~&|:", val) || size > 1 {
				return nil, &Error{fmt.Sprintf("syntax error at or near %q", val), start}
			}
			all = append(all, token{symbol, val, start, i})
		}
	}
	return append(all, token{kind: end, start: len(s), end: len(s)}), nil
}

// scanText reads the text whose quote is at i.
func scanText(s string, i int) (val string, next int, err error) {
	var b strings.Builder
	for n := i + 1; n < len(s); n++ {
		switch {
		case s[n] == '\'' && n+1 < len(s) && s[n+1] == '\'':
			b.WriteByte('\'')
			n++
		case s[n] == '\'':
			return b.String(), n + 1, nil
		case s[n] == '\\' && n+1 < len(s):
			n++
			switch s[n] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'r':
				b.WriteByte('\r')
			default:
				b.WriteByte(s[n])
			}
		case s[n] == 0:
			return "", 0, &Error{`invalid byte sequence for encoding "UTF8": 0x00`, n}
		default:
			b.WriteByte(s[n])
		}
	}
	return "", 0, &Error{"unterminated quoted string", i}
}
