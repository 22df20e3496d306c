package redshift

// Binding powers of the operators, weakest first, as PostgreSQL 8 has them.
const (
	bindOr = iota + 1
	bindAnd
	bindNot
	bindCompare
	bindMatch // LIKE IN BETWEEN
	bindIs
	bindOther // || & | # ~ << >>
	bindAdd
	bindMultiply
	bindPower
	bindZone
	bindSign
)

var binaryPower = map[string]int{
	"=": bindCompare, "<": bindCompare, ">": bindCompare, "<=": bindCompare, ">=": bindCompare, "<>": bindCompare, "!=": bindCompare,
	"||": bindOther, "&": bindOther, "|": bindOther, "#": bindOther, "<<": bindOther, ">>": bindOther,
	"~": bindOther, "~*": bindOther, "!~": bindOther, "!~*": bindOther,
	"~~": bindOther, "~~*": bindOther, "!~~": bindOther, "!~~*": bindOther,
	"+": bindAdd, "-": bindAdd, "*": bindMultiply, "/": bindMultiply, "%": bindMultiply, "^": bindPower,
}

func (p *parser) expr() Expr { return p.exprAbove(0) }

// exprAbove reads an expression of operators that bind stronger than power.
func (p *parser) exprAbove(power int) Expr {
	p.enter()
	defer p.leave()
	x := p.prefix()
	for {
		t := p.peek()
		var next Expr
		switch t.Kind {
		case punct:
			next = p.operator(x, t, power)
		case word:
			next = p.wordOperator(x, t, power)
		}
		if next == nil {
			return x
		}
		x = next
	}
}

func (p *parser) prefix() Expr {
	t := p.peek()
	switch {
	case t.Is("not"):
		p.next()
		if p.peek().Is("exists") {
			return &unary{at(t.Start), "not", p.prefix()}
		}
		return &unary{at(t.Start), "not", p.exprAbove(bindNot)}
	case t.Is("-"), t.Is("+"):
		p.next()
		return &unary{at(t.Start), t.Value, p.exprAbove(bindSign)}
	case t.Is("~"), t.Is("|/"), t.Is("||/"), t.Is("@"):
		p.next()
		return &unary{at(t.Start), t.Value, p.exprAbove(bindOther)}
	}
	return p.suffixes(p.primary())
}

// suffixes reads casts and subscripts.
func (p *parser) suffixes(x Expr) Expr {
	for {
		t := p.peek()
		switch {
		case t.Is("::"):
			p.next()
			x = &cast{at(t.Start), x, p.typeName()}
		case t.Is("["):
			p.next()
			i := p.expr()
			p.expect("]")
			x = &index{at(t.Start), x, i}
		case t.Is(".") && (p.peekAt(1).Kind == word || p.peekAt(1).Kind == quoted):
			p.next()
			x = &field{at(t.Start), x, p.label()}
		default:
			return x
		}
	}
}

// operator reads a binary operator of punctuation after x, or nothing when it binds too weakly.
func (p *parser) operator(x Expr, t Token, power int) Expr {
	binds := binaryPower[t.Value]
	if binds <= power {
		return nil
	}
	p.next()
	if binds == bindCompare {
		if q := p.peek(); q.Is("any") || q.Is("some") || q.Is("all") {
			return p.quantified(x, t)
		}
	}
	op := t.Value
	if op == "!=" {
		op = "<>"
	}
	return &binaryExpr{at(t.Start), op, x, p.exprAbove(binds)}
}

func (p *parser) quantified(x Expr, op Token) Expr {
	all := p.next().Is("all")
	t := p.peek()
	p.expect("(")
	if !p.queryStarts() {
		panic(notModelled(t.Start, "ANY and ALL of anything but a query"))
	}
	q := p.query()
	p.expect(")")
	name := op.Value
	if name == "!=" {
		name = "<>"
	}
	return &quantified{at(op.Start), name, all, x, q}
}

// wordOperator reads AND, IS, LIKE and the like after x.
func (p *parser) wordOperator(x Expr, t Token, power int) Expr {
	switch t.Value {
	case "or":
		return p.logical(x, t, bindOr, power)
	case "and":
		return p.logical(x, t, bindAnd, power)
	case "is":
		if bindIs > power {
			return p.is(x)
		}
	case "isnull", "notnull":
		if bindIs > power {
			p.next()
			return &is{at(t.Start), x, t.Is("notnull"), "null"}
		}
	case "at":
		if bindZone > power && p.peekAt(1).Is("time") && p.peekAt(2).Is("zone") {
			p.i += 3
			return &atTimeZone{at(t.Start), x, p.exprAbove(bindZone)}
		}
	case "collate":
		panic(notModelled(t.Start, "COLLATE"))
	case "overlaps":
		panic(notModelled(t.Start, "OVERLAPS"))
	case "not", "in", "between", "like", "ilike", "similar":
		if bindMatch > power {
			return p.match(x)
		}
	}
	return nil
}

func (p *parser) logical(x Expr, t Token, binds, power int) Expr {
	if binds <= power {
		return nil
	}
	p.next()
	return &binaryExpr{at(t.Start), t.Value, x, p.exprAbove(binds)}
}

func (p *parser) is(x Expr) Expr {
	t := p.next()
	not := p.accept("not")
	switch w := p.next(); {
	case w.Is("null"), w.Is("true"), w.Is("false"), w.Is("unknown"):
		return &is{at(t.Start), x, not, w.Value}
	default:
		p.syntax(w)
	}
	return nil
}

// match reads [NOT] IN, BETWEEN, LIKE, ILIKE or SIMILAR TO after x.
func (p *parser) match(x Expr) Expr {
	t := p.peek()
	not := p.accept("not")
	switch w := p.next(); {
	case w.Is("in"):
		return p.in(x, at(t.Start), not)
	case w.Is("between"):
		if p.accept("symmetric") {
			panic(notModelled(w.Start, "BETWEEN SYMMETRIC"))
		}
		p.accept("asymmetric")
		low := p.exprAbove(bindMatch)
		p.expect("and")
		return &between{at(t.Start), x, low, p.exprAbove(bindMatch), not}
	case w.Is("like"), w.Is("ilike"), w.Is("similar"):
		if w.Is("similar") {
			p.expect("to")
		}
		l := &like{at: at(t.Start), op: w.Value, x: x, not: not, pattern: p.exprAbove(bindMatch)}
		if p.accept("escape") {
			l.escape = p.exprAbove(bindMatch)
		}
		return l
	default:
		p.syntax(w)
	}
	return nil
}

func (p *parser) in(x Expr, at at, not bool) Expr {
	p.expect("(")
	e := &in{at: at, x: x, not: not}
	if p.queryStarts() {
		e.query = p.query()
		p.expect(")")
	} else {
		e.list = p.listTo(")")
	}
	return e
}

// list reads expressions up to the closing punctuation, at least one.
func (p *parser) listTo(closing string) []Expr {
	var list []Expr
	for {
		list = append(list, p.expr())
		if p.accept(closing) {
			return list
		}
		p.expect(",")
	}
}

// queryStarts reports whether a query comes next, perhaps in more brackets.
func (p *parser) queryStarts() bool {
	n := 0
	for p.peekAt(n).Is("(") {
		n++
	}
	t := p.peekAt(n)
	return t.Is("select") || t.Is("with") || t.Is("values") && n == 0
}
