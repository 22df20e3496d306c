package redshift

import (
	"slices"
	"strings"
)

// marks notes of which relations of FROM a condition's columns are, and which of them bear (+).
type marks struct {
	scope         *scope
	marked, plain []*relation
	query         bool // a subquery is in the condition
}

// outerJoins binds WHERE with the operator (+) ("Oracle-style outer joins in the WHERE clause"): conditions with a marked column
// say how the relation of that column is joined to the others, which keep their rows. It gives FROM and what is left of WHERE.
func (b *binder) outerJoins(x *selectQuery, parts []string, s *scope) (from, where string) {
	for _, t := range x.from {
		if _, isJoin := t.(*join); isJoin {
			b.fail(t.pos(), "(+) cannot be used in a query block that also has a JOIN in FROM")
		}
	}
	if len(parts) != len(s.relations) || slices.ContainsFunc(s.relations, func(r *relation) bool { return r.element != nil }) {
		panic(notModelled(x.where.pos(), "(+) beside SUPER, PIVOT or UNPIVOT in FROM"))
	}
	in := s.inner("WHERE", false, false)
	on, preserved := map[*relation][]string{}, map[*relation]*relation{}
	var filters []string
	var unmarked [][]*relation
	for _, c := range conjuncts(x.where) {
		m := &marks{scope: in}
		around := b.marks
		b.marks = m
		sql := b.condition(c, in)
		b.marks = around
		inner, outer := b.sides(m, c.pos())
		if inner == nil {
			filters, unmarked = append(filters, sql), append(unmarked, m.plain)
			continue
		}
		on[inner] = append(on[inner], sql)
		if p := preserved[inner]; outer != nil && p != nil && p != outer {
			b.fail(c.pos(), "A table may be outer joined to at most one other table.")
		} else if outer != nil {
			preserved[inner] = outer
		}
	}
	for inner, outer := range preserved { // "a join with mixed syntax styles runs as an inner join, without warning"
		if slices.ContainsFunc(unmarked, func(r []*relation) bool { return slices.Contains(r, inner) && slices.Contains(r, outer) }) {
			filters = append(filters, on[inner]...)
			delete(on, inner)
			delete(preserved, inner)
		}
	}
	return b.joined(parts, s.relations, on, preserved, x.where.pos()), strings.Join(filters, " AND ")
}

// conjuncts are the conditions that AND connects.
func conjuncts(x Expr) []Expr {
	if and, ok := x.(*binaryExpr); ok && and.op == "and" {
		return append(conjuncts(and.l), conjuncts(and.r)...)
	}
	return []Expr{x}
}

// sides are the relation that a condition joins, nil when none is marked, and the one that it is joined to, nil when the condition
// compares with constants only. What marks a relation in some places and not in others is an inner join.
func (b *binder) sides(m *marks, at int) (inner, outer *relation) {
	switch {
	case len(m.marked) == 0:
		return nil, nil
	case m.query:
		b.fail(at, "a column with (+) cannot be compared with a subquery")
	case len(m.marked) > 1:
		b.fail(at, "(+) marks more than one table of a condition")
	case len(m.plain) > 1:
		b.fail(at, "A table may be outer joined to at most one other table.")
	case len(m.plain) == 0:
		return m.marked[0], nil
	case m.plain[0] == m.marked[0]:
		return nil, nil
	}
	return m.marked[0], m.plain[0]
}

// joined writes FROM: relations that keep their rows first, then each of the others once that which it is joined to is there.
func (b *binder) joined(parts []string, relations []*relation, on map[*relation][]string, preserved map[*relation]*relation, at int) string {
	var sql string
	done := map[*relation]bool{}
	for i, r := range relations {
		if preserved[r] != nil {
			continue
		}
		if sql != "" {
			sql += " CROSS JOIN "
		}
		sql += parts[i]
		done[r] = true
	}
	for left := len(relations) - len(done); left > 0; {
		before := left
		for i, r := range relations {
			if !done[r] && done[preserved[r]] {
				sql += " LEFT JOIN " + parts[i] + " ON " + strings.Join(on[r], " AND ")
				done[r] = true
				left--
			}
		}
		if left == before {
			b.fail(at, "two tables cannot be outer joined to each other")
		}
	}
	for _, r := range relations {
		if conditions := on[r]; preserved[r] == nil && len(conditions) > 0 { // marked, and joined to nothing: (+) has no effect
			b.fail(at, "(+) marks columns of %s, which no condition joins to another table", r.name)
		}
	}
	return " FROM " + sql
}

// mark notes a column of a condition that outer joins may come from.
func (b *binder) mark(r *reference, s *scope) {
	m := b.marks
	if m == nil || s != m.scope {
		return
	}
	rel := s.owner(r)
	switch {
	case rel == nil:
	case r.outer && !slices.Contains(m.marked, rel):
		m.marked = append(m.marked, rel)
	case !r.outer && !slices.Contains(m.plain, rel):
		m.plain = append(m.plain, rel)
	}
}

// unmarked refuses (+) in the operands of OR and IN.
func (b *binder) unmarked(before, at int) {
	if b.marked() != before {
		b.fail(at, "Outer join operator (+) not allowed in operand of OR or IN.")
	}
}

// marked counts the relations that are marked so far.
func (b *binder) marked() int {
	if b.marks == nil {
		return 0
	}
	return len(b.marks.marked)
}

// owner is the relation of the scope that a column is of; nil: none.
func (s *scope) owner(r *reference) *relation {
	for _, rel := range s.relations {
		for _, c := range rel.columns {
			if c.name == r.parts[0] && len(r.parts) == 1 {
				return rel
			}
		}
	}
	for skip := 1; skip <= 2 && skip < len(r.parts); skip++ {
		for _, rel := range s.relations {
			if rel.name == r.parts[skip-1] && (skip == 1 || rel.schema == r.parts[0]) {
				return rel
			}
		}
	}
	return nil
}
