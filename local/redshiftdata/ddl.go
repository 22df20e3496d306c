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
	switch t := p.peek(); {
	case t.Is("role"):
		return p.createRole()
	case t.Is("user"):
		return p.changeUser(true)
	case t.Is("group"):
		return p.createGroup()
	}
	p.accept("or", "replace")
	what := ""
	if p.accept("external") {
		what = "EXTERNAL "
	}
	return refusedAt(p.peek(), "CREATE %s%s is not modelled here", what, strings.ToUpper(p.src[p.peek().Start:p.peek().End]))
}

func (p *parser) createSchema() error {
	exists := p.accept("if", "not", "exists")
	if t := p.peek(); t.Is("authorization") {
		return refusedAt(t, "CREATE SCHEMA without a name is not modelled here")
	}
	n, err := p.relation()
	if err != nil {
		return err
	}
	if p.accept("authorization") {
		p.next()
	}
	if t := p.peek(); t.Is("quota") {
		return refusedAt(t, "CREATE SCHEMA ... QUOTA is not modelled here")
	}
	if t := p.peek(); t.Kind != end || n.Schema != "" {
		return syntaxAt(t, p.src)
	}
	p.statement.schema = n.Table
	clause := ""
	if exists {
		clause = "IF NOT EXISTS "
	}
	p.edit(0, p.peek().Start, "CREATE SCHEMA %s%s", clause, n.Quoted())
	return nil
}
