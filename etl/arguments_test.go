package etl_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"airline/etl"
)

// The scripts know no column and no dataset: what they do is in the contract and the queries.
func TestScriptsKnowNoColumn(t *testing.T) {
	scripts, err := filepath.Glob("job/*.py")
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, d := range etl.Datasets() {
		names := []string{`"` + string(d) + `"`, `'` + string(d) + `'`}
		form := d.Raw()
		for _, c := range slices.Concat(form.Columns, form.Codes, form.Optional, slices.Concat(form.Days...)) {
			names = append(names, c.Name, c.As)
			names = append(names, c.Aliases...)
		}
		names = append(names, d.Table().ColumnNames()...)
		for _, s := range etl.Settings() {
			names = append(names, s.Name)
		}
		for _, name := range names {
			// Of a dataset of one's own any word may be one that says something else.
			known := slices.Contains([]etl.Dataset{etl.Flights, etl.Airports, etl.Carriers}, d)
			switch name {
			case "source_key", "load_id": // every table without a key has them
				continue
			case "name", "code", "state", "day", "year", "month", "Year", "Month", "Dest", "Origin": // words that say something else as well
				known = false
			}
			pattern := `(\b|")` + regexp.QuoteMeta(name) + `(\b|")`
			if !known {
				pattern = "[\"']" + regexp.QuoteMeta(name) + "[\"'] *(DATE|STRING|BIGINT|=)"
			}
			for _, script := range scripts {
				text, err := os.ReadFile(script)
				if err != nil {
					t.Fatal(err)
				}
				text = regexp.MustCompile(`(?s)"""[A-Z].*?"""`).ReplaceAll(text, nil) // what is told of a file may have examples
				if found := regexp.MustCompile(pattern).Find(text); found != nil {
					t.Errorf("%s has %s of %s", script, found, d)
				}
			}
		}
	}
}
