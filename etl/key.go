package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// KeyForm is a way in which an object's key says the days that its rows are of: folders with YYYY, MM and DD in the place of year,
// month and day, such as "date=YYYY-MM-DD", "dt=YYYY-MM-DD", "year=YYYY/month=MM/day=DD" or "YYYY/MM/DD". Without DD the key names a month,
// whose files say the day of each row. A month or a day that has a folder with a name for itself, as writers of Hive's tables make them, may
// have one digit.
type KeyForm string

// folders are the form's, outermost first.
func (f KeyForm) folders() []string { return strings.Split(string(f), "/") }

// first is what the form's first folder begins with, "date="; empty of folders without names.
func (f KeyForm) first() string {
	name, _, named := strings.Cut(f.folders()[0], "=")
	if !named {
		return ""
	}
	return name + "="
}

// unit is what a key of the form names.
func (f KeyForm) unit() string {
	if strings.Contains(string(f), "DD") {
		return "day"
	}
	return "month"
}

// fill is the form with a day in it.
func (f KeyForm) fill(day time.Time) string {
	return strings.NewReplacer("YYYY", day.Format("2006"), "MM", day.Format("01"), "DD", day.Format("02")).Replace(string(f))
}

// keyPart is a part of a day in a form.
var keyPart = regexp.MustCompile("YYYY|MM|DD")

// pattern is a regular expression of all that could be folders of the form, be it a day or not.
func (f KeyForm) pattern() string {
	folders := f.folders()
	for i, folder := range folders {
		digits := map[string]string{"YYYY": "{4}", "MM": "{2}", "DD": "{2}"}
		if name, alone, named := strings.Cut(folder, "="); named && name != "" && alone != "YYYY" && digits[alone] != "" {
			digits[alone] = "{1,2}"
		}
		folders[i] = keyPart.ReplaceAllStringFunc(regexp.QuoteMeta(folder), func(part string) string {
			return "(?P<" + part + ">[0-9]" + digits[part] + ")"
		})
	}
	return strings.Join(folders, "/")
}

func (f KeyForm) whole() *regexp.Regexp { return regexp.MustCompile("^" + f.pattern() + "$") }

// check says what is wrong with the form.
func (f KeyForm) check() error {
	for _, part := range []string{"YYYY", "MM"} {
		if strings.Count(string(f), part) != 1 {
			return fmt.Errorf("the form of keys %q does not have %s once", f, part)
		}
	}
	if strings.Count(string(f), "DD") > 1 || f != KeyForm(strings.Trim(string(f), "/")) {
		return fmt.Errorf("the form of keys %q has DD twice, or / around it", f)
	}
	named := strings.Count(string(f), "=")
	for _, folder := range f.folders() {
		if named > 0 && strings.Count(folder, "=") != 1 || folder == "" {
			return fmt.Errorf("the form of keys %q has folders with a name and folders without", f)
		}
	}
	return nil
}

// Days are the days that an object's key says its rows are of, first to last: one, or those of a month.
type Days struct{ First, Last time.Time }

// One says that it is a single day.
func (d Days) One() bool { return d.First.Equal(d.Last) }

// Days reads the key of an object of a dated dataset; those of others name no days. The error is a *RefusedError.
func (d Dataset) Days(key string) (Days, error) {
	declared := d.declared()
	if declared.Date == "" {
		return Days{}, nil
	}
	var found []string
	var of KeyForm
	folders := strings.Split(key, "/")
	folders = folders[:len(folders)-1]
	for i := range folders {
		for _, form := range declared.Keys {
			if n := len(form.folders()); form.begins(folders[i:]) {
				found, of = append(found, strings.Join(folders[i:min(i+n, len(folders))], "/")), form
			}
		}
	}
	switch len(found) {
	case 0:
		return Days{}, Refuse("no partition", key, 0, "forms", declared.keyForms(), "fix", declared.keyFix())
	case 1:
	default:
		return Days{}, Refuse("several", key, 0, "partitions", strings.Join(found, ", "), "fix", declared.keyFix())
	}
	days, ok := of.days(found[0])
	if !ok {
		return Days{}, Refuse("bad partition", key, 0, "partition", found[0], "unit", of.unit(), "form", string(of), "fix", declared.keyFix())
	}
	return days, nil
}

// begins says that folders are meant to be the form's: the first has its name, or all have its digits.
func (f KeyForm) begins(folders []string) bool {
	if name := f.first(); name != "" {
		return strings.HasPrefix(folders[0], name)
	}
	n := len(f.folders())
	return n <= len(folders) && f.whole().MatchString(strings.Join(folders[:n], "/"))
}

// days are those that a folder, or several, of the form names.
func (f KeyForm) days(folders string) (Days, bool) {
	of := f.whole()
	match := of.FindStringSubmatch(folders)
	if match == nil {
		return Days{}, false
	}
	part := func(name, without string) string {
		if i := of.SubexpIndex(name); i >= 0 {
			return fmt.Sprintf("%02s", match[i])
		}
		return without
	}
	first, err := time.Parse(time.DateOnly, part("YYYY", "")+"-"+part("MM", "")+"-"+part("DD", "01"))
	switch {
	case err != nil || first.Year() == 0:
		return Days{}, false
	case f.unit() == "month":
		return Days{first, first.AddDate(0, 1, -1)}, true
	}
	return Days{first, first}, true
}

// keyForms names the forms for a message.
func (d Declaration) keyForms() string {
	names := make([]string, len(d.Keys))
	for i, f := range d.Keys {
		names[i] = string(f)
	}
	return alternatives(names)
}

// keyFix says where files belong.
func (d Declaration) keyFix() string {
	var ways []string
	for _, f := range d.Keys {
		way := d.Prefix + string(f) + "/<name>.csv"
		if f.unit() == "month" {
			way = "with a column " + d.dayColumn() + " as " + way
		} else if ways == nil {
			way = "as " + way
		}
		ways = append(ways, way)
	}
	return "upload it " + strings.Join(ways, ", or ")
}

// dayColumn is what files call the day of a row, for a message.
func (d Declaration) dayColumn() string {
	if len(d.Days) == 0 {
		return ""
	}
	return strings.Join(columnNames(d.Days[0]), ", ")
}

// dayForm is the first form of keys that name one day.
func (d Declaration) dayForm() string {
	i := slices.IndexFunc(d.Keys, func(f KeyForm) bool { return f.unit() == "day" })
	if i < 0 {
		return ""
	}
	return string(d.Keys[i])
}

// Folder is where, in the raw bucket, files of one day belong; it ends in "/". Files of an undated dataset belong under its prefix.
func (d Dataset) Folder(day time.Time) string {
	declared := d.declared()
	if form := KeyForm(declared.dayForm()); form != "" {
		return declared.Prefix + form.fill(day) + "/"
	}
	return declared.Prefix
}

// Pattern is [Dataset.Folder] of any day, as people write it, such as "daily-flights/date=YYYY-MM-DD/".
func (d Dataset) Pattern() string {
	if form := d.declared().dayForm(); form != "" {
		return d.Prefix() + form + "/"
	}
	return d.Prefix()
}

// Folders are all folders, ending in "/", in which files of one day may lie.
func (d Dataset) Folders(day time.Time) []string {
	var all []string
	for _, f := range d.declared().Keys {
		all = append(all, d.Prefix()+f.fill(day)+"/")
	}
	return all
}

// KeyRange are the keys that begin with a prefix, from a key on.
type KeyRange struct{ Prefix, From string }

// Since are the keys, in order, that files of a day and of later ones have. Others may be among them.
func (d Dataset) Since(day time.Time) []KeyRange {
	var all []KeyRange
	for _, f := range d.declared().Keys {
		r := KeyRange{Prefix: d.Prefix() + f.first()}
		if r.From = d.Prefix() + f.fill(day); len(f.folders()) > 1 { // numbers of one digit are not in order
			r.From = d.Prefix() + strings.Split(f.fill(day), "/")[0]
		}
		all = append(all, r)
	}
	return all
}

// LocalKey is the key that a file has whose path, with slashes, has a folder of one of the dataset's days; empty when it has none. All folders
// below that of the dataset belong to the key, or else those from the first day's on: of two days in a path none is dropped.
func (d Dataset) LocalKey(path string) string {
	declared := d.declared()
	if at := strings.LastIndex("/"+path, "/"+declared.Prefix); at >= 0 {
		if path = path[at+len(declared.Prefix):]; strings.Contains(path, "/") {
			return declared.Prefix + path
		}
		return ""
	}
	folders := strings.Split(path, "/")
	for i := range len(folders) - 1 {
		for _, f := range declared.Keys {
			if f.begins(folders[i : len(folders)-1]) {
				return declared.Prefix + strings.Join(folders[i:], "/")
			}
		}
	}
	return ""
}

// Spelling is one way to write a day.
type Spelling struct {
	Text string
	Day  time.Time
}

// Spellings are all ways in which a file may write one of the days.
func (d Days) Spellings() []Spelling {
	var all []Spelling
	for day := d.First; !day.After(d.Last); day = day.AddDate(0, 0, 1) {
		fill := strings.NewReplacer("{yyyy}", day.Format("2006"), "{yy}", day.Format("06"), "{mm}", day.Format("01"), "{m}", day.Format("1"), "{dd}", day.Format("02"), "{d}", day.Format("2"))
		seen := map[string]bool{}
		for _, form := range dayForms {
			if text := fill.Replace(form); !seen[text] {
				seen[text] = true
				all = append(all, Spelling{text, day})
			}
		}
	}
	return all
}
