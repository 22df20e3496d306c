package etl

import (
	"fmt"
	"slices"
	"strings"
)

// LoadIDPlaceholder stands for the load id, or the folder below loads/ that a run of the load has written,
// in the one statement that takes no parameters, COPY. Whoever executes the statements puts it there; it is
// hexadecimal, so it needs no quoting.
const LoadIDPlaceholder = "{load_id}"

// LoadParameters are the named parameters (":name") that the load statements take. All of them are
// given to every batch; the Data API shares them among its statements. Values are strings and never
// empty. Times are ISO 8601 in UTC ("2008-05-01T00:00:00Z"), counts come from the manifest.
func LoadParameters() []string {
	return []string{
		"load_id",       // SHA-256 of bucket, key and version, hexadecimal
		"source_key",    // the object's key, plain
		"version",       // the object's version id; "null" in a bucket without versions
		"event_time",    // when S3 says the version was written, in whole seconds
		"observed_at",   // just before S3 said that it is the newest, in milliseconds
		"rows_read",     // Manifest.RowsRead
		"rows_loaded",   // Manifest.RowsLoaded
		"rows_rejected", // Manifest.RowsRejected
		"execution_arn", // the state machine's execution
		"loaded_at",     // now
	}
}

// GoneParameters are those of [LoadParameters] that the statements of [Gone] take; the version is that
// of the delete marker, or [NoVersion].
func GoneParameters() []string {
	return slices.DeleteFunc(LoadParameters(), func(name string) bool { return strings.HasPrefix(name, "rows_") })
}

// NoVersion stands for the version of a key that has none left, not even a delete marker.
const NoVersion = "none"

// Target says where COPY reads and as whom.
type Target struct {
	StagingBucket string
	// CopyRoleARN is the role that Redshift assumes to read the staging bucket.
	CopyRoleARN string
}

// DDL creates the schema and the tables if they are not there. It is safe to run at any time.
//
// The statements, like all of this file but COPY, are in the subset of SQL that Redshift,
// PostgreSQL and DuckDB share. No DISTKEY or SORTKEY: Redshift's AUTO chooses by what it sees.
func DDL() []string {
	statements := []string{"CREATE SCHEMA IF NOT EXISTS " + Schema}
	for _, t := range Tables() {
		statements = append(statements, "CREATE TABLE IF NOT EXISTS "+t.String()+" "+t.definition())
	}
	return statements
}

// LoadFlights replaces the rows of one source key by those of one load and enters it in the ledger.
// See [LoadParameters] for what the statements need. They are one transaction (as
// BatchExecuteStatement makes them) and end in the same tables however often and in whatever order
// they run: the key's rows are those of the version that was observed last.
func LoadFlights(target Target) []string {
	return load(target, Flights, FlightsFact(), "source_key = :source_key")
}

// LoadAirports merges one load into the dimension: airports that it names are replaced, others stay.
// It takes the same parameters as [LoadFlights] and gives the same guarantees.
func LoadAirports(target Target) []string {
	return load(target, Airports, AirportsDim(), "airport_id IN (SELECT airport_id FROM "+stageOf(Airports, AirportsDim()).Name+")")
}

// OnDelete is what becomes of the rows of an object that is deleted from the bucket.
type OnDelete string

// What becomes of the rows.
const (
	Retire OnDelete = "retire" // they leave the warehouse, too
	Keep   OnDelete = "keep"   // they stay
)

// Gone is the transaction for a key whose object is gone from the bucket; it takes [GoneParameters].
// The ledger learns of it either way: a load that saw the object before, and is late, then changes
// nothing. Airports stay in the dimension: it is merged of many files, of which several may name
// the same airport.
//
// The last statement's count tells whether anything has changed: it is that of the rows retired, or of
// the ledger's rows that were the key's current one.
func Gone(d Dataset, on OnDelete) []string {
	if on == Keep || d == Airports {
		return enter(StatusKept, "0", "0", "0")
	}
	return append(enter(StatusRetired, "0", "0", "0"), "DELETE FROM "+FlightsFact().String()+" WHERE source_key = :source_key AND "+entered(StatusRetired))
}

// stageOf is the table that COPY fills: COPY wants the file's columns exactly, and rows must be
// looked at before they replace others. It is temporary, so concurrent loads cannot meet in it.
func stageOf(d Dataset, t Table) Table {
	return Table{Name: t.Name + "_stage", Columns: d.RowColumns()}
}

// load is the transaction of both datasets; replaced selects the rows that make way.
//
// The order matters: the ledger decides first whether this version still counts, and the
// statements after it go by what the ledger says. DELETE, never TRUNCATE: TRUNCATE commits.
func load(target Target, dataset Dataset, into Table, replaced string) []string {
	stage := stageOf(dataset, into)
	values := make([]string, len(into.Columns))
	for i, c := range into.Columns {
		values[i] = c.Name
		if _, staged := stage.Column(c.Name); !staged {
			values[i] = "CAST(:" + c.Name + " AS " + c.SQL() + ")"
		}
	}
	counts := entered(StatusLoaded)
	return slices.Concat([]string{
		"CREATE TEMP TABLE " + stage.Name + " " + stage.definition(),
		fmt.Sprintf("COPY %s FROM '%s' IAM_ROLE '%s' FORMAT AS PARQUET", stage.Name,
			quoted("s3://"+target.StagingBucket+"/"+RowsPrefix(LoadIDPlaceholder)), quoted(target.CopyRoleARN)),
		// Fails, and with it the transaction, when COPY brought another number of rows than the
		// manifest promised: then the message is what cannot be cast.
		"SELECT CAST(CASE WHEN COUNT(*) = CAST(:rows_loaded AS BIGINT) THEN '0'" +
			" ELSE 'COPY brought ' || CAST(COUNT(*) AS VARCHAR(20)) || ' rows, the manifest promises ' || CAST(:rows_loaded AS VARCHAR(20)) END AS INTEGER)" +
			" FROM " + stage.Name,
	}, enter(StatusLoaded, ":rows_read", ":rows_loaded", ":rows_rejected"), []string{
		"DELETE FROM " + into.String() + " WHERE " + replaced + " AND " + counts,
		"INSERT INTO " + into.String() + " (" + strings.Join(into.ColumnNames(), ", ") + ") SELECT " + strings.Join(values, ", ") + " FROM " + stage.Name + " WHERE " + counts,
		"DROP TABLE " + stage.Name,
	})
}

// enter puts a version into the ledger: with the status, unless something was observed of the key
// later. Of each key the row that was observed last keeps its status, all others are superseded; an
// observation that is older than the version's own row changes nothing.
func enter(status, read, loaded, rejected string) []string {
	ledger := LoadLedger().String()
	return []string{
		"DELETE FROM " + ledger + " WHERE load_id = :load_id AND observed_at <= " + observed,
		"INSERT INTO " + ledger + " (" + strings.Join(LoadLedger().ColumnNames(), ", ") + ")" +
			" SELECT CAST(:load_id AS VARCHAR(64)), CAST(:source_key AS VARCHAR(1024)), CAST(:version AS VARCHAR(1024)), CAST(:event_time AS TIMESTAMP), " + observed + "," +
			" CASE WHEN COUNT(*) = 0 THEN '" + status + "' ELSE '" + StatusSuperseded + "' END," +
			" CAST(" + read + " AS BIGINT), CAST(" + loaded + " AS BIGINT), CAST(" + rejected + " AS BIGINT)," +
			" CAST(:execution_arn AS VARCHAR(2048)), CAST(:loaded_at AS TIMESTAMP)" +
			" FROM " + ledger + " WHERE source_key = :source_key AND observed_at > " + observed +
			" HAVING COUNT(CASE WHEN load_id = :load_id THEN 1 END) = 0",
		"UPDATE " + ledger + " SET status = '" + StatusSuperseded + "'" +
			" WHERE source_key = :source_key AND load_id <> :load_id AND status <> '" + StatusSuperseded + "' AND observed_at <= " + observed,
	}
}

const observed = "CAST(:observed_at AS TIMESTAMP)"

// entered is the condition that this batch has put its version into the ledger, with the status.
func entered(status string) string {
	return "EXISTS (SELECT 1 FROM " + LoadLedger().String() + " WHERE load_id = :load_id AND status = '" + status + "' AND observed_at = " + observed + ")"
}

// quoted escapes text for a SQL string literal.
func quoted(text string) string { return strings.ReplaceAll(text, "'", "''") }
