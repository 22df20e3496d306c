package catalog

import "strings"

func upper(s string) string { return strings.ToUpper(s) }

// columnView is the part that the views of columns share: their lengths and numbers.
const columnView = `name AS column_name, num::INTEGER AS ordinal_position, fallback AS column_default, CASE WHEN not_null THEN 'NO' ELSE 'YES' END AS is_nullable, base AS data_type,
			CASE WHEN base IN ('character varying', 'character') THEN length END::INTEGER AS character_maximum_length`

// svvRelations are the views of metadata ("SVV metadata views"). What the local warehouse has not, as external schemas and datashares,
// has no rows.
var svvRelations = []relation{
	{name: "pg_catalog.svv_tables", view: true, columns: "table_catalog name, table_schema name, table_name name, table_type text, remarks text", needs: []string{"part.tables"},
		source: `SELECT redshift_system.main.database() AS table_catalog, schema_name AS table_schema, name AS table_name, CASE kind WHEN 'v' THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type, attributes->>'comment' AS remarks FROM "part.tables"`},
	{name: "pg_catalog.svv_columns", view: true, needs: []string{"part.columns"},
		columns: "table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4, column_default text, is_nullable text, data_type text, character_maximum_length int4, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type text, interval_precision text, character_set_catalog text, character_set_schema text, character_set_name text, collation_catalog text, collation_schema text, collation_name text, domain_name text, remarks text",
		source: `SELECT redshift_system.main.database() AS table_catalog, schema_name AS table_schema, table_name, ` + columnView + `, ` + numericParts + `, CASE WHEN base LIKE 'time%' THEN 6 END::INTEGER AS datetime_precision, NULL::VARCHAR AS interval_type,
			NULL::VARCHAR AS interval_precision, NULL::VARCHAR AS character_set_catalog, NULL::VARCHAR AS character_set_schema, NULL::VARCHAR AS character_set_name, NULL::VARCHAR AS collation_catalog, NULL::VARCHAR AS collation_schema, NULL::VARCHAR AS collation_name,
			NULL::VARCHAR AS domain_name, NULL::VARCHAR AS remarks FROM "part.columns"`},
	{name: "pg_catalog.svv_table_info", view: true, needs: []string{"part.tables"},
		columns: "database name, schema name, table_id oid, table name, encoded text, diststyle text, sortkey1 text, max_varchar int4, sortkey1_enc text, sortkey_num int4, size int8, pct_used numeric, empty int8, unsorted numeric, stats_off numeric, tbl_rows numeric, skew_sortkey1 numeric, skew_rows numeric, estimated_visible_rows numeric, risk_event text, vacuum_sort_benefit numeric, create_time timestamp",
		source: `SELECT redshift_system.main.database() AS "database", schema_name AS "schema", oid AS table_id, name AS "table", 'Y, AUTO(ENCODE)' AS encoded,
			` + distStyleName + ` AS diststyle,
			coalesce(CAST(attributes->'sortkey' AS VARCHAR[])[1], 'AUTO(SORTKEY)') AS sortkey1, 0::INTEGER AS max_varchar, NULL::VARCHAR AS sortkey1_enc, coalesce(len(CAST(attributes->'sortkey' AS VARCHAR[])), 0)::INTEGER AS sortkey_num,
			NULL::BIGINT AS size, NULL::DECIMAL(38,2) AS pct_used, NULL::BIGINT AS empty, NULL::DECIMAL(38,2) AS unsorted, NULL::DECIMAL(38,2) AS stats_off, rows::DECIMAL(38,2) AS tbl_rows, NULL::DECIMAL(38,2) AS skew_sortkey1, NULL::DECIMAL(38,2) AS skew_rows,
			rows::DECIMAL(38,2) AS estimated_visible_rows, NULL::VARCHAR AS risk_event, NULL::DECIMAL(38,2) AS vacuum_sort_benefit, NULL::TIMESTAMP AS create_time FROM "part.tables" WHERE kind = 'r' AND oid >= 100000 AND rows > 0`},
	{name: "pg_catalog.svv_all_schemas", view: true, columns: "database_name name, schema_name name, schema_owner int4, schema_type text, schema_acl text, source_database text, schema_option text", needs: []string{"pg_catalog.pg_namespace"},
		source: schemaView},
	{name: "pg_catalog.svv_redshift_schemas", view: true, columns: "database_name name, schema_name name, schema_owner int4, schema_type text, schema_acl text, schema_option text", needs: []string{"pg_catalog.pg_namespace"},
		source: `SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM (` + schemaView + `)`},
	{name: "pg_catalog.svv_all_tables", view: true, columns: "database_name name, schema_name name, table_name name, table_type text, table_acl text, remarks text", needs: []string{"part.tables"},
		source: `SELECT ` + tableColumns + ` FROM "part.tables"`},
	{name: "pg_catalog.svv_redshift_tables", view: true, columns: "database_name name, schema_name name, table_name name, table_type text, table_acl text, remarks text, table_owner name", needs: []string{"part.tables", "part.owner", "part.owners"},
		source: `SELECT ` + tableColumns + `, ` + ownerName + ` AS table_owner FROM "part.tables" t`},
	{name: "pg_catalog.svv_all_columns", view: true, needs: []string{"part.columns"},
		columns: "database_name name, schema_name name, table_name name, column_name name, ordinal_position int4, column_default text, is_nullable text, data_type text, character_maximum_length int4, numeric_precision int4, numeric_scale int4, remarks text",
		source:  `SELECT redshift_system.main.database() AS database_name, * EXCLUDE (numeric_precision_radix) FROM (SELECT schema_name, table_name, ` + columnView + `, ` + numericParts + `, NULL::VARCHAR AS remarks FROM "part.columns")`},
	{name: "pg_catalog.svv_redshift_columns", view: true, needs: []string{"part.columns", "part.tables"},
		columns: "database_name name, schema_name name, table_name name, column_name name, ordinal_position int4, data_type text, column_default text, is_nullable text, encoding text, distkey bool, sortkey int4, column_acl text, remarks text",
		source: `SELECT redshift_system.main.database() AS database_name, c.schema_name, c.table_name, c.name AS column_name, c.num::INTEGER AS ordinal_position, c.declared AS data_type, c.fallback AS column_default, CASE WHEN c.not_null THEN 'NO' ELSE 'YES' END AS is_nullable,
			coalesce(t.attributes->'columns'->c.name->>'encode', '') AS encoding, coalesce(t.attributes->>'distkey' = c.name, false) AS distkey, coalesce(list_position(CAST(t.attributes->'sortkey' AS VARCHAR[]), c.name), 0)::INTEGER AS sortkey,
			NULL::VARCHAR AS column_acl, NULL::VARCHAR AS remarks FROM "part.columns" c JOIN "part.tables" t ON t.oid = c.table_oid`},
	{name: "pg_catalog.svv_redshift_databases", view: true, columns: "database_name name, database_owner int4, database_type text, database_acl text, database_options text, database_isolation_level text", rows: func(c *Catalog) [][]any {
		return [][]any{{c.state.Database, 100, "local", nil, nil, "Serializable"}}
	}},
	{name: "pg_catalog.svv_redshift_functions", view: true, columns: "database_name name, schema_name name, function_name name, function_type text, argument_type text, result_type text", rows: none},
	{name: "pg_catalog.svv_external_schemas", view: true, columns: "esoid oid, eskind int4, schemaname name, esowner int4, databasename text, esoptions text", rows: none},
	{name: "pg_catalog.svv_external_databases", view: true, columns: "eskind int4, databasename text, location text, parameters text", rows: none},
	{name: "pg_catalog.svv_external_tables", view: true, columns: "redshift_database_name name, schemaname name, tablename name, tabletype text, location text, input_format text, output_format text, serialization_lib text, serde_parameters text, compressed int4, parameters text", rows: none},
	{name: "pg_catalog.svv_external_columns", view: true, columns: "redshift_database_name name, schemaname name, tablename name, columnname name, external_type text, columnnum int4, part_key int4, is_nullable text", rows: none},
	{name: "pg_catalog.svv_external_partitions", view: true, columns: "schemaname name, tablename name, values text, location text, input_format text, output_format text, serialization_lib text, serde_parameters text, compressed int4, parameters text", rows: none},
	{name: "pg_catalog.svv_datashares", view: true, columns: "share_id int4, share_name text, share_owner int4, source_database text, consumer_database text, share_type text, createdate timestamp, is_publicaccessible bool, share_acl text, producer_account text, producer_namespace text", rows: none},
	// Whether a base table has changed since the last refresh is not known; a refresh computes all rows anew, which is state 0.
	{name: "pg_catalog.svv_mv_info", view: true, columns: "database_name name, schema_name name, user_name name, name name, is_stale char, state int4, autorewrite char, autorefresh char", needs: []string{"part.tables", "part.owner"},
		source: `SELECT redshift_system.main.database() AS database_name, schema_name, (SELECT name FROM "part.owner") AS user_name, name, NULL::VARCHAR AS is_stale, coalesce(CAST(attributes->'materialized'->>'state' AS INTEGER), 0) AS state, '0' AS autorewrite, '0' AS autorefresh
			FROM "part.tables" WHERE (attributes->'materialized') IS NOT NULL`},
	{name: "pg_catalog.stv_mv_info", view: true, columns: "db_name name, schema name, name name, updated_upto_xid int8, is_stale char, owner_user_name name, state int4, autorefresh char, autorewrite char", needs: []string{"pg_catalog.svv_mv_info"},
		source: `SELECT database_name AS db_name, schema_name AS schema, name, NULL::BIGINT AS updated_upto_xid, is_stale, user_name AS owner_user_name, state, autorefresh, autorewrite FROM "pg_catalog.svv_mv_info"`},
	{name: "pg_catalog.svv_mv_dependency", view: true, columns: "database_name name, schema_name name, name name, dependent_database_name name, dependent_schema_name name, dependent_name name", needs: []string{"part.tables"},
		source: `SELECT redshift_system.main.database() AS database_name, v.schema_name, v.name, redshift_system.main.database() AS dependent_database_name, t.schema_name AS dependent_schema_name, t.name AS dependent_name
			FROM (SELECT *, unnest(CAST((attributes->'materialized'->'bases') AS JSON[])) AS base FROM "part.tables" WHERE (attributes->'materialized') IS NOT NULL) v
			JOIN "part.tables" t ON t.schema_name = (v.base->>'Schema') AND t.name = (v.base->>'Table') WHERE (t.attributes->'materialized') IS NOT NULL`},
	{name: "pg_catalog.svv_user_info", view: true, columns: "user_name name, user_id int4, createdb bool, superuser bool, catalog_update bool, connection_limit text, syslog_access text, last_ddl_ts timestamp, session_timeout int4, external_user_id text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for i, u := range c.state.Users {
			access := "RESTRICTED"
			if u.Super || u.Syslog {
				access = "UNRESTRICTED"
			}
			all = append(all, []any{u.Name, 100 + i, u.Super, u.Super, false, u.limit(), access, nil, 0, nil})
		}
		return all
	}},
	{name: "pg_catalog.svv_column_privileges", view: true, columns: "namespace_name name, relation_name name, column_name name, privilege_type text, identity_id int4, identity_name name, identity_type text", rows: none},
	{name: "pg_catalog.svv_rls_attached_policy", view: true, columns: "relschema name, relname name, relkind text, polname name, grantor name, grantee name, granteekind text, is_pol_on bool, is_rls_on bool, rls_conjunction_type text", rows: none},
	{name: "pg_catalog.svv_attached_masking_policy", view: true, columns: "policy_name name, schema_name name, table_name name, table_type text, grantor name, grantee name, grantee_type text, priority int4, input_columns text, output_columns text", rows: none},
	{name: "pg_catalog.svv_relation_privileges", view: true, columns: "namespace_name name, relation_name name, privilege_type text, identity_id int4, identity_name name, identity_type text, admin_option bool, privilege_scope text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, g := range c.state.Grants {
			if g.Table != "" {
				name, kind := identity(g.Who)
				all = append(all, []any{g.Schema, g.Table, upper(g.Privilege), c.userID(name), name, kind, false, "LEAF"})
			}
		}
		return all
	}},
	{name: "pg_catalog.svv_schema_privileges", view: true, columns: "namespace_name name, privilege_type text, identity_id int4, identity_name name, identity_type text, admin_option bool, privilege_scope text", rows: func(c *Catalog) [][]any {
		var all [][]any
		for _, g := range c.state.Grants {
			if g.Table == "" {
				name, kind := identity(g.Who)
				all = append(all, []any{g.Schema, upper(g.Privilege), c.userID(name), name, kind, false, "SCHEMA"})
			}
		}
		return all
	}},
}

const schemaView = `SELECT redshift_system.main.database() AS database_name, nspname AS schema_name, nspowner AS schema_owner, 'local' AS schema_type, NULL::VARCHAR AS schema_acl, NULL::VARCHAR AS source_database, NULL::VARCHAR AS schema_option FROM "pg_catalog.pg_namespace"`

const tableColumns = `redshift_system.main.database() AS database_name, schema_name, name AS table_name, CASE WHEN kind = 'v' THEN 'VIEW' ELSE 'TABLE' END AS table_type, NULL::VARCHAR AS table_acl, attributes->>'comment' AS remarks`

// identity takes apart who has a privilege.
func identity(who string) (name, kind string) {
	if role, ok := strings.CutPrefix(who, "role "); ok {
		return role, "role"
	}
	if who == "public" {
		return who, "public"
	}
	return who, "user"
}
