package peers

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"airline/local/redshift"
)

// Pinned: the DuckDB of both is 1.5.6.
const (
	sqlglotVersion = "sqlglot==30.29.0"
	duckdbVersion  = "duckdb==1.5.6"
)

// TestSQLGlotAnswers holds the examples that Redshift's guide prints with their answers to sqlglot's translation, run by DuckDB.
// The local warehouse answers none of them wrong.
func TestSQLGlotAnswers(t *testing.T) {
	need(t, "python3")
	var examples []redshift.Example
	data, err := os.ReadFile("../../../shared/conformance/redshift/examples.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the documented examples are not at hand")
	}
	if err == nil {
		err = json.Unmarshal(data, &examples)
	}
	if err != nil {
		t.Fatal(err)
	}
	engine, err := redshift.NewEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	type question struct {
		SQL string `json:"sql"`
	}
	type answer struct {
		Failed string
		Rows   [][]string
	}
	questions := make([]question, len(examples))
	for i, x := range examples {
		questions[i].SQL = x.SQL
	}
	answers := ask[question, answer](t, ".", questions, python(t, sqlglotVersion, duckdbVersion)+"/python", "redshift.py")
	here, there := map[redshift.Verdict]int{}, map[redshift.Verdict]int{}
	for i, x := range examples {
		verdict, said := engine.Judge(t.Context(), x)
		if here[verdict]++; verdict == redshift.Wrong {
			t.Errorf("%s is answered with %s, want %v", x.SQL, said, x.Rows)
		}
		switch {
		case answers[i].Failed != "":
			there[redshift.Refused]++
		case sameRows(answers[i].Rows, x.Rows):
			there[redshift.Right]++
		default:
			there[redshift.Wrong]++
			t.Logf("%s: %s: got %v, want %v", sqlglotVersion, x.SQL, answers[i].Rows, x.Rows)
		}
	}
	t.Logf("of %d documented answers: here right %d, refused %d, wrong %d; %s with %s right %d, refused %d, wrong %d", len(examples),
		here[redshift.Right], here[redshift.Refused], here[redshift.Wrong], sqlglotVersion, duckdbVersion, there[redshift.Right], there[redshift.Refused], there[redshift.Wrong])
}

// sameRows compares with goodwill: values that are equal as numbers or as booleans are.
func sameRows(got, want [][]string) bool {
	if len(got) != len(want) {
		return false
	}
	boolean := map[string]string{"t": "true", "f": "false", "true": "true", "false": "false"}
	for i := range got {
		if len(got[i]) != len(want[i]) {
			return false
		}
		for j, g := range got[i] {
			g, w := strings.TrimSpace(g), strings.TrimSpace(want[i][j])
			x, err := strconv.ParseFloat(g, 64)
			y, err2 := strconv.ParseFloat(w, 64)
			b, c := boolean[strings.ToLower(g)], boolean[strings.ToLower(w)]
			if g != w && (err != nil || err2 != nil || x != y) && (b == "" || b != c) {
				return false
			}
		}
	}
	return true
}

// TestSQLGlotStatements reads the statements of sqlglot's own tests of Redshift's dialect: what is not read has its reason.
func TestSQLGlotStatements(t *testing.T) {
	need(t, "python3", "tar")
	dir, bin := t.TempDir(), python(t, sqlglotVersion)
	for _, command := range [][]string{
		{bin + "/pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "--no-binary", ":all:", "-d", dir, sqlglotVersion},
		{"sh", "-c", "tar xzf " + dir + "/sqlglot-*.tar.gz -C " + dir},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	sources, err := filepath.Glob(dir + "/sqlglot-*/tests")
	if err != nil || len(sources) != 1 {
		t.Fatalf("sqlglot's tests: %v, %v", sources, err)
	}
	out, err := exec.Command(bin+"/python", "redshift.py", filepath.Dir(sources[0])).Output()
	if err != nil {
		t.Fatal(err)
	}
	read, refused, other, all := 0, 0, 0, 0
	for line := range strings.Lines(string(out)) {
		var sql string
		if err := json.Unmarshal([]byte(line), &sql); err != nil {
			t.Fatal(err)
		}
		all++
		_, err := redshift.Parse(sql)
		if _, more := redshift.Parse("select " + sql); err != nil && more == nil { // an expression
			err = nil
		}
		switch {
		case err == nil:
			read++
		case strings.Contains(err.Error(), "not modelled here"):
			refused++
		default:
			other++
			t.Logf("%s: %s", sql, strings.SplitN(err.Error(), "\n", 2)[0])
		}
	}
	if read == 0 {
		t.Error("no statement is read")
	}
	t.Logf("of %d statements: read %d, refused by name %d, no Redshift's SQL by its guide %d", all, read, refused, other)
}
