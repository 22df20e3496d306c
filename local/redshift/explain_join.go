package redshift

import (
	"slices"
	"strings"
)

// input is a part of FROM that is planned: a table, or several that are joined.
type input struct {
	*step
	relations []*relation
	inner     bool // conditions of WHERE may be put on it: no outer join fills it with NULLs
}

// source plans FROM and WHERE.
func (p *planner) source(from []tableExpr, where Expr, outer *scope) *step {
	s := &scope{outer: outer}
	inputs := make([]*input, len(from))
	for i, t := range from {
		inputs[i] = p.table(t, s)
	}
	return p.joined(inputs, s, where)
}

// change plans the search for the rows that UPDATE or DELETE change.
func (p *planner) change(t target, alias string, from []tableExpr, where Expr) *step {
	table := &tableRef{at: t.at, parts: []string{t.Table}}
	if t.Schema != "" {
		table.parts = []string{t.Schema, t.Table}
	}
	table.alias.name = alias
	return p.source(append([]tableExpr{table}, from...), where, nil)
}

// joined joins the elements of FROM from left to right by the conditions of WHERE.
func (p *planner) joined(inputs []*input, s *scope, where Expr) *step {
	p.scope = s
	var conditions []Expr
	if where != nil {
		conditions = conjuncts(where)
	}
	if len(inputs) == 0 {
		out := &step{operator: "XN Result"}
		p.filter(out, conditions, s)
		return out
	}
	for _, in := range inputs {
		conditions = p.push(in, conditions, s)
	}
	left := inputs[0]
	for rest := inputs[1:]; len(rest) > 0; {
		i := max(slices.IndexFunc(rest, func(r *input) bool {
			return slices.ContainsFunc(conditions, func(c Expr) bool { return p.equates(c, left, r, s) })
		}), 0)
		right := rest[i]
		rest = slices.Delete(slices.Clone(rest), i, i+1)
		var on, later []Expr
		kind := "inner"
		for _, c := range conditions {
			if !within(s.owners(c), left, right) {
				later = append(later, c)
				continue
			}
			on = append(on, c)
			if marked := s.marked(c); marked != nil {
				if kind = "left"; slices.Contains(left.relations, marked) {
					kind = "right"
				}
			}
		}
		left, conditions = p.join(kind, left, right, on, s), later
	}
	p.filter(left.step, conditions, s)
	return left.step
}

// push puts the conditions that name one table only on its scan, and gives the others.
func (p *planner) push(in *input, conditions []Expr, s *scope) []Expr {
	if !in.inner {
		return conditions
	}
	return slices.DeleteFunc(slices.Clone(conditions), func(c Expr) bool {
		owners := s.owners(c)
		if len(owners) == 0 || !within(owners, in) {
			return false
		}
		p.filter(in.step, []Expr{c}, s)
		return true
	})
}

// filter adds conditions to a step, with the plans of their queries.
func (p *planner) filter(to *step, conditions []Expr, s *scope) {
	if len(conditions) == 0 {
		return
	}
	texts := make([]string, len(conditions))
	for i, c := range conditions {
		texts[i] = expressionText(c, func(r *reference) string { return r.parts[len(r.parts)-1] })
	}
	said := strings.Join(texts, " AND ")
	if i := slices.IndexFunc(to.details, func(d string) bool { return strings.HasPrefix(d, "Filter: ") }); i >= 0 {
		before := strings.TrimPrefix(to.details[i], "Filter: ")
		if strings.HasPrefix(before, "((") && len(texts) > 0 {
			before = strings.TrimSuffix(strings.TrimPrefix(before, "("), ")")
		}
		to.details[i] = "Filter: (" + before + " AND " + said + ")"
	} else if len(texts) > 1 {
		to.details = append(to.details, "Filter: ("+said+")")
	} else {
		to.details = append(to.details, "Filter: "+said)
	}
	for _, c := range conditions {
		p.subplans(to, c, s)
	}
}

// join joins two inputs by conditions: by hash where one compares a column of each for equality.
func (p *planner) join(kind string, l, r *input, on []Expr, s *scope) *input {
	var equal, other []string
	for _, c := range on {
		said := expressionText(c, func(r2 *reference) string {
			side := `"outer".`
			if slices.Contains(r.relations, s.owner(r2)) {
				side = `"inner".`
			}
			return side + r2.parts[len(r2.parts)-1]
		})
		if p.equates(c, l, r, s) {
			equal = append(equal, said)
		} else {
			other = append(other, said)
		}
	}
	name := map[string]string{"left": " Left", "right": " Right", "full": " Full"}[kind]
	out := &input{step: &step{}, relations: append(slices.Clone(l.relations), r.relations...), inner: l.inner && r.inner && name == ""}
	if len(equal) > 0 {
		out.operator = "XN Hash" + name + " Join DS_DIST_NONE"
		out.details = []string{"Hash Cond: " + allOf(equal)}
		out.from = []*step{l.step, {operator: "XN Hash", from: []*step{r.step}}}
	} else {
		if name != "" {
			name += " Join"
		}
		out.operator = "XN Nested Loop" + name + " DS_DIST_NONE"
		out.from = []*step{l.step, r.step}
	}
	if len(other) > 0 {
		out.details = append(out.details, "Join Filter: "+allOf(other))
	}
	for _, c := range on {
		p.subplans(out.step, c, s)
	}
	return out
}

// allOf joins conditions by AND.
func allOf(texts []string) string {
	if len(texts) == 1 {
		return texts[0]
	}
	return "(" + strings.Join(texts, " AND ") + ")"
}

// equates reports whether a condition compares a value of one input with one of the other for equality.
func (p *planner) equates(c Expr, l, r *input, s *scope) bool {
	eq, ok := c.(*binaryExpr)
	if !ok || eq.op != "=" {
		return false
	}
	a, b := s.owners(eq.l), s.owners(eq.r)
	return len(a) > 0 && len(b) > 0 && (within(a, l) && within(b, r) || within(a, r) && within(b, l))
}

// owners are the relations of the scope that an expression's columns are of.
func (s *scope) owners(x Expr) []*relation {
	var all []*relation
	visit(x, func(e Expr) {
		if r, ok := e.(*reference); ok {
			if rel := s.owner(r); rel != nil && !slices.Contains(all, rel) {
				all = append(all, rel)
			}
		}
	})
	return all
}

// marked is the relation whose columns bear (+) in a condition; nil: none.
func (s *scope) marked(x Expr) (found *relation) {
	visit(x, func(e Expr) {
		if r, ok := e.(*reference); ok && r.outer {
			found = s.owner(r)
		}
	})
	return found
}

// within reports whether the relations are all of the inputs.
func within(relations []*relation, inputs ...*input) bool {
	for _, rel := range relations {
		if !slices.ContainsFunc(inputs, func(in *input) bool { return slices.Contains(in.relations, rel) }) {
			return false
		}
	}
	return true
}

// table plans one element of FROM.
func (p *planner) table(t tableExpr, s *scope) *input {
	if x, ok := t.(*join); ok {
		l, r := p.table(x.l, s), p.table(x.r, s)
		var on []Expr
		if x.on != nil {
			on = conjuncts(x.on)
		}
		using := x.using
		if x.natural {
			using = p.sharedColumns(l.relations, r.relations)
		}
		for _, name := range using {
			on = append(on, &binaryExpr{x.at, "=", columnOf(l, name), columnOf(r, name)})
		}
		if x.kind == "inner" || x.kind == "cross" {
			on = p.push(r, p.push(l, on, s), s)
		}
		return p.join(x.kind, l, r, on, s)
	}
	before := len(s.relations)
	p.binder.table(t, s)
	in := &input{relations: s.relations[before:len(s.relations):len(s.relations)], inner: true}
	name := in.relations[0].name
	switch t := t.(type) {
	case *tableQuery:
		in.step = &step{operator: "XN Subquery Scan " + name, from: []*step{p.query(t.query, s.outer)}}
	case *tableFunction:
		in.step = &step{operator: "LD Function Scan on " + t.call.name}
	case *tableRef:
		in.step = p.scan(t, name, s)
	default:
		panic(notModelled(t.pos(), "EXPLAIN of PIVOT, UNPIVOT and SUPER in FROM"))
	}
	return in
}

// columnOf is a reference to a column of an input.
func columnOf(in *input, name string) *reference {
	for _, rel := range in.relations {
		if slices.ContainsFunc(rel.columns, func(c output) bool { return c.name == name }) {
			return &reference{parts: []string{rel.name, name}}
		}
	}
	return &reference{parts: []string{name}}
}

// scan plans the reading of a table, a view or a query of WITH.
func (p *planner) scan(t *tableRef, name string, s *scope) *step {
	if slices.ContainsFunc(s.relations, func(r *relation) bool { return r.element != nil }) {
		panic(notModelled(t.pos(), "EXPLAIN of PIVOT, UNPIVOT and SUPER in FROM"))
	}
	if len(t.parts) == 1 {
		for i := len(p.queries) - 1; i >= 0; i-- {
			if c := p.queries[i]; c.name == t.parts[0] {
				queries := p.queries
				p.queries = p.queries[:i]
				inner := p.query(c.query, nil)
				p.queries = queries
				return &step{operator: "XN Subquery Scan " + name, from: []*step{inner}}
			}
		}
		if slices.ContainsFunc(p.ctes, func(c *boundCTE) bool { return c.name == t.parts[0] }) {
			return &step{operator: "XN Seq Scan on " + t.parts[0]} // of WITH RECURSIVE
		}
	}
	rel := p.relation(t.parts, t.pos())
	if rel.View != "" {
		st, err := parse(rel.View)
		if view, ok := statementQuery(st); err == nil && ok {
			return &step{operator: "XN Subquery Scan " + name, from: []*step{p.query(view, nil)}}
		}
	}
	operator := "XN Seq Scan on "
	if isSystemSchema(rel.Name.Schema) {
		operator = "LD Seq Scan on "
	}
	if name != rel.Name.Table {
		return &step{operator: operator + rel.Name.Table + " " + name}
	}
	return &step{operator: operator + rel.Name.Table}
}

// statementQuery is the query that a statement is.
func statementQuery(st *Statement) (*Query, bool) {
	if st == nil {
		return nil, false
	}
	s, ok := st.node.(*selectStatement)
	if !ok {
		return nil, false
	}
	return s.query, true
}
