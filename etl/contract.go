package etl

import (
	"fmt"
	"slices"
	"strings"
)

// Type is a column type that Redshift, Parquet, Spark and DuckDB share.
type Type int

// The types of the contract. Times are UTC.
const (
	Varchar Type = iota + 1
	BigInt
	Date
	Timestamp
)

// maxVarchar is the most bytes that a Varchar may hold (Redshift Database Developer Guide, "Character types").
const maxVarchar = 65535

// Column is one column of a warehouse table.
type Column struct {
	Name string
	Type Type
	// Bytes is the most a Varchar holds: Redshift counts bytes of UTF-8, not characters.
	Bytes int
	// NotNull is what the loads guarantee; Redshift enforces it.
	NotNull bool
	// From is where the transform takes it from, when not from the raw column of its name: a join's "<As>.<column>".
	From string
}

// SQL is the column's type as DDL writes it.
func (c Column) SQL() string {
	switch c.Type {
	case Varchar:
		return fmt.Sprintf("VARCHAR(%d)", c.Bytes)
	case BigInt:
		return "BIGINT"
	case Date:
		return "DATE"
	case Timestamp:
		return "TIMESTAMP"
	}
	return fmt.Sprintf("unknown type %d", c.Type)
}

// Table is a warehouse table.
type Table struct {
	Schema  string
	Name    string
	Columns []Column
}

// String is the table's qualified name.
func (t Table) String() string {
	if t.Schema == "" {
		return t.Name
	}
	return t.Schema + "." + t.Name
}

// ColumnNames lists the columns in table order.
func (t Table) ColumnNames() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Column finds a column by name.
func (t Table) Column(name string) (Column, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// definition is the table's CREATE TABLE body.
func (t Table) definition() string {
	lines := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		lines[i] = "  " + c.Name + " " + c.SQL()
		if c.NotNull {
			lines[i] += " NOT NULL"
		}
	}
	return "(\n" + strings.Join(lines, ",\n") + "\n)"
}

// Schema is the warehouse schema that the pipeline owns.
const Schema = "airlines"

// AirportsDim is one row per airport.
func AirportsDim() Table { return Airports.Table() }

// FlightsFact is one row per flight flown or cancelled.
func FlightsFact() Table { return Flights.Table() }

// loadColumns are the columns, of tables without a key, that have one value in all rows of a load.
var loadColumns = []string{LedgerSourceKey, LedgerLoadID}

// Tables lists every table of a warehouse: those of the datasets that every warehouse has, the ledger, and those of more datasets. What
// others are joined with comes first.
func Tables(more ...Dataset) []Table {
	var all, others []Table
	for _, d := range slices.Backward(Chosen(more...)) {
		if d.declared().OnRequest {
			others = append(others, d.Table())
		} else {
			all = append(all, d.Table())
		}
	}
	return append(append(all, LoadLedger()), others...)
}

// View is a query of the warehouse under a name.
type View struct {
	Schema, Name string
	// Select is the query. It names schemas, and has a row for each row of the tables that it is about.
	Select string
}

// String is the view's qualified name.
func (v View) String() string { return v.Schema + "." + v.Name }

// Views lists the views of a warehouse with more datasets.
func Views(more ...Dataset) []View {
	var all []View
	for _, d := range Chosen(more...) {
		all = append(all, d.declared().Views...)
	}
	return all
}
