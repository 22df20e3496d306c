package redshiftdata

import (
	"fmt"
	"strings"

	"airline/local/redshift"
)

// shownObjects are the words after SHOW that are no parameters.
var shownObjects = set(`table view tables columns schemas databases datashares external model procedure procedures functions function grants policies constraints parameters column
	templates template masking rls identity`)

// shownName is a part of a name in SHOW: what it is, "" of a parameter, and how a query writes it.
type shownName struct{ value, sql string }

// showName reads a part of a name. Drivers give them as parameters of a prepared statement, whose values are texts.
func (p *parser) showName() (shownName, error) {
	switch t := p.next(); t.Kind {
	case word, quoted, text:
		name := strings.ToLower(t.Value)
		return shownName{name, textLiteral(name)}, nil
	case param:
		return shownName{"", "lower(" + p.src[t.Start:t.End] + ")"}, nil
	default:
		return shownName{}, syntaxAt(t, p.src)
	}
}

// showNames reads a name of least to most parts, whose database goes to the SHOW.
func (p *parser) showNames(least, most int) ([]shownName, error) {
	var parts []shownName
	for {
		at := p.peek()
		n, err := p.showName()
		if err != nil {
			return nil, err
		}
		if parts = append(parts, n); len(parts) > most {
			return nil, syntaxAt(at, p.src)
		}
		if !p.accept(".") {
			break
		}
	}
	if len(parts) < least {
		return nil, syntaxAt(p.peek(), p.src)
	}
	if len(parts) == most && most > 1 {
		p.show.database = parts[0].value
		parts = parts[1:]
	}
	return parts, nil
}

// showQuery is the query that answers a SHOW.
type showQuery struct {
	kind, list string
	conditions []string
	order      string
	limit      string
}

func (q *showQuery) where(column string, n shownName) {
	q.conditions = append(q.conditions, column+" = "+n.sql)
}

func (q *showQuery) text() string {
	s := "SELECT " + q.list + ` FROM "show"."` + q.kind + `"`
	if len(q.conditions) > 0 {
		s += " WHERE " + strings.Join(q.conditions, " AND ")
	}
	if q.order != "" {
		s += " ORDER BY " + q.order
	}
	return s + q.limit
}

// showObjects reads a SHOW of objects ("SHOW DATABASES", "SHOW TABLES" and their likes, Database Developer Guide).
func (p *parser) showObjects() error {
	p.next() // SHOW
	p.show = &show{}
	q := &showQuery{}
	what := p.peek()
	var err error
	switch {
	case p.accept("databases"):
		if t := p.peek(); p.accept("from") {
			return refusedAt(t, "SHOW DATABASES FROM DATA CATALOG is not modelled here")
		}
		q.kind, q.list, q.order = "databases", "*", "database_name"
		err = p.showLike(q, "database_name")
	case p.accept("schemas"):
		err = p.showSchemas(q)
	case p.accept("tables", "from", "schema"):
		q.kind, q.order = "tables", "table_name"
		q.list = "database_name, schema_name, table_name, table_type, table_acl, remarks, owner, last_altered_time, last_modified_time, dist_style, table_subtype"
		err = p.showOfSchema(q, "table_name")
	case p.accept("procedures", "from", "schema"):
		q.kind, q.list, q.order = "procedures", "*", "procedure_name"
		err = p.showOfSchema(q, "procedure_name")
	case p.accept("functions", "from", "schema"):
		q.kind, q.list, q.order = "functions", "*", "function_name"
		err = p.showOfSchema(q, "function_name")
	case p.accept("columns", "from", "table"):
		q.kind, q.list, q.order = "columns", "*", "ordinal_position"
		if err = p.showOfTable(q, "schema_name", "table_name"); err == nil {
			err = p.showLike(q, "column_name")
		}
	case p.accept("constraints"):
		err = p.showConstraints(q)
	case p.accept("grants"):
		err = p.showGrants(q)
	case p.accept("column", "grants", "on", "table"):
		q.kind, q.list = "column_grants", "*"
		if err = p.showOfTable(q, "schema_name", "table_name"); err == nil {
			if err = p.showFor(q); err == nil {
				err = p.showLike(q, "column_name")
			}
		}
	case p.accept("parameters", "of", "procedure"), p.accept("parameters", "of", "function"):
		err = p.showParameters(q, p.at(p.i-1).Is("function"))
	case p.accept("procedure"):
		err = p.showProcedure(q)
	case p.accept("table"), p.accept("view"):
		err = p.showDefinition(q, what.Value)
	default:
		return refusedAt(what, "SHOW %s is not modelled here", strings.ToUpper(what.Value))
	}
	if err == nil {
		err = p.nothingMore()
	}
	if err != nil {
		return err
	}
	p.query, err = redshift.Parse(q.text())
	if err == nil {
		p.params = p.query.Params
	}
	return err
}

// showLike reads [LIKE 'pattern'] [LIMIT n].
func (p *parser) showLike(q *showQuery, column string) error {
	if p.accept("like") {
		switch t := p.next(); {
		case t.Kind == text:
			q.conditions = append(q.conditions, column+" LIKE "+textLiteral(t.Value))
		case t.Kind == param, t.Is("null"):
			q.conditions = append(q.conditions, column+" LIKE "+p.src[t.Start:t.End])
		default:
			return syntaxAt(t, p.src)
		}
	}
	return p.showLimit(q)
}

// showLimit reads [LIMIT n], which is at most 10,000.
func (p *parser) showLimit(q *showQuery) error {
	if !p.accept("limit") {
		return nil
	}
	t := p.next()
	if t.Kind != number || strings.Trim(t.Value, "0123456789") != "" {
		return syntaxAt(t, p.src)
	}
	if len(t.Value) > 5 || len(t.Value) == 5 && t.Value > "10000" {
		return &sqlError{code: "22023", message: "LIMIT of SHOW is from 0 to 10000"}
	}
	q.limit = " LIMIT " + t.Value
	return nil
}

func (p *parser) showSchemas(q *showQuery) error {
	q.kind, q.list, q.order = "schemas", "*", "schema_name"
	for _, w := range []string{"from", "database"} {
		if err := p.expect(w); err != nil {
			return err
		}
	}
	n, err := p.showName()
	if err != nil {
		return err
	}
	p.show.database = n.value
	return p.showLike(q, "schema_name")
}

// showOfSchema reads [database.]schema [LIKE 'pattern'] [LIMIT n].
func (p *parser) showOfSchema(q *showQuery, column string) error {
	parts, err := p.showNames(1, 2)
	if err != nil {
		return err
	}
	p.show.schema = parts[0].value
	q.where("schema_name", parts[0])
	return p.showLike(q, column)
}

// showOfTable reads [database.]schema.table.
func (p *parser) showOfTable(q *showQuery, schema, table string) error {
	parts, err := p.showNames(2, 3)
	if err != nil {
		return err
	}
	p.show.schema, p.show.relation = parts[0].value, parts[1].value
	q.where(schema, parts[0])
	q.where(table, parts[1])
	return nil
}

// showConstraints reads PRIMARY KEYS | FOREIGN KEYS [EXPORTED] FROM TABLE table [LIMIT n].
func (p *parser) showConstraints(q *showQuery) error {
	schema, table := "schema_name", "table_name"
	switch {
	case p.accept("primary", "keys"):
		q.kind, q.order = "primary_keys", "pk_name, key_seq"
	case p.accept("foreign", "keys", "exported"):
		q.kind, q.order = "foreign_keys", "fk_schema_name, fk_table_name, fk_name, key_seq"
		schema, table = "pk_schema_name", "pk_table_name"
	case p.accept("foreign", "keys"):
		q.kind, q.order = "foreign_keys", "pk_schema_name, pk_table_name, fk_name, key_seq"
		schema, table = "fk_schema_name", "fk_table_name"
	default:
		return syntaxAt(p.peek(), p.src)
	}
	q.list = "*"
	for _, w := range []string{"from", "table"} {
		if err := p.expect(w); err != nil {
			return err
		}
	}
	if err := p.showOfTable(q, schema, table); err != nil {
		return err
	}
	return p.showLimit(q)
}

// showGrants reads ON TABLE table, ON SCHEMA schema, and FOR of whom.
func (p *parser) showGrants(q *showQuery) error {
	q.kind, q.list, q.order = "grants", "*", "schema_name, object_type, object_name, identity_type, identity_name, privilege_type"
	if !p.accept("on") {
		if !p.peek().Is("for") {
			return syntaxAt(p.peek(), p.src)
		}
		if err := p.showFor(q); err != nil {
			return err
		}
		if p.accept("from", "database") {
			n, err := p.showName()
			if err != nil {
				return err
			}
			p.show.database = n.value
		}
		return p.showLimit(q)
	}
	switch t := p.peek(); {
	case t.Is("database"), t.Is("function"), t.Is("template"):
		return refusedAt(t, "SHOW GRANTS ON %s is not modelled here", strings.ToUpper(t.Value))
	case p.accept("schema"):
		parts, err := p.showNames(1, 2)
		if err != nil {
			return err
		}
		p.show.schema = parts[0].value
		q.where("schema_name", parts[0])
		q.conditions = append(q.conditions, "object_type = 'SCHEMA'")
	default:
		p.accept("table")
		parts, err := p.showNames(1, 3)
		if err != nil {
			return err
		}
		p.showRelation(q, parts, "tables", "object_name")
		q.conditions = append(q.conditions, "object_type = 'TABLE'")
	}
	if err := p.showFor(q); err != nil {
		return err
	}
	return p.showLimit(q)
}

// showRelation chooses one relation, which the search path finds when it has no schema.
func (p *parser) showRelation(q *showQuery, parts []shownName, kind, column string) {
	last := parts[len(parts)-1]
	p.show.relation = last.value
	q.where(column, last)
	if len(parts) > 1 {
		p.show.schema = parts[0].value
		q.where("schema_name", parts[0])
		return
	}
	q.conditions = append(q.conditions, fmt.Sprintf(`schema_name = (SELECT schema_name FROM "show"."%s" WHERE table_name = %s AND place IS NOT NULL ORDER BY place LIMIT 1)`, kind, last.sql))
}

// showFor reads [FOR user | ROLE role | PUBLIC].
func (p *parser) showFor(q *showQuery) error {
	if !p.accept("for") {
		return nil
	}
	kind := "user"
	if p.accept("role") {
		kind = "role"
	} else if p.peek().Is("public") {
		kind = "public"
	}
	n, err := p.showName()
	if err != nil {
		return err
	}
	q.where("identity_name", n)
	q.conditions = append(q.conditions, "identity_type = '"+kind+"'")
	return nil
}

// showParameters reads [database.]schema.name(types) [LIKE 'pattern'].
func (p *parser) showParameters(q *showQuery, ofFunction bool) error {
	q.kind, q.list, q.order = "parameters", "*", "ordinal_position"
	if ofFunction {
		q.list = "database_name, schema_name, procedure_name AS function_name, parameter_name, ordinal_position, parameter_type, data_type, character_maximum_length, numeric_precision, numeric_scale"
		q.conditions = append(q.conditions, "1 = 0") // there are no functions
	}
	if err := p.showOfTable(q, "schema_name", "procedure_name"); err != nil {
		return err
	}
	p.show.relation, p.show.procedure = "", p.show.relation
	p.show.kind = "procedure"
	if ofFunction {
		p.show.kind = "function"
	}
	if err := p.expect("("); err != nil {
		return err
	}
	if err := p.inBrackets(func(token, int) {}); err != nil {
		return err
	}
	return p.showLike(q, "parameter_name")
}

// showProcedure reads [schema.]name [(types)].
func (p *parser) showProcedure(q *showQuery) error {
	q.kind, q.list = "procedure", "definition"
	parts, err := p.showNames(1, 3)
	if err != nil {
		return err
	}
	if len(parts) == 1 {
		parts = append([]shownName{{"public", "'public'"}}, parts...)
	}
	p.show.schema, p.show.procedure, p.show.kind, p.show.title = parts[0].value, parts[1].value, "procedure", "Stored Procedure Definition"
	q.where("schema_name", parts[0])
	q.where("procedure_name", parts[1])
	if p.accept("(") {
		return p.inBrackets(func(token, int) {})
	}
	return nil
}

// showDefinition reads [schema.]name of a table or view.
func (p *parser) showDefinition(q *showQuery, kind string) error {
	q.kind, q.list = kind, "ddl"
	parts, err := p.showNames(1, 3)
	if err != nil {
		return err
	}
	p.show.kind, p.show.title = kind, "Show Table DDL statement"
	if kind == "view" {
		p.show.title = "Show View DDL statement"
	}
	p.showRelation(q, parts, kind, "table_name")
	return nil
}
