package redshiftdata_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"airline/local/redshiftdata/servetest"
)

// served is a warehouse that clients connect to.
type served struct{ *servetest.Warehouse }

// serve makes an empty warehouse with a server before it.
func serve(t testing.TB) *served { return &served{servetest.Start(t, "admin")} }

// serveFile serves a warehouse's file.
func serveFile(t testing.TB, file string) *served { return &served{servetest.Open(t, file, "admin")} }

func (s *served) connect(t testing.TB, more string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), s.URL+more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// do runs statements one after the other, and gives what they answer: the rows, or the tag, or the state of an error.
func do(t testing.TB, c *pgx.Conn, statements ...string) string {
	t.Helper()
	var all []string
	for _, text := range statements {
		results, err := c.PgConn().Exec(t.Context(), text).ReadAll()
		for _, r := range results {
			said := r.CommandTag.String()
			if len(r.FieldDescriptions) > 0 {
				said = fmt.Sprintf("%s", r.Rows)
			}
			if r.Err == nil {
				all = append(all, said)
			}
		}
		if err != nil {
			all = append(all, state(err))
		}
	}
	return strings.Join(all, "; ")
}

func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code + " " + e.Message
	}
	return fmt.Sprint(err)
}

func TestClientSession(t *testing.T) {
	s := serve(t)
	do(t, s.connect(t, ""), "create table t (a int, b varchar(10))", "insert into t values (1, 'x'), (2, null), (3, 'z')")
	const aborted = "25P02 current transaction is aborted, commands ignored until end of transaction block"
	for _, c := range []struct{ what, statements, want string }{
		{"one transaction a query", "insert into t values (9, 'y'); select nonsense|select count(*) from t", `INSERT 0 1; 42703 column "nonsense" does not exist; [[3]]`},
		{"commit", "begin|delete from t where a = 3|commit|select count(*) from t", "BEGIN; DELETE 1; COMMIT; [[2]]"},
		{"rollback", "begin transaction|delete from t|select count(*) from t|rollback|select count(*) from t", "BEGIN; DELETE 2; [[0]]; ROLLBACK; [[2]]"},
		{"a failed transaction", "begin|select 1/0|select 1|show timezone|commit|select 1", "BEGIN; 22012 division by zero; " + aborted + "; " + aborted + "; ROLLBACK; [[1]]"},
		{"other words", "start transaction isolation level serializable, read write|end work|abort", "START TRANSACTION; COMMIT; ROLLBACK"},
		{"within one query", "begin; select 1; commit; select 2", "BEGIN; [[1]]; COMMIT; [[2]]"},
		{"transactions that only read", "begin read only|select count(*) from t|show transaction_read_only|create temp table own (x int)|insert into own values (1)|insert into t values (1)|rollback|set session characteristics as transaction isolation level serializable, read only|delete from t|show default_transaction_read_only|begin read write|delete from t where a = 99|commit|set default_transaction_read_only to off|set default_transaction_isolation to 'repeatable read'|set default_transaction_isolation to 'none'|begin|set transaction read only|drop table t|rollback|set transaction read nothing",
			`BEGIN; [[2]]; [[on]]; CREATE TABLE; INSERT 0 1; 25006 transaction is read-only; ROLLBACK; SET; 25006 transaction is read-only; [[on]]; BEGIN; DELETE 0; COMMIT; SET; SET; 22023 invalid value for parameter "default_transaction_isolation": "none"; BEGIN; SET; 25006 transaction is read-only; ROLLBACK; 42601 syntax error at or near "read"`},
		{"no savepoints", "begin|savepoint x|rollback to x", "BEGIN; 0A000 SAVEPOINT is not supported by Redshift; 0A000 SAVEPOINT is not supported by Redshift"},
		{"copy", "copy t to stdout|copy t from stdin", "0A000 COPY TO is not supported by Redshift: use UNLOAD; 0A000 COPY FROM STDIN is not supported by Redshift: copy from objects in S3"},
		{"a cursor", "declare c cursor for select a from t order by a|begin|declare c cursor for select a from t order by a|fetch c|fetch next from c|fetch all in c|close c|fetch c",
			`25P01 DECLARE CURSOR may only be used in transaction blocks; BEGIN; DECLARE CURSOR; 42601 syntax error at or near "c"; ` + strings.Repeat(aborted+"; ", 3) + aborted},
		{"fetch", "begin|declare c cursor without hold for select a from t order by a|fetch next from c|select 7|fetch forward 5 from c|fetch all in c|close c|fetch 1 from c",
			`BEGIN; DECLARE CURSOR; [[1]]; [[7]]; [[2]]; FETCH 0; CLOSE CURSOR; 34000 cursor "c" does not exist`},
		{"one cursor", "begin|declare c cursor for select 1|declare d cursor for select 1", "BEGIN; DECLARE CURSOR; 0A000 only one cursor at a time can be open per session"},
		{"no way back", "begin|declare c cursor for select 1|fetch backward 1 from c", "BEGIN; DECLARE CURSOR; 55000 cursor can only scan forward"},
		{"a cursor ends with its transaction", "begin|declare c cursor for select 1|commit|fetch 1 from c", `BEGIN; DECLARE CURSOR; COMMIT; 34000 cursor "c" does not exist`},
		{"prepare", "prepare p (int, varchar(10)) as select a from t where a = $1 or b = $2|execute p (2, 'x')|deallocate p|execute p (1, 'x')",
			`PREPARE; [[1] [2]]; DEALLOCATE; 26000 prepared statement "p" does not exist`},
		{"too few values", "prepare p as select $1::int + 1|execute p|execute p ((1 + 1) * 2)", `PREPARE; 42601 wrong number of parameters for prepared statement "p"; [[5]]`},
		{"settings", "show timezone|set timezone to 'Europe/Berlin'|show time zone|reset timezone|show timezone|set time zone \"Etc/UTC\"|set timezone to 'europe/berlin'", "[[UTC]]; SET; [[Europe/Berlin]]; RESET; [[UTC]]; SET; SET"},
		{"time zones", "set timezone to '-8:00'|show timezone|select timestamptz '2024-07-01 12:00:00+00'|set time zone interval '30 minutes'|select timestamptz '2024-07-01 12:00:00+00'|set timezone interval '-8 hours'|select extract(timezone from timestamptz '2024-07-01')|set timezone to 'PST8PDT'|select timestamptz '2024-07-01 12:00:00+00'|set timezone = 'EST5'|select timestamptz '2024-07-01 12:00:00+00'|set time zone 3|select timestamptz '2024-07-01'|set timezone to 'PDT'|set timezone interval '1 month'|set timezone to default",
			`SET; [[-8:00]]; [[2024-07-01 04:00:00-08]]; SET; [[2024-07-01 12:30:00+00:30]]; SET; [[-28800]]; SET; [[2024-07-01 05:00:00-07]]; SET; [[2024-07-01 07:00:00-05]]; SET; [[2024-07-01 00:00:00+03]]; 22023 invalid value for parameter "timezone": "PDT"; 42601 syntax error at or near "'1 month'"; SET`},
		{"times with time zone in the session's", "create temp table z (a timestamptz, b timetz)|set timezone to 'America/New_York'|insert into z values ('2024-07-01 02:00:00', '12:00-03:30'), (timestamp '2024-12-01 02:00:00', '12:00+02')|select * from z order by 1|select a::date, a::varchar, a::timestamp, to_char(a, 'HH24:MI TZ OF'), extract(hour from a), extract(epoch from a), date_trunc('day', a), dateadd(month, 5, a), dateadd(hour, 1, a), a + interval '1 day', a = '2024-07-01 06:00:00+00', datediff(day, a, timestamptz '2024-07-01 05:00:00+00') from z order by a|select sysdate - (sysdate at time zone 'America/New_York')::timestamp, getdate()::date = current_date, to_timestamp('2024-01-01', 'YYYY-MM-DD')|set timezone to 'utc'|select a, b from z order by a",
			"CREATE TABLE; SET; INSERT 0 2; [[2024-07-01 02:00:00-04 15:30:00+00] [2024-12-01 02:00:00-05 10:00:00+00]]; " +
				"[[2024-07-01 2024-07-01 02:00:00-04 2024-07-01 02:00:00 02:00 EDT -04 2 1719813600 2024-07-01 00:00:00-04 2024-12-01 02:00:00-05 2024-07-01 03:00:00-04 2024-07-02 02:00:00-04 t 0] " +
				"[2024-12-01 2024-12-01 02:00:00-05 2024-12-01 02:00:00 02:00 EST -05 2 1733036400 2024-12-01 00:00:00-05 2025-05-01 02:00:00-04 2024-12-01 03:00:00-05 2024-12-02 02:00:00-05 f -153]]; " +
				"[[00:00:00 t 2024-01-01 00:00:00-05]]; SET; [[2024-07-01 06:00:00+00 15:30:00+00] [2024-12-01 07:00:00+00 10:00:00+00]]"},
		{"variables of the session's own", "set app.user to 'ann'|select current_setting('app.user'), current_setting('App.User', false), current_setting('app.nope', false)|show app.user|begin|set local app.user = 'bob'|select current_setting('app.user')|rollback|select current_setting('app.user')|select current_setting('app.nope')|select current_setting('app.nope', 5)",
			`SET; [[ann ann ]]; [[ann]]; BEGIN; SET; [[bob]]; ROLLBACK; [[ann]]; 42704 unrecognized configuration parameter "app.nope"; XX000 argument 2 of CURRENT_SETTING is true or false`},
		{"set_config", "select set_config('timezone', 'Asia/Tokyo', false)|show timezone|select timestamptz '2024-01-01 00:00:00+00'|begin|select set_config('app.x', 'y', true), set_config('timezone', 'UTC', 1)|select current_setting('app.x')|rollback|show timezone|reset timezone|select set_config('nobody', 'x', false)|select set_config('timezone', 'Mars', false)",
			`[[Asia/Tokyo]]; [[Asia/Tokyo]]; [[2024-01-01 09:00:00+09]]; BEGIN; [[y UTC]]; [[y]]; ROLLBACK; [[Asia/Tokyo]]; RESET; 42704 unrecognized configuration parameter "nobody"; 22023 invalid value for parameter "timezone": "Mars"`},
		{"a seed", "set seed to .25|create temp table r as select random() x|set seed to .25|select random() = x, random() = x from r|set seed to 7|set analyze_threshold_percent to 0.01", `SET; CREATE TABLE; SET; [[t f]]; 22023 invalid value for parameter "seed": "7"; SET`},
		{"what a transaction sets is undone with it", "begin|set query_group to x|show query_group|rollback|show query_group", "BEGIN; SET; [[x]]; ROLLBACK; [[default]]"},
		{"set local", "begin|set local query_group = 'x'|show query_group|commit|show query_group", "BEGIN; SET; [[x]]; COMMIT; [[default]]"},
		{"lists", "set search_path to 'a b', public|show search_path|set enable_numeric_rounding to false|show enable_numeric_rounding", "SET; [[a b, public]]; SET; [[off]]"},
		{"bad settings", "set nobody to 1|set timezone to 'Mars'|set server_version to 9|set client_encoding to latin1|set client_encoding to '''utf-8'''|set enable_numeric_rounding to 7|set statement_timeout to 'x'|show nobody",
			`42704 unrecognized configuration parameter "nobody"; 22023 invalid value for parameter "timezone": "Mars"; 55P02 parameter "server_version" cannot be changed; 0A000 client_encoding latin1 is not modelled here: use UTF8; SET; 22023 parameter "enable_numeric_rounding" requires a Boolean value; 22023 invalid value for parameter "statement_timeout": "x"; 42704 unrecognized configuration parameter "nobody"`},
		{"version", "show server_version|show transaction isolation level|show session authorization", "[[8.0.2]]; [[serializable]]; [[admin]]"},
		{"who one is", "create user ann password disable|set session authorization ann|select 1 from public.t|set session authorization default|select count(*) from public.t|set session authorization nobody|reset session authorization",
			`CREATE USER; SET; 42501 permission denied for relation t; SET; [[2]]; 42704 user "nobody" does not exist; SET`},
		{"users, roles and groups end", "create user bob password disable|create role r|grant role r to bob|drop role r|drop role r force|drop role r|grant select on t to bob|drop user bob|revoke select on t from bob|create group g with user bob|grant select on t to group g|drop group g|revoke all on t from group g|alter group g drop user bob|alter group g add user nobody|alter group g rename to h|drop group g|drop user if exists nobody, bob|drop user bob|drop user admin|create or replace function f() returns int as 'x'",
			`CREATE USER; CREATE ROLE; GRANT; 55006 cannot drop this role since it has been granted on a user; DROP ROLE; 42704 role "r" does not exist; GRANT; 55006 user "bob" can't be dropped because the user has a privilege on some object; REVOKE; CREATE GROUP; GRANT; 55006 group "g" can't be dropped because the group has a privilege on some object; REVOKE; ALTER GROUP; 42704 user "nobody" does not exist; 0A000 ALTER GROUP ... RENAME is not modelled here; DROP GROUP; DROP USER; 42704 user "bob" does not exist; 42501 permission denied: user "admin" stays; 0A000 CREATE FUNCTION is not modelled here`},
		{"options of users and of maintenance", "create group g2|create user carl password disable createdb createuser in group g2|alter user carl nocreateuser nocreatedb|create user dora password disable in group nowhere|create user dora password disable session timeout 90|create user dora|create user dora password disable valid until '2030-01-01'|alter user carl connection limit 3|select usename, usesuper from pg_user where usename = 'carl'|drop user carl|drop group g2|vacuum sort only t to 75 percent|vacuum t boost|analyze verbose t (a, b) predicate columns|analyze t all columns|analyze compression t|show view v|show tables from schema dev.public|grant select (a) on t to admin|grant select on t to public with grant option|grant role a, role b to public",
			`CREATE GROUP; CREATE USER; ALTER USER; 42704 group "nowhere" does not exist; 0A000 CREATE USER ... SESSION is not modelled here; 42601 syntax error at end of input; CREATE USER; ALTER USER; [[carl f]]; DROP USER; DROP GROUP; VACUUM; VACUUM; ANALYZE; ANALYZE; 0A000 ANALYZE COMPRESSION is not modelled here; 42P01 relation "v" does not exist; [[dev public t TABLE   admin   AUTO(ALL) REGULAR TABLE]]; 0A000 privileges on columns are not modelled here; 0A000 GRANT ... WITH GRANT OPTION is not modelled here; 0A000 GRANT ROLE of several, or of system roles, is not modelled here`},
		{"timeout", "set statement_timeout to 50|select count(*) from range(1)", `SET; 42883 function range() does not exist`},
		{"a default of a Boolean", "create temp table d (a int, ok boolean default '1', no boolean default false)|select column_default from information_schema.columns where table_name = 'd' and column_default is not null order by 1", "CREATE TABLE; [[false] [true]]"},
		{"a column that a system relation has not", "select typcategory from pg_type", `42703 column "typcategory" does not exist`},
		{"an interval", "select interval '1 month 2 days'", "[[1 mon 2 days]]"},
		{"errors", "select * from nope|select 'x|selec 1|insert into t values ('x', 1)|select nope(1)|create table t (a int)|insert into t values (1, '12345678901')",
			`42P01 relation "nope" does not exist; 42601 unterminated quoted string; 42601 syntax error at or near "selec"; 22P02 invalid input syntax for integer: "x"; 42883 function nope() does not exist; 42P07 Relation "t" already exists; 22001 value too long for type character varying(10)`},
		{"positions of parameters", "select $1", "42P02 there is no parameter $1: a simple query has none"},
		{"views are renamed as tables are", "create view v as select a from t|/* a comment */ alter table v rename to w|select count(*) from w|drop view w", "CREATE VIEW; ALTER TABLE; [[2]]; DROP VIEW"},
		{"a view reads what its author's search path found", "create schema o|create table o.t (a int)|insert into o.t values (5)|set search_path to o|create view public.v as select t.a from t|set search_path to public|select * from v|alter table o.t rename to u|select * from v|drop schema o cascade|drop view if exists v",
			"CREATE SCHEMA; CREATE TABLE; INSERT 0 1; SET; CREATE VIEW; SET; [[5]]; ALTER TABLE; [[5]]; DROP SCHEMA; DROP VIEW"},
		{"an array of a system query", "select relname from pg_class where relkind = any('{r,v}') and relname = 't'|select relname from pg_class where oid = any('{1259}')", "[[t]]; [[pg_class]]"},
		{"what views depend on", "create view v as select a from t|create view w as select a from v|create view late as select a from public.t with no schema binding|select c.relname, r.relname from pg_depend d join pg_rewrite w on w.oid = d.objid join pg_class c on c.oid = w.ev_class join pg_class r on r.oid = d.refobjid order by 1, 2|drop view late|drop view v cascade",
			"CREATE VIEW; CREATE VIEW; CREATE VIEW; [[v t] [w v]]; DROP VIEW; DROP VIEW"},
		{"views follow a renamed column", "create view v as select t.a, b as c from t|create view w as select x.a from t x (a, bb) where x.bb is not null|create view n as select a from t natural join (select 1 as a)|alter table t rename column a to z|select a, c from v order by 1|select a from w order by 1|select a from n|alter table t rename column z to a|alter table t rename column b to bb|alter table t rename b to x|alter table t rename bb to q|select count(c) from v|select a from w order by 1|alter table t rename column q to b|select definition from pg_views where viewname in ('v', 'n') order by 1|drop view v|drop view w|drop view n",
			`CREATE VIEW; CREATE VIEW; CREATE VIEW; ALTER TABLE; [[1 x] [2 ]]; [[1]]; [[1]]; ALTER TABLE; ALTER TABLE; 42703 column "b" of relation "t" does not exist; ALTER TABLE; [[1]]; [[1]]; ALTER TABLE; [[select a from "public"."t" natural join (select 1 as a)] [select t.a, b as c from "public"."t"]]; DROP VIEW; DROP VIEW; DROP VIEW`},
		{"views keep their columns", "create view v as select * from t|create view w as select * from v|create view u as select d, a from t, (select 5 as d)|create materialized view m as select * from t|alter table t add column d int|alter table t add e varchar(5)|select * from w order by 1|select * from u order by 2|select definition from pg_views where viewname = 'v'|refresh materialized view m|select count(*) from m|drop materialized view m|alter table t drop column d|alter table t drop e restrict|select * from w order by 1|select * from u order by 2|select definition from pg_views where viewname = 'u'|drop view v cascade|drop view u",
			"CREATE VIEW; CREATE VIEW; CREATE VIEW; CREATE MATERIALIZED VIEW; ALTER TABLE; ALTER TABLE; [[1 x] [2 ]]; [[5 1] [5 2]]; [[select t.a, t.b from public.t]]; REFRESH; [[2]]; DROP MATERIALIZED VIEW; ALTER TABLE; ALTER TABLE; [[1 x] [2 ]]; [[5 1] [5 2]]; " +
				`[[select d, a from "public"."t", (select 5 as d)]]; DROP VIEW; DROP VIEW`},
		{"a column that a view reads", "create table c (a int, b varchar(5), d int)|create view v as select a from c where b <> ''|create view w as select a from v|alter table c drop column b|alter table c alter column b type varchar(9)|alter table v rename column a to b|alter table c drop column d|alter table c drop column nope|alter table c rename column nope to x|alter table c rename column a to b|alter table c drop column b cascade|select * from w|select * from c|alter table c drop column a|drop table c",
			`CREATE TABLE; CREATE VIEW; CREATE VIEW; 2BP01 cannot drop table public.c column b because other objects depend on it; 0A000 cannot alter type of a column used by a view or rule; 42809 "v" is a view: columns are those of tables; ALTER TABLE; 42703 column "nope" of relation "c" does not exist; 42703 column "nope" of relation "c" does not exist; 42701 column "b" of relation "c" already exists; ALTER TABLE; 42P01 relation "w" does not exist; SELECT; 0A000 cannot drop the last column of table "c"; DROP TABLE`},
		{"keys go with their columns", "create table k (id int primary key, s int, d int) distkey(d) sortkey(s)|create table f (x int references k(id), unique (x))|alter table k rename column id to nr|alter table k rename column d to dist|alter table k rename to l|select \"column\", distkey, sortkey from pg_table_def where tablename = 'l' order by 1|select relname, pg_get_constraintdef(c.oid) from pg_constraint c join pg_class r on r.oid = conrelid where relname in ('f', 'l') order by 2|alter table l drop column dist|alter table l drop column s|alter table l drop column nr|alter table l drop column nr cascade|select pg_get_constraintdef(c.oid) from pg_constraint c join pg_class r on r.oid = conrelid where relname in ('f', 'l')|drop table l|drop table f",
			`CREATE TABLE; CREATE TABLE; ALTER TABLE; ALTER TABLE; ALTER TABLE; [[dist t 0] [nr f 0] [s f 1]]; [[f FOREIGN KEY (x) REFERENCES l(nr)] [l PRIMARY KEY (nr)] [f UNIQUE (x)]]; 0A000 cannot drop distkey column "dist"; 0A000 cannot drop sortkey column "s"; 2BP01 cannot drop table public.l column nr because other objects depend on it; ALTER TABLE; [[UNIQUE (x)]]; DROP TABLE; DROP TABLE`},
		{"another view of the name", "create view v as select a from t|create or replace view v as select b from t|create or replace view v as select a, b from t|create or replace view v as select a::bigint as a from t|create or replace view v as select a + 1 as a from t|select max(a) from v|create or replace view late as select a from public.t with no schema binding|create or replace view late as select b from public.t with no schema binding|drop view v|drop view late",
			`CREATE VIEW; 42P16 cannot change name of view column "a"; 42P16 cannot change number of columns in view; 42P16 cannot change data type of view column "a"; CREATE VIEW; [[3]]; CREATE VIEW; CREATE VIEW; DROP VIEW; DROP VIEW`},
		{"what a view reads of a materialized one", "create materialized view m as select a from t|create view v as select a from m|drop materialized view m|drop materialized view m cascade|select 1 from v", `CREATE MATERIALIZED VIEW; CREATE VIEW; 2BP01 cannot drop public.m because other objects depend on it; DROP MATERIALIZED VIEW; 42P01 relation "v" does not exist`},
		{"the database's name", "select count(*) from dev.public.t", "[[2]]"},
		{"nothing", "|;| -- no statement", "; ; "},
	} {
		conn := s.connect(t, "")
		if got := do(t, conn, strings.Split(c.statements, "|")...); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
		conn.Close(t.Context())
	}
}

// TestClientTypes reads values in the binary form, in which pgx asks for them, and sends some.
func TestClientTypes(t *testing.T) {
	c := serve(t).connect(t, "")
	var (
		i int64
		f float64
		b bool
		v string
		d time.Time
		n *string
		p time.Duration
	)
	if err := c.QueryRow(t.Context(), "select interval '1 day 2 hours'").Scan(&p); err != nil || p != 26*time.Hour {
		t.Errorf("an interval: %v, %v", err, p)
	}
	row := c.QueryRow(t.Context(), "select 5::bigint, 1.5::float8, true, 'x'::varchar(3), timestamp '2024-01-02 03:04:05.5', null::varchar")
	if err := row.Scan(&i, &f, &b, &v, &d, &n); err != nil || i != 5 || f != 1.5 || !b || v != "x" || !d.Equal(time.Date(2024, 1, 2, 3, 4, 5, 5e8, time.UTC)) || n != nil {
		t.Errorf("%v: %v %v %v %v %v %v", err, i, f, b, v, d, n)
	}
	do(t, c, "create table t (a int, b varchar(30), c decimal(10,2), d date)")
	for range 2 {
		if _, err := c.Exec(t.Context(), "insert into t values ($1, $2, $3, $4)", 7, "it's a text\n", "1.25", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.QueryRow(t.Context(), "select a, c, d from t where a = $1 limit 1", 7).Scan(&i, &f, &d); err != nil || i != 7 || f != 1.25 || d.Day() != 29 {
		t.Errorf("%v: %v %v %v", err, i, f, d)
	}
	binaryClock := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, 3_723_500_000), 8*3600)
	for _, format := range []int16{0, 1} { // text, and PostgreSQL's binary form: microseconds of the clock, seconds west of UTC
		r := c.PgConn().ExecParams(t.Context(), "select $1::timetz", [][]byte{binaryClock}, []uint32{1266}, []int16{1}, []int16{format}).Read()
		want := []string{"01:02:03.5-08", string(binaryClock)}[format]
		if r.Err != nil || string(r.Rows[0][0]) != want {
			t.Errorf("a time with its zone in format %d: %v %q", format, r.Err, r.Rows)
		}
	}
	if _, err := c.Exec(t.Context(), "select a from t where b = $1 and nope", "x"); !strings.HasPrefix(state(err), "42703") {
		t.Errorf("an error: %v", err)
	}
}

// TestClientsConflict: of two transactions that each read what the other writes, one ends with Redshift's error 1023.
func TestClientsConflict(t *testing.T) {
	s := serve(t)
	first, second := s.connect(t, ""), s.connect(t, "")
	do(t, first, "create table a (x int)", "create table b (x int)")
	do(t, first, "begin", "select * from a", "insert into b values (1)")
	do(t, second, "begin", "select * from b", "insert into a values (1)")
	if got := do(t, first, "commit"); got != "COMMIT" {
		t.Errorf("the first ends with %s", got)
	}
	_, err := second.Exec(t.Context(), "commit")
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != "XX000" || e.Message != "1023" || !strings.HasPrefix(e.Detail, "Serializable isolation violation on table - ") {
		t.Errorf("the second ends with %+v", err)
	}
	if got := do(t, second, "select count(*) from a", "begin", "update b set x = 2", "commit"); got != "[[0]]; BEGIN; UPDATE 1; COMMIT" {
		t.Errorf("afterwards: %s", got)
	}
	do(t, first, "begin", "update b set x = 3")
	waits(t, first, second, "update b set x = x + 1")
	if got := do(t, first, "select x from b"); got != "[[4]]" {
		t.Errorf("both have written: %s", got)
	}
}

// waits holds that a second writer waits for the end of the first one's transaction.
func waits(t *testing.T, first, second *pgx.Conn, update string) {
	t.Helper()
	waited := make(chan string, 1)
	go func() {
		_, err := second.Exec(context.Background(), update)
		waited <- state(err)
	}()
	select {
	case got := <-waited:
		t.Errorf("a second writer does not wait: %s", got)
	case <-time.After(50 * time.Millisecond):
	}
	do(t, first, "commit")
	if got := <-waited; got != "<nil>" {
		t.Errorf("the writer that has waited: %s", got)
	}
}

// TestClientCancel: a statement that computes ends when it is cancelled, and by statement_timeout.
func TestClientCancel(t *testing.T) {
	s := serve(t)
	c := s.connect(t, "")
	do(t, c, "create table n (x bigint)", "insert into n values (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)")
	slow := "select count(*) from n"
	for i := range 11 {
		slow += fmt.Sprintf(", n n%d", i)
	}
	time.AfterFunc(100*time.Millisecond, func() { c.PgConn().CancelRequest(context.Background()) })
	if got := do(t, c, slow); !strings.HasPrefix(got, "57014") {
		t.Errorf("a cancelled query: %s", got)
	}
	if got := do(t, c, "set statement_timeout to 100", slow, "reset statement_timeout", "select 1"); !strings.Contains(got, "57014") || !strings.HasSuffix(got, "[[1]]") {
		t.Errorf("a query that takes too long: %s", got)
	}
}

// TestClientPortal: a result that is half read outlives other statements of its transaction.
func TestClientPortal(t *testing.T) {
	c := serve(t).connect(t, "")
	do(t, c, "create table n (x int)")
	for i := range 100 {
		do(t, c, fmt.Sprintf("insert into n values (%d)", i))
	}
	do(t, c, "begin", "declare c cursor for select x, case when x % 2 = 0 then null else 'odd' end from n order by x")
	first := do(t, c, "fetch 3 from c")
	do(t, c, "delete from n")
	rest := do(t, c, "fetch all from c")
	do(t, c, "rollback", "begin")
	if _, err := c.Exec(t.Context(), "declare d cursor for select x from n where x > $1 and x < $2 order by x", 90, 93); err != nil {
		t.Errorf("a cursor with parameters: %v", err)
	}
	if got := do(t, c, "fetch all from d"); got != "[[91] [92]]" {
		t.Errorf("a cursor with parameters has %s", got)
	}
	if first != "[[0 ] [1 odd] [2 ]]" || strings.Count(rest, "odd") != 49 || !strings.HasPrefix(rest, "[[3 odd] [4 ]") || !strings.HasSuffix(rest, "[99 odd]]") {
		t.Errorf("first %s, rest %s", first, rest)
	}
}

func TestWrongDatabase(t *testing.T) {
	s := serve(t)
	if _, err := pgx.Connect(t.Context(), strings.Replace(s.URL, "/dev", "/other", 1)); !strings.Contains(fmt.Sprint(err), `FATAL: database "other" does not exist (SQLSTATE 3D000)`) {
		t.Errorf("another database: %v", err)
	}
	s.connect(t, "&driver_discovery_version=2&os_version=x")
	if _, err := pgx.Connect(t.Context(), s.URL+"&nobody=1"); !strings.Contains(fmt.Sprint(err), "unrecognized configuration parameter") {
		t.Errorf("an unknown parameter: %v", err)
	}
}

// TestClientMemory: ten million rows pass to a client without being held.
func TestClientMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("ten million rows")
	}
	c := serve(t).connect(t, "")
	do(t, c, "create table n (x bigint)", "insert into n values (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)")
	before, top := resident(t), 0
	rows := c.PgConn().ExecParams(t.Context(), "select a.x * b.x, 'a text of some thirty bytes, ' || c.x from n a, n b, n c, n d, n e, n f, n g", nil, nil, nil, nil)
	n := 0
	for rows.NextRow() {
		if n++; n%1_000_000 == 0 {
			top = max(top, resident(t))
		}
	}
	if _, err := rows.Close(); err != nil || n != 10_000_000 {
		t.Errorf("%d rows, %v", n, err)
	}
	if top-before > 200<<10 {
		t.Errorf("%d KiB more are held", top-before)
	}
}

// resident is the memory that the process has, in KiB.
func resident(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("this system does not tell how much memory a process has")
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// In a warehouse whose changes are done again in order, sessions beside that order read and change nothing.
func TestClientsOfAKeptWarehouseRead(t *testing.T) {
	s := serve(t)
	c := s.connect(t, "")
	do(t, c, "create table t (a int)", "insert into t values (1)")
	s.OneThread()
	const refused = "25006 a warehouse that is kept is read only for clients of PostgreSQL's protocol"
	for text, want := range map[string]string{
		"select a from t":                "[[1]]",
		"begin; select a from t; commit": "BEGIN; [[1]]; COMMIT",
		"set search_path to public":      "SET",
		"insert into t values (2)":       refused,
		"delete from t":                  refused,
		"create table u (a int)":         refused,
		"create temp table u (a int)":    refused,
		"select a into u from t":         refused,
		"grant select on t to public":    refused,
		"truncate t":                     refused,
		"drop table t":                   refused,
		"prepare p as delete from t":     "PREPARE",
	} {
		if got := do(t, c, text); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	if got := do(t, c, "execute p", "select a from t"); got != refused+"; [[1]]" {
		t.Errorf("a prepared change: %s", got)
	}
}
