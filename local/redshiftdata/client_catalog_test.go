package redshiftdata_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"airline/local/redshift/catalog"
)

// TestSystemRelations reads every relation: it has the columns that it says.
func TestSystemRelations(t *testing.T) {
	c := serve(t).connect(t, "")
	do(t, c, "create table t (a int not null, b varchar(10), primary key (a))", "create view v as select a from t", "create user ann password disable", "grant select on public.t to ann")
	relations := catalog.Relations()
	for _, name := range slices.Sorted(maps.Keys(relations)) {
		d, err := c.Prepare(t.Context(), "", "select * from "+name)
		if err == nil {
			_, err = c.PgConn().Exec(t.Context(), "select * from "+name).ReadAll()
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, f := range d.Fields {
			got = append(got, f.Name)
		}
		if !slices.Equal(got, relations[name]) {
			t.Errorf("%s has\n%v, and not\n%v", name, got, relations[name])
		}
	}
	if _, err := c.Exec(t.Context(), "select * from svl_nothing"); !strings.Contains(fmt.Sprint(err), "svl_nothing is not modelled here") {
		t.Errorf("an unknown relation: %v", err)
	}
}

// TestCatalog asks what tools ask.
func TestCatalog(t *testing.T) {
	s := serve(t)
	c := s.connect(t, "")
	for _, q := range []string{
		"create schema s",
		"create table t (a int not null primary key, b varchar(10) encode lzo, c decimal(10,2) default 5, d timestamp) diststyle key distkey(a) compound sortkey(b, a)",
		"create table s.u (x bigint, y date, constraint to_t foreign key (x) references public.t(a), unique (y))",
		"create view s.v as select a from public.t",
		"create temp table tmp (z int)",
		"insert into t values (1, 'x', 2, null)",
	} {
		if got := do(t, c, q); strings.Contains(got, " ") && !strings.HasPrefix(got, "CREATE") && !strings.HasPrefix(got, "INSERT") {
			t.Fatalf("%s: %s", q, got)
		}
	}
	for _, q := range []struct{ sql, want string }{
		{"select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1", "[[public] [s]]"},
		{"select generate_series(1, 3) - 1 as pos order by 1", "[[0] [1] [2]]"},
		{"select result.attname, (result.keys).n from (select a.attname, a.attnum, information_schema._pg_expandarray(i.indkey) as keys from pg_catalog.pg_class c join pg_catalog.pg_attribute a on c.oid = a.attrelid join pg_catalog.pg_index i on c.oid = i.indrelid where c.relname = 't' and i.indisprimary) result where result.attnum = (result.keys).x",
			"[[a 1]]"},
		{"select setting from pg_settings where name = 'max_index_keys'", "[[32]]"},
		{"select datname as name, datcollate as collate, pg_catalog.array_to_string(datacl, e'\\n') from pg_database where datname = 'dev'", "[[dev C ]]"},
		{"select proname, pg_catalog.oidvectortypes(proargtypes), (string_to_array(textin(byteaout(probin)), ','))[1] from pg_proc", "SELECT"},
		{"select (string_to_array('a,b', ','))[2] from pg_class where relname = 't'", "[[b]]"},
		{"select u.usename from pg_user u where array(select g.groname from pg_group g where u.usesysid = any(g.grolist)) is not null and usename = 'admin'", "[[admin]]"},
		{"select relname, relkind from pg_class where oid >= 100000 and relkind in ('r', 'v') order by 1", "[[t r] [tmp r] [u r] [v v]]"},
		{"select attname, format_type(atttypid, atttypmod), attnotnull, attisdistkey, attsortkeyord from pg_attribute where attrelid = 'public.t'::regclass order by attnum",
			"[[a integer t t 2] [b character varying(10) f f 1] [c numeric(10,2) f f 0] [d timestamp without time zone f f 0]]"},
		{"select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 't'::regclass", "[[5]]"},
		{"select conname, contype, conkey, pg_get_constraintdef(oid) from pg_constraint order by 1", "[[t_pkey p {1} PRIMARY KEY (a)] [to_t f {1} FOREIGN KEY (x) REFERENCES t(a)] [u_y_key u {2} UNIQUE (y)]]"},
		{"select table_schema, table_name, table_type from information_schema.tables where table_schema in ('public', 's') order by 2", "[[public t BASE TABLE] [s u BASE TABLE] [s v VIEW]]"},
		{"select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable from information_schema.columns where table_name = 't' order by ordinal_position",
			"[[a integer  32 0 NO] [b character varying 10   YES] [c numeric  10 2 YES] [d timestamp without time zone    YES]]"},
		{"select \"column\", type, encoding, distkey, sortkey, \"notnull\" from pg_table_def where tablename = 't' order by 1", "[[a integer none t 2 t] [b character varying(10) lzo f 1 f] [c numeric(10,2) none f 0 f] [d timestamp without time zone none f 0 f]]"},
		{"select \"table\", diststyle, sortkey1, sortkey_num from svv_table_info", "[[t KEY(a) b 2]]"},
		{"select table_schem, table_name from (select table_schema as table_schem, table_name from svv_tables) where table_schem like 'publ%'", "[[public t]]"},
		{"select database_name, schema_name, table_name from svv_all_tables where schema_name = 's' order by 3", "[[dev s u] [dev s v]]"},
		{"select schemaname, viewname from pg_views where schemaname = 's'", "[[s v]]"},
		{"select usename, usesuper from pg_user order by usesysid", "[[rdsdb t] [admin t]]"},
		{"select ordinal_position, column_name from information_schema.key_column_usage where constraint_name = 'to_t'", "[[1 x]]"},
		{"select user_name, db_name from stv_sessions", "[[admin dev]]"},
		{"select current_database(), current_user, current_schema(), version() like 'PostgreSQL 8.0.2%' from pg_am", "[[dev admin public t]]"},
		{"select n.nspname, c.relname from pg_namespace n, pg_class c left join pg_description d on (c.oid = d.objoid) where n.oid = c.relnamespace and c.relname = 'u'", "[[s u]]"},
		{"select count(*) > 0 from pg_catalog.pg_type where oid = 'integer'::regtype", "[[t]]"},
		{"select status, query_type from sys_query_history where query_text like 'insert into t%'", "[[success INSERT]]"},
		{"select relname from pg_class where pg_table_is_visible(oid) and oid >= 100000 and relkind = 'r' order by 1", "[[t] [tmp]]"},
		{"select trim(trailing 'v' from viewname) from pg_views where schemaname = 's'", "[[]]"},
		{"select t.a, c.relname from t, pg_class c where c.relname = 't'", "[[1 t]]"},
		{"select nvl(tablename, 'x'), datediff(day, getdate(), sysdate) from pg_tables where schemaname = 's'", "[[u 0]]"},
		{`select '"public"."t"'::regclass::oid > 100000`, "[[t]]"},
		{"with a as (select relname from pg_class where relname = 't') select * from a", "[[t]]"},
		{"select string_agg(x::text, ',') from generate_series(1, 3) g(x)", "[[1,2,3]]"},
		{"select typname, typreceive from pg_type where typreceive != 0 and typname in ('bool', '_int4', 'timestamp') order by 1", "[[_int4 array_recv] [bool boolrecv] [timestamp timestamp_recv]]"},
		{"select count(*) from information_schema.routines where is_deterministic = 'YES'", "[[0]]"},
		{"grant select on t to public", "GRANT"},
		{"select column_name from information_schema.column_privileges where table_name = 't' and privilege_type = 'SELECT' order by 1", "[[a] [b] [c] [d]]"},
		{"select view_name, table_schema, table_name from information_schema.view_table_usage", "[[v public t]]"},
		{"comment on table t is 'what it''s for'", "COMMENT"},
		{"comment on column t.a is 'the key'", "COMMENT"},
		{"comment on column public.t.nope is 'x'", `42703 column "nope" of relation "t" does not exist`},
		{"comment on column a is 'x'", "XX000 column name must be qualified"},
		{"comment on view s.v is 'x'", "0A000 COMMENT ON VIEW is not modelled here"},
		{"select obj_description('t'::regclass), col_description('t'::regclass, 1), col_description('t'::regclass, 2)", "[[what it's for the key ]]"},
		{"alter table t alter diststyle all, alter column b encode zstd, alter sortkey (d, a)", "ALTER TABLE"},
		{"select \"table\", diststyle, sortkey1, sortkey_num from svv_table_info", "[[t ALL d 2]]"},
		{"select \"column\", encoding, distkey, sortkey from pg_table_def where tablename = 't' order by 1", "[[a none f 2] [b zstd f 0] [c none f 0] [d none f 1]]"},
		{"alter table t alter distkey c", "ALTER TABLE"},
		{"alter table t alter sortkey none", "ALTER TABLE"},
		{"alter table t alter encode auto", "ALTER TABLE"},
		{"alter table t alter diststyle sideways", `42601 syntax error at or near "sideways"`},
		{"alter table s.v alter diststyle all", "42809 cannot alter a view"},
		{"select \"column\", encoding, distkey, sortkey from pg_table_def where tablename = 't' and \"column\" > 'a' order by 1", "[[b none f 0] [c none t 0] [d none f 0]]"},
		{"comment on table t is null", "COMMENT"},
		{"select obj_description('t'::regclass), col_description('t'::regclass, 1)", "[[ the key]]"},
	} {
		if got := do(t, c, q.sql); got != q.want {
			t.Errorf("%s\n got %s\nwant %s", q.sql, got, q.want)
		}
	}
	// The same by parameters, in text and in binary.
	var name string
	if err := c.QueryRow(t.Context(), "select relname from pg_catalog.pg_class c where c.relname = $1 and c.relkind = $2", "u", "r").Scan(&name); err != nil || name != "u" {
		t.Errorf("%q, %v", name, err)
	}
}

// TestClientLoad: a load of a client's is told of; without S3 it fails.
func TestClientLoad(t *testing.T) {
	c := serve(t).connect(t, "")
	do(t, c, "create table t (a int)", "copy t from 's3://bucket/key' iam_role 'arn:aws:iam::123456789012:role/none' format parquet")
	got := do(t, c, "select l.filename, l.err_reason like '%Not authorized%', q.query_type from stl_load_errors l join sys_query_history q on q.query_id = l.query")
	if want := "[[s3://bucket/key t COPY]]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
