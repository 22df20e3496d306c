package ast

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// indented is compact JSON over several lines, as json.Indent writes it with
// two spaces. It takes the structure of its input for granted, which this
// package printed, and refuses literals that are no JSON: a json.Number is
// printed as it was given.
func indented(compact []byte) ([]byte, error) {
	buffer := prints.Get().(*[]byte)
	defer prints.Put(buffer)
	out := (*buffer)[:0]
	depth := 0
	for i := 0; i < len(compact); {
		c := compact[i]
		switch c {
		case '"':
			end := endOfString(compact, i)
			out = append(out, compact[i:end]...)
			i = end
			continue
		case '{', '[':
			out = append(out, c)
			if i++; i < len(compact) && (compact[i] == '}' || compact[i] == ']') {
				out = append(out, compact[i])
				i++
				continue
			}
			depth++
			out = appendLine(out, depth)
			continue
		case '}', ']':
			depth--
			out = append(appendLine(out, depth), c)
		case ',':
			out = appendLine(append(out, c), depth)
		case ':':
			out = append(out, c, ' ')
		default:
			end := i + 1
			for end < len(compact) && bytes.IndexByte([]byte(",]}"), compact[end]) < 0 {
				end++
			}
			if literal := compact[i:end]; !json.Valid(literal) {
				return nil, fmt.Errorf("%q is no JSON value", literal)
			}
			out = append(out, compact[i:end]...)
			i = end
			continue
		}
		i++
	}
	*buffer = out
	return bytes.Clone(out), nil
}

// endOfString is where the string that begins at i ends.
func endOfString(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

func appendLine(dst []byte, depth int) []byte {
	const blanks = "\n                                                                "
	if n := 1 + 2*depth; n <= len(blanks) {
		return append(dst, blanks[:n]...)
	}
	dst = append(dst, '\n')
	for range depth {
		dst = append(dst, "  "...)
	}
	return dst
}
