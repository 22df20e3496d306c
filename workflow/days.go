package workflow

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"airline/etl"
)

// namedGroup begins a group with a name in Go's regular expressions; JSONata's have none.
var namedGroup = regexp.MustCompile(`\?P<\w+>`)

// dayOf is of which days a key says that its file is, in JSONata: YYYY-MM-DD, YYYY-MM of a month, nothing where the key says none. It knows
// the forms of keys of all datasets that are loaded.
func (c Config) dayOf(key string) string {
	var known, days []string
	for _, l := range c.Loaders {
		for _, form := range l.Dataset.Raw().Keys {
			if slices.Contains(known, form.Form) {
				continue
			}
			known = append(known, form.Form)
			days = append(days, dayInForm(key, form))
		}
	}
	return "[" + strings.Join(days, ", ") + "][0]"
}

// dayInForm is dayOf for keys of one form.
func dayInForm(key string, form etl.RawKeys) string {
	groups := regexp.MustCompile(form.Pattern).SubexpNames()[1:]
	parts := []string{"groups[" + strconv.Itoa(slices.Index(groups, "YYYY")) + "]"}
	for _, part := range []string{"MM", "DD"} {
		if i := slices.Index(groups, part); i >= 0 {
			parts = append(parts, "$pad(groups["+strconv.Itoa(i)+"], -2, '0')")
		}
	}
	return "$match(" + key + `, /\/` + jsonataRegexp(namedGroup.ReplaceAllString(form.Pattern, "")) + `\//).(` + strings.Join(parts, " & '-' & ") + ")"
}
