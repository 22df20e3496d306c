package etl_test

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"airline/etl"
	"airline/local/redshiftdata/servetest"
)

// witness is a database that sessions are opened to: the local Redshift, or PostgreSQL.
type witness struct {
	*client
	t *testing.T
	// url is where sessions are opened.
	url      string
	redshift bool
}

// onWitnesses runs a test on each.
func onWitnesses(t *testing.T, test func(t *testing.T, w *witness)) {
	for name, open := range map[string]func(*testing.T) *witness{"Redshift": openRedshift, "PostgreSQL": openWitness} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// openRedshift serves an empty local warehouse.
func openRedshift(t *testing.T) *witness {
	t.Helper()
	w := &witness{t: t, url: servetest.Start(t, "test").URL, redshift: true}
	w.client = w.session()
	return w
}

// redshiftViews are the views of Redshift that migrations ask, of what PostgreSQL has.
var redshiftViews = []string{
	`CREATE VIEW svv_table_info AS SELECT c.relname AS "table", n.nspname AS "schema", 'AUTO(ALL)' AS diststyle, 'AUTO(SORTKEY)' AS sortkey1, GREATEST(c.reltuples, 0) AS tbl_rows FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace`,
	`CREATE VIEW svv_relation_privileges AS SELECT table_schema AS namespace_name, table_name AS relation_name, privilege_type, grantee AS identity_name,
		CASE grantee WHEN 'PUBLIC' THEN 'public' ELSE 'user' END AS identity_type, is_grantable = 'YES' AS admin_option FROM information_schema.table_privileges WHERE grantee <> 'test'`,
	`CREATE VIEW svv_column_privileges AS SELECT '' AS namespace_name, '' AS relation_name, '' AS column_name, '' AS privilege_type, '' AS identity_name, '' AS identity_type WHERE false`,
	`CREATE VIEW svv_mv_dependency AS SELECT '' AS schema_name, '' AS name, '' AS dependent_schema_name, '' AS dependent_name WHERE false`,
	`CREATE VIEW svv_rls_attached_policy AS SELECT '' AS relschema, '' AS relname, '' AS polname WHERE false`,
	`CREATE VIEW svv_attached_masking_policy AS SELECT '' AS policy_name, '' AS schema_name, '' AS table_name WHERE false`,
}

// openWitness makes an empty database of PostgreSQL, in which transactions are isolated as Redshift's are.
func openWitness(t *testing.T) *witness {
	t.Helper()
	p := openPostgreSQL(t).(*postgreSQL)
	w := &witness{t: t, url: fmt.Sprintf("host=%s user=test dbname=%s default_transaction_isolation=serializable", p.cluster.Dir, p.database)}
	w.client = w.session()
	for _, q := range redshiftViews {
		w.must(q)
	}
	return w
}

func (w *witness) session() *client {
	w.t.Helper()
	conn, err := pgx.Connect(context.Background(), w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close(context.Background()) })
	return &client{w.t, conn}
}

// client is a session.
type client struct {
	t    *testing.T
	conn *pgx.Conn
}

// do executes a statement.
func (c *client) do(statement string) error {
	_, err := c.conn.PgConn().Exec(context.Background(), statement).ReadAll()
	if err != nil {
		return fmt.Errorf("%w: %.200s", err, statement)
	}
	return nil
}

func (c *client) must(statements ...string) {
	c.t.Helper()
	for _, s := range statements {
		if err := c.do(s); err != nil {
			c.t.Fatal(err)
		}
	}
}

// batch executes statements in one transaction, as the Data API does, with named parameters.
func (c *client) batch(statements []string, values map[string]string) error {
	if err := c.do("BEGIN"); err != nil {
		return err
	}
	err := c.all(statements, values)
	if err == nil {
		err = c.do("COMMIT")
	}
	if err != nil {
		c.must("ROLLBACK")
	}
	return err
}

// all executes statements in the transaction that is open.
func (c *client) all(statements []string, values map[string]string) error {
	for _, s := range statements {
		s = parameter.ReplaceAllStringFunc(s, func(name string) string {
			value, given := values[name[1:]]
			if !given {
				return name
			}
			return "'" + strings.ReplaceAll(value, "'", "''") + "'"
		})
		if err := c.do(s); err != nil {
			return err
		}
	}
	return nil
}

// rows answers a query.
func (c *client) rows(query string) []etl.Row {
	c.t.Helper()
	results, err := c.conn.PgConn().Exec(context.Background(), query).ReadAll()
	if err != nil {
		c.t.Fatalf("%v: %s", err, query)
	}
	var all []etl.Row
	for _, values := range results[0].Rows {
		r := etl.Row{}
		for i, f := range results[0].FieldDescriptions {
			r[f.Name] = string(values[i])
			if f.DataTypeOID == 16 { // BOOLEAN
				r[f.Name] = map[string]string{"t": "true", "f": "false"}[string(values[i])]
			}
		}
		all = append(all, r)
	}
	return all
}

// lines answers a query as sorted lines, columns separated by blanks.
func (c *client) lines(query string) []string {
	c.t.Helper()
	results, err := c.conn.PgConn().Exec(context.Background(), query).ReadAll()
	if err != nil {
		c.t.Fatalf("%v: %s", err, query)
	}
	var out []string
	for _, values := range results[0].Rows {
		var texts []string
		for _, v := range values {
			texts = append(texts, string(v))
		}
		out = append(out, strings.Join(texts, " "))
	}
	sort.Strings(out)
	return out
}

// conflicts reports whether a transaction has failed because of another one, so that it is tried again.
func conflicts(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40001" || e.Message == "1023" || strings.Contains(e.Message, "dropped by concurrent transaction") || strings.Contains(e.Message, "could not open relation"))
}

// live asks for what there is.
func (w *witness) live() etl.Live {
	w.t.Helper()
	var live etl.Live
	for _, q := range etl.MigrateQueries() {
		text := q.SQL
		if !w.redshift { // which PostgreSQL keeps nowhere, or elsewhere
			text = strings.NewReplacer("a.attisdistkey", "false", "a.attsortkeyord", "0", "d.adsrc", "pg_get_expr(d.adbin, d.adrelid)").Replace(text)
		}
		for _, row := range w.rows(text) {
			q.Add(&live, row)
		}
	}
	return live
}
