package iam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// node is a JSON value that keeps what a map would lose: the order of members, and keys that stand twice.
type node struct {
	kind    byte // '{', '[', '"', '0', 't' (true or false), 'n'
	text    string
	items   []*node
	members []member
}

type member struct {
	key   string
	value *node
}

// String is the value for messages.
func (n *node) String() string {
	switch n.kind {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return strconv.Quote(n.text)
	}
	return n.text
}

// maxDepth is deeper than any policy: a document's deepest value is in Statement, Condition, operator, key and list.
const maxDepth = 32

// decode reads a document.
func decode(document []byte) (*node, error) {
	if !utf8.Valid(document) {
		return nil, fmt.Errorf("is not UTF-8")
	}
	var raw json.RawMessage
	if err := json.Unmarshal(document, &raw); err != nil {
		if s, ok := err.(*json.SyntaxError); ok {
			before := document[:min(int(s.Offset), len(document))]
			line := bytes.Count(before, []byte("\n")) + 1
			return nil, fmt.Errorf("is not JSON: %v, at line %d, column %d", err, line, len(before)-bytes.LastIndexByte(before, '\n')-1)
		}
		return nil, fmt.Errorf("is not JSON: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	return decodeNode(d, 0)
}

func decodeNode(d *json.Decoder, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("is nested deeper than %d levels", maxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("is not JSON: %w", err)
	}
	switch t := token.(type) {
	case string:
		return &node{kind: '"', text: t}, nil
	case json.Number:
		return &node{kind: '0', text: t.String()}, nil
	case bool:
		return &node{kind: 't', text: strconv.FormatBool(t)}, nil
	case json.Delim:
		n := &node{kind: byte(t)}
		for d.More() {
			var m member
			if n.kind == '{' {
				key, err := d.Token()
				if err != nil {
					return nil, fmt.Errorf("is not JSON: %w", err)
				}
				m.key, _ = key.(string)
			}
			if m.value, err = decodeNode(d, depth+1); err != nil {
				return nil, err
			}
			if n.kind == '{' {
				n.members = append(n.members, m)
			} else {
				n.items = append(n.items, m.value)
			}
		}
		if _, err := d.Token(); err != nil { // the closing bracket
			return nil, fmt.Errorf("is not JSON: %w", err)
		}
		return n, nil
	}
	return &node{kind: 'n', text: "null"}, nil
}

// list is the value as a list: itself where it is none.
func (n *node) list() []*node {
	if n.kind == '[' {
		return n.items
	}
	return []*node{n}
}
