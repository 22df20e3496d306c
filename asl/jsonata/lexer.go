package jsonata

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	operatorToken
	nameToken
	variableToken
	stringToken
	numberToken
	valueToken // true, false, null
	regexToken
)

type token struct {
	kind   tokenKind
	text   string // operator, name or contents of the string
	value  any    // of numbers and of true, false, null
	offset int
	end    int
}

// lexer cuts a source into tokens. Positions are bytes.
type lexer struct {
	src string
	at  int
}

// operators1 are the single characters that end a name.
const operators1 = ".[]{}(),@#;:?+-*/%|=<>^&!~"

var operators2 = []string{"..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"}

// next returns the next token. A slash starts a regular expression where an operand is expected and divides
// where an operator is: infix says which.
func (l *lexer) next(infix bool) (token, error) {
	if err := l.skip(); err != nil {
		return token{}, err
	}
	start := l.at
	if start >= len(l.src) {
		return token{kind: endToken, offset: start, end: start}, nil
	}
	c := l.src[start]
	if c == '/' && !infix {
		return l.regex()
	}
	for _, op := range operators2 {
		if strings.HasPrefix(l.src[start:], op) {
			return l.token(operatorToken, op, len(op)), nil
		}
	}
	if strings.IndexByte(operators1, c) >= 0 {
		return l.token(operatorToken, l.src[start:start+1], 1), nil
	}
	switch {
	case c == '"' || c == '\'':
		return l.string(c)
	case c >= '0' && c <= '9':
		return l.number()
	case c == '`':
		end := strings.IndexByte(l.src[start+1:], '`')
		if end < 0 {
			return token{}, &Error{Code: "S0105", Offset: start}
		}
		t := l.token(nameToken, l.src[start+1:start+1+end], end+2)
		return t, nil
	}
	return l.name(), nil
}

func (l *lexer) token(kind tokenKind, text string, size int) token {
	t := token{kind: kind, text: text, offset: l.at, end: l.at + size}
	l.at += size
	return t
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' }

// skip passes white space and comments.
func (l *lexer) skip() error {
	for l.at < len(l.src) {
		switch {
		case isSpace(l.src[l.at]):
			l.at++
		case strings.HasPrefix(l.src[l.at:], "/*"):
			end := strings.Index(l.src[l.at+2:], "*/")
			if end < 0 {
				return &Error{Code: "S0106", Offset: l.at}
			}
			l.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

func (l *lexer) name() token {
	i := l.at
	for i < len(l.src) && !isSpace(l.src[i]) && strings.IndexByte(operators1, l.src[i]) < 0 {
		i++
	}
	text := l.src[l.at:i]
	if text[0] == '$' {
		return l.token(variableToken, text[1:], len(text))
	}
	t := l.token(nameToken, text, len(text))
	switch text {
	case "or", "and", "in":
		t.kind = operatorToken
	case "true":
		t.kind, t.value = valueToken, true
	case "false":
		t.kind, t.value = valueToken, false
	case "null":
		t.kind = valueToken
	}
	return t
}

func (l *lexer) number() (token, error) {
	i := l.at
	digits := func(i int) int {
		for i < len(l.src) && l.src[i] >= '0' && l.src[i] <= '9' {
			i++
		}
		return i
	}
	if l.src[i] == '0' {
		i++
	} else {
		i = digits(i)
	}
	if i < len(l.src) && l.src[i] == '.' {
		if end := digits(i + 1); end > i+1 {
			i = end
		}
	}
	if i < len(l.src) && l.src[i]|0x20 == 'e' {
		sign := i + 1
		if sign < len(l.src) && (l.src[sign] == '+' || l.src[sign] == '-') {
			sign++
		}
		if end := digits(sign); end > sign {
			i = end
		}
	}
	text := l.src[l.at:i]
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) {
		return token{}, &Error{Code: "S0102", Offset: l.at, Token: text}
	}
	t := l.token(numberToken, text, len(text))
	t.value = jsonvalue.Box(f)
	return t, nil
}

func (l *lexer) string(quote byte) (token, error) {
	start := l.at
	var out []byte
	for i := start + 1; i < len(l.src); i++ {
		c := l.src[i]
		switch {
		case c == quote:
			return l.token(stringToken, string(out), i+1-start), nil
		case c != '\\':
			out = append(out, c)
			continue
		}
		i++
		if i >= len(l.src) {
			break
		}
		switch c := l.src[i]; c {
		case '"', '\\', '/':
			out = append(out, c)
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r, ok := hexDigits(l.src, i+1, 4)
			if !ok {
				return token{}, &Error{Code: "S0104", Offset: i - 1}
			}
			i += 4
			if r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(l.src[i+1:], `\u`) {
				if low, ok := hexDigits(l.src, i+3, 4); ok && low >= 0xDC00 && low < 0xE000 {
					r = utf16.DecodeRune(r, low)
					i += 6
				}
			}
			out = appendRune(out, r)
		default:
			bad, _ := utf8.DecodeRuneInString(l.src[i:])
			return token{}, &Error{Code: "S0103", Offset: i - 1, Token: string(bad)}
		}
	}
	return token{}, &Error{Code: "S0101", Offset: start}
}

func appendRune(dst []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return jsonvalue.AppendSurrogate(dst, r)
	}
	return utf8.AppendRune(dst, r)
}

// hexDigits reads exactly n hexadecimal digits.
func hexDigits(s string, at, n int) (rune, bool) {
	if at+n > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[at : at+n]) {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// regex reads /pattern/flags. A slash ends the pattern only outside of brackets and when it is not escaped.
func (l *lexer) regex() (token, error) {
	start := l.at + 1
	depth := 0
	for i := start; i < len(l.src); i++ {
		c := l.src[i]
		escaped := false
		for j := i - 1; j >= start-1 && l.src[j] == '\\'; j-- {
			escaped = !escaped
		}
		switch {
		case c == '/' && depth == 0 && !escaped:
			if i == start {
				return token{}, &Error{Code: "S0301", Offset: l.at}
			}
			end := i + 1
			for end < len(l.src) && (l.src[end] == 'i' || l.src[end] == 'm') {
				end++
			}
			t := l.token(regexToken, l.src[start:i], end-l.at)
			t.value = l.src[i+1 : end]
			return t, nil
		case (c == '(' || c == '[' || c == '{') && l.src[i-1] != '\\':
			depth++
		case (c == ')' || c == ']' || c == '}') && l.src[i-1] != '\\':
			depth--
		}
	}
	return token{}, &Error{Code: "S0302", Offset: l.at}
}
