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

// Column is one column of a warehouse table.
type Column struct {
	Name string
	Type Type
	// Bytes is the most a Varchar holds: Redshift counts bytes of UTF-8, not characters.
	Bytes int
	// NotNull is what the loads guarantee; Redshift enforces it.
	NotNull bool
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
func AirportsDim() Table {
	return Table{Schema: Schema, Name: "airports_dim", Columns: []Column{
		{Name: "airport_id", Type: BigInt, NotNull: true},
		{Name: "city", Type: Varchar, Bytes: 100},
		{Name: "state", Type: Varchar, Bytes: 100},
		{Name: "name", Type: Varchar, Bytes: 200},
	}}
}

// FlightsFact is one row per flight flown or cancelled. It has no key: two identical rows are two
// flights. What identifies rows is the object they came from (source_key) and its version (load_id).
func FlightsFact() Table {
	return Table{Schema: Schema, Name: "daily_flights_fact", Columns: []Column{
		{Name: "carrier", Type: Varchar, Bytes: 10},
		{Name: "dep_airport", Type: Varchar, Bytes: 200},
		{Name: "arr_airport", Type: Varchar, Bytes: 200},
		{Name: "dep_city", Type: Varchar, Bytes: 100},
		{Name: "arr_city", Type: Varchar, Bytes: 100},
		{Name: "dep_state", Type: Varchar, Bytes: 100},
		{Name: "arr_state", Type: Varchar, Bytes: 100},
		{Name: "dep_delay", Type: BigInt}, // minutes; NULL when the file had none or NA
		{Name: "arr_delay", Type: BigInt}, // minutes; NULL when the file had none or NA
		{Name: "flight_date", Type: Date, NotNull: true},
		{Name: "source_key", Type: Varchar, Bytes: 1024, NotNull: true}, // Max 1,024 bytes (S3 quota).
		{Name: "load_id", Type: Varchar, Bytes: 64, NotNull: true},      // SHA-256 in hexadecimal.
	}}
}

// loadColumns are the fact table's columns that have one value in all rows of a load.
var loadColumns = []string{"source_key", "load_id"}

// LoadLedger is one row per object version that a load finished with, and per delete marker that was seen.
func LoadLedger() Table {
	return Table{Schema: Schema, Name: "load_ledger", Columns: []Column{
		{Name: "load_id", Type: Varchar, Bytes: 64, NotNull: true},
		{Name: "source_key", Type: Varchar, Bytes: 1024, NotNull: true},
		{Name: "version", Type: Varchar, Bytes: 1024, NotNull: true},
		{Name: "event_time", Type: Timestamp, NotNull: true},      // when S3 says the version was written
		{Name: "observed_at", Type: Timestamp, NotNull: true},     // from when on it was seen to be the key's newest
		{Name: "status", Type: Varchar, Bytes: 16, NotNull: true}, // one of the statuses below
		{Name: "rows_read", Type: BigInt, NotNull: true},
		{Name: "rows_loaded", Type: BigInt, NotNull: true},
		{Name: "rows_rejected", Type: BigInt, NotNull: true},
		{Name: "execution_arn", Type: Varchar, Bytes: 2048, NotNull: true},
		{Name: "loaded_at", Type: Timestamp, NotNull: true},
	}}
}

// Status of a ledger row.
const (
	// StatusLoaded: this version's rows are the ones in the warehouse. At most one row per source_key.
	StatusLoaded = "loaded"
	// StatusSuperseded: another version of the same key has replaced them, or had already come.
	StatusSuperseded = "superseded"
	// StatusRetired: the object is gone and so are its rows.
	StatusRetired = "retired"
	// StatusKept: the object is gone; its rows stay in the warehouse.
	StatusKept = "kept"
)

// Tables lists every table of the warehouse.
func Tables() []Table { return []Table{AirportsDim(), FlightsFact(), LoadLedger()} }

// Dataset says which of the two kinds of raw file an object is.
type Dataset string

// The datasets.
const (
	Flights  Dataset = "flights"
	Airports Dataset = "airports"
)

// Prefix is where, in the raw bucket, the dataset's files land.
func (d Dataset) Prefix() string {
	if d == Airports {
		return "airports/"
	}
	return "daily-flights/"
}

// RowColumns are the columns, in order, that the transform makes of the dataset's files. An unknown dataset has none.
func (d Dataset) RowColumns() []Column {
	switch d {
	case Flights:
		var columns []Column
		for _, c := range FlightsFact().Columns {
			if !slices.Contains(loadColumns, c.Name) {
				columns = append(columns, c)
			}
		}
		return columns
	case Airports:
		return AirportsDim().Columns
	}
	return nil
}

// StagedColumns are the columns, in order, of the Parquet that a job writes for the dataset: exactly those of the table that COPY fills
// from it. Behind the rows' own stands the load that they are of: one COPY brings the rows of all files of a batch. An unknown
// dataset has none.
func (d Dataset) StagedColumns() []Column {
	rows := d.RowColumns()
	if rows == nil {
		return nil
	}
	id, _ := LoadLedger().Column("load_id")
	return append(slices.Clone(rows), id)
}
