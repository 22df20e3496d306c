package events

import (
	"fmt"
	"strings"
)

// wildcard is a text with * for any characters; \* and \\ stand for themselves. It is kept as the literal
// pieces between the stars.
type wildcard []string

func parseWildcard(source string) (wildcard, error) {
	var pieces wildcard
	var piece strings.Builder
	for i := 0; i < len(source); i++ {
		switch c := source[i]; {
		case c == '\\' && i+1 < len(source) && (source[i+1] == '*' || source[i+1] == '\\'):
			i++
			piece.WriteByte(source[i])
		case c == '\\':
			return nil, fmt.Errorf("wildcard: a backslash may only stand before * or another backslash")
		case c == '*' && i+1 < len(source) && source[i+1] == '*':
			return nil, fmt.Errorf("wildcard: consecutive wildcards are not allowed")
		case c == '*':
			pieces = append(pieces, piece.String())
			piece.Reset()
		default:
			piece.WriteByte(c)
		}
	}
	if n := len(pieces); n > maxWildcards {
		return nil, fmt.Errorf("wildcard: the value is too complex: it has %d wildcards, EventBridge takes about %d", n, maxWildcards)
	}
	return append(pieces, piece.String()), nil
}

func (w wildcard) match(s string) bool {
	if len(w) == 1 {
		return s == w[0]
	}
	first, last := w[0], w[len(w)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, piece := range w[1 : len(w)-1] {
		i := strings.Index(s, piece)
		if i < 0 {
			return false
		}
		s = s[i+len(piece):]
	}
	return true
}
