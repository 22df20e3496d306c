package serve_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// browsing starts a warehouse with the tables that clients browse.
func browsing(t *testing.T) (*server, []string) {
	t.Helper()
	clients(t)
	s, environment := warehouse(t)
	if got := string(python(t, []byte(browsed), environment, "statements.py")); got != "done\n" {
		t.Fatalf("the tables are not made: %s", got)
	}
	return s, environment
}

func TestRedshiftConnector(t *testing.T) {
	s, environment := browsing(t)
	if got := string(python(t, nil, environment, "redshift_connector_client.py")); got != "done\n" {
		t.Errorf("it prints %s", got)
	}
	s.stop(t)
}

func TestSQLAlchemy(t *testing.T) {
	s, environment := browsing(t)
	if got := string(python(t, nil, environment, "sqlalchemy_client.py")); got != "done\n" {
		t.Errorf("it prints %s", got)
	}
	s.stop(t)
}

func TestJDBC(t *testing.T) {
	driver := filepath.Join(clients(t), "redshift-jdbc42.jar")
	_, gone := os.Stat(driver)
	if _, err := exec.LookPath("javac"); err != nil || gone != nil { // java compiles Jdbc.java, which it does in a JDK only
		t.Skip("LEFT OUT: the Redshift JDBC driver, which needs a JDK of Java 17; tests/serve/clients.sh gets it with Maven")
	}
	s, environment := browsing(t)
	for _, encrypted := range []string{"true", "false"} {
		cmd := exec.CommandContext(t.Context(), "java", "-cp", driver, "Jdbc.java", encrypted)
		cmd.Env = append(os.Environ(), environment...)
		if out, err := cmd.CombinedOutput(); err != nil || string(out) != "done\n" {
			t.Errorf("ssl %s: %v\n%s", encrypted, err, out)
		}
		if encrypted == "true" {
			python(t, []byte("delete from shop.customers where id >= 10;"), environment, "statements.py")
		}
	}
	s.stop(t)
}

// TestDBT runs a project: seeds, a table, a view and an incremental model, twice, its tests and its documentation.
func TestDBT(t *testing.T) {
	folder := clients(t)
	s, environment := warehouse(t)
	project := t.TempDir()
	if err := os.CopyFS(project, os.DirFS("dbt")); err != nil {
		t.Fatal(err)
	}
	dbt := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), filepath.Join(folder, "bin", "dbt"), append([]string{"--no-use-colors", "--no-version-check"}, args...)...)
		cmd.Dir = project
		cmd.Env = append(append(os.Environ(), "DBT_PROFILES_DIR="+project, "DO_NOT_TRACK=1"), environment...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("dbt %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	dbt("seed")
	dbt("run")
	dbt("run")
	dbt("test")
	dbt("docs", "generate")
	text, err := os.ReadFile(filepath.Join(project, "target", "catalog.json"))
	if err != nil {
		t.Fatal(err)
	}
	var catalog struct {
		Nodes map[string]struct {
			Columns map[string]struct{ Type string }
		}
	}
	if err := json.Unmarshal(text, &catalog); err != nil {
		t.Fatal(err)
	}
	if got := catalog.Nodes["model.shop.large"].Columns["people"].Type; got != "integer" && got != "bigint" {
		t.Errorf("the documentation says that people is of type %q", got)
	}
	want := []byte("de,Germany\nfr,France\n")
	if got := python(t, []byte("select code, name from dbt.large order by code;"), environment, "statements.py", "print"); !bytes.Equal(got, append(want, "done\n"...)) {
		t.Errorf("dbt has made %s", got)
	}
	s.stop(t)
}
