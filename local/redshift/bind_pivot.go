package redshift

import "slices"

// pivot binds PIVOT as the aggregates of each value's rows, grouped by the columns that it does not name ("PIVOT and UNPIVOT
// examples").
func (b *binder) pivot(p *pivot, s *scope) string {
	used := columnsIn(p.column)
	for _, v := range p.values {
		if c, ok := v.x.(*call); !ok || functionNamed(c.name) == nil || functionNamed(c.name).kind != aggregate {
			b.fail(v.x.pos(), "PIVOT takes aggregate functions")
		}
		used = append(used, columnsIn(v.x)...)
	}
	q := &selectQuery{at: p.at, from: []tableExpr{p.source}}
	for _, name := range b.otherColumns(p.source, used, s) {
		r := &reference{at: p.at, parts: []string{name}}
		q.items = append(q.items, selectItem{x: r})
		q.group = append(q.group, grouping{at: p.at, x: r})
	}
	for _, e := range p.entries {
		for _, v := range p.values {
			q.items = append(q.items, selectItem{x: conditional(v.x.(*call), p.column, e.x), alias: b.pivotName(e, v)})
		}
	}
	return b.tableOf(q, p.alias, p.pos(), s)
}

// tableOf binds a SELECT as an element of FROM.
func (b *binder) tableOf(body queryBody, a alias, position int, s *scope) string {
	return b.table(&tableQuery{at: at(position), query: &Query{at: at(position), body: body}, alias: a}, s)
}

// pivotName is a column's name: the value's, and the aggregate's alias behind it.
func (b *binder) pivotName(e, v selectItem) string {
	name := e.alias
	if l, ok := e.x.(*literal); ok && name == "" {
		name = l.value
		if l.kind == nullLiteral {
			name = "null"
		}
	} else if name == "" {
		panic(notModelled(e.x.pos(), "an expression in PIVOT's IN without a name"))
	}
	if v.alias != "" {
		name += "_" + v.alias
	}
	return lowerASCII(name)
}

// conditional is the aggregate of the rows whose column has the value.
func conditional(c *call, column, v Expr) *call {
	condition := Expr(&binaryExpr{c.at, "=", column, v})
	if l, ok := v.(*literal); ok && l.kind == nullLiteral {
		condition = &is{at: c.at, x: column, what: "null"}
	}
	out := *c
	if c.star {
		out.star = false
		out.args = []Expr{&literal{c.at, numberLiteral, "1"}}
	} else {
		out.args = slices.Clone(c.args)
	}
	out.args[0] = &caseExpr{at: c.at, whens: []when{{condition, out.args[0]}}}
	return &out
}

// unpivot binds UNPIVOT as a union of the rows that each column makes.
func (b *binder) unpivot(u *unpivot, s *scope) string {
	used := []string{}
	for _, e := range u.entries {
		used = append(used, columnsIn(e.x)...)
	}
	others := b.otherColumns(u.source, used, s)
	var body queryBody
	for _, e := range u.entries {
		q := &selectQuery{at: u.at, from: []tableExpr{u.source}}
		for _, name := range others {
			q.items = append(q.items, selectItem{x: &reference{at: u.at, parts: []string{name}}})
		}
		label := e.alias
		if label == "" {
			parts := e.x.(*reference).parts
			label = parts[len(parts)-1]
		}
		q.items = append(q.items, selectItem{x: &cast{u.at, &literal{u.at, textLiteral, label}, textType}, alias: u.name}, selectItem{x: e.x, alias: u.value})
		if !u.includeNulls {
			q.where = &is{at: u.at, x: e.x, not: true, what: "null"}
		}
		if body == nil {
			body = q
		} else {
			body = &setOperation{at: u.at, op: "union", all: true, l: body, r: q}
		}
	}
	return b.tableOf(body, u.alias, u.pos(), s)
}

// otherColumns are the columns of a relation but for some.
func (b *binder) otherColumns(source tableExpr, but []string, s *scope) []string {
	scratch := &scope{outer: s.outer}
	reads := len(b.reads)
	b.table(source, scratch)
	b.reads = b.reads[:reads]
	var names []string
	for _, rel := range scratch.relations {
		for _, c := range rel.columns {
			if !slices.Contains(but, c.name) {
				names = append(names, c.name)
			}
		}
	}
	return names
}

// columnsIn are the names of the columns that an expression refers to.
func columnsIn(x Expr) []string {
	switch x := x.(type) {
	case *reference:
		return []string{x.parts[len(x.parts)-1]}
	case *unary:
		return columnsIn(x.x)
	case *binaryExpr:
		return append(columnsIn(x.l), columnsIn(x.r)...)
	case *cast:
		return columnsIn(x.x)
	case *call:
		var names []string
		for _, a := range x.args {
			names = append(names, columnsIn(a)...)
		}
		return names
	case *caseExpr:
		names := columnsIn(x.operand)
		for _, w := range x.whens {
			names = append(append(names, columnsIn(w.condition)...), columnsIn(w.result)...)
		}
		return append(names, columnsIn(x.otherwise)...)
	case *is:
		return columnsIn(x.x)
	}
	return nil
}
