package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"airline/etl"

	"github.com/duckdb/duckdb-go/v2"
)

// Engine is a database that executes loads one after the other, so that each need not open its own and read what it is joined with
// again: a small load takes a fifth of the time. A load finds nothing of an earlier one but the joined rows, if their files and
// all that decides about them are the same. The zero value is ready; Close it after use.
type Engine struct {
	mu    sync.Mutex
	dir   string // for what need not stay; "" as long as the database is not open
	given options
	db    *sql.DB
	conn  *sql.Conn
	known *knownRows // in the schema known; nil when there are none

	threads int // that the database uses: see setThreads
}

// options are the arguments that a database is opened with.
type options struct {
	tempDir string
	memory  int64
}

// A load works in the schema load, beside which known keeps what rows are joined with. Dropping a schema takes it from the search path.
const (
	makeSchema = "CREATE SCHEMA load; SET search_path = 'load,known'"
	dropSchema = "DROP SCHEMA load CASCADE"
)

// Run is like the function Run. Runs of one engine wait for each other.
func (e *Engine) Run(ctx context.Context, args Args) (etl.Manifest, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	days, err := args.prepare()
	if err != nil {
		return etl.Manifest{}, err
	}
	j, err := e.begin(ctx, args)
	if err != nil {
		return etl.Manifest{}, errors.Join(fmt.Errorf("load %s: %w", args.Source.Key, err), e.close())
	}
	j.days = days
	manifest, err := j.run(ctx)
	var refused *etl.RefusedError
	if err != nil && !errors.As(err, &refused) {
		return etl.Manifest{}, errors.Join(err, e.close()) // who knows what state it is in
	}
	if failed := j.end(ctx); failed != nil {
		return etl.Manifest{}, errors.Join(err, fmt.Errorf("load %s: %w", args.Source.Key, failed), e.close())
	}
	return manifest, err
}

// Close gives back what the engine holds. It can be used again.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.close()
}

func (e *Engine) close() error {
	var err error
	if e.conn != nil {
		err = e.conn.Close()
	}
	if e.db != nil {
		err = errors.Join(err, e.db.Close())
	}
	if e.dir != "" {
		err = errors.Join(err, os.RemoveAll(e.dir))
	}
	e.dir, e.db, e.conn, e.known, e.threads = "", nil, nil, nil, 0
	return err
}

// begin opens the database, unless it is, and makes the schema that a load works in.
func (e *Engine) begin(ctx context.Context, args Args) (*job, error) {
	if err := e.opened(ctx, args); err != nil {
		return nil, err
	}
	j := &job{Engine: e, args: args}
	threads, err := args.threads()
	if err != nil {
		return nil, err
	}
	if err := j.setThreads(ctx, threads); err != nil {
		return nil, err
	}
	return j, j.exec(ctx, makeSchema)
}

// opened opens the database, unless it is.
func (e *Engine) opened(ctx context.Context, args Args) error {
	given := options{args.TempDir, args.MemoryBytes}
	if e.dir != "" && e.given != given {
		if err := e.close(); err != nil {
			return err
		}
	}
	if e.dir != "" {
		return nil
	}
	return e.open(ctx, given)
}

// end removes everything of the load.
func (j *job) end(ctx context.Context) error {
	return j.exec(context.WithoutCancel(ctx), dropSchema)
}

// manyThreads is from how many bytes on an object is worth more than one core.
const manyThreads = 1 << 20

// threads is how many cores fit the object; 0 is all. The joined files come with it.
func (a Args) threads() (int, error) {
	if a.Threads > 0 {
		return a.Threads, nil
	}
	var bytes int64
	for _, file := range append([]JoinedFile{{Path: a.Object}}, a.Joined...) {
		info, err := os.Stat(file.Path)
		if err != nil {
			return 0, err
		}
		bytes += info.Size()
	}
	if bytes < manyThreads {
		return 1, nil
	}
	return 0, nil
}

// setThreads has the database use so many cores, or all.
func (j *job) setThreads(ctx context.Context, n int) error {
	if n == j.threads {
		return nil
	}
	j.threads = n
	if n > 0 {
		return j.exec(ctx, fmt.Sprintf("SET threads = %d", n))
	}
	return j.exec(ctx, "RESET threads")
}

// open makes an empty database. It is configured for good: no extension is fetched, and the spill goes where it is cleaned up.
func (e *Engine) open(ctx context.Context, given options) (err error) {
	if e.dir, err = os.MkdirTemp(given.tempDir, "airline-load-"); err != nil {
		return err
	}
	e.given = given
	if given.memory <= 0 {
		given.memory = 2 << 30
	}
	settings := []string{
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET temp_directory = " + literal(filepath.Join(e.dir, "spill")),
		fmt.Sprintf("SET memory_limit = '%d B'", given.memory),
		// The queries say their joins in the right order. To find that out anew takes DuckDB four times as long as all the
		// rest of a small load, because it counts each (SELECT ... FROM settings) as a join.
		"SET disabled_optimizers = 'join_order'",
		"CREATE SCHEMA IF NOT EXISTS known",
	}
	connector, err := duckdb.NewConnector("", func(exec driver.ExecerContext) error {
		for _, setting := range settings {
			if _, err := exec.ExecContext(ctx, setting, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.db = sql.OpenDB(connector)
	e.conn, err = e.db.Conn(ctx)
	return err
}
