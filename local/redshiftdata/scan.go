package redshiftdata

import (
	"strconv"
	"strings"

	"airline/local/redshift"
	"airline/local/redshift/wire"
)

// scanned is what a text of SQL shows before anybody reads it: where its statements are, and the parameters $1, $2 ... in them.
type scanned struct {
	parts  []wire.Part
	places []place
}

// place is where a parameter stands in a text.
type place struct {
	start, end int
	number     int // from 1
}

// scan goes through a text, past what stands in quotes and comments. What is not closed goes to the end: whoever reads the statement
// says so.
func scan(s string) scanned {
	var out scanned
	first := -1
	for i := 0; i < len(s); {
		start := i
		if n := redshift.SkipBlank(s, i); n > i {
			i = n
			continue
		}
		within := i > 0 && isNameByte(s[i-1]) // a dollar may be a part of a name
		switch c := s[i]; {
		case c == ';':
			if first >= 0 {
				out.parts = append(out.parts, wire.Part{Text: s[first:i], Start: first})
			}
			first = -1
			i++
			continue
		case c == '$' && !within && i+1 < len(s) && isDigit(s[i+1]):
			for i++; i < len(s) && isDigit(s[i]); i++ {
			}
			if n, err := strconv.Atoi(s[start+1 : i]); err == nil && n > 0 {
				out.places = append(out.places, place{start, i, n})
			}
		case c != '$' || !within:
			i = max(redshift.SkipQuoted(s, i), i+1)
		default:
			i++
		}
		if first < 0 {
			first = start
		}
	}
	if first >= 0 {
		out.parts = append(out.parts, wire.Part{Text: s[first:], Start: first})
	}
	return out
}

func isDigit(b byte) bool    { return b >= '0' && b <= '9' }
func isNameByte(b byte) bool { return b == '_' || isDigit(b) || b|0x20 >= 'a' && b|0x20 <= 'z' }

// firstWord is the first word of a text that begins with it, in lower case.
func firstWord(s string) string {
	n := strings.IndexFunc(s, func(r rune) bool { return r != '_' && (r|0x20 < 'a' || r|0x20 > 'z') })
	if n < 0 {
		n = len(s)
	}
	return strings.ToLower(s[:n])
}

// withoutDatabase blanks the name of a database before schema.table, so that places stay what they are.
func withoutDatabase(s, database string) string {
	var out []byte
	scanNames(s, func(parts []namePart) {
		if len(parts) < 3 || parts[0].name != database {
			return
		}
		if out == nil {
			out = []byte(s)
		}
		for i := parts[0].start; i < parts[1].start; i++ {
			out[i] = ' '
		}
	})
	if out == nil {
		return s
	}
	return string(out)
}

// namePart is one part of a.b.c, in lower case.
type namePart struct {
	name       string
	start, end int
}

// scanNames calls f with each chain of names, past what stands in quotes and comments.
func scanNames(s string, f func([]namePart)) {
	var chain []namePart
	flush := func() {
		if len(chain) > 0 {
			f(chain)
		}
		chain = nil
	}
	dot := false
	for i := 0; i < len(s); {
		start := i
		if n := redshift.SkipBlank(s, i); n > i {
			i = n
			continue
		}
		switch c := s[i]; {
		case c == '\'':
			i = redshift.SkipQuoted(s, i)
			flush()
			continue
		case c == '"':
			i = redshift.SkipQuoted(s, i)
		case isNameByte(c) && !isDigit(c) || c >= 0x80:
			for i < len(s) && (isNameByte(s[i]) || s[i] == '$' || s[i] >= 0x80) {
				i++
			}
		case c == '.':
			dot = true
			i++
			continue
		default:
			flush()
			dot = false
			i++
			continue
		}
		if !dot {
			flush()
		}
		dot = false
		chain = append(chain, namePart{strings.ToLower(strings.Trim(s[start:i], `"`)), start, i})
	}
	flush()
}
