package redshift

import (
	"strings"
	"testing"
)

// change runs a statement without a result.
func (e *Engine) change(t *testing.T, text string) error {
	t.Helper()
	st, err := Parse(text)
	if err != nil {
		return err
	}
	defer e.session.Catalog.(*DuckCatalog).Forget()
	q, err := Translate(st, e.session)
	if err != nil {
		return err
	}
	for _, sql := range append(append(q.Before[:len(q.Before):len(q.Before)], q.SQL), q.More...) {
		if sql == "" {
			continue
		}
		if _, err := e.db.ExecContext(t.Context(), sql); err != nil {
			return DuckError(err)
		}
	}
	return nil
}

func TestChanges(t *testing.T) {
	e := fixture(t)
	e.db.SetMaxOpenConns(1) // a session
	if _, err := e.db.ExecContext(t.Context(), "SET search_path = 'public'"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ statement, query, want string }{
		{`create table t (id int not null encode az64, name varchar(3) default 'x', c char(4), doc super, b varbyte(2), d date default '05/01/2008',
			primary key (id)) diststyle key distkey (id) compound sortkey (id, name)`, "select count(*) from t", "0"},
		{"insert into t values (1, 'a', 'b ', '{\"a\":1}', 'ab', '20080503'), (2, default, null, null, null, default)",
			"select id, name, c, doc, b, d from t order by 1", `1|a|b   |"{\"a\":1}"|6162|2008-05-03;2|x|NULL|NULL|NULL|2008-05-01`},
		{"insert into t (id, name, doc) select 3, 'abc   ', json_parse('{\"a\":[1]}')", "select name, doc.a[0] from t where id = 3", "abc|1"},
		{"update t set name = 'n' || id, d = d + 1 where id < 3", "select name, d from t order by id", "n1|2008-05-04;n2|2008-05-02;abc|2008-05-01"},
		{"update t set name = f.carrier from f where f.id = t.id and t.id = 3", "select name from t where id = 3", "AA"},
		{"delete from t using f where t.id = f.id and f.ok", "select id from t order by 1", "2;3"},
		{"delete t where id = 3", "select count(*) from t", "1"},
		{"merge into t using (select 2 as id, 'm' as n union all select 9, 'i') s on t.id = s.id when matched then update set name = s.n when not matched then insert (id, name) values (s.id, s.n)",
			"select id, name from t order by 1", "2|m;9|i"},
		{"create table u as select avg(qty) as a, 'e'::char(3) as c, sum(price) p, max(carrier) from f", "select * from u", "2|e  |18.15|WN "},
		{"create table if not exists u (x int)", "select a from u", "2"},
		{"create table w (like t)", "select count(*) from w", "0"},
		{"create temp table q (a, b) as select 1, 2", "select a + b from q", "3"},
		{"create view vw (carrier, n) as select carrier, avg(qty) from f group by 1 order by 1", "select n from vw where carrier = 'AA'", "3"},
		{"create view renamed as select id from f where id = 1", "select * from renamed", "1"},
		{"create or replace view vw as select getdate() as now, id from t", "select now, id from vw order by 2 limit 1", "2009-11-16 10:45:32|2"},
		{"create view late as select * from not_yet with no schema binding", "select 1", "1"},
		{"create table not_yet (a int)", "select count(a) from late", "0"},
		{"alter table not_yet add column b smallint not null default 7", "select count(b) from not_yet", "0"},
		{"select id into copied from t where id = 9", "select * from copied", "9"},
	} {
		err := e.change(t, step.statement)
		if err != nil {
			t.Errorf("%s\n\t%v", step.statement, err)
			continue
		}
		_, rows, err := e.Query(t.Context(), step.query)
		if err != nil {
			t.Errorf("%s\n\t%s\n\t%v", step.statement, step.query, err)
		} else if got := show(rows); got != step.want {
			t.Errorf("%s\n\t%s\n\t got %s\n\twant %s", step.statement, step.query, got, step.want)
		}
	}
}

func TestChangesRefused(t *testing.T) {
	e := fixture(t)
	if err := e.change(t, "create table s.k (id int not null, name varchar(3), d date)"); err != nil {
		t.Fatal(err)
	}
	for statement, want := range map[string]string{
		"insert into s.k values (1, 'äö', null)":                  "value too long for type character varying(3)",
		"insert into s.k select 1, carrier || 'x', d from f":      "value too long for type character varying(3)",
		"insert into s.k (name) values ('a')":                     "Cannot insert a NULL value into column id",
		"insert into s.k values (1, 'a', null, 2)":                "more expressions than target columns",
		"insert into s.k (id, name) values (1)":                   "more target columns than expressions",
		"insert into s.k (id, id) values (1, 2)":                  "specified more than once",
		"insert into s.k (nope) values (1)":                       `column "nope" of relation "k" does not exist`,
		"insert into s.k values ('x', 'a', null)":                 `invalid input syntax for integer: "x"`,
		"insert into s.k values (1, 'a', 5)":                      "cannot cast type integer to date",
		"insert into nowhere values (1)":                          `relation "nowhere" does not exist`,
		"insert into v values (1)":                                "cannot insert into a view",
		"insert into s.k select * from 'x.parquet'":               "syntax error",
		"insert into s.k select * from read_parquet('x')":         "function read_parquet() does not exist",
		"insert into s.k values (1, 'a', null) returning id":      "syntax error",
		"insert or replace into s.k values (1)":                   "syntax error",
		"insert into s.k values (1) on conflict do nothing":       "syntax error",
		"update s.k set id = count(*)":                            "aggregate functions are not allowed in UPDATE",
		"delete from s.k where id = 1 returning *":                "syntax error",
		"create table s.k (a int)":                                "already exists",
		"create table s.m (a int, A int)":                         "duplicated",
		"create table s.m (a bigint identity(1,1))":               "IDENTITY is not modelled",
		"create table s.m (a timestamp default getdate())":        "not a constant is not modelled",
		"create table s.m (a list)":                               `type "list" does not exist`,
		"create table s.m (a geometry)":                           "type geometry is not modelled here",
		"create table s.m (a varchar(70000))":                     "cannot exceed 65535",
		"create table s.m as select 1 as a, 2 as a":               "specified more than once",
		"create view vx as select * from nowhere":                 `relation "nowhere" does not exist`,
		"alter table s.k add column a varchar(10)":                "is not modelled here",
		"alter table s.k add column a bigint not null":            "must have a non-null default",
		"select * from (select 1 as a into s.z) x":                "SELECT INTO is not allowed here",
		"merge into s.k using f on k.id = f.id remove duplicates": "REMOVE DUPLICATES is not modelled",
	} {
		if err := e.change(t, statement); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n\t got %v\n\twant %s", statement, err, want)
		}
	}
}

// A view keeps its query when it is renamed.
func TestRenamedView(t *testing.T) {
	e := fixture(t)
	if err := e.change(t, "create view public.a as select id from public.f where id = 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.db.ExecContext(t.Context(), "ALTER VIEW public.a RENAME TO b"); err != nil {
		t.Fatal(err)
	}
	if _, rows, err := e.Query(t.Context(), "select * from b"); err != nil || show(rows) != "1" {
		t.Errorf("%v, %v", rows, err)
	}
}

// What a statement reads and writes, by which privileges and isolation go.
func TestReadsAndWrites(t *testing.T) {
	session := &Session{Catalog: nothing{}}
	for statement, want := range map[string]string{
		"insert into a.t select x.a from a.u x, v w join a.y on true": "reads a.u v a.y writes a.t",
		"with q as (select * from a.b) select * from q":               "reads a.b writes ",
		"delete from a.t using a.u where true":                        "reads a.u writes a.t",
		"update a.t set a = 1 from a.u where true":                    "reads a.u writes a.t",
		"delete from a.t where a in (select a from s)":                "reads s writes a.t",
		`select 1 from "A"."T" where exists (select 1 from b)`:        "reads a.t b writes ",
		"create table a.n as select a from a.o":                       "reads a.o writes a.n",
		"merge into a.t using a.s on t.a = s.a when matched then delete when not matched then insert values (s.a, s.b, s.c)": "reads a.s writes a.t",
	} {
		st, err := Parse(statement)
		if err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		q, err := Translate(st, session)
		if err != nil {
			t.Errorf("%s: %v", statement, err)
			continue
		}
		list := func(names []Name) string {
			var s []string
			for _, n := range names {
				s = append(s, n.String())
			}
			return strings.Join(s, " ")
		}
		if got := "reads " + list(q.Reads) + " writes " + list(q.Writes); got != want {
			t.Errorf("%s: %s, want %s", statement, got, want)
		}
	}
}
