// Package redshift is the SQL of Amazon Redshift: a lexer, a parser and a translation to DuckDB's.
//
// A statement is parsed once and translated where it runs, because its meaning depends on the types of the columns that it
// names:
//
//	statement, err := redshift.Parse("select avg(dep_delay), 'a' || null from airlines.daily_flights_fact")
//	t, err := redshift.Translate(statement, &redshift.Session{Now: time.Now(), Catalog: catalog})
//	rows, err := db.QueryContext(ctx, t.SQL) // t.Columns has the names and types that Redshift gives them
//
// A result's values go through [Value] and [Text], and the database must have been handed to [Register], which brings the functions
// of Go that the translation calls.
//
// Meaning is Redshift's, by its Database Developer Guide, or the statement is refused with the construct's name: nothing is
// passed on to DuckDB that this package has not understood. So no statement can name a file, an extension, a setting or another
// database of DuckDB: the functions are those of a table (functions.go), relations are those of a [Catalog], and values and names
// are quoted.
//
// A library for PostgreSQL's grammar does not serve here: Redshift's comes from PostgreSQL 8.0 and has clauses of its own
// (TOP, QUALIFY, APPROXIMATE, PIVOT, navigation into SUPER, DISTKEY, COPY), later ones of PostgreSQL are errors in it,
// and the well kept one (pg_query_go) is PostgreSQL's parser in C, a second compiler run of several minutes.
package redshift
