package redshiftdata

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"time"

	"airline/local/redshift"
	"airline/local/redshift/stream"
	"airline/local/redshift/wire"
)

// clientSession is one client's session: a connection to DuckDB with its transaction, its settings and cursors.
type clientSession struct {
	*clients
	warehouse *warehouse
	login     wire.Login
	user      string // of the database
	conn      *sql.Conn
	raw       *stream.Conn

	session  *session            // the open transaction; nil: none
	isolated *transaction        // what isolation knows of it
	begun    time.Time           // of the open transaction
	began    beginning           // of the open transaction
	known    *transactionCatalog // of the open transaction
	last     *compiled           // what was read last, as long as nothing has happened since
	readOnly bool                // the transaction only reads
	explicit bool                // BEGIN was said
	failed   bool
	undo     map[string]string // settings to go back to when the transaction is rolled back
	local    map[string]string // settings to go back to when it ends, by SET LOCAL

	settings, defaults map[string]string
	prepared           map[string]*preparedText
	cursors            map[string]*clientCursor
	open               *openResult // that streams from the connection
	ready              []readyStatement
	temporary          map[string]bool // tables that are the session's own
	sole               bool            // the statement is all that the client has asked for in its message
	called             bool            // a procedure, which may have made others
}

// Status tells the client whether a transaction is open.
func (s *clientSession) Status() byte {
	switch {
	case s.failed:
		return 'E'
	case s.explicit:
		return 'T'
	}
	return 'I'
}

// Implicit begins a transaction for the next statement, unless one is open.
func (s *clientSession) Implicit(ctx context.Context) error {
	if s.session != nil {
		return nil
	}
	return s.begin(ctx)
}

func (s *clientSession) begin(ctx context.Context) error {
	if err := s.keep(); err != nil {
		return err
	}
	s.session = &session{warehouse: s.warehouse, conn: s.conn}
	s.began.version, s.began.settled = s.warehouse.commits.now()
	if !s.sole {
		if err := s.ensure(ctx); err != nil {
			s.session = nil
			return err
		}
	}
	s.isolated = s.service.isolation.begin()
	s.known = &transactionCatalog{own: &redshift.DuckCatalog{Context: context.Background(), DB: s}, shared: &s.warehouse.definitions, temporary: s.ownTables, lone: s.alone}
	s.session.relations = s.known
	s.last = nil
	s.undo, s.local = nil, nil
	s.readOnly = s.setting("default_transaction_read_only") == "on"
	return s.do(func() error {
		s.begun = s.service.clock.Now()
		s.session.begun = s.begun
		return nil
	})
}

// ensure begins DuckDB's transaction. A query that is alone in its own needs none: DuckDB runs it in one.
func (s *clientSession) ensure(ctx context.Context) error {
	if s.session.tx != nil {
		return nil
	}
	tx, err := s.conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err == nil {
		s.session.tx = tx
	}
	return err
}

// alone reports whether nothing but one statement is in the transaction.
func (s *clientSession) alone() bool { return s.sole && !s.explicit }

// QueryContext asks DuckDB in the open transaction.
func (s *clientSession) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := s.ensure(ctx); err != nil {
		return nil, err
	}
	return s.session.tx.QueryContext(ctx, query, args...)
}

// Sync ends the transaction of statements without BEGIN.
func (s *clientSession) Sync(ctx context.Context) error {
	defer func() { s.sole = false }()
	if s.explicit || s.session == nil {
		return nil
	}
	if s.failed {
		s.rollback()
		return nil
	}
	return s.commit(ctx)
}

// Fail makes the open transaction a failed one.
func (s *clientSession) Fail() { s.failed = s.session != nil }

// commit ends the open transaction for good.
func (s *clientSession) commit(context.Context) error {
	if err := s.keep(); err != nil {
		s.rollback()
		return err
	}
	err := s.service.isolation.check(s.isolated)
	if err == nil && len(s.isolated.writes) > 0 && s.service.interfere != nil {
		err = s.service.interfere(nil)
	}
	if err != nil {
		s.rollback()
		return clientError(err, "")
	}
	if s.session.tx != nil {
		err = s.session.end()
	}
	s.ended(err == nil)
	return clientError(redshift.DuckError(err), "")
}

func (s *clientSession) rollback() {
	if s.session == nil {
		s.explicit, s.failed = false, false
		return
	}
	s.drop()
	// What cannot be rolled back is over too.
	if s.session.tx != nil {
		_ = s.session.tx.Rollback()
	}
	_ = s.do(func() error { s.session.takeBack(); return nil })
	for name, value := range s.undo {
		s.change(name, value)
	}
	s.ended(false)
}

// ended forgets the transaction that has come to its end.
func (s *clientSession) ended(committed bool) {
	s.service.isolation.end(s.isolated, committed)
	for name, value := range s.local {
		s.change(name, value)
	}
	for name, c := range s.cursors {
		c.close()
		delete(s.cursors, name)
	}
	s.readOnly = false
	s.session, s.isolated, s.explicit, s.failed, s.undo, s.local = nil, nil, false, false, nil, nil
}

// Close ends the session.
func (s *clientSession) Close() {
	s.service.activity.closed(s.login.PID)
	s.rollback()
	s.drop()
	s.closeReady()
	s.conn.Close()
}

// Split takes a text apart at the semicolons.
func (s *clientSession) Split(text string) ([]wire.Part, error) {
	parts := scan(text).parts
	s.sole = len(parts) == 1
	return parts, nil
}

// Prepare reads one statement.
func (s *clientSession) Prepare(ctx context.Context, text string, types []uint32) (wire.Statement, error) {
	text = withoutDatabase(text, s.login.Database)
	seen := scan(text)
	switch len(seen.parts) {
	case 0:
		return nil, nil
	case 1:
	default:
		return nil, &wire.Error{Code: "42601", Message: "cannot insert multiple commands into a prepared statement"}
	}
	if commands[firstWord(seen.parts[0].Text)] {
		tokens, err := redshift.Tokens(text)
		if err != nil {
			return nil, clientError(err, text)
		}
		if st, err := s.command(ctx, types, &parser{statement: &statement{src: text, tokens: withoutSemicolons(tokens)}}); err != nil || st != nil {
			return st, clientError(err, text)
		}
	}
	if s.failed {
		return nil, &wire.Error{Code: "25P02", Message: "current transaction is aborted, commands ignored until end of transaction block"}
	}
	st := &clientStatement{session: s, text: text, types: types, places: seen.places}
	if err := st.describe(ctx); err != nil {
		return nil, clientError(err, text)
	}
	return st, nil
}

// sqlSession is what a statement's meaning depends on.
func (s *clientSession) sqlSession() *redshift.Session {
	return &redshift.Session{
		Now: s.begun, Database: s.service.endpoint.database, User: s.user, Settings: s.settings, SearchPath: s.path(),
		Catalog: &relations{Catalog: s.known, system: sync.OnceValue(s.system)},
		Account: s.service.account(s.user, s.login.PID),
	}
}

// ownTables reports whether the session may have temporary tables.
func (s *clientSession) ownTables() bool { return s.called || len(s.temporary) > 0 }

// compiled is a statement that DuckDB can run.
type compiled struct {
	*statement
	text   string
	system bool   // a query of system relations
	sql    string // of a query, for DuckDB
}

// result reports whether it returns rows.
func (c *compiled) result() bool { return c.system || c.hasResult() }

// compile reads a statement's text for DuckDB and asks whether the user may run it. A statement that is run right after it was described is
// read once.
func (s *clientSession) compile(ctx context.Context, text string) (*compiled, error) {
	if s.last != nil && s.last.text == text {
		return s.last, nil
	}
	s.last = nil
	c, err := s.read(ctx, text)
	if err == nil && !c.system {
		c.text, s.last = text, c
	}
	return c, err
}

func (s *clientSession) read(ctx context.Context, text string) (*compiled, error) {
	if !s.alone() {
		if err := s.ensure(ctx); err != nil {
			return nil, err
		}
	}
	var sql string
	var isSystem bool
	var refused error
	// The function does not fail: what is refused here may be understood below.
	_ = s.do(func() error {
		sql, isSystem, refused = s.system().Translate(text)
		return nil
	})
	if isSystem && refused == nil {
		return &compiled{statement: &statement{verb: "select"}, system: true, sql: sql}, nil
	}
	st, err := parse(text)
	if err == nil && st.query != nil {
		if table, ok := st.query.Temporary(); ok {
			s.temporary[table] = true
		}
	}
	s.called = s.called || err == nil && st.called != nil
	if err == nil {
		err = s.waitForTurn(ctx, st)
	}
	if err == nil && st.query != nil && !st.hasResult() {
		err = s.known.look() // what changes rows is written for the tables as it will find them
	}
	if err == nil {
		err = st.place(s.locate)
	}
	if err == nil {
		err = s.keep()
	}
	c := &compiled{statement: st}
	if err == nil {
		err = s.translate(c)
	}
	switch {
	case err != nil && refused != nil: // neither understands it
		return c, refused
	case err == nil && c.hasResult():
		c.sql = c.duck()
	}
	return c, err
}

// translate gives a statement its meaning, and asks whether the user may run it.
func (s *clientSession) translate(c *compiled) error {
	return s.do(func() error {
		if c.query != nil {
			if err := c.statement.translate(s.sqlSession()); err != nil {
				return err
			}
		}
		return s.service.access.check(s.user, c.statement)
	})
}

// tag is what a statement without a result answers.
func tag(st *statement, rows int64) string {
	switch st.verb {
	case "insert":
		return fmt.Sprintf("INSERT 0 %d", max(rows, 0))
	case "update", "delete", "merge":
		return fmt.Sprintf("%s %d", strings.ToUpper(st.verb), max(rows, 0))
	case "create", "drop", "alter":
		if !st.tokens[0].Is(st.verb) {
			return "SELECT" // INTO
		}
		words := []string{strings.ToUpper(st.verb)}
		for _, t := range st.tokens[1:] {
			if t.Is("or") || t.Is("replace") || t.Is("temp") || t.Is("temporary") || t.Is("local") || t.Is("external") {
				continue
			}
			words = append(words, strings.ToUpper(t.Value))
			if !t.Is("materialized") {
				break
			}
		}
		return strings.Join(words, " ")
	}
	return strings.ToUpper(st.verb)
}
