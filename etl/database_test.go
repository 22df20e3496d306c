package etl_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"airline/tests/postgres"
)

var parameter = regexp.MustCompile(`:([a-z_]+)`)

// duckDB is an embedded database, as in the local world.
type duckDB struct {
	t    *testing.T
	conn *sql.Conn
}

func openDuckDB(t *testing.T) database {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &duckDB{t, conn}
}

func (d *duckDB) batch(statements []string, values map[string]string) error {
	ctx := context.Background()
	tx, err := d.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		var args []any
		seen := map[string]bool{}
		for _, m := range parameter.FindAllStringSubmatch(statement, -1) {
			if !seen[m[1]] {
				args = append(args, sql.Named(m[1], values[m[1]]))
				seen[m[1]] = true
			}
		}
		if _, err := tx.ExecContext(ctx, parameter.ReplaceAllString(statement, "$$$1"), args...); err != nil {
			return fmt.Errorf("%s: %w (rollback: %v)", statement, err, tx.Rollback())
		}
	}
	return tx.Commit()
}

func (d *duckDB) lines(query string) []string {
	d.t.Helper()
	rows, err := d.conn.QueryContext(context.Background(), query)
	if err != nil {
		d.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values, pointers := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			d.t.Fatal(err)
		}
		out = append(out, strings.TrimSuffix(fmt.Sprintln(values...), "\n"))
	}
	if err := rows.Err(); err != nil {
		d.t.Fatal(err)
	}
	sort.Strings(out)
	return out
}

// postgreSQL stands in for what Redshift has from it: a parser and an executor that are not DuckDB's.
type postgreSQL struct {
	t        *testing.T
	cluster  *cluster
	database string
}

func openPostgreSQL(t *testing.T) database {
	t.Helper()
	if !postgres.Installed() {
		t.Skip("PostgreSQL is not here")
	}
	c, err := sharedCluster()
	if err != nil {
		t.Fatal(err)
	}
	c.databases++
	p := &postgreSQL{t: t, cluster: c, database: fmt.Sprintf("test_%d", c.databases)}
	if output, err := c.psql("postgres", "CREATE DATABASE "+p.database, nil); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	// The columns of Redshift's view that are asked for are PostgreSQL's.
	if err := p.batch([]string{"CREATE VIEW svv_columns AS SELECT * FROM information_schema.columns"}, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *postgreSQL) batch(statements []string, values map[string]string) error {
	var script strings.Builder
	for _, statement := range statements {
		script.WriteString(parameter.ReplaceAllString(statement, ":'$1'") + ";\n")
	}
	output, err := p.cluster.psql(p.database, script.String(), values)
	if err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return nil
}

func (p *postgreSQL) lines(query string) []string {
	p.t.Helper()
	output, err := p.cluster.psql(p.database, query, nil)
	if err != nil {
		p.t.Fatalf("%s: %v: %s", query, err, output)
	}
	if output == "" {
		return nil
	}
	out := strings.Split(strings.TrimSuffix(output, "\n"), "\n")
	sort.Strings(out)
	return out
}

// cluster is the server of this package's tests.
type cluster struct {
	*postgres.Server
	databases int
}

var sharedCluster = sync.OnceValues(func() (*cluster, error) {
	server, err := postgres.Start()
	started = server
	return &cluster{Server: server}, err
})

// started is the server to stop when the tests end.
var started *postgres.Server

func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		_ = started.Stop() // its directory is a temporary one
	}
	os.Exit(code)
}

// psql runs a script as one transaction; values are its variables.
func (c *cluster) psql(database, script string, values map[string]string) (string, error) {
	words := []string{"psql", "--host=" + c.Dir, "--username=test", "--dbname=" + database, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator= ", "--set=ON_ERROR_STOP=1"}
	if !strings.HasPrefix(script, "CREATE DATABASE") {
		words = append(words, "--single-transaction")
	}
	for name, value := range values {
		words = append(words, "--set="+name+"="+value)
	}
	command := c.Command(append(words, "--file=-")...)
	command.Stdin = strings.NewReader(script)
	output, err := command.CombinedOutput()
	return string(output), err
}
