package etl

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

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
			if other, twice := found[fold(name)]; twice && other != c.As {
				say("the raw columns %s and %s are both called %s in files, without regard to case", other, c.As, name)
			}
			found[fold(name)] = c.As
		}
	}
	for _, way := range d.Days {
		for _, c := range way {
			d.checkHeader(c, say)
			for _, name := range c.names() {
				if other, twice := found[fold(name)]; twice {
					say("the raw column %s and one for the day of a row are both called %s in files, without regard to case", other, name)
				}
			}
		}
	}
	for _, j := range d.Joins {
		if other, twice := found[fold(j.Coded)]; twice && j.Coded != "" {
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
		case strings.TrimSpace(name) != name:
			say("the name %q of a raw column is never met: those of a header have no blanks around them", name)
		case strings.ContainsFunc(name, unicode.IsControl) || strings.Contains(name, format.Delimiter) || strings.Contains(name, `"`):
			say("the name %q of a raw column has a quote, a delimiter or a control character", name)
		case format.Comment != "" && strings.HasPrefix(name, format.Comment):
			say("the name %q of a raw column begins as comments do", name)
		}
	}
}

// fold is a name without regard to ASCII case, as headers are read.
func fold(name string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, name)
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
