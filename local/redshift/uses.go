package redshift

import (
	"cmp"
	"slices"
	"strings"
)

// Use is a place where a query names a relation of the database.
type Use struct {
	Name       Name // with its schema, as the search path has found it
	start, end int  // of the name in the statement's source
	bare       bool // without a schema
	alias      alias
}

// edit is a text in the place of another.
type edit struct {
	start, end int
	text       string
}

// edited is a text with other texts in some places of it, each of which counts once.
func edited(text string, edits []edit) string {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.start, b.start) })
	var out strings.Builder
	written := 0
	for _, e := range slices.CompactFunc(edits, func(a, b edit) bool { return a.start == b.start }) {
		out.WriteString(text[written:e.start] + e.text)
		written = e.end
	}
	return out.String() + text[written:]
}

// Uses are the places where a query names relations, in their order. The relations of the views that it reads are not among them.
func Uses(query string, s *Session) ([]Use, error) {
	var uses []Use
	if _, err := boundQuery(query, s, func(u Use) { uses = append(uses, u) }); err != nil {
		return nil, err
	}
	slices.SortFunc(uses, func(a, b Use) int { return cmp.Compare(a.start, b.start) })
	return slices.CompactFunc(uses, func(a, b Use) bool { return a.start == b.start }), nil // what is bound twice is used once
}

// Rename writes a query's uses of one relation with another name. What the query calls the relation's columns by remains, as an alias.
func Rename(query string, uses []Use, from, to Name) string {
	var edits []edit
	for _, u := range uses {
		if u.Name != from {
			continue
		}
		text := to.Quoted()
		if u.alias.name == "" && to.Table != from.Table {
			text += " AS " + quote(from.Table)
		}
		edits = append(edits, edit{u.start, u.end, text})
	}
	return edited(query, edits)
}
