package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Check says everything that is wrong with the declaration itself, for whoever has just written it.
func (d Declaration) Check() error {
	var wrong []string
	say := func(format string, values ...any) { wrong = append(wrong, fmt.Sprintf(format, values...)) }
	switch {
	case !strings.HasSuffix(d.Prefix, "/"):
		say("the prefix %q does not end in /", d.Prefix)
	case slices.ContainsFunc(declarations, func(o Declaration) bool {
		return o.Name != d.Name && (strings.HasPrefix(o.Prefix, d.Prefix) || strings.HasPrefix(d.Prefix, o.Prefix))
	}):
		say("files under the prefix %s are another dataset's, too", d.Prefix)
	}
	d.checkNames(say)
	d.checkColumns(say)
	if slices.ContainsFunc(declarations, func(o Declaration) bool { return o.Name != d.Name && o.Machine == d.Machine }) {
		say("the machine %s is another dataset's, too", d.Machine)
	}
	if slices.ContainsFunc(declarations, func(o Declaration) bool { return o.Name != d.Name && o.Table.String() == d.Table.String() }) {
		say("the table %s is another dataset's, too", d.Table)
	}
	if len(d.Days) > 0 && (d.Date == "day" || d.Date == "text") {
		say("the column for the day of a row cannot be called %s where raw columns name that day", d.Date)
	}
	if err := d.format().check(); err != nil {
		say("%v", err)
	}
	d.checkKeys(say)
	d.checkTable(say)
	d.checkMatches(say)
	if !d.holdsRejects() {
		say("the table %s has no text column and one more of text or numbers, in which the job keeps the rows that do not load", d.Table)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("dataset %s: %s", d.Name, strings.Join(wrong, "; "))
	}
	return nil
}

// holdsRejects says that the rows' columns can hold the line, the reason and the record of a row that does not load: with load_id, which is a
// text. The job on Spark writes those rows beside the ones that load, in the same columns.
func (d Declaration) holdsRejects() bool {
	texts, numbers := 0, 0
	for _, c := range d.Table.Columns {
		switch {
		case slices.Contains(loadColumns, c.Name):
		case c.Type == Varchar:
			texts++
		case c.Type == BigInt:
			numbers = 1
		}
	}
	return texts > 0 && texts+numbers > 1
}

// checkKeys says what is wrong with the forms of keys.
func (d Declaration) checkKeys(say func(format string, values ...any)) {
	if (d.Date == "") != (len(d.Keys) == 0) || d.Date != "" && d.dayForm() == "" {
		say("the days of rows, %q, need a form of keys that names one day, and rows without days need none", d.Date)
	}
	firsts := map[string]bool{}
	for _, f := range d.Keys {
		if err := f.check(); err != nil {
			say("%v", err)
		}
		if f.first() == "" && len(d.Keys) > 1 || firsts[f.first()] {
			say("the form of keys %q cannot be told from the others", f)
		}
		firsts[f.first()] = true
		if f.unit() == "month" && len(d.Days) == 0 {
			say("keys as %q name a month, and no raw column names the day of a row", f)
		}
	}
	for _, f := range d.Keys {
		for _, folder := range f.folders()[1:] {
			if name, _, named := strings.Cut(folder, "="); named && firsts[name+"="] {
				say("the form of keys %q has a folder %s= inside, with which another begins", f, name)
			}
		}
	}
}

// maxColumns is how many columns a table can have ("CREATE TABLE", Database Developer Guide).
const maxColumns = 1600

// columnName is what queries may call a column, and queryColumns are those that they have besides.
var (
	columnName   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	queryColumns = []string{"line", "record", "fault", "reason"}
)

// checkTable says which columns of the table nothing fills, or something of another type.
func (d Declaration) checkTable(say func(format string, values ...any)) {
	for _, name := range loadColumns {
		if _, ok := d.Table.Column(name); ok != (d.Key == "") {
			say("the table %s has the column %s exactly when its rows have no key", d.Table, name)
		}
	}
	if n := len(d.Table.Columns); n > maxColumns {
		say("the table %s has %d columns, and a table at most %d", d.Table, n, maxColumns)
	}
	names := map[string]bool{}
	for _, c := range d.Table.Columns {
		if !sqlName(c.Name) {
			say("the column %s is a word of SQL, or not of small letters, digits and underscores", c.Name)
		}
		if names[c.Name] {
			say("the table %s has the column %s twice", d.Table, c.Name)
		}
		names[c.Name] = true
		if c.Type == Varchar && (c.Bytes < 1 || c.Bytes > maxVarchar) {
			say("the column %s has place for %d bytes: a text has 1 to %d", c.Name, c.Bytes, maxVarchar)
		}
		source := c.source()
		as, name, joined := strings.Cut(source, ".")
		raw, ok := d.column(source)
		switch {
		case slices.Contains(loadColumns, c.Name):
		case joined:
			i := slices.IndexFunc(d.Joins, func(j Join) bool { return j.As == as })
			if i < 0 {
				say("the column %s comes from the join %s, which there is not", c.Name, as)
			} else if other, ok := d.Joins[i].With.Table().Column(name); !ok || other.Type != c.Type || other.Bytes > c.Bytes {
				say("the column %s comes from %s of %s, which is not there or is no %s", c.Name, name, d.Joins[i].With, c.SQL())
			}
		case source == d.Date && c.Type == Date:
		case !ok:
			say("the column %s comes from %s, which is no raw column", c.Name, source)
		case raw.Text != (c.Type == Varchar) || !raw.Text && c.Type != BigInt:
			say("the column %s is %s, and the raw column %s is not", c.Name, c.SQL(), raw.Name)
		case c.NotNull && !raw.Required:
			say("the column %s is never null, and the raw column %s may be", c.Name, raw.Name)
		}
	}
}
