package serve_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// warehouse starts airline serve and gives its process with the environment in which clients find the warehouse and AWS.
func warehouse(t *testing.T) (*server, []string) {
	t.Helper()
	s := start(t)
	var told struct {
		Endpoint, Region, Workgroup string
		Warehouse                   struct {
			Host, Database, User, Password, CAFile string
			Port                                   int
		}
		Profiles map[string]struct {
			ID     string `json:"aws_access_key_id"`
			Secret string `json:"aws_secret_access_key"`
		}
	}
	if err := json.Unmarshal([]byte(s.first), &told); err != nil {
		t.Fatal(err)
	}
	w, operator := told.Warehouse, told.Profiles["operator"]
	return s, []string{
		"PGHOST=" + w.Host, fmt.Sprint("PGPORT=", w.Port), "PGDATABASE=" + w.Database, "PGUSER=" + w.User, "PGPASSWORD=" + w.Password,
		"PGSSLROOTCERT=" + w.CAFile, "SSL_CERT_FILE=" + w.CAFile, "WORKGROUP=" + told.Workgroup,
		"AWS_ENDPOINT_URL=" + told.Endpoint, "AWS_REGION=" + told.Region, "AWS_DEFAULT_REGION=" + told.Region, "AWS_ACCESS_KEY_ID=" + operator.ID, "AWS_SECRET_ACCESS_KEY=" + operator.Secret,
	}
}

// psql runs statements, from a script on the standard input, and gives what it prints of rows, tags and errors.
func psql(t *testing.T, environment []string, script string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "psql", append([]string{"--no-psqlrc", "--no-align", "--tuples-only"}, args...)...)
	cmd.Env = append(os.Environ(), environment...)
	cmd.Stdin = strings.NewReader(script)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("psql: %v\n%s", err, out.Bytes())
	}
	return out.String()
}

func TestPsql(t *testing.T) {
	if _, err := exec.LookPath("psql"); err != nil {
		t.Skip("LEFT OUT: psql, which is not installed (Debian: postgresql-client)")
	}
	s, environment := warehouse(t)
	for _, c := range []struct{ what, script, want string }{
		{"rows", "select 1 as a, 'x' as b, null as c, 1.50 as d;", "1|x||1.50\n"},
		{"tables", "create table t (a int, b varchar(10));\ninsert into t values (1, 'x'), (2, null);\nselect * from t order by a;", "CREATE TABLE\nINSERT 0 2\n1|x\n2|\n"},
		{"transactions", "begin;\ndelete from t;\nrollback;\nselect count(*) from t;", "BEGIN\nDELETE 2\nROLLBACK\n2\n"},
		{"an error with its place", "select nope(1);", "ERROR:  function nope() does not exist\nLINE 1: select nope(1);\n               ^\n"},
		{"a cursor by FETCH_COUNT", "\\set FETCH_COUNT 1\nselect a from t order by a;", "1\n2\n"},
		{"copy", "copy t to stdout;", "ERROR:  COPY TO is not supported by Redshift: use UNLOAD\n"},
	} {
		if got := psql(t, environment, c.script); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
	for _, mode := range []string{"disable", "require", "verify-full"} {
		if got := psql(t, append(environment, "PGSSLMODE="+mode), "show server_version;"); got != "8.0.2\n" {
			t.Errorf("sslmode %s: %s", mode, got)
		}
	}
	s.stop(t)
}

func TestPsycopg(t *testing.T) {
	clients(t)
	s, environment := warehouse(t)
	if got := string(python(t, nil, environment, "psycopg_client.py")); got != "done\n" {
		t.Errorf("it prints %s", got)
	}
	s.stop(t)
}
