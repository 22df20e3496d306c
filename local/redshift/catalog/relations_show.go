package catalog

// showRelations are what SHOW tells of objects ("SHOW", Database Developer Guide): the columns that the guide prints, in its order, and behind
// them those that a SHOW chooses by. A user who is no superuser is told of what the user owns or may read. Texts of access rights, times of
// changes and the numbers of rules of foreign keys are not kept, and NULL. dist_style is told as in SVV_TABLE_INFO.
var showRelations = []relation{
	{name: "part.show_databases", columns: "database_name name, database_owner int4, database_type text, database_acl text, parameters text, database_isolation_level text", rows: func(c *Catalog) [][]any {
		return [][]any{{c.state.Database, 100, "local", nil, nil, "Serializable"}}
	}},
	{name: "part.show_schemas", needs: []string{"pg_catalog.pg_namespace", "part.super", "part.sees"},
		columns: "database_name name, schema_name name, schema_owner int4, schema_type text, schema_acl text, source_database text, schema_option text",
		source:  schemaView + ` WHERE nspname NOT LIKE 'pg_temp%' AND (` + showsAll + ` OR nspname IN ('pg_catalog', 'information_schema') OR nspname IN (SELECT schema_name FROM "part.sees" WHERE name = ''))`},
	{name: "part.show_tables", needs: []string{"part.tables", "part.path", "part.owners", "part.owner", "part.super", "part.sees"},
		columns: "database_name name, schema_name name, table_name name, table_type text, table_acl text, remarks text, owner name, last_altered_time timestamp, last_modified_time timestamp, dist_style text, table_subtype text, place int8",
		source: `SELECT ` + tableColumns + `, ` + ownerName + ` AS owner, NULL::TIMESTAMP AS last_altered_time, NULL::TIMESTAMP AS last_modified_time, CASE WHEN kind = 'r' AND oid >= 100000 THEN ` + distStyleName + ` END AS dist_style,
			CASE WHEN (attributes->'materialized') IS NOT NULL THEN 'MATERIALIZED VIEW' WHEN kind = 'r' THEN 'REGULAR TABLE' WHEN definition LIKE '% with no schema binding' THEN 'LATE BINDING VIEW' ELSE 'REGULAR VIEW' END AS table_subtype,
			(SELECT p.place FROM "part.path" p WHERE p.name = t.schema_name) AS place FROM "part.tables" t WHERE ` + shows},
	{name: "part.show_columns", needs: []string{"part.columns", "part.tables", "part.super", "part.sees"},
		columns: "database_name name, schema_name name, table_name name, column_name name, ordinal_position int4, column_default text, is_nullable text, data_type text, character_maximum_length int4, numeric_precision int4, numeric_scale int4, remarks text, sort_key_type text, sort_key int4, dist_key int4, encoding text, collation text",
		source: `SELECT redshift_system.main.database() AS database_name, schema_name, table_name, column_name, ordinal_position, column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale,
			remarks, sort_key_type, sort_key, dist_key, encoding, "collation" FROM (SELECT c.schema_name, c.table_name, ` + columnView + `, ` + numericParts + `, t.attributes->'columns'->c.name->>'comment' AS remarks,
			CASE WHEN ` + sortPlace + ` > 0 THEN CASE WHEN t.attributes->>'interleaved' = 'true' THEN 'INTERLEAVED' ELSE 'COMPOUND' END END AS sort_key_type, CASE WHEN c.kind = 'r' THEN ` + sortPlace + ` END AS sort_key,
			CASE WHEN c.kind = 'r' THEN coalesce(t.attributes->>'distkey' = c.name, false)::INTEGER END AS dist_key, CASE WHEN c.kind = 'r' THEN ` + encodingName + ` END AS encoding,
			CASE WHEN c.kind = 'r' AND c.base IN ('character varying', 'character') THEN 'case_sensitive' END AS "collation"
			FROM "part.columns" c JOIN (SELECT oid, attributes FROM "part.tables" t WHERE ` + shows + `) t ON t.oid = c.table_oid)`},
	{name: "part.show_primary_keys", needs: []string{"part.keys", "part.super", "part.sees"},
		columns: "database_name name, schema_name name, table_name name, pk_name name, column_name name, key_seq int4",
		source: `SELECT redshift_system.main.database() AS database_name, schema_name, table_name, pk_name, column_name, key_seq FROM (SELECT schema_name, table_name, table_name AS name, name AS pk_name, unnest(columns) AS column_name,
			generate_subscripts(columns, 1)::INTEGER AS key_seq FROM "part.keys" WHERE kind = 'p') t WHERE ` + shows},
	{name: "part.show_foreign_keys", needs: []string{"part.keys", "part.super", "part.sees"},
		columns: "pk_database_name name, pk_schema_name name, pk_table_name name, pk_column_name name, fk_database_name name, fk_schema_name name, fk_table_name name, fk_column_name name, key_seq int4, fk_name name, pk_name name, update_rule int4, delete_rule int4, deferrability int4",
		source: `SELECT redshift_system.main.database() AS pk_database_name, other_schema AS pk_schema_name, other_table AS pk_table_name, refers[key_seq] AS pk_column_name, redshift_system.main.database() AS fk_database_name,
			schema_name AS fk_schema_name, table_name AS fk_table_name, fk_column_name, key_seq, fk_name, pk_name, NULL::INTEGER AS update_rule, NULL::INTEGER AS delete_rule, NULL::INTEGER AS deferrability
			FROM (SELECT f.schema_name, f.table_name, f.table_name AS name, f.name AS fk_name, f.other_schema, f.other_table, CASE WHEN len(f.other_columns) > 0 THEN f.other_columns ELSE p.columns END AS refers,
				unnest(f.columns) AS fk_column_name, generate_subscripts(f.columns, 1)::INTEGER AS key_seq, p.name AS pk_name
				FROM "part.keys" f LEFT JOIN "part.keys" p ON p.kind <> 'f' AND p.schema_name = f.other_schema AND p.table_name = f.other_table AND CASE WHEN len(f.other_columns) > 0 THEN p.columns = f.other_columns ELSE p.kind = 'p' END
				WHERE f.kind = 'f') t WHERE ` + shows},
	{name: "part.show_grants", columns: "database_name name, schema_name name, object_name name, object_type text, privilege_type text, identity_id int4, identity_name name, identity_type text, admin_option bool, privilege_scope text, grantor_name name", rows: (*Catalog).shownGrants},
	{name: "part.show_column_grants", columns: "database_name name, schema_name name, table_name name, column_name name, object_type text, privilege_type text, identity_id int4, identity_name name, identity_type text, admin_option bool, privilege_scope text, grantor_name name", rows: none},
	{name: "part.show_procedures", columns: "database_name name, schema_name name, procedure_name name, number_of_arguments int4, argument_list text, return_type text, remarks text", rows: func(c *Catalog) (rows [][]any) {
		for _, p := range c.state.Procedures {
			rows = append(rows, []any{c.state.Database, p.Schema, p.Name, len(p.Parameters), p.types(), "", nil})
		}
		return rows
	}},
	{name: "part.show_functions", columns: "database_name name, schema_name name, function_name name, number_of_arguments int4, argument_list text, return_type text, remarks text", rows: none},
	{name: "part.show_parameters", columns: "database_name name, schema_name name, procedure_name name, parameter_name name, ordinal_position int4, parameter_type text, data_type text, character_maximum_length int4, numeric_precision int4, numeric_scale int4", rows: func(c *Catalog) (rows [][]any) {
		for _, p := range c.state.Procedures {
			for i, name := range p.Parameters {
				rows = append(rows, []any{c.state.Database, p.Schema, p.Name, name, i + 1, "IN", procedureType, nil, nil, nil})
			}
		}
		return rows
	}},
	{name: "part.show_procedure", columns: "schema_name name, procedure_name name, definition text", rows: func(c *Catalog) (rows [][]any) {
		for _, p := range c.state.Procedures {
			rows = append(rows, []any{p.Schema, p.Name, p.definition()})
		}
		return rows
	}},
	{name: "part.show_table", needs: []string{"part.columns", "part.tables", "part.path", "part.keys", "part.super", "part.sees"}, columns: "schema_name name, table_name name, place int8, ddl text",
		source: `SELECT schema_name, name AS table_name, (SELECT p.place FROM "part.path" p WHERE p.name = t.schema_name) AS place,
			'CREATE TABLE ' || rs_quote_ident(schema_name) || '.' || rs_quote_ident(name) || ' (' || chr(10) || '    '
				|| (SELECT string_agg(rs_quote_ident(c.name) || ' ' || c.declared || CASE WHEN c.not_null THEN ' NOT NULL' ELSE '' END ||
					CASE WHEN c.fallback LIKE '"identity"(%' THEN ' identity(' || regexp_extract(c.fallback, '''([^'']*)''', 1) || ')' WHEN c.fallback LIKE 'default_identity(%' THEN ' generated by default as identity(' || regexp_extract(c.fallback, '''([^'']*)''', 1) || ')'
						WHEN c.fallback IS NOT NULL THEN ' DEFAULT ' || c.fallback ELSE '' END ||
					CASE WHEN ` + encodingName + ` = 'none' THEN '' ELSE ' ENCODE ' || ` + encodingName + ` END || CASE WHEN c.base IN ('character varying', 'character') THEN ' COLLATE case_sensitive' ELSE '' END ||
					CASE WHEN t.attributes->>'distkey' = c.name THEN ' distkey' ELSE '' END, ',' || chr(10) || '    ' ORDER BY c.num) FROM "part.columns" c WHERE c.table_oid = t.oid)
				|| coalesce((SELECT string_agg(',' || chr(10) || '    ' || CASE kind WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE 'FOREIGN KEY' END || ' (' || columns || ')' ||
					CASE WHEN kind = 'f' THEN ' REFERENCES ' || rs_quote_ident(other_schema) || '.' || rs_quote_ident(other_table) || CASE WHEN others <> '' THEN '(' || others || ')' ELSE '' END ELSE '' END, '' ORDER BY oid)
					FROM (SELECT k.*, array_to_string(list_transform(k.names, lambda x: rs_quote_ident(x)), ', ') AS columns, array_to_string(list_transform(k.other_columns, lambda x: rs_quote_ident(x)), ', ') AS others
						FROM (SELECT * EXCLUDE (columns), columns AS names FROM "part.keys") k) WHERE table_oid = t.oid), '')
				|| chr(10) || ')' || chr(10) || 'DISTSTYLE ' || coalesce(attributes->>'diststyle', 'AUTO')
				|| CASE WHEN (attributes->'sortkey') IS NOT NULL THEN chr(10) || CASE WHEN attributes->>'interleaved' = 'true' THEN 'INTERLEAVED ' ELSE '' END || 'SORTKEY ( ' || array_to_string(list_transform(CAST(attributes->'sortkey' AS VARCHAR[]), lambda x: rs_quote_ident(x)), ', ') || ' )' ELSE '' END
				|| ';' AS ddl FROM "part.tables" t WHERE kind = 'r' AND oid >= 100000 AND ` + shows},
	{name: "part.show_view", needs: []string{"part.tables", "part.path", "part.super", "part.sees"}, columns: "schema_name name, table_name name, place int8, ddl text",
		source: `SELECT schema_name, name AS table_name, (SELECT p.place FROM "part.path" p WHERE p.name = t.schema_name) AS place, rtrim(definition, ';') || ';' AS ddl FROM "part.tables" t WHERE kind = 'v' AND oid >= 100000 AND ` + shows},
	{name: "part.super", columns: "super bool", rows: func(c *Catalog) [][]any { return [][]any{{c.state.Super}} }},
	{name: "part.sees", columns: "schema_name name, name name", rows: func(c *Catalog) (rows [][]any) {
		for _, n := range c.state.Sees {
			rows = append(rows, []any{n[0], n[1]})
		}
		return rows
	}},
}

const (
	showsAll = `(SELECT super FROM "part.super")`
	// shows chooses the relations t that the user may know of.
	shows = `(` + showsAll + ` OR t.schema_name IN ('pg_catalog', 'information_schema', 'pg_temp_1') OR (t.schema_name, t.name) IN (SELECT (schema_name, name) FROM "part.sees"))`

	distStyleName = `CASE coalesce(attributes->>'diststyle', 'AUTO') WHEN 'KEY' THEN 'KEY(' || (attributes->>'distkey') || ')' WHEN 'EVEN' THEN 'EVEN' WHEN 'ALL' THEN 'ALL' ELSE 'AUTO(ALL)' END`
	ownerName     = `CASE WHEN t.oid < 100000 THEN 'rdsdb' ELSE coalesce((SELECT o.owner FROM "part.owners" o WHERE o.schema_name = t.schema_name AND o.name = t.name), (SELECT name FROM "part.owner")) END`
	sortPlace     = `coalesce(list_position(CAST(t.attributes->'sortkey' AS VARCHAR[]), c.name), 0)::INTEGER`
	// encodingName is a column's encoding: the one of CREATE TABLE, or the one that Redshift chooses for the type ("CREATE TABLE", ENCODE).
	encodingName = `coalesce(lower(t.attributes->'columns'->c.name->>'encode'), CASE WHEN ` + sortPlace + ` > 0 THEN 'none' WHEN c.base IN ('character varying', 'character', 'binary varying') THEN 'lzo' WHEN c.base = 'super' THEN 'zstd'
			WHEN c.base IN ('boolean', 'real', 'double precision') THEN 'none' ELSE 'az64' END)`
)

// shownGrants are the rights that were granted to the user, or to a superuser those of everybody. Redshift tells the owner as the grantor of what
// a superuser grants.
func (c *Catalog) shownGrants() (rows [][]any) {
	for _, g := range c.state.Grants {
		name, kind := identity(g.Who)
		if !c.state.Super && !c.state.Mine[g.Who] {
			continue
		}
		object, of, scope := g.Table, "TABLE", "TABLE"
		owner := c.state.Admin
		if g.Table == "" {
			object, of, scope = g.Schema, "SCHEMA", "SCHEMA"
		} else if o, ok := c.state.Owners[[2]string{g.Schema, g.Table}]; ok {
			owner = o
		}
		rows = append(rows, []any{c.state.Database, g.Schema, object, of, upper(g.Privilege), c.userID(name), name, kind, false, scope, owner})
	}
	return rows
}

// Shown is what SHOW tells of a kind of objects ("tables"), as [Catalog.Source] gives a relation.
func (c *Catalog) Shown(kind string) (columns [][2]string, source string, ok bool) {
	r := c.relations["part.show_"+kind]
	if r == nil {
		return nil, "", false
	}
	return splitColumns(r.columns), "(WITH " + c.with([]string{r.name}) + " SELECT * FROM " + quoteName(r.name) + ")", true
}
