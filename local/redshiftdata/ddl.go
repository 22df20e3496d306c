package redshiftdata

import (
	"slices"
	"strings"
)

// tableDefinition is a CREATE TABLE with a list of columns, or LIKE another table.
type tableDefinition struct {
	table       name
	temporary   bool
	ifNotExists bool
	columns     []columnDefinition
	like        *name
	attributes  attributes
}

// columnDefinition is one column in DuckDB's terms. DuckDB knows no lengths: a VARCHAR(n) becomes a check on the
// number of bytes, which is what Redshift's n counts.
type columnDefinition struct {
	name     string
	typ      string // DuckDB's type
	maxBytes int    // of a VARCHAR or CHAR; 0: not one
	notNull  bool
	fallback string // DEFAULT expression
}

// duck is the CREATE TABLE for DuckDB. Redshift's keys are information for its planner and not enforced,
// so they are not there.
func (d *tableDefinition) duck() string {
	var b strings.Builder
	b.WriteString("CREATE ")
	if d.temporary {
		b.WriteString("TEMP ")
	}
	b.WriteString("TABLE ")
	if d.ifNotExists {
		b.WriteString("IF NOT EXISTS ")
	}
	b.WriteString(d.table.quoted() + " (")
	for i, c := range d.columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(c.duck())
	}
	b.WriteString(")")
	return b.String()
}

func (c columnDefinition) duck() string {
	quoted := name{table: c.name}.quoted()
	s := quoted + " " + c.typ
	if c.fallback != "" {
		s += " DEFAULT " + c.fallback
	}
	if c.notNull {
		s += " NOT NULL"
	}
	if c.maxBytes > 0 {
		s += " CHECK (strlen(" + quoted + ") <= " + itoa(c.maxBytes) + ")"
	}
	return s
}

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
	temporary := p.accept("temp") || p.accept("temporary")
	if !temporary && (p.accept("view") || p.accept("materialized")) {
		return p.createView()
	}
	if !p.accept("table") {
		return refusedAt(p.peek(), "CREATE %s is not modelled here", strings.ToUpper(p.src[p.peek().start:p.peek().end]))
	}
	d := &tableDefinition{temporary: temporary, ifNotExists: p.accept("if", "not", "exists")}
	var err error
	if d.table, err = p.relation(); err != nil {
		return err
	}
	if strings.HasPrefix(d.table.table, "#") {
		d.temporary = true
	}
	p.writes = append(p.writes, d.table)
	if !p.peek().is("(") || p.at(p.i+1).is("select") {
		return p.createTableAs(d)
	}
	p.next()
	p.ddl = d
	for {
		if err := p.tableElement(d); err != nil {
			return err
		}
		if p.accept(")") {
			break
		}
		if err := p.expect(","); err != nil {
			return err
		}
	}
	return p.tableAttributes(&d.attributes)
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

func (p *parser) createView() error {
	if p.at(p.i - 1).is("materialized") {
		return refusedAt(p.at(p.i-1), "CREATE MATERIALIZED VIEW is not modelled here")
	}
	n, err := p.relation()
	if err != nil {
		return err
	}
	p.writes = append(p.writes, n)
	return p.query(p.i)
}

// createTableAs is CREATE TABLE t [attributes] AS query: the attributes are cut out.
func (p *parser) createTableAs(d *tableDefinition) error {
	start := p.peek().start
	for !p.peek().is("as") {
		if p.peek().kind == end {
			return syntaxAt(p.peek(), p.src)
		}
		if err := p.tableAttribute(&d.attributes); err != nil {
			return err
		}
	}
	p.edit(start, p.peek().start, " ")
	return p.query(p.i)
}

func (p *parser) tableAttributes(a *attributes) error {
	for p.peek().kind != end {
		if err := p.tableAttribute(a); err != nil {
			return err
		}
	}
	return nil
}

// tableAttribute reads where and in which order Redshift keeps the rows; here that is only told by the system views.
func (p *parser) tableAttribute(a *attributes) error {
	switch t := p.next(); {
	case t.is("diststyle"):
		a.DistStyle = strings.ToUpper(p.next().val)
		return nil
	case t.is("encode"), t.is("backup"):
		p.next()
		return nil
	case t.is("compound"), t.is("interleaved"):
		return nil
	case t.is("distkey"), t.is("sortkey"):
		if p.accept("auto") {
			return nil
		}
		columns, err := p.columnList()
		if err != nil {
			return err
		}
		if t.is("sortkey") {
			a.SortKey = columns
			return nil
		}
		if len(columns) != 1 {
			return refusedAt(t, "DISTKEY takes one column")
		}
		a.DistKey = columns[0]
		return nil
	default:
		return syntaxAt(t, p.src)
	}
}

func (p *parser) tableElement(d *tableDefinition) error {
	t := p.peek()
	switch {
	case t.is("like"):
		p.next()
		n, err := p.relation()
		if err != nil {
			return err
		}
		if p.accept("including", "defaults") || p.accept("excluding", "defaults") {
			return refusedAt(t, "LIKE ... DEFAULTS is not modelled here")
		}
		d.like = &n
		p.reads = append(p.reads, n)
		return nil
	case t.is("primary"), t.is("unique"), t.is("foreign"), t.is("constraint"):
		return p.constraint(&d.attributes)
	}
	return p.column(d)
}

func (p *parser) column(d *tableDefinition) error {
	t := p.next()
	if t.kind != word && t.kind != quoted {
		return syntaxAt(t, p.src)
	}
	c := columnDefinition{name: strings.ToLower(t.val)}
	if slices.ContainsFunc(d.columns, func(o columnDefinition) bool { return o.name == c.name }) {
		return refusedAt(t, "column %q duplicated", c.name)
	}
	if err := p.columnType(&c); err != nil {
		return err
	}
	for !p.peek().is(",") && !p.peek().is(")") && p.peek().kind != end {
		switch t := p.next(); {
		case t.is("not"):
			if err := p.expect("null"); err != nil {
				return err
			}
			c.notNull = true
		case t.is("null"):
		case t.is("distkey"):
			d.attributes.DistKey = c.name
		case t.is("sortkey"):
			d.attributes.SortKey = []string{c.name}
		case t.is("unique"):
			d.attributes.Keys = append(d.attributes.Keys, tableKey{Kind: "u", Columns: []string{c.name}})
		case t.is("primary"):
			if err := p.expect("key"); err != nil {
				return err
			}
			c.notNull = true // the one part of a key that Redshift enforces
			d.attributes.Keys = append(d.attributes.Keys, tableKey{Kind: "p", Columns: []string{c.name}})
		case t.is("encode"):
			d.attributes.encode(c.name, strings.ToLower(p.next().val))
		case t.is("references"):
			k := tableKey{Kind: "f", Columns: []string{c.name}}
			if err := p.references(&k); err != nil {
				return err
			}
			d.attributes.Keys = append(d.attributes.Keys, k)
		case t.is("default"):
			v := p.next()
			switch {
			case v.is("null"):
			case v.kind == text, v.kind == number, v.is("true"), v.is("false"):
				c.fallback = p.src[v.start:v.end]
			default:
				return refusedAt(v, "DEFAULT is modelled with a constant only, not with %s", p.src[v.start:v.end])
			}
		case t.is("identity"), t.is("generated"), t.is("collate"):
			return refusedAt(t, "%s is not modelled here", strings.ToUpper(t.val))
		default:
			return syntaxAt(t, p.src)
		}
	}
	d.columns = append(d.columns, c)
	return nil
}
