package redshiftdata

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"airline/local/redshift"
)

// alterStatement is the text of an ALTER TABLE, which Redshift takes for views, too.
func (s *session) alterStatement(ctx context.Context, st *statement) (string, error) {
	text := st.duck()
	if st.verb != "alter" || len(st.writes) == 0 {
		return text, nil
	}
	comment := st.src[:st.tokens[0].Start] // before the statement
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimPrefix(text, comment)), "ALTER TABLE")
	if !ok {
		return text, nil
	}
	n := st.writes[0]
	var views int
	err := s.tx.QueryRowContext(ctx, "SELECT count(*) FROM duckdb_views() WHERE view_name = $name AND schema_name = $schema AND NOT internal",
		sql.Named("name", n.Table), sql.Named("schema", n.Schema)).Scan(&views)
	if err != nil || views == 0 {
		return text, err
	}
	return "ALTER VIEW" + text[len(text)-len(rest):], nil
}

// rebuild carries out a change of a column for which DuckDB has no statement: the table is made anew, with its rows.
func (s *session) rebuild(ctx context.Context, r *redshift.Rebuild) error {
	if r.Table.Schema == "" {
		return fmt.Errorf("ERROR: ALTER TABLE of a temporary table's texts is not modelled here")
	}
	t, err := s.made(ctx, r.Table)
	if err != nil {
		return err
	}
	if r.Altered != nil {
		if err := s.alterable(ctx, t, r); err != nil {
			return err
		}
	}
	var definitions, values []string
	for _, c := range t.columns {
		if c.name == r.Column {
			c.definition = r.Definition
		}
		definitions, values = append(definitions, c.definition), append(values, name{Table: c.name}.Quoted())
	}
	into := strings.Join(values, ", ")
	if r.Altered == nil {
		definitions = append(definitions, r.Definition)
	}
	anew := name{Schema: r.Table.Schema, Table: r.Table.Table + " anew"}
	todo := []string{
		"CREATE TABLE " + anew.Quoted() + " (" + strings.Join(definitions, ", ") + ")",
		"INSERT INTO " + anew.Quoted() + " (" + into + ") SELECT " + into + " FROM " + r.Table.Quoted(),
		"DROP TABLE " + r.Table.Quoted(),
		"ALTER TABLE " + anew.Quoted() + " RENAME TO " + name{Table: r.Table.Table}.Quoted(),
	}
	comment := func(on, what string) {
		if what != "" {
			todo = append(todo, "COMMENT ON "+on+" IS '"+escaped(what)+"'")
		}
	}
	comment("TABLE "+r.Table.Quoted(), t.comment)
	for _, c := range t.columns {
		comment("COLUMN "+r.Table.Quoted()+"."+name{Table: c.name}.Quoted(), c.comment)
	}
	comment("COLUMN "+r.Table.Quoted()+"."+name{Table: r.Column}.Quoted(), r.Comment)
	for _, q := range todo {
		if _, err := s.tx.ExecContext(ctx, q); err != nil {
			return redshift.DuckError(err)
		}
	}
	return nil
}

// escaped is a text as it stands between quotes.
func escaped(s string) string { return strings.ReplaceAll(s, "'", "''") }

// madeTable is a table as it can be made again in DuckDB.
type madeTable struct {
	comment string
	columns []madeColumn
}

type madeColumn struct{ name, definition, comment, fallback string }

// made describes a table.
func (s *session) made(ctx context.Context, n name) (*madeTable, error) {
	rows, err := s.tx.QueryContext(ctx, `SELECT c.column_name, '"' || replace(c.column_name, '"', '""') || '" ' || c.data_type || coalesce(' DEFAULT ' || c.column_default, '') || CASE WHEN c.is_nullable THEN '' ELSE ' NOT NULL' END
			|| coalesce((SELECT string_agg(' ' || k.constraint_text, '') FROM duckdb_constraints() k WHERE k.table_oid = c.table_oid AND k.constraint_type = 'CHECK' AND k.constraint_column_names = [c.column_name]), ''),
			coalesce(c.comment, ''), coalesce(c.column_default, ''), coalesce(t.comment, '')
		FROM duckdb_columns() c JOIN duckdb_tables() t ON t.table_oid = c.table_oid AND t.schema_name = c.schema_name AND t.database_name = c.database_name
		WHERE c.schema_name = $schema AND c.table_name = $name AND c.database_name = current_database() ORDER BY c.column_index`, sql.Named("schema", n.Schema), sql.Named("name", n.Table))
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	defer rows.Close()
	t := &madeTable{}
	for rows.Next() {
		var c madeColumn
		if err := rows.Scan(&c.name, &c.definition, &c.comment, &c.fallback, &t.comment); err != nil {
			return nil, err
		}
		t.columns = append(t.columns, c)
	}
	return t, rows.Err()
}

// alterable refuses a change of a VARCHAR's size that Redshift refuses ("ALTER TABLE", ALTER COLUMN ... TYPE, Database Developer Guide).
func (s *session) alterable(ctx context.Context, t *madeTable, r *redshift.Rebuild) error {
	refuse := func(format string, values ...any) error {
		return fmt.Errorf("ERROR: cannot alter column %q of relation %q%s", r.Column, r.Table.Table, fmt.Sprintf(format, values...))
	}
	if i := slices.IndexFunc(t.columns, func(c madeColumn) bool { return c.name == r.Column }); t.columns[i].fallback != "" {
		return refuse(", column has a default value")
	}
	var known struct {
		Keys []struct {
			Columns []string `json:"columns"`
		} `json:"keys"`
		Columns map[string]struct {
			Encode string `json:"encode"`
		} `json:"columns"`
	}
	if strings.HasPrefix(t.comment, "{") {
		if err := json.Unmarshal([]byte(t.comment), &known); err != nil {
			return fmt.Errorf("the comment on %s: %w", r.Table, err)
		}
	}
	for _, k := range known.Keys {
		if slices.Contains(k.Columns, r.Column) {
			return refuse(", column is part of a constraint")
		}
	}
	switch encoding := strings.ToLower(known.Columns[r.Column].Encode); encoding {
	case "bytedict", "runlength", "text255", "text32k":
		return refuse(" with encode type %q", encoding)
	}
	var longest int
	err := s.tx.QueryRowContext(ctx, "SELECT coalesce(max(strlen("+name{Table: r.Column}.Quoted()+")), 0) FROM "+r.Table.Quoted()).Scan(&longest)
	if err == nil && longest > r.Altered.Length {
		err = refuse(", target column size %d is below the %d bytes of existing data", r.Altered.Length, longest)
	}
	return err
}
