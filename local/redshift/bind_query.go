package redshift

import "strings"

// bound is a query that is bound: the columns of its result and how DuckDB computes it.
type bound struct {
	columns []output
	// prefix and tail are what stands around the list of columns; list is false when prefix is the whole query.
	prefix, tail string
	list         bool
}

// sql writes the query.
func (q *bound) sql() string {
	if !q.list {
		return q.prefix + q.tail
	}
	var s strings.Builder
	s.WriteString(q.prefix)
	for i, c := range q.columns {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(c.sql)
		s.WriteString(" AS ")
		s.WriteString(quote(q.physical(i)))
	}
	s.WriteString(q.tail)
	return s.String()
}

// physical is the name that DuckDB knows a column by: its own, or one that no other column has.
func (q *bound) physical(i int) string {
	name := q.columns[i].name
	n := 0
	for _, c := range q.columns[:i] {
		if c.name == name {
			n++
		}
	}
	if n == 0 {
		return name
	}
	return name + strings.Repeat("\u200b", n) // a name that nobody writes
}

// result are the columns as relations see them.
func (q *bound) result(alias string) []output {
	columns := make([]output, len(q.columns))
	for i, c := range q.columns {
		t := c.typ
		if t.Kind == Unknown {
			t = textType
		}
		columns[i] = output{name: c.name, value: value{sql: quote(alias) + "." + quote(q.physical(i)), typ: t, name: c.name}}
	}
	return columns
}

// coerced gives the query's columns the types, where they differ.
func (b *binder) coerced(q *bound, types []Type, at int) *bound {
	same := true
	for i, t := range types {
		same = same && (q.columns[i].typ == t || q.columns[i].typ.Kind == t.Kind && t.Kind.isText())
	}
	if same {
		return q
	}
	if !q.list {
		alias := b.unique("q")
		inner := &bound{columns: q.result(alias), prefix: "SELECT ", tail: " FROM " + q.derived(alias), list: true}
		return b.coerced(inner, types, at)
	}
	out := *q
	out.columns = append([]output(nil), q.columns...)
	for i, t := range types {
		out.columns[i].value = b.coerce(q.columns[i].value, t, at)
	}
	return &out
}

// query binds a query with its WITH list, ORDER BY and LIMIT.
func (b *binder) query(q *Query, outer *scope) *bound {
	b.unordered(q)
	before := len(b.ctes)
	with := b.with(q, outer)
	out := b.body(q.body, q, outer)
	b.ctes = b.ctes[:before]
	if with != "" {
		out = &bound{columns: out.columns, prefix: with + out.sql(), list: false}
	}
	return out
}

// body binds what stands between WITH and ORDER BY, and the ORDER BY and LIMIT of around.
func (b *binder) body(body queryBody, around *Query, outer *scope) *bound {
	switch body := body.(type) {
	case *selectQuery:
		return b.selectQuery(body, around, outer)
	case *setOperation:
		return b.ordered(b.setOperation(body, outer), around, outer)
	case *values:
		return b.ordered(b.values(body, outer), around, outer)
	case *Query:
		inner := b.query(body, outer)
		if around.order == nil && around.limit == nil && around.offset == nil {
			return inner
		}
		return b.ordered(inner, around, outer)
	}
	b.fail(body.pos(), "this query is not modelled here")
	return nil
}

// ordered puts ORDER BY and LIMIT around a query whose columns they may name.
func (b *binder) ordered(q *bound, around *Query, outer *scope) *bound {
	if around.order == nil && around.limit == nil && around.offset == nil {
		return q
	}
	alias := b.unique("q")
	columns := q.result(alias)
	s := &scope{outer: outer, relations: []*relation{{alias: alias, columns: columns}}, clause: "ORDER BY"}
	tail := " FROM " + q.derived(alias)
	tail += b.orderBy(around.order, s, columns) + b.limit(around, outer)
	return &bound{columns: columns, prefix: "SELECT ", tail: tail, list: true}
}

func (b *binder) setOperation(x *setOperation, outer *scope) *bound {
	l := b.body(x.l, &Query{at: x.at}, outer)
	r := b.body(x.r, &Query{at: x.at}, outer)
	if len(l.columns) != len(r.columns) {
		b.fail(x.pos(), "each %s query must have the same number of columns", strings.ToUpper(x.op))
	}
	types := make([]Type, len(l.columns))
	columns := make([]output, len(l.columns))
	for i := range types {
		types[i] = b.unify(x.pos(), strings.ToUpper(x.op), l.columns[i].value, r.columns[i].value)
		columns[i] = output{name: l.columns[i].name, value: value{typ: types[i], name: l.columns[i].name}}
	}
	op := " " + strings.ToUpper(x.op) + " "
	if x.all {
		op += "ALL "
	}
	left, right := b.coerced(l, types, x.pos()), b.coerced(r, types, x.pos())
	return &bound{columns: columns, prefix: "(" + left.sql() + ")" + op + "(" + right.sql() + ")"}
}

func (b *binder) values(x *values, outer *scope) *bound {
	s := &scope{outer: outer, clause: "VALUES"}
	rows := make([][]value, len(x.rows))
	types := make([]Type, len(x.rows[0]))
	for i, r := range x.rows {
		for _, item := range r {
			rows[i] = append(rows[i], b.expr(item, s))
		}
	}
	columns := make([]output, len(types))
	for c := range types {
		column := make([]value, len(rows))
		for i := range rows {
			column[i] = rows[i][c]
		}
		types[c] = b.unify(x.pos(), "VALUES", column...)
		name := "column" + itoa(c+1)
		columns[c] = output{name: name, value: value{typ: types[c], name: name}}
	}
	var sql strings.Builder
	for i, r := range rows {
		if i > 0 {
			sql.WriteString(" UNION ALL ")
		}
		sql.WriteString("SELECT ")
		for c, v := range r {
			if c > 0 {
				sql.WriteString(", ")
			}
			sql.WriteString(b.coerce(v, types[c], x.rows[i][c].pos()).sql + " AS " + quote(columns[c].name))
		}
	}
	return &bound{columns: columns, prefix: sql.String()}
}

// with binds the WITH list and writes it.
func (b *binder) with(q *Query, outer *scope) string {
	if len(q.with) == 0 {
		return ""
	}
	var parts []string
	for i := range q.with {
		parts = append(parts, b.cte(&q.with[i], q.recursive, outer))
	}
	if q.recursive {
		return "WITH RECURSIVE " + strings.Join(parts, ", ") + " "
	}
	return "WITH " + strings.Join(parts, ", ") + " "
}

func (b *binder) cte(c *cte, recursive bool, outer *scope) string {
	known := &boundCTE{name: c.name, alias: b.unique("cte")}
	if set, ok := c.query.body.(*setOperation); ok && recursive && set.op == "union" && b.refersTo(set.r, c.name) {
		return b.recursiveCTE(c, set, known, outer)
	}
	inner := b.query(c.query, outer)
	b.nameColumns(inner, c)
	known.columns = columnsOf(inner)
	b.ctes = append(b.ctes, known)
	return quote(known.alias) + inner.names() + " AS (" + inner.sql() + ")"
}

// recursiveCTE takes the columns' types from the part that does not refer to it.
func (b *binder) recursiveCTE(c *cte, set *setOperation, known *boundCTE, outer *scope) string {
	if !set.all {
		b.fail(set.pos(), "recursive CTEs take UNION ALL")
	}
	if len(c.columns) == 0 {
		b.fail(int(c.at), "a recursive common table expression must have a list of columns")
	}
	seed := b.body(set.l, &Query{at: set.at}, outer)
	b.nameColumns(seed, c)
	known.columns = columnsOf(seed)
	b.ctes = append(b.ctes, known)
	step := b.body(set.r, &Query{at: set.at}, outer)
	if len(step.columns) != len(known.columns) {
		b.fail(set.pos(), "each UNION query must have the same number of columns")
	}
	types := make([]Type, len(known.columns))
	for i, column := range known.columns {
		types[i] = column.Type
	}
	step = b.coerced(step, types, set.pos())
	seed = b.coerced(seed, types, set.pos())
	return quote(known.alias) + seed.names() + " AS (" + seed.sql() + " UNION ALL " + step.sql() + ")"
}

func (b *binder) nameColumns(q *bound, c *cte) {
	if len(c.columns) > len(q.columns) {
		b.fail(int(c.at), "%q has %d columns available but %d columns specified", c.name, len(q.columns), len(c.columns))
	}
	q.columns = append([]output(nil), q.columns...)
	for i, name := range c.columns {
		q.columns[i].name = name
	}
}

// names is the list of the columns' names, after a relation's alias.
func (q *bound) names() string {
	names := make([]string, len(q.columns))
	for i := range q.columns {
		names[i] = quote(q.physical(i))
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// derived is the query as an element of FROM.
func (q *bound) derived(alias string) string {
	return "(" + q.sql() + ") AS " + quote(alias) + q.names()
}

func columnsOf(q *bound) []Column {
	columns := make([]Column, len(q.columns))
	for i, c := range q.columns {
		columns[i] = Column{Name: c.name, Type: c.typ}
		if c.typ.Kind == Unknown {
			columns[i].Type = textType
		}
	}
	return columns
}

// refersTo reports whether FROM of a query names the relation.
func (b *binder) refersTo(body queryBody, name string) bool {
	switch body := body.(type) {
	case *selectQuery:
		for _, t := range body.from {
			if tableNames(t, name) {
				return true
			}
		}
	case *setOperation:
		return b.refersTo(body.l, name) || b.refersTo(body.r, name)
	case *Query:
		return b.refersTo(body.body, name)
	}
	return false
}

func tableNames(t tableExpr, name string) bool {
	switch t := t.(type) {
	case *tableRef:
		return len(t.parts) == 1 && t.parts[0] == name
	case *join:
		return tableNames(t.l, name) || tableNames(t.r, name)
	}
	return false
}
