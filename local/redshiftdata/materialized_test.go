package redshiftdata_test

import "testing"

// TestMaterializedView: its rows are those of its last refresh; it is told of as a view, and nothing else changes it.
func TestMaterializedView(t *testing.T) {
	c := serve(t).connect(t, "")
	for _, q := range []struct{ sql, want string }{
		{"create schema s", "CREATE SCHEMA"},
		{"create table s.sales (a int, b varchar(10))", "CREATE TABLE"},
		{"insert into s.sales values (1, 'x'), (2, 'x')", "INSERT 0 2"},
		{"set search_path to s", "SET"},
		{"create materialized view s.mv backup no diststyle even auto refresh no as (select b, avg(a), count(*) as n from sales group by b)", "CREATE MATERIALIZED VIEW"},
		{"create materialized view s.mv2 sortkey(n) as select n from s.mv where n > 0", "CREATE MATERIALIZED VIEW"},
		{"create materialized view s.mv as select 1 as a", `42P07 Relation "mv" already exists`},
		{"insert into s.sales values (3, 'y')", "INSERT 0 1"},
		{"reset search_path", "RESET"},
		{"select * from s.mv", "[[x 1 2]]"},
		{"refresh materialized view s.mv restrict", "REFRESH"},
		{"select * from s.mv order by 1", "[[x 1 2] [y 3 1]]"},
		{"select n from s.mv2", "[[2]]"},
		{"begin; refresh materialized view s.mv2; rollback", "BEGIN; REFRESH; ROLLBACK"},
		{"select n from s.mv2", "[[2]]"},
		{"insert into s.mv values ('z', 1, 1)", "42809 cannot insert into a materialized view"},
		{"truncate s.mv", `42809 "mv" is a materialized view: TRUNCATE is for tables (DROP MATERIALIZED VIEW drops it)`},
		{"drop table s.mv", `42809 "mv" is a materialized view: DROP is for tables (DROP MATERIALIZED VIEW drops it)`},
		{"drop materialized view s.sales", `42809 "s.sales" is not a materialized view`},
		{"refresh materialized view s.nowhere", `42P01 materialized view "s.nowhere" does not exist`},
		{"drop materialized view if exists s.nowhere", "DROP MATERIALIZED VIEW"},
		{"select schema_name, name, state, autorefresh from svv_mv_info order by 2", "[[s mv 0 0] [s mv2 0 0]]"},
		{"select schema, name from stv_mv_info order by 2", "[[s mv] [s mv2]]"},
		{"select name, dependent_name from svv_mv_dependency", "[[mv2 mv]]"},
		{"select relname, relkind from pg_class where relname like 'mv%' order by 1", "[[mv v] [mv2 v]]"},
		{"select definition from pg_views where viewname = 'mv2'", "[[create materialized view mv2 as select n from s.mv where n > 0;]]"},
		{"create view s.v as select 1 as a", "CREATE VIEW"},
		{"create temp table tmp (a int)", "CREATE TABLE"},
		{"create materialized view s.m as select * from s.v", "0A000 a materialized view cannot read the view s.v"},
		{"create materialized view s.m as select * from tmp", "0A000 a materialized view cannot read the temporary table tmp"},
		{"create materialized view s.m as select usename from pg_user", "0A000 a materialized view cannot read the system relation pg_catalog.pg_user"},
		{"create materialized view s.m as select a from s.sales order by 1", "0A000 a materialized view cannot have ORDER BY, LIMIT or OFFSET"},
		{"create materialized view s.m as select top 1 a from s.sales", "0A000 a materialized view cannot have ORDER BY, LIMIT or OFFSET"},
		{"create materialized view s.m auto refresh yes as select a from s.sales", "0A000 AUTO REFRESH YES is not modelled here"},
		{"create materialized view s.m as select a from s.sales where b = $1", "XX000 a view has no parameters"},
		{"create table s.base (a int, b varchar(10), c int)", "CREATE TABLE"},
		{"create materialized view s.one as select a from s.base", "CREATE MATERIALIZED VIEW"},
		{"alter table s.base add column d int", "ALTER TABLE"},
		{"refresh materialized view s.one", "REFRESH"},
		{"alter table s.base rename to base2", "ALTER TABLE"},
		{"create table s.base (a int)", "CREATE TABLE"},
		{"refresh materialized view s.one", "XX000 materialized view s.one cannot be refreshed: a table that it reads was renamed (state 103 in SVV_MV_INFO): drop it and create it again"},
		{"create materialized view s.two as select a from s.base2", "CREATE MATERIALIZED VIEW"},
		{"alter table s.base2 rename column c to e", "ALTER TABLE"},
		{"create materialized view s.three as select a from s.base2", "CREATE MATERIALIZED VIEW"},
		{"alter table s.base2 alter column b type varchar(20)", "ALTER TABLE"},
		{"refresh materialized view s.three", "XX000 materialized view s.three cannot be refreshed: a column of a table that it reads has another type (state 102 in SVV_MV_INFO): drop it and create it again"},
		{"select name, state from svv_mv_info where state > 0 order by 1", "[[one 103] [three 102] [two 104]]"},
		{"select * from s.one", "SELECT"},
		{"alter table s.sales drop column a", "ALTER TABLE"},
		{"refresh materialized view s.mv", "XX000 materialized view s.mv cannot be refreshed: a column of a table that it reads was dropped (state 101 in SVV_MV_INFO): drop it and create it again"},
		{"alter table s.mv rename to x", `42809 "mv" is a materialized view: ALTER is for tables (DROP MATERIALIZED VIEW drops it)`},
		{"drop table s.base2", "2BP01 cannot drop s.base2 because other objects depend on it"},
		{"drop table s.base2 cascade", "DROP TABLE"},
		{"select count(*) from s.mv", "[[2]]"},
		{"drop materialized view s.mv2 restrict", "DROP MATERIALIZED VIEW"},
		{"drop materialized view s.mv", "DROP MATERIALIZED VIEW"},
		{"select count(*) from svv_mv_info", "[[0]]"},
	} {
		if got := do(t, c, q.sql); got != q.want {
			t.Errorf("%s\n got %s\nwant %s", q.sql, got, q.want)
		}
	}
}
