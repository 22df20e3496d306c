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
	items   []node
	members []member
}

type member struct {
	key   string
	value node
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
	s := scanner{text: string(document)}
	s.space()
	root := &node{}
	if s.value(root, 0) {
		s.space()
		if s.at == len(s.text) {
			return root, nil
		}
	}
	var raw json.RawMessage
	if err := json.Unmarshal(document, &raw); err != nil { // which says why
		if s, ok := err.(*json.SyntaxError); ok {
			before := document[:min(int(s.Offset), len(document))]
			line := bytes.Count(before, []byte("\n")) + 1
			return nil, fmt.Errorf("is not JSON: %v, at line %d, column %d", err, line, len(before)-bytes.LastIndexByte(before, '\n')-1)
		}
		return nil, fmt.Errorf("is not JSON: %w", err)
	}
	return nil, fmt.Errorf("is nested deeper than %d levels", maxDepth)
}

// list is the value as a list: itself where it is none.
func (n *node) list() []node {
	if n.kind == '[' {
		return n.items
	}
	return []node{*n}
}
