package etl_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"
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
	if _, ok := programs(); !ok {
		t.Skip("PostgreSQL is not here")
	}
	c, err := postgres()
	if err != nil {
		t.Fatal(err)
	}
	c.databases++
	p := &postgreSQL{t: t, cluster: c, database: fmt.Sprintf("test_%d", c.databases)}
	if output, err := c.psql("postgres", "CREATE DATABASE "+p.database, nil); err != nil {
		t.Fatalf("%v: %s", err, output)
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

// programs is where PostgreSQL's programs are; Debian keeps them off the path.
func programs() (dir string, ok bool) {
	installed, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
	if len(installed) > 0 {
		return filepath.Dir(installed[len(installed)-1]), true
	}
	initdb, err := exec.LookPath("initdb")
	return filepath.Dir(initdb), err == nil
}

// cluster is a PostgreSQL server of the tests' own, reached by a socket in its directory.
type cluster struct {
	dir       string
	programs  string
	owner     *syscall.Credential // it refuses to run as root
	databases int
}

var postgres = sync.OnceValues(func() (*cluster, error) {
	dir, err := os.MkdirTemp("", "etl-postgres-")
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir}
	c.programs, _ = programs() // whoever asks for the cluster has seen them
	started = c
	if os.Geteuid() == 0 {
		who, err := user.Lookup("nobody")
		if err != nil {
			return nil, err
		}
		uid, err := strconv.Atoi(who.Uid)
		if err != nil {
			return nil, err
		}
		c.owner = &syscall.Credential{Uid: uint32(uid)}
		if err := os.Chown(dir, uid, -1); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(dir, "data")
	for _, command := range [][]string{
		{"initdb", "--auth=trust", "--username=test", "--encoding=UTF8", "--no-locale", "--no-sync", data},
		{"pg_ctl", "--pgdata=" + data, "--wait", "--log=" + filepath.Join(dir, "log"), "--options=-c listen_addresses= -c fsync=off -k " + dir, "start"},
	} {
		if output, err := c.command(command...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", command[0], err, output)
		}
	}
	return c, nil
})

// started is the server to stop when the tests end.
var started *cluster

func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		// What is left of it is in the log; the directory goes either way.
		_ = started.command("pg_ctl", "--pgdata="+filepath.Join(started.dir, "data"), "--mode=immediate", "stop").Run()
		_ = os.RemoveAll(started.dir)
	}
	os.Exit(code)
}

func (c *cluster) command(words ...string) *exec.Cmd {
	command := exec.Command(filepath.Join(c.programs, words[0]), words[1:]...)
	command.Dir = c.dir
	command.SysProcAttr = &syscall.SysProcAttr{Credential: c.owner}
	return command
}

// psql runs a script as one transaction; values are its variables.
func (c *cluster) psql(database, script string, values map[string]string) (string, error) {
	words := []string{"psql", "--host=" + c.dir, "--username=test", "--dbname=" + database, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator= ", "--set=ON_ERROR_STOP=1"}
	if !strings.HasPrefix(script, "CREATE DATABASE") {
		words = append(words, "--single-transaction")
	}
	for name, value := range values {
		words = append(words, "--set="+name+"="+value)
	}
	command := c.command(append(words, "--file=-")...)
	command.Stdin = strings.NewReader(script)
	output, err := command.CombinedOutput()
	return string(output), err
}
