package redshiftdata_test

import (
	"strings"
	"testing"
)

// TestSearchPath: statements that name no schema change what the search path finds, and make what they make in its first schema that there
// is. Two schemas have tables and views of the same names.
func TestSearchPath(t *testing.T) {
	s := serve(t)
	setup := s.connect(t, "")
	do(t, setup, "create schema a", "create schema b", "create user ann password disable", "grant usage on schema a to ann", "grant usage, create on schema b to ann")
	const tables = "[[a t] [b t] [public t]]"
	for _, c := range []struct{ what, statements, want string }{
		{"create", "create table u (x int)|create table if not exists u (x int)|create table w as select 1 as x|create table l (like u)|select 2 as x into i|select tablename, schemaname from pg_tables where tablename in ('u','w','l','i') order by 1",
			"CREATE TABLE; CREATE TABLE; CREATE TABLE; CREATE TABLE; SELECT; [[i a] [l a] [u a] [w a]]"},
		{"create with keys and identity", "create table u (x int identity(5, 1), y int, foreign key (y) references t(x))|insert into u (y) values (1)|select x from a.u|select n.nspname from pg_constraint c join pg_class r on r.oid = c.confrelid join pg_namespace n on n.oid = r.relnamespace where contype = 'f'",
			"CREATE TABLE; INSERT 0 1; [[5]]; [[a]]"},
		{"a table of its own name", "create table if not exists t (x int)|set search_path to c, b|create table t (x int)|set search_path to c|create table t (x int)|drop table t|insert into t values (1)|set search_path to ''|create table u (x int)|select * from t|truncate t|select current_schema()",
			`CREATE TABLE; SET; 42P07 Relation "t" already exists; SET; 3F000 no schema has been selected to create in; 42P01 relation "c.t" does not exist; 42P01 relation "t" does not exist; SET; 3F000 no schema has been selected to create in; 42P01 relation "t" does not exist; 42P01 relation "t" does not exist; [[]]`},
		{"rows", "insert into t values (7)|update t set x = x + 1|select x from a.t order by 1|delete from t where x = 8|create table s as select 1 as x|merge into t using s on t.x = s.x when matched then delete when not matched then insert values (s.x)|select count(*) from a.t|select x from b.t|select x from public.t",
			"INSERT 0 1; UPDATE 2; [[2] [8]]; DELETE 1; CREATE TABLE; MERGE 1; [[2]]; [[2]]; [[3]]"},
		{"truncate, lock, analyze, vacuum", "begin|lock t|commit|analyze t|vacuum t|truncate t|select count(*) from a.t|select count(*) from b.t|select count(*) from public.t", "BEGIN; LOCK; COMMIT; ANALYZE; VACUUM; TRUNCATE; [[0]]; [[1]]; [[1]]"},
		{"drop", "drop table t|select * from t|drop table t|select * from t|drop table t|drop table t|drop table if exists t",
			`DROP TABLE; [[2]]; DROP TABLE; [[3]]; DROP TABLE; 42P01 relation "t" does not exist; DROP TABLE`},
		{"several are dropped, or none", "create table u (x int)|drop table u, t, nowhere|select * from u, t|drop table u, /* both */ t, b.t|select * from u|select * from t|create temp table own (x int)|drop table if exists own, nowhere, t restrict|select * from own|select * from t|drop schema a, b|drop schema a drop external database|create schema q quota 10 gb|create schema authorization ann|create external table a.e (x int)|create role r externalid 'x'|attach rls policy p on a.t to public|refresh materialized view m cascade|revoke select on b.u from ann restrict",
			`CREATE TABLE; 42P01 relation "nowhere" does not exist; SELECT; DROP TABLE; 42P01 relation "u" does not exist; [[3]]; CREATE TABLE; DROP TABLE; 42P01 relation "own" does not exist; 42P01 relation "t" does not exist; 0A000 DROP SCHEMA of several is not modelled here; 0A000 DROP SCHEMA ... DROP EXTERNAL DATABASE is not modelled here; 0A000 CREATE SCHEMA ... QUOTA is not modelled here; 0A000 CREATE SCHEMA without a name is not modelled here; 0A000 CREATE EXTERNAL TABLE is not modelled here; 0A000 CREATE ROLE ... EXTERNALID is not modelled here; 0A000 ATTACH is not modelled here; 0A000 REFRESH MATERIALIZED VIEW ... CASCADE is not modelled here; 42P01 relation "b.u" does not exist`},
		{"several views", "create view v as select x from t|create view w as select x from v|drop view v, w|create view v as select x from t|create view u as select x from v|create view w as select x from u|drop view v, w|drop view v, w cascade|select * from u|create materialized view m as select x from t|create materialized view n as select x from m|drop materialized view m|drop materialized view m, nowhere|drop materialized view if exists nowhere, m, n|select * from m|select * from n",
			`CREATE VIEW; CREATE VIEW; DROP VIEW; CREATE VIEW; CREATE VIEW; CREATE VIEW; 2BP01 cannot drop a.v because other objects depend on it; DROP VIEW; 42P01 relation "u" does not exist; CREATE MATERIALIZED VIEW; CREATE MATERIALIZED VIEW; 2BP01 cannot drop a.m because other objects depend on it; 42P01 materialized view "nowhere" does not exist; DROP MATERIALIZED VIEW; 42P01 relation "m" does not exist; 42P01 relation "n" does not exist`},
		{"alter", "alter table t rename to r|alter table r add column y int default 1|alter table r add column z varchar(3)|alter table r alter column z type varchar(9)|alter table r rename column y to yy|alter table r drop column yy|select * from a.r|select * from t",
			"ALTER TABLE; ALTER TABLE; ALTER TABLE; ALTER TABLE; ALTER TABLE; ALTER TABLE; [[1 ]]; [[2]]"},
		{"views", "create view v as select x from t|select x from a.v|create or replace view v as select x + 1 as x from t|select x from a.v|set search_path to b, a|select x from v|drop view v|drop view v", `CREATE VIEW; [[1]]; CREATE VIEW; [[2]]; SET; [[2]]; DROP VIEW; 42P01 relation "v" does not exist`},
		{"dependent views", "create view v as select x from t|drop table t|drop table t cascade|select * from v|select x from t", `CREATE VIEW; 2BP01 cannot drop a.t because other objects depend on it; DROP TABLE; 42P01 relation "v" does not exist; [[2]]`},
		{"materialized views", "create materialized view m as select x from t|insert into t values (9)|set search_path to b, a|refresh materialized view m|select count(*) from m|drop materialized view m|select 1 from a.m",
			`CREATE MATERIALIZED VIEW; INSERT 0 1; SET; REFRESH; [[2]]; DROP MATERIALIZED VIEW; 42P01 relation "a.m" does not exist`},
		{"temporary tables come first", "create temp table t (x int)|insert into t values (5)|alter table t rename to tt|insert into t values (6)|insert into tt values (6)|select count(*) from tt|drop table tt|select x from t order by 1|create temp table t (x int)|drop table t|select count(*) from t",
			"CREATE TABLE; INSERT 0 1; ALTER TABLE; INSERT 0 1; INSERT 0 1; [[2]]; DROP TABLE; [[1] [6]]; CREATE TABLE; DROP TABLE; [[2]]"},
		{"a temporary table that was rolled back", "begin|create temp table t (x int)|rollback|delete from t|drop table t|select x from t", "BEGIN; CREATE TABLE; ROLLBACK; DELETE 1; DROP TABLE; [[2]]"},
		{"rights", "grant select on t to ann|set session authorization ann|select x from t|insert into t values (1)|select x from b.t|set search_path to b|select x from t|create table u (x int)|insert into u values (1)|select * from u|grant select on u to public|set session authorization default|select count(*) from b.u|set search_path to a|create table d (x int)|set session authorization ann|create table e (x int)|drop table d",
			"GRANT; SET; [[1]]; 42501 permission denied for relation t; 42501 permission denied for relation t; SET; 42501 permission denied for relation t; CREATE TABLE; INSERT 0 1; [[1]]; GRANT; SET; [[1]]; SET; CREATE TABLE; SET; 42501 permission denied for relation e; 42501 permission denied for relation d"},
		{"several of another", "create table u (x int)|grant create on schema a to ann|set session authorization ann|create table own (x int)|drop table own, u|select * from own|drop table own|select * from own", "CREATE TABLE; GRANT; SET; CREATE TABLE; 42501 permission denied for relation u; SELECT; DROP TABLE; 42P01 relation \"own\" does not exist"},
	} {
		do(t, setup, "drop schema a cascade", "drop schema b cascade", "create schema a", "create schema b", "drop table if exists public.t", "create table a.t (x int)", "create table b.t (x int)",
			"create table public.t (x int)", "insert into a.t values (1)", "insert into b.t values (2)", "insert into public.t values (3)", "grant usage on schema a to ann", "grant usage, create on schema b to ann")
		if got := do(t, setup, "select schemaname, tablename from pg_tables where tablename = 't' order by 1"); got != tables {
			t.Fatalf("%s begins with %s", c.what, got)
		}
		conn := s.connect(t, "")
		do(t, conn, "set search_path to a, b, public")
		if got := do(t, conn, strings.Split(c.statements, "|")...); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
		conn.Close(t.Context())
	}
}

// TestSearchPathIsolation: whoever writes a table by its bare name waits for the writer of that one, and not for that of another.
func TestSearchPathIsolation(t *testing.T) {
	s := serve(t)
	first, second := s.connect(t, ""), s.connect(t, "")
	do(t, first, "create schema a", "create schema b", "create table a.t (x int)", "create table b.t (x int)", "set search_path to a", "insert into t values (1)", "begin", "update t set x = 2")
	if got := do(t, second, "set search_path to b, a", "insert into t values (1)", "drop table t"); got != "SET; INSERT 0 1; DROP TABLE" {
		t.Fatalf("the other table: %s", got)
	}
	waits(t, first, second, "update t set x = x + 10")
	if got := do(t, first, "select x from t"); got != "[[12]]" {
		t.Errorf("both have written: %s", got)
	}
}
