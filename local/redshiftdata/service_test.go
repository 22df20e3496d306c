package redshiftdata

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/asl/sim"
	"airline/local/door"
	"airline/local/recorder"
)

const (
	account   = "123456789012"
	copyRole  = "arn:aws:iam::" + account + ":role/airline-dev-copy"
	loadRole  = "arn:aws:iam::" + account + ":role/airline-dev-ingest"
	workgroup = "airline-dev"
)

// policy refuses the actions in it and allows everything else.
type policy map[string]bool

func (p policy) Authorize(who door.Principal, r door.Request) error {
	if p[r.Action] {
		return errors.New("User: " + who.String() + " is not authorized to perform: " + r.Action + " on resource: " + r.Resource)
	}
	return nil
}

// bucket is S3 as COPY sees it.
type bucket map[string][]byte

func (b bucket) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	out := &s3.ListObjectsV2Output{}
	for _, key := range slices.Sorted(maps.Keys(b)) {
		if strings.HasPrefix(key, *in.Prefix) {
			out.Contents = append(out.Contents, s3types.Object{Key: aws.String(key), Size: aws.Int64(int64(len(b[key])))})
		}
	}
	return out, nil
}

func (b bucket) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	body, ok := b[*in.Key]
	if !ok {
		return nil, &s3types.NoSuchKey{}
	}
	return &s3.GetObjectOutput{Body: io.NopCloser(bytes.NewReader(body))}, nil
}

func (b bucket) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	body, err := io.ReadAll(in.Body)
	b[*in.Key] = body
	return &s3.PutObjectOutput{}, err
}

func (b bucket) DeleteObject(_ context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
	delete(b, *in.Key)
	return &s3.DeleteObjectOutput{}, nil
}

type world struct {
	*Service
	t       *testing.T
	clock   *sim.Clock
	denied  policy
	objects bucket
	ctx     context.Context
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: sim.NewClock(time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)), denied: policy{}, objects: bucket{}}
	d := door.New(w.clock, w.denied, 1)
	w.Service = New(d, w.clock, w.objects, filepath.Join(t.TempDir(), "warehouse.duckdb"))
	w.ctx = door.As(context.Background(), door.Principal{ARN: "arn:aws:sts::" + account + ":assumed-role/airline-dev-ingest/x", Role: loadRole, Account: account})
	w.deploy("aws:redshiftserverless/namespace:Namespace", map[string]any{
		"namespaceName": "airline-dev", "dbName": "airline", "adminUsername": "admin", "iamRoles": []any{copyRole},
	}, map[string]any{"arn": "arn:aws:redshift-serverless:eu-central-1:" + account + ":namespace/n1", "adminPasswordSecretArn": "arn:aws:secretsmanager:eu-central-1:" + account + ":secret:admin"})
	w.deploy("aws:redshiftserverless/workgroup:Workgroup", map[string]any{
		"workgroupName": workgroup, "namespaceName": "airline-dev", "baseCapacity": 8.0,
	}, map[string]any{"arn": "arn:aws:redshift-serverless:eu-central-1:" + account + ":workgroup/w1", "workgroupId": "w1"})
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) deploy(typ string, in, out map[string]any) {
	w.t.Helper()
	all := map[string]any{}
	for k, v := range in {
		all[k] = v
	}
	for k, v := range out {
		all[k] = v
	}
	if err := w.Types()[typ](&recorder.Resource{Type: typ, Name: "test", Inputs: in, Outputs: all}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ddl(sql string) {
	w.t.Helper()
	w.deploy("aws:redshiftdata/statement:Statement", map[string]any{"workgroupName": workgroup, "database": "airline", "sql": sql}, nil)
}

// open makes a schema that everybody may use.
func (w *world) open(tables ...string) {
	w.t.Helper()
	w.ddl("CREATE SCHEMA IF NOT EXISTS airlines")
	w.ddl("GRANT ALL ON SCHEMA airlines TO PUBLIC")
	for _, t := range tables {
		w.ddl(t)
	}
	w.ddl("GRANT ALL ON ALL TABLES IN SCHEMA airlines TO PUBLIC")
}

func (w *world) run(sqls []string, params ...string) *redshiftdata.DescribeStatementOutput {
	w.t.Helper()
	in := &redshiftdata.BatchExecuteStatementInput{WorkgroupName: aws.String(workgroup), Database: aws.String("airline"), Sqls: sqls}
	for i := 0; i+1 < len(params); i += 2 {
		in.Parameters = append(in.Parameters, types.SqlParameter{Name: &params[i], Value: &params[i+1]})
	}
	out, err := w.BatchExecuteStatement(w.ctx, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.finish(*out.Id)
}

// filled holds what a COPY into airlines.t has come to against the rows that the table should have, or the error.
func (w *world) filled(got *redshiftdata.DescribeStatementOutput, want string) {
	w.t.Helper()
	if !strings.HasPrefix(want, "[") {
		if got.Status != types.StatusStringFailed || !strings.Contains(aws.ToString(got.Error), want) {
			w.t.Errorf("status %s, error %s, want %s", got.Status, aws.ToString(got.Error), want)
		}
		return
	}
	if got.Status != types.StatusStringFinished {
		w.t.Fatalf("status %s, error %s", got.Status, aws.ToString(got.Error))
	}
	if rows := w.one("SELECT * FROM airlines.t ORDER BY id"); rows != want {
		w.t.Errorf("rows %s, want %s", rows, want)
	}
}

func (w *world) finish(id string) *redshiftdata.DescribeStatementOutput {
	w.t.Helper()
	if err := w.clock.Run(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	got, err := w.DescribeStatement(w.ctx, &redshiftdata.DescribeStatementInput{Id: &id})
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// parquet makes a Parquet file of a query's rows.
func parquet(t *testing.T, query string) []byte {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	file := filepath.Join(t.TempDir(), "x.parquet")
	if _, err := db.Exec("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

const copyT = "COPY airlines.t FROM 's3://staging/loads/1/' IAM_ROLE '" + copyRole + "' FORMAT AS PARQUET"

func TestBatchIsOneTransaction(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT, name VARCHAR(3))")
	got := w.run([]string{
		"INSERT INTO airlines.t VALUES (:id, :name)",
		"SELECT count(*) AS N FROM airlines.t",
		"CREATE TEMP TABLE s (id BIGINT)",
		"INSERT INTO s SELECT id FROM airlines.t",
		"DROP TABLE s",
	}, "id", "7", "name", "O''H")
	if got.Status != types.StatusStringFailed || !strings.Contains(*got.Error, "Query #1 failed with ERROR: value too long for type character varying(3)") {
		t.Fatalf("status %s, error %s", got.Status, aws.ToString(got.Error))
	}
	if s := got.SubStatements[1].Status; s != types.StatementStatusStringAborted {
		t.Errorf("the statement after the failed one is %s", s)
	}
	got = w.run([]string{"INSERT INTO airlines.t VALUES (:id, :name)", "SELECT count(*) AS N FROM airlines.t", "INSERT INTO airlines.t SELECT * FROM nowhere"}, "id", "7", "name", "x")
	if got.Status != types.StatusStringFailed || !strings.Contains(*got.Error, `relation "nowhere" does not exist`) {
		t.Fatalf("status %s, error %s", got.Status, aws.ToString(got.Error))
	}
	got = w.run([]string{"INSERT INTO airlines.t VALUES (:id, :name)", "SELECT count(*) AS N, sum(id) FROM airlines.t"}, "id", "7", "name", "a';")
	if got.Status != types.StatusStringFinished || !aws.ToBool(got.HasResultSet) {
		t.Fatalf("status %s, error %s", got.Status, aws.ToString(got.Error))
	}
	r, err := w.GetStatementResult(w.ctx, &redshiftdata.GetStatementResultInput{Id: got.SubStatements[1].Id})
	if err != nil {
		t.Fatal(err)
	}
	if n := r.Records[0][0].(*types.FieldMemberLongValue).Value; n != 1 || *r.ColumnMetadata[0].Name != "n" {
		t.Errorf("count %d in column %s: earlier failures were not rolled back, or names not folded", n, *r.ColumnMetadata[0].Name)
	}
}

func TestCopy(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT, name VARCHAR(3))")
	for _, c := range []struct{ name, query, want string }{
		{"fits", "SELECT 1::BIGINT AS a, 'x' AS b", ""},
		{"narrower integer", "SELECT 1::INTEGER AS a, 'x' AS b", ""},
		{"no rows", "SELECT 1::BIGINT AS a, 'x' AS b LIMIT 0", ""},
		{"too few columns", "SELECT 1::BIGINT AS a", "has 1 columns, the table airlines.t has 2"},
		{"wrong type", "SELECT '1' AS a, 'x' AS b", "incompatible Parquet schema for column"},
		{"too long", "SELECT 1::BIGINT AS a, 'äö' AS b", "the length of the data column name is longer than the length defined in the table. Table: 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			clear(w.objects)
			w.objects["loads/1/part-0.parquet"] = parquet(t, c.query)
			got := w.run([]string{copyT})
			if c.want == "" && got.Status != types.StatusStringFinished || c.want != "" && !strings.Contains(aws.ToString(got.Error), c.want) {
				t.Errorf("status %s, error %s", got.Status, aws.ToString(got.Error))
			}
		})
	}
	w.t = t
	clear(w.objects)
	if got := w.run([]string{copyT}); !strings.Contains(aws.ToString(got.Error), "The specified S3 prefix 'loads/1/' does not exist") {
		t.Errorf("empty prefix: %s", aws.ToString(got.Error))
	}
	w.objects["loads/1/x"] = []byte("no parquet")
	if got := w.run([]string{copyT}); !strings.Contains(aws.ToString(got.Error), "is not a Parquet file") {
		t.Errorf("not Parquet: %s", aws.ToString(got.Error))
	}
	w.denied["sts:AssumeRole"] = true
	if got := w.run([]string{copyT}); !strings.Contains(aws.ToString(got.Error), "Not authorized to get credentials of role "+copyRole) {
		t.Errorf("no trust: %s", aws.ToString(got.Error))
	}
}

// A COPY of many objects takes those of one schema together: the rows are those of all, in the columns' order whatever their names, and an error names
// the first object that is at fault.
func TestCopyOfMany(t *testing.T) {
	good, bad := "SELECT 1::BIGINT AS a, 'x' AS b", "SELECT 2::BIGINT AS a, 'xxxx' AS b"
	for _, c := range []struct {
		name    string
		queries []string
		want    string // the rows, or an error of the third object
	}{
		{"alike", []string{good, good, good, good}, "[[4 4]]"},
		{"other names, types and numbers", []string{good, "SELECT 1::BIGINT AS b, 'y' AS a", "SELECT 1::INTEGER AS a, 'z' AS b", good, "SELECT 1::BIGINT AS a, 'x' AS b LIMIT 0"}, "[[4 4]]"},
		{"too long", []string{good, good, bad, good, bad}, "the length of the data column name is longer than the length defined in the table. Table: 3"},
		{"too long, under another name", []string{good, good, "SELECT 1::BIGINT AS name, 'xxxx' AS id", good}, "the length of the data column name is longer"},
		{"damaged", []string{good, good, "", good, ""}, "is not a Parquet file or is damaged"},
		{"wrong type", []string{good, good, "SELECT '1' AS a, 'x' AS b", good}, "incompatible Parquet schema for column"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.open("CREATE TABLE airlines.t (id BIGINT, name VARCHAR(3))")
			for i, query := range c.queries {
				key := fmt.Sprintf("loads/1/part-%d.parquet", i)
				w.objects[key] = []byte("no Parquet")
				if query != "" {
					w.objects[key] = parquet(t, query)
				}
			}
			got := w.run([]string{copyT})
			if strings.HasPrefix(c.want, "[[") {
				if rows := w.one("SELECT COUNT(*), SUM(id) FROM airlines.t"); rows != c.want {
					t.Errorf("rows %s, want %s (%s)", rows, c.want, aws.ToString(got.Error))
				}
			} else if text := aws.ToString(got.Error); !strings.Contains(text, c.want) || !strings.Contains(text, "part-2.parquet") {
				t.Errorf("error %q, want %q of part-2.parquet", text, c.want)
			}
		})
	}
}

func TestNothingIsCommittedBeforeFinished(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT)")
	in := &redshiftdata.BatchExecuteStatementInput{WorkgroupName: aws.String(workgroup), Database: aws.String("airline"), Sqls: []string{"INSERT INTO airlines.t VALUES (1)"}}
	first, err := w.BatchExecuteStatement(w.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.BatchExecuteStatement(w.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	w.clock.Step()
	w.clock.Step()
	for _, id := range []*string{first.Id, second.Id} {
		if got, _ := w.DescribeStatement(w.ctx, &redshiftdata.DescribeStatementInput{Id: id}); got.Status != types.StatusStringStarted {
			t.Fatalf("status %s, want STARTED", got.Status)
		}
	}
	count := func() any {
		r, err := w.Query(context.Background(), "select count(*) from airlines.t")
		if err != nil {
			t.Fatal(err)
		}
		return r.Rows[0][0]
	}
	if n := count(); n != int64(0) {
		t.Errorf("%v rows are visible while the insert runs", n)
	}
	if _, err := w.CancelStatement(w.ctx, &redshiftdata.CancelStatementInput{Id: first.Id}); err != nil {
		t.Fatal(err)
	}
	if got := w.finish(*first.Id); got.Status != types.StatusStringAborted {
		t.Errorf("cancelled: %s", got.Status)
	}
	if got := w.finish(*second.Id); got.Status != types.StatusStringFinished {
		t.Errorf("the one that waited: %s %s", got.Status, aws.ToString(got.Error))
	}
	if n := count(); n != int64(1) {
		t.Errorf("%v rows, want the second statement's one", n)
	}
}

func TestClientToken(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT)")
	in := &redshiftdata.ExecuteStatementInput{WorkgroupName: aws.String(workgroup), Database: aws.String("airline"), Sql: aws.String("INSERT INTO airlines.t VALUES (1)"), ClientToken: aws.String("load-1")}
	first, err := w.ExecuteStatement(w.ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	w.finish(*first.Id)
	again, err := w.ExecuteStatement(w.ctx, in)
	if err != nil || *again.Id != *first.Id {
		t.Errorf("second call: id %v, error %v; want the first's id", aws.ToString(again.Id), err)
	}
	other := *in
	other.Sql = aws.String("DELETE FROM airlines.t")
	var invalid *types.ValidationException
	if _, err := w.ExecuteStatement(w.ctx, &other); !errors.As(err, &invalid) {
		t.Errorf("other statement under the same token: %v", err)
	}
	r, err := w.Query(context.Background(), "select count(*) from airlines.t")
	if err != nil || r.Rows[0][0] != int64(1) {
		t.Errorf("%v rows, %v", r.Rows, err)
	}
}

func TestCallsAreAuthorised(t *testing.T) {
	for _, c := range []struct {
		action string
		in     redshiftdata.ExecuteStatementInput
	}{
		{"redshift-data:ExecuteStatement", redshiftdata.ExecuteStatementInput{}},
		{"redshift-serverless:GetCredentials", redshiftdata.ExecuteStatementInput{}},
		{"secretsmanager:GetSecretValue", redshiftdata.ExecuteStatementInput{SecretArn: aws.String("arn:aws:secretsmanager:eu-central-1:" + account + ":secret:admin")}},
	} {
		t.Run(c.action, func(t *testing.T) {
			w := newWorld(t)
			c.in.WorkgroupName, c.in.Database, c.in.Sql = aws.String(workgroup), aws.String("airline"), aws.String("select 1")
			if _, err := w.ExecuteStatement(w.ctx, &c.in); err != nil {
				t.Fatal(err)
			}
			w.denied[c.action] = true
			if _, err := w.ExecuteStatement(w.ctx, &c.in); err == nil || !strings.Contains(err.Error(), c.action) || !strings.Contains(err.Error(), "airline-dev-ingest") {
				t.Errorf("got %v, want a refusal that names %s and the caller", err, c.action)
			}
		})
	}
}

func TestDatabasePrivileges(t *testing.T) {
	w := newWorld(t)
	w.ddl("CREATE SCHEMA airlines")
	w.ddl("CREATE TABLE airlines.t (id BIGINT)")
	for _, step := range []struct{ grant, want string }{
		{"", "permission denied for schema airlines"},
		{`CREATE USER "IAMR:airline-dev-ingest" PASSWORD DISABLE`, "permission denied for schema airlines"},
		{`GRANT USAGE ON SCHEMA airlines TO "IAMR:airline-dev-ingest"`, "permission denied for relation t"},
		{`GRANT INSERT ON ALL TABLES IN SCHEMA airlines TO "IAMR:airline-dev-ingest"`, "permission denied for relation t"},
		{`GRANT SELECT ON airlines.t TO "IAMR:airline-dev-ingest"`, ""},
	} {
		if step.grant != "" {
			if err := w.Types()["aws:redshiftdata/statement:Statement"](&recorder.Resource{Inputs: map[string]any{
				"workgroupName": workgroup, "database": "airline", "sql": step.grant}}); err != nil && !strings.Contains(err.Error(), "already exists") {
				t.Fatal(err)
			}
		}
		got := w.run([]string{"INSERT INTO airlines.t SELECT max(id) FROM airlines.t"})
		if !strings.Contains(aws.ToString(got.Error), step.want) || step.want == "" && got.Error != nil {
			t.Errorf("after %q: %v, want %q", step.grant, aws.ToString(got.Error), step.want)
		}
	}
}

func TestQueryOfAFile(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT, d DATE, x DECIMAL(5,2), s VARCHAR(10))")
	w.run([]string{"INSERT INTO airlines.t VALUES (1, '2008-05-01', 1.5, NULL)"})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Query(context.Background(), w.file, "SELECT * FROM airlines.t", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if want := []any{int64(1), "2008-05-01", "1.50", nil}; !slices.Equal(r.Rows[0], want) {
		t.Errorf("got %v, want %v", r.Rows[0], want)
	}
	if r, err = Query(context.Background(), w.file, "SELECT count(*), SUM(id), MAX(s) AS Most FROM airlines.t", time.Now()); err != nil {
		t.Fatal(err)
	}
	if names := []string{r.Columns[0].Name, r.Columns[1].Name, r.Columns[2].Name}; !slices.Equal(names, []string{"count", "sum", "most"}) {
		t.Errorf("columns %q", names)
	}
	for _, q := range []string{"SELECT 1/0", "SELECT 7 % (id - 1) FROM airlines.t", "SELECT 1.5 / (SUM(id) - 1)::float8 FROM airlines.t", "SELECT 1 / nvl(NULL, 0)",
		"SELECT mod(7, 0)", "SELECT MOD(nvl(id, 1), mod(id, 1)) FROM airlines.t"} {
		if r, err := Query(context.Background(), w.file, q, time.Now()); err == nil || err.Error() != "ERROR: division by zero" {
			t.Errorf("%s: got %v, %v; want the error that Redshift has", q, r, err)
		}
	}
	if r, err = Query(context.Background(), w.file, "SELECT 7 / 2, 7 % 2 * 3, 1 / NULL::int, mod(greatest(7, 6), 2 + 2), mod(7, NULL::int), x / id FROM airlines.t", time.Now()); err != nil {
		t.Fatal(err)
	}
	if want := []any{int64(3), int64(3), nil, int64(3), nil}; !slices.Equal(r.Rows[0][:5], want) {
		t.Errorf("got %v, want %v", r.Rows[0], want)
	}
	for _, q := range []string{"DELETE FROM airlines.t", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "ATTACH 'x'", "SELECT :a"} {
		if _, err := Query(context.Background(), w.file, q, time.Now()); err == nil {
			t.Errorf("%s is answered", q)
		}
	}
}

func TestInterference(t *testing.T) {
	w := newWorld(t)
	w.open("CREATE TABLE airlines.t (id BIGINT)")
	times := 0
	w.Interfere(func([]string) error {
		if times++; times == 1 {
			return errors.New(SerializationFailure)
		}
		return nil
	})
	insert := []string{"INSERT INTO airlines.t VALUES (1)"}
	if got := w.run(insert); got.Status != types.StatusStringFailed || !strings.Contains(*got.Error, "1023") {
		t.Errorf("%s %s", got.Status, aws.ToString(got.Error))
	}
	if got := w.run(insert); got.Status != types.StatusStringFinished {
		t.Errorf("the second time: %s %s", got.Status, aws.ToString(got.Error))
	}
	if r, err := w.Query(w.ctx, "SELECT count(*) FROM airlines.t"); err != nil || r.Rows[0][0] != int64(1) {
		t.Errorf("%v, %v", r, err)
	}
}

// A procedure makes a user that is not there, in whatever case the name is kept, and does nothing else.
func TestEnsureUser(t *testing.T) {
	w := newWorld(t)
	w.ddl("CREATE SCHEMA airlines")
	w.ddl(`CREATE OR REPLACE PROCEDURE airlines.ensure_user(who VARCHAR(128)) AS $$
		DECLARE known INTEGER;
		BEGIN
		  SELECT COUNT(*) INTO known FROM pg_user WHERE LOWER(usename) = LOWER(who);
		  IF known = 0 THEN EXECUTE 'CREATE USER ' || QUOTE_IDENT(who) || ' PASSWORD DISABLE'; END IF;
		END; $$ LANGUAGE plpgsql`)
	deploy := func(sql string) error {
		return w.Types()["aws:redshiftdata/statement:Statement"](&recorder.Resource{Inputs: map[string]any{
			"workgroupName": workgroup, "database": "airline", "sql": sql}})
	}
	for range 2 {
		w.ddl("CALL airlines.ensure_user('IAMR:new')")
	}
	w.ddl(`GRANT USAGE ON SCHEMA airlines TO "IAMR:new"`)
	if err := deploy(`CREATE USER "IAMR:new" PASSWORD DISABLE`); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("the user is there, and yet it can be made again: %v", err)
	}
	w.ddl("CALL airlines.ensure_user('admin')") // the administrator is a user, too
	w.ddl("CREATE PROCEDURE airlines.careless(who VARCHAR(128)) AS $$ BEGIN EXECUTE 'CREATE USER ' || QUOTE_IDENT(who) || ' PASSWORD DISABLE'; END $$ LANGUAGE plpgsql")
	if err := deploy("CALL airlines.careless('IAMR:new')"); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("a procedure that does not look: %v", err)
	}
	if err := deploy("CALL airlines.unknown('a')"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a procedure that is not there: %v", err)
	}
	if got := w.run([]string{"CALL airlines.ensure_user('IAMR:mine')"}); !strings.Contains(aws.ToString(got.Error), "permission denied") {
		t.Errorf("anybody may make users: %v", aws.ToString(got.Error))
	}
}
