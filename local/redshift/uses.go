package redshift

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Use is a place where a query names a relation of the database.
type Use struct {
	Name       Name // with its schema, as the search path has found it
	start, end int  // of the name in the statement's source
	bare       bool // without a schema
	aliased    bool
}

// Uses are the places where a query names relations, in their order. The relations of the views that it reads are not among them.
func Uses(query string, s *Session) ([]Use, error) {
	st, err := parse(query)
	if err != nil {
		return nil, located(err, query)
	}
	sel, ok := st.node.(*selectStatement)
	if !ok {
		return nil, fmt.Errorf("no query: %s", query)
	}
	var uses []Use
	b := &binder{session: s, src: query, params: map[string]Type{}, found: func(u Use) { uses = append(uses, u) }}
	if _, err := b.tryQuery(sel.query); err != nil {
		return nil, located(err, query)
	}
	return inOrder(uses), nil
}

// inOrder are uses by their places; what is bound twice is used once.
func inOrder(uses []Use) []Use {
	slices.SortFunc(uses, func(a, b Use) int { return cmp.Compare(a.start, b.start) })
	return slices.Compact(uses)
}

// withSchemas is a query with the schemas of the relations that it names without one: a view reads those that its author meant,
// whatever its reader's search path. The query begins at a place of the statement of which these are the uses.
func withSchemas(query string, from int, uses []Use) string {
	var out strings.Builder
	written := 0
	for _, u := range inOrder(uses) {
		if u.bare && u.Name.Schema != "" {
			out.WriteString(query[written:u.start-from] + quote(u.Name.Schema) + ".")
			written = u.start - from
		}
	}
	return out.String() + query[written:]
}

// Rename writes a query's uses of one relation with another name. What the query calls the relation's columns by remains, as an alias.
func Rename(query string, uses []Use, from, to Name) string {
	var out strings.Builder
	written := 0
	for _, u := range uses {
		if u.Name != from {
			continue
		}
		out.WriteString(query[written:u.start])
		out.WriteString(to.Quoted())
		if !u.aliased && to.Table != from.Table {
			out.WriteString(" AS " + quote(from.Table))
		}
		written = u.end
	}
	out.WriteString(query[written:])
	return out.String()
}
