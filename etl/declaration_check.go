package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
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

// The names of a declaration become those of addresses, resources, arguments and views.
var (
	prefixForm  = regexp.MustCompile(`^([a-z0-9][A-Za-z0-9._-]*/)+$`)
	machineForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	// queryViews are the views and tables that the jobs have besides those of datasets.
	queryViews = []string{"settings", "days", "records", "lines", "checked", "spelled", "typed", "f"}
)

// checkNames says what is wrong with the names of the dataset itself.
func (d Declaration) checkNames(say func(format string, values ...any)) {
	if !sqlName(string(d.Name)) || slices.Contains(queryViews, string(d.Name)) {
		say("queries cannot call the dataset so: give it a name of small letters, digits and underscores that is no word of SQL, nor %s", alternatives(queryViews))
	}
	if strings.HasSuffix(d.Prefix, "/") && !prefixForm.MatchString(d.Prefix) {
		say("the prefix %q has other folders than those of letters, digits, dots, dashes and underscores that begin with a small letter or a digit", d.Prefix)
	}
	if !IsFile(d.Prefix + d.File) {
		say("nothing loads a file called %q: its name ends in .csv or .csv.gz, and does not begin with _ or a dot", d.File)
	}
	if !machineForm.MatchString(d.Machine) {
		say("the machine %q is not of small letters, digits and dashes", d.Machine)
	}
	for _, name := range append([]string{d.Table.Name}, viewNames(d.Views)...) {
		if !sqlName(name) {
			say("the table or view %q is a word of SQL, or not of small letters, digits and underscores", name)
		}
	}
}

func viewNames(views []View) (names []string) {
	for _, v := range views {
		names = append(names, v.Name)
	}
	return names
}

// sqlName says that SQL takes a name as it stands.
func sqlName(name string) bool {
	return columnName.MatchString(name) && !Reserved(name) && len(name) <= 127
}

// checkColumns says which raw columns cannot be found in files, or be told from others, or have a name that queries have for something else.
func (d Declaration) checkColumns(say func(format string, values ...any)) {
	taken, found := map[string]string{}, map[string]string{}
	call := func(as, what string) {
		if other, twice := taken[as]; twice {
			say("queries would call both %s and %s %s", other, what, as)
		}
		taken[as] = what
	}
	if d.Date != "" {
		call(d.Date, "the day of a row")
		if len(d.Days) > 0 && d.Date != "day" && d.Date != "text" {
			call("day", "the text of a day")
			call("text", "its spelling")
		}
	}
	for _, c := range d.Columns {
		if c.Required && c.Optional {
			say("the raw column %s is required, so it cannot be missing in files", c.Name)
		}
		if c.Name == "" {
			say("the raw column %q has no name", c.As)
		}
		if !sqlName(c.As) || slices.Contains(queryColumns, c.As) {
			say("queries cannot call the raw column %s %q: give it a name of small letters, digits and underscores that is no word of SQL, nor %s", c.Name, c.As, alternatives(queryColumns))
		}
		call(c.As, "the raw column "+c.Name)
		if !c.Text {
			call(c.As+"_number", "the number of "+c.Name)
			call(c.As+"_text", "the text of "+c.Name)
		}
		for _, null := range c.Nulls {
			if strings.TrimSpace(null) != null {
				say("the null %q of the raw column %s is never met: values have no blanks around them", null, c.Name)
			}
		}
		if len(c.Between) != 0 && (len(c.Between) != 2 || c.Text) {
			say("the raw column %s is between %d bounds: numbers have none or two, texts none", c.Name, len(c.Between))
		}
		d.checkHeader(c, say)
		for _, name := range c.names() {
			if other, twice := found[plainName(name)]; twice && other != c.As {
				say("the raw columns %s and %s are both called %s in files, without regard to case", other, c.As, name)
			}
			found[plainName(name)] = c.As
		}
	}
	for _, way := range d.Days {
		for _, c := range way {
			d.checkHeader(c, say)
			for _, name := range c.names() {
				if other, twice := found[plainName(name)]; twice {
					say("the raw column %s and one for the day of a row are both called %s in files, without regard to case", other, name)
				}
			}
		}
	}
	for _, j := range d.Joins {
		if other, twice := found[plainName(j.Coded)]; twice && j.Coded != "" {
			say("the raw column %s and the code of the join %s are both called %s in files, without regard to case", other, j.As, j.Coded)
		}
	}
}

// checkHeader says which names of a column no header can have.
func (d Declaration) checkHeader(c RawColumn, say func(format string, values ...any)) {
	format := d.format()
	for _, text := range append(c.names(), c.Nulls...) {
		if _, ok := format.Encode(text); !ok {
			say("%q of the raw column %s has characters that %s does not have", text, c.Name, format.Encoding)
		}
	}
	for _, name := range c.names() {
		switch {
		case trimmed(name) != name:
			say("the name %q of a raw column is never met: those of a header have no blanks around them", name)
		case strings.ContainsFunc(name, unicode.IsControl) || strings.Contains(name, format.Delimiter) || strings.Contains(name, `"`):
			say("the name %q of a raw column has a quote, a delimiter or a control character", name)
		case format.Comment != "" && strings.HasPrefix(name, format.Comment):
			say("the name %q of a raw column begins as comments do", name)
		}
	}
}

// checkMatches says what is wrong with the key, the code, the joins and the rules.
func (d Declaration) checkMatches(say func(format string, values ...any)) {
	if d.Key != "" {
		raw, ok := d.column(d.Key)
		column, there := d.Table.Column(d.Key)
		switch {
		case !ok:
			say("the key %s is no raw column: a key is one, by what queries call it", d.Key)
		case !raw.Required:
			say("the key's raw column %s may be null: rows are merged by it, so make it required", raw.Name)
		case !there || column.source() != d.Key || !column.NotNull:
			say("the table %s has no column %s of the key, never null: rows are merged by it", d.Table, d.Key)
		}
	}
	if c, ok := d.column(d.Code); d.Code != "" && (!ok || !c.Text || d.Key == "") {
		say("the code %s is no raw column of text of a dataset with a key", d.Code)
	}
	called := map[string]bool{}
	for _, j := range d.Joins {
		if !sqlName(j.As) || slices.Contains(queryViews, j.As) || called[j.As] {
			say("queries cannot call a join %q: give it a name of its own, of small letters, digits and underscores, that is no word of SQL, nor %s", j.As, alternatives(queryViews))
		}
		called[j.As] = true
		on, ok := d.column(j.On)
		if !ok {
			say("the join %s is on %s, which is no raw column", j.As, j.On)
		}
		other, there := j.With.Declared()
		key, _ := other.column(other.Key)
		switch {
		case !there || other.Key == "" || j.With == d.Name:
			say("the join %s is with %q, which is no other dataset with a key", j.As, j.With)
		case ok && on.Text != key.Text:
			say("the join %s is on %s, and one of it and the key of %s is a number", j.As, on.Name, j.With)
		case j.Coded != "" && other.Code == "":
			say("the join %s has codes in %s, and %s has none", j.As, j.Coded, j.With)
		}
	}
	for _, r := range d.Rules {
		if strings.TrimSpace(r.Reason) == "" || strings.TrimSpace(r.When) == "" {
			say("the rule %q has no reason, or no condition", r.Reason)
		}
		for _, m := range ofRow.FindAllStringSubmatch(r.When, -1) {
			if _, ok := d.column(m[1]); !ok && m[1] != d.Date {
				say("the rule %q asks for f.%s, which is no raw column", r.Reason, m[1])
			}
		}
	}
}
