package redshiftdata_test

import (
	"fmt"
	"sync"
	"testing"
)

// TestDefinitions: what sessions have found of relations is what they see, whoever changes them meanwhile.
func TestDefinitions(t *testing.T) {
	s := serve(t)
	a, b := s.connect(t, ""), s.connect(t, "")
	for _, step := range []struct{ who, statements, want string }{
		{"a", "create table t (x int)", "CREATE TABLE"},
		{"b", "select * from t", "SELECT"},
		{"a", "alter table t add column y int default 1", "ALTER TABLE"},
		{"b", "insert into t (x) values (1)", "INSERT 0 1"},
		{"b", "select * from t", "[[1 1]]"},
		{"b", "begin", "BEGIN"},
		{"b", "select x from t", "[[1]]"},
		{"a", "create table u (x int)", "CREATE TABLE"},
		{"a", "select * from u", "SELECT"},
		{"b", "select * from u", `42P01 relation "u" does not exist`},
		{"b", "rollback", "ROLLBACK"},
		{"b", "select * from u", "SELECT"},
		{"a", "begin", "BEGIN"},
		{"a", "alter table u rename column x to z", "ALTER TABLE"},
		{"a", "select z from u", "SELECT"},
		{"b", "select z from u", `42703 column "z" does not exist`},
		{"b", "select x from u", "SELECT"},
		{"a", "rollback", "ROLLBACK"},
		{"a", "select z from u", `42703 column "z" does not exist`},
		{"a", "create temp table u (own int)", "CREATE TABLE"},
		{"a", "select own from u", "SELECT"},
		{"b", "select own from u", `42703 column "own" does not exist`},
		{"a", "drop table u", "DROP TABLE"},
		{"a", "select x from u", "SELECT"},
		{"a", "drop table u", "DROP TABLE"},
		{"b", "select x from u", `42P01 relation "u" does not exist`},
	} {
		conn := a
		if step.who == "b" {
			conn = b
		}
		if got := do(t, conn, step.statements); got != step.want && !(step.want == "SELECT" && got == "[]") && got != step.want+" 0" {
			t.Errorf("%s: %s\n got %s\nwant %s", step.who, step.statements, got, step.want)
		}
	}
	// Columns come and go while others ask: each answer is of one state.
	do(t, a, "create table w (x int)", "insert into w values (1)")
	var all sync.WaitGroup
	done := make(chan bool)
	for range 2 {
		conn := s.connect(t, "")
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if got := do(t, conn, "select * from w"); got != "[[1]]" && got != "[[1 2]]" {
					t.Errorf("while columns come and go: %s", got)
				}
			}
		})
	}
	for i := range 10 {
		if got := do(t, a, "alter table w add column y int default 2", "alter table w drop column y"); got != "ALTER TABLE; ALTER TABLE" {
			t.Error(fmt.Sprint(i, ": ", got))
		}
	}
	close(done)
	all.Wait()
}
