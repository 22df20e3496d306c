package glue

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// globExpression compiles an exclude pattern, which is matched with the whole path of an object below the include
// path: * and ? stay within a folder, ** does not, [] is one of some characters, {} one of some patterns, \ takes the
// character after it as it is. Dots that begin a name are like other characters. Source: "Include and exclude patterns",
// AWS Glue Developer Guide.
func globExpression(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	braces, runes := 0, []rune(pattern)
	for i := 0; i < len(runes); i++ {
		switch c := runes[i]; c {
		case '*':
			if i+1 < len(runes) && runes[i+1] == '*' {
				b.WriteString(".*")
				i++
			} else {
				b.WriteString("[^/]*")
			}
		case '?':
			b.WriteString("[^/]")
		case '[':
			class, err := classExpression(runes[i:])
			if err != nil {
				return nil, err
			}
			b.WriteString(class.expression)
			i += class.length - 1
		case '{':
			if braces > 0 {
				return nil, errors.New("braces cannot be nested")
			}
			braces++
			b.WriteString("(?:")
		case '}':
			if braces == 0 {
				return nil, errors.New("a brace is closed that was not opened")
			}
			braces--
			b.WriteString(")")
		case ',':
			if braces > 0 {
				b.WriteString("|")
			} else {
				b.WriteString(",")
			}
		case '\\':
			if i++; i == len(runes) {
				return nil, errors.New("nothing follows the last backslash")
			}
			b.WriteString(regexp.QuoteMeta(string(runes[i])))
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	if braces > 0 {
		return nil, errors.New("a brace is not closed")
	}
	return regexp.Compile(b.String() + `\z`)
}

type class struct {
	expression string
	length     int // of the pattern's part
}

// classExpression reads a class from its bracket on. A "!" at the beginning negates it; within it only "-" is special.
func classExpression(pattern []rune) (class, error) {
	i, negated := 1, false
	if i < len(pattern) && pattern[i] == '!' {
		negated = true
		i++
	}
	var b strings.Builder
	for start := i; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == ']' && i > start:
			if negated {
				return class{"[^/" + b.String() + "]", i + 1}, nil
			}
			return class{"[" + b.String() + "]", i + 1}, nil
		case c == '/':
			return class{}, errors.New("a class cannot hold a slash")
		case c == '-' && i > start && i+1 < len(pattern) && pattern[i+1] != ']':
			b.WriteString("-")
		default:
			b.WriteString(`\x{` + strconv.FormatInt(int64(c), 16) + `}`)
		}
	}
	return class{}, errors.New("a bracket is not closed")
}
