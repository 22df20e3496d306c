package redshiftdata

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/spelling"
)

// Result is what a query of [Query] returned.
type Result struct {
	Columns []ResultColumn
	// Rows hold nil, bool, int64, float64 or string; decimals, dates, times, intervals and bytes are strings.
	Rows [][]any
}

// Text is a row's value in column i as psql shows it; NULL is "".
func (r *Result) Text(row []any, i int) string { return redshift.Text(row[i], r.Columns[i].typ) }

// Superuser makes a user of the warehouse one who may do everything, as ALTER USER ... CREATEUSER does. Without a warehouse it
// does nothing.
func (s *Service) Superuser(user string) {
	if s.access != nil {
		s.access.superusers[strings.ToLower(user)] = true
	}
}

// Query answers one SELECT from a warehouse file that no running world has open, as now. Nothing can be changed by
// it, and the same guard stands before it as before the Data API.
//
//	result, err := redshiftdata.Query(ctx, filepath.Join(workdir, "warehouse.duckdb"), "select count(*) from airlines.daily_flights_fact", time.Now())
func Query(ctx context.Context, file, query string, now time.Time) (*Result, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("there is no warehouse: %w", err)
	}
	st, err := parse(query)
	if err != nil {
		return nil, err
	}
	switch {
	case !st.hasResult():
		return nil, fmt.Errorf("only queries (SELECT) are answered, not %s: the pipeline is what changes the warehouse", st.verb)
	case len(st.params) > 0:
		return nil, fmt.Errorf("parameter :%s has no value here: write the value into the query", st.params[0])
	}
	db, err := openFile(ctx, file)
	if err != nil {
		return nil, fmt.Errorf("opening the warehouse %s: %w", file, err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "USE warehouse")
	}
	if err != nil {
		return nil, fmt.Errorf("opening the warehouse %s: %w", file, err)
	}
	defer conn.Close()
	users := []catalog.User{{Name: "admin", Super: true}, {Name: analyst}}
	state := catalog.State{Database: defaultDatabase, User: analyst, Admin: "admin", Path: defaultPath, Now: now, Users: users, Super: true, Bound: bindings(ctx, conn, now)}
	session := &redshift.Session{
		Now: now, Database: defaultDatabase, User: analyst, SearchPath: defaultPath,
		Catalog: &relations{Catalog: &redshift.DuckCatalog{Context: ctx, DB: conn}, system: func() *catalog.Catalog { return catalog.New(state) }, still: true},
	}
	if err = st.translate(session); err == nil {
		err = st.show.found(session)
	}
	if err != nil {
		return nil, withRelations(ctx, conn, err)
	}
	rows, err := conn.QueryContext(ctx, st.duck())
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	list, err := readAll(rows, st.translated.Columns)
	if err != nil {
		return nil, redshift.DuckError(err)
	}
	return &Result{columnsOf(st.translated.Columns), list}, nil
}

// analyst is who asks a file.
const analyst = "analyst"

// openFile opens a warehouse's file for reading, with the system relations beside it. From then on DuckDB reads no other file.
func openFile(ctx context.Context, file string) (*sql.DB, error) {
	db, err := sql.Open("duckdb", dsn("", nil))
	if err != nil {
		return nil, err
	}
	err = redshift.Register(ctx, db)
	if err == nil {
		err = catalog.Install(ctx, db)
	}
	for _, q := range []string{
		"ATTACH '" + escaped(file) + "' AS warehouse (READ_ONLY)",
		"SET GLOBAL enable_external_access = false",
	} {
		if err == nil {
			_, err = db.ExecContext(ctx, q)
		}
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// defaultDatabase is the database that a namespace has without dbName.
const defaultDatabase = "dev"

var noRelation = regexp.MustCompile(`relation "([^"]+)" does not exist`)

// withRelations adds the nearest relation, or all, to the complaint that one does not exist.
func withRelations(ctx context.Context, db redshift.Querier, said error) error {
	missing := noRelation.FindStringSubmatch(said.Error())
	if missing == nil {
		return said
	}
	rows, err := db.QueryContext(ctx, `select table_schema || '.' || table_name from information_schema.tables
		where table_schema not in ('information_schema', 'pg_catalog') and table_catalog = current_database() order by 1`)
	if err != nil {
		return said
	}
	defer rows.Close()
	var known, names []string
	for rows.Next() {
		var relation string
		if err := rows.Scan(&relation); err != nil {
			return said
		}
		known = append(known, relation)
		names = append(names, relation[strings.LastIndexByte(relation, '.')+1:])
	}
	if rows.Err() != nil || len(known) == 0 {
		return said
	}
	name := missing[1][strings.LastIndexByte(missing[1], '.')+1:]
	if near := spelling.Nearest(name, names); near != "" {
		return fmt.Errorf("%w; did you mean %s?", said, known[slices.Index(names, near)])
	}
	return fmt.Errorf("%w; there are %s", said, strings.Join(known, ", "))
}

// Query answers one SELECT from the running world's warehouse, past the Data API and its clock, as
// whoever owns the machine. It sees what is committed.
func (s *Service) Query(ctx context.Context, query string) (*Result, error) {
	if s.warehouse == nil {
		return nil, errors.New("no warehouse is deployed")
	}
	x := &execution{sqls: []string{query}, user: s.endpoint.admin}
	if err := s.parseAll(x); err != nil {
		return nil, err
	}
	if !x.parsed[0].hasResult() {
		return nil, fmt.Errorf("only queries (SELECT) are answered, not %s", x.parsed[0].verb)
	}
	if err := s.perform(ctx, x); err != nil {
		return nil, err
	}
	x.session.rollback()
	r := x.outcomes[0].result
	list, err := r.all()
	return &Result{r.Columns, list}, err
}
