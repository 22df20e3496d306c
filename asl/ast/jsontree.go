package ast

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// jsonNode is a JSON value with its place in the text and all its members, also
// the duplicate ones, which jsonvalue.Decode would drop.
type jsonNode struct {
	kind    kind
	offset  int
	text    string     // strings: decoded; numbers: as written
	items   []jsonNode // arrays and objects
	members []member
}

type member struct {
	name   string
	offset int
}

// kind is a set of JSON kinds.
type kind uint8

const (
	kindNull kind = 1 << iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
	kindAny = kindNull | kindBool | kindNumber | kindString | kindArray | kindObject
)

func (k kind) String() string {
	var names []string
	for i, name := range []string{"null", "a boolean", "a number", "a string", "an array", "an object"} {
		if k&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return strings.Join(names, "")
}

// maxDepth bounds the nesting of a definition. Step Functions' own limit is
// lower; this one keeps hostile input from exhausting the stack.
const maxDepth = 500

// treeReader reads JSON text (RFC 8259) into nodes.
type treeReader struct {
	data  []byte
	pos   int
	depth int
}

type syntaxError struct {
	offset int
	reason string
	deep   bool // valid JSON, as far as it was read, beyond maxDepth
}

func (e *syntaxError) Error() string { return fmt.Sprintf("offset %d: %s", e.offset, e.reason) }

func readTree(data []byte) (n jsonNode, err error) {
	r := &treeReader{data: data}
	if n, err = r.value(); err != nil {
		return n, err
	}
	r.space()
	if r.pos < len(data) {
		return n, r.fail("text after the end of the definition")
	}
	return n, nil
}

func (r *treeReader) fail(reason string) error { return &syntaxError{offset: r.pos, reason: reason} }

func (r *treeReader) space() {
	for r.pos < len(r.data) {
		switch r.data[r.pos] {
		case ' ', '\t', '\n', '\r':
			r.pos++
		default:
			return
		}
	}
}

func (r *treeReader) value() (jsonNode, error) {
	r.space()
	n := jsonNode{offset: r.pos}
	if r.pos == len(r.data) {
		return n, r.fail("the text ends where a value is expected")
	}
	var err error
	switch c := r.data[r.pos]; {
	case c == '{' || c == '[':
		if r.depth++; r.depth > maxDepth {
			return n, &syntaxError{offset: r.pos, reason: "nested too deep", deep: true}
		}
		if c == '{' {
			n.kind, err = kindObject, r.object(&n)
		} else {
			n.kind, err = kindArray, r.array(&n)
		}
		r.depth--
	case c == '"':
		n.kind = kindString
		n.text, err = r.string()
	case c == '-' || '0' <= c && c <= '9':
		n.kind = kindNumber
		n.text, err = r.number()
	default:
		rest := r.data[r.pos:]
		switch {
		case bytes.HasPrefix(rest, []byte("null")):
			n.kind, n.text = kindNull, "null"
		case bytes.HasPrefix(rest, []byte("true")):
			n.kind, n.text = kindBool, "true"
		case bytes.HasPrefix(rest, []byte("false")):
			n.kind, n.text = kindBool, "false"
		default:
			if bytes.HasPrefix(rest, []byte("${")) {
				return n, r.fail("a placeholder must be quoted, \"${Name}\", for the definition to be JSON before it is filled in")
			}
			return n, r.fail(fmt.Sprintf("%q does not begin a value", rune(c)))
		}
		r.pos += len(n.text)
	}
	return n, err
}

func (r *treeReader) object(n *jsonNode) error {
	r.pos++
	for first := true; ; first = false {
		r.space()
		if r.pos < len(r.data) && r.data[r.pos] == '}' && first {
			r.pos++
			return nil
		}
		if r.pos == len(r.data) || r.data[r.pos] != '"' {
			return r.fail("a name in double quotes is expected here")
		}
		m := member{offset: r.pos}
		var err error
		if m.name, err = r.string(); err != nil {
			return err
		}
		r.space()
		if r.pos == len(r.data) || r.data[r.pos] != ':' {
			return r.fail("a colon is expected after a name")
		}
		r.pos++
		v, err := r.value()
		if err != nil {
			return err
		}
		n.members, n.items = append(n.members, m), append(n.items, v)
		if done, err := r.next('}'); done || err != nil {
			return err
		}
	}
}

func (r *treeReader) array(n *jsonNode) error {
	r.pos++
	r.space()
	if r.pos < len(r.data) && r.data[r.pos] == ']' {
		r.pos++
		return nil
	}
	for {
		v, err := r.value()
		if err != nil {
			return err
		}
		n.items = append(n.items, v)
		if done, err := r.next(']'); done || err != nil {
			return err
		}
	}
}

// next passes the comma before another element, or the end.
func (r *treeReader) next(end byte) (done bool, err error) {
	r.space()
	if r.pos < len(r.data) {
		switch r.data[r.pos] {
		case ',':
			r.pos++
			return false, nil
		case end:
			r.pos++
			return true, nil
		}
	}
	return false, r.fail(fmt.Sprintf("a comma or %q is expected here", rune(end)))
}

func (r *treeReader) number() (string, error) {
	start := r.pos
	digits := func() int {
		n := r.pos
		for r.pos < len(r.data) && '0' <= r.data[r.pos] && r.data[r.pos] <= '9' {
			r.pos++
		}
		return r.pos - n
	}
	if r.data[r.pos] == '-' {
		r.pos++
	}
	leading := r.pos
	if n := digits(); n == 0 || n > 1 && r.data[leading] == '0' {
		return "", r.fail("malformed number")
	}
	if r.pos < len(r.data) && r.data[r.pos] == '.' {
		r.pos++
		if digits() == 0 {
			return "", r.fail("malformed number: digits are missing after the point")
		}
	}
	if r.pos < len(r.data) && r.data[r.pos]|0x20 == 'e' {
		r.pos++
		if r.pos < len(r.data) && (r.data[r.pos] == '+' || r.data[r.pos] == '-') {
			r.pos++
		}
		if digits() == 0 {
			return "", r.fail("malformed number: digits are missing in the exponent")
		}
	}
	return string(r.data[start:r.pos]), nil
}

func (r *treeReader) string() (string, error) {
	start := r.pos
	plain := true
	for r.pos++; r.pos < len(r.data); r.pos++ {
		switch c := r.data[r.pos]; {
		case c == '"':
			r.pos++
			raw := r.data[start:r.pos]
			if plain {
				return string(raw[1 : len(raw)-1]), nil
			}
			var s string
			if err := json.Unmarshal(raw, &s); err != nil {
				r.pos = start
				return "", r.fail("malformed string: " + err.Error())
			}
			return s, nil
		case c == '\\':
			plain = false
			r.pos++
		case c < ' ':
			return "", r.fail("a control character in a string must be escaped")
		case c >= utf8.RuneSelf:
			_, size := utf8.DecodeRune(r.data[r.pos:])
			if size == 1 {
				return "", r.fail("the text is not UTF-8")
			}
			r.pos += size - 1
		}
	}
	r.pos = start
	return "", r.fail("the string does not end")
}

// value is the jsonNode in the form of package jsonvalue.
func (n *jsonNode) value() any {
	switch n.kind {
	case kindBool:
		return n.text == "true"
	case kindNumber:
		f, err := strconv.ParseFloat(n.text, 64)
		if err != nil || jsonvalue.String(f) != n.text {
			return json.Number(n.text)
		}
		return f
	case kindString:
		return n.text
	case kindArray:
		a := make([]any, len(n.items))
		for i := range n.items {
			a[i] = n.items[i].value()
		}
		return a
	case kindObject:
		o := jsonvalue.NewObject(len(n.items))
		for i, m := range n.members {
			o.Set(m.name, n.items[i].value())
		}
		return o
	}
	return nil
}
