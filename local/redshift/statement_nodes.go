package redshift

type selectStatement struct{ query *Query }

// insertStatement is INSERT INTO: of rows, where a nil expression is DEFAULT, of a query, or of defaults only.
type insertStatement struct {
	target
	columns []string
	rows    [][]Expr
	query   *Query
}

type updateStatement struct {
	target
	alias string
	set   []assignment
	from  []tableExpr
	where Expr
}

// assignment is column = value; a nil value is DEFAULT.
type assignment struct {
	at
	column string
	value  Expr
}

type deleteStatement struct {
	target
	alias string
	using []tableExpr
	where Expr
}

type mergeStatement struct {
	target
	alias   string
	source  tableExpr
	on      Expr
	set     []assignment
	remove  bool // WHEN MATCHED THEN DELETE
	replace bool // REMOVE DUPLICATES
	columns []string
	values  []Expr
}

// createTable is CREATE TABLE of columns, LIKE another one, or AS a query.
type createTable struct {
	target
	temporary, ifNotExists bool
	columns                []columnDefinition
	like                   *target
	names                  []string // of the columns of CREATE TABLE AS
	attributes             attributes
	query                  *Query
}

type columnDefinition struct {
	at
	name     string
	typ      Type
	notNull  bool
	fallback Expr // DEFAULT
	identity *identity
}

type createView struct {
	target
	replace bool
	columns []string
	query   *Query
	source  string // of the query, as written
	from    int    // where the query begins
	late    bool   // WITH NO SCHEMA BINDING
}
