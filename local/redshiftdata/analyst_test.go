package redshiftdata

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// refusedOfAnalysts are the queries that Redshift refuses, and why.
var refusedOfAnalysts = map[string]string{
	"sum(count(*)) over (partition by carrier order by flight_date) run": "require a frame clause",
	"count(*) filter (where dep_delay > 60)":                             "Redshift has no FILTER clause",
	"where c = 'WN'":                                                     "an alias of SELECT is not known in WHERE",
	"coalesce(dep_delay, 'none')":                                        "invalid input syntax for integer",
	"every(dep_delay > 0)":                                               "function every() does not exist",
}

// What analysts write runs, or is refused as Redshift refuses it.
func TestAnalystQueries(t *testing.T) {
	text, err := os.ReadFile("../../../shared/conformance/redshift/analyst-queries.sql")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the queries of analysts are not at hand")
	}
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	deployTables(w)
	w.ddl("INSERT INTO airlines.daily_flights_fact (carrier, dep_city, dep_state, dep_delay, flight_date, source_key, load_id) VALUES ('WN', 'Chicago', 'IL', 20, '2008-05-03', 'k', 'l')")
	for query := range strings.Lines(string(text)) {
		if query = strings.TrimSpace(query); query == "" {
			continue
		}
		want := ""
		for part, why := range refusedOfAnalysts {
			if strings.Contains(query, part) {
				want = why
			}
		}
		said := ""
		if strings.HasPrefix(query, "create") {
			said = aws.ToString(w.run([]string{query}).Error)
			if strings.HasPrefix(query, "create table t") && strings.Contains(said, "permission denied") {
				said = "" // of a user who may not
			}
		} else if _, err := w.Query(w.ctx, query); err != nil {
			said = err.Error()
		}
		if (want == "") != (said == "") || !strings.Contains(said, want) {
			t.Errorf("%s\n\t got %q\n\twant %q", query, said, want)
		}
	}
}
