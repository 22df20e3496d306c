package redshiftdata_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// as connects as a user with a password.
func (s *served) as(t *testing.T, user, password string) (*pgx.Conn, error) {
	t.Helper()
	config, err := pgx.ParseConfig(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	config.User, config.Password = user, password
	c, err := pgx.ConnectConfig(t.Context(), config)
	if err == nil {
		t.Cleanup(func() { c.Close(t.Context()) })
	}
	return c, err
}

// TestOwners: an owner may do everything with a table, and gives it away; the views tell who it is.
func TestOwners(t *testing.T) {
	s := serve(t)
	admin := s.connect(t, "")
	do(t, admin, "create user ann password 'Secret12'", "create user bob password disable", "create schema s", "grant usage on schema s to ann", "create table s.t (a int)", "create view s.v as select a from s.t")
	ann, err := s.as(t, "ann", "Secret12")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		c                *pgx.Conn
		statements, want string
	}{
		{ann, "select * from s.t|alter table s.t owner to ann", "42501 permission denied for relation t; 42501 permission denied: ann may not ALTER"},
		{admin, "alter table s.t owner to nobody|alter table s.nothing owner to ann|begin|alter table s.t owner to ann|rollback", `42704 user "nobody" does not exist; 42P01 relation "s.nothing" does not exist; BEGIN; ALTER TABLE; ROLLBACK`},
		{ann, "select * from s.t", "42501 permission denied for relation t"},
		{admin, "alter table s.t owner to ann|alter table s.v owner to ann|drop user ann", `ALTER TABLE; ALTER TABLE; 55006 user "ann" can't be dropped because the user owns some object`},
		{ann, "insert into s.t values (1)|select * from s.t|grant select on s.t to bob", "INSERT 0 1; [[1]]; GRANT"},
		{admin, "select tablename, tableowner from pg_tables where schemaname = 's'|select viewname, viewowner from pg_views where schemaname = 's'", "[[t ann]]; [[v ann]]"},
		{admin, "select relname, usename from pg_class, pg_user where relowner = usesysid and relname in ('t', 'v') order by 1|select table_name, table_owner from svv_redshift_tables where schema_name = 's' order by 1", "[[t ann] [v ann]]; [[t ann] [v ann]]"},
		{ann, "alter table s.t owner to bob|select * from s.t", "ALTER TABLE; 42501 permission denied for relation t"},
		{admin, "alter table s.t owner to admin|select tableowner from pg_tables where tablename = 't'", "ALTER TABLE; [[admin]]"},
	} {
		if got := do(t, e.c, strings.Split(e.statements, "|")...); got != e.want {
			t.Errorf("%s\n got %s\nwant %s", e.statements, got, e.want)
		}
	}
}

// TestUserOptions has the examples of the guide's page on CREATE USER.
func TestUserOptions(t *testing.T) {
	s := serve(t)
	admin := s.connect(t, "")
	for _, e := range []struct{ statements, want string }{
		{"create user dbuser with password 'abcD1234' createdb connection limit 1|select usename, useconnlimit from pg_user_info where usename = 'dbuser'", "CREATE USER; [[dbuser 1]]"},
		{"create user until with password 'abcD1234' valid until '2017-06-10'|create user later with password 'abcD1234' valid until '2937-06-10 12:00:00'|select usename, valuntil from pg_user where valuntil is not null order by 1", "CREATE USER; CREATE USER; [[later 2937-06-10 12:00:00] [until 2017-06-10 00:00:00]]"},
		{"create user slashpass password 'md50c983d1a624280812631c5389e60d48c' syslog access unrestricted|select syslog_access, connection_limit from svv_user_info where user_name = 'slashpass'", "CREATE USER; [[UNRESTRICTED UNLIMITED]]"},
		{"create user nobody|create user nobody createdb|create user nobody password disable valid until 'noon'|create user nobody password disable connection limit x", `42601 syntax error at end of input; 42601 syntax error at or near "createdb"; XX000 VALID UNTIL takes a date, a timestamp or 'infinity'; 42601 syntax error at or near "x"`},
		{"create user dbuser2 password 'abcD1234' session timeout 120", "0A000 CREATE USER ... SESSION is not modelled here"},
	} {
		if got := do(t, admin, strings.Split(e.statements, "|")...); got != e.want {
			t.Errorf("%s\n got %s\nwant %s", e.statements, got, e.want)
		}
	}
	enters := func(user string) string {
		t.Helper()
		_, err := s.as(t, user, "abcD1234")
		if err == nil {
			return ""
		}
		return state(err)
	}
	for _, e := range []struct{ user, want string }{{"later", ""}, {"until", "28P01 password authentication failed for user \"until\""}, {"dbuser", ""}, {"dbuser", `53300 too many connections for user "dbuser"`}} {
		if got := enters(e.user); !strings.Contains(got, e.want) || e.want == "" && got != "" {
			t.Errorf("%s: got %q, want %q", e.user, got, e.want)
		}
	}
	do(t, admin, "alter user until valid until 'infinity'", "alter user dbuser connection limit unlimited")
	for _, user := range []string{"until", "dbuser"} {
		if got := enters(user); got != "" {
			t.Errorf("%s after it was altered: %s", user, got)
		}
	}
}

// TestRenamedUsers: a user that is renamed keeps rights, tables, limit and end; a user of the old name that is made anew has none of them.
func TestRenamedUsers(t *testing.T) {
	s := serve(t)
	admin := s.connect(t, "")
	do(t, admin, "create user ann password 'Secret12' valid until '2937-06-10' connection limit 1 createuser", "alter user ann nocreateuser", "create schema s", "grant usage on schema s to ann", "create table s.t (a int)", "alter table s.t owner to ann")
	for _, e := range []struct{ statements, want string }{
		{"alter user ann rename to eve|create user ann password 'Secret12'|alter user eve password 'Secret12'|drop user eve", `ALTER USER; CREATE USER; ALTER USER; 55006 user "eve" can't be dropped because the user owns some object`},
		{"select usename, valuntil, useconnlimit from pg_user_info where usename in ('ann', 'eve') order by 1|select tableowner from pg_tables where tablename = 't'", "[[ann  UNLIMITED] [eve 2937-06-10 00:00:00 1]]; [[eve]]"},
		{"alter user eve password disable|alter user eve password 'Secret12'|select valuntil from pg_user where usename = 'eve'", "ALTER USER; ALTER USER; [[2937-06-10 00:00:00]]"},
		{"drop user ann|select usename from pg_user where usename = 'ann'", "DROP USER; SELECT"},
	} {
		if got := do(t, admin, strings.Split(e.statements, "|")...); got != e.want {
			t.Errorf("%s\n got %s\nwant %s", e.statements, got, e.want)
		}
	}
	eve, err := s.as(t, "eve", "Secret12")
	if err != nil {
		t.Fatal(err)
	}
	if got := do(t, eve, "select * from s.t"); got != "SELECT" {
		t.Errorf("the owner's new name: %s", got)
	}
}

// TestUsersOfATransaction: a transaction that is rolled back has made, changed and dropped no user.
func TestUsersOfATransaction(t *testing.T) {
	s := serve(t)
	admin := s.connect(t, "")
	do(t, admin, "create user ann password 'Secret12' connection limit 5", "create user bob password 'Secret12'")
	if got, want := do(t, admin, "begin", "create user eve password 'Secret12'", "alter user ann password 'Other123' connection limit 0", "alter user ann rename to zoe", "drop user bob", "rollback",
		"select usename, useconnlimit from pg_user_info where usename in ('ann', 'bob', 'eve', 'zoe') order by 1"),
		"BEGIN; CREATE USER; ALTER USER; ALTER USER; DROP USER; ROLLBACK; [[ann 5] [bob UNLIMITED]]"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	for user, enters := range map[string]bool{"ann": true, "bob": true, "eve": false, "zoe": false} {
		if _, err := s.as(t, user, "Secret12"); (err == nil) != enters {
			t.Errorf("%s: %v", user, err)
		}
	}
}

// TestConnectionLimit: of clients that connect at once no more enter than may.
func TestConnectionLimit(t *testing.T) {
	s := serve(t)
	do(t, s.connect(t, ""), "create user ann password 'Secret12' connection limit 2")
	entered := make(chan error)
	const clients = 16
	for range clients {
		go func() {
			_, err := s.as(t, "ann", "Secret12")
			entered <- err
		}()
	}
	in := 0
	for range clients {
		if err := <-entered; err == nil {
			in++
		} else if !strings.Contains(err.Error(), "53300") {
			t.Error(err)
		}
	}
	if in != 2 {
		t.Errorf("%d sessions of a user who may have 2", in)
	}
}

// TestAlterTableAppend has what the guide's page says of ALTER TABLE APPEND.
func TestAlterTableAppend(t *testing.T) {
	c := serve(t).connect(t, "")
	do(t, c, "create table sales (id int not null, qty int default 7, price decimal(8,2)) distkey(id) sortkey(id)", "create table sales_monthly (price decimal(8,2), id int not null, qty int default 7) distkey(id) sortkey(id)",
		"create table sales_listing (id int not null, qty int, price decimal(8,2), extra varchar(3)) distkey(id) sortkey(id)", "create table sales_month (id int not null) distkey(id) sortkey(id)",
		"create table other (id bigint not null, qty int, price decimal(8,2)) distkey(id) sortkey(id)", "create table evenly (id int not null, qty int, price decimal(8,2)) diststyle even sortkey(id)", "create table unsorted (id int not null, qty int, price decimal(8,2)) distkey(id)",
		"create table counted (n int identity(1,1), id int) ", "create table plain (id int)", "create table counted2 (n int identity(1,1), id int)", "create view v as select id from plain", "create temp table tmp (id int)",
		"insert into sales values (1, 1, 1)", "insert into sales_monthly values (2.50, 2, 2), (3.50, 3, 3)", "insert into sales_listing values (4, 4, 4, 'x')", "insert into sales_month values (5)", "insert into plain values (6), (7)")
	for _, e := range []struct{ statements, want string }{
		{"begin|alter table sales append from sales_monthly|rollback", "BEGIN; 25001 ALTER TABLE APPEND cannot run inside a transaction block; ROLLBACK"},
		{"alter table sales append from sales_monthly|select * from sales order by id|select count(*) from sales_monthly", "ALTER TABLE; [[1 1 1.00] [2 2 2.50] [3 3 3.50]]; [[0]]"},
		{"alter table sales append from sales_listing|alter table sales append from sales_listing ignoreextra|select count(*) from sales_listing", `XX000 column "extra" of public.sales_listing is in one of the tables only: see IGNOREEXTRA; ALTER TABLE; [[0]]`},
		{"alter table sales append from sales_month ignoreextra|alter table sales append from sales_month filltarget|select * from sales where id > 3 order by id", `XX000 column "qty" of public.sales is in one of the tables only: see FILLTARGET; ALTER TABLE; [[4 4 4.00] [5 7 ]]`},
		{"alter table sales append from other|alter table sales append from evenly|alter table sales append from unsorted", `XX000 column "id" of public.other and public.sales has different attributes; XX000 source and target of ALTER TABLE APPEND have different distribution styles or keys; XX000 source and target of ALTER TABLE APPEND have different sort keys`},
		{"alter table counted append from counted2|alter table counted append from plain filltarget|select * from counted order by 1", `XX000 ALTER TABLE APPEND cannot append the identity column "n"; ALTER TABLE; [[1 6] [2 7]]`},
		{"alter table sales append from sales|alter table plain append from v|alter table plain append from tmp|alter table plain append from nothing|alter table plain append from plain ignoreextra filltarget", `XX000 source and target of ALTER TABLE APPEND are the same table; 42809 cannot append a view; XX000 ALTER TABLE APPEND takes permanent tables; 42P01 relation "nothing" does not exist; 42601 syntax error at or near "filltarget"`},
	} {
		if got := do(t, c, strings.Split(e.statements, "|")...); got != e.want {
			t.Errorf("%s\n got %s\nwant %s", e.statements, got, e.want)
		}
	}
}

// TestKeysOfCreateTableAs: distribution and sort keys are named, by their positions, too, and have to be there ("CREATE TABLE AS").
func TestKeysOfCreateTableAs(t *testing.T) {
	c := serve(t).connect(t, "")
	for _, e := range []struct{ statements, want string }{
		{`create table eventdistsort diststyle key distkey (venueid) sortkey (eventid, dateid) as select 1 as eventid, 2 as venueid, 3 as dateid|select "table", diststyle, sortkey1, sortkey_num from svv_table_info where "table" = 'eventdistsort'`, "CREATE TABLE; [[eventdistsort KEY(venueid) eventid 2]]"},
		{`create table eventdistsort1 distkey (1) sortkey (1,3) as select 1 as eventid, 2 as venueid, 3 as dateid|select "column", distkey, sortkey from pg_table_def where tablename = 'eventdistsort1' order by 1`, "CREATE TABLE; [[dateid f 2] [eventid t 1] [venueid f 0]]"},
		{"create table named (x, y) diststyle all interleaved sortkey (x, y) as (select 1, 2)|create temp table own distkey (a) as select 1 as a", "CREATE TABLE; CREATE TABLE"},
		{"create table wrong distkey (nope) as select 1 as a|create table wrong sortkey (2) as select 1 as a|create table wrong (a int) sortkey (b)|create table wrong (a int) distkey (1)",
			`XX000 column "nope" specified as distkey/sortkey is not in the table "wrong"; XX000 column "2" specified as distkey/sortkey is not in the table "wrong"; XX000 column "b" specified as distkey/sortkey is not in the table "wrong"; XX000 column "1" specified as distkey/sortkey is not in the table "wrong"`},
		{"comment on table named is $x$what's it$x$|select obj_description('named'::regclass)", "COMMENT; [[what's it]]"},
	} {
		if got := do(t, c, strings.Split(e.statements, "|")...); got != e.want {
			t.Errorf("%s\n got %s\nwant %s", e.statements, got, e.want)
		}
	}
}
