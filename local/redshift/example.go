package redshift

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the database/sql driver "duckdb"
)

// Example is a statement with its documented answer.
type Example struct {
	Page string     `json:"page"` // of the Database Developer Guide
	SQL  string     `json:"sql"`
	Rows [][]string `json:"rows"` // NULL is "NULL"
}

// Verdict is what became of an example.
type Verdict string

// The verdicts.
const (
	Right   Verdict = "right"
	Wrong   Verdict = "wrong"
	Refused Verdict = "refused"
)

// Engine answers queries from a database in memory, without tables of its own.
type Engine struct {
	db      *sql.DB
	session *Session
}

// guideTime is when the guide answered the examples of its page on date literals, the only ones whose answers depend on it
// and agree.
var guideTime = time.Date(2009, 11, 16, 10, 45, 32, 21394000, time.UTC)

// guideAccount is what the guide shows of its cluster where it says the same everywhere: users and roles that have nothing, the
// session, the default role. Of the account there are several.
func guideAccount() *Account {
	who := set("dwuser reguser analysis_user guest")
	who["role role1"], who["role role2"] = true, true
	return &Account{
		Namespace: "86b5169f-01dc-4a6f-9fbb-e2e24359e9a8", DefaultRole: "arn:aws:iam::123456789012:role/myRedshiftRole", UserID: 1, PID: 30311,
		Exists: func(name string) bool { return who[name] },
		Member: func(string, string) bool { return false },
		Privilege: func(_, right string) bool {
			return right == "create on schema public" || right == "usage on schema public"
		}, // which all users have
		Session: func(pid int64) bool { return pid == 30311 },
	}
}

// NewEngine makes an engine that answers as the guide's sample database does: TICKIT, in 2009.
func NewEngine(ctx context.Context) (*Engine, error) {
	db, err := sql.Open("duckdb", "?enable_external_access=false&threads=2")
	if err != nil {
		return nil, err
	}
	if err := Register(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	return &Engine{db, &Session{Now: guideTime, Database: "tickit", User: "dwuser", Catalog: &DuckCatalog{Context: ctx, DB: db}, Account: guideAccount()}}, nil
}

// Close ends it.
func (e *Engine) Close() error { return e.db.Close() }

// Query answers a query with its rows as texts, as psql shows them; NULL is "NULL".
func (e *Engine) Query(ctx context.Context, query string) (columns []Column, rows [][]string, err error) {
	st, err := Parse(query)
	if err != nil {
		return nil, nil, err
	}
	t, err := Translate(st, e.session)
	if err != nil {
		return nil, nil, err
	}
	result, err := e.db.QueryContext(ctx, t.SQL)
	if err != nil {
		return nil, nil, fmt.Errorf("%w\n%s", err, t.SQL)
	}
	defer result.Close()
	cells := make([]any, len(t.Columns))
	into := make([]any, len(cells))
	for i := range cells {
		into[i] = &cells[i]
	}
	for result.Next() {
		if err := result.Scan(into...); err != nil {
			return nil, nil, err
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			if row[i] = "NULL"; c != nil {
				row[i] = Text(Value(c, t.Columns[i].Type), t.Columns[i].Type)
			}
		}
		rows = append(rows, row)
	}
	return t.Columns, rows, result.Err()
}

// Judge runs an example and compares, but for blanks around the values. It tells what was answered, or why nothing was.
func (e *Engine) Judge(ctx context.Context, x Example) (verdict Verdict, said string) {
	columns, rows, err := e.Query(ctx, x.SQL)
	if err != nil {
		return Refused, err.Error()
	}
	said = fmt.Sprint(rows)
	if len(rows) != len(x.Rows) {
		return Wrong, said
	}
	for i, row := range rows {
		if len(row) != len(x.Rows[i]) {
			return Wrong, said
		}
		for j, got := range row {
			if !same(strings.TrimSpace(got), strings.TrimSpace(x.Rows[i][j]), columns[j].Type) {
				return Wrong, said
			}
		}
	}
	return Right, said
}

// same compares values as texts. Of booleans the guide has t, true and True; of doubles it has 15 digits, and sometimes more.
func same(got, want string, t Type) bool {
	switch {
	case got == want:
		return true
	case t.Kind == Bool:
		a, ok := parseBool(got)
		b, ok2 := parseBool(want)
		return ok && ok2 && a == b
	case t.Kind == TimestampTZ: // the guide's sessions are in several zones
		a, err := time.Parse("2006-01-02 15:04:05.999999-07", got)
		b, err2 := time.Parse("2006-01-02 15:04:05.999999-07", want)
		return err == nil && err2 == nil && a.Equal(b)
	case t.Kind == Float8:
		f, ok := parseDouble(want)
		return ok && floatText(f) == got
	}
	return false
}
