package jsonvalue

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (d *decoder) string() (any, error) {
	s, err := d.key()
	if err != nil {
		return nil, err
	}
	return s, nil
}

// key reads a string literal; the name is that of its most frequent use.
func (d *decoder) key() (string, error) {
	d.at++
	start := d.at
	for d.at < len(d.text) {
		switch c := d.text[d.at]; {
		case c == '"':
			d.at++
			return d.text[start : d.at-1], nil
		case c == '\\':
			return d.escaped(start)
		case c < 0x20:
			return "", d.fail("a control character must be escaped in a string: unexpected " + d.seen())
		}
		d.at++
	}
	return "", d.fail("the closing quote of a string is missing")
}

// escaped reads on from the first backslash of a string that began at start.
func (d *decoder) escaped(start int) (string, error) {
	out := append(make([]byte, 0, d.at-start+32), d.text[start:d.at]...)
	for d.at < len(d.text) {
		switch c := d.text[d.at]; {
		case c == '"':
			d.at++
			return string(out), nil
		case c == '\\':
			var err error
			if out, err = d.escape(out); err != nil {
				return "", err
			}
			continue
		case c < 0x20:
			return "", d.fail("a control character must be escaped in a string: unexpected " + d.seen())
		default:
			out = append(out, c)
		}
		d.at++
	}
	return "", d.fail("the closing quote of a string is missing")
}

func (d *decoder) escape(out []byte) ([]byte, error) {
	if d.at+1 >= len(d.text) {
		return nil, d.fail("the closing quote of a string is missing")
	}
	c := d.text[d.at+1]
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return d.unicode(out)
	default:
		return nil, d.fail(`unknown escape in a string; known are \" \\ \/ \b \f \n \r \t \uXXXX`)
	}
	d.at += 2
	return append(out, c), nil
}

func (d *decoder) unicode(out []byte) ([]byte, error) {
	r, ok := hex4(d.text[d.at+2:])
	if !ok {
		return nil, d.fail(`\u needs four hexadecimal digits`)
	}
	d.at += 6
	if r >= 0xD800 && r < 0xDC00 && d.at+6 <= len(d.text) && d.text[d.at] == '\\' && d.text[d.at+1] == 'u' {
		if low, ok := hex4(d.text[d.at+2:]); ok && low >= 0xDC00 && low < 0xE000 {
			d.at += 6
			return utf8.AppendRune(out, utf16.DecodeRune(r, low)), nil
		}
	}
	if utf16.IsSurrogate(r) {
		return AppendSurrogate(out, r), nil
	}
	return utf8.AppendRune(out, r), nil
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:4], 16, 16)
	return rune(n), err == nil
}

// AppendSurrogate appends half of a surrogate pair in the three bytes described in the package comment.
func AppendSurrogate(dst []byte, r rune) []byte {
	return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F|0x80, 0x80|byte(r)&0x3F)
}

// Surrogate reports whether s starts with a lone surrogate as the package comment describes it, and which. It
// is always three bytes long.
func Surrogate(s string) (rune, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1] < 0xA0 || s[1] > 0xBF || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}

// AppendString appends s as a JSON string literal, escaping what JSON.stringify escapes: quotes, backslashes,
// control characters and lone surrogates. Bytes that are not UTF-8 become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			dst = append(dst, s[from:i]...)
			if half, ok := Surrogate(s[i:]); ok {
				dst = append(dst, '\\', 'u', hex[half>>12], hex[half>>8&15], hex[half>>4&15], hex[half&15])
				i += 3
			} else {
				dst = append(dst, "\uFFFD"...)
				i++
			}
			from = i
			continue
		}
		dst = append(dst, s[from:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}
