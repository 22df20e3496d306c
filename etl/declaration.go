package etl

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Dataset is the name of a kind of raw file that the pipeline loads: what is known of it, its [Declaration] says.
type Dataset string

// The datasets.
const (
	Flights  Dataset = "flights"
	Airports Dataset = "airports"
	Carriers Dataset = "carriers"
)

// Declaration is all that is known of a dataset, said once: where its files are, how they are written, which of their rows load,
// and where those go. Crawler, rule, machine, tables, load statements, the queries that judge rows and the job's
// description of files are made from it. The airports are a short one, the flights one with all there is.
type Declaration struct {
	Name Dataset
	// Prefix is where, in the raw bucket, the files land. It ends in "/".
	Prefix string
	// File is what a file is called where nobody says otherwise, such as "flights.csv".
	File string
	// Machine is what the state machine that loads files, its rule and its role are named after: a verb and a noun, such as
	// "ingest-flights". Comment says what it does.
	Machine, Comment string
	// OnRequest says that only those stacks load the dataset that ask for it by name: see [Chosen].
	OnRequest bool

	// Columns are those of raw files that matter, in the order in which a row's faults are told.
	Columns []RawColumn
	// Format is how files are written.
	Format Format
	// Date is the table's column for the day of a row; empty when rows have none. The key then says the days that a file is of, in one of
	// the forms Keys, and Days are the ways in which rows name theirs, each of one column or of several that "-" joins.
	Date string
	Keys []KeyForm
	Days [][]RawColumn
	// Settings are what a stack may say of the rules, beyond the first and the last day of those with days.
	Settings []Setting
	// Joins are the datasets that each row must have a match in.
	Joins []Join
	// Rules reject rows, in this order: after the faults of single columns, and before those of joins unless they say so.
	Rules []Rule

	// Table is what the rows are loaded into, and Views are queries of it and of tables that every warehouse has.
	Table Table
	Views []View
	// Key is the raw column, and the table's of that name, by which rows are merged: of the rows of one key the newest file's stays,
	// and a file that is gone takes none along. Without a key, a file's rows replace those that the same object brought before; then the
	// table has the columns source_key and load_id.
	Key string
	// Code is the raw column under which others may name a row instead of its key; empty when there is none.
	Code string
}

// Join is a match that each row must have in another dataset, which has a key.
type Join struct {
	// As is what queries call the match: the table's columns come From "<As>.<column>".
	As   string
	With Dataset
	// On is the raw column that has the other's key.
	On string
	// Coded is the raw column that has the other's code, in files that have no keys.
	Coded string
	// What is the match in reasons: "unknown <What>".
	What string
}

// Rule rejects the rows of which a condition is true.
type Rule struct {
	Reason string
	// When is SQL over the raw columns, typed, of f, and over the table settings of one row: see [Limits].
	When string
	// AfterJoins rules are asked of rows only that have all of their matches.
	AfterJoins bool
}

// declarations are all datasets, each before those that it is joined with.
var declarations = []Declaration{flights(), airports(), carriers()}

// Datasets are the names of all declared datasets, each before those that it is joined with.
func Datasets() []Dataset {
	names := make([]Dataset, len(declarations))
	for i, d := range declarations {
		names[i] = d.Name
	}
	return names
}

// Chosen are the datasets that every stack loads, and of the others those that are named.
func Chosen(more ...Dataset) []Dataset {
	return slices.DeleteFunc(Datasets(), func(d Dataset) bool { return d.declared().OnRequest && !slices.Contains(more, d) })
}

// OnRequest are the datasets that only those stacks load that name them.
func OnRequest() []Dataset {
	return slices.DeleteFunc(Datasets(), func(d Dataset) bool { return !d.declared().OnRequest })
}

// Declared is the dataset's declaration; ok is false of a dataset that nobody has declared.
func (d Dataset) Declared() (declaration Declaration, ok bool) {
	i := slices.IndexFunc(declarations, func(one Declaration) bool { return one.Name == d })
	if i < 0 {
		return Declaration{}, false
	}
	return declarations[i], true
}

// declared is the dataset's declaration; that of an unknown dataset is empty.
func (d Dataset) declared() Declaration {
	declaration, _ := d.Declared()
	return declaration
}

// Prefix is where, in the raw bucket, the dataset's files land.
func (d Dataset) Prefix() string { return d.declared().Prefix }

// Machine is what the machine that loads the dataset's files, its rule and its role are named after.
func (d Dataset) Machine() string { return d.declared().Machine }

// Table is the warehouse table that the dataset's rows are loaded into.
func (d Dataset) Table() Table { return d.declared().Table }

// Dated says that the keys of the dataset's files say the days that their rows are of.
func (d Dataset) Dated() bool { return d.declared().Date != "" }

// Merged says that the rows of all files are merged by a key: they stay when a file is gone.
func (d Dataset) Merged() bool { return d.declared().Key != "" }

// Filtered says that a setting may have good rows of the dataset rejected: see [ReasonFiltered].
func (d Dataset) Filtered() bool {
	return slices.ContainsFunc(d.declared().Rules, func(r Rule) bool { return r.Reason == ReasonFiltered })
}

// Joined are the datasets that the rows of this one must have matches in, each once.
func (d Dataset) Joined() []Dataset {
	var with []Dataset
	for _, j := range d.declared().Joins {
		if !slices.Contains(with, j.With) {
			with = append(with, j.With)
		}
	}
	return with
}

// UnknownReasons are those of rows that have no match in a dataset that they are joined with.
func (d Dataset) UnknownReasons() []string {
	var reasons []string
	for _, j := range d.declared().Joins {
		reasons = append(reasons, j.unknown())
	}
	return reasons
}

func (j Join) unknown() string { return "unknown " + j.What }

// DatasetOf is the dataset below whose prefix a key lies; empty when it lies elsewhere.
func DatasetOf(key string) Dataset {
	for _, d := range declarations {
		if rest, below := strings.CutPrefix(key, d.Prefix); below && rest != "" {
			return d.Name
		}
	}
	return ""
}

// Prefixes lists the prefixes of all datasets for a message, such as "a/ or b/".
func Prefixes() string {
	var all []string
	for _, d := range declarations {
		all = append(all, d.Prefix)
	}
	return alternatives(all)
}

// alternatives joins names for a message: "a, b or c".
func alternatives(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// RowColumns are the columns, in order, that the transform makes of the dataset's files. An unknown dataset has none.
func (d Dataset) RowColumns() []Column {
	var columns []Column
	for _, c := range d.Table().Columns {
		if !slices.Contains(loadColumns, c.Name) {
			columns = append(columns, c)
		}
	}
	return columns
}

// JoinColumns are what others that are joined with the dataset see of its rows: their columns, and the code that may stand for the key.
func (d Dataset) JoinColumns() []Column {
	columns := d.RowColumns()
	code := d.CodeColumn()
	if _, loaded := d.Table().Column(code); code != "" && !loaded {
		columns = append(columns, Column{Name: code, Type: Varchar, Bytes: maxVarchar})
	}
	return columns
}

// CodeColumn is the raw column under which others may name a row instead of its key; empty when there is none.
func (d Dataset) CodeColumn() string { return d.declared().Code }

// DateColumn is the table's column for the day of a row; empty when rows have none.
func (d Dataset) DateColumn() string { return d.declared().Date }

// StagedColumns are the columns, in order, of the Parquet that a job writes for the dataset: exactly those of the table that COPY fills
// from it. Behind the rows' own stands the load that they are of: one COPY brings the rows of all files of a batch. An unknown
// dataset has none.
func (d Dataset) StagedColumns() []Column {
	rows := d.RowColumns()
	if rows == nil {
		return nil
	}
	return append(slices.Clone(rows), ledgerColumn(LedgerLoadID))
}

// column finds a raw column by what queries call it.
func (d Declaration) column(as string) (RawColumn, bool) {
	i := slices.IndexFunc(d.Columns, func(c RawColumn) bool { return c.As == as })
	if i < 0 {
		return RawColumn{}, false
	}
	return d.Columns[i], true
}

// source is where a column of the table comes from: a raw column or the date, by its name, or a join's.
func (c Column) source() string {
	if c.From != "" {
		return c.From
	}
	return c.Name
}

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
	for _, c := range d.Columns {
		if c.Required && c.Optional {
			say("the raw column %s is required, so it cannot be missing in files", c.Name)
		}
		if c.Name == "" {
			say("the raw column %q has no name", c.As)
		}
		if Reserved(c.As) || !columnName.MatchString(c.As) || slices.Contains(queryColumns, c.As) {
			say("queries cannot call the raw column %s %q: give it a name of small letters, digits and underscores that is no word of SQL, nor %s", c.Name, c.As, alternatives(queryColumns))
		}
	}
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
	if _, ok := d.column(d.Key); d.Key != "" && !ok {
		say("the key %s is no raw column", d.Key)
	}
	for _, j := range d.Joins {
		if _, ok := d.column(j.On); !ok {
			say("the join %s is on %s, which is no raw column", j.As, j.On)
		}
		if other, ok := j.With.Declared(); !ok || other.Key == "" {
			say("the join %s is with %q, which is no dataset with a key", j.As, j.With)
		}
	}
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
	for _, c := range d.Table.Columns {
		if Reserved(c.Name) || !columnName.MatchString(c.Name) {
			say("the column %s is a word of SQL, or not of small letters, digits and underscores", c.Name)
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
