package redshiftdata

import (
	"strings"
	"testing"
)

func TestParseRefuses(t *testing.T) {
	for sql, want := range map[string]string{
		"":                                  "syntax error at end of input",
		"select 1; select 2":                "cannot insert multiple commands",
		"attach 'x.db' as x":                "ATTACH is not modelled here",
		"pragma database_list":              "syntax error",
		"install httpfs":                    "syntax error",
		"from t":                            "syntax error",
		"describe t":                        "syntax error",
		"set enable_external_access = true": "SET is not modelled",
		"export database 'x'":               "syntax error",
		"begin":                             "BEGIN is not modelled",
		"copy t to '/tmp/x'":                "syntax error at or near \"to\"",
		"copy t from '/etc/passwd' format parquet":                                                     "COPY is modelled from 's3://bucket/prefix' only",
		"copy t from :file format parquet":                                                             "syntax error at or near \":file\"",
		"copy t from 's3://b/k' iam_role default format parquet":                                       "with the ARN of a role",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' format orc":                "CSV, JSON and PARQUET only, not for ORC",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' format parquet fillrecord": "COPY of PARQUET is modelled with MANIFEST",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' ssh":                       "COPY ... SSH is not modelled",
		"copy t from 's3://b/k' iam_role 'arn:aws:iam::123456789012:role/r' format json 'noshred'":     "with 'auto', 'auto ignorecase' and JSONPaths files, not with 'noshred'",
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
		"select [1, 2]":                          "syntax error",
		"select {'a': 1}":                        "syntax error",
		"select 'a\\'":                           "unterminated quoted string",
		"insert into t values ([1])":             "syntax error",
		"select e'a'":                            "prefix",
		"select 'a":                              "unterminated quoted string",
		"select /* a":                            "unterminated /* comment",
		"select 'a\x00b'":                        "invalid byte sequence",
		"select '\xff'":                          "invalid byte sequence",
		"insert or replace into t values (1)":    "syntax error",
		"create or replace table t (a int)":      "not modelled",
		"create table t (a int, A int)":          "duplicated",
		"create table t (a list)":                "type \"list\" does not exist",
		"create table t (a varchar(70000))":      "cannot exceed 65535",
		"insert into t values (1) returning a":   "syntax error",
		"delete from t where a = 1 returning *":  "syntax error",
		"create function f() returns int as 'x'": "not modelled",
		"call f(1)":                              "string literals only",
		"create procedure p(a int) as $$begin end$$ language plpgsql":                                                          "VARCHAR(n) only",
		"create procedure p(a varchar(9)) as $$begin delete from t; end$$ language plpgsql":                                    "SELECT COUNT(*) INTO, IF and EXECUTE are modelled",
		"create procedure p(a varchar(9)) as $$begin execute b; end$$ language plpgsql":                                        "QUOTE_IDENT of a parameter",
		"create procedure p(a varchar(9)) as $$begin execute quote_ident(b); end$$ language plpgsql":                           `column "b" does not exist`,
		"create procedure p(a varchar(9)) as $$declare n integer; begin select count(*) into n from t; end$$ language plpgsql": "FROM pg_user",
		"create procedure p(a varchar(9)) as 'begin end' language plpgsql":                                                     "syntax error",
		"create procedure p(a varchar(9)) as $$begin end$$":                                                                    "syntax error",
		"create procedure p(a varchar(9)) as $$begin end":                                                                      "unterminated dollar-quoted",
	} {
		if _, err := parse(sql); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", sql, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"select 1", "with a as (select 1) select * from a", "copy t from 's3://b/k' iam_role 'x'", "create table t (a int)", "dateadd(", "select dateadd(day", "grant select on t to a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if st, err := parse(s); err == nil && st.query == nil {
			st.duck() // edits must not overlap
		}
	})
}
