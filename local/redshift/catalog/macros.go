package catalog

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// systemDatabase is a database in memory that has what the catalog needs in DuckDB.
const systemDatabase = "redshift_system"

// Install makes the functions of the catalog and the relations whose rows are always the same in a database: macros and tables
// in a database of their own that is in memory. It has to run before DuckDB is told to leave files alone.
func Install(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	statements := []string{"ATTACH IF NOT EXISTS ':memory:' AS " + systemDatabase}
	for _, m := range macros {
		statements = append(statements, "CREATE OR REPLACE MACRO "+systemDatabase+".main."+m)
	}
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("installing the catalog: %w", err)
		}
	}
	c := New(State{})
	for _, r := range c.relations {
		if !r.static {
			continue
		}
		if err := c.keep(ctx, conn, r); err != nil {
			return fmt.Errorf("installing %s: %w", r.name, err)
		}
	}
	return nil
}

// keep makes a table of a relation's rows. They are appended: DuckDB takes ten times as long to read them as text.
func (c *Catalog) keep(ctx context.Context, conn *sql.Conn, r *relation) error {
	var columns []string
	for _, column := range splitColumns(r.columns) {
		columns = append(columns, quoteName(column[0])+" "+duckTypes[column[1]])
	}
	if _, err := conn.ExecContext(ctx, "CREATE OR REPLACE TABLE "+systemDatabase+".main."+quoteName(r.name)+" ("+strings.Join(columns, ", ")+")"); err != nil {
		return err
	}
	rows := r.rows(c)
	return conn.Raw(func(raw any) error {
		c, ok := raw.(driver.Conn)
		if !ok {
			return fmt.Errorf("the database driver's connection is a %T", raw)
		}
		appender, err := duckdb.NewAppender(c, systemDatabase, "main", r.name)
		if err != nil {
			return err
		}
		row := make([]driver.Value, len(columns))
		for _, values := range rows {
			for i, v := range values {
				row[i] = v
			}
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// macros are functions of Redshift's that DuckDB lacks, or has for other numbers. What a session is stands in DuckDB's variables.
var macros = []string{
	"database() AS coalesce(getvariable('redshift_database'), 'dev')",
	"session_name() AS coalesce(getvariable('redshift_user'), 'admin')",
	"backend() AS coalesce(getvariable('redshift_pid'), '0')::INTEGER",
	"nvl(a, b) AS coalesce(a, b)",
	"nvl2(a, b, c) AS CASE WHEN a IS NOT NULL THEN b ELSE c END",
	"len(a) AS length(a)",
	"btrim(a) AS trim(a)",
	"regexp_replace(a, b) AS system.main.regexp_replace(a, b, '', 'g'), (a, b, c) AS system.main.regexp_replace(a, b, c, 'g')",
	"charindex(a, b) AS strpos(b, a)",
	"regexp_substr(a, b) AS regexp_extract(a, b), (a, b, c) AS regexp_extract(substr(a, c), b)",
	"quote_ident(a) AS CASE WHEN regexp_full_match(a, '[a-z_][a-z0-9_$]*') THEN a::VARCHAR ELSE '\"' || replace(a, '\"', '\"\"') || '\"' END",
	"quote_literal(a) AS ('''' || replace(a::VARCHAR, '''', '''''') || '''')::VARCHAR", // of NULL, too, as which a parameter is described
	"pg_get_expr(a, b) AS a, (a, b, c) AS a",
	"pg_function_is_visible(a) AS a IS NOT NULL",
	"pg_type_is_visible(a) AS a IS NOT NULL",
	"format_encoding(a) AS " + encodings + "[a + 1]",
	"pg_encoding_to_char(a) AS CASE a WHEN 6 THEN 'UNICODE' ELSE '' END",
	"pg_get_userbyid(a) AS CASE a WHEN 1 THEN 'rdsdb' WHEN 100 THEN getvariable('redshift_admin') ELSE 'unknown (OID=' || a || ')' END",
	"pg_backend_pid() AS coalesce(getvariable('redshift_pid'), '0')::INTEGER",
	"array_to_string(a, b) AS list_aggregate(a, 'string_agg', b)",
	"array_upper(a, b) AS CASE WHEN b = 1 THEN len(a) END",
	"array_lower(a, b) AS CASE WHEN b = 1 AND len(a) > 0 THEN 1 END",
	"current_schemas(a) AS CASE WHEN a THEN ['pg_catalog', 'public'] ELSE ['public'] END",
	"has_table_privilege(a, b) AS true, (a, b, c) AS true",
	"has_schema_privilege(a, b) AS true, (a, b, c) AS true",
	"has_database_privilege(a, b) AS true, (a, b, c) AS true",
	"format_type(a, m) AS " + formatType(),
	// Outside of FROM it makes rows.
	"generate_series(a, b) AS unnest(system.main.generate_series(a::BIGINT, b::BIGINT)), (a, b, c) AS unnest(system.main.generate_series(a::BIGINT, b::BIGINT, c::BIGINT))",
	"_pg_expandarray(a) AS unnest([{'x': a[i], 'n': i::INTEGER} for i in range(1, len(a) + 1)])",
	"string_to_array(a, b) AS string_split(a, b)",
	"textin(a) AS a::VARCHAR",
	"byteaout(a) AS a::VARCHAR",
	"oidvectortypes(a) AS list_aggregate(list_transform(a, lambda x: redshift_system.main.format_type(x, NULL)), 'string_agg', ', ')",
}

// formatType writes the SQL name of a type by its number and modifier.
func formatType() string {
	var b strings.Builder
	b.WriteString("CASE WHEN a IS NULL THEN NULL")
	for _, t := range types {
		if t.sql == "" {
			continue
		}
		name := quoteText(t.sql)
		switch t.name {
		case "varchar", "bpchar", "varbyte":
			name = fmt.Sprintf("CASE WHEN m > 4 THEN %s || '(' || (m - 4)::VARCHAR || ')' ELSE %[1]s END", name)
		case "numeric":
			name = fmt.Sprintf("CASE WHEN m > 4 THEN %s || '(' || (((m - 4) // 65536)::INTEGER)::VARCHAR || ',' || ((m - 4) %% 65536)::VARCHAR || ')' ELSE %[1]s END", name)
		}
		fmt.Fprintf(&b, " WHEN a = %d THEN %s", t.oid, name)
		if t.array != 0 && t.array != 1009 {
			fmt.Fprintf(&b, " WHEN a = %d THEN %s", t.array, quoteText(t.sql+"[]"))
		}
	}
	b.WriteString(" ELSE '???' END")
	return b.String()
}
