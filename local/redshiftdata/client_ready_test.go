package redshiftdata_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// TestQueriesAskedAgain: a query that a session asks again, which is prepared already, sees the rows and definitions that there are now, also
// where its plan was made by what was known of the table's rows.
func TestQueriesAskedAgain(t *testing.T) {
	s := serve(t)
	c, other := s.connect(t, ""), s.connect(t, "")
	do(t, c, "create table t (a int, b varchar(10))")
	queries := []string{"select count(*) from t", "select min(a), max(a) from t", "select count(*) from t where a > 100", "select count(*) from t where b is null", "select a from t where a = 7 or a > 200 order by 1",
		"select count(*) from t x join t y on x.a = y.a where y.a > 100", "select sum(a) from t where a between 150 and 400", "select distinct a > 100 from t order by 1", "select b from t where b > 'm' order by 1 limit 3"}
	ask := func(when string, want ...string) {
		t.Helper()
		for i, q := range queries {
			if got := do(t, c, q); got != want[i] {
				t.Errorf("%s: %s gives %s, want %s", when, q, got, want[i])
			}
		}
	}
	ask("without rows", "[[0]]", "[[ ]]", "[[0]]", "[[0]]", "SELECT", "[[0]]", "[[]]", "SELECT", "SELECT")
	do(t, c, "insert into t values (7, 'a'), (8, 'b')")
	ask("with rows", "[[2]]", "[[7 8]]", "[[0]]", "[[0]]", "[[7]]", "[[0]]", "[[]]", "[[f]]", "SELECT")
	ask("with the same rows", "[[2]]", "[[7 8]]", "[[0]]", "[[0]]", "[[7]]", "[[0]]", "[[]]", "[[f]]", "SELECT")
	do(t, other, "insert into t values (300, null), (150, 'z')")
	ask("with another's rows", "[[4]]", "[[7 300]]", "[[2]]", "[[1]]", "[[7] [300]]", "[[2]]", "[[450]]", "[[f] [t]]", "[[z]]")
	do(t, other, "delete from t where a > 100")
	ask("with less rows", "[[2]]", "[[7 8]]", "[[0]]", "[[0]]", "[[7]]", "[[0]]", "[[]]", "[[f]]", "SELECT")
	do(t, c, "begin", "insert into t values (500, 'zz')")
	ask("within a transaction", "[[3]]", "[[7 500]]", "[[1]]", "[[0]]", "[[7] [500]]", "[[1]]", "[[]]", "[[f] [t]]", "[[zz]]")
	do(t, c, "rollback")
	ask("after it", "[[2]]", "[[7 8]]", "[[0]]", "[[0]]", "[[7]]", "[[0]]", "[[]]", "[[f]]", "SELECT")
	do(t, other, "drop table t", "create table t (a bigint, b varchar(10), c int)", "insert into t values (9000000000, 'x', 1)")
	ask("of another table", "[[1]]", "[[9000000000 9000000000]]", "[[1]]", "[[0]]", "[[9000000000]]", "[[1]]", "[[]]", "[[t]]", "[[x]]")
	do(t, other, "drop table t")
	if got := do(t, c, queries[0]); got != `42P01 relation "t" does not exist` {
		t.Errorf("without the table: %s", got)
	}
	for i := range 40 { // more than are kept
		if got := do(t, c, fmt.Sprintf("select %d as x", i)); got != fmt.Sprintf("[[%d]]", i) {
			t.Errorf("query %d: %s", i, got)
		}
	}
}

// TestQueriesAskedAgainBesideAWriter: each answer has what was committed before it was asked for.
func TestQueriesAskedAgainBesideAWriter(t *testing.T) {
	s := serve(t)
	c, other := s.connect(t, ""), s.connect(t, "")
	do(t, c, "create table t (a int)", "insert into t values (1)")
	var committed atomic.Int64
	failed := make(chan error, 1)
	go func() {
		for i := range 60 {
			if _, err := other.Exec(context.Background(), "insert into t values (200)"); err != nil {
				failed <- err
				return
			}
			committed.Store(int64(i) + 1)
		}
		failed <- nil
	}()
	for asked := 0; ; asked++ {
		before := committed.Load()
		said := do(t, c, "select count(*) from t where a > 100")
		n, err := strconv.ParseInt(strings.Trim(said, "[]"), 10, 64)
		if err != nil || n < before {
			t.Fatalf("query %d gives %s, and %d rows were committed before", asked, said, before)
		}
		if before == 60 {
			break
		}
	}
	if err := <-failed; err != nil {
		t.Fatal(err)
	}
}
