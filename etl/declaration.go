package etl

import (
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
