package etl

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// RawColumn is a column of raw files.
type RawColumn struct {
	Name string `json:"name"` // the contract's name, which messages use
	As   string `json:"as"`   // what queries call it
	// Aliases are other names under which it is published. Of several in one header the first counts, Name before all.
	Aliases []string `json:"aliases,omitempty"`
	// Text columns are free of all blanks around them, those that do not break and those without a width as well; the others of
	// blanks and tabs.
	Text bool `json:"text,omitempty"`
	// Unlike are names that look like this column and mean something else; no message proposes them.
	Unlike []string `json:"unlike,omitempty"`

	// Optional columns may be missing in files: they are null then.
	Optional bool `json:"-"`
	// Required columns have a value in every row that loads, and Nulls are the spellings of none: nothing where there are none. A text that is
	// not required and has no Nulls is never null.
	Required bool     `json:"-"`
	Nulls    []string `json:"-"`
	// Printable texts have no characters inside that nobody sees, but for the usual blank: such a code looks like another one and is none. They
	// are control characters, blanks that do not break, are letters or have no width, and what changes the look of another character.
	Printable bool `json:"-"`
	// Between are the least and the most that a number may be, two expressions of SQL; none for any.
	Between []string `json:"-"`
}

// names are all under which the column is found, in order of preference.
func (c RawColumn) names() []string { return append([]string{c.Name}, c.Aliases...) }

func (c RawColumn) nulls() []string {
	if len(c.Nulls) == 0 {
		return []string{""}
	}
	return c.Nulls
}

// RawForm says how raw files of a dataset are written. Names of columns are matched without regard to ASCII case and to
// blanks around them; columns that are not named here are ignored.
type RawForm struct {
	// Columns must be there.
	Columns []RawColumn `json:"columns"`
	// Codes stand for the columns of the same As where a file has none of these: airports by IATA code.
	Codes []RawColumn `json:"codes,omitempty"`
	// Optional ones are empty where they are missing.
	Optional []RawColumn `json:"optional,omitempty"`
	// Days are the ways to name the day of a row, each of one column or of several that "-" joins. The first way that a file has counts.
	Days [][]RawColumn `json:"days,omitempty"`
	// Rows are the columns of the Parquet that the job writes, in order.
	Rows []RowColumn `json:"rows"`

	Format Format `json:"format"`
	// Joined are the datasets that rows are joined with. Key and Code are the columns by which others are joined with this one, and Keep those
	// that they see besides Rows.
	Joined []Dataset `json:"joined,omitempty"`
	// Unmatched are the reasons of rows that have no match in one of them.
	Unmatched map[string]Dataset `json:"unmatched,omitempty"`
	Key       string             `json:"key,omitempty"`
	Code      string             `json:"code,omitempty"`
	Keep      []string           `json:"keep,omitempty"`
	// Date is the column for the day of a row, and Keys say how keys name the days of a file; none of an undated dataset.
	Date string    `json:"date,omitempty"`
	Keys []RawKeys `json:"keys,omitempty"`
	// Words are what messages say of the dataset.
	Words map[string]string `json:"words,omitempty"`
}

// RawKeys is a form of keys, as the job finds it: folders that begin with First, or all of which fit Pattern, a regular expression of
// Folders folders with groups of the names YYYY, MM and DD.
type RawKeys struct {
	Form    string `json:"form"`
	Unit    string `json:"unit"`
	First   string `json:"first"`
	Folders int    `json:"folders"`
	Pattern string `json:"pattern"`
}

// RowColumn is a column of the rows to load, in Spark's types.
type RowColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Raw is how raw files of the dataset are written. An unknown dataset has no columns.
func (d Dataset) Raw() RawForm {
	declared := d.declared()
	form := RawForm{Days: declared.Days, Format: declared.format(), Joined: d.Joined(), Key: declared.Key, Code: declared.Code, Date: declared.Date}
	for _, c := range declared.Columns {
		if c.Optional {
			form.Optional = append(form.Optional, c)
		} else {
			form.Columns = append(form.Columns, c)
		}
	}
	for _, j := range declared.Joins {
		if j.Coded != "" {
			form.Codes = append(form.Codes, RawColumn{Name: j.Coded, As: j.On})
		}
	}
	types := map[Type]string{Varchar: "STRING", BigInt: "BIGINT", Date: "DATE"}
	for _, j := range declared.Joins {
		if form.Unmatched == nil {
			form.Unmatched = map[string]Dataset{}
		}
		form.Unmatched[j.unknown()] = j.With
	}
	for _, c := range d.RowColumns() {
		form.Rows = append(form.Rows, RowColumn{c.Name, types[c.Type]})
	}
	for _, c := range d.JoinColumns() {
		if _, loaded := declared.Table.Column(c.Name); !loaded {
			form.Keep = append(form.Keep, c.Name)
		}
	}
	for _, f := range declared.Keys {
		form.Keys = append(form.Keys, RawKeys{string(f), f.unit(), f.first(), len(f.folders()), f.pattern()})
	}
	form.Words = map[string]string{}
	if declared.Date != "" {
		form.Words = map[string]string{"forms": declared.keyForms(), "fix": declared.keyFix(), "day": declared.dayColumn(), "form": declared.dayForm()}
	}
	if declared.Key != "" {
		form.Words["file"] = declared.Prefix + declared.File
	}
	if declared.Code != "" {
		form.Words["without codes"] = d.WithoutCodes()
	}
	return form
}

// RawColumns are the columns that a raw file's header must name. An unknown dataset has none.
func (d Dataset) RawColumns() []string { return columnNames(d.Raw().Columns) }

func columnNames(columns []RawColumn) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// dayForms are the spellings of a day, which may be followed by a time of the day: ISO 8601's, those of the US, and BTS's
// documentation's.
var dayForms = []string{"{yyyy}-{mm}-{dd}", "{yyyy}-{m}-{d}", "{m}/{d}/{yyyy}", "{mm}/{dd}/{yyyy}", "{m}/{d}/{yy}", "{mm}/{dd}/{yy}", "{yyyy}/{mm}/{dd}", "{yyyy}{mm}{dd}"}

// Setting is a value of a run that rules may ask for, as (SELECT <Name> FROM settings): an argument of the job.
type Setting struct {
	Name string `json:"name"`
	Type string `json:"type"` // of SQL
	// Form is a regular expression of the texts that it may be given as, and Must says so.
	Form string `json:"form"`
	Must string `json:"must"`
	// Default holds where no other is given; without one the setting is null.
	Default string `json:"default,omitempty"`
}

const writtenISO = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

// Settings are those of all datasets.
func Settings() []Setting {
	limits := DefaultLimits()
	all := []Setting{
		{Name: "first_day", Type: "DATE", Form: writtenISO, Must: "a day as YYYY-MM-DD", Default: limits.FirstDay},
		{Name: "last_day", Type: "DATE", Form: writtenISO, Must: "a day as YYYY-MM-DD", Default: limits.LastDay},
	}
	for _, d := range declarations {
		all = append(all, d.Settings...)
	}
	return all
}

// SettingsQuery is a query for the settings, one row. given are those with another value than the default, by name; they have the forms that they
// must have.
func SettingsQuery(given map[string]string) string {
	var values []string
	for _, s := range Settings() {
		value, ok := given[s.Name]
		if !ok {
			value, ok = s.Default, s.Default != ""
		}
		text := "NULL"
		if ok {
			text = "'" + quoted(value) + "'"
		}
		values = append(values, "CAST("+text+" AS "+s.Type+") AS "+s.Name)
	}
	return "SELECT " + strings.Join(values, ", ")
}

// Limits are what can be: rows beyond them are rejected.
type Limits struct {
	// MaxEarly and MaxLate are the most minutes that a flight is early or late.
	MaxEarly int64 `json:"max_early"`
	MaxLate  int64 `json:"max_late"`
	// FirstDay and LastDay are days as YYYY-MM-DD, both possible.
	FirstDay string `json:"first_day"`
	LastDay  string `json:"last_day"`
	// RoundTrips allows flights whose origin is their destination.
	RoundTrips bool `json:"round_trips"`
}

// DefaultLimits hold where nothing else is set. The longest delay that BTS has published is some three days.
func DefaultLimits() Limits {
	return Limits{MaxEarly: 1440, MaxLate: 10080, FirstDay: "1970-01-01", LastDay: "2049-12-31"}
}

// Arguments are the limits as the job takes them.
func (l Limits) Arguments() map[string]string {
	return map[string]string{
		ArgumentMaxEarly: fmt.Sprint(l.MaxEarly), ArgumentMaxLate: fmt.Sprint(l.MaxLate),
		ArgumentFirstDay: l.FirstDay, ArgumentLastDay: l.LastDay, ArgumentRoundTrips: fmt.Sprint(l.RoundTrips),
	}
}

// Check says what is wrong with the limits.
func (l Limits) Check() error {
	first, err := time.Parse(time.DateOnly, l.FirstDay)
	if err != nil {
		return fmt.Errorf("the first day %q is not a day as YYYY-MM-DD", l.FirstDay)
	}
	last, err := time.Parse(time.DateOnly, l.LastDay)
	switch {
	case err != nil:
		return fmt.Errorf("the last day %q is not a day as YYYY-MM-DD", l.LastDay)
	case last.Before(first):
		return fmt.Errorf("the last day %s is before the first, %s", l.LastDay, l.FirstDay)
	case l.MaxEarly < 0 || l.MaxLate < 0:
		return fmt.Errorf("the most minutes early, %d, or late, %d, are less than 0", l.MaxEarly, l.MaxLate)
	}
	return nil
}

// ContractFile is the part of the contract that the Glue job reads, beside the queries: sql/contract.json.
const ContractFile = "contract.json"

// ContractJSON is its content: all that the script would otherwise have to say a second time.
func ContractJSON() ([]byte, error) {
	datasets := map[Dataset]RawForm{}
	for _, d := range Datasets() {
		datasets[d] = d.Raw()
	}
	arguments := JobArguments()
	for i, name := range arguments {
		arguments[i] = strings.TrimPrefix(name, "--")
	}
	slices.Sort(arguments)
	text, err := json.MarshalIndent(map[string]any{
		"datasets":   datasets,
		"day_forms":  dayForms,
		"arguments":  arguments,
		"settings":   Settings(),
		"filtered":   ReasonFiltered,
		"encodings":  encodings,
		"kinds":      kinds,
		"separators": separators,
		"invisible":  invisible,
		"messages":   messages,
		"refused":    refusedFile,
	}, "", "  ")
	return append(text, '\n'), err
}
