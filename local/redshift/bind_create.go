package redshift

import (
	"slices"
	"strconv"
	"strings"
)

// createTable writes CREATE TABLE. DuckDB knows no lengths: a VARCHAR(n) becomes a check on the number of bytes, which is what
// Redshift's n counts. Types that DuckDB has not are kept in the columns' comments.
func (b *binder) createTable(n *createTable, t *Translation) {
	made := *n
	if n = &made; !n.temporary {
		n.Name = b.placed(n.target)
	}
	b.keyTables(n.attributes.Keys)
	b.writes = append(b.writes, n.Name)
	columns := n.columns
	var query *bound
	switch {
	case n.query != nil:
		query = b.query(n.query, nil)
		b.nameColumns(query, &cte{at: n.at, name: n.Table, columns: n.names})
		for i, c := range columnsOf(query) {
			if query.physical(i) != c.Name {
				b.fail(int(n.at), "column %q specified more than once", c.Name)
			}
			columns = append(columns, columnDefinition{name: c.Name, typ: c.Type})
		}
	case n.like != nil:
		like := b.changed(*n.like, "make a table like")
		b.writes = b.writes[:len(b.writes)-1]
		b.reads = append(b.reads, like.Name)
		for _, c := range like.Columns {
			columns = append(columns, columnDefinition{name: c.Name, typ: c.Type, notNull: c.NotNull})
		}
	}
	b.keyColumns(n, columns)
	var s strings.Builder
	s.WriteString("CREATE ")
	if n.temporary {
		s.WriteString("TEMP ")
	}
	s.WriteString("TABLE ")
	if n.ifNotExists {
		s.WriteString("IF NOT EXISTS ")
		if b.exists(n) {
			return
		}
	}
	s.WriteString(n.Quoted() + " (")
	for i, c := range columns {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(b.definition(c))
		if c.identity != nil {
			if c.fallback != nil {
				b.fail(int(c.at), "multiple default values specified for column %q", c.name)
			}
			sequence := identityName(n, c)
			t.Before = append(t.Before, c.identity.sequence(n.temporary, sequence))
			s.WriteString(" DEFAULT nextval(" + quoteText(sequence) + ")")
		}
		if comment := c.typ.comment(); comment != "" {
			t.More = append(t.More, "COMMENT ON COLUMN "+n.Quoted()+"."+quote(c.name)+" IS "+quoteText(comment))
		}
	}
	s.WriteString(")")
	if text := n.attributes.text(n.Table); text != "" {
		t.More = append(t.More, "COMMENT ON TABLE "+n.Quoted()+" IS "+quoteText(text))
	}
	if query != nil {
		names := make([]Column, len(columns))
		for i, c := range columns {
			names[i] = Column{Name: c.name, Type: c.typ}
		}
		t.Before = []string{s.String()}
		t.SQL = "INSERT INTO " + n.Quoted() + " (" + quotedNames(names) + ") " + b.assigned(query, names, int(n.at))
		return
	}
	t.SQL = s.String()
}

// keyColumns finds the columns of the distribution and sort keys.
func (b *binder) keyColumns(n *createTable, columns []columnDefinition) {
	named := func(key string) string {
		position, ok := strings.CutPrefix(key, atPosition)
		if i, err := strconv.Atoi(position); ok && n.query != nil && err == nil && i > 0 && i <= len(columns) {
			return columns[i-1].name
		}
		if ok || !slices.ContainsFunc(columns, func(c columnDefinition) bool { return c.name == key }) {
			b.fail(int(n.at), "column %q specified as distkey/sortkey is not in the table %q", position, n.Table)
		}
		return key
	}
	a := &n.attributes
	if a.DistKey != "" {
		a.DistKey = named(a.DistKey)
	}
	sorted := make([]string, len(a.SortKey))
	for i, key := range a.SortKey {
		sorted[i] = named(key)
	}
	if len(sorted) > 0 {
		a.SortKey = sorted
	}
}

// exists reports whether there is a relation already where the table would be made.
func (b *binder) exists(n *createTable) bool {
	rel, err := b.session.Catalog.Relation(n.Schema, n.Table)
	if err != nil {
		panic(&catalogError{err})
	}
	return rel != nil
}

// keyTables finds the tables that foreign keys refer to, which need not be there.
func (b *binder) keyTables(keys []tableKey) {
	for i := range keys {
		k := &keys[i]
		if k.Kind != "f" || k.Schema != "" {
			continue
		}
		if rel := b.find(Name{Table: k.Table}); rel != nil {
			k.Schema = rel.Name.Schema
		} else {
			k.Schema = "public"
		}
	}
}

// definition writes a column for DuckDB.
func (b *binder) definition(c columnDefinition) string {
	sql := quote(c.name) + " " + c.typ.Duck()
	if c.fallback != nil {
		if !isConstant(c.fallback) {
			panic(notModelled(c.fallback.pos(), "a DEFAULT that is not a constant"))
		}
		value := b.assign(b.expr(c.fallback, &scope{clause: "DEFAULT"}), Column{Name: c.name, Type: c.typ}, c.fallback.pos())
		if k := c.typ.Kind; k.isMoment() || k.isClock() { // DuckDB adds a column NOT NULL with a plain literal only
			value = value[max(strings.IndexByte(value, '\''), 0):]
		}
		if l, ok := c.fallback.(*literal); ok && l.kind == numberLiteral && c.typ.Kind.isNumber() {
			value = l.value // as the system views show it
		}
		sql += " DEFAULT " + value
	}
	if c.notNull {
		sql += " NOT NULL"
	}
	if c.typ.Length > 0 && c.typ.Kind.isText() {
		sql += " CHECK (strlen(" + quote(c.name) + ") <= " + itoa(c.typ.Length) + ")"
	}
	return sql
}

// isConstant reports whether an expression means the same at any time.
func isConstant(x Expr) bool {
	switch x := x.(type) {
	case *literal, *typed, *interval:
		return true
	case *unary:
		return isConstant(x.x)
	case *cast:
		return isConstant(x.x)
	}
	return false
}

// comment is what a column's comment has to keep of its type.
func (t Type) comment() string {
	switch t.Kind {
	case Char, Super, Varbyte, OID:
		return t.String()
	}
	return ""
}

// createView keeps a view's query in Redshift's SQL, which is bound wherever the view is used; DuckDB's view has its columns
// and no rows. Of a late-binding view the relations need not be there yet.
func (b *binder) createView(n *createView) (sql string, more []string) {
	made := *n
	n = &made
	n.Name = b.placed(n.target)
	b.writes = append(b.writes, n.Name)
	columns := []Column{{Name: noName, Type: textType}}
	kept := b.settle()
	q, err := b.tryQuery(n.query)
	settled := kept.query(n.source, n.from, q)
	switch {
	case err == nil:
		b.nameColumns(q, &cte{at: n.at, name: n.Table, columns: n.columns})
		columns = columnsOf(q)
		b.sameColumns(n, columns)
	case !n.late:
		panic(err)
	}
	items := make([]string, len(columns))
	for i, c := range columns {
		for _, other := range columns[:i] {
			if other.Name == c.Name {
				b.fail(int(n.at), "column %q specified more than once", c.Name)
			}
		}
		items[i] = castTo("NULL", c.Type.Duck()) + " AS " + quote(c.Name)
	}
	sql = "CREATE VIEW "
	if n.replace {
		sql = "CREATE OR REPLACE VIEW "
	}
	sql += n.Quoted() + " AS SELECT " + strings.Join(items, ", ") + " WHERE FALSE"
	source := n.source
	if !n.late {
		source = settled
	}
	if n.columns != nil {
		names := make([]string, len(n.columns))
		for i, name := range n.columns {
			names[i] = quote(name)
		}
		source = "with v (" + strings.Join(names, ", ") + ") as (" + source + ") select * from v"
	}
	if n.late {
		source += lateBinding
	}
	return sql, []string{ViewIs(n.Name, source)}
}

// sameColumns refuses to replace a bound view by one with other columns ("CREATE VIEW", OR REPLACE).
func (b *binder) sameColumns(n *createView, columns []Column) {
	rel := b.find(n.Name)
	if !n.replace || n.late || rel == nil || rel.View == "" || rel.Late {
		return
	}
	if len(rel.Columns) != len(columns) {
		b.fail(int(n.at), "cannot change number of columns in view")
	}
	for i, c := range rel.Columns {
		if c.Name != columns[i].Name {
			b.fail(int(n.at), "cannot change name of view column %q", c.Name)
		}
		if c.Type.Duck() != columns[i].Type.Duck() {
			b.fail(int(n.at), "cannot change data type of view column %q", c.Name)
		}
	}
}

// ViewIs is DuckDB's statement that keeps the query of a view.
func ViewIs(n Name, query string) string {
	return "COMMENT ON VIEW " + n.Quoted() + " IS " + quoteText(ViewComment+query)
}

// tryQuery binds a query, or tells why it cannot be.
func (b *binder) tryQuery(q *Query) (out *bound, err error) {
	defer catch(&err)
	return b.query(q, nil), nil
}
