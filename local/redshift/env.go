package redshift

import "time"

// Session is what a statement's meaning depends on beside its text.
type Session struct {
	// Now answers GETDATE, SYSDATE, CURRENT_DATE and the like: the beginning of the transaction.
	Now time.Time
	// Database and User answer CURRENT_DATABASE and CURRENT_USER.
	Database, User string
	// SearchPath are the schemas that relations without one are looked up in, after the temporary tables, and the first of which that
	// there is gets new ones; nil is public.
	SearchPath []string
	// Settings are the parameters that SET has given values, by name.
	Settings map[string]string
	// Catalog knows the relations.
	Catalog Catalog
	// Account is what is known of the session and its account; nil: nothing.
	Account *Account
}

// Catalog knows the relations of a database.
type Catalog interface {
	// Relation describes a table or view; schema is "" for the session's temporary tables. It is nil when there is none.
	Relation(schema, name string) (*Relation, error)
	// HasSchema reports whether there is a schema.
	HasSchema(name string) (bool, error)
}

// Relation is a table or a view.
type Relation struct {
	Name    Name
	Columns []Column
	// Source is what DuckDB reads the rows from: a name, or a query in brackets.
	Source string
	// View is the query of a view in Redshift's SQL; it is read anew wherever the view is used.
	View string
	// Late says that the view is bound to no relations, WITH NO SCHEMA BINDING.
	Late bool
	// Materialized is what is known of a materialized view; nil of others.
	Materialized *materialized
	kept         string // the comment in which a table's attributes are
}

// Column is a column of a relation or of a query's result.
type Column struct {
	Name string
	Type Type
	// NotNull is that of a table's column.
	NotNull bool
	// Identity tells whether the warehouse makes the column's values.
	Identity Identity
}

// path is the search path with its default.
func (s *Session) path() []string {
	if s.SearchPath != nil {
		return s.SearchPath
	}
	return []string{"public"}
}
