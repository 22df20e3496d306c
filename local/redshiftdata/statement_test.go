package redshiftdata

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2008, 5, 1, 12, 0, 0, 0, time.UTC)

// orFail ends a divisor.
const orFail = "], lambda d: CASE WHEN d = 0 THEN error('ERROR: division by zero') ELSE d END)[1]"

func TestParse(t *testing.T) {
	for _, c := range []struct{ sql, duck string }{
		{"insert into s.t (a, b) values (getdate(), sysdate)", "insert into s.t (a, b) values (TIMESTAMP '2008-05-01 12:00:00', TIMESTAMP '2008-05-01 12:00:00')"},
		{"insert into t select a / -b.c::float8, mod(nvl(a, 1), length(b) - 1) from t", "insert into t select a / list_transform([-b.c::float8" + orFail + ", mod(coalesce(a, 1), list_transform([length(b) - 1" + orFail + ") from t"},
		{"insert into t select datediff(day, a, b), dateadd(month, -1, a) from t", "insert into t select datediff('day', a, b), ((INTERVAL 1 month) * ( -1) + CAST( a AS TIMESTAMP)) from t"},
		{"delete from s.t using s.u where t.a = u.a", "delete from s.t using s.u where t.a = u.a"},
		{"create table t distkey(a) sortkey auto as select 1 as a", "create table t  as select 1 as a"},
		{"merge into t using s on t.a = s.a when matched then update set b = s.b when not matched then insert (a) values (s.a)",
			"merge into t using s on t.a = s.a when matched then update set b = s.b when not matched then insert (a) values (s.a)"},
	} {
		st, err := parse(c.sql, noon)
		if err != nil {
			t.Errorf("%s\n\t%v", c.sql, err)
			continue
		}
		if got := st.duck(); got != c.duck {
			t.Errorf("%s\n got %s\nwant %s", c.sql, got, c.duck)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for sql, want := range map[string]string{
		"":                                  "syntax error at end of input",
		"select 1; select 2":                "cannot insert multiple commands",
		"attach 'x.db' as x":                `syntax error at or near "attach"`,
		"pragma database_list":              "syntax error",
		"install httpfs":                    "syntax error",
		"from t":                            "syntax error",
		"describe t":                        "syntax error",
		"set enable_external_access = true": "SET is not modelled",
		"export database 'x'":               "syntax error",
		"begin":                             "BEGIN is not modelled",
		"unload ('select 1') to 's3://x'":   "UNLOAD is not modelled",
		"copy t to '/tmp/x'":                "syntax error at or near \"to\"",
		"copy t from '/etc/passwd' format parquet":                                                     "COPY is modelled from 's3://bucket/prefix' only",
		"copy t from :file format parquet":                                                             "syntax error at or near \":file\"",
		"copy t from 's3://b/k' iam_role default format parquet":                                       "with the ARN of a role",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' format csv":                "PARQUET and JSON only, not for CSV",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' format parquet fillrecord": "COPY ... FILLRECORD is not modelled",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r'":                           "FORMAT PARQUET and FORMAT JSON only",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' format json 'noshred'":     "with 'auto' only, not with 'noshred'",
		"copy t from 's3://b/k' format as parquet":                                                     "COPY needs IAM_ROLE",
		"select * from read_parquet('/tmp/x')":                                                         "function read_parquet() does not exist",
		"select * from read_csv_auto('/tmp/x')":                                                        "does not exist",
		"select * from s.glob('/tmp/*')":                                                               "does not exist",
		"select * from t, glob('/tmp/*')":                                                              "does not exist",
		"select * from \"read_csv\"('/tmp/x')":                                                         "does not exist",
		"select a from t where a in (select * from glob('*'))":                                         "does not exist",
		"select getenv('HOME')":                                                                        "function getenv() does not exist",
		"select main.getenv('HOME')":                                                                   "does not exist",
		"select \"getenv\"('HOME')":                                                                    "does not exist",
		"select * from '/etc/passwd'":                                                                  "syntax error",
		"select 1 union select * from '/etc/passwd'":                                                   "syntax error",
		"select * from t join 'x.csv' on true":                                                         "syntax error",
		"insert into t select * from 'x.parquet'":                                                      "syntax error",
		"select [1, 2]":                                               "syntax error",
		"select {'a': 1}":                                             "syntax error",
		"select 'a\\'":                                                "unterminated quoted string",
		"insert into t values ('a\\b')":                               "backslash",
		"insert into t values ([1])":                                  "syntax error",
		"select e'a'":                                                 "prefix",
		"select 'a":                                                   "unterminated quoted string",
		"select /* a":                                                 "unterminated /* comment",
		"select 'a\x00b'":                                             "invalid byte sequence",
		"select '\xff'":                                               "invalid byte sequence",
		"insert or replace into t values (1)":                         "syntax error",
		"create or replace table t (a int)":                           "not modelled",
		"create table t (a int, A int)":                               "duplicated",
		"create table t (a int default getdate())":                    "constant only",
		"create table t (a bigint identity(1,1))":                     "IDENTITY is not modelled",
		"create table t (a list)":                                     "type \"list\" does not exist",
		"create table t (a varchar(70000))":                           "cannot exceed 65535",
		"insert into t values (1) returning a":                        "syntax error",
		"delete from t where a = 1 returning *":                       "syntax error",
		"alter table t add column a varchar(10)":                      "not modelled",
		"alter table t add column a bigint not null":                  "must have a non-null default",
		"create function f() returns int as 'x'":                      "not modelled",
		"call f(1)":                                                   "string literals only",
		"create procedure p(a int) as $$begin end$$ language plpgsql": "VARCHAR(n) only",
		"create procedure p(a varchar(9)) as $$begin delete from t; end$$ language plpgsql":                                    "SELECT COUNT(*) INTO, IF and EXECUTE are modelled",
		"create procedure p(a varchar(9)) as $$begin execute b; end$$ language plpgsql":                                        "QUOTE_IDENT of a parameter",
		"create procedure p(a varchar(9)) as $$begin execute quote_ident(b); end$$ language plpgsql":                           `column "b" does not exist`,
		"create procedure p(a varchar(9)) as $$declare n integer; begin select count(*) into n from t; end$$ language plpgsql": "FROM pg_user",
		"create procedure p(a varchar(9)) as 'begin end' language plpgsql":                                                     "syntax error",
		"create procedure p(a varchar(9)) as $$begin end$$":                                                                    "syntax error",
		"create procedure p(a varchar(9)) as $$begin end":                                                                      "unterminated dollar-quoted",
	} {
		if _, err := parse(sql, noon); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", sql, err, want)
		}
	}
}

func TestRelations(t *testing.T) {
	for _, c := range []struct{ sql, reads, writes string }{
		{"insert into a.t select * from a.u, v w join a.x on true", "a.u v a.x", "a.t"},
		{"delete from a.t using a.u where true", "a.u", "a.t"},
		{"update a.t set x = 1 from a.u where true", "a.u", "a.t"},
		{"delete from a.t where x in (select x from s)", "s", "a.t"},
	} {
		st, err := parse(c.sql, noon)
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		list := func(names []name) string {
			var s []string
			for _, n := range names {
				s = append(s, n.String())
			}
			slices.Sort(s)
			return strings.Join(s, " ")
		}
		want := strings.Fields(c.reads)
		slices.Sort(want)
		if list(st.reads) != strings.Join(want, " ") || list(st.writes) != c.writes {
			t.Errorf("%s: reads %s, writes %s", c.sql, list(st.reads), list(st.writes))
		}
	}
}

func TestCreateTable(t *testing.T) {
	st, err := parse(`CREATE TABLE IF NOT EXISTS airlines.t (a VARCHAR(10) NOT NULL ENCODE zstd, b char, c character varying(max), d decimal(10, 2) default 0,
		e timestamp without time zone, f double precision, g bigint primary key, h text, foreign key (a) references u(a)) diststyle key distkey(a) compound sortkey (a, b)`, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := `CREATE TABLE IF NOT EXISTS "airlines"."t" ("a" VARCHAR NOT NULL CHECK (strlen("a") <= 10), "b" VARCHAR CHECK (strlen("b") <= 1), ` +
		`"c" VARCHAR CHECK (strlen("c") <= 65535), "d" DECIMAL(10,2) DEFAULT 0, "e" TIMESTAMP, "f" DOUBLE, "g" BIGINT NOT NULL, "h" VARCHAR CHECK (strlen("h") <= 256))`
	if got := st.ddl.duck(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"select 1", "with a as (select 1) select * from a", "copy t from 's3://b/k' iam_role 'x'", "create table t (a int)", "dateadd(", "select dateadd(day", "grant select on t to a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if st, err := parse(s, noon); err == nil && st.query == nil {
			st.duck() // edits must not overlap
		}
	})
}
