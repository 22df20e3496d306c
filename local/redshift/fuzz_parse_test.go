package redshift

import "testing"

// FuzzParse reads statements: what is refused has its place in the text, and what is read has a kind and can be explained.
func FuzzParse(f *testing.F) {
	for _, s := range append(seeds, "create table t (a int identity(1, 1) not null, b varchar(3) default 'x', primary key (a)) diststyle key distkey (a)",
		"create materialized view m backup no as select 1", "insert into t (a) values (default, 2)", "merge into t using s on t.a = s.a when matched then delete when not matched then insert values (1)",
		"select a from t, u where t.a = u.a(+) and u.b(+) like 'x'", "explain with c as (select 1) select * from c", "update t set a = 1 from u where t.a = u.a", "alter table t add column c int") {
		f.Add(s)
	}
	session := &Session{Catalog: nothing{}}
	f.Fuzz(func(t *testing.T, s string) {
		understood := Understood(s)
		st, err := Parse(s)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Offset < 0 || e.Offset > len(s) || e.Line < 1 || e.Column < 1 {
				t.Fatalf("%q: an error without its place: %#v", s, err)
			}
			return
		}
		if st.Verb == "" || st.node == nil {
			t.Fatalf("%q: a statement without a kind: %#v", s, st)
		}
		if !understood {
			t.Fatalf("%q is read as %s, and yet said not to be understood", s, st.Verb)
		}
		if q, ok := st.node.(*selectStatement); ok {
			st.node = &explainStatement{at(0), q}
			if q, err := Translate(st, session); err == nil && len(q.Columns) != 1 {
				t.Fatalf("%q: its plan has %d columns", s, len(q.Columns))
			}
		}
	})
}
