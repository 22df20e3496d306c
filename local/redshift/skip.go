package redshift

import "strings"

// Where comments and what stands in quotes end: for the lexer, and for whoever goes through a text without reading it.

// SkipBlank is the place behind the space or the comment at i; i when there is neither. A comment that is not closed goes to the end.
func SkipBlank(src string, i int) int {
	switch c := src[i]; {
	case isSpace(c):
		return i + 1
	case strings.HasPrefix(src[i:], "--"):
		return endOfLine(src, i)
	case strings.HasPrefix(src[i:], "/*"):
		return orEnd(src, endOfComment(src, i))
	}
	return i
}

// SkipQuoted is the place behind the text or the name in quotes, or the text between dollars, that begins at i; i when none does. What is
// not closed goes to the end.
func SkipQuoted(src string, i int) int {
	switch src[i] {
	case '\'':
		return orEnd(src, endOfString(src, i))
	case '"':
		return orEnd(src, endOfIdentifier(src, i))
	case '$':
		if tag, whole := dollarTag(src, i); whole && !isDigit(src[i+1]) {
			return orEnd(src, endOfDollar(src, i, tag))
		}
	}
	return i
}

func orEnd(src string, n int) int {
	if n < 0 {
		return len(src)
	}
	return n
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v'
}

// endOfLine is the place of the next line break, or the end.
func endOfLine(src string, i int) int {
	if n := strings.IndexByte(src[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(src)
}

// endOfComment is the place behind the comment that opens at i, or -1; comments nest, as in PostgreSQL.
func endOfComment(src string, i int) int {
	depth := 0
	for j := i; j+1 < len(src); {
		switch src[j : j+2] {
		case "/*":
			depth++
			j += 2
		case "*/":
			depth--
			if j += 2; depth == 0 {
				return j
			}
		default:
			j++
		}
	}
	return -1
}

// endOfString is the place behind the 'text' at i, or -1: a doubled quote stands for itself, a backslash escapes what follows.
func endOfString(src string, i int) int {
	for n := i + 1; n < len(src); n++ {
		switch src[n] {
		case '\\':
			n++
		case '\'':
			if n+1 == len(src) || src[n+1] != '\'' {
				return n + 1
			}
			n++
		}
	}
	return -1
}

// endOfIdentifier is the place behind the "name" at i, or -1; a doubled quote stands for itself.
func endOfIdentifier(src string, i int) int {
	for n := i + 1; n < len(src); n++ {
		if src[n] != '"' {
			continue
		}
		if n+1 == len(src) || src[n+1] != '"' {
			return n + 1
		}
		n++
	}
	return -1
}

// dollarTag is what stands before and behind a text between dollars, $$ or $tag$; not whole without the second dollar.
func dollarTag(src string, i int) (tag string, whole bool) {
	n := i + 1
	for n < len(src) && isParamByte(src[n]) {
		n++
	}
	if n == len(src) || src[n] != '$' {
		return src[i:n], false
	}
	return src[i : n+1], true
}

// endOfDollar is the place behind the text between dollars that begins with the tag at i, or -1.
func endOfDollar(src string, i int, tag string) int {
	begin := i + len(tag)
	if n := strings.Index(src[begin:], tag); n >= 0 {
		return begin + n + len(tag)
	}
	return -1
}
