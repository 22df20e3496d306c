package redshift

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lex splits SQL into tokens; comments and space are dropped, the last token is end.
func lex(src string) ([]Token, error) {
	tokens := make([]Token, 0, len(src)/4+8)
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case isSpace(c):
			i++
			continue
		case c == '-' && strings.HasPrefix(src[i:], "--"):
			n := endOfLine(src, i)
			if err := checkText(src[i:n], i); err != nil {
				return nil, err
			}
			i = n
			continue
		case c == '/' && strings.HasPrefix(src[i:], "/*"):
			n := endOfComment(src, i)
			if n < 0 {
				return nil, failAt(i, "unterminated /* comment")
			}
			if err := checkText(src[i:n], i); err != nil {
				return nil, err
			}
			i = n
			continue
		}
		t, err := scan(src, i)
		if err != nil {
			return nil, err
		}
		if t.Kind == end { // space beyond ASCII
			i = t.End
			continue
		}
		tokens = append(tokens, t)
		i = t.End
	}
	return append(tokens, Token{Kind: end, Start: len(src), End: len(src)}), nil
}

// scan reads the token that begins at i.
func scan(src string, i int) (Token, error) {
	switch c := src[i]; {
	case c == '\'':
		return scanString(src, i)
	case c == '"':
		return scanIdentifier(src, i)
	case isDigit(c), c == '.' && i+1 < len(src) && isDigit(src[i+1]):
		n := scanNumber(src, i)
		if n < len(src) && isWordByte(src[n]) {
			return Token{}, failAt(i, "syntax error at or near %q", src[i:n+1])
		}
		return Token{number, i, n, src[i:n]}, nil
	case c == ':' && i+1 < len(src) && (isLetter(src[i+1]) || src[i+1] == '_' || isDigit(src[i+1])):
		n := i + 1
		for n < len(src) && isParamByte(src[n]) {
			n++
		}
		return Token{param, i, n, src[i+1 : n]}, nil
	case c == '$' && i+1 < len(src) && isDigit(src[i+1]):
		n := i + 1
		for n < len(src) && isDigit(src[n]) {
			n++
		}
		return Token{param, i, n, src[i+1 : n]}, nil
	case c == '$':
		return scanDollar(src, i)
	case isLetter(c), c == '_', c == '#' && i+1 < len(src) && (isLetter(src[i+1]) || src[i+1] == '_'), c >= utf8.RuneSelf:
		return scanWord(src, i)
	}
	n := punctLen(src[i:])
	if n == 0 {
		return Token{}, failAt(i, "syntax error at or near %q", src[i:i+1])
	}
	return Token{punct, i, i + n, src[i : i+n]}, nil
}

var operators = []string{"!~~*", "!~*", "!~~", "~~*", "::", ":=", "<=", ">=", "<>", "!=", "||/", "||", "|/", "~*", "~~", "!~", "<<", ">>"}

func punctLen(s string) int {
	switch s[0] {
	case '(', ')', ',', ';', '+', '-', '*', '/', '%', '=', '.', '[', ']', '{', '}', '^', '&', '@', '#':
		return 1
	case ':', '<', '>', '!', '|', '~':
		for _, op := range operators {
			if strings.HasPrefix(s, op) {
				return len(op)
			}
		}
		if s[0] != '!' {
			return 1
		}
	}
	return 0
}

func isDigit(b byte) bool     { return b >= '0' && b <= '9' }
func isLetter(b byte) bool    { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func isParamByte(b byte) bool { return b == '_' || isDigit(b) || isLetter(b) }
func isWordByte(b byte) bool  { return isParamByte(b) || b == '$' }

// scanWord reads an identifier or a keyword; names of temporary tables may begin with #.
func scanWord(src string, i int) (Token, error) {
	upper, n := false, i
	if src[n] == '#' {
		n++
	}
	for n < len(src) {
		c := src[n]
		if c < utf8.RuneSelf {
			if !isWordByte(c) {
				break
			}
			upper = upper || c >= 'A' && c <= 'Z'
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(src[n:])
		switch {
		case r == utf8.RuneError && size == 1:
			return Token{}, failAt(n, `invalid byte sequence for encoding "UTF8"`)
		case n == i && unicode.IsSpace(r):
			return Token{Kind: end, Start: i, End: i + size}, nil
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r):
			if n == i {
				return Token{}, failAt(i, "syntax error at or near %q", string(r))
			}
			return wordToken(src, i, n, upper)
		}
		n += size
	}
	return wordToken(src, i, n, upper)
}

func wordToken(src string, i, n int, upper bool) (Token, error) {
	if n < len(src) && src[n] == '\'' && n == i+1 && strings.IndexByte("eEbBxXnN", src[i]) >= 0 {
		return Token{}, notModelled(i, "a string literal with the prefix "+src[i:n])
	}
	val := src[i:n]
	if upper {
		val = lowerASCII(val)
	}
	return Token{word, i, n, val}, nil
}

// lowerASCII folds ASCII letters, the only ones that Redshift folds ("Names and identifiers").
func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

func scanNumber(src string, i int) int {
	for i < len(src) && isDigit(src[i]) {
		i++
	}
	if i < len(src) && src[i] == '.' {
		for i++; i < len(src) && isDigit(src[i]); i++ {
		}
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		n := i + 1
		if n < len(src) && (src[n] == '+' || src[n] == '-') {
			n++
		}
		if n < len(src) && isDigit(src[n]) {
			for i = n; i < len(src) && isDigit(src[i]); i++ {
			}
		}
	}
	return i
}

// scanDollar reads $$text$$ or $tag$text$tag$.
func scanDollar(src string, i int) (Token, error) {
	tag, whole := dollarTag(src, i)
	if !whole {
		return Token{}, failAt(i, "syntax error at or near %q", tag)
	}
	n := endOfDollar(src, i, tag)
	if n < 0 {
		return Token{}, failAt(i, "unterminated dollar-quoted string")
	}
	val := src[i+len(tag) : n-len(tag)]
	if err := checkText(val, i); err != nil {
		return Token{}, err
	}
	return Token{dollar, i, n, val}, nil
}

// scanIdentifier reads a "quoted identifier"; a doubled quote stands for itself. Letters are folded, as Redshift
// does unless enable_case_sensitive_identifier is set.
func scanIdentifier(src string, i int) (Token, error) {
	n := endOfIdentifier(src, i)
	if n < 0 {
		return Token{}, failAt(i, "unterminated quoted identifier")
	}
	val := strings.ReplaceAll(src[i+1:n-1], `""`, `"`)
	if val == "" {
		return Token{}, failAt(i, `zero-length delimited identifier at or near """"`)
	}
	if err := checkText(val, i); err != nil {
		return Token{}, err
	}
	return Token{quoted, i, n, lowerASCII(val)}, nil
}

// scanString reads a 'string literal': a doubled quote stands for itself, a backslash escapes what follows.
func scanString(src string, i int) (Token, error) {
	n := endOfString(src, i)
	if n < 0 {
		return Token{}, failAt(i, "unterminated quoted string")
	}
	val := src[i+1 : n-1]
	if strings.ContainsAny(val, `'\`) {
		val = unescape(val)
	}
	if err := checkText(val, i); err != nil {
		return Token{}, err
	}
	return Token{text, i, n, val}, nil
}

// unescape resolves doubled quotes and backslashes: \b \f \n \r \t, octal and \x hexadecimal digits; any other
// character stands for itself.
func unescape(s string) string {
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			b = append(b, '\'')
			i++
		case s[i] != '\\' || i+1 == len(s):
			b = append(b, s[i])
		default:
			i++
			value, size := escape(s[i:])
			if value == 0 { // what PostgreSQL reads as the end of a C string
				return string(b)
			}
			b = append(b, value)
			i += size - 1
		}
	}
	return string(b)
}

// escape is the byte that the escape at the beginning of s (after the backslash) means, and its length.
func escape(s string) (byte, int) {
	if n := strings.IndexByte("bfnrt", s[0]); n >= 0 {
		return "\b\f\n\r\t"[n], 1
	}
	base, from := 8, 0
	if s[0] == 'x' {
		base, from = 16, 1
	}
	value, i := 0, from
	for ; i < len(s) && i < 3; i++ {
		d := digit(s[i])
		if d >= base {
			break
		}
		value = value*base + d
	}
	if i == from {
		return s[0], 1
	}
	return byte(value), i
}

// digit is the value of a hexadecimal digit, or 99.
func digit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return 99
}

func checkText(s string, at int) error {
	if strings.IndexByte(s, 0) >= 0 {
		return failAt(at, `invalid byte sequence for encoding "UTF8": 0x00`)
	}
	if !utf8.ValidString(s) {
		return failAt(at, `invalid byte sequence for encoding "UTF8"`)
	}
	return nil
}
