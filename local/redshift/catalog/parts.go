package catalog

import "strings"

// Numbers of the schemas that every database has.
const (
	catalogOID     = 11
	publicOID      = 2200
	informationOID = 11000
	temporaryOID   = 16500
	databaseOID    = 100001
	// firstOID is added to DuckDB's numbers, first system OID to the places of system relations.
	firstOID       = 100000
	firstSystemOID = 12000
)

// parts are pieces of queries that relations share.
var parts = []relation{
	{name: "part.schemas", source: `SELECT oid + 100000 AS oid, schema_name AS name FROM duckdb_schemas()
		WHERE database_name = current_database() AND schema_name NOT IN ('main', 'public', 'pg_catalog', 'information_schema')
		UNION ALL VALUES (11, 'pg_catalog'), (2200, 'public'), (11000, 'information_schema'), (16500, 'pg_temp_1')`},
	// Tables and views. What DuckDB does not keep of a table is JSON in its comment.
	{name: "part.tables", needs: []string{"part.schemas", "part.system"}, source: `SELECT t.oid, s.oid AS schema_oid, s.name AS schema_name, t.name, t.kind, t.rows, t.definition, t.columns,
			CASE WHEN t.comment LIKE '{%' THEN t.comment END AS attributes, t.temporary
		FROM (SELECT table_oid + 100000 AS oid, CASE WHEN temporary THEN 'pg_temp_1' WHEN schema_name = 'main' THEN 'public' ELSE schema_name END AS schema, table_name AS name,
				CASE WHEN comment LIKE '{"materialized":%' THEN 'v' ELSE 'r' END AS kind, estimated_size AS rows,
				CASE WHEN comment LIKE '{"materialized":%' THEN 'create materialized view ' || table_name || ' as ' || (comment->'materialized'->>'query') || ';' END AS definition,
				column_count AS columns, comment, temporary FROM duckdb_tables() WHERE NOT internal AND database_name <> 'redshift_system'
			UNION ALL SELECT view_oid + 100000, CASE WHEN temporary THEN 'pg_temp_1' WHEN schema_name = 'main' THEN 'public' ELSE schema_name END, view_name, 'v', 0,
				CASE WHEN comment LIKE 'redshift view: %' THEN substr(comment, 16) ELSE sql END, column_count, comment, temporary FROM duckdb_views() WHERE NOT internal AND database_name <> 'redshift_system') t
		JOIN "part.schemas" s ON s.name = t.schema
		UNION ALL SELECT DISTINCT oid, schema_oid, schema_name, name, kind, 0, NULL, NULL::BIGINT, NULL, false FROM "part.system"`},
	// Columns with the types that were declared: in the column's comment where DuckDB has another, in a check where it has no length.
	{name: "part.columns", needs: []string{"part.tables", "part.system"}, source: `SELECT c.*, ` + typeName("declared") + ` AS typname,
			CASE WHEN base IN ('character varying', 'character', 'binary varying') THEN length + 4
				WHEN base = 'numeric' THEN precision * 65536 + scale + 4 ELSE -1 END AS typmod
		FROM (SELECT *, regexp_replace(declared, '\(.*', '') AS base, TRY_CAST(regexp_extract(declared, '\((\d+)', 1) AS INTEGER) AS length,
				TRY_CAST(regexp_extract(declared, '\((\d+)', 1) AS INTEGER) AS precision, coalesce(TRY_CAST(regexp_extract(declared, ',(\d+)', 1) AS INTEGER), 0) AS scale
			FROM (SELECT t.oid AS table_oid, t.schema_oid, t.schema_name, t.name AS table_name, t.kind, d.column_name AS name, d.column_index AS num, NOT d.is_nullable AS not_null,
					CASE WHEN d.column_default LIKE 'nextval(%' THEN CASE WHEN d.column_default LIKE '%default_identity%' THEN 'default_identity' ELSE '"identity"' END
						|| '(' || t.oid || ', ' || (d.column_index - 1) || ', ''' || (t.attributes->'columns'->d.column_name->>'identity') || '''::text)' ELSE replace(replace(d.column_default, 'CAST(''t'' AS BOOLEAN)', 'true'), 'CAST(''f'' AS BOOLEAN)', 'false') END AS fallback,
					CASE WHEN coalesce(d.comment, '') <> '' THEN d.comment
					WHEN d.data_type = 'VARCHAR' THEN 'character varying(' || coalesce((SELECT regexp_extract(k.constraint_text, '<= (\d+)', 1) FROM duckdb_constraints() k
						WHERE k.table_oid = d.table_oid AND k.constraint_type = 'CHECK' AND k.constraint_column_names = [d.column_name] LIMIT 1), '65535') || ')'
					WHEN d.data_type LIKE 'DECIMAL%' THEN 'numeric' || substr(d.data_type, 8)
					ELSE CASE d.data_type WHEN 'TINYINT' THEN 'smallint' WHEN 'SMALLINT' THEN 'smallint' WHEN 'INTEGER' THEN 'integer' WHEN 'BIGINT' THEN 'bigint' WHEN 'HUGEINT' THEN 'numeric(38,0)'
						WHEN 'FLOAT' THEN 'real' WHEN 'DOUBLE' THEN 'double precision' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'DATE' THEN 'date' WHEN 'TIMESTAMP' THEN 'timestamp without time zone'
						WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone' WHEN 'TIME' THEN 'time without time zone' WHEN 'TIME WITH TIME ZONE' THEN 'time with time zone'
						WHEN 'BLOB' THEN 'binary varying(64000)' WHEN 'JSON' THEN 'super' WHEN 'INTERVAL' THEN 'interval' ELSE 'character varying(65535)' END END AS declared
				FROM duckdb_columns() d JOIN "part.tables" t ON t.oid = d.table_oid + 100000 WHERE NOT d.internal
				UNION ALL SELECT oid, schema_oid, schema_name, name, kind, column_name, num, false, NULL, declared FROM "part.system")) c`},
	{name: "part.system", static: true, columns: "oid oid, schema_oid oid, schema_name name, name name, kind char, column_name name, num int2, declared text", rows: (*Catalog).systemColumns},
	{name: "part.bound", columns: "view_schema name, view_name name, schema_name name, name name", rows: func(c *Catalog) (rows [][]any) {
		if c.state.Bound != nil {
			for _, b := range c.state.Bound() {
				rows = append(rows, []any{b.ViewSchema, b.View, b.Schema, b.Table})
			}
		}
		return rows
	}},
	// Keys are in the table's attributes: Redshift does not enforce them.
	{name: "part.keys", needs: []string{"part.tables"}, source: `SELECT t.oid AS table_oid, t.schema_oid, t.schema_name, t.name AS table_name, k->>'name' AS name, k->>'kind' AS kind,
			CAST(k->'columns' AS VARCHAR[]) AS columns, k->>'schema' AS other_schema, k->>'table' AS other_table, CAST(coalesce(k->'references', '[]'::JSON) AS VARCHAR[]) AS other_columns,
			t.oid * 100 + row_number() OVER (PARTITION BY t.oid ORDER BY k->>'name') AS oid
		FROM (SELECT *, unnest(CAST(attributes->'keys' AS JSON[])) AS k FROM "part.tables" WHERE attributes IS NOT NULL) t`},
}

// typeName is a CASE that gives pg_type's name of a declared type.
func typeName(of string) string {
	var b strings.Builder
	b.WriteString("CASE regexp_replace(" + of + ", '\\(.*', '')")
	for _, t := range types {
		if t.sql != "" {
			b.WriteString(" WHEN " + quoteText(t.sql) + " THEN " + quoteText(t.name))
		}
	}
	b.WriteString(" ELSE 'varchar' END")
	return b.String()
}

// sqlTypes are the SQL names of the types that columns of system relations have.
var sqlTypes = map[string]string{
	"oid": "oid", "name": "name", "text": "text", "varchar": "character varying(65535)", "char": `"char"`, "bool": "boolean", "int2": "smallint", "int4": "integer", "int8": "bigint",
	"float4": "real", "float8": "double precision", "numeric": "numeric(38,2)", "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone", "date": "date",
	"text[]": "text[]", "int2[]": "smallint[]", "oid[]": "oid[]",
}

// fixedOIDs are the numbers of PostgreSQL's own relations, which are the same everywhere.
var fixedOIDs = map[string]int{
	"pg_type": 1247, "pg_attribute": 1249, "pg_proc": 1255, "pg_class": 1259, "pg_database": 1262, "pg_am": 2601, "pg_attrdef": 2604, "pg_constraint": 2606, "pg_depend": 2608,
	"pg_description": 2609, "pg_index": 2610, "pg_language": 2612, "pg_namespace": 2615, "pg_rewrite": 2618, "pg_trigger": 2620, "pg_tablespace": 1213, "pg_inherits": 2611,
}

// systemColumns describes the relations of this package in their own terms.
func (c *Catalog) systemColumns() [][]any {
	var all [][]any
	for place, name := range c.systemNames() {
		r := c.relations[name]
		schema, table, _ := strings.Cut(name, ".")
		oid, kind := catalogOID, "v"
		if schema == "information_schema" {
			oid = informationOID
		}
		if !r.view {
			kind = "r"
		}
		for i, column := range splitColumns(r.columns) {
			number := firstSystemOID + place
			if fixed, ok := fixedOIDs[table]; ok {
				number = fixed
			}
			all = append(all, []any{number, oid, schema, table, kind, column[0], i + 1, sqlTypes[column[1]]})
		}
	}
	return all
}

// definitions are texts that functions of the catalog give.
var definitions = []relation{
	{name: "part.constraint_definitions", needs: []string{"part.keys"}, source: `SELECT oid, CASE kind WHEN 'p' THEN 'PRIMARY KEY (' WHEN 'u' THEN 'UNIQUE (' ELSE 'FOREIGN KEY (' END || array_to_string(columns, ', ') || ')' ||
		CASE WHEN kind = 'f' THEN ' REFERENCES ' || CASE WHEN other_schema = 'public' THEN '' ELSE other_schema || '.' END || other_table || '(' || array_to_string(other_columns, ', ') || ')' ELSE '' END AS definition FROM "part.keys"`},
	{name: "part.index_definitions", needs: []string{"part.keys"}, source: `SELECT oid, 'CREATE UNIQUE INDEX ' || name || ' ON ' || schema_name || '.' || table_name || ' USING btree (' || array_to_string(columns, ', ') || ')' AS definition FROM "part.keys" WHERE kind <> 'f'`},
}
