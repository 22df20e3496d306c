package redshiftdata_test

import "testing"

// TestClientExplain: a plan is read like a query's rows, and nothing is changed for it.
func TestClientExplain(t *testing.T) {
	s := serve(t)
	c := s.connect(t, "")
	do(t, c, "create schema s", "create table s.t (a int)", "insert into s.t values (1)")
	for _, q := range []struct{ sql, want string }{
		{"explain select a from s.t where a = 1", "[[XN Seq Scan on t] [  Filter: (a = 1)]]"},
		{"explain delete from s.t", "[[XN Seq Scan on t]]"},
		{"explain create table s.u as select a from s.t", "[[XN Seq Scan on t]]"},
		{"explain select relname from pg_class", "[[LD Seq Scan on pg_class]]"},
		{"select count(*) from s.t", "[[1]]"},
		{"select * from s.u", `42P01 relation "s.u" does not exist`},
		{"explain verbose select 1", "0A000 EXPLAIN VERBOSE, the planner's own tree, is not modelled here"},
		{"explain drop materialized view v", "XX000 EXPLAIN is for SELECT, SELECT INTO, CREATE TABLE AS, INSERT, UPDATE and DELETE"},
	} {
		if got := do(t, c, q.sql); got != q.want {
			t.Errorf("%s\n got %s\nwant %s", q.sql, got, q.want)
		}
	}
	var first string
	if err := c.QueryRow(t.Context(), "explain select a from s.t where a = $1", 5).Scan(&first); err != nil || first != "XN Seq Scan on t" {
		t.Errorf("with a parameter: %q, %v", first, err)
	}
}
