package etl

import (
	"encoding/json"
	"fmt"
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
	// Required columns have a value in every row that loads, and Nulls are the spellings of none.
	Required bool     `json:"-"`
	Nulls    []string `json:"-"`
	// Printable texts have no blanks inside that do not break or have no width: such a code looks like another one and is none.
	Printable bool `json:"-"`
	// Between are the least and the most that a number may be, two expressions of SQL; none for any.
	Between []string `json:"-"`
}

// names are all under which the column is found, in order of preference.
func (c RawColumn) names() []string { return append([]string{c.Name}, c.Aliases...) }

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
}

// RowColumn is a column of the rows to load, in Spark's types.
type RowColumn struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Raw is how raw files of the dataset are written. An unknown dataset has no columns.
func (d Dataset) Raw() RawForm {
	declared := d.declared()
	form := RawForm{Days: declared.Days}
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
	for _, c := range d.RowColumns() {
		form.Rows = append(form.Rows, RowColumn{c.Name, types[c.Type]})
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
	text, err := json.MarshalIndent(map[string]any{
		"datasets":   datasets,
		"day_forms":  dayForms,
		"limits":     DefaultLimits(),
		"kinds":      kinds,
		"separators": separators,
		"invisible":  invisible,
		"messages":   messages,
		"refused":    refusedFile,
		"warnings":   map[string]string{"without codes": WithoutCodes},
	}, "", "  ")
	return append(text, '\n'), err
}
