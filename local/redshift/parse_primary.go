package redshift

// primary reads what no operator stands before.
func (p *parser) primary() Expr {
	t := p.next()
	switch t.kind {
	case number:
		return &literal{at(t.start), numberLiteral, t.val}
	case text, dollar:
		return &literal{at(t.start), textLiteral, p.continued(t)}
	case param:
		return p.parameter(t)
	case quoted:
		p.i--
		return p.reference()
	case word:
		return p.wordPrimary(t)
	case punct:
		switch t.val {
		case "(":
			return p.bracketed(t)
		case "*":
			return &star{at: at(t.start)}
		}
	}
	p.syntax(t)
	return nil
}

// continued joins literals that only white space with a line break parts.
func (p *parser) continued(t token) string {
	val := t.val
	for n := p.peek(); t.kind == text && n.kind == text && containsNewline(p.src[t.end:n.start]); n = p.peek() {
		val += n.val
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

func (p *parser) bracketed(t token) Expr {
	if p.queryStarts() {
		q := p.query()
		p.expect(")")
		return &subquery{at(t.start), q}
	}
	list := p.listTo(")")
	if len(list) == 1 {
		return list[0]
	}
	return &row{at(t.start), list}
}

func (p *parser) wordPrimary(t token) Expr {
	switch t.val {
	case "null":
		return &literal{at(t.start), nullLiteral, ""}
	case "true", "false":
		return &literal{at(t.start), boolLiteral, t.val}
	case "case":
		return p.caseExpr(t)
	case "cast":
		return p.castCall(t)
	case "exists":
		if p.accept("(") {
			q := p.query()
			p.expect(")")
			return &exists{at(t.start), q}
		}
	case "interval":
		if p.peek().kind == text {
			return p.interval(t)
		}
	case "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "sysdate", "current_user", "session_user", "user",
		"current_user_id", "current_aws_account", "current_namespace":
		if !p.peek().is("(") {
			return &call{at: at(t.start), name: t.val, bare: true}
		}
	case "array":
		if p.accept("[") {
			c := &call{at: at(t.start), name: "array"}
			if !p.accept("]") {
				c.args = p.listTo("]")
			}
			return c
		}
	case "row":
		if p.peek().is("(") {
			panic(notModelled(t.start, "ROW()"))
		}
	case "approximate":
		if n := p.peek(); n.is("count") || n.is("percentile_disc") {
			p.next()
			c := p.call(n)
			c.approximate = true
			return c
		}
	}
	if x := p.typedLiteral(t); x != nil {
		return x
	}
	if p.peek().is("(") && (!reserved[t.val] || callable[t.val]) {
		return p.callOrSpecial(t)
	}
	p.i--
	return p.reference()
}

// typedLiteral reads DATE '...', TIMESTAMP WITH TIME ZONE '...' and the like.
func (p *parser) typedLiteral(t token) Expr {
	from := p.i
	p.i--
	if !p.typeStarts() {
		p.i = from
		return nil
	}
	switch n := p.peekAt(1); {
	case n.kind == text, n.is("with"), n.is("without"), n.is("varying"), n.is("precision"):
		if typ := p.typeName(); p.peek().kind == text {
			return &typed{at(t.start), typ, p.next().val}
		}
	case n.is("("): // CHAR(3) 'abc', but TEXT(x) and DATE(x) are calls
		if p.peekAt(2).kind == number {
			for k := 3; k < 7; k++ {
				if p.peekAt(k).is(")") && p.peekAt(k+1).kind == text {
					return &typed{at(t.start), p.typeName(), p.constant()}
				}
			}
		}
	}
	p.i = from
	return nil
}

func (p *parser) interval(t token) Expr {
	e := &interval{at: at(t.start), value: p.next().val, precision: -1}
	if u := p.peek(); u.kind == word && intervalUnits[u.val] != 0 {
		e.from, e.to, e.precision = p.qualifier()
	}
	return e
}

func (p *parser) caseExpr(t token) Expr {
	c := &caseExpr{at: at(t.start)}
	if !p.peek().is("when") {
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

func (p *parser) castCall(t token) Expr {
	p.expect("(")
	x := p.expr()
	p.expect("as")
	typ := p.typeName()
	p.expect(")")
	return &cast{at(t.start), x, typ}
}

// reference reads a column: name, relation.name, schema.relation.name or a path into SUPER; relation.* too.
func (p *parser) reference() Expr {
	t := p.peek()
	r := &reference{at: at(t.start), parts: []string{p.name()}}
	for p.peek().is(".") {
		if p.peekAt(1).is("*") {
			p.i += 2
			return &star{at: at(t.start), relation: r.parts}
		}
		if k := p.peekAt(1).kind; k != word && k != quoted {
			p.syntax(p.peekAt(1))
		}
		p.next()
		r.parts = append(r.parts, p.label())
		if p.peek().is("(") && !p.peekAt(1).is("+") {
			return p.schemaCall(r, t)
		}
	}
	if p.accept("(", "+", ")") {
		r.outer = true
	}
	if p.peek().is("(") {
		p.fail(t.start, "function %s() does not exist", p.src[t.start:p.tokens[p.i-1].end])
	}
	return r
}

// schemaCall reads pg_catalog.f(...); functions of other schemas would be the user's own, and there are none.
func (p *parser) schemaCall(r *reference, t token) Expr {
	if len(r.parts) != 2 || r.parts[0] != "pg_catalog" {
		p.fail(t.start, "function %s() does not exist", p.src[t.start:p.tokens[p.i-1].end])
	}
	name := p.tokens[p.i-1]
	name.kind = word
	return p.callOrSpecial(name)
}
