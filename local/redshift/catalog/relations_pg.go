package catalog

import "strings"

// owner is the number of the administrator, who owns what nobody is known to own.
const owner = "100"

// pgRelations are those of PostgreSQL 8.0's catalog, with what Redshift has added to it. The last columns of pg_class, pg_attribute,
// pg_type and pg_database are later ones of PostgreSQL: without them \d of a psql of today fails.
var pgRelations = []relation{
	{name: "pg_catalog.pg_namespace", columns: "oid oid, nspname name, nspowner int4, nspacl text[]", needs: []string{"part.schemas"},
		source: `SELECT oid, name AS nspname, CASE WHEN name LIKE 'pg\_%' ESCAPE '\' OR name = 'information_schema' THEN 1 ELSE 100 END::INTEGER AS nspowner, NULL::VARCHAR[] AS nspacl FROM "part.schemas"`},
	{name: "pg_catalog.pg_class", needs: []string{"part.tables", "part.keys", "part.owners"},
		columns: "oid oid, relname name, relnamespace oid, reltype oid, relowner int4, relam oid, relfilenode oid, reltablespace oid, relpages int4, reltuples float4, reltoastrelid oid, reltoastidxid oid, relhasindex bool, relisshared bool, relkind char, relnatts int2, relchecks int2, reltriggers int2, relukeys int2, relfkeys int2, relrefs int2, relhasoids bool, relhaspkey bool, relhasrules bool, relhassubclass bool, relacl text[], relhastriggers bool, relpersistence char, reloftype oid, relispartition bool, relrowsecurity bool, relforcerowsecurity bool, reloptions text[], reldiststyle int2",
		source: `SELECT t.oid, t.name AS relname, t.schema_oid AS relnamespace, 0::BIGINT AS reltype, CASE WHEN t.oid < 100000 THEN 1 ELSE coalesce((SELECT o.id FROM "part.owners" o WHERE o.schema_name = t.schema_name AND o.name = t.name), ` + owner + `) END::INTEGER AS relowner, 0::BIGINT AS relam, t.oid AS relfilenode, 0::BIGINT AS reltablespace,
			1::INTEGER AS relpages, t.rows::FLOAT AS reltuples, 0::BIGINT AS reltoastrelid, 0::BIGINT AS reltoastidxid, k.table_oid IS NOT NULL AS relhasindex, false AS relisshared, t.kind AS relkind,
			t.columns::SMALLINT AS relnatts, 0::SMALLINT AS relchecks, 0::SMALLINT AS reltriggers, 0::SMALLINT AS relukeys, 0::SMALLINT AS relfkeys, 0::SMALLINT AS relrefs, false AS relhasoids,
			k.table_oid IS NOT NULL AS relhaspkey, t.kind = 'v' AS relhasrules, false AS relhassubclass, NULL::VARCHAR[] AS relacl,
			false AS relhastriggers, CASE WHEN t.temporary THEN 't' ELSE 'p' END AS relpersistence, 0::BIGINT AS reloftype, false AS relispartition, false AS relrowsecurity, false AS relforcerowsecurity, NULL::VARCHAR[] AS reloptions, ` + distStyle + ` AS reldiststyle
			FROM "part.tables" t LEFT JOIN (SELECT DISTINCT table_oid FROM "part.keys" WHERE kind = 'p') k ON k.table_oid = t.oid
			UNION ALL SELECT oid, name, schema_oid, 0, ` + owner + `, 403, oid, 0, 1, 0, 0, 0, false, false, 'i', len(columns), 0, 0, 0, 0, 0, false, false, false, false, NULL, false, 'p', 0, false, false, false, NULL, 0 FROM "part.keys" WHERE kind IN ('p', 'u')`},
	{name: "pg_catalog.pg_attribute", needs: []string{"part.columns", "part.keys", "pg_catalog.pg_type"},
		columns: "attrelid oid, attname name, atttypid oid, attstattarget int4, attlen int2, attnum int2, attndims int4, attcacheoff int4, atttypmod int4, attbyval bool, attstorage char, attalign char, attnotnull bool, atthasdef bool, attisdropped bool, attislocal bool, attinhcount int4, attisdistkey bool, attispreloaded bool, attsortkeyord int4, attencodingtype int2, attencrypttype int2, attacl text[], attcollation oid, attidentity char, attgenerated char",
		source: `SELECT c.table_oid AS attrelid, c.name AS attname, t.oid AS atttypid, -1::INTEGER AS attstattarget, t.typlen AS attlen, c.num::SMALLINT AS attnum, 0::INTEGER AS attndims, -1::INTEGER AS attcacheoff,
			c.typmod::INTEGER AS atttypmod, t.typlen > 0 AND t.typlen <= 8 AS attbyval, 'p' AS attstorage, 'i' AS attalign, c.not_null AS attnotnull, c.fallback IS NOT NULL AS atthasdef, false AS attisdropped, true AS attislocal,
			0::INTEGER AS attinhcount, coalesce(a.attributes->>'distkey' = c.name, false) AS attisdistkey, false AS attispreloaded,
			coalesce(list_position(CAST(a.attributes->'sortkey' AS VARCHAR[]), c.name), 0)::INTEGER AS attsortkeyord, coalesce(list_position(` + encodings + `, a.attributes->'columns'->c.name->>'encode') - 1, 0)::SMALLINT AS attencodingtype, 0::SMALLINT AS attencrypttype,
			NULL::VARCHAR[] AS attacl, 0::BIGINT AS attcollation, '' AS attidentity, '' AS attgenerated
			FROM "part.columns" c JOIN "pg_catalog.pg_type" t ON t.typname = c.typname LEFT JOIN "part.tables" a ON a.oid = c.table_oid
			UNION ALL SELECT k.oid, c.name, t.oid, -1, t.typlen, k.num, 0, -1, c.typmod, false, 'p', 'i', true, false, false, true, 0, false, false, 0, 0, 0, NULL, 0, '', ''
			FROM (SELECT *, unnest(columns) AS column_name, generate_subscripts(columns, 1)::SMALLINT AS num FROM "part.keys" WHERE kind IN ('p', 'u')) k
			JOIN "part.columns" c ON c.table_oid = k.table_oid AND c.name = k.column_name JOIN "pg_catalog.pg_type" t ON t.typname = c.typname`},
	{name: "pg_catalog.pg_type", static: true, rows: (*Catalog).typeRows,
		columns: "oid oid, typname name, typnamespace oid, typowner int4, typlen int2, typbyval bool, typtype char, typisdefined bool, typdelim char, typrelid oid, typelem oid, typinput text, typoutput text, typreceive text, typsend text, typanalyze text, typalign char, typstorage char, typnotnull bool, typbasetype oid, typtypmod int4, typndims int4, typdefaultbin text, typdefault text, typarray oid, typcollation oid"},
	{name: "pg_catalog.pg_attrdef", columns: "oid oid, adrelid oid, adnum int2, adbin text, adsrc text", needs: []string{"part.columns"},
		source: `SELECT table_oid * 10000 + num AS oid, table_oid AS adrelid, num::SMALLINT AS adnum, fallback AS adbin, fallback AS adsrc FROM "part.columns" WHERE fallback IS NOT NULL`},
	{name: "pg_catalog.pg_constraint", needs: []string{"part.keys", "part.columns", "part.tables"},
		columns: "oid oid, conname name, connamespace oid, contype char, condeferrable bool, condeferred bool, conrelid oid, contypid oid, confrelid oid, confupdtype char, confdeltype char, confmatchtype char, conkey int2[], confkey int2[], conbin text, consrc text, conindid oid",
		source: `SELECT k.oid, k.name AS conname, k.schema_oid AS connamespace, k.kind AS contype, false AS condeferrable, false AS condeferred, k.table_oid AS conrelid, 0::BIGINT AS contypid, coalesce(o.oid, 0) AS confrelid,
			'a' AS confupdtype, 'a' AS confdeltype, 'u' AS confmatchtype, (SELECT list(c.num::SMALLINT ORDER BY list_position(k.columns, c.name)) FROM "part.columns" c WHERE c.table_oid = k.table_oid AND list_contains(k.columns, c.name)) AS conkey,
			CASE WHEN k.kind = 'f' THEN (SELECT list(c.num::SMALLINT ORDER BY list_position(k.other_columns, c.name)) FROM "part.columns" c WHERE c.table_oid = o.oid AND list_contains(k.other_columns, c.name)) END AS confkey, NULL::VARCHAR AS conbin, NULL::VARCHAR AS consrc, CASE WHEN k.kind = 'f' THEN 0 ELSE k.oid END AS conindid
			FROM "part.keys" k LEFT JOIN "part.tables" o ON o.schema_name = k.other_schema AND o.name = k.other_table`},
	{name: "pg_catalog.pg_index", columns: "indexrelid oid, indrelid oid, indkey int2[], indclass oid[], indnatts int2, indisunique bool, indisprimary bool, indisclustered bool, indexprs text, indpred text, indisvalid bool, indisreplident bool", needs: []string{"pg_catalog.pg_constraint"},
		source: `SELECT oid AS indexrelid, conrelid AS indrelid, conkey AS indkey, NULL::BIGINT[] AS indclass, len(conkey)::SMALLINT AS indnatts, true AS indisunique, contype = 'p' AS indisprimary, false AS indisclustered, NULL::VARCHAR AS indexprs,
			NULL::VARCHAR AS indpred, true AS indisvalid, false AS indisreplident FROM "pg_catalog.pg_constraint" WHERE contype IN ('p', 'u')`},
	{name: "pg_catalog.pg_description", columns: "objoid oid, classoid oid, objsubid int4, description text", needs: []string{"part.tables"},
		source: `SELECT oid AS objoid, 1259::BIGINT AS classoid, 0::INTEGER AS objsubid, attributes->>'comment' AS description FROM "part.tables" WHERE attributes->>'comment' IS NOT NULL
			UNION ALL SELECT t.oid, 1259, d.column_index, t.attributes->'columns'->d.column_name->>'comment' FROM "part.tables" t JOIN duckdb_columns() d ON d.table_oid + 100000 = t.oid WHERE t.attributes->'columns'->d.column_name->>'comment' IS NOT NULL`},
	{name: "pg_catalog.pg_database", columns: "oid oid, datname name, datdba int4, encoding int4, datistemplate bool, datallowconn bool, datlastsysoid oid, datvacuumxid int4, datfrozenxid int4, dattablespace oid, datconfig text[], datacl text[], datcollate name, datctype name",
		rows: func(c *Catalog) [][]any {
			return [][]any{{databaseOID, c.state.Database, 100, 6, false, true, 100000, 0, 0, 1663, nil, nil, "C", "C"}}
		}},
	{name: "pg_catalog.pg_user", view: true, columns: "usename name, usesysid int4, usecreatedb bool, usesuper bool, usecatupd bool, passwd text, valuntil timestamp, useconfig text[]", rows: (*Catalog).userRows},
	{name: "pg_catalog.pg_user_info", view: true, columns: "usename name, usesysid int4, usecreatedb bool, usesuper bool, usecatupd bool, passwd text, valuntil timestamp, useconfig text[], useconnlimit text", rows: func(c *Catalog) [][]any {
		all := c.userRows()
		all[0] = append(all[0], nil)
		for i, u := range c.state.Users {
			all[i+1] = append(all[i+1], u.limit())
		}
		return all
	}},
	{name: "pg_catalog.pg_group", columns: "groname name, grosysid int4, grolist oid[]", rows: none},
	{name: "pg_catalog.pg_proc", columns: "oid oid, proname name, pronamespace oid, proowner int4, prolang oid, proisagg bool, prosecdef bool, proisstrict bool, proretset bool, provolatile char, pronargs int2, prorettype oid, proargtypes oid[], proargnames text[], prosrc text, probin text, proacl text[]", rows: none},
	{name: "pg_catalog.pg_proc_info", view: true, columns: "prooid oid, proname name, pronamespace oid, proowner int4, prolang oid, proisagg bool, prosecdef bool, proisstrict bool, proretset bool, provolatile char, pronargs int2, prorettype oid, proargtypes oid[], proargnames text[], proargmodes text[], proallargtypes oid[], prokind char, prosrc text, probin text, proacl text[]", rows: none},
	{name: "pg_catalog.pg_language", columns: "oid oid, lanname name, lanispl bool, lanpltrusted bool, lanplcallfoid oid, lanvalidator oid, lanacl text[]", rows: func(*Catalog) [][]any {
		return [][]any{{12, "internal", false, false, 0, 2246, nil}, {14, "sql", false, true, 0, 2248, nil}, {100125, "plpgsql", true, true, 0, 0, nil}}
	}},
	{name: "pg_catalog.pg_am", columns: "oid oid, amname name", rows: func(*Catalog) [][]any { return [][]any{{403, "btree"}} }},
	{name: "pg_catalog.pg_tablespace", columns: "oid oid, spcname name, spcowner int4, spclocation text, spcacl text[]", rows: func(*Catalog) [][]any { return [][]any{{1663, "pg_default", 1, "", nil}} }},
	{name: "pg_catalog.pg_collation", columns: "oid oid, collname name", rows: none}, // which psql of today looks into
	{name: "pg_catalog.pg_inherits", columns: "inhrelid oid, inhparent oid, inhseqno int4", rows: none},
	{name: "pg_catalog.pg_trigger", columns: "oid oid, tgrelid oid, tgname name, tgisconstraint bool", rows: none},
	// PG_DEPEND tells which key a foreign key refers to, and which relations the rule of a view does.
	{name: "pg_catalog.pg_depend", columns: "classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid, refobjsubid int4, deptype char", needs: []string{"part.keys", "part.tables", "part.bound"},
		source: `SELECT 2606::BIGINT AS classid, f.oid AS objid, 0::INTEGER AS objsubid, 1259::BIGINT AS refclassid, p.oid AS refobjid, 0::INTEGER AS refobjsubid, 'n' AS deptype
			FROM "part.keys" f JOIN "part.keys" p ON p.kind = 'p' AND p.schema_name = f.other_schema AND p.table_name = f.other_table WHERE f.kind = 'f'
			UNION ALL SELECT 2618, v.oid + 500000000, 0, 1259, t.oid, 0, 'n' FROM "part.bound" b JOIN "part.tables" v ON v.schema_name = b.view_schema AND v.name = b.view_name
			JOIN "part.tables" t ON t.schema_name = b.schema_name AND t.name = b.name`},
	{name: "pg_catalog.pg_rewrite", columns: "oid oid, rulename name, ev_class oid, ev_attr int2, ev_type char, is_instead bool, ev_qual text, ev_action text", needs: []string{"part.tables"},
		source: `SELECT oid + 500000000 AS oid, '_RETURN' AS rulename, oid AS ev_class, -1::SMALLINT AS ev_attr, '1' AS ev_type, true AS is_instead, ''::VARCHAR AS ev_qual, definition AS ev_action FROM "part.tables" WHERE kind = 'v' AND oid >= 100000`},
	{name: "pg_catalog.pg_external_schema", columns: "esoid oid, eskind int2, esdbname text, esoptions text", rows: none},
	{name: "pg_catalog.pg_views", view: true, columns: "schemaname name, viewname name, viewowner name, definition text", needs: []string{"part.tables", "part.owner", "part.owners"},
		source: `SELECT schema_name AS schemaname, name AS viewname, ` + ownerName + ` AS viewowner, definition FROM "part.tables" t WHERE kind = 'v'`},
	{name: "pg_catalog.pg_tables", view: true, columns: "schemaname name, tablename name, tableowner name, tablespace name, hasindexes bool, hasrules bool, hastriggers bool", needs: []string{"part.tables", "part.owner", "part.owners"},
		source: `SELECT schema_name AS schemaname, name AS tablename, ` + ownerName + ` AS tableowner, NULL::VARCHAR AS tablespace, false AS hasindexes, false AS hasrules, false AS hastriggers FROM "part.tables" t WHERE kind = 'r'`},
	{name: "pg_catalog.pg_matviews", view: true, columns: "schemaname name, matviewname name, matviewowner name, definition text", rows: none},
	{name: "pg_catalog.pg_indexes", view: true, columns: "schemaname name, tablename name, indexname name, tablespace name, indexdef text", needs: []string{"part.keys"},
		source: `SELECT schema_name AS schemaname, table_name AS tablename, name AS indexname, NULL::VARCHAR AS tablespace, 'CREATE UNIQUE INDEX ' || name || ' ON ' || schema_name || '.' || table_name || ' USING btree (' || array_to_string(columns, ', ') || ')' AS indexdef FROM "part.keys" WHERE kind IN ('p', 'u')`},
	// PG_TABLE_DEF shows the tables of the schemas in the search path.
	{name: "pg_catalog.pg_table_def", view: true, columns: `schemaname name, tablename name, column name, type text, encoding text, distkey bool, sortkey int4, notnull bool`, needs: []string{"part.columns", "part.tables", "part.path"},
		source: `SELECT c.schema_name AS schemaname, c.table_name AS tablename, c.name AS "column", c.declared AS type, coalesce(t.attributes->'columns'->c.name->>'encode', 'none') AS encoding,
			coalesce(t.attributes->>'distkey' = c.name, false) AS distkey, coalesce(list_position(CAST(t.attributes->'sortkey' AS VARCHAR[]), c.name), 0)::INTEGER AS sortkey, c.not_null AS notnull
			FROM "part.columns" c JOIN "part.tables" t ON t.oid = c.table_oid WHERE c.kind = 'r' AND c.schema_name IN (SELECT name FROM "part.path")`},
	{name: "pg_catalog.pg_class_info", view: true, columns: "reloid oid, relname name, relnamespace oid, relowner int4, relkind char, relnatts int2, reltuples float4, reldiststyle int2, releffectivediststyle int2, relcreationtime timestamp", needs: []string{"part.tables"},
		source: `SELECT oid AS reloid, name AS relname, schema_oid AS relnamespace, ` + owner + `::INTEGER AS relowner, kind AS relkind, columns::SMALLINT AS relnatts, rows::FLOAT AS reltuples,
			` + distStyle + ` AS reldiststyle,
			CASE coalesce(attributes->>'diststyle', 'AUTO') WHEN 'EVEN' THEN 0 WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 ELSE 10 END::SMALLINT AS releffectivediststyle, NULL::TIMESTAMP AS relcreationtime FROM "part.tables"`},
	{name: "pg_catalog.pg_settings", view: true, columns: "name name, setting text, category text, short_desc text, context text, vartype text, source text", rows: (*Catalog).settingRows},
	{name: "pg_catalog.pg_stat_activity", view: true, live: true, columns: "datid oid, datname name, procpid int4, usesysid int4, usename name, current_query text, query_start timestamptz", rows: (*Catalog).activityRows},
	{name: "part.path", columns: "name name, place int8", rows: func(c *Catalog) [][]any {
		all := [][]any{{"pg_temp_1", 0}}
		for i, schema := range c.state.Path {
			all = append(all, []any{schema, i + 1})
		}
		return all
	}},
	{name: "part.owner", columns: "name name", rows: func(c *Catalog) [][]any { return [][]any{{c.state.Admin}} }},
	{name: "part.owners", columns: "schema_name name, name name, owner name, id int4", rows: func(c *Catalog) (rows [][]any) {
		for n, owner := range c.state.Owners {
			rows = append(rows, []any{n[0], n[1], owner, c.userID(owner)})
		}
		return rows
	}},
}

// distStyle is the number of a table's distribution style: 9 is AUTO.
const distStyle = `CASE coalesce(attributes->>'diststyle', 'AUTO') WHEN 'EVEN' THEN 0 WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 ELSE 9 END::SMALLINT`

// encodings are those of columns; their places are the numbers in attencodingtype.
const encodings = `['none', 'az64', 'bytedict', 'delta', 'delta32k', 'lzo', 'mostly8', 'mostly16', 'mostly32', 'raw', 'runlength', 'text255', 'text32k', 'zstd']`

func none(*Catalog) [][]any { return nil }

func (c *Catalog) typeRows() [][]any {
	row := func(oid int, name string, size int, letter string, element, array int) []any {
		f := name
		switch name {
		case "date", "time", "timetz", "timestamp", "timestamptz", "interval", "numeric", "array":
			f += "_"
		}
		if element != 0 && strings.HasPrefix(name, "_") {
			f = "array_"
		}
		return []any{oid, name, catalogOID, 1, size, size > 0 && size <= 8, letter, true, ",", 0, element, f + "in", f + "out", f + "recv", f + "send", "-", "i", "p", false, 0, -1, 0, nil, nil, array, 0}
	}
	var all [][]any
	for _, t := range types {
		element := 0
		switch t.name {
		case "int2vector":
			element = 21
		case "oidvector":
			element = 26
		case "_text":
			element = 25
		}
		all = append(all, row(t.oid, t.name, t.size, t.letter, element, t.array))
		if t.array != 0 && t.array != 1009 {
			all = append(all, row(t.array, "_"+t.name, -1, "b", t.oid, 0))
		}
	}
	return all
}

func (c *Catalog) userRows() [][]any {
	all := [][]any{{"rdsdb", 1, true, true, true, "********", nil, nil}}
	for i, u := range c.state.Users {
		all = append(all, []any{u.Name, 100 + i, u.Super, u.Super, false, "********", u.Until, nil})
	}
	return all
}

func (c *Catalog) settingRows() [][]any {
	var all [][]any
	for _, s := range c.state.Settings {
		all = append(all, []any{s[0], s[1], "", "", "user", "string", "session"})
	}
	return all
}

func (c *Catalog) activityRows() [][]any {
	var all [][]any
	for _, s := range c.activity().Sessions {
		query := s.Query
		if query == "" {
			query = "<IDLE>"
		}
		all = append(all, []any{databaseOID, s.Database, s.PID, c.userID(s.User), s.User, query, s.Started})
	}
	return all
}
