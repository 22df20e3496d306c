package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"airline/etl"

	"github.com/duckdb/duckdb-go/v2"
)

// Engine is a database that executes loads one after the other, so that each need not open its own and read all airports
// again: a small load takes a fifth of the time. A load finds nothing of an earlier one but the airports, if their files and
// all that decides about them are the same. The zero value is ready; Close it after use.
type Engine struct {
	mu    sync.Mutex
	dir   string // for what need not stay; "" as long as the database is not open
	given options
	db    *sql.DB
	conn  *sql.Conn
	known *knownAirports // of the table airports; nil when there is none

	single bool // the database uses one core
}

// options are the arguments that a database is opened with.
type options struct {
	tempDir string
	memory  int64
	threads int
}

// A load works in the schema load, beside which known keeps the airports. Dropping a schema takes it from the search path.
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
	e.dir, e.db, e.conn, e.known, e.single = "", nil, nil, nil, false
	return err
}

// begin opens the database, unless it is, and makes the schema that a load works in.
func (e *Engine) begin(ctx context.Context, args Args) (*job, error) {
	given := options{args.TempDir, args.MemoryBytes, args.Threads}
	if e.dir != "" && e.given != given {
		if err := e.close(); err != nil {
			return nil, err
		}
	}
	if e.dir == "" {
		if err := e.open(ctx, given); err != nil {
			return nil, err
		}
	}
	j := &job{Engine: e, args: args}
	if err := j.setThreads(ctx); err != nil {
		return nil, err
	}
	return j, j.exec(ctx, makeSchema)
}

// end removes everything of the load.
func (j *job) end(ctx context.Context) error {
	return j.exec(context.WithoutCancel(ctx), dropSchema)
}

// manyThreads is from how many bytes on an object is worth more than one core.
const manyThreads = 1 << 20

// setThreads fits the number of cores to the object. The airports come with it.
func (j *job) setThreads(ctx context.Context) error {
	if j.args.Threads > 0 {
		return nil
	}
	var bytes int64
	for _, file := range append([]AirportsFile{{Path: j.args.Object}}, j.args.Airports...) {
		info, err := os.Stat(file.Path)
		if err != nil {
			return err
		}
		bytes += info.Size()
	}
	one := bytes < manyThreads
	if one == j.single {
		return nil
	}
	j.single = one
	if one {
		return j.exec(ctx, "SET threads = 1")
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
	if given.threads > 0 {
		settings = append(settings, fmt.Sprintf("SET threads = %d", given.threads))
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

// knownAirports is what the table airports was made of, and what there was to say about it.
type knownAirports struct {
	files    []airportsStamp
	queries  [3]string
	limit    float64 // of faulty rows; more than 1: none
	warnings []string
}

func (k *knownAirports) equal(o *knownAirports) bool {
	return slices.Equal(k.files, o.files) && k.queries == o.queries && k.limit == o.limit
}

// airportsStamp tells one state of an airports file from another.
type airportsStamp struct {
	file     AirportsFile
	size     int64
	modified time.Time // of the local file
}

// knownOf says what the airports of these arguments are made of.
func knownOf(args Args) (*knownAirports, error) {
	k := &knownAirports{limit: 2, queries: [3]string{args.SQL["airports_checked.sql"], args.SQL["airports_newest.sql"], args.SQL["counts.sql"]}}
	if args.MaxAirportsRejectRatio != nil {
		k.limit = *args.MaxAirportsRejectRatio
	}
	for _, file := range args.Airports {
		info, err := os.Stat(file.Path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.Key, err)
		}
		k.files = append(k.files, airportsStamp{file, info.Size(), info.ModTime()})
	}
	return k, nil
}
