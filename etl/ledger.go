package etl

import "strings"

// The columns of the ledger.
const (
	LedgerLoadID       = "load_id"
	LedgerSourceKey    = "source_key"
	LedgerVersion      = "version"
	LedgerEventTime    = "event_time"  // when S3 says the version was written
	LedgerObservedAt   = "observed_at" // from when on it was seen to be the key's newest
	LedgerStatus       = "status"      // one of the statuses below
	LedgerRowsRead     = "rows_read"
	LedgerRowsLoaded   = "rows_loaded"
	LedgerRowsRejected = "rows_rejected"
	LedgerExecutionARN = "execution_arn"
	LedgerLoadedAt     = "loaded_at"
)

// LoadLedger is one row per object version that a load finished with, and per delete marker that was seen.
func LoadLedger() Table {
	return Table{Schema: Schema, Name: "load_ledger", Columns: []Column{
		{Name: LedgerLoadID, Type: Varchar, Bytes: 64, NotNull: true},      // SHA-256 in hexadecimal
		{Name: LedgerSourceKey, Type: Varchar, Bytes: 1024, NotNull: true}, // max 1,024 bytes (S3 quota)
		{Name: LedgerVersion, Type: Varchar, Bytes: 1024, NotNull: true},
		{Name: LedgerEventTime, Type: Timestamp, NotNull: true},
		{Name: LedgerObservedAt, Type: Timestamp, NotNull: true},
		{Name: LedgerStatus, Type: Varchar, Bytes: 16, NotNull: true},
		{Name: LedgerRowsRead, Type: BigInt, NotNull: true},
		{Name: LedgerRowsLoaded, Type: BigInt, NotNull: true},
		{Name: LedgerRowsRejected, Type: BigInt, NotNull: true},
		{Name: LedgerExecutionARN, Type: Varchar, Bytes: 2048, NotNull: true},
		{Name: LedgerLoadedAt, Type: Timestamp, NotNull: true},
	}}
}

// ledgerColumn is the column of that name of the ledger; other tables repeat some.
func ledgerColumn(name string) Column {
	c, _ := LoadLedger().Column(name)
	return c
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

// Current asks the ledger for columns of the rows that are not superseded and that a condition is true of.
func Current(columns []string, where string) string {
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + LoadLedger().String() +
		" WHERE " + LedgerStatus + " <> '" + StatusSuperseded + "' AND " + where
}

// entries is the table of what a batch has to say of its files, a row for each [Entry]. COPY fills it from the objects under
// [EntriesPrefix], so no key is ever part of a statement. It is temporary, as is the stage: concurrent loads cannot meet in them.
func entries() Table {
	var columns []Column
	for _, name := range Fields[Entry]() {
		c := ledgerColumn(name)
		if c.Type == Timestamp { // ISO 8601, as the parameters
			c = Column{Name: name, Type: Varchar, Bytes: 32}
		}
		columns = append(columns, c)
	}
	return Table{Name: "batch_entries", Columns: columns}
}
