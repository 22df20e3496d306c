package redshiftdata

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"airline/local/redshift"
)

// recolumn prepares a change of a table's column: bound views go on reading what they read, by the names that they have for it. A column that
// a view reads is dropped with the view only, and its type is not altered ("ALTER TABLE", Database Developer Guide).
func (s *session) recolumn(ctx context.Context, st *statement) (dropped []name, err error) {
	var c redshift.ColumnChange
	switch {
	case st.translated != nil && st.translated.Column != nil:
		c = *st.translated.Column
	case st.column != "":
		c = redshift.ColumnChange{Table: st.writes[0], From: st.column, To: st.another}
	default:
		return nil, nil
	}
	drops := st.column != "" && c.To == ""
	rel, err := s.relation(c.Table)
	if err != nil || rel == nil {
		return nil, err // DuckDB says that there is none
	}
	if rel.View != "" {
		return nil, &sqlError{code: "42809", message: fmt.Sprintf("%q is a view: columns are those of tables", c.Table.Table)}
	}
	has := func(column string) bool {
		return slices.ContainsFunc(rel.Columns, func(x redshift.Column) bool { return x.Name == column })
	}
	switch {
	case c.From != "" && !has(c.From):
		return nil, &sqlError{code: "42703", message: fmt.Sprintf("column %q of relation %q does not exist", c.From, c.Table.Table)}
	case c.To != "" && has(c.To):
		return nil, &sqlError{code: "42701", message: fmt.Sprintf("column %q of relation %q already exists", c.To, c.Table.Table)}
	case drops && len(rel.Columns) == 1:
		return nil, &sqlError{code: "0A000", message: fmt.Sprintf("cannot drop the last column of table %q", c.Table.Table)}
	case drops:
		if err := s.droppable(ctx, c, st.cascade); err != nil {
			return nil, err
		}
	}
	views, err := s.views(ctx, c.Table)
	if err != nil {
		return nil, err
	}
	var gone []boundView
	for _, v := range views {
		query, ok := redshift.Recolumn(v.query, v.uses, &redshift.Session{Catalog: s.relations, Now: s.begun}, c)
		switch {
		case !ok && drops && st.cascade:
			gone = append(gone, v)
		case !ok && drops:
			return nil, &sqlError{code: "2BP01", message: fmt.Sprintf("cannot drop table %s column %s because other objects depend on it", c.Table, c.From),
				detail: fmt.Sprintf("view %s depends on it. Use DROP ... CASCADE to drop the dependent objects too.", v.name)}
		case !ok && c.From != "" && c.To == "":
			return nil, &sqlError{code: "0A000", message: "cannot alter type of a column used by a view or rule", detail: fmt.Sprintf("view %s depends on column %q", v.name, c.From)}
		case !ok:
			return nil, unknownCommand(fmt.Sprintf("this change of a column that the view %s reads", v.name))
		case query != v.query && (drops || c.To != ""):
			if _, err := s.tx.ExecContext(ctx, redshift.ViewIs(v.name, query)); err != nil {
				return nil, redshift.DuckError(err)
			}
		}
	}
	if dropped, err = s.dropViews(ctx, gone, nil); err != nil || c.From == "" {
		return dropped, err
	}
	return dropped, s.retell(ctx, c, name{})
}

// droppable refuses to drop a column of a key, or the one that rows are distributed by.
func (s *session) droppable(ctx context.Context, c redshift.ColumnChange, cascade bool) error {
	comment, err := s.texts(ctx, "SELECT coalesce(comment, '') FROM duckdb_tables() WHERE schema_name = $schema AND table_name = $name AND NOT internal", sql.Named("schema", c.Table.Schema), sql.Named("name", c.Table.Table))
	if err != nil || len(comment) == 0 {
		return err
	}
	use, err := redshift.UseOfColumn(comment[0], c.From)
	switch {
	case err != nil || use == "" || use == "key" && cascade:
		return err
	case use == "key":
		return &sqlError{code: "2BP01", message: fmt.Sprintf("cannot drop table %s column %s because other objects depend on it", c.Table, c.From),
			detail: "a key has the column. Use DROP ... CASCADE to drop the dependent objects too."}
	}
	return &sqlError{code: "0A000", message: fmt.Sprintf("cannot drop %s column %q", use, c.From)}
}

// retell has the tables' attributes tell of the column, or of the table if that has another name, as it is called now.
func (s *session) retell(ctx context.Context, c redshift.ColumnChange, to name) error {
	rows, err := s.tx.QueryContext(ctx, "SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE NOT internal AND NOT temporary AND comment LIKE '{%' AND database_name = current_database()")
	if err != nil {
		return redshift.DuckError(err)
	}
	defer rows.Close()
	var todo []string
	for rows.Next() {
		var n name
		var comment string
		if err := rows.Scan(&n.Schema, &n.Table, &comment); err != nil {
			return err
		}
		told, err := redshift.Retold(comment, n, c, to)
		if err != nil {
			return err
		}
		if told != comment {
			todo = append(todo, "COMMENT ON TABLE "+n.Quoted()+" IS '"+escaped(told)+"'")
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, q := range todo {
		if _, err := s.tx.ExecContext(ctx, q); err != nil {
			return redshift.DuckError(err)
		}
	}
	return nil
}
