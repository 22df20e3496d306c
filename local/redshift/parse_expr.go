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
		switch t.kind {
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
	case t.is("not"):
		p.next()
		if p.peek().is("exists") {
			return &unary{at(t.start), "not", p.prefix()}
		}
		return &unary{at(t.start), "not", p.exprAbove(bindNot)}
	case t.is("-"), t.is("+"):
		p.next()
		return &unary{at(t.start), t.val, p.exprAbove(bindSign)}
	case t.is("~"), t.is("|/"), t.is("||/"), t.is("@"):
		p.next()
		return &unary{at(t.start), t.val, p.exprAbove(bindOther)}
	}
	return p.suffixes(p.primary())
}

// suffixes reads casts and subscripts.
func (p *parser) suffixes(x Expr) Expr {
	for {
		t := p.peek()
		switch {
		case t.is("::"):
			p.next()
			x = &cast{at(t.start), x, p.typeName()}
		case t.is("["):
			p.next()
			i := p.expr()
			p.expect("]")
			x = &index{at(t.start), x, i}
		case t.is(".") && (p.peekAt(1).kind == word || p.peekAt(1).kind == quoted):
			p.next()
			x = &field{at(t.start), x, p.label()}
		default:
			return x
		}
	}
}

// operator reads a binary operator of punctuation after x, or nothing when it binds too weakly.
func (p *parser) operator(x Expr, t token, power int) Expr {
	binds := binaryPower[t.val]
	if binds <= power {
		return nil
	}
	p.next()
	if binds == bindCompare {
		if q := p.peek(); q.is("any") || q.is("some") || q.is("all") {
			return p.quantified(x, t)
		}
	}
	op := t.val
	if op == "!=" {
		op = "<>"
	}
	return &binaryExpr{at(t.start), op, x, p.exprAbove(binds)}
}

func (p *parser) quantified(x Expr, op token) Expr {
	all := p.next().is("all")
	t := p.peek()
	p.expect("(")
	if !p.queryStarts() {
		panic(notModelled(t.start, "ANY and ALL of anything but a query"))
	}
	q := p.query()
	p.expect(")")
	name := op.val
	if name == "!=" {
		name = "<>"
	}
	return &quantified{at(op.start), name, all, x, q}
}

// wordOperator reads AND, IS, LIKE and the like after x.
func (p *parser) wordOperator(x Expr, t token, power int) Expr {
	switch t.val {
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
			return &is{at(t.start), x, t.is("notnull"), "null"}
		}
	case "at":
		if bindZone > power && p.peekAt(1).is("time") && p.peekAt(2).is("zone") {
			p.i += 3
			return &atTimeZone{at(t.start), x, p.exprAbove(bindZone)}
		}
	case "collate":
		panic(notModelled(t.start, "COLLATE"))
	case "overlaps":
		panic(notModelled(t.start, "OVERLAPS"))
	case "not", "in", "between", "like", "ilike", "similar":
		if bindMatch > power {
			return p.match(x)
		}
	}
	return nil
}

func (p *parser) logical(x Expr, t token, binds, power int) Expr {
	if binds <= power {
		return nil
	}
	p.next()
	return &binaryExpr{at(t.start), t.val, x, p.exprAbove(binds)}
}

func (p *parser) is(x Expr) Expr {
	t := p.next()
	not := p.accept("not")
	switch w := p.next(); {
	case w.is("null"), w.is("true"), w.is("false"), w.is("unknown"):
		return &is{at(t.start), x, not, w.val}
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
	case w.is("in"):
		return p.in(x, at(t.start), not)
	case w.is("between"):
		if p.accept("symmetric") {
			panic(notModelled(w.start, "BETWEEN SYMMETRIC"))
		}
		p.accept("asymmetric")
		low := p.exprAbove(bindMatch)
		p.expect("and")
		return &between{at(t.start), x, low, p.exprAbove(bindMatch), not}
	case w.is("like"), w.is("ilike"), w.is("similar"):
		if w.is("similar") {
			p.expect("to")
		}
		l := &like{at: at(t.start), op: w.val, x: x, not: not, pattern: p.exprAbove(bindMatch)}
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
	for p.peekAt(n).is("(") {
		n++
	}
	t := p.peekAt(n)
	return t.is("select") || t.is("with") || t.is("values") && n == 0
}
