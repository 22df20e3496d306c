package redshiftdata

import "strings"

// create reads CREATE SCHEMA, USER, ROLE and PROCEDURE.
func (p *parser) create() error {
	p.next() // CREATE
	if p.accept("or", "replace", "procedure") || p.accept("procedure") {
		return p.createProcedure()
	}
	if p.accept("schema") {
		return p.createSchema()
	}
	if p.peek().is("user") || p.peek().is("role") {
		return p.createPrincipal()
	}
	return refusedAt(p.peek(), "CREATE %s is not modelled here", strings.ToUpper(p.src[p.peek().start:p.peek().end]))
}

func (p *parser) createSchema() error {
	exists := p.accept("if", "not", "exists")
	n, err := p.relation()
	if err != nil {
		return err
	}
	if p.accept("authorization") {
		p.next()
	}
	if t := p.peek(); t.kind != end || n.schema != "" {
		return syntaxAt(t, p.src)
	}
	p.statement.schema = n.table
	clause := ""
	if exists {
		clause = "IF NOT EXISTS "
	}
	p.edit(0, p.peek().start, "CREATE SCHEMA %s%s", clause, n.quoted())
	return nil
}
