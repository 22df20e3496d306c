package redshift

import (
	"context"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"airline/tests/postgres"
)

var witnessed = flag.Int("witness", 300, "how many generated statements are compared with PostgreSQL")

// explained are differences that Redshift's documentation gives a reason for.
var explained = []struct {
	statement *regexp.Regexp
	ours      *regexp.Regexp // of the answer or complaint; nil: any
	reason    string
}{
	{regexp.MustCompile(`as varchar|\|\|`), regexp.MustCompile(`^.*\.\d+0* / .*\d$|^\D*-?\d+ / \D*-?\d+\.0+$`), "a DECIMAL value has its column's scale (Numeric types), also as a text"},
	{regexp.MustCompile(`null|from \(|case |between|position|strpos|and|or`), regexp.MustCompile(`refused: .*(division by zero|out of range|overflow)`), "a part that the result does not depend on: neither says that it is computed"},
}

// TestPostgreSQLAgrees holds generated statements, of what Redshift has from PostgreSQL, to what PostgreSQL answers.
func TestPostgreSQLAgrees(t *testing.T) {
	if !postgres.Installed() {
		t.Skip("PostgreSQL is not here (Debian: apt-get install postgresql)")
	}
	server, err := postgres.Start()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}()
	conn, err := pgx.Connect(t.Context(), "host="+server.Dir+" user=test dbname=postgres")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "set extra_float_digits = 0"); err != nil { // as Redshift prints doubles
		t.Fatal(err)
	}
	engine, err := NewEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	g := generator{rand.New(rand.NewPCG(8, 0))}
	count, reasons := map[string]int{}, map[string]int{}
	for range *witnessed {
		statement := g.statement()
		theirs, refusal := ask(conn, statement)
		columns, rows, err := engine.Query(t.Context(), statement)
		ours := show(rows)
		switch {
		case err != nil && refusal != nil:
			count["both refuse"]++
		case err == nil && refusal == nil && ours == theirs:
			count["agree"]++
		case err == nil && refusal == nil && columns[0].Type.Kind == Numeric && sameNumbers(ours, theirs):
			count["explained"]++
			reasons["a DECIMAL column has one scale (Numeric types), values of PostgreSQL's numeric have each their own"]++
		default:
			if err != nil {
				ours = "refused: " + strings.SplitN(DuckError(err).Error(), "\n", 2)[0]
			}
			if refusal != nil {
				theirs = "refused: " + refusal.Error()
			}
			if reason := reasonFor(statement, ours, theirs); reason != "" {
				count["explained"]++
				reasons[reason]++
				continue
			}
			t.Errorf("%s\n\there       %s\n\tPostgreSQL %s", statement, ours, theirs)
		}
	}
	t.Logf("of %d: %v; explained by %v", *witnessed, count, reasons)
}

// sameNumbers compares rows of decimals by their values.
func sameNumbers(a, b string) bool {
	x, y := strings.Split(a, ";"), strings.Split(b, ";")
	for i := range x {
		if len(x) != len(y) {
			return false
		}
		m, ok := new(big.Rat).SetString(x[i])
		n, ok2 := new(big.Rat).SetString(y[i])
		if x[i] != y[i] && (!ok || !ok2 || m.Cmp(n) != 0) {
			return false
		}
	}
	return true
}

func reasonFor(statement, ours, theirs string) string {
	for _, e := range explained {
		if e.statement.MatchString(statement) && (e.ours == nil || e.ours.MatchString(ours+" / "+theirs)) {
			return e.reason
		}
	}
	return ""
}

// ask is what PostgreSQL answers, in the form of show.
func ask(conn *pgx.Conn, statement string) (string, error) {
	results, err := conn.PgConn().Exec(context.Background(), statement).ReadAll()
	if err != nil {
		return "", err
	}
	var rows [][]string
	for _, r := range results[0].Rows {
		row := make([]string, len(r))
		for i, cell := range r {
			if row[i] = "NULL"; cell != nil {
				row[i] = string(cell)
			}
		}
		rows = append(rows, row)
	}
	return fmt.Sprint(show(rows)), nil
}
