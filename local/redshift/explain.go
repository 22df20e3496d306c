package redshift

import (
	"slices"
	"strings"
)

// explainStatement is EXPLAIN of a query or a change of rows.
type explainStatement struct {
	at
	node any
}

// explain reads the statement of EXPLAIN; the keyword is behind.
func (p *parser) explain(t Token) *explainStatement {
	if v := p.peek(); p.accept("verbose") {
		panic(notModelled(v.Start, "EXPLAIN VERBOSE, the planner's own tree,"))
	}
	inner := &Statement{}
	p.statement(inner)
	switch n := inner.node.(type) {
	case *selectStatement, *insertStatement, *updateStatement, *deleteStatement:
	case *createTable:
		if n.query == nil {
			p.fail(t.Start, "EXPLAIN is for SELECT, SELECT INTO, CREATE TABLE AS, INSERT, UPDATE and DELETE")
		}
	default:
		p.fail(t.Start, "EXPLAIN is for SELECT, SELECT INTO, CREATE TABLE AS, INSERT, UPDATE and DELETE")
	}
	return &explainStatement{at(t.Start), inner.node}
}

// step is a step of a plan: its operator, what is said of it, and the steps that it gets rows from.
type step struct {
	operator string
	details  []string
	from     []*step
}

// lines writes the plan as EXPLAIN shows it, without the costs, which would be those of another engine.
func (s *step) lines(indent string) []string {
	lines := []string{s.operator}
	for _, d := range s.details {
		lines = append(lines, indent+"  "+d)
	}
	for _, f := range s.from {
		if f.operator == subPlan {
			lines = append(lines, indent+"  "+subPlan)
			for _, sub := range f.from {
				more := sub.lines(indent + "        ")
				lines = append(append(lines, indent+"    ->  "+more[0]), more[1:]...)
			}
			continue
		}
		inner := f.lines(indent + "      ")
		lines = append(append(lines, indent+"  ->  "+inner[0]), inner[1:]...)
	}
	return lines
}

const subPlan = "SubPlan"

// explain binds the statement, which finds its errors, and writes its plan as rows.
func (b *binder) explain(n *explainStatement, st *Statement, t *Translation) {
	inner, err := translate(&Statement{Source: st.Source, Params: st.Params, node: n.node}, b.session)
	if err != nil {
		panic(&catalogError{err})
	}
	p := &planner{binder: b}
	var root *step
	switch n := n.node.(type) {
	case *selectStatement:
		root = p.query(n.query, nil)
	case *createTable:
		root = p.query(n.query, nil)
	case *insertStatement:
		root = &step{operator: "XN Result"}
		if n.query != nil {
			root = p.query(n.query, nil)
		}
	case *updateStatement:
		root = p.change(n.target, n.alias, n.from, n.where)
	case *deleteStatement:
		root = p.change(n.target, n.alias, n.using, n.where)
	}
	var rows []string
	for _, line := range root.lines("") {
		rows = append(rows, "SELECT "+quoteText(line)+" AS "+quote("QUERY PLAN"))
	}
	t.SQL, t.Columns = strings.Join(rows, " UNION ALL "), []Column{{Name: "QUERY PLAN", Type: textType}}
	b.reads, b.writes, b.params, t.Params = inner.Reads, nil, inner.ParamTypes, nil
	for _, w := range inner.Writes { // nothing is changed: who may not read the table may not see its plan either
		if _, creates := n.node.(*createTable); !creates && !slices.Contains(b.reads, w) {
			b.reads = append(b.reads, w)
		}
	}
}

// planner makes plans of queries in the order in which they are written: joins from left to right, as hash joins where columns
// are compared for equality, and conditions as near to the tables as they can be.
type planner struct {
	*binder
	queries []cte  // of WITH, where the plan is made
	scope   *scope // of the FROM that was planned last
}

// query plans a query with its WITH list.
func (p *planner) query(q *Query, outer *scope) *step {
	ctes, queries := len(p.ctes), len(p.queries)
	p.with(q, outer)
	if !q.recursive {
		p.queries = append(p.queries, q.with...)
	}
	s := p.body(q.body, q, outer)
	p.ctes, p.queries = p.ctes[:ctes], p.queries[:queries]
	return s
}

// body plans what stands between WITH and ORDER BY, and the ORDER BY and LIMIT of around.
func (p *planner) body(body queryBody, around *Query, outer *scope) *step {
	var s *step
	switch body := body.(type) {
	case *selectQuery:
		limited := *around
		if body.top != nil {
			limited.limit = body.top
		}
		return p.ordered(p.selectQuery(body, outer), &limited, body.items)
	case *setOperation:
		s = p.setOperation(body, outer)
	case *values:
		s = &step{operator: `XN Values Scan on "*VALUES*"`}
	case *Query:
		s = p.query(body, outer)
	}
	return p.ordered(s, around, nil)
}

// ordered adds ORDER BY and LIMIT: the slices sort, the leader merges.
func (p *planner) ordered(s *step, around *Query, items []selectItem) *step {
	if len(around.order) > 0 {
		keys := make([]string, len(around.order))
		for i, o := range around.order {
			keys[i] = written(ordered(o.x, items))
		}
		list := strings.Join(keys, ", ")
		s = &step{operator: "XN Sort", details: []string{"Sort Key: " + list}, from: []*step{s}}
		s = &step{operator: "XN Network", details: []string{"Send to leader"}, from: []*step{s}}
		s = &step{operator: "XN Merge", details: []string{"Merge Key: " + list}, from: []*step{s}}
	}
	if around.limit != nil || around.offset != nil {
		s = &step{operator: "XN Limit", from: []*step{s}}
	}
	return s
}

// ordered is what ORDER BY means: a number or an alias is one of the SELECT list.
func ordered(x Expr, items []selectItem) Expr {
	if l, ok := x.(*literal); ok && l.kind == numberLiteral && allDigits(l.value) && len(l.value) < 6 {
		if n := number2(l.value); n >= 1 && n <= len(items) {
			return items[n-1].x
		}
	}
	if r, ok := x.(*reference); ok && len(r.parts) == 1 {
		for _, item := range items {
			if item.alias == r.parts[0] {
				return item.x
			}
		}
	}
	return x
}

func (p *planner) setOperation(x *setOperation, outer *scope) *step {
	parts := []*step{}
	for i, side := range []queryBody{x.l, x.r} {
		parts = append(parts, &step{operator: `XN Subquery Scan "*SELECT* ` + itoa(i+1) + `"`, from: []*step{p.body(side, &Query{at: x.at}, outer)}})
	}
	s := &step{operator: "XN Append", from: parts}
	switch {
	case x.op == "union" && x.all:
		return s
	case x.op == "union":
		return &step{operator: "XN Unique", from: []*step{s}}
	case x.op == "intersect":
		return &step{operator: "XN Hash Intersect Distinct", from: []*step{s}}
	}
	return &step{operator: "XN SetOp Except", from: []*step{s}}
}

// selectQuery plans SELECT up to QUALIFY and DISTINCT.
func (p *planner) selectQuery(x *selectQuery, outer *scope) *step {
	s := p.source(x.from, x.where, outer)
	scope := p.scope
	var calls, windows []*call
	for _, item := range x.items {
		visit(item.x, func(e Expr) {
			c, ok := e.(*call)
			switch {
			case !ok:
			case c.over != nil:
				windows = append(windows, c)
			case functionNamed(c.name) != nil && functionNamed(c.name).kind == aggregate:
				calls = append(calls, c)
			}
		})
	}
	if len(x.group) > 0 || x.groupAll || len(calls) > 0 || x.having != nil {
		agg := &step{operator: "XN Aggregate", from: []*step{s}}
		if len(x.group) > 0 || x.groupAll {
			agg.operator = "XN HashAggregate"
		}
		if x.having != nil {
			agg.details = []string{"Filter: " + written(x.having)}
		}
		s = agg
	}
	seen := map[string]bool{}
	for _, w := range windows {
		s = p.window(w.over, s, seen)
	}
	if x.qualify != nil {
		visit(x.qualify, func(e Expr) {
			if c, ok := e.(*call); ok && c.over != nil {
				s = p.window(c.over, s, seen)
			}
		})
		s = &step{operator: "XN Subquery Scan qualify_subquery", details: []string{"Filter: " + written(x.qualify)}, from: []*step{s}}
	}
	if x.distinct {
		s = &step{operator: "XN Unique", from: []*step{s}}
	}
	for _, item := range x.items {
		p.subplans(s, item.x, scope)
	}
	return s
}

// window adds a window, once for several functions over it.
func (p *planner) window(w *window, s *step, seen map[string]bool) *step {
	var partition, order []string
	for _, x := range w.partition {
		partition = append(partition, written(x))
	}
	for _, o := range w.order {
		order = append(order, written(o.x))
	}
	key := strings.Join(partition, ", ") + ";" + strings.Join(order, ", ")
	if seen[key] {
		return s
	}
	seen[key] = true
	out := &step{operator: "XN Window"}
	if len(partition) > 0 {
		out.details = append(out.details, "Partition: "+strings.Join(partition, ", "))
	}
	if len(order) > 0 {
		out.details = append(out.details, "Order: "+strings.Join(order, ", "))
	}
	if keys := append(partition, order...); len(keys) > 0 {
		s = &step{operator: "XN Sort", details: []string{"Sort Key: " + strings.Join(keys, ", ")}, from: []*step{s}}
	}
	out.from = []*step{s}
	return out
}

// subplans adds the plans of the queries in an expression.
func (p *planner) subplans(s *step, x Expr, outer *scope) {
	visit(x, func(e Expr) {
		if q := queryOf(e); q != nil {
			s.from = append(s.from, &step{operator: subPlan, from: []*step{p.query(q, outer)}})
		}
	})
}

// queryOf is the query in an expression; nil: none.
func queryOf(x Expr) *Query {
	switch x := x.(type) {
	case *exists:
		return x.query
	case *subquery:
		return x.query
	case *in:
		return x.query
	case *quantified:
		return x.query
	}
	return nil
}
