package redshiftdata

import (
	"testing"

	"airline/local/redshift/wire"
)

// TestPlansOfPreparedStatementsAreKept: a query that is asked again with Parse, Bind and Execute runs with the plan that it has, as long as nothing
// is committed, and its transaction has changed nothing.
func TestPlansOfPreparedStatementsAreKept(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (a BIGINT)")
	user, _, err := w.Administrator()
	if err != nil {
		t.Fatal(err)
	}
	opened, err := w.Clients(func(f func() error) error { return f() }).Open(t.Context(), wire.Login{User: user, Database: "airline", PID: 7, Notice: func(*wire.Error) {}, Parameter: func(string, string) {}})
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*clientSession)
	defer s.Close()
	// execute runs statements between two Syncs and gives the rows of the last.
	execute := func(arguments []wire.Argument, texts ...string) (rows []string) {
		t.Helper()
		for _, text := range texts {
			rows = nil
			if err := s.Implicit(t.Context()); err != nil {
				t.Fatal(err)
			}
			st, err := s.Prepare(t.Context(), text, nil)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			result, _, err := st.Run(t.Context(), arguments[:len(st.Parameters())])
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if result != nil {
				for result.Next() {
					rows = append(rows, string(result.Text(nil, 0)))
				}
				if err := result.Err(); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
				result.Close()
			}
		}
		if err := s.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	const query = "select count(*) from airlines.t where a >= $1"
	plan := func() any {
		t.Helper()
		if len(s.ready) == 0 {
			return nil
		}
		return s.ready[len(s.ready)-1].statement
	}
	at := func(n string) []wire.Argument { return []wire.Argument{wire.Argument(n)} }
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got %s, want %s", what, got, want)
		}
	}
	expect("without rows", execute(at("5"), query)[0], "0")
	first := plan()
	expect("again", execute(at("5"), query)[0], "0")
	if plan() != first || first == nil {
		t.Error("the query was planned again though nothing has changed")
	}
	expect("with other arguments", execute(at("6"), query)[0], "0")
	if plan() == first {
		t.Error("another query has the same plan")
	}
	expect("behind a change of the same transaction", execute(at("5"), "insert into airlines.t values (7)", query)[0], "1")
	expect("after its commit", execute(at("5"), query)[0], "1")
	second := plan()
	if second == first {
		t.Error("the query has kept its plan though rows were committed")
	}
	expect("in a transaction", execute(at("5"), "begin", query)[0], "1")
	if plan() != second {
		t.Error("in a transaction that has changed nothing the query was planned again")
	}
	w.run([]string{"insert into airlines.t values (8)"})
	expect("in a transaction that began before another's commit", execute(at("5"), query)[0], "1")
	expect("after it", execute(at("5"), "commit", query)[0], "2")
	if plan() == second {
		t.Error("the query has kept its plan though another has committed rows")
	}
	third := plan()
	execute(nil, "begin", "delete from airlines.t where a = 7")
	expect("in a transaction that has deleted a row", execute(at("5"), query)[0], "1")
	execute(nil, "rollback")
	expect("after it was rolled back", execute(at("5"), query)[0], "2")
	if plan() != third {
		t.Error("the query was planned again though the change was rolled back")
	}
}
