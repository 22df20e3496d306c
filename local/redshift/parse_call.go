package redshift

import "airline/etl"

// callOrSpecial reads the call of a function, whose arguments have a syntax of their own for some; t is the name.
func (p *parser) callOrSpecial(t Token) Expr {
	if err := known(t); err != nil {
		panic(err)
	}
	switch t.Value {
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
func (p *parser) call(t Token) *call {
	c := &call{at: at(t.Start), name: t.Value}
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
		if t := p.peek(); t.Is("order") {
			panic(notModelled(t.Start, "ORDER BY in the arguments of a function"))
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
	if first && datePartArgument[c.name] && t.Kind == word && p.peekAt(1).Is(",") && (etl.Reserved(t.Value) || dateParts[t.Value] != "") {
		p.next()
		return &literal{at(t.Start), textLiteral, t.Value}
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
	if t := p.peek(); t.Is("filter") && p.peekAt(1).Is("(") {
		p.fail(t.Start, "syntax error at or near \"filter\": Redshift has no FILTER clause; write COUNT(CASE WHEN condition THEN 1 END)")
	}
	p.nulls(c)
	if p.peek().Is("over") {
		t := p.next()
		if !p.peek().Is("(") {
			panic(notModelled(t.Start, "OVER a named window"))
		}
		p.next()
		c.over = p.window(t)
	}
}

func (p *parser) window(t Token) *window {
	w := &window{at: at(t.Start)}
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
	case f.Is("rows"):
		p.next()
		w.frame = p.frame()
	case f.Is("range"), f.Is("groups"):
		p.fail(f.Start, "window frames are ROWS in Redshift: %s is not supported", p.src[f.Start:f.End])
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
	case t.Is("unbounded") && p.accept("preceding"):
		return "UNBOUNDED PRECEDING"
	case t.Is("unbounded") && p.accept("following"):
		return "UNBOUNDED FOLLOWING"
	case t.Is("current") && p.accept("row"):
		return "CURRENT ROW"
	case t.Kind == number && allDigits(t.Value) && p.accept("preceding"):
		return t.Value + " PRECEDING"
	case t.Kind == number && allDigits(t.Value) && p.accept("following"):
		return t.Value + " FOLLOWING"
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
func (p *parser) extract(t Token) Expr {
	p.expect("(")
	part := p.next()
	if part.Kind != word && part.Kind != text && part.Kind != quoted {
		p.syntax(part)
	}
	p.expect("from")
	x := p.expr()
	p.expect(")")
	return &call{at: at(t.Start), name: "extract", args: []Expr{&literal{at(part.Start), textLiteral, lowerASCII(part.Value)}, x}}
}

// position reads POSITION(a IN b).
func (p *parser) position(t Token) Expr {
	p.expect("(")
	what := p.exprAbove(bindMatch)
	p.expect("in")
	where := p.expr()
	p.expect(")")
	return &call{at: at(t.Start), name: "position", args: []Expr{what, where}}
}

// trim reads TRIM([BOTH | LEADING | TRAILING] [characters] FROM x) and TRIM(x [, characters]).
func (p *parser) trim(t Token) Expr {
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
	c := &call{at: at(t.Start), name: name}
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
func (p *parser) substring(t Token) Expr {
	if !p.peek().Is("(") {
		p.syntax(p.peek())
	}
	p.next()
	c := &call{at: at(t.Start), name: "substring", args: []Expr{p.expr()}}
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
func (p *parser) convert(t Token) Expr {
	p.expect("(")
	typ := p.typeName()
	p.expect(",")
	x := p.expr()
	p.expect(")")
	return &cast{at(t.Start), x, typ}
}
