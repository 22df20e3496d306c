package redshift

// Name is a relation's name, folded to lower case.
type Name struct{ Schema, Table string }

func (n Name) String() string {
	if n.Schema == "" {
		return n.Table
	}
	return n.Schema + "." + n.Table
}

// Quoted is the name as DuckDB reads it, whatever characters it has.
func (n Name) Quoted() string {
	if n.Schema == "" {
		return quote(n.Table)
	}
	return quote(n.Schema) + "." + quote(n.Table)
}

// target is a relation that a statement names, and where.
type target struct {
	at
	Name
}

// Statement is one parsed statement.
type Statement struct {
	Source string
	// Verb is the statement's kind in lower case: select, insert, create table, copy ...
	Verb string
	// Params are the names of the :parameters, each once, in order of first use.
	Params []string
	node   any
}

// Limited reports whether the statement is a query with LIMIT, OFFSET or TOP around all of it.
func (s *Statement) Limited() bool {
	q, ok := statementQuery(s)
	if !ok {
		return false
	}
	body, isSelect := q.body.(*selectQuery)
	return q.limit != nil || q.offset != nil || isSelect && body.top != nil
}

// Target is the relation that the statement changes the rows of, as it names it; ok is false for other statements.
func (s *Statement) Target() (n Name, ok bool) {
	switch node := s.node.(type) {
	case *insertStatement:
		return node.Name, true
	case *updateStatement:
		return node.Name, true
	case *deleteStatement:
		return node.Name, true
	case *mergeStatement:
		return node.Name, true
	case *refreshMaterialized:
		return node.Name, true
	}
	return Name{}, false
}

// Temporary is the temporary table that the statement makes, without a schema; ok is false for other statements.
func (s *Statement) Temporary() (table string, ok bool) {
	n, ok := s.node.(*createTable)
	if !ok || !n.temporary {
		return "", false
	}
	return n.Table, true
}
