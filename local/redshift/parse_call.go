package redshift

// callOrSpecial reads the call of a function, whose arguments have a syntax of their own for some; t is the name.
func (p *parser) callOrSpecial(t token) Expr {
	if err := known(t); err != nil {
		panic(err)
	}
	switch t.val {
	case "extract":
		return p.extract(t)
	case "position":
		return p.position(t)
	case "trim":
		return p.trim(t)
	case "substring":
		return p.substring(t)
	case "convert":
		return p.convert(t)
	}
	return p.call(t)
}

// call reads f(arguments) with what may follow.
func (p *parser) call(t token) *call {
	c := &call{at: at(t.start), name: t.val}
	p.expect("(")
	switch {
	case p.accept("*", ")"):
		c.star = true
	case p.accept(")"):
	default:
		c.distinct = p.accept("distinct")
		if !c.distinct {
			p.accept("all")
		}
		c.args = p.arguments(c)
	}
	p.afterCall(c)
	return c
}

// arguments reads a call's arguments up to the bracket. IGNORE NULLS may stand after the first.
func (p *parser) arguments(c *call) []Expr {
	var args []Expr
	for {
		args = append(args, p.argument(c, len(args) == 0))
		p.nulls(c)
		if t := p.peek(); t.is("order") {
			panic(notModelled(t.start, "ORDER BY in the arguments of a function"))
		}
		if p.accept(")") {
			return args
		}
		p.expect(",")
	}
}

// argument reads one argument; what takes a part of a date first takes it as a bare word.
func (p *parser) argument(c *call, first bool) Expr {
	t := p.peek()
	if first && datePartArgument[c.name] && t.kind == word && p.peekAt(1).is(",") && (reserved[t.val] || dateParts[t.val] != "") {
		p.next()
		return &literal{at(t.start), textLiteral, t.val}
	}
	return p.expr()
}

func (p *parser) nulls(c *call) {
	switch {
	case p.accept("ignore", "nulls"):
		c.ignoreNulls = true
	case p.accept("respect", "nulls"):
	}
}

// afterCall reads WITHIN GROUP, IGNORE NULLS and OVER.
func (p *parser) afterCall(c *call) {
	if p.accept("within", "group") {
		p.expect("(", "order", "by")
		c.within = p.orderItems()
		p.expect(")")
	}
	if t := p.peek(); t.is("filter") && p.peekAt(1).is("(") {
		p.fail(t.start, "syntax error at or near \"filter\": Redshift has no FILTER clause; write COUNT(CASE WHEN condition THEN 1 END)")
	}
	p.nulls(c)
	if p.peek().is("over") {
		t := p.next()
		if !p.peek().is("(") {
			panic(notModelled(t.start, "OVER a named window"))
		}
		p.next()
		c.over = p.window(t)
	}
}

func (p *parser) window(t token) *window {
	w := &window{at: at(t.start)}
	if p.accept("partition", "by") {
		for {
			w.partition = append(w.partition, p.expr())
			if !p.accept(",") {
				break
			}
		}
	}
	if p.accept("order", "by") {
		w.order = p.orderItems()
	}
	switch f := p.peek(); {
	case f.is("rows"):
		p.next()
		w.frame = p.frame()
	case f.is("range"), f.is("groups"):
		p.fail(f.start, "window frames are ROWS in Redshift: %s is not supported", p.src[f.start:f.end])
	}
	p.expect(")")
	return w
}

// frame reads what follows ROWS.
func (p *parser) frame() string {
	if !p.accept("between") {
		t := p.peek()
		bound := p.bound()
		if bound == "UNBOUNDED FOLLOWING" {
			p.syntax(t)
		}
		return "ROWS BETWEEN " + bound + " AND CURRENT ROW"
	}
	from := p.bound()
	p.expect("and")
	return "ROWS BETWEEN " + from + " AND " + p.bound()
}

func (p *parser) bound() string {
	t := p.next()
	switch {
	case t.is("unbounded") && p.accept("preceding"):
		return "UNBOUNDED PRECEDING"
	case t.is("unbounded") && p.accept("following"):
		return "UNBOUNDED FOLLOWING"
	case t.is("current") && p.accept("row"):
		return "CURRENT ROW"
	case t.kind == number && allDigits(t.val) && p.accept("preceding"):
		return t.val + " PRECEDING"
	case t.kind == number && allDigits(t.val) && p.accept("following"):
		return t.val + " FOLLOWING"
	}
	p.syntax(t)
	return ""
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func (p *parser) orderItems() []orderItem {
	var items []orderItem
	for {
		o := orderItem{x: p.expr()}
		if p.accept("desc") {
			o.desc = true
		} else {
			p.accept("asc")
		}
		o.nullsFirst = o.desc // NULLS LAST ascending, NULLS FIRST descending ("ORDER BY clause")
		switch {
		case p.accept("nulls", "first"):
			o.nullsFirst = true
		case p.accept("nulls", "last"):
			o.nullsFirst = false
		}
		items = append(items, o)
		if !p.accept(",") {
			return items
		}
	}
}

// extract reads EXTRACT(part FROM x) or EXTRACT('part' FROM x).
func (p *parser) extract(t token) Expr {
	p.expect("(")
	part := p.next()
	if part.kind != word && part.kind != text && part.kind != quoted {
		p.syntax(part)
	}
	p.expect("from")
	x := p.expr()
	p.expect(")")
	return &call{at: at(t.start), name: "extract", args: []Expr{&literal{at(part.start), textLiteral, lowerASCII(part.val)}, x}}
}

// position reads POSITION(a IN b).
func (p *parser) position(t token) Expr {
	p.expect("(")
	what := p.exprAbove(bindMatch)
	p.expect("in")
	where := p.expr()
	p.expect(")")
	return &call{at: at(t.start), name: "position", args: []Expr{what, where}}
}

// trim reads TRIM([BOTH | LEADING | TRAILING] [characters] FROM x) and TRIM(x [, characters]).
func (p *parser) trim(t token) Expr {
	p.expect("(")
	name := "btrim"
	switch {
	case p.accept("leading"):
		name = "ltrim"
	case p.accept("trailing"):
		name = "rtrim"
	default:
		p.accept("both")
	}
	c := &call{at: at(t.start), name: name}
	if p.accept("from") {
		c.args = []Expr{p.expr()}
		p.expect(")")
		return c
	}
	first := p.expr()
	switch {
	case p.accept("from"):
		c.args = []Expr{p.expr(), first}
	case p.accept(","):
		c.args = []Expr{first, p.expr()}
	default:
		c.args = []Expr{first}
	}
	p.expect(")")
	return c
}

// substring reads SUBSTRING(x FROM a FOR b) and SUBSTRING(x, a, b).
func (p *parser) substring(t token) Expr {
	if !p.peek().is("(") {
		p.syntax(p.peek())
	}
	p.next()
	c := &call{at: at(t.start), name: "substring", args: []Expr{p.expr()}}
	switch {
	case p.accept("from"):
		c.args = append(c.args, p.expr())
		if p.accept("for") {
			c.args = append(c.args, p.expr())
		}
		p.expect(")")
	case p.accept(","):
		c.args = append(c.args, p.listTo(")")...)
	default:
		p.expect(")")
	}
	return c
}

// convert reads CONVERT(type, x).
func (p *parser) convert(t token) Expr {
	p.expect("(")
	typ := p.typeName()
	p.expect(",")
	x := p.expr()
	p.expect(")")
	return &cast{at(t.start), x, typ}
}
