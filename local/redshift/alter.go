package redshift

import "strings"

// addColumn is ALTER TABLE t ADD COLUMN.
type addColumn struct {
	target
	column columnDefinition
}

// alterColumn is ALTER TABLE t ALTER COLUMN c TYPE type.
type alterColumn struct {
	target
	column string
	typ    Type
}

// Rebuild is a change of a column that DuckDB has no statement for: the table is made anew, with its rows.
type Rebuild struct {
	Table Name
	// Column is the one that is added or altered; Definition is DuckDB's of it, Comment what its comment has to keep.
	Column, Definition, Comment string
	// Altered is the column's new type, when it is not added.
	Altered *Type
}

// alters reads what comes after ALTER TABLE name: APPEND FROM name, ADD [COLUMN] definition, ALTER COLUMN name TYPE type, or changes of how rows are kept.
func (p *parser) alters() any {
	p.expect("alter", "table")
	t := p.target()
	if p.accept("append") {
		return p.appends(t)
	}
	if p.accept("add") {
		p.accept("column")
		return &addColumn{t, p.columnDefinition(&attributes{})}
	}
	if !p.peekAt(1).Is("column") || !p.peekAt(3).Is("type") {
		return &alterStorage{t, p.storageChanges()}
	}
	p.expect("alter", "column")
	n := &alterColumn{target: t, column: p.name()}
	p.expect("type")
	n.typ = p.typeName().declared()
	if using := p.peek(); using.Is("using") {
		p.fail(using.Start, "ALTER TABLE ALTER COLUMN does not support USING expression")
	}
	return n
}

// changesColumn reports whether ALTER TABLE name ADD of a column, ALTER TABLE name ALTER, or ALTER TABLE name APPEND comes next.
func (p *parser) changesColumn() bool {
	if !p.peekAt(1).Is("table") {
		return false
	}
	n := 3
	for p.peekAt(n).Is(".") {
		n += 2
	}
	if p.peekAt(n).Is("alter") || p.peekAt(n).Is("append") {
		return true
	}
	return p.peekAt(n).Is("add") && !p.peekAt(n+1).Is("primary") && !p.peekAt(n+1).Is("foreign") && !p.peekAt(n+1).Is("unique") && !p.peekAt(n+1).Is("constraint")
}

// Alone is what a statement is called that Redshift runs in no transaction block; "" of others.
func (s *Statement) Alone() string {
	switch s.node.(type) {
	case *alterColumn:
		return "ALTER TABLE ALTER COLUMN"
	case *alterAppend:
		return "ALTER TABLE APPEND"
	}
	return ""
}

// addColumn writes ALTER TABLE ADD COLUMN. DuckDB takes NOT NULL in a statement of its own, and checks, which the lengths of texts
// are, not at all.
func (b *binder) addColumn(n *addColumn, t *Translation) {
	rel := b.changed(n.target, "alter")
	c := n.column
	for _, known := range rel.Columns {
		if known.Name == c.name {
			b.fail(int(c.at), "column %q of relation %q already exists", c.name, rel.Name.Table)
		}
	}
	switch {
	case c.identity != nil:
		b.fail(int(c.at), "ALTER TABLE ADD COLUMN cannot add an IDENTITY column")
	case c.notNull && c.fallback == nil:
		b.fail(int(c.at), "ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression")
	}
	t.Column = &ColumnChange{Table: rel.Name, To: c.name}
	if c.typ.Kind.isText() {
		t.Rebuild = &Rebuild{Table: rel.Name, Column: c.name, Definition: b.definition(c), Comment: c.typ.comment()}
		return
	}
	required := c.notNull
	c.notNull = false
	t.SQL = "ALTER TABLE " + rel.Source + " ADD COLUMN " + b.definition(c)
	if required {
		t.More = append(t.More, "ALTER TABLE "+rel.Source+" ALTER COLUMN "+quote(c.name)+" SET NOT NULL")
	}
	if comment := c.typ.comment(); comment != "" {
		t.More = append(t.More, "COMMENT ON COLUMN "+rel.Source+"."+quote(c.name)+" IS "+quoteText(comment))
	}
}

// alterColumn writes ALTER TABLE ALTER COLUMN TYPE, which changes the size of a VARCHAR and of nothing else here ("ALTER TABLE",
// Database Developer Guide). That a size must be another one, many clients' sources tell, which ignore the error.
func (b *binder) alterColumn(n *alterColumn, t *Translation) {
	rel := b.changed(n.target, "alter")
	for _, c := range rel.Columns {
		if c.Name != n.column {
			continue
		}
		switch {
		case c.Type.Kind != Varchar || n.typ.Kind != Varchar:
			b.fail(int(n.at), "cannot alter column %q of relation %q from type %s to %s: only the size of a VARCHAR can be altered", n.column, rel.Name.Table,
				strings.ToLower(c.Type.String()), strings.ToLower(n.typ.String()))
		case c.Type.Length == n.typ.Length:
			b.fail(int(n.at), "cannot alter column %q of relation %q, target column size should be different", n.column, rel.Name.Table)
		}
		t.Column = &ColumnChange{Table: rel.Name, From: n.column, Retyped: true}
		t.Rebuild = &Rebuild{Table: rel.Name, Column: n.column, Definition: b.definition(columnDefinition{name: n.column, typ: n.typ, notNull: c.NotNull}), Altered: &n.typ}
		return
	}
	b.fail(int(n.at), "column %q of relation %q does not exist", n.column, rel.Name.Table)
}
