package redshiftdata

import "strings"

// drop reads DROP TABLE | VIEW | SCHEMA [IF EXISTS] name [CASCADE | RESTRICT].
func (p *parser) drop() error {
	p.next()
	what := p.next()
	if !what.is("table") && !what.is("view") && !what.is("schema") {
		return refusedAt(what, "DROP %s is not modelled here", strings.ToUpper(what.val))
	}
	p.accept("if", "exists")
	n, err := p.relation()
	if err != nil {
		return err
	}
	if what.is("schema") {
		p.statement.schema = n.table
	} else {
		p.writes = append(p.writes, n)
	}
	if !p.accept("cascade") {
		p.accept("restrict")
	}
	return p.nothingMore()
}

// alter reads ALTER TABLE name RENAME TO name | RENAME COLUMN a TO b | DROP COLUMN a.
func (p *parser) alter() error {
	p.next()
	if !p.accept("table") {
		return refusedAt(p.peek(), "ALTER %s is not modelled here", strings.ToUpper(p.peek().val))
	}
	n, err := p.relation()
	if err != nil {
		return err
	}
	p.writes = append(p.writes, n)
	switch {
	case p.accept("rename", "to"):
		p.next()
	case p.accept("rename", "column"):
		p.next()
		if err := p.expect("to"); err != nil {
			return err
		}
		p.next()
	case p.accept("drop", "column"):
		p.next()
	default:
		return refusedAt(p.peek(), "ALTER TABLE ... %s is not modelled here", strings.ToUpper(p.peek().val))
	}
	return p.nothingMore()
}

// maintenance reads TRUNCATE, LOCK, VACUUM and ANALYZE. The last three have no effect here but on a name that
// does not exist: writers already run one after the other, and nothing needs sorting.
func (p *parser) maintenance() error {
	verb := p.next()
	p.statement.lock = !verb.is("truncate")
	if verb.is("vacuum") {
		for p.accept("full") || p.accept("sort", "only") || p.accept("delete", "only") || p.accept("reindex") || p.accept("recluster") {
		}
	}
	p.accept("table")
	if p.peek().kind == end && (verb.is("vacuum") || verb.is("analyze")) {
		return nil // the whole database
	}
	for {
		n, err := p.relation()
		if err != nil {
			return err
		}
		if verb.is("truncate") {
			p.writes = append(p.writes, n)
		} else {
			p.reads = append(p.reads, n)
		}
		if !verb.is("lock") || !p.accept(",") {
			break
		}
	}
	if verb.is("lock") && p.peek().is("in") { // IN ACCESS EXCLUSIVE MODE, the only mode there is
		for range 4 {
			p.next()
		}
	}
	return p.nothingMore()
}

func (p *parser) nothingMore() error {
	if p.peek().kind != end {
		return syntaxAt(p.peek(), p.src)
	}
	return nil
}
