package redshift

import "strings"

// query reads a SELECT with what may stand around it.
func (p *parser) query() *Query {
	p.enter()
	defer p.leave()
	q := &Query{at: at(p.peek().start)}
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
		c := cte{at: at(p.peek().start), name: p.name()}
		if p.peek().is("(") {
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
		case t.is("limit") && q.limit == nil:
			p.next()
			if p.accept("all") {
				continue
			}
			q.limit = p.exprAbove(bindOther)
			if n := p.peek(); n.is("%") {
				p.syntax(n)
			}
		case t.is("offset") && q.offset == nil:
			p.next()
			q.offset = p.exprAbove(bindOther)
		case t.is("fetch"):
			panic(notModelled(t.start, "FETCH FIRST"))
		case t.is("for"):
			panic(notModelled(t.start, "FOR UPDATE"))
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
		op, binds := t.val, 1
		switch {
		case t.is("union"), t.is("except"):
		case t.is("minus"):
			op = "except"
		case t.is("intersect"):
			binds = 2
		default:
			return left
		}
		if binds <= power {
			return left
		}
		p.next()
		s := &setOperation{at: at(t.start), op: op, l: left}
		if n := p.peek(); p.accept("all") {
			if op != "union" {
				p.fail(n.start, "%s ALL is not supported", strings.ToUpper(t.val))
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
	case t.is("("):
		p.next()
		q := p.query()
		p.expect(")")
		return q
	case t.is("values"):
		return p.values()
	case t.is("select"):
		return p.selectQuery()
	}
	p.syntax(t)
	return nil
}

func (p *parser) values() *values {
	v := &values{at: at(p.next().start)}
	for {
		p.expect("(")
		v.rows = append(v.rows, p.listTo(")"))
		if len(v.rows[0]) != len(v.rows[len(v.rows)-1]) {
			p.fail(p.tokens[p.i-1].start, "VALUES lists must all be the same length")
		}
		if !p.accept(",") {
			return v
		}
	}
}

func (p *parser) selectQuery() *selectQuery {
	s := &selectQuery{at: at(p.next().start)}
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
		s.where = p.expr()
	}
	if t := p.peek(); t.is("start") || t.is("connect") {
		panic(notModelled(t.start, "CONNECT BY"))
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
	if t := p.peek(); t.is("window") {
		panic(notModelled(t.start, "WINDOW"))
	}
	return s
}

// selectQuantity reads TOP and DISTINCT or ALL, in either order.
func (p *parser) selectQuantity(s *selectQuery) {
	for {
		switch t := p.peek(); {
		case t.is("top") && s.top == nil:
			p.next()
			if p.accept("(") {
				s.top = p.expr()
				p.expect(")")
			} else {
				s.top = p.primary()
			}
		case t.is("distinct") && !s.distinct:
			p.next()
			if n := p.peek(); n.is("on") {
				panic(notModelled(n.start, "DISTINCT ON"))
			}
			s.distinct = true
		case t.is("all") && !p.peekAt(1).is(","):
			p.next()
		default:
			return
		}
	}
}

func (p *parser) selectList(s *selectQuery) {
	if p.peek().is("from") || p.peek().kind == end {
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
		if t := p.peek(); t.is("exclude") || t.is("except") && p.peekAt(1).is("(") {
			if p.next(); t.is("except") {
				p.syntax(t)
			}
			st.exclude = p.excluded()
		}
		return item
	}
	switch t := p.peek(); {
	case t.is("as"):
		p.next()
		item.alias = p.label()
	case t.kind == quoted, t.kind == word && !reserved[t.val] && !notAnAlias[t.val]:
		p.next()
		item.alias = t.val
	}
	return item
}

// excluded reads EXCLUDE column or EXCLUDE (columns).
func (p *parser) excluded() []string {
	if p.peek().is("(") {
		return p.names()
	}
	list := []string{p.name()}
	for p.peek().is(",") && isName(p.peekAt(1)) {
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
		t := p.peek()
		g := grouping{at: at(t.start)}
		switch {
		case (t.is("rollup") || t.is("cube")) && p.peekAt(1).is("("):
			p.i += 2
			g.kind, g.sets = t.val, p.groupLists()
		case t.is("grouping") && p.peekAt(1).is("sets"):
			p.i += 2
			p.expect("(")
			g.kind, g.sets = "sets", p.groupLists()
		default:
			g.x = p.expr()
		}
		s.group = append(s.group, g)
		if !p.accept(",") {
			return
		}
	}
}

// groupLists reads a, (b, c), () up to the bracket.
func (p *parser) groupLists() [][]Expr {
	var sets [][]Expr
	for {
		switch {
		case p.accept("(", ")"):
			sets = append(sets, nil)
		default:
			x := p.expr()
			if r, ok := x.(*row); ok {
				sets = append(sets, r.items)
			} else {
				sets = append(sets, []Expr{x})
			}
		}
		if p.accept(")") {
			return sets
		}
		p.expect(",")
	}
}
