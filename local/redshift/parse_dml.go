package redshift

// insert reads INSERT INTO t [(columns)] VALUES ... | query | DEFAULT VALUES.
func (p *parser) insert() *insertStatement {
	p.expect("insert", "into")
	n := &insertStatement{target: p.target()}
	if p.peek().Is("(") && !p.queryStarts() {
		n.columns = p.names()
	}
	switch t := p.peek(); {
	case p.accept("default", "values"):
	case t.Is("values"):
		p.next()
		n.rows = p.insertRows()
	case p.queryStarts():
		n.query = p.query()
	default:
		p.syntax(t)
	}
	return n
}

func (p *parser) insertRows() [][]Expr {
	var rows [][]Expr
	for {
		p.expect("(")
		var row []Expr
		for {
			row = append(row, p.exprOrDefault())
			if p.accept(")") {
				break
			}
			p.expect(",")
		}
		if rows = append(rows, row); len(row) != len(rows[0]) {
			p.fail(p.tokens[p.i-1].Start, "VALUES lists must all be the same length")
		}
		if !p.accept(",") {
			return rows
		}
	}
}

// exprOrDefault reads an expression, or nil for DEFAULT.
func (p *parser) exprOrDefault() Expr {
	if p.accept("default") {
		return nil
	}
	return p.expr()
}

func (p *parser) update() *updateStatement {
	p.expect("update")
	n := &updateStatement{target: p.target()}
	n.alias = p.alias().name
	p.expect("set")
	n.set = p.assignments()
	if p.accept("from") {
		n.from = p.tables()
	}
	if p.accept("where") {
		n.where = p.expr()
	}
	return n
}

func (p *parser) assignments() []assignment {
	var list []assignment
	for {
		a := assignment{at: at(p.peek().Start), column: p.name()}
		p.expect("=")
		a.value = p.exprOrDefault()
		list = append(list, a)
		if !p.accept(",") {
			return list
		}
	}
}

func (p *parser) tables() []tableExpr {
	var list []tableExpr
	for {
		list = append(list, p.tableExpr())
		if !p.accept(",") {
			return list
		}
	}
}

// delete reads DELETE [FROM] t [USING ...] [WHERE ...].
func (p *parser) delete() *deleteStatement {
	p.expect("delete")
	p.accept("from")
	n := &deleteStatement{target: p.target()}
	if !p.peek().Is("using") {
		n.alias = p.alias().name
	}
	if p.accept("using") {
		n.using = p.tables()
	}
	if p.accept("where") {
		n.where = p.expr()
	}
	return n
}

// merge reads MERGE INTO t USING s ON condition WHEN MATCHED THEN ... WHEN NOT MATCHED THEN INSERT ...
func (p *parser) merge() *mergeStatement {
	p.expect("merge", "into")
	n := &mergeStatement{target: p.target()}
	if !p.peek().Is("using") {
		n.alias = p.alias().name
	}
	p.expect("using")
	n.source = p.tableExpr()
	p.expect("on")
	n.on = p.expr()
	if n.replace = p.accept("remove", "duplicates"); n.replace {
		return n
	}
	p.expect("when", "matched", "then")
	if p.accept("delete") {
		n.remove = true
	} else {
		p.expect("update", "set")
		n.set = p.assignments()
	}
	p.expect("when", "not", "matched", "then", "insert")
	if p.peek().Is("(") {
		n.columns = p.names()
	}
	p.expect("values", "(")
	n.values = p.listTo(")")
	return n
}
