package redshift

import "airline/etl"

// primary reads what no operator stands before.
func (p *parser) primary() Expr {
	t := p.next()
	switch t.Kind {
	case number:
		return &literal{at(t.Start), numberLiteral, t.Value}
	case text, dollar:
		return &literal{at(t.Start), textLiteral, p.continued(t)}
	case param:
		return p.parameter(t)
	case quoted:
		p.i--
		return p.reference()
	case word:
		return p.wordPrimary(t)
	case punct:
		switch t.Value {
		case "(":
			return p.bracketed(t)
		case "*":
			return &star{at: at(t.Start), end: t.End}
		}
	}
	p.syntax(t)
	return nil
}

// continued joins literals that only white space with a line break parts.
func (p *parser) continued(t Token) string {
	val := t.Value
	for n := p.peek(); t.Kind == text && n.Kind == text && containsNewline(p.src[t.End:n.Start]); n = p.peek() {
		val += n.Value
		t = p.next()
	}
	return val
}

func containsNewline(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' {
			return true
		}
	}
	return false
}

func (p *parser) bracketed(t Token) Expr {
	if p.queryStarts() {
		q := p.query()
		p.expect(")")
		return &subquery{at(t.Start), q}
	}
	list := p.listTo(")")
	if len(list) == 1 {
		return list[0]
	}
	return &row{at(t.Start), list}
}

func (p *parser) wordPrimary(t Token) Expr {
	switch t.Value {
	case "null":
		return &literal{at(t.Start), nullLiteral, ""}
	case "true", "false":
		return &literal{at(t.Start), boolLiteral, t.Value}
	case "case":
		return p.caseExpr(t)
	case "cast":
		return p.castCall(t)
	case "exists":
		if p.accept("(") {
			q := p.query()
			p.expect(")")
			return &exists{at(t.Start), q}
		}
	case "interval":
		if p.peek().Kind == text {
			return p.interval(t)
		}
	case "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "sysdate", "current_user", "session_user", "user",
		"current_user_id", "current_aws_account", "current_namespace":
		if !p.peek().Is("(") {
			return &call{at: at(t.Start), name: t.Value, bare: true}
		}
	case "array":
		if p.accept("[") {
			c := &call{at: at(t.Start), name: "array"}
			if !p.accept("]") {
				c.args = p.listTo("]")
			}
			return c
		}
	case "row":
		if p.peek().Is("(") {
			panic(notModelled(t.Start, "ROW()"))
		}
	case "approximate":
		if n := p.peek(); n.Is("count") || n.Is("percentile_disc") {
			p.next()
			c := p.call(n)
			c.approximate = true
			return c
		}
	}
	if x := p.typedLiteral(t); x != nil {
		return x
	}
	if p.peek().Is("(") && !(p.peekAt(1).Is("+") && p.peekAt(2).Is(")")) && (!etl.Reserved(t.Value) || callable[t.Value]) {
		return p.callOrSpecial(t)
	}
	p.i--
	return p.reference()
}

// typedLiteral reads DATE '...', TIMESTAMP WITH TIME ZONE '...' and the like.
func (p *parser) typedLiteral(t Token) Expr {
	from := p.i
	p.i--
	if !p.typeStarts() {
		p.i = from
		return nil
	}
	switch n := p.peekAt(1); {
	case n.Kind == text, n.Is("with"), n.Is("without"), n.Is("varying"), n.Is("precision"):
		if typ := p.typeName(); p.peek().Kind == text {
			return &typed{at(t.Start), typ, p.next().Value}
		}
	case n.Is("("): // CHAR(3) 'abc', but TEXT(x) and DATE(x) are calls
		if p.peekAt(2).Kind == number {
			for k := 3; k < 7; k++ {
				if p.peekAt(k).Is(")") && p.peekAt(k+1).Kind == text {
					return &typed{at(t.Start), p.typeName(), p.constant()}
				}
			}
		}
	}
	p.i = from
	return nil
}

func (p *parser) interval(t Token) Expr {
	e := &interval{at: at(t.Start), value: p.next().Value, precision: -1}
	if u := p.peek(); u.Kind == word && intervalUnits[u.Value] != 0 {
		e.from, e.to, e.precision = p.qualifier()
	}
	return e
}

func (p *parser) caseExpr(t Token) Expr {
	c := &caseExpr{at: at(t.Start)}
	if !p.peek().Is("when") {
		c.operand = p.expr()
	}
	for p.accept("when") {
		condition := p.expr()
		p.expect("then")
		c.whens = append(c.whens, when{condition, p.expr()})
	}
	if len(c.whens) == 0 {
		p.syntax(p.peek())
	}
	if p.accept("else") {
		c.otherwise = p.expr()
	}
	p.expect("end")
	return c
}

func (p *parser) castCall(t Token) Expr {
	p.expect("(")
	x := p.expr()
	p.expect("as")
	typ := p.typeName()
	p.expect(")")
	return &cast{at(t.Start), x, typ}
}

// reference reads a column: name, relation.name, schema.relation.name or a path into SUPER; relation.* too.
func (p *parser) reference() Expr {
	t := p.peek()
	r := &reference{at: at(t.Start), parts: []string{p.name()}}
	for p.peek().Is(".") {
		if p.peekAt(1).Is("*") {
			p.i += 2
			return &star{at: at(t.Start), relation: r.parts, end: p.tokens[p.i-1].End}
		}
		if k := p.peekAt(1).Kind; k != word && k != quoted {
			p.syntax(p.peekAt(1))
		}
		p.next()
		r.parts = append(r.parts, p.label())
		if p.peek().Is("(") && !p.peekAt(1).Is("+") {
			return p.schemaCall(r, t)
		}
	}
	if p.accept("(", "+", ")") {
		r.outer, p.outerJoins = true, true
	}
	if p.peek().Is("(") {
		p.fail(t.Start, "function %s() does not exist", p.src[t.Start:p.tokens[p.i-1].End])
	}
	return r
}

// schemaCall reads pg_catalog.f(...); functions of other schemas would be the user's own, and there are none.
func (p *parser) schemaCall(r *reference, t Token) Expr {
	if len(r.parts) != 2 || r.parts[0] != "pg_catalog" {
		p.fail(t.Start, "function %s() does not exist", p.src[t.Start:p.tokens[p.i-1].End])
	}
	name := p.tokens[p.i-1]
	name.Kind = word
	return p.callOrSpecial(name)
}
