package redshift

import (
	"slices"
	"strings"
)

// ColumnChange is a change of one of a table's columns.
type ColumnChange struct {
	Table Name
	// From is the column that gets another name, or is dropped; "" where one is added. To is the new name; "" of a column that is dropped.
	From, To string
	// Retyped says that the column From keeps its name and has another type.
	Retyped bool
}

// Recolumn is the query of a view as it has to be after the change, for which the session's catalog knows the table as it was: the view reads
// the same columns by the names that it has for them. ok is false where it cannot: it reads the column that is dropped.
func Recolumn(query string, uses []Use, s *Session, c ColumnChange) (changed string, ok bool) {
	table, err := s.Catalog.Relation(c.Table.Schema, c.Table.Table)
	if err != nil || table == nil {
		return query, false
	}
	before, err := boundQuery(query, s, nil)
	if err != nil { // it cannot be read as it is
		return query, true
	}
	after := *table
	after.Columns = nil
	for _, column := range table.Columns {
		switch {
		case column.Name != c.From:
		case c.To == "":
			continue
		default:
			column.Name = c.To
		}
		after.Columns = append(after.Columns, column)
	}
	if c.From == "" {
		after.Columns = append(after.Columns, Column{Name: c.To, Type: textType})
	}
	session := *s
	session.Catalog = &instead{s.Catalog, &after}
	same := func(text string) bool {
		q, err := boundQuery(text, &session, nil)
		return err == nil && (c.From != "" && c.To != "" || q.sql() == before.sql())
	}
	if c.From == "" && same(query) {
		return query, true
	}
	var edits []edit
	for _, u := range uses {
		if u.Name == c.Table {
			edits = append(edits, u.renamed(table.Columns, after.Columns, c))
		}
	}
	changed = edited(query, edits)
	return changed, same(changed)
}

// renamed is the use with names for the table's columns behind its alias where they are others than the table's own.
func (u Use) renamed(before, after []Column, c ColumnChange) edit {
	names := columnNames(before)
	copy(names, u.alias.columns)
	switch i := slices.IndexFunc(before, func(column Column) bool { return column.Name == c.From }); {
	case i < 0:
		names = append(names, " "+c.To) // which no query names
	case c.To == "":
		names = slices.Delete(names, i, i+1)
	}
	e := edit{u.start, max(u.end, u.alias.end), u.Name.Quoted()}
	alias := u.alias.name
	if own := columnNames(after); !slices.Equal(own, names) {
		if alias == "" {
			alias = u.Name.Table
		}
		for i := range names {
			names[i] = identifier(names[i])
		}
		e.text += " AS " + identifier(alias) + " (" + strings.Join(names, ", ") + ")"
	} else if alias != "" && alias != u.Name.Table {
		e.text += " AS " + identifier(alias)
	}
	return e
}

func columnNames(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// instead is a catalog with another relation in the place of one.
type instead struct {
	Catalog
	relation *Relation
}

func (i *instead) Relation(schema, name string) (*Relation, error) {
	if i.relation.Name == (Name{schema, name}) {
		return i.relation, nil
	}
	return i.Catalog.Relation(schema, name)
}
