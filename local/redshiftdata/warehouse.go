package redshiftdata

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2" // the database/sql driver "duckdb"

	"airline/asl/sim"
	"airline/local/redshift"
	"airline/local/redshift/catalog"
)

// warehouse is the database file behind the workgroup or cluster. DuckDB runs without access to files but
// for one directory of its own, into which COPY puts the objects it read through S3.
type warehouse struct {
	db      *sql.DB
	staging string
	now     func() time.Time
	results *sim.Spill // of the Data API's queries
	single  bool       // it computes on one thread, with random numbers that go by the time

	definitions definitions
	commits     commits
}

// settings make DuckDB answer as Redshift does where both understand a statement.
var settings = map[string]string{
	"autoload_known_extensions":    "false",
	"autoinstall_known_extensions": "false",
	"integer_division":             "true",                            // 5 / 2 = 2
	"default_null_order":           "nulls_last_on_asc_first_on_desc", // as PostgreSQL
	"threads":                      "2",
	"memory_limit":                 "2GiB", // beyond it DuckDB uses files beside the database's
}

func dsn(path string, more map[string]string) string {
	q := url.Values{}
	for k, v := range settings {
		q.Set(k, v)
	}
	for k, v := range more {
		q.Set(k, v)
	}
	return path + "?" + q.Encode()
}

// openWarehouse opens or creates the database file. What a killed process left of a COPY is removed.
func openWarehouse(path string, now func() time.Time) (*warehouse, error) {
	staging := path + ".copy"
	if err := os.RemoveAll(staging); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(staging, 0o700); err != nil {
		return nil, err
	}
	if err := replay(path); err != nil {
		return nil, fmt.Errorf("opening the warehouse %s: %w", path, err)
	}
	db, err := sql.Open("duckdb", dsn(path, nil))
	if err != nil {
		return nil, fmt.Errorf("opening the warehouse %s: %w", path, err)
	}
	if err := redshift.Register(context.Background(), db); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening the warehouse %s: %w", path, err)
	}
	db.SetMaxIdleConns(0) // a connection is a session: its temporary tables go with it
	w := &warehouse{db: db, staging: staging, now: now, results: sim.NewSpill("", math.MaxInt)}
	if err := catalog.Install(context.Background(), db); err != nil {
		db.Close()
		return nil, fmt.Errorf("opening the warehouse %s: %w", path, err)
	}
	for _, q := range []string{
		"SET GLOBAL allowed_directories = ['" + escaped(staging) + "']",
		"SET GLOBAL enable_external_access = false", // from here on DuckDB refuses to take it back
		"CREATE SCHEMA IF NOT EXISTS public",
	} {
		if _, err := db.Exec(q); err != nil {
			db.Close()
			return nil, fmt.Errorf("opening the warehouse %s: %w", path, err)
		}
	}
	return w, nil
}

// replay brings what a killed process has left in the file's log into the file. DuckDB 1.5 does it for a database that is attached; in the
// one that is opened it fails at a renamed column of a table with checks.
func replay(path string) error {
	if _, err := os.Stat(path + ".wal"); os.IsNotExist(err) {
		return nil
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	_, err = db.Exec("ATTACH '" + escaped(path) + "' AS warehouse")
	if err == nil {
		_, err = db.Exec("CHECKPOINT warehouse")
	}
	return errors.Join(err, db.Close())
}

// oneThread has the warehouse give the same rows in the same order, and the same random numbers, whenever it runs the same statements
// at the same times.
func (w *warehouse) oneThread() error {
	_, err := w.db.Exec("SET GLOBAL threads = 1")
	w.single = err == nil
	return err
}

// close writes everything to the one file and closes it.
func (w *warehouse) close() error {
	_, err := w.db.Exec("CHECKPOINT")
	if closeErr := w.db.Close(); err == nil {
		err = closeErr
	}
	if rmErr := os.RemoveAll(w.staging); err == nil {
		err = rmErr
	}
	return err
}

// session is one connection with one open transaction.
type session struct {
	*warehouse
	conn  *sql.Conn
	tx    *sql.Tx
	begun time.Time // of the transaction
	undo  func()    // takes back what the transaction has changed of users and their rights; nil: nothing

	changes   bool                // the transaction has done more than asking
	defined   bool                // the transaction may have changed definitions that others see
	temporary bool                // it may have temporary tables
	relations *transactionCatalog // what it knows of relations
}

func (w *warehouse) begin(ctx context.Context) (*session, error) {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if w.single {
		if _, err := conn.ExecContext(ctx, "SELECT setseed($1)", float64(w.now().UnixNano()%1e9)/1e9); err != nil {
			conn.Close()
			return nil, err
		}
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		conn.Close()
		return nil, err
	}
	s := &session{warehouse: w, conn: conn, tx: tx, begun: w.now()}
	s.relations = &transactionCatalog{
		own: &redshift.DuckCatalog{Context: ctx, DB: tx}, shared: &w.definitions, temporary: func() bool { return s.temporary }, lone: func() bool { return false },
	}
	return s, nil
}

func (s *session) commit() error {
	err := s.end()
	s.conn.Close()
	return err
}

// end commits the transaction.
func (s *session) end() error {
	commit := s.tx.Commit
	if s.changes {
		commit = func() error { return s.commits.during(s.tx.Commit) }
	}
	if s.defined {
		return s.definitions.changing(commit)
	}
	return commit()
}

func (s *session) rollback() {
	s.tx.Rollback()
	s.conn.Close()
	s.takeBack()
}

// takeBack takes back what the transaction has changed of users and their rights.
func (s *session) takeBack() {
	if s.undo != nil {
		s.undo()
		s.undo = nil
	}
}

// outcome is what one statement did.
type outcome struct {
	rows   int64      // returned, or changed; -1 when neither applies
	result *resultSet // of a query

	dropped []name // views that were dropped with what they were bound to
}

// run executes one parsed statement. objects are the Parquet files of a COPY.
func (s *session) run(ctx context.Context, st *statement, values map[string]string, objects []object) (outcome, error) {
	s.changes = s.changes || !st.hasResult()
	if st.defines() {
		if st.temporaryOnly() {
			s.temporary = true
		} else {
			s.defined = true
		}
		defer s.relations.changed(!s.defined)
	}
	switch {
	case st.translated != nil && st.hasResult():
		return s.query(ctx, st.translated, values)
	case st.translated != nil:
		return s.change(ctx, st, values)
	case st.copy != nil:
		return s.copyObjects(ctx, st.copy, objects)
	case st.grant != nil:
	case st.lock:
		for _, n := range st.reads {
			if _, err := s.columns(ctx, n); err != nil {
				return outcome{}, err
			}
		}
		return outcome{rows: -1}, nil
	}
	text, err := s.alterStatement(ctx, st)
	if err == nil {
		err = s.notMaterialized(st)
	}
	var dropped []name
	if err == nil {
		dropped, err = s.unbind(ctx, st)
	}
	if err == nil && dropped == nil {
		dropped, err = s.recolumn(ctx, st)
	}
	if err != nil {
		return outcome{}, err
	}
	if _, err = s.tx.ExecContext(ctx, text); err == nil && (st.verb == "drop" || st.verb == "alter") {
		err = s.dropIdentities(ctx)
	}
	return outcome{rows: -1, dropped: dropped}, redshift.DuckError(err)
}

// notMaterialized refuses statements on materialized views that are for tables and plain views.
func (s *session) notMaterialized(st *statement) error {
	for _, n := range st.writes {
		rel, err := s.relation(n)
		if err != nil {
			return err
		}
		if rel != nil && rel.Materialized != nil {
			return fmt.Errorf("ERROR: %q is a materialized view: %s is for tables (DROP MATERIALIZED VIEW drops it)", n.Table, strings.ToUpper(st.verb))
		}
	}
	return nil
}

// relation describes a table or view as this session sees it; nil when there is none.
func (s *session) relation(n name) (*redshift.Relation, error) {
	return s.relations.Relation(n.Schema, n.Table)
}

// locate finds the relation that a name without a schema means. One that there is not is said to be in the first schema of the path, so that
// whoever uses it is told.
func locate(known redshift.Catalog, path []string, table string) (name, error) {
	rel, err := redshift.Find(known, path, name{Table: table})
	switch {
	case err != nil:
		return name{}, err
	case rel != nil:
		return rel.Name, nil
	case len(path) == 0:
		return name{}, fmt.Errorf("ERROR: relation %q does not exist", table)
	}
	return name{Schema: path[0], Table: table}, nil
}

// dropIdentities drops what made the values of identity columns that are gone.
func (s *session) dropIdentities(ctx context.Context) error {
	unused, err := s.texts(ctx, redshift.UnusedIdentities)
	for _, sequence := range unused {
		if err == nil {
			_, err = s.tx.ExecContext(ctx, "DROP SEQUENCE "+sequence)
		}
	}
	return err
}

// texts are the values of a query's one column.
func (s *session) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// change runs a translated statement that has no result.
func (s *session) change(ctx context.Context, st *statement, values map[string]string) (outcome, error) {
	t := st.translated
	st.cascade = t.Cascade
	dropped, err := s.unbind(ctx, st)
	if err == nil {
		_, err = s.recolumn(ctx, st)
	}
	if err != nil {
		return outcome{}, err
	}
	if t.Rebuild != nil {
		return outcome{rows: -1}, s.rebuild(ctx, t.Rebuild)
	}
	for _, q := range t.Before {
		if _, err := s.tx.ExecContext(ctx, q); err != nil {
			return outcome{}, redshift.DuckError(err)
		}
	}
	out := outcome{rows: -1, dropped: dropped}
	if t.SQL != "" {
		done, err := s.tx.ExecContext(ctx, t.SQL, named(t.Params, values)...)
		if err != nil {
			return outcome{}, redshift.DuckError(err)
		}
		switch st.verb {
		case "insert", "update", "delete", "merge":
			if out.rows, err = done.RowsAffected(); err != nil {
				return outcome{}, err
			}
		}
	}
	for _, q := range t.More {
		if _, err := s.tx.ExecContext(ctx, q); err != nil {
			return outcome{}, redshift.DuckError(err)
		}
	}
	return out, nil
}

// named are the values of parameters by their names.
func named(params []string, values map[string]string) []any {
	args := make([]any, 0, len(params))
	for _, p := range params {
		args = append(args, sql.Named(p, values[p]))
	}
	return args
}

// query runs a translated SELECT.
func (s *session) query(ctx context.Context, t *redshift.Translation, values map[string]string) (outcome, error) {
	if len(t.Settings) > 0 {
		return outcome{}, unknownCommand("SET_CONFIG outside of a session of Redshift's wire protocol")
	}
	rows, err := s.tx.QueryContext(ctx, t.SQL, named(t.Params, values)...)
	if err != nil {
		return outcome{}, redshift.DuckError(err)
	}
	result, err := keep(rows, t.Columns, s.results)
	if err != nil {
		return outcome{}, redshift.DuckError(err)
	}
	return outcome{rows: int64(result.rows), result: result}, nil
}

// column is a column of a table or a Parquet file.
type column struct{ name, typ string }

// columns describes a relation as this session sees it.
func (s *session) columns(ctx context.Context, n name) ([]column, error) {
	return s.describe(ctx, "SELECT * FROM "+n.Quoted())
}

func (s *session) describe(ctx context.Context, query string) ([]column, error) {
	rows, err := s.tx.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE "+query+")")
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	defer rows.Close()
	var cols []column
	for rows.Next() {
		var c column
		if err := rows.Scan(&c.name, &c.typ); err != nil {
			return nil, err
		}
		cols = append(cols, c)
	}
	return cols, rows.Err()
}

// tables lists the tables of a schema.
func (s *session) tables(ctx context.Context, schema string) ([]name, error) {
	tables, err := s.texts(ctx, "SELECT table_name FROM duckdb_tables() WHERE schema_name = $s ORDER BY 1", sql.Named("s", schema))
	var names []name
	for _, table := range tables {
		names = append(names, name{Schema: schema, Table: table})
	}
	return names, err
}

// object is one S3 object that COPY reads, as a file under the warehouse's staging directory.
type object struct {
	bucket, key string
	optional    bool // it may be missing
	file        string
}

// stage makes the body of an object a file that DuckDB may read.
func (w *warehouse) stage(i int, write func(path string) error) (string, error) {
	path := filepath.Join(w.staging, fmt.Sprintf("%d.object", i))
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return "", err
	}
	return path, write(path)
}
