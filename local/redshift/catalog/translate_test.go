package catalog_test

import (
	"strings"
	"testing"

	"airline/local/redshift/catalog"
)

func TestTranslate(t *testing.T) {
	c := catalog.New(catalog.State{Database: "dev", User: "ann", Admin: "admin", Path: []string{"public"}, Users: []catalog.User{{Name: "admin", Super: true}, {Name: "ann"}}})
	for sql, want := range map[string]string{ // a part of the answer; "-": not a query of system relations; "!": an error
		"select 1":                                                  "-",
		"select * from public.t":                                    "-",
		"select * from pg_class c, public.t":                        "-",
		"delete from pg_class":                                      "-",
		"select relname from pg_class":                              `select "relname" from "pg_catalog.pg_class" AS "pg_class"`,
		"select relname from pg_catalog.pg_class c":                 `from "pg_catalog.pg_class" "c"`,
		"select c.oid from dev.pg_catalog.pg_class as c":            `from "pg_catalog.pg_class" as "c"`,
		"SELECT relname FROM PG_CLASS WHERE relname ~ '^a'":         `where "relname" ~ ('(?s).*(?:' || '^a' || ').*')`,
		"select 1 from pg_class where relname !~* ('a'||'b')::text": `~ ('(?is).*(?:' || ( 'a' || 'b' ) ::VARCHAR || ').*')`,
		"select 1 from pg_class where relname operator(pg_catalog.~) 'x' collate pg_catalog.default":    `~ ('(?s).*(?:' || 'x' || ').*')`,
		`select 1 from pg_class where relname like 'a\\_b'`:                                             `like 'a\_b' ESCAPE '\'`,
		"select 1 from pg_class where relname like 'a' escape '!'":                                      `like 'a' escape '!'`,
		"select current_database(), current_user, e'\\n' from pg_class":                                 `select 'dev' , 'ann' ,`,
		"select current_database as x from current_database()":                                          "-",
		"select extract(year from valuntil) from pg_user":                                               `extract ( "year" from "valuntil" )`,
		"select cast(relname as varchar(10)) from pg_class":                                             "cast ( \"relname\" as VARCHAR )",
		`select 1 from pg_class where relkind = any('{r,"a\\\"b, c",it''s}')`:                           `any(['r', 'a"b, c', 'it''s'])`,
		"select 1 from pg_class where oid = any('{1259,3}'::oid[]) and true":                            `any([1259, 3]) and true`,
		"select 1 from pg_class where oid = any('{}')":                                                  `any([])`,
		"with recursive a(x, y) as (select oid, relname from pg_class) select * from a":                 `"a" ( "x" , "y" ) as ( select "oid" , "relname" from`,
		"with a as (select oid from pg_class) select * from a":                                          `"a" as ( select "oid" from "pg_catalog.pg_class" AS "pg_class" ) select * from "a"`,
		"select 1 from pg_type where typreceive != 0 or typlen <> 0":                                    `where "typreceive" != '-' or "typlen" <> 0`,
		"select * from pg_nothing":                                                                      "!system relation pg_nothing is not modelled here",
		"select * from svl_nothing":                                                                     "!svl_nothing",
		"select read_text('/etc/passwd') from pg_class":                                                 "!function read_text()",
		"select * from pg_class, read_csv('x')":                                                         "-",
		"select * from pg_class where oid = 'x'::nonsense":                                              "!type",
		"select has_table_privilege('t', 'select') from pg_class":                                       "!HAS_TABLE_PRIVILEGE",
		"select pg_get_userbyid(relowner) from pg_class; ":                                              "redshift_system.main.pg_get_userbyid ( \"relowner\" )",
		`select "relname" "From" from pg_class`:                                                         `select "relname" "from" from`,
		"select relname from pg_class where relkind in ('r', 'v') and relnamespace = 'x'::regnamespace": "!regnamespace",
	} {
		duck, ok, err := c.Translate(sql)
		switch {
		case strings.HasPrefix(want, "!"):
			if err == nil || !strings.Contains(err.Error(), want[1:]) {
				t.Errorf("%s: %v, want an error with %q", sql, err, want[1:])
			}
		case want == "-":
			if ok && !strings.Contains(sql, "current_database()") {
				t.Errorf("%s is taken for a query of system relations", sql)
			}
		case err != nil || !strings.Contains(duck, want):
			t.Errorf("%s:\n%v %s\nlacks %s", sql, err, duck[max(0, strings.LastIndex(duck, ")) ")):], want)
		}
	}
}

// FuzzTranslate: nothing reaches DuckDB but the relations, functions and words of the lists.
func FuzzTranslate(f *testing.F) {
	f.Add("select a ~ 'x' from pg_class c left join pg_namespace n on (c.oid = n.oid) where c.relname like 'a' order by 1")
	f.Add("with a as (select oid::regclass from pg_class) select * from a where x in (1, 2) and 'x'::regtype = 1")
	f.Add("select pg_get_viewdef(oid, true), extract(year from x), array(select 1) from pg_views")
	c := catalog.New(catalog.State{Database: "dev", User: "admin", Admin: "admin", Path: []string{"public"}})
	f.Fuzz(func(t *testing.T, sql string) {
		duck, ok, err := c.Translate(sql)
		if !ok || err != nil {
			return
		}
		for _, bad := range []string{"read_csv", "read_text", "glob", "attach", "pragma", "copy", "install", "load_", "getenv"} {
			if i := strings.Index(strings.ToLower(duck), bad+" ("); i >= 0 {
				t.Errorf("%s\nbecomes %s", sql, duck)
			}
		}
	})
}
