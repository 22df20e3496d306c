package jsonvalue

import (
	"fmt"
	"strconv"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects may nest in a document given to [Decode].
const MaxDepth = 10_000

// SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	Offset  int    // bytes before the place
	Message string // what is wrong there
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("json: %s at offset %d", e.Message, e.Offset)
}

// Decode reads one JSON value, which must be the whole of data up to white space. It takes RFC 8259 and nothing
// else: no comments, no trailing commas, valid UTF-8. Of a key that an object has twice the last value wins.
// The error is a [*SyntaxError].
func Decode(data []byte) (any, error) {
	d := decoder{text: string(data)}
	if !utf8.ValidString(d.text) {
		return nil, &SyntaxError{Offset: invalidAt(d.text), Message: "invalid UTF-8"}
	}
	d.space()
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if d.space(); d.at < len(d.text) {
		return nil, d.fail("unexpected " + d.seen() + " after the value")
	}
	return v, nil
}

func invalidAt(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && text[i] != 0xEF {
			return i
		}
	}
	return 0
}

// decoder walks over one document. Strings without escapes are parts of text, so they are not copied.
type decoder struct {
	usual int // members of the object before, as the items of a list are mostly alike
	text  string
	at    int
	// values of the arrays that are being read, so that each array is allocated once in its final size.
	stack []any
}

func (d *decoder) fail(message string) error {
	return &SyntaxError{Offset: d.at, Message: message}
}

// seen describes what stands at the current place.
func (d *decoder) seen() string {
	if d.at >= len(d.text) {
		return "end of input"
	}
	r, _ := utf8.DecodeRuneInString(d.text[d.at:])
	return strconv.QuoteRune(r)
}

func (d *decoder) space() {
	for d.at < len(d.text) {
		switch d.text[d.at] {
		case ' ', '\t', '\n', '\r':
			d.at++
		default:
			return
		}
	}
}

func (d *decoder) value(depth int) (any, error) {
	if d.at >= len(d.text) {
		return nil, d.fail("a value is missing: unexpected end of input")
	}
	switch c := d.text[d.at]; c {
	case '{':
		return d.object(depth + 1)
	case '[':
		return d.array(depth + 1)
	case '"':
		return d.string()
	case 't':
		return true, d.word("true")
	case 'f':
		return false, d.word("false")
	case 'n':
		return nil, d.word("null")
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return d.number()
		}
		return nil, d.fail("a value is missing: unexpected " + d.seen())
	}
}

func (d *decoder) word(word string) error {
	if len(d.text)-d.at < len(word) || d.text[d.at:d.at+len(word)] != word {
		return d.fail("a value is missing: unexpected " + d.seen())
	}
	d.at += len(word)
	return nil
}

func (d *decoder) object(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, d.fail("nested deeper than " + strconv.Itoa(MaxDepth))
	}
	o := &Object{}
	d.at++
	if d.space(); d.at < len(d.text) && d.text[d.at] == '}' {
		d.at++
		return o, nil
	}
	for {
		if d.at >= len(d.text) || d.text[d.at] != '"' {
			return nil, d.fail(`a key in double quotes is missing: unexpected ` + d.seen())
		}
		key, err := d.key()
		if err != nil {
			return nil, err
		}
		if d.space(); d.at >= len(d.text) || d.text[d.at] != ':' {
			return nil, d.fail(`":" is missing after a key: unexpected ` + d.seen())
		}
		d.at++
		d.space()
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		if o.members == nil {
			o.members = make([]member, 0, max(1, d.usual))
		}
		o.Set(key, v)
		d.space()
		switch {
		case d.at < len(d.text) && d.text[d.at] == ',':
			d.at++
			d.space()
		case d.at < len(d.text) && d.text[d.at] == '}':
			d.at++
			d.usual = min(len(o.members), indexFrom)
			return o, nil
		default:
			return nil, d.fail(`"," or "}" is missing: unexpected ` + d.seen())
		}
	}
}

func (d *decoder) array(depth int) (any, error) {
	if depth > MaxDepth {
		return nil, d.fail("nested deeper than " + strconv.Itoa(MaxDepth))
	}
	d.at++
	if d.space(); d.at < len(d.text) && d.text[d.at] == ']' {
		d.at++
		return []any{}, nil
	}
	start := len(d.stack)
	for {
		v, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		d.stack = append(d.stack, v)
		d.space()
		switch {
		case d.at < len(d.text) && d.text[d.at] == ',':
			d.at++
			d.space()
		case d.at < len(d.text) && d.text[d.at] == ']':
			d.at++
			array := make([]any, len(d.stack)-start)
			copy(array, d.stack[start:])
			d.stack = d.stack[:start]
			return array, nil
		default:
			return nil, d.fail(`"," or "]" is missing: unexpected ` + d.seen())
		}
	}
}

func (d *decoder) number() (any, error) {
	start := d.at
	if d.text[d.at] == '-' {
		d.at++
	}
	if d.at < len(d.text) && d.text[d.at] == '0' {
		d.at++
	} else if !d.digits() {
		return nil, d.fail("a digit is missing: unexpected " + d.seen())
	}
	if d.at < len(d.text) && d.text[d.at] == '.' {
		if d.at++; !d.digits() {
			return nil, d.fail("a digit is missing after the point: unexpected " + d.seen())
		}
	}
	if d.at < len(d.text) && d.text[d.at]|0x20 == 'e' {
		d.at++
		if d.at < len(d.text) && (d.text[d.at] == '+' || d.text[d.at] == '-') {
			d.at++
		}
		if !d.digits() {
			return nil, d.fail("a digit is missing in the exponent: unexpected " + d.seen())
		}
	}
	return number(d.text[start:d.at]), nil
}

func (d *decoder) digits() bool {
	start := d.at
	for d.at < len(d.text) && d.text[d.at] >= '0' && d.text[d.at] <= '9' {
		d.at++
	}
	return d.at > start
}
