package redshiftdata

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
)

// alone runs a statement outside of a transaction block, as the administrator, and tells its error.
func (w *world) alone(sql string) string {
	w.t.Helper()
	out, err := w.ExecuteStatement(w.ctx, &redshiftdata.ExecuteStatementInput{
		WorkgroupName: aws.String(workgroup), Database: aws.String("airline"), Sql: &sql, SecretArn: aws.String("arn:aws:secretsmanager:eu-central-1:" + account + ":secret:admin"),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return aws.ToString(w.finish(*out.Id).Error)
}

// batch runs statements in one transaction, as the administrator, and tells the error.
func (w *world) batch(sqls ...string) string {
	w.t.Helper()
	out, err := w.BatchExecuteStatement(w.ctx, &redshiftdata.BatchExecuteStatementInput{
		WorkgroupName: aws.String(workgroup), Database: aws.String("airline"), Sqls: sqls, SecretArn: aws.String("arn:aws:secretsmanager:eu-central-1:" + account + ":secret:admin"),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	got := w.finish(*out.Id)
	if got.Status != types.StatusStringFinished && aws.ToString(got.Error) == "" {
		w.t.Fatalf("it is %s and says nothing", got.Status)
	}
	return aws.ToString(got.Error)
}

// Columns that are added or altered keep the rows, what else is known of the table, and their lengths.
func TestAlterColumns(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT NOT NULL, name VARCHAR(5) NOT NULL ENCODE zstd, code VARCHAR(3) DEFAULT 'x', k VARCHAR(4) PRIMARY KEY, b VARCHAR(4) ENCODE bytedict, n INT DEFAULT 7) DISTKEY(id) SORTKEY(name)",
		"INSERT INTO airlines.t (id, name, k) VALUES (1, 'one', 'a'), (2, 'two', 'b')")
	for _, step := range []struct{ statement, want string }{
		{"ALTER TABLE airlines.t ALTER COLUMN name TYPE VARCHAR(2)", "3 bytes of existing data"},
		{"ALTER TABLE airlines.t ALTER COLUMN code TYPE VARCHAR(9)", "default value"},
		{"ALTER TABLE airlines.t ALTER COLUMN k TYPE VARCHAR(9)", "constraint"},
		{"ALTER TABLE airlines.t ALTER COLUMN b TYPE VARCHAR(9)", "encode type"},
		{"ALTER TABLE airlines.t ALTER COLUMN name TYPE VARCHAR(10)", ""},
		{"ALTER TABLE airlines.t ALTER COLUMN name TYPE VARCHAR(10)", "target column size should be different"},
		{"INSERT INTO airlines.t (id, name, k) VALUES (3, 'seventeen', 'c')", ""},
		{"INSERT INTO airlines.t (id, name, k) VALUES (4, 'twenty-four', 'd')", "value too long for type character varying(10)"},
		{"ALTER TABLE airlines.t ADD COLUMN note VARCHAR(4)", ""},
		{"ALTER TABLE airlines.t ADD COLUMN kind VARCHAR(4) NOT NULL DEFAULT 'old'", ""},
		{"ALTER TABLE airlines.t ADD COLUMN note VARCHAR(4)", "already exists"},
		{"INSERT INTO airlines.t (id, name, k, note) VALUES (5, 'five', 'e', 'long!')", "value too long for type character varying(4)"},
		{"INSERT INTO airlines.t (id, name, k, note) VALUES (5, 'five', 'e', 'abcd')", ""},
		{"CREATE PROCEDURE airlines.p() AS $$ BEGIN EXECUTE 'ALTER TABLE airlines.t ALTER COLUMN name TYPE VARCHAR(30)'; END; $$ LANGUAGE plpgsql", ""},
		{"CALL airlines.p()", "cannot run inside a transaction block"},
	} {
		if said := w.alone(step.statement); step.want == "" && said != "" || !strings.Contains(said, step.want) {
			t.Errorf("%s: %q, want %q", step.statement, said, step.want)
		}
	}
	if said := w.batch("ALTER TABLE airlines.t ALTER COLUMN name TYPE VARCHAR(20)"); !strings.Contains(said, "cannot run inside a transaction block") {
		t.Errorf("in a batch: %s", said)
	}
	for query, want := range map[string]string{
		"SELECT id, name, code, k, n, note, kind FROM airlines.t ORDER BY id": "[[1 one x a 7 <nil> old] [2 two x b 7 <nil> old] [3 seventeen x c 7 <nil> old] [5 five x e 7 abcd old]]",
		"SELECT column_name, data_type, character_maximum_length, is_nullable FROM svv_columns WHERE table_name = 't' AND table_schema = 'airlines' AND data_type <> 'bigint' ORDER BY ordinal_position": "[[name character varying 10 NO] [code character varying 3 YES] [k character varying 4 NO] [b character varying 4 YES] [n integer <nil> YES] [note character varying 4 YES] [kind character varying 4 NO]]",
		"SELECT diststyle, sortkey1 FROM svv_table_info WHERE \"table\" = 't'": "[[KEY(id) name]]",
	} {
		if got := w.one(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// Rights go with what they are on, and come back with a transaction that is rolled back; what views are bound to stays.
func TestDropAndRename(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT)", "CREATE VIEW airlines.v AS SELECT id FROM airlines.t", "CREATE VIEW airlines.w AS SELECT id FROM airlines.v",
		"CREATE VIEW airlines.late AS SELECT id FROM airlines.t WITH NO SCHEMA BINDING")
	w.ddl("CREATE USER ann PASSWORD DISABLE")
	w.ddl("REVOKE ALL ON ALL TABLES IN SCHEMA airlines FROM PUBLIC")
	w.ddl("GRANT SELECT ON airlines.t TO ann")
	w.ddl("GRANT SELECT ON airlines.v TO ann")
	rights := func(want string) {
		t.Helper()
		if got := w.one("SELECT relation_name, privilege_type FROM svv_relation_privileges WHERE identity_name = 'ann' ORDER BY 1, 2"); got != want {
			t.Errorf("ann's rights: %s, want %s", got, want)
		}
	}
	if said := w.alone("DROP TABLE airlines.t"); !strings.Contains(said, "other objects depend on it") {
		t.Errorf("a table of a view: %s", said)
	}
	if said := w.alone("DROP VIEW airlines.v"); !strings.Contains(said, "other objects depend on it") {
		t.Errorf("a view of a view: %s", said)
	}
	rights("[[t SELECT] [v SELECT]]")
	swap := []string{"CREATE TABLE airlines.u (id BIGINT)", "GRANT INSERT ON airlines.u TO ann", "CREATE USER bob PASSWORD DISABLE", "DROP TABLE airlines.t CASCADE", "ALTER TABLE airlines.u RENAME TO t"}
	if said := w.batch(append(swap, "SELECT CAST('no' AS INTEGER)")...); !strings.Contains(said, "invalid input syntax") {
		t.Errorf("a swap that fails: %s", said)
	}
	rights("[[t SELECT] [v SELECT]]")
	if got := w.one("SELECT count(*) FROM pg_user WHERE usename = 'bob'"); got != "[[0]]" {
		t.Errorf("a user that was rolled back: %s", got)
	}
	if said := w.batch(swap...); said != "" {
		t.Errorf("a swap: %s", said)
	}
	rights("[[t INSERT]]")
	if got := w.one("SELECT viewname, definition FROM pg_views WHERE schemaname = 'airlines' ORDER BY 1"); got != "[[late SELECT id FROM airlines.t with no schema binding]]" {
		t.Errorf("views: %s", got)
	}
	if got := w.one("SELECT count(*) FROM airlines.late"); got != "[[0]]" {
		t.Errorf("the view without binding: %s", got)
	}
}

// A view goes on reading the relation that it was made on, whatever that is called later.
func TestViewsOfRenamed(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT)", "INSERT INTO airlines.t VALUES (1)", "CREATE SCHEMA other")
	w.open("CREATE VIEW other.v (n) AS WITH u AS (SELECT t.id FROM airlines.t) SELECT t.id + u.id + airlines.t.id FROM airlines . \"t\", u WHERE t.id IN (SELECT b.id FROM /* a */ airlines.t b)",
		"CREATE VIEW other.w AS SELECT v.n FROM other.v",
		"CREATE VIEW other.late AS SELECT id FROM airlines.t WITH NO SCHEMA BINDING")
	for _, step := range []struct{ statement, want string }{
		{"ALTER TABLE airlines.t RENAME TO t_backup", "[[3]]"},
		{"CREATE TABLE airlines.t (id BIGINT)", "[[3]]"},
		{"INSERT INTO airlines.t VALUES (7)", "[[3]]"},
		{"ALTER TABLE other.v RENAME TO u", "[[3]]"},
		{"UPDATE airlines.t_backup SET id = 2", "[[6]]"},
	} {
		if said := w.alone(step.statement); said != "" {
			t.Errorf("%s: %s", step.statement, said)
		}
		if got := w.one("SELECT n FROM other.w"); got != step.want {
			t.Errorf("%s: the view has %s, want %s", step.statement, got, step.want)
		}
	}
	if got := w.one("SELECT id FROM other.late"); got != "[[7]]" {
		t.Errorf("the view without binding: %s", got)
	}
	if said := w.alone("DROP TABLE airlines.t"); said != "" {
		t.Errorf("the table that no view is bound to: %s", said)
	}
	if said := w.batch("ALTER TABLE airlines.t_backup RENAME TO z", "SELECT CAST('no' AS INTEGER)"); !strings.Contains(said, "invalid input syntax") {
		t.Error(said)
	}
	if got := w.one("SELECT n FROM other.w"); got != "[[6]]" {
		t.Errorf("after a rollback: %s", got)
	}
	if said := w.alone("DROP TABLE airlines.t_backup CASCADE"); said != "" {
		t.Error(said)
	}
	if got := w.one("SELECT viewname FROM pg_views WHERE schemaname = 'other'"); got != "[[late]]" {
		t.Errorf("views: %s", got)
	}
}

// Within a transaction of the Data API a temporary table hides another of its name until it is dropped, and what the transaction has changed of
// tables it sees at once; other transactions see it when it has ended, and never if it fails.
func TestDefinitionsOfABatch(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE public.t (a INT)", "INSERT INTO t VALUES (1)")
	if said := w.batch("INSERT INTO t VALUES (2)", "CREATE TEMP TABLE t (b VARCHAR(9), c INT)", "INSERT INTO t VALUES ('x', 3)", "SELECT b, c FROM t", "DROP TABLE t", "INSERT INTO t VALUES (4)"); said != "" {
		t.Errorf("a temporary table: %s", said)
	}
	if got := w.one("SELECT a FROM t ORDER BY a"); got != "[[1] [2] [4]]" {
		t.Errorf("the table has %s", got)
	}
	if said := w.batch("ALTER TABLE t ADD COLUMN d INT DEFAULT 5", "CREATE TEMP TABLE u AS SELECT d FROM t", "INSERT INTO t SELECT 6, d FROM u LIMIT 1", "SELECT CAST('no' AS INT)"); !strings.Contains(said, "invalid input syntax") {
		t.Errorf("a batch that fails: %s", said)
	}
	if said := w.alone("INSERT INTO t (a, d) VALUES (7, 7)"); !strings.Contains(said, `column "d"`) {
		t.Errorf("a column that was rolled back: %s", said)
	}
	if said := w.batch("ALTER TABLE t ADD COLUMN d INT DEFAULT 5", "INSERT INTO t SELECT 6, MAX(d) FROM t"); said != "" {
		t.Errorf("a new column: %s", said)
	}
	if said := w.alone("INSERT INTO t (a, d) VALUES (7, 7)"); said != "" {
		t.Errorf("after it: %s", said)
	}
}
