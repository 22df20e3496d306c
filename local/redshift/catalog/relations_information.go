package catalog

// informationRelations are those of information_schema. The database's name is the session's.
var informationRelations = []relation{
	{name: "information_schema.schemata", view: true, columns: "catalog_name name, schema_name name, schema_owner name, default_character_set_catalog name, default_character_set_schema name, default_character_set_name name, sql_path text", needs: []string{"part.schemas", "part.owner"},
		source: `SELECT redshift_system.main.database() AS catalog_name, name AS schema_name, CASE WHEN oid IN (11, 11000) THEN 'rdsdb' ELSE (SELECT name FROM "part.owner") END AS schema_owner,
			NULL::VARCHAR AS default_character_set_catalog, NULL::VARCHAR AS default_character_set_schema, NULL::VARCHAR AS default_character_set_name, NULL::VARCHAR AS sql_path FROM "part.schemas"`},
	{name: "information_schema.tables", view: true, columns: "table_catalog name, table_schema name, table_name name, table_type text, self_referencing_column_name name, reference_generation text, user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name", needs: []string{"part.tables"},
		source: `SELECT redshift_system.main.database() AS table_catalog, schema_name AS table_schema, name AS table_name, CASE WHEN temporary THEN 'LOCAL TEMPORARY' WHEN kind = 'v' THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type,
			NULL::VARCHAR AS self_referencing_column_name, NULL::VARCHAR AS reference_generation, NULL::VARCHAR AS user_defined_type_catalog, NULL::VARCHAR AS user_defined_type_schema, NULL::VARCHAR AS user_defined_type_name FROM "part.tables"`},
	{name: "information_schema.views", view: true, columns: "table_catalog name, table_schema name, table_name name, view_definition text, check_option text, is_updatable text, is_insertable_into text", needs: []string{"part.tables"},
		source: `SELECT redshift_system.main.database() AS table_catalog, schema_name AS table_schema, name AS table_name, definition AS view_definition, 'NONE' AS check_option, 'NO' AS is_updatable, 'NO' AS is_insertable_into FROM "part.tables" WHERE kind = 'v'`},
	{name: "information_schema.columns", view: true, needs: []string{"part.columns"},
		columns: "table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4, column_default text, is_nullable text, data_type text, character_maximum_length int4, character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type text, interval_precision text, character_set_catalog name, character_set_schema name, character_set_name name, collation_catalog name, collation_schema name, collation_name name, domain_catalog name, domain_schema name, domain_name name, udt_catalog name, udt_schema name, udt_name name, is_self_referencing text, dtd_identifier text",
		source: `SELECT redshift_system.main.database() AS table_catalog, schema_name AS table_schema, table_name, name AS column_name, num::INTEGER AS ordinal_position, fallback AS column_default, CASE WHEN not_null THEN 'NO' ELSE 'YES' END AS is_nullable,
			base AS data_type, CASE WHEN base IN ('character varying', 'character') THEN length END::INTEGER AS character_maximum_length, CASE WHEN base IN ('character varying', 'character') THEN length END::INTEGER AS character_octet_length, ` + numericParts + `,
			CASE WHEN base LIKE 'timestamp%' OR base LIKE 'time%' THEN 6 WHEN base = 'date' THEN 0 END::INTEGER AS datetime_precision, NULL::VARCHAR AS interval_type, NULL::VARCHAR AS interval_precision, NULL::VARCHAR AS character_set_catalog, NULL::VARCHAR AS character_set_schema,
			NULL::VARCHAR AS character_set_name, NULL::VARCHAR AS collation_catalog, NULL::VARCHAR AS collation_schema, NULL::VARCHAR AS collation_name, NULL::VARCHAR AS domain_catalog, NULL::VARCHAR AS domain_schema, NULL::VARCHAR AS domain_name,
			redshift_system.main.database() AS udt_catalog, 'pg_catalog' AS udt_schema, typname AS udt_name, 'NO' AS is_self_referencing, num::VARCHAR AS dtd_identifier FROM "part.columns"`},
	{name: "information_schema.table_constraints", view: true, columns: "constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name, table_name name, constraint_type text, is_deferrable text, initially_deferred text", needs: []string{"part.keys"},
		source: `SELECT redshift_system.main.database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name, redshift_system.main.database() AS table_catalog, schema_name AS table_schema, table_name,
			CASE kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END AS constraint_type, 'NO' AS is_deferrable, 'NO' AS initially_deferred FROM "part.keys"`},
	{name: "information_schema.key_column_usage", view: true, columns: "constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4", needs: []string{"part.keys"},
		source: `SELECT redshift_system.main.database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name, redshift_system.main.database() AS table_catalog, schema_name AS table_schema, table_name,
			unnest(columns) AS column_name, generate_subscripts(columns, 1)::INTEGER AS ordinal_position FROM "part.keys"`},
	{name: "information_schema.constraint_column_usage", view: true, columns: "table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog name, constraint_schema name, constraint_name name", needs: []string{"part.keys"},
		source: `SELECT redshift_system.main.database() AS table_catalog, CASE kind WHEN 'f' THEN other_schema ELSE schema_name END AS table_schema, CASE kind WHEN 'f' THEN other_table ELSE table_name END AS table_name,
			unnest(CASE kind WHEN 'f' THEN other_columns ELSE columns END) AS column_name, redshift_system.main.database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name FROM "part.keys"`},
	{name: "information_schema.referential_constraints", view: true, columns: "constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog name, unique_constraint_schema name, unique_constraint_name name, match_option text, update_rule text, delete_rule text", needs: []string{"part.keys"},
		source: `SELECT redshift_system.main.database() AS constraint_catalog, f.schema_name AS constraint_schema, f.name AS constraint_name, redshift_system.main.database() AS unique_constraint_catalog, p.schema_name AS unique_constraint_schema, p.name AS unique_constraint_name,
			'NONE' AS match_option, 'NO ACTION' AS update_rule, 'NO ACTION' AS delete_rule FROM "part.keys" f LEFT JOIN "part.keys" p ON p.kind = 'p' AND p.schema_name = f.other_schema AND p.table_name = f.other_table WHERE f.kind = 'f'`},
	{name: "information_schema.table_privileges", view: true, columns: "grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type text, is_grantable text, with_hierarchy text", rows: (*Catalog).tablePrivileges},
	{name: "information_schema.role_table_grants", view: true, columns: "grantor name, grantee name, table_catalog name, table_schema name, table_name name, privilege_type text, is_grantable text, with_hierarchy text", rows: (*Catalog).tablePrivileges},
	{name: "information_schema.column_privileges", view: true, columns: columnPrivileges, needs: []string{"information_schema.table_privileges", "part.columns"}, source: columnGrants},
	{name: "information_schema.role_column_grants", view: true, columns: columnPrivileges, needs: []string{"information_schema.table_privileges", "part.columns"}, source: columnGrants},
	{name: "information_schema.view_table_usage", view: true, columns: "view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name", needs: []string{"part.bound"},
		source: `SELECT redshift_system.main.database() AS view_catalog, view_schema, view_name, redshift_system.main.database() AS table_catalog, schema_name AS table_schema, name AS table_name FROM "part.bound"`},
	{name: "information_schema.constraint_table_usage", view: true, columns: "table_catalog name, table_schema name, table_name name, constraint_catalog name, constraint_schema name, constraint_name name", needs: []string{"part.keys"},
		source: `SELECT redshift_system.main.database() AS table_catalog, CASE kind WHEN 'f' THEN other_schema ELSE schema_name END AS table_schema, CASE kind WHEN 'f' THEN other_table ELSE table_name END AS table_name,
			redshift_system.main.database() AS constraint_catalog, schema_name AS constraint_schema, name AS constraint_name FROM "part.keys"`},
	{name: "information_schema.information_schema_catalog_name", view: true, columns: "catalog_name name", rows: func(c *Catalog) [][]any { return [][]any{{c.state.Database}} }},
	// There are no functions, domains, checks and triggers that could be told of.
	{name: "information_schema.routines", view: true, rows: none,
		columns: "specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name, routine_name name, routine_type text, module_catalog name, module_schema name, module_name name, udt_catalog name, udt_schema name, udt_name name, data_type text, character_maximum_length int4, character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name, collation_catalog name, collation_schema name, collation_name name, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type text, interval_precision text, type_udt_catalog name, type_udt_schema name, type_udt_name name, scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier text, routine_body text, routine_definition text, external_name text, external_language text, parameter_style text, is_deterministic text, sql_data_access text, is_null_call text, sql_path text, schema_level_routine text, max_dynamic_result_sets int4, is_user_defined_cast text, is_implicitly_invocable text, security_type text, to_sql_specific_catalog name, to_sql_specific_schema name, to_sql_specific_name name, as_locator text"},
	{name: "information_schema.parameters", view: true, rows: none,
		columns: "specific_catalog name, specific_schema name, specific_name name, ordinal_position int4, parameter_mode text, is_result text, as_locator text, parameter_name name, data_type text, character_maximum_length int4, character_octet_length int4, character_set_catalog name, character_set_schema name, character_set_name name, collation_catalog name, collation_schema name, collation_name name, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type text, interval_precision text, udt_catalog name, udt_schema name, udt_name name, scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier text"},
	{name: "information_schema.routine_privileges", view: true, rows: none, columns: "grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name, routine_name name, privilege_type text, is_grantable text"},
	{name: "information_schema.check_constraints", view: true, rows: none, columns: "constraint_catalog name, constraint_schema name, constraint_name name, check_clause text"},
	{name: "information_schema.domains", view: true, rows: none,
		columns: "domain_catalog name, domain_schema name, domain_name name, data_type text, character_maximum_length int4, character_octet_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, domain_default text, udt_catalog name, udt_schema name, udt_name name, dtd_identifier text"},
	{name: "information_schema.triggers", view: true, rows: none,
		columns: "trigger_catalog name, trigger_schema name, trigger_name name, event_manipulation text, event_object_catalog name, event_object_schema name, event_object_table name, action_order int4, action_condition text, action_statement text, action_orientation text, condition_timing text"},
	{name: "information_schema.applicable_roles", view: true, rows: none, columns: "grantee name, role_name name, is_grantable text"},
	{name: "information_schema.enabled_roles", view: true, columns: "role_name name", rows: func(c *Catalog) [][]any { return [][]any{{c.state.User}} }},
}

// columnPrivileges and columnGrants are the columns and the query of privileges by column: those on a table are on each of its columns.
const (
	columnPrivileges = "grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name name, privilege_type text, is_grantable text"
	columnGrants     = `SELECT p.grantor, p.grantee, p.table_catalog, p.table_schema, p.table_name, c.name AS column_name, p.privilege_type, p.is_grantable
			FROM "information_schema.table_privileges" p JOIN "part.columns" c ON c.schema_name = p.table_schema AND c.table_name = p.table_name WHERE p.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')`
)

// numericParts are precision, radix and scale of numbers.
const numericParts = `CASE base WHEN 'smallint' THEN 16 WHEN 'integer' THEN 32 WHEN 'bigint' THEN 64 WHEN 'real' THEN 24 WHEN 'double precision' THEN 53 WHEN 'numeric' THEN precision END::INTEGER AS numeric_precision,
			CASE WHEN base = 'numeric' THEN 10 WHEN base IN ('smallint', 'integer', 'bigint', 'real', 'double precision') THEN 2 END::INTEGER AS numeric_precision_radix,
			CASE WHEN base = 'numeric' THEN scale WHEN base IN ('smallint', 'integer', 'bigint') THEN 0 END::INTEGER AS numeric_scale`

func (c *Catalog) tablePrivileges() [][]any {
	var all [][]any
	for _, g := range c.state.Grants {
		if g.Table != "" {
			all = append(all, []any{c.state.Admin, g.Who, c.state.Database, g.Schema, g.Table, upper(g.Privilege), "NO", "NO"})
		}
	}
	return all
}
