package iam

import (
	"strings"
	"unicode/utf8"
)

// Like tells whether a text fits a pattern in which * stands for any characters and ? for one. Colons are nothing special: it
// is the comparison of StringLike. Resources are compared by [LikeARN].
func Like(pattern, text string) bool { return like(pattern, text, false) }

// LikeARN tells whether an ARN fits a pattern as the Resource element compares them: part by part.
func LikeARN(pattern, arn string) bool {
	p, t := compileARN(pattern), newTarget(arn)
	return p.matches(&t, nil)
}

// pattern is a text of a policy that values are compared with.
type pattern struct {
	text      string
	all       bool // "*"
	wild      bool
	variables bool
}

func compilePattern(text string) pattern {
	return pattern{text, text == "*", strings.ContainsAny(text, "*?"), strings.Contains(text, "${")}
}

func (p *pattern) matches(text string, keys Keys) bool {
	switch {
	case p.all:
		return true
	case p.variables:
		expanded, ok := expand(p.text, keys, true)
		return ok && like(expanded, text, true)
	case p.wild:
		return like(p.text, text, false)
	}
	return p.text == text
}

// escape marks a character in an expanded pattern that stands for itself.
const escape = '\x01'

// like matches with backtracking to the last *, character by character.
func like(pattern, text string, escaped bool) bool {
	t, p, star, mark := 0, 0, -1, 0
	for t < len(text) {
		if p < len(pattern) {
			c := pattern[p]
			switch {
			case c == '*':
				star, mark = p, t
				p++
				continue
			case c == '?':
				t += width(text, t)
				p++
				continue
			case escaped && c == escape && p+1 < len(pattern):
				if pattern[p+1] == text[t] {
					t++
					p += 2
					continue
				}
			case c == text[t]:
				t++
				p++
				continue
			}
		}
		if star < 0 {
			return false
		}
		mark += width(text, mark)
		t, p = mark, star+1
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// width is the length of the character at i.
func width(text string, i int) int {
	if text[i] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(text[i:])
	return n
}

// lower is in lower case the ASCII letters of a text, the only letters of actions.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}

// likeFold matches a pattern in lower case with a text of any case.
func likeFold(pattern, text string) bool {
	t, p, star, mark := 0, 0, -1, 0
	for t < len(text) {
		c := text[t]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == c || pattern[p] == '?'):
			t++
			p++
		case star >= 0:
			mark++
			t, p = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
