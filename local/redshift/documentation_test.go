package redshift

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/redshift.md")

const page = "../../docs/redshift.md"

// docs/redshift.md says what the tables of functions and statements say; -update writes it anew.
func TestDocumentation(t *testing.T) {
	want := documentation()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/redshift.md is not current; write it anew: go test ./local/redshift -run Documentation -update")
	}
}

// statements are what can be said of statements, by their beginnings.
var statements = [][2]string{
	{"SELECT", "with WITH [RECURSIVE], TOP, DISTINCT, EXCLUDE, aliases of the list in the list, JOIN of all kinds with ON, USING and NATURAL, GROUP BY with ALL, ROLLUP, CUBE and GROUPING SETS, HAVING, QUALIFY, UNION, INTERSECT, EXCEPT, MINUS, ORDER BY, LIMIT, OFFSET, PIVOT, UNPIVOT, navigation into SUPER, unnesting of its arrays and objects, INTO"},
	{"INSERT, UPDATE, DELETE, MERGE", "with FROM and USING; MERGE without REMOVE DUPLICATES"},
	{"CREATE TABLE", "columns, LIKE, AS, TEMP and #names; DISTKEY, SORTKEY, DISTSTYLE, ENCODE and BACKUP are read and have no effect; keys are not enforced, as in Redshift; defaults are constants; no IDENTITY"},
	{"CREATE VIEW", "OR REPLACE, WITH NO SCHEMA BINDING; a view is read from its own text each time"},
	{"ALTER TABLE", "ADD COLUMN but for texts, DROP COLUMN, RENAME"},
	{"COPY", "Parquet and JSON from S3 with a role"},
	{"GRANT, REVOKE, CREATE USER, ROLE, SCHEMA", "enforced"},
	{"CREATE PROCEDURE, CALL", "as far as setting up a warehouse takes it: COUNT(*) INTO, IF, EXECUTE"},
	{"DROP, TRUNCATE, LOCK, VACUUM, ANALYZE", "the last three check names only"},
	{"BEGIN, COMMIT, ROLLBACK, SET, SHOW, PREPARE, DECLARE, FETCH", "of clients that connect ([warehouse.md](warehouse.md))"},
}

// differences are where the answers are known not to be Redshift's, each with the reason.
var differences = [][2]string{
	{"GROUP BY, DISTINCT, UNION and PARTITION BY tell texts apart that differ in blanks at their end", "comparisons ignore the blanks, as Redshift's do; which of the texts Redshift shows for a group, its guide does not say"},
	{"APPROXIMATE COUNT(DISTINCT), APPROXIMATE PERCENTILE_DISC and HLL are exact", "Redshift's error, about 2 %, is not modelled"},
	{"A decimal quotient is cut at its scale", "the guide shows so for AVG of decimals, and is silent on /"},
	{"DATEDIFF(week) counts Mondays", "the guide shows Mondays for DATE_TRUNC('week'), and is silent on DATEDIFF"},
	{"Positions of errors are told for what is refused before the statement runs", "the others are DuckDB's, which sees another text"},
	{"EXPLAIN is refused", "there is no planner of Redshift's"},
}

// documentation is the page.
func documentation() string {
	var b strings.Builder
	b.WriteString(`# Redshift's SQL on this machine

This page is written by ` + "`go test ./local/redshift -run Documentation -update`" + ` from the tables that the package itself goes by.

The local warehouse ([warehouse.md](warehouse.md)), ` + "`airline query`" + ` and the local Data API read SQL with a parser of Redshift's own
grammar, give every expression its type by Redshift's rules, and have DuckDB compute it. What is not in the tables below is refused
with its name and the place in the statement; nothing is passed on that was not understood. ` + "`airline conformance FILE`" + ` compares
with documented answers, given as a list of ` + "`{\"page\", \"sql\", \"rows\"}`" + `.

## Statements

| statement | what is there |
|---|---|
`)
	for _, s := range statements {
		b.WriteString("| " + s[0] + " | " + s[1] + " |\n")
	}
	var others []string
	for name := range otherStatements {
		others = append(others, strings.ToUpper(name))
	}
	slices.Sort(others)
	b.WriteString("\nKnown, and refused by name unless the table above has them: " + strings.Join(others, ", ") + ".\n\n## Types\n\n")
	b.WriteString("SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE PRECISION, BOOLEAN, CHAR, VARCHAR, DATE, TIME, TIMETZ, TIMESTAMP, TIMESTAMPTZ,\nINTERVAL, VARBYTE and SUPER, with their other names. Refused by name: ")
	var types []string
	for name := range knownTypes {
		types = append(types, strings.ToUpper(name))
	}
	slices.Sort(types)
	b.WriteString(strings.Join(types, ", ") + ".\n\n## Functions\n")
	for _, f := range families() {
		if f.title == "Refused" {
			b.WriteString("\n### Refused by name\n\n| function | why |\n|---|---|\n")
		} else {
			b.WriteString("\n### " + f.title + "\n\n| function | |\n|---|---|\n")
		}
		slices.SortFunc(f.functions, func(a, b function) int { return strings.Compare(a.name, b.name) })
		for _, fn := range f.functions {
			b.WriteString("| `" + strings.ToUpper(fn.name) + strings.ReplaceAll(fn.signature, "|", `\|`) + "` | " + fn.note + fn.refused + " |\n")
		}
	}
	b.WriteString("\n## Known to differ\n\n| here | why |\n|---|---|\n")
	for _, d := range differences {
		b.WriteString("| " + d[0] + " | " + d[1] + " |\n")
	}
	return b.String()
}

// Every function that the parser reads by itself, and every column name, is in the tables.
func TestFunctionTables(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range families() {
		for _, fn := range f.functions {
			if seen[fn.name] {
				t.Errorf("%s is there twice", fn.name)
			}
			seen[fn.name] = true
			if (fn.bind == nil) == (fn.refused == "") {
				t.Errorf("%s is neither bound nor refused, or both", fn.name)
			}
		}
	}
	// convert and the like of Redshift's reference
	data, err := os.ReadFile("../../../shared/conformance/redshift/functions.txt")
	if err != nil {
		t.Skip("the list of functions is not at hand")
	}
	for name := range strings.FieldsSeq(string(data)) {
		if !seen[name] && !special[name] && name != "case" && name != "cast" {
			t.Errorf("%s is in no table", name)
		}
	}
}
