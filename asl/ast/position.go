package ast

import (
	"slices"
	"strconv"
	"strings"
)

// text is what a definition was read from.
type text struct {
	data     []byte
	position func(offset int) Position
	root     *jsonNode // when it was asked for a place
}

// Position is where the member or item at a location (a JSON pointer) stands in the text that the definition was read
// from; otherwise when it was built, or has nothing there.
func (d *Definition) Position(location string, otherwise Position) Position {
	if d.text == nil {
		return otherwise
	}
	if d.text.root == nil {
		root, err := readTree(d.text.data)
		if err != nil {
			return otherwise
		}
		d.text.root = &root
	}
	n, offset := d.text.root, d.text.root.offset
	for element := range strings.SplitSeq(strings.TrimPrefix(location, "/"), "/") {
		if element == "" && location == "" {
			break
		}
		element = strings.NewReplacer("~1", "/", "~0", "~").Replace(element)
		switch n.kind {
		case kindObject:
			i := slices.IndexFunc(n.members, func(m member) bool { return m.name == element })
			if i < 0 {
				return otherwise
			}
			n, offset = &n.items[i], n.members[i].offset
		case kindArray:
			i, err := strconv.Atoi(element)
			if err != nil || i < 0 || i >= len(n.items) {
				return otherwise
			}
			n, offset = &n.items[i], n.items[i].offset
		default:
			return otherwise
		}
	}
	return d.text.position(offset)
}
