package redshift

import (
	"fmt"
	"slices"
	"strings"
)

// settled is the query of a view as it is kept: it names the schemas that its author's search path has found, and the columns that * stood
// for then. So neither another path nor another column changes what the view is.
type settled struct {
	binder *binder
	edits  []edit
}

// settle has the binder note what is to be written into the query that it binds next.
func (b *binder) settle() *settled {
	s := &settled{binder: b}
	b.found = func(u Use) {
		if u.bare && u.Name.Schema != "" {
			s.edits = append(s.edits, edit{u.start, u.start, identifier(u.Name.Schema) + "."})
		}
	}
	b.starred = s.star
	return s
}

// star notes the columns of a *. It stays where a column has no name that leads to it.
func (s *settled) star(x *star, in *scope, columns []output) {
	if !strings.HasSuffix(s.binder.src[:min(x.end, len(s.binder.src))], "*") && x.exclude == nil || x.end <= int(x.at) { // of a rewritten PIVOT
		return
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		name, ok := in.pathTo(c)
		if !ok {
			return
		}
		names[i] = name
	}
	s.edits = append(s.edits, edit{int(x.at), x.end, strings.Join(names, ", ")})
}

// pathTo is how the FROM clause's columns are named in the scope; not ok if the name means another one, or none.
func (s *scope) pathTo(c output) (string, bool) {
	for _, m := range s.merged {
		if m.name == c.name && m.sql == c.sql {
			return identifier(c.name), true
		}
	}
	for _, rel := range s.relations {
		if rel.element != nil && rel.element.sql == c.sql {
			return identifier(rel.name), true
		}
		for _, other := range rel.columns {
			if other.name != c.name || other.sql != c.sql {
				continue
			}
			switch {
			case strings.HasPrefix(rel.name, unnamed):
				return identifier(c.name), true
			case slices.ContainsFunc(s.relations, func(r *relation) bool { return r != rel && r.name == rel.name }):
				return identifier(rel.schema) + "." + identifier(rel.name) + "." + identifier(c.name), rel.schema != ""
			}
			return identifier(rel.name) + "." + identifier(c.name), true
		}
	}
	return "", false
}

// query is the query that begins at a place of the source, with what was noted. Nothing is noted any more. What * stood for is left out if
// the query would be another one with it.
func (s *settled) query(source string, from int, q *bound) string {
	b := s.binder
	b.found, b.starred = nil, nil
	var schemas []edit
	for i := range s.edits {
		e := &s.edits[i]
		e.start, e.end = e.start-from, e.end-from
		if e.start == e.end {
			schemas = append(schemas, *e)
		}
	}
	text := edited(source, s.edits)
	again, err := boundQuery(text, b.session, nil)
	if err != nil || q != nil && again.sql() != q.sql() {
		return edited(source, schemas)
	}
	return text
}

// boundQuery binds a view's query; found, which may be nil, is told its uses of relations.
func boundQuery(query string, session *Session, found func(Use)) (*bound, error) {
	st, err := parse(query)
	if err != nil {
		return nil, located(err, query)
	}
	sel, ok := st.node.(*selectStatement)
	if !ok {
		return nil, fmt.Errorf("no query: %s", query)
	}
	b := &binder{session: session, src: query, params: map[string]Type{}, found: found}
	q, err := b.tryQuery(sel.query)
	return q, located(err, query)
}

// identifier writes a name as people do: in quotes where it needs them.
func identifier(name string) string {
	if notAnAlias[name] {
		return quote(name)
	}
	return quoteIdent(name)
}
