package etl

import (
	"regexp"
	"slices"
	"strings"
)

// ofRow is a raw column in the condition of a rule.
var ofRow = regexp.MustCompile(`\bf\.([a-z][a-z0-9_]*)`)

// Concerned are the places of the fields, in the records of a file that is laid out so, which a reason of the dataset is about. None where it
// is about the record, or about a column that the file does not have.
func (d Dataset) Concerned(reason string, l Layout) (fields []int) {
	declaration, form := d.declared(), d.Raw()
	about := map[string]bool{}
	for _, c := range declaration.Columns {
		if slices.Contains([]string{"missing " + c.Name, "invalid " + c.Name, "impossible " + c.Name, c.Name + " too long"}, reason) {
			about[c.As] = true
		}
	}
	for _, j := range declaration.Joins {
		if reason == j.unknown() {
			about[j.On] = true
		}
	}
	for _, r := range declaration.Rules {
		if reason == r.Reason {
			for _, m := range ofRow.FindAllStringSubmatch(r.When, -1) {
				about[m[1]] = true
			}
		}
	}
	add := func(columns []RawColumn, at []int) {
		for i, c := range columns {
			if about[c.As] && i < len(at) && at[i] >= 0 {
				fields = append(fields, at[i])
			}
		}
	}
	add(form.Columns, l.Positions)
	add(form.Optional, l.Optional)
	if len(declaration.Days) > 0 && slices.Contains([]string{"impossible day", "other day", "invalid " + declaration.Days[0][0].Name}, reason) {
		fields = append(fields, l.Day...)
	}
	return fields
}

// Header is the first record of a file that has all the columns that it must have, and no others, as they are declared.
func (d Dataset) Header() string {
	var names []string
	for _, c := range d.Raw().Columns {
		names = append(names, c.Name)
	}
	return strings.Join(names, d.Format().Delimiter)
}
