package stream_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"airline/local/redshift/stream"
)

func connect(t testing.TB) (*sql.Conn, *stream.Conn) {
	t.Helper()
	db, err := sql.Open("duckdb", filepath.Join(t.TempDir(), "test.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	conn, err := stream.Of(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, conn
}

func rows(t testing.TB, conn *stream.Conn, query string) []string {
	t.Helper()
	s, err := conn.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var all []string
	for r.Next() {
		var cells []string
		for i := range r.Columns() {
			if r.Null(i) {
				cells = append(cells, "NULL")
			} else {
				cells = append(cells, string(r.Text(nil, i)))
			}
		}
		all = append(all, strings.Join(cells, "|"))
	}
	if r.Next() || r.Err() != nil {
		t.Fatalf("after the end: %v", r.Err())
	}
	return all
}

func TestText(t *testing.T) {
	_, conn := connect(t)
	for expression, want := range map[string]string{
		"true": "t", "false": "f", "NULL": "NULL", "1::TINYINT": "1", "-7::SMALLINT": "-7", "9::BIGINT": "9", "3::UTINYINT": "3",
		"1.50::DECIMAL(4,2)": "1.50", "-0.05::DECIMAL(9,2)": "-0.05", "0::DECIMAL(18,3)": "0.000", "-12345678901234567890.12::DECIMAL(38,2)": "-12345678901234567890.12",
		"170141183460469231731687303715884105727::HUGEINT": "170141183460469231731687303715884105727", "-5::HUGEINT": "-5", "5::DECIMAL(38,0)": "5",
		"0.1::DOUBLE": "0.1", "100000::DOUBLE": "100000", "1e20::DOUBLE": "1e+20", "1.0/3": "0.333333333333333", "0.1::FLOAT": "0.1", "'nan'::DOUBLE": "NaN", "'-inf'::DOUBLE": "-Infinity",
		"1e15::DOUBLE": "1e+15", "123456789012345::DOUBLE": "123456789012345", "0.0001::DOUBLE": "0.0001", "0.00001::DOUBLE": "1e-05", "16777216::FLOAT": "1.67772e+07",
		"'short'": "short", "'longer than twelve bytes'": "longer than twelve bytes", "''": "", "'\\xAB\\x01'::BLOB": "ab01",
		"DATE '2024-02-29'": "2024-02-29", "DATE '0001-01-01'": "0001-01-01", "DATE '0044-03-15 (BC)'": "0044-03-15 BC", "DATE '12345-01-01'": "12345-01-01",
		"TIME '01:02:03.500'": "01:02:03.5", "TIMETZ '01:02:03+05:30'": "01:02:03+05:30", "TIMETZ '01:02:03-08'": "01:02:03-08",
		"TIMESTAMP '2024-01-02 03:04:05'": "2024-01-02 03:04:05", "TIMESTAMP '2024-01-02 03:04:05.000100'": "2024-01-02 03:04:05.0001", "TIMESTAMP '1969-12-31 23:59:59.9'": "1969-12-31 23:59:59.9",
		"TIMESTAMP '0044-03-15 (BC) 01:00:00'": "0044-03-15 01:00:00 BC", "TIMESTAMPTZ '2024-01-02 03:04:05+01'": "2024-01-02 02:04:05+00",
		"INTERVAL '14 months 3 days 04:05:06'": "1 year 2 mons 3 days 04:05:06", "INTERVAL '0 days'": "00:00:00", "INTERVAL '-90 seconds'": "-00:01:30",
		"[1, NULL, 3]": "{1,NULL,3}", "['a b', 'c\"d', '']": `{"a b","c\"d",""}`, "[[1],[2,3]]": "{{1},{2,3}}", "'b'::ENUM('a', 'b')": "b",
	} {
		if got := rows(t, conn, "SELECT "+expression); len(got) != 1 || got[0] != want {
			t.Errorf("%s is %q, want %q", expression, got, want)
		}
	}
	for _, unknown := range []string{"{'a': 1}", "MAP {'a': 1}"} {
		s, err := conn.Prepare("SELECT " + unknown)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no form in Redshift") {
			t.Errorf("%s answers %v", unknown, err)
		}
		s.Close()
	}
}

func TestNullsAcrossChunks(t *testing.T) {
	_, conn := connect(t)
	got := rows(t, conn, "SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE i END, repeat('x', (i % 40)::INT) FROM range(5000) r(i)")
	if len(got) != 5000 || got[0] != "NULL|" || got[2997] != "NULL|"+strings.Repeat("x", 2997%40) || got[2998] != "2998|"+strings.Repeat("x", 2998%40) || got[4999] != "4999|"+strings.Repeat("x", 39) {
		t.Errorf("got %d rows, %q, %q, %q", len(got), got[0], got[2998], got[4999])
	}
}

func TestDescribe(t *testing.T) {
	_, conn := connect(t)
	s, err := conn.Prepare("SELECT 1::DECIMAL(10,3) AS a, 'x' AS b WHERE 1 = $1::INT")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := s.Columns()
	if len(c) != 2 || c[0].Name != "a" || c[0].Type.Width != 10 || c[0].Type.Scale != 3 || len(s.Parameters()) != 1 {
		t.Errorf("columns %+v, parameters %+v", c, s.Parameters())
	}
	any, err := conn.Prepare("SELECT $1")
	if err != nil {
		t.Fatal(err)
	}
	defer any.Close()
	if p := any.Parameters(); len(p) != 1 || p[0].ID != 0 {
		t.Errorf("a parameter of any type: %+v", p)
	}
	if _, err := conn.Prepare("SELECT nonsense"); err == nil || !strings.Contains(err.Error(), "nonsense") {
		t.Errorf("a column that is not there answers %v", err)
	}
}

// TestTransaction: the stream sees what its connection's transaction has done, and errors that come late are reported.
func TestTransaction(t *testing.T) {
	c, conn := connect(t)
	tx, err := c.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("CREATE TABLE t AS SELECT 7 AS a"); err != nil {
		t.Fatal(err)
	}
	if got := rows(t, conn, "SELECT a FROM t"); len(got) != 1 || got[0] != "7" {
		t.Errorf("got %q", got)
	}
	s, err := conn.Prepare("SELECT CASE WHEN i = 900000 THEN error('late') ELSE i::VARCHAR END FROM range(1000000) r(i)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Run(t.Context())
	n := 0
	if err == nil {
		for r.Next() {
			n++
		}
		err = r.Err()
		r.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "late") && !errors.Is(err, stream.ErrLost) {
		t.Errorf("after %d rows: %v", n, err)
	}
}

func TestInterrupt(t *testing.T) {
	_, conn := connect(t)
	s, err := conn.Prepare("SELECT count(*) FROM range(100000000000) a(i), range(1000) b(j) WHERE (i * j) % 7 = 3")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, err := s.Run(ctx)
	if err == nil {
		for r.Next() {
		}
		err = r.Err()
		r.Close()
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an interrupted query answers %v", err)
	}
	if got := rows(t, conn, "SELECT 1"); got[0] != "1" {
		t.Errorf("afterwards: %q", got)
	}
}

// TestMemory: ten million rows pass, and neither Go nor DuckDB has them at once.
func TestMemory(t *testing.T) {
	c, conn := connect(t)
	if err := conn.Exec(t.Context(), "SET memory_limit = '200MB'"); err != nil {
		t.Fatal(err)
	}
	s, err := conn.Prepare("SELECT i, 'a text of some thirty bytes, ' || i FROM range(10000000) r(i)")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var n int
	var buffer []byte
	var m runtime.MemStats
	for r.Next() {
		buffer = r.Text(r.Text(buffer[:0], 0), 1)
		n++
	}
	runtime.ReadMemStats(&m)
	if r.Err() != nil || n != 10_000_000 || m.HeapSys > 200<<20 {
		t.Errorf("%d rows, %v, heap %d", n, r.Err(), m.HeapSys)
	}
	_ = c
}

func TestClosed(t *testing.T) {
	c, _ := connect(t)
	c.Close()
	if _, err := stream.Of(c); err == nil {
		t.Error("a connection that is closed is taken")
	}
}
