package redshift

import (
	"fmt"
	"strings"
)

// changed finds the relation that a statement changes, and notes it.
func (b *binder) changed(t target, schemaAs string) *Relation {
	parts := []string{t.Table}
	if t.Schema != "" {
		parts = []string{t.Schema, t.Table}
	}
	reads := len(b.reads)
	rel := b.relation(parts, int(t.at))
	b.reads = b.reads[:reads]
	if rel.View != "" {
		b.fail(int(t.at), "cannot %s a view", schemaAs)
	}
	if rel.Materialized != nil {
		b.fail(int(t.at), "cannot %s a materialized view", schemaAs)
	}
	b.writes = append(b.writes, rel.Name)
	return rel
}

// column finds a column of a relation by its name.
func (b *binder) column(rel *Relation, name string, at int) Column {
	for _, c := range rel.Columns {
		if c.Name == name {
			return c
		}
	}
	b.fail(at, "column %q of relation %q does not exist", name, rel.Name.Table)
	return Column{}
}

// columnsNamed are the columns of a list of names, all without one.
func (b *binder) columnsNamed(rel *Relation, names []string, at int) []Column {
	if names == nil {
		return rel.Columns
	}
	var list []Column
	for _, name := range names {
		for _, c := range list {
			if c.Name == name {
				b.fail(at, "column %q specified more than once", name)
			}
		}
		list = append(list, b.column(rel, name, at))
	}
	return list
}

// assign makes a value one that a column takes: blanks that a text is too long by are cut, and nothing else.
func (b *binder) assign(v value, c Column, at int) string {
	if c.Identity == Always {
		b.fail(at, "cannot set an identity column to a value")
	}
	t := c.Type
	out := b.coerce(v, t, at)
	if t.Kind == TimeTZ && !v.null { // "TIMETZ values are UTC in both user tables and Amazon Redshift system tables" ("Datetime types")
		return castTo(clockUTC(out.sql), "TIMETZ")
	}
	if !t.Kind.isText() || t.Length == 0 || v.null || v.typ.Kind.isText() && v.typ.Length > 0 && v.typ.Length <= t.Length {
		return out.sql
	}
	if v.constant {
		fits, err := fit(v.text, int64(t.Length))
		if err != nil {
			b.fail(at, "%s", err.Error())
		}
		return quoteText(fits)
	}
	return fn("rs_fit", out.sql, itoa(t.Length))
}

// fit cuts the blanks by which a text is too long ("Significance of trailing blanks").
func fit(s string, n int64) (string, error) {
	if int64(len(s)) <= n {
		return s, nil
	}
	if strings.Trim(s[n:], " ") != "" {
		return "", fmt.Errorf("value too long for type character varying(%d)", n)
	}
	return s[:n], nil
}

func quotedNames(columns []Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = quote(c.Name)
	}
	return strings.Join(names, ", ")
}

func (b *binder) insert(n *insertStatement) string {
	rel := b.changed(n.target, "insert into")
	columns := b.columnsNamed(rel, n.columns, int(n.at))
	head := "INSERT INTO " + rel.Source
	count := func(got int) {
		switch {
		case got > len(columns):
			b.fail(int(n.at), "INSERT has more expressions than target columns")
		case got < len(columns) && n.columns != nil:
			b.fail(int(n.at), "INSERT has more target columns than expressions")
		}
		columns = columns[:got]
		head += " (" + quotedNames(columns) + ") "
	}
	switch {
	case n.rows != nil:
		count(len(n.rows[0]))
		return head + "VALUES " + b.insertRows(n.rows, columns)
	case n.query != nil:
		q := b.query(n.query, nil)
		count(len(q.columns))
		return head + b.assigned(q, columns, int(n.at))
	}
	return head + " DEFAULT VALUES"
}

func (b *binder) insertRows(rows [][]Expr, columns []Column) string {
	s := &scope{clause: "VALUES"}
	lines := make([]string, len(rows))
	for i, row := range rows {
		cells := make([]string, len(row))
		for j, x := range row {
			if x == nil {
				cells[j] = "DEFAULT"
				continue
			}
			cells[j] = b.assign(b.expr(x, s), columns[j], x.pos())
		}
		lines[i] = "(" + strings.Join(cells, ", ") + ")"
	}
	return strings.Join(lines, ", ")
}

// assigned is a query whose columns are made ones that a table's columns take.
func (b *binder) assigned(q *bound, columns []Column, at int) string {
	if !q.list {
		alias := b.unique("q")
		q = &bound{columns: q.result(alias), prefix: "SELECT ", tail: " FROM " + q.derived(alias), list: true}
	}
	out := *q
	out.columns = append([]output(nil), q.columns...)
	for i, c := range columns {
		v := q.columns[i].value
		out.columns[i].value = of(c.Type, b.assign(v, c, at), v)
	}
	return out.sql()
}

// targetScope is the scope of a statement that changes a relation, with that relation in it, and the relation as it is written.
func (b *binder) targetScope(rel *Relation, name, clause string) (*scope, string) {
	if name == "" {
		name = rel.Name.Table
	}
	s := &scope{clause: clause}
	columns := outputs(name, rel.Columns)
	s.relations = []*relation{{name: name, schema: rel.Name.Schema, alias: name, columns: columns}}
	return s, rel.Source + " AS " + quote(name)
}

func (b *binder) update(n *updateStatement) string {
	rel := b.changed(n.target, "update")
	s, table := b.targetScope(rel, n.alias, "UPDATE")
	from := listed(b.from(n.from, s))
	sql := "UPDATE " + table + " SET " + b.set(n.set, rel, s) + from
	if n.where != nil {
		sql += " WHERE " + b.condition(n.where, s.inner("WHERE", false, false))
	}
	return sql
}

func (b *binder) set(list []assignment, rel *Relation, s *scope) string {
	parts := make([]string, len(list))
	for i, a := range list {
		c := b.column(rel, a.column, int(a.at))
		parts[i] = quote(c.Name) + " = DEFAULT"
		if a.value != nil {
			parts[i] = quote(c.Name) + " = " + b.assign(b.expr(a.value, s), c, a.value.pos())
		}
	}
	return strings.Join(parts, ", ")
}

func (b *binder) delete(n *deleteStatement) string {
	rel := b.changed(n.target, "delete from")
	s, table := b.targetScope(rel, n.alias, "DELETE")
	sql := "DELETE FROM " + table
	if n.using != nil {
		sql += " USING " + strings.Join(b.from(n.using, s), ", ")
	}
	if n.where != nil {
		sql += " WHERE " + b.condition(n.where, s.inner("WHERE", false, false))
	}
	return sql
}

// merge writes MERGE. Its source is a table ("MERGE").
func (b *binder) merge(n *mergeStatement, t *Translation) {
	rel := b.changed(n.target, "merge into")
	s, table := b.targetScope(rel, n.alias, "MERGE")
	ref, ok := n.source.(*tableRef)
	if !ok {
		b.fail(n.source.pos(), "Source view/subquery in Merge statement not supported yet.")
	}
	source := b.table(n.source, s)
	if from := b.find(nameOf(ref.parts)); from != nil && from.View != "" {
		b.fail(n.source.pos(), "Source view/subquery in Merge statement not supported yet.")
	} else if from != nil && from.Name == rel.Name {
		b.fail(n.source.pos(), "the source of MERGE cannot be its target, %s", rel.Name)
	}
	if n.replace {
		b.mergeReplacing(n, t, rel, s, table, source)
		return
	}
	sql := "MERGE INTO " + table + " USING " + source + " ON " + b.condition(n.on, s.inner("ON", false, false)) + " WHEN MATCHED THEN "
	if n.remove {
		sql += "DELETE"
	} else {
		sql += "UPDATE SET " + b.set(n.set, rel, s)
	}
	columns := b.columnsNamed(rel, n.columns, int(n.at))
	if len(columns) != len(n.values) {
		b.fail(int(n.at), "INSERT has %d expressions for %d target columns", len(n.values), len(columns))
	}
	only := *s
	only.relations = s.relations[1:] // what is inserted is the source's
	cells := make([]string, len(n.values))
	for i, x := range n.values {
		cells[i] = b.assign(b.expr(x, &only), columns[i], x.pos())
	}
	t.SQL = sql + " WHEN NOT MATCHED THEN INSERT (" + quotedNames(columns) + ") VALUES (" + strings.Join(cells, ", ") + ")"
}

// mergeReplacing is MERGE ... REMOVE DUPLICATES: rows of the source take the place of all rows that they match, and the others are added
// ("MERGE", simplified mode).
func (b *binder) mergeReplacing(n *mergeStatement, t *Translation, rel *Relation, s *scope, table, source string) {
	t.Before = []string{"DELETE FROM " + table + " USING " + source + " WHERE " + b.condition(n.on, s.inner("ON", false, false))}
	if len(b.params) > 0 {
		panic(notModelled(n.on.pos(), "a parameter in MERGE ... REMOVE DUPLICATES"))
	}
	columns := s.relations[1].columns
	if len(columns) != len(rel.Columns) {
		b.fail(n.source.pos(), "Source and target of MERGE ... REMOVE DUPLICATES have different numbers of columns: %d and %d", len(columns), len(rel.Columns))
	}
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = b.assign(named(c), rel.Columns[i], n.source.pos())
	}
	t.SQL = "INSERT INTO " + rel.Source + " (" + quotedNames(rel.Columns) + ") SELECT " + strings.Join(cells, ", ") + " FROM " + source
}

// nameOf is the name that a path of one to three parts is.
func nameOf(parts []string) Name {
	n := Name{Table: parts[len(parts)-1]}
	if len(parts) > 1 {
		n.Schema = parts[len(parts)-2]
	}
	return n
}
