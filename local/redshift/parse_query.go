package redshift

import (
	"strings"

	"airline/etl"
)

// query reads a SELECT with what may stand around it.
func (p *parser) query() *Query {
	p.enter()
	defer p.leave()
	q := &Query{at: at(p.peek().Start)}
	q.with, q.recursive = p.with()
	q.body = p.setOperations(0)
	p.queryTail(q)
	return q
}

func (p *parser) with() (list []cte, recursive bool) {
	if !p.accept("with") {
		return nil, false
	}
	recursive = p.accept("recursive")
	for {
		c := cte{at: at(p.peek().Start), name: p.name()}
		if p.peek().Is("(") {
			c.columns = p.names()
		}
		p.expect("as", "(")
		c.query = p.query()
		p.expect(")")
		list = append(list, c)
		if !p.accept(",") {
			return list, recursive
		}
	}
}

func (p *parser) queryTail(q *Query) {
	if p.accept("order", "by") {
		q.order = p.orderItems()
	}
	for {
		switch t := p.peek(); {
		case t.Is("limit") && q.limit == nil:
			p.next()
			if p.accept("all") {
				continue
			}
			q.limit = p.exprAbove(bindOther)
			if n := p.peek(); n.Is("%") {
				p.syntax(n)
			}
		case t.Is("offset") && q.offset == nil:
			p.next()
			q.offset = p.exprAbove(bindOther)
		case t.Is("fetch"):
			panic(notModelled(t.Start, "FETCH FIRST"))
		case t.Is("for"):
			panic(notModelled(t.Start, "FOR UPDATE"))
		default:
			return
		}
	}
}

// setOperations reads queries joined by UNION, INTERSECT, EXCEPT or MINUS; INTERSECT binds stronger.
func (p *parser) setOperations(power int) queryBody {
	left := p.queryPrimary()
	for {
		t := p.peek()
		op, binds := t.Value, 1
		switch {
		case t.Is("union"), t.Is("except"):
		case t.Is("minus"):
			op = "except"
		case t.Is("intersect"):
			binds = 2
		default:
			return left
		}
		if binds <= power {
			return left
		}
		p.next()
		s := &setOperation{at: at(t.Start), op: op, l: left}
		if n := p.peek(); p.accept("all") {
			if op != "union" {
				p.fail(n.Start, "%s ALL is not supported", strings.ToUpper(t.Value))
			}
			s.all = true
		} else {
			p.accept("distinct")
		}
		s.r = p.setOperations(binds)
		left = s
	}
}

func (p *parser) queryPrimary() queryBody {
	t := p.peek()
	switch {
	case t.Is("("):
		p.next()
		q := p.query()
		p.expect(")")
		return q
	case t.Is("values"):
		return p.values()
	case t.Is("select"):
		return p.selectQuery()
	}
	p.syntax(t)
	return nil
}

func (p *parser) values() *values {
	v := &values{at: at(p.next().Start)}
	for {
		p.expect("(")
		v.rows = append(v.rows, p.listTo(")"))
		if len(v.rows[0]) != len(v.rows[len(v.rows)-1]) {
			p.fail(p.tokens[p.i-1].Start, "VALUES lists must all be the same length")
		}
		if !p.accept(",") {
			return v
		}
	}
}

func (p *parser) selectQuery() *selectQuery {
	s := &selectQuery{at: at(p.next().Start)}
	p.selectQuantity(s)
	p.selectList(s)
	if p.accept("exclude") {
		s.exclude = p.excluded()
	}
	if p.accept("into") {
		p.selectInto(s)
	}
	if p.accept("from") {
		for {
			s.from = append(s.from, p.tableExpr())
			if !p.accept(",") {
				break
			}
		}
	}
	if p.accept("where") {
		before := p.outerJoins
		p.outerJoins = false
		s.where = p.expr()
		s.outerJoins, p.outerJoins = p.outerJoins, before
	}
	if t := p.peek(); t.Is("start") || t.Is("connect") {
		panic(notModelled(t.Start, "CONNECT BY"))
	}
	if p.accept("group", "by") {
		p.groupBy(s)
	}
	if p.accept("having") {
		s.having = p.expr()
	}
	if p.accept("qualify") {
		s.qualify = p.expr()
	}
	if t := p.peek(); t.Is("window") {
		panic(notModelled(t.Start, "WINDOW"))
	}
	return s
}

// selectQuantity reads TOP and DISTINCT or ALL, in either order.
func (p *parser) selectQuantity(s *selectQuery) {
	for {
		switch t := p.peek(); {
		case t.Is("top") && s.top == nil:
			p.next()
			if p.accept("(") {
				s.top = p.expr()
				p.expect(")")
			} else {
				s.top = p.primary()
			}
		case t.Is("distinct") && !s.distinct:
			p.next()
			if n := p.peek(); n.Is("on") {
				panic(notModelled(n.Start, "DISTINCT ON"))
			}
			s.distinct = true
		case t.Is("all") && !p.peekAt(1).Is(","):
			p.next()
		default:
			return
		}
	}
}

func (p *parser) selectList(s *selectQuery) {
	if p.peek().Is("from") || p.peek().Kind == end {
		p.syntax(p.peek())
	}
	for {
		s.items = append(s.items, p.selectItem())
		if !p.accept(",") {
			return
		}
	}
}

func (p *parser) selectItem() selectItem {
	item := selectItem{x: p.expr()}
	if st, ok := item.x.(*star); ok {
		if t := p.peek(); t.Is("exclude") || t.Is("except") && p.peekAt(1).Is("(") {
			if p.next(); t.Is("except") {
				p.syntax(t)
			}
			st.exclude = p.excluded()
			st.end = p.tokens[p.i-1].End
		}
		return item
	}
	switch t := p.peek(); {
	case t.Is("as"):
		p.next()
		item.alias = p.label()
	case t.Kind == quoted, t.Kind == word && !etl.Reserved(t.Value) && !notAnAlias[t.Value]:
		p.next()
		item.alias = t.Value
	}
	return item
}

// excluded reads EXCLUDE column or EXCLUDE (columns).
func (p *parser) excluded() []string {
	if p.peek().Is("(") {
		return p.names()
	}
	list := []string{p.name()}
	for p.peek().Is(",") && isName(p.peekAt(1)) {
		p.next()
		list = append(list, p.name())
	}
	return list
}

func (p *parser) selectInto(s *selectQuery) {
	temporary := p.accept("temp") || p.accept("temporary")
	p.accept("table")
	t := p.target()
	if temporary && t.Schema == "" && t.Table[0] != '#' {
		t.Table = "#" + t.Table
	}
	s.into = &t
}

func (p *parser) groupBy(s *selectQuery) {
	if p.accept("all") {
		s.groupAll = true
		return
	}
	for {
		g, ok := p.grouping()
		if !ok {
			g.x = p.expr()
		}
		s.group = append(s.group, g)
		if !p.accept(",") {
			return
		}
	}
}

// grouping reads ROLLUP (...), CUBE (...) or GROUPING SETS (...), if one comes next.
func (p *parser) grouping() (g grouping, ok bool) {
	t := p.peek()
	g.at = at(t.Start)
	switch {
	case (t.Is("rollup") || t.Is("cube")) && p.peekAt(1).Is("("):
		p.i += 2
		g.kind = t.Value
	case t.Is("grouping") && p.peekAt(1).Is("sets"):
		p.i += 2
		p.expect("(")
		g.kind = "sets"
	default:
		return g, false
	}
	p.groupLists(&g)
	return g, true
}

// groupLists reads a, (b, c), () up to the bracket, and what GROUPING SETS has of other groupings.
func (p *parser) groupLists(g *grouping) {
	for {
		if p.accept("(", ")") {
			g.sets = append(g.sets, nil)
		} else if inner, ok := p.nested(g); ok {
			g.inner = append(g.inner, inner)
		} else {
			x := p.expr()
			set := []Expr{x}
			if r, ok := x.(*row); ok {
				set = r.items
			}
			g.sets = append(g.sets, set)
		}
		if p.accept(")") {
			return
		}
		p.expect(",")
	}
}

// nested reads a grouping within GROUPING SETS; the others have none.
func (p *parser) nested(g *grouping) (grouping, bool) {
	if g.kind != "sets" {
		return grouping{}, false
	}
	p.enter()
	defer p.leave()
	return p.grouping()
}
