package iam

import (
	"encoding/json"
	"strings"
)

// scanner reads JSON (RFC 8259) that is UTF-8. It only tells whether a text is JSON; encoding/json says what is wrong with one that
// is not, and a test compares what the two take.
type scanner struct {
	text string
	at   int
}

func (s *scanner) space() {
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

// take reads one character, and the blanks behind it.
func (s *scanner) take(c byte) bool {
	if s.at >= len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	s.space()
	return true
}

// value reads a value into n, and stops behind it.
func (s *scanner) value(n *node, depth int) bool {
	if s.at >= len(s.text) || depth > maxDepth {
		return false
	}
	switch c := s.text[s.at]; c {
	case '{', '[':
		n.kind = c
		s.at++
		s.space()
		if c == '{' {
			return s.object(n, depth)
		}
		return s.array(n, depth)
	case '"':
		n.kind = '"'
		return s.str(&n.text)
	case 't':
		return s.word(n, 't', "true")
	case 'f':
		return s.word(n, 't', "false")
	case 'n':
		return s.word(n, 'n', "null")
	}
	n.kind = '0'
	return s.number(&n.text)
}

func (s *scanner) word(n *node, kind byte, word string) bool {
	n.kind, n.text = kind, word
	if !strings.HasPrefix(s.text[s.at:], word) {
		return false
	}
	s.at += len(word)
	return true
}

// array reads the rest of a list, which begins at the first item.
func (s *scanner) array(n *node, depth int) bool {
	if s.closes(']') {
		return true
	}
	for {
		n.items = append(n.items, node{})
		if !s.value(&n.items[len(n.items)-1], depth+1) {
			return false
		}
		s.space()
		if s.closes(']') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// object reads the rest of an object, which begins at the first key.
func (s *scanner) object(n *node, depth int) bool {
	if s.closes('}') {
		return true
	}
	for {
		n.members = append(n.members, member{})
		m := &n.members[len(n.members)-1]
		if !s.str(&m.key) {
			return false
		}
		s.space()
		if !s.take(':') || !s.value(&m.value, depth+1) {
			return false
		}
		s.space()
		if s.closes('}') {
			return true
		}
		if !s.take(',') {
			return false
		}
	}
}

// closes reads a closing bracket and nothing behind it.
func (s *scanner) closes(c byte) bool {
	if s.at >= len(s.text) || s.text[s.at] != c {
		return false
	}
	s.at++
	return true
}

// str reads a string.
func (s *scanner) str(into *string) bool {
	if s.at >= len(s.text) || s.text[s.at] != '"' {
		return false
	}
	escaped := false
	for i := s.at + 1; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '"':
			*into = s.text[s.at+1 : i]
			if escaped && json.Unmarshal([]byte(s.text[s.at:i+1]), into) != nil {
				return false
			}
			s.at = i + 1
			return true
		case c < ' ':
			return false
		case c == '\\':
			escaped = true
			i++
		}
	}
	return false
}

// number reads a number, as its text.
func (s *scanner) number(into *string) bool {
	from := s.at
	s.skip("-")
	if !s.skip("0") && !s.digits() {
		return false
	}
	if s.skip(".") && !s.digits() {
		return false
	}
	if s.skip("eE") {
		s.skip("+-")
		if !s.digits() {
			return false
		}
	}
	*into = s.text[from:s.at]
	return true
}

// skip steps over one of the characters.
func (s *scanner) skip(characters string) bool {
	if s.at >= len(s.text) || strings.IndexByte(characters, s.text[s.at]) < 0 {
		return false
	}
	s.at++
	return true
}

// digits steps over one digit or more.
func (s *scanner) digits() bool {
	from := s.at
	for s.at < len(s.text) && digit(rune(s.text[s.at])) {
		s.at++
	}
	return s.at > from
}
