package redshiftdata

import "strings"

// drop reads DROP TABLE | VIEW [IF EXISTS] name [, ...] [CASCADE | RESTRICT], and DROP SCHEMA of one.
func (p *parser) drop() error {
	p.next()
	if t := p.peek(); t.Is("user") || t.Is("role") || t.Is("group") {
		return p.dropPrincipals()
	}
	what := p.next()
	if !what.Is("table") && !what.Is("view") && !what.Is("schema") {
		return refusedAt(what, "DROP %s is not modelled here", strings.ToUpper(what.Value))
	}
	one := "; DROP " + strings.ToUpper(what.Value) // DuckDB drops one at a time
	if p.accept("if", "exists") {
		one += " IF EXISTS"
	}
	for {
		if err := p.dropped(what); err != nil {
			return err
		}
		comma := p.peek()
		if !p.accept(",") {
			break
		}
		p.edit(comma.Start, comma.End, "%s", one)
	}
	if p.cascade = p.accept("cascade"); !p.cascade {
		p.accept("restrict")
	}
	return p.nothingMore()
}

// dropped reads one name of a DROP.
func (p *parser) dropped(what token) error {
	if !what.Is("schema") {
		n, err := p.existing()
		p.writes = append(p.writes, n)
		return err
	}
	n, err := p.relation()
	if err != nil {
		return err
	}
	p.statement.schema = n.Table
	switch t := p.peek(); {
	case t.Is(","):
		return refusedAt(t, "DROP SCHEMA of several is not modelled here")
	case t.Is("drop"):
		return refusedAt(t, "DROP SCHEMA ... DROP EXTERNAL DATABASE is not modelled here")
	}
	return nil
}

// alter reads ALTER TABLE name RENAME TO name | RENAME [COLUMN] a TO b | DROP [COLUMN] a [CASCADE | RESTRICT].
func (p *parser) alter() error {
	p.next()
	switch t := p.peek(); {
	case t.Is("user"):
		return p.changeUser(false)
	case t.Is("group"):
		return p.alterGroup()
	}
	if !p.accept("table") {
		return refusedAt(p.peek(), "ALTER %s is not modelled here", strings.ToUpper(p.peek().Value))
	}
	n, err := p.existing()
	if err != nil {
		return err
	}
	if p.accept("owner", "to") {
		t := p.peek()
		p.grant = &grant{table: n, owner: p.identifier()}
		if p.grant.owner == "" {
			return syntaxAt(t, p.src)
		}
		return p.nothingMore()
	}
	p.writes = append(p.writes, n)
	switch {
	case p.accept("rename", "to"):
		if p.renamed, err = p.columnName(); err != nil {
			return err
		}
	case p.accept("rename"):
		p.accept("column")
		if p.column, err = p.columnName(); err != nil {
			return err
		}
		if err := p.expect("to"); err != nil {
			return err
		}
		if p.another, err = p.columnName(); err != nil {
			return err
		}
	case p.peek().Is("drop") && !p.at(p.i+1).Is("constraint"):
		p.next()
		p.accept("column")
		if p.column, err = p.columnName(); err != nil {
			return err
		}
		if p.cascade = p.accept("cascade"); !p.cascade {
			p.accept("restrict")
		}
	default:
		return refusedAt(p.peek(), "ALTER TABLE ... %s is not modelled here", strings.ToUpper(p.peek().Value))
	}
	return p.nothingMore()
}

// columnName reads a new name, or one of a column, and writes it for DuckDB.
func (p *parser) columnName() (string, error) {
	t := p.peek()
	column := p.identifier()
	if column == "" {
		return "", syntaxAt(t, p.src)
	}
	p.edit(t.Start, t.End, "%s", name{Table: column}.Quoted())
	return column, nil
}

// maintenance reads TRUNCATE, LOCK, VACUUM and ANALYZE. The last three have no effect here but on a name that
// does not exist: writers already run one after the other, and nothing needs sorting.
func (p *parser) maintenance() error {
	verb := p.next()
	p.statement.lock = !verb.Is("truncate")
	switch {
	case verb.Is("analyze") && p.peek().Is("compression"):
		return refusedAt(p.peek(), "ANALYZE COMPRESSION is not modelled here")
	case verb.Is("analyze"):
		p.accept("verbose")
	case verb.Is("vacuum"):
		for p.accept("full") || p.accept("sort", "only") || p.accept("delete", "only") || p.accept("reindex") || p.accept("recluster") {
		}
	}
	p.accept("table")
	if p.peek().Kind == end && (verb.Is("vacuum") || verb.Is("analyze")) {
		return nil // the whole database
	}
	for {
		n, err := p.existing()
		if err != nil {
			return err
		}
		if verb.Is("truncate") {
			p.writes = append(p.writes, n)
		} else {
			p.reads = append(p.reads, n)
		}
		if !verb.Is("lock") || !p.accept(",") {
			break
		}
	}
	if err := p.maintenanceOptions(verb); err != nil {
		return err
	}
	if verb.Is("lock") && p.peek().Is("in") { // IN ACCESS EXCLUSIVE MODE, the only mode there is
		for range 4 {
			p.next()
		}
	}
	return p.nothingMore()
}

// maintenanceOptions reads what stands behind the table of VACUUM and ANALYZE: TO n PERCENT and BOOST; columns, PREDICATE COLUMNS and ALL COLUMNS.
func (p *parser) maintenanceOptions(verb token) error {
	switch {
	case verb.Is("vacuum"):
		if p.accept("to") {
			if t := p.next(); t.Kind != number || !p.accept("percent") {
				return syntaxAt(t, p.src)
			}
		}
		p.accept("boost")
	case verb.Is("analyze"):
		if p.accept("(") {
			if _, err := p.identifiers(); err != nil {
				return err
			}
			if err := p.expect(")"); err != nil {
				return err
			}
		}
		if !p.accept("predicate", "columns") {
			p.accept("all", "columns")
		}
	}
	return nil
}

func (p *parser) nothingMore() error {
	if p.peek().Kind != end {
		return syntaxAt(p.peek(), p.src)
	}
	return nil
}
