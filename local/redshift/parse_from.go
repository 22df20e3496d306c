package redshift

import "airline/etl"

// tableExpr reads one element of FROM with its joins.
func (p *parser) tableExpr() tableExpr {
	left := p.tablePrimary()
	for {
		t := p.peek()
		j := &join{at: at(t.Start), kind: "inner", l: left}
		j.natural = p.accept("natural")
		switch {
		case p.accept("cross", "join"):
			j.kind = "cross"
		case p.accept("join"), p.accept("inner", "join"):
		case p.peek().Is("left"), p.peek().Is("right"), p.peek().Is("full"):
			j.kind = p.next().Value
			p.accept("outer")
			p.expect("join")
		case j.natural:
			p.syntax(p.peek())
		default:
			return left
		}
		j.r = p.tablePrimary()
		switch {
		case j.natural || j.kind == "cross":
		case p.accept("on"):
			j.on = p.expr()
		case p.accept("using"):
			j.using = p.names()
		default:
			p.syntax(p.peek())
		}
		left = j
	}
}

func (p *parser) tablePrimary() tableExpr {
	p.enter()
	defer p.leave()
	t := p.peek()
	var table tableExpr
	switch {
	case t.Is("lateral"):
		panic(notModelled(t.Start, "LATERAL"))
	case t.Is("unpivot"):
		return p.superUnpivot()
	case t.Is("("):
		table = p.bracketedTable(t)
	case t.Kind == word && p.peekAt(1).Is("(") && !etl.Reserved(t.Value):
		p.next()
		if err := known(t); err != nil {
			panic(err)
		}
		f := &tableFunction{at: at(t.Start), call: p.call(t)}
		f.alias = p.alias()
		table = f
	default:
		table = p.tableRef()
	}
	for {
		switch t := p.peek(); {
		case t.Is("pivot"):
			table = p.pivot(table)
		case t.Is("unpivot"):
			table = p.unpivot(table)
		case t.Is("tablesample"):
			p.syntax(t)
		default:
			return table
		}
	}
}

func (p *parser) bracketedTable(t Token) tableExpr {
	p.next()
	if !p.queryStarts() {
		table := p.tableExpr()
		p.expect(")")
		return table
	}
	from := p.i
	q := &tableQuery{at: at(t.Start), query: p.query()}
	if !p.accept(")") { // ((select ...) a join b on ...)
		p.i = from
		table := p.tableExpr()
		p.expect(")")
		return table
	}
	q.alias = p.alias()
	return q
}

// tableRef reads a table's name, or a path into SUPER.
func (p *parser) tableRef() tableExpr {
	t := p.peek()
	r := &tableRef{at: at(t.Start), parts: []string{p.name()}}
	for p.accept(".") {
		r.parts = append(r.parts, p.label())
	}
	r.end = p.tokens[p.i-1].End
	if p.peek().Is("(") {
		p.fail(t.Start, "function %s() does not exist", p.src[t.Start:p.tokens[p.i-1].End])
	}
	for p.accept("[") {
		r.index = append(r.index, p.expr())
		p.expect("]")
	}
	r.alias = p.alias()
	if p.peek().Is("at") && isName(p.peekAt(1)) {
		p.next()
		r.position = p.name()
	}
	return r
}

// alias reads [AS] name [(columns)].
func (p *parser) alias() alias {
	var a alias
	switch t := p.peek(); {
	case t.Is("as"):
		p.next()
		a.name = p.label()
	case t.Kind == quoted, t.Kind == word && !etl.Reserved(t.Value) && !notAnAlias[t.Value]:
		p.next()
		a.name = t.Value
	default:
		return a
	}
	if p.peek().Is("(") {
		a.columns = p.names()
	}
	a.end = p.tokens[p.i-1].End
	return a
}

// superUnpivot reads UNPIVOT x AS value AT attribute.
func (p *parser) superUnpivot() tableExpr {
	t := p.next()
	u := &superUnpivot{at: at(t.Start), x: p.suffixes(p.reference())}
	if p.accept("as") || isName(p.peek()) && !p.peek().Is("at") {
		u.value = p.name()
	}
	if p.accept("at") {
		u.attribute = p.name()
	}
	return u
}

// pivot reads PIVOT (aggregate [AS name], ... FOR column IN (value [AS name], ...)).
func (p *parser) pivot(source tableExpr) tableExpr {
	v := &pivot{at: at(p.next().Start), source: source}
	p.expect("(")
	for {
		v.values = append(v.values, p.selectItem())
		if !p.accept(",") {
			break
		}
	}
	p.expect("for")
	v.column = p.reference()
	p.expect("in", "(")
	for {
		v.entries = append(v.entries, p.selectItem())
		if p.accept(")") {
			break
		}
		p.expect(",")
	}
	p.expect(")")
	v.alias = p.alias()
	return v
}

// unpivot reads UNPIVOT [INCLUDE NULLS] (value FOR name IN (column [AS label], ...)).
func (p *parser) unpivot(source tableExpr) tableExpr {
	u := &unpivot{at: at(p.next().Start), source: source}
	u.includeNulls = p.accept("include", "nulls")
	p.accept("exclude", "nulls")
	p.expect("(")
	u.value = p.name()
	p.expect("for")
	u.name = p.name()
	p.expect("in", "(")
	for {
		item := p.selectItem()
		if _, ok := item.x.(*reference); !ok {
			p.fail(item.x.pos(), "UNPIVOT takes columns")
		}
		u.entries = append(u.entries, item)
		if p.accept(")") {
			break
		}
		p.expect(",")
	}
	p.expect(")")
	u.alias = p.alias()
	return u
}
