package redshift

import (
	"slices"
	"strings"
)

// selectQuery binds a SELECT with the ORDER BY and LIMIT that follow it.
func (b *binder) selectQuery(x *selectQuery, around *Query, outer *scope) *bound {
	if x.into != nil {
		b.fail(x.pos(), "SELECT INTO is not allowed here")
	}
	s := &scope{outer: outer, clause: "SELECT", aggregates: true, windows: true}
	parts := b.from(x.from, s)
	columns := b.selectList(x, s)
	s.aliases = columns
	var tail strings.Builder
	tail.WriteString(b.fromWhere(x, parts, s))
	aggregated := slices.ContainsFunc(columns, func(c output) bool { return c.aggregated })
	tail.WriteString(b.groupBy(x, s, columns))
	if x.having != nil {
		tail.WriteString(" HAVING " + b.condition(x.having, s.inner("HAVING", true, false)))
	}
	if x.qualify != nil {
		if len(x.from) == 0 {
			b.fail(x.qualify.pos(), "QUALIFY needs a FROM clause")
		}
		tail.WriteString(" QUALIFY " + b.condition(x.qualify, s.inner("QUALIFY", true, true)))
	}
	grouped := aggregated || x.group != nil || x.groupAll
	inner := s.inner("ORDER BY", true, true)
	order := b.orderBy(around.order, inner, columns)
	tail.WriteString(order)
	tail.WriteString(b.quantity(x, around, outer))
	prefix := "SELECT "
	if x.distinct {
		prefix += "DISTINCT "
		b.distinctOrder(around.order, inner, columns, grouped)
	}
	return &bound{columns: columns, prefix: prefix, tail: tail.String(), list: true}
}

// fromWhere writes FROM and WHERE.
func (b *binder) fromWhere(x *selectQuery, parts []string, s *scope) string {
	from, where := listed(parts), ""
	switch {
	case x.outerJoins:
		from, where = b.outerJoins(x, parts, s)
	case x.where != nil:
		where = b.condition(x.where, s.inner("WHERE", false, false))
	}
	if where != "" {
		return from + " WHERE " + where
	}
	return from
}

// distinctOrder refuses ORDER BY of what SELECT DISTINCT does not return.
func (b *binder) distinctOrder(order []orderItem, s *scope, columns []output, grouped bool) {
	for _, o := range order {
		if r, ok := o.x.(*reference); ok && len(r.parts) == 1 && !grouped {
			if !slices.ContainsFunc(columns, func(c output) bool { return c.name == r.parts[0] || c.sql == b.expr(r, s).sql }) {
				b.fail(o.x.pos(), "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
			}
		}
	}
}

func (b *binder) condition(x Expr, s *scope) string {
	return b.coerce(b.expr(x, s), boolType, x.pos()).sql
}

// selectList binds the columns; later ones may refer to the aliases of earlier ones.
func (b *binder) selectList(x *selectQuery, s *scope) []output {
	var columns []output
	for _, item := range x.items {
		if st, ok := item.x.(*star); ok {
			named := b.star(st, s)
			if b.starred != nil && b.views == 0 {
				b.starred(st, s, named)
			}
			columns = append(columns, named...)
		} else {
			v := b.expr(item.x, s)
			name := v.name
			if item.alias != "" {
				name = item.alias
			} else if v.name == "" {
				name = noName
			}
			columns = append(columns, output{name: name, value: v})
		}
		s.aliases = columns
	}
	for _, name := range x.exclude {
		i := slices.IndexFunc(columns, func(c output) bool { return c.name == name })
		if i < 0 {
			b.fail(x.pos(), "column %q of EXCLUDE does not exist", name)
		}
		columns = slices.Delete(columns, i, i+1)
	}
	if len(columns) == 0 {
		b.fail(x.pos(), "SELECT has no column")
	}
	return columns
}

// star is the columns of * or t.*.
func (b *binder) star(x *star, s *scope) []output {
	var columns []output
	found := false
	if x.relation == nil {
		for _, m := range s.merged {
			columns = append(columns, output{name: m.name, value: named(m)})
		}
	}
	for _, rel := range s.relations {
		if len(x.relation) > 0 && (rel.name != x.relation[len(x.relation)-1] || len(x.relation) > 1 && rel.schema != x.relation[len(x.relation)-2]) {
			continue
		}
		found = true
		if rel.element != nil {
			columns = append(columns, output{name: rel.name, value: *rel.element})
		}
		for _, c := range rel.columns {
			if c.hidden && x.relation == nil {
				continue
			}
			columns = append(columns, output{name: c.name, value: named(c)})
		}
	}
	switch {
	case x.relation == nil && len(s.relations) == 0:
		b.fail(x.pos(), "SELECT * with no tables specified is not valid")
	case !found:
		b.fail(x.pos(), "relation %q is not in the FROM clause", strings.Join(x.relation, "."))
	}
	for _, name := range x.exclude {
		n := len(columns)
		if columns = slices.DeleteFunc(columns, func(c output) bool { return c.name == name }); len(columns) == n {
			b.fail(x.pos(), "column %q of EXCLUDE does not exist", name)
		}
	}
	return columns
}

// groupBy writes GROUP BY. What names a column of the SELECT list, by number or alias, is written as its number.
func (b *binder) groupBy(x *selectQuery, s *scope, columns []output) string {
	if x.groupAll {
		var parts []string
		for i, c := range columns {
			if !c.aggregated && !c.windowed {
				parts = append(parts, itoa(i+1))
			}
		}
		if len(parts) == 0 {
			return ""
		}
		return " GROUP BY " + strings.Join(parts, ", ")
	}
	if len(x.group) == 0 {
		return ""
	}
	g := s.inner("GROUP BY", false, false)
	g.aliases = nil
	var parts []string
	for _, e := range x.group {
		if e.kind == "" {
			parts = append(parts, b.groupItem(e.x, g, columns))
			continue
		}
		parts = append(parts, b.groupingSets(e, g, columns))
	}
	return " GROUP BY " + strings.Join(parts, ", ")
}

// groupingSets writes ROLLUP, CUBE or GROUPING SETS, which may have the others in it.
func (b *binder) groupingSets(e grouping, g *scope, columns []output) string {
	var sets []string
	for _, set := range e.sets {
		items := make([]string, len(set))
		for j, item := range set {
			items[j] = b.groupItem(item, g, columns)
		}
		all := strings.Join(items, ", ")
		if len(items) != 1 || e.kind == "sets" {
			all = "(" + all + ")"
		}
		sets = append(sets, all)
	}
	for _, inner := range e.inner {
		sets = append(sets, b.groupingSets(inner, g, columns))
	}
	name := map[string]string{"rollup": "ROLLUP", "cube": "CUBE", "sets": "GROUPING SETS"}[e.kind]
	return name + " (" + strings.Join(sets, ", ") + ")"
}

func (b *binder) groupItem(x Expr, g *scope, columns []output) string {
	i := -1
	if l, ok := x.(*literal); ok && l.kind == numberLiteral {
		i = b.ordinal(l, "GROUP BY", columns)
	} else if r, ok := x.(*reference); ok && len(r.parts) == 1 {
		if _, known := b.lookup(r, g); !known {
			i = slices.IndexFunc(columns, func(c output) bool { return c.name == r.parts[0] })
		}
	}
	if i >= 0 {
		if columns[i].aggregated {
			b.fail(x.pos(), "aggregate functions are not allowed in GROUP BY")
		}
		if columns[i].constant || columns[i].null {
			return columns[i].sql
		}
		return columns[i].groupable()
	}
	return b.expr(x, g).groupable()
}

// groupable is the value's text where DuckDB must not take a number for a column's.
func (v value) groupable() string {
	if v.number {
		return castTo(v.sql, v.typ.Duck())
	}
	return v.sql
}

// ordinal is the index of the column that a number in GROUP BY or ORDER BY means.
func (b *binder) ordinal(l *literal, clause string, columns []output) int {
	n := 0
	if allDigits(l.value) && len(l.value) < 6 {
		n = number2(l.value)
	}
	if n < 1 || n > len(columns) {
		b.fail(l.pos(), "%s position %s is not in select list", clause, l.value)
	}
	return n - 1
}

// orderBy writes ORDER BY with where the NULLs go. An alias of the SELECT list comes before a column of FROM.
func (b *binder) orderBy(items []orderItem, s *scope, columns []output) string {
	if len(items) == 0 {
		return ""
	}
	parts := make([]string, len(items))
	for n, o := range items {
		i := -1
		switch x := o.x.(type) {
		case *literal:
			if x.kind != numberLiteral {
				b.fail(x.pos(), "non-integer constant in ORDER BY")
			}
			i = b.ordinal(x, "ORDER BY", columns)
		case *reference:
			if len(x.parts) == 1 {
				i = slices.IndexFunc(columns, func(c output) bool { return c.name == x.parts[0] })
			}
		}
		if i >= 0 {
			parts[n] = itoa(i+1) + o.direction()
		} else {
			v := b.expr(o.x, s)
			parts[n] = v.groupable() + o.direction()
			if i := slices.IndexFunc(columns, func(c output) bool { return c.sql == v.sql }); i >= 0 { // of a column that has another name
				parts[n] = itoa(i+1) + o.direction()
			}
		}
	}
	return " ORDER BY " + strings.Join(parts, ", ")
}

func (o orderItem) direction() string {
	d := " ASC"
	if o.desc {
		d = " DESC"
	}
	if o.nullsFirst {
		return d + " NULLS FIRST"
	}
	return d + " NULLS LAST"
}

// quantity writes TOP or LIMIT, and OFFSET.
func (b *binder) quantity(x *selectQuery, around *Query, outer *scope) string {
	if x.top == nil {
		return b.limit(around, outer)
	}
	b.unordered(&Query{at: x.at, limit: x.top})
	if around.limit != nil {
		b.fail(around.limit.pos(), "TOP and LIMIT cannot both be there")
	}
	with := *around
	with.limit = x.top
	return b.limit(&with, outer)
}

func (b *binder) limit(q *Query, outer *scope) string {
	s := &scope{outer: outer, clause: "LIMIT"}
	sql := ""
	if q.limit != nil {
		sql += " LIMIT " + b.count(q.limit, s)
	}
	if q.offset != nil {
		sql += " OFFSET " + b.count(q.offset, s)
	}
	return sql
}

func (b *binder) count(x Expr, s *scope) string {
	if v := b.coerce(b.expr(x, s), int8Type, x.pos()); v.typ.Kind == Int8 {
		return castTo(v.sql, "BIGINT")
	}
	return ""
}

// subquery binds a query inside of an expression.
func (b *binder) subquery(q *Query, s *scope) *bound {
	if b.marks != nil {
		b.marks.query = true
	}
	return b.query(q, s)
}

func (b *binder) scalarSubquery(x *subquery, s *scope) value {
	q := b.subquery(x.query, s)
	if len(q.columns) != 1 {
		b.fail(x.pos(), "subquery must return only one column")
	}
	c := q.columns[0]
	return value{sql: "(" + q.sql() + ")", typ: q.result("")[0].typ, name: c.name}
}

func (b *binder) inQuery(x *in, s *scope, not string) value {
	q := b.subquery(x.query, s)
	items := []Expr{x.x}
	if r, ok := x.x.(*row); ok {
		items = r.items
	}
	if len(items) != len(q.columns) {
		b.fail(x.pos(), "subquery has %d columns, and %d are compared with it", len(q.columns), len(items))
	}
	left := make([]string, len(items))
	parts := make([]value, len(items))
	for i, item := range items {
		v := b.expr(item, s)
		left[i], parts[i] = b.matchColumn(v, q, i, item.pos()), v
	}
	sql := left[0]
	if len(left) > 1 {
		sql = "(" + strings.Join(left, ", ") + ")"
	}
	return of(boolType, "("+sql+" "+not+"IN ("+q.sql()+"))", parts...)
}

// matchColumn makes a value and a column of a query comparable, and returns the value's text.
func (b *binder) matchColumn(v value, q *bound, i, at int) string {
	column := q.columns[i].value
	t := b.comparable(at, v, column)
	if !q.list {
		alias := b.unique("q")
		inner := &bound{columns: q.result(alias), prefix: "SELECT ", tail: " FROM " + q.derived(alias), list: true}
		*q = *inner
	}
	q.columns = slices.Clone(q.columns)
	q.columns[i].value = of(t, b.compared(q.columns[i].value, t, at), q.columns[i].value)
	return b.compared(v, t, at)
}

func (b *binder) quantified(x *quantified, s *scope) value {
	v := b.expr(x.x, s)
	q := b.subquery(x.query, s)
	if len(q.columns) != 1 {
		b.fail(x.pos(), "subquery must return only one column")
	}
	left := b.matchColumn(v, q, 0, x.pos())
	kind := " ANY ("
	if x.all {
		kind = " ALL ("
	}
	return of(boolType, "("+left+" "+x.op+kind+q.sql()+"))", v)
}
