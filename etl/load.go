package etl

import (
	"fmt"
	"slices"
	"strings"
)

// RunPlaceholder stands for the name of the run whose output is loaded (see [BatchPrefix]), in the statements that take no
// parameters, COPY. Whoever executes the statements puts it there; it is hexadecimal, so it needs no quoting.
const RunPlaceholder = "{run}"

// LoadParameters are the named parameters (":name") that the statements of [Load] and [Record] take. All of them are
// given to every batch; the Data API shares them among its statements. Values are strings and never
// empty. Times are ISO 8601 in UTC ("2008-05-01T00:00:00Z").
func LoadParameters() []string {
	return []string{
		ParameterFiles,     // how many entries the batch has, those of its job and of its machine
		LedgerExecutionARN, // the state machine's execution
		LedgerLoadedAt,     // now
	}
}

// ParameterFiles is the parameter with the number of entries of a batch.
const ParameterFiles = "files"

// NoVersion stands for the version of a key that has none left, not even a delete marker.
const NoVersion = "none"

// Target says where COPY reads and as whom.
type Target struct {
	StagingBucket string
	// CopyRoleARN is the role that Redshift assumes to read the staging bucket.
	CopyRoleARN string
}

// DDL creates the schema and the tables if they are not there: those that every warehouse has, and those of more datasets. It is safe to run at any time.
//
// The statements, like all of this file but COPY, are in the subset of SQL that Redshift,
// PostgreSQL and DuckDB share. No DISTKEY or SORTKEY: Redshift's AUTO chooses by what it sees.
func DDL(more ...Dataset) []string {
	statements := []string{"CREATE SCHEMA IF NOT EXISTS " + Schema}
	for _, t := range Tables(more...) {
		statements = append(statements, "CREATE TABLE IF NOT EXISTS "+t.String()+" "+t.definition())
	}
	return statements
}

// ViewDDL creates the views of a warehouse with more datasets, or creates them anew. They are bound late: a table under them may be altered, or
// be swapped for another one, and columns that it gets are theirs (Database Developer Guide, "CREATE VIEW", WITH NO SCHEMA BINDING).
func ViewDDL(more ...Dataset) []string {
	var statements []string
	for _, v := range Views(more...) {
		statements = append(statements, "CREATE OR REPLACE VIEW "+v.String()+" AS "+v.Select+" WITH NO SCHEMA BINDING")
	}
	return statements
}

// OnDelete is what becomes of the rows of an object that is deleted from the bucket.
type OnDelete string

// What becomes of the rows.
const (
	Retire OnDelete = "retire" // they leave the warehouse, too
	Keep   OnDelete = "keep"   // they stay
)

// GoneStatus is the status in the ledger of a key whose object is gone from the bucket. Rows with a key stay, such as airports in the
// dimension: they are merged of many files, of which several may name the same airport.
func GoneStatus(d Dataset, on OnDelete) string {
	if on == Keep || d.Merged() {
		return StatusKept
	}
	return StatusRetired
}

// stageOf is the table that COPY fills with rows: COPY wants the file's columns exactly, and rows must be
// looked at before they replace others.
func stageOf(d Dataset) Table { return Table{Name: string(d) + "_stage", Columns: d.StagedColumns()} }

// Load is the transaction that puts what a batch's job wrote into the warehouse: of each file that loaded, its rows replace those of its
// key, or where rows have a key themselves, as airports do, those of the same keys, and the ledger learns of every file of the batch. See [LoadParameters] for what the
// statements need. They are one transaction (as BatchExecuteStatement makes them) and end in the same tables however often and in
// whatever order batches run, and however files are put together in batches: a key's rows are those of the version that was
// observed last.
//
// The count of the last statement but one tells whether files that are gone have changed anything: it is that of the rows
// retired, or of the ledger's rows that were a key's current one.
//
// The order matters: the ledger decides first whether a version still counts, and the
// statements after it go by what the ledger says. DELETE, never TRUNCATE: TRUNCATE commits.
func Load(target Target, d Dataset, on OnDelete) []string {
	stage := stageOf(d)
	return slices.Concat(
		begin(target),
		[]string{
			"CREATE TEMP TABLE " + stage.Name + " " + stage.definition(),
			target.copy(stage, BatchRowsPrefix(RunPlaceholder), "PARQUET"),
			// Fails, and with it the transaction, when COPY brought another number of rows than a
			// manifest promised: then the message is what cannot be cast.
			check("brought <> promised", "'COPY brought ' || CAST(brought AS VARCHAR(20)) || ' rows of the load ' || load_id || ', its manifest promises ' || CAST(promised AS VARCHAR(20))",
				"SELECT b.load_id, b.rows_loaded AS promised, COALESCE(s.brought, 0) AS brought FROM "+entries().Name+" b"+
					" LEFT JOIN (SELECT load_id, COUNT(*) AS brought FROM "+stage.Name+" GROUP BY load_id) s ON s.load_id = b.load_id WHERE b.status = '"+StatusLoaded+"'"),
		},
		enter(),
		replace(d),
		[]string{"DROP TABLE " + stage.Name},
		gone(d, on))
}

// Record is the transaction of a batch without rows to load: the ledger learns of its files, and the rows of those that are gone
// leave the warehouse if they shall. It takes the same parameters as [Load], and its last statement but one tells the same.
func Record(target Target, d Dataset, on OnDelete) []string {
	return slices.Concat(begin(target), enter(), gone(d, on))
}

// copy fills a table from the objects under a prefix of the staging bucket.
func (t Target) copy(into Table, prefix, format string) string {
	return fmt.Sprintf("COPY %s FROM '%s' IAM_ROLE '%s' FORMAT AS %s", into.Name, quoted("s3://"+t.StagingBucket+"/"+prefix), quoted(t.CopyRoleARN), format)
}

// check is a query that fails, with a message that cannot be cast, if rows of another have something wrong.
func check(wrong, message, of string) string {
	return "SELECT CAST(CASE WHEN COUNT(*) = 0 THEN '0' ELSE MIN(" + message + ") END AS INTEGER) FROM (" + of + ") looked WHERE " + wrong
}

// begin gets the batch's entries.
func begin(target Target) []string {
	return []string{
		"CREATE TEMP TABLE " + entries().Name + " " + entries().definition(),
		target.copy(entries(), EntriesPrefix(RunPlaceholder), "JSON 'auto'"),
		check("brought <> promised", "'COPY brought ' || CAST(brought AS VARCHAR(20)) || ' entries, the batch has ' || CAST(promised AS VARCHAR(20))",
			"SELECT CAST(:files AS BIGINT) AS promised, COUNT(*) AS brought FROM "+entries().Name),
	}
}

// enter puts the batch's versions into the ledger: each with its status, unless something was observed of its key
// later. Of each key the row that was observed last keeps its status, all others are superseded; an
// observation that is older than the version's own row changes nothing. What the batch itself says is superseded, a version that a newer
// one has overtaken, is entered only if nothing is known of it.
func enter() []string {
	ledger := LoadLedger()
	values := make([]string, len(ledger.Columns))
	var groups []string
	for i, c := range ledger.Columns {
		switch c.Name {
		case LedgerExecutionARN, LedgerLoadedAt:
			values[i] = "CAST(:" + c.Name + " AS " + c.SQL() + ")"
			continue
		case LedgerEventTime, LedgerObservedAt:
			values[i] = "CAST(b." + c.Name + " AS TIMESTAMP)"
		case LedgerStatus:
			values[i] = "CASE WHEN COUNT(l.load_id) = 0 THEN b.status ELSE '" + StatusSuperseded + "' END"
		default:
			values[i] = "b." + c.Name
		}
		groups = append(groups, "b."+c.Name)
	}
	return []string{
		"DELETE FROM " + ledger.String() + " USING " + entries().Name + " b" +
			" WHERE " + ledger.Name + ".load_id = b.load_id AND b.status <> '" + StatusSuperseded + "' AND " + ledger.Name + ".observed_at <= " + observed,
		"INSERT INTO " + ledger.String() + " (" + strings.Join(ledger.ColumnNames(), ", ") + ") SELECT " + strings.Join(values, ", ") +
			" FROM " + entries().Name + " b LEFT JOIN " + ledger.String() + " l ON l.source_key = b.source_key AND (l.observed_at > " + observed + " OR l.load_id = b.load_id)" +
			" GROUP BY " + strings.Join(groups, ", ") + " HAVING COUNT(CASE WHEN l.load_id = b.load_id THEN 1 END) = 0",
		supersede("b.status IN ('" + StatusLoaded + "', '" + StatusRetired + "')"),
	}
}

// supersede ends the time of the versions before those entries.
func supersede(by string) string {
	ledger := LoadLedger()
	return "UPDATE " + ledger.String() + " SET status = '" + StatusSuperseded + "' FROM " + entries().Name + " b WHERE " + by +
		" AND " + ledger.Name + ".source_key = b.source_key AND " + ledger.Name + ".load_id <> b.load_id" +
		" AND " + ledger.Name + ".status <> '" + StatusSuperseded + "' AND " + ledger.Name + ".observed_at <= " + observed
}

const observed = "CAST(b.observed_at AS TIMESTAMP)"

// entered are the entries, by a column, that this batch has put into the ledger, with the status.
func entered(column, status string) string {
	return "SELECT b." + column + " FROM " + entries().Name + " b JOIN " + LoadLedger().String() + " l ON l.load_id = b.load_id AND l.observed_at = " + observed +
		" WHERE b.status = '" + status + "' AND l.status = '" + status + "'"
}

// replace puts the staged rows in place of what they replace. Of rows with one key that several files of the batch have, the newest
// file's stays, as in the query of the newest that others are joined with.
func replace(d Dataset) []string {
	stage, counts := stageOf(d).Name, "load_id IN ("+entered("load_id", StatusLoaded)+")"
	// It is the entries that are looked up, which are few, and not the rows: an engine that takes a table of this transaction for
	// empty would keep all the rows to look them up.
	of := " FROM " + stage + " s JOIN " + entries().Name + " b ON b.load_id = s.load_id AND b.status = '" + StatusLoaded + "' WHERE b." + counts
	into, columns := d.Table(), strings.Join(d.Table().ColumnNames(), ", ")
	if key := d.declared().Key; key != "" {
		return []string{
			"DELETE FROM " + into.String() + " WHERE " + key + " IN (SELECT s." + key + " FROM " + stage + " s WHERE s." + counts + ")",
			"INSERT INTO " + into.String() + " (" + columns + ") SELECT " + columns + " FROM (SELECT s." + strings.Join(into.ColumnNames(), ", s.") +
				", ROW_NUMBER() OVER (PARTITION BY s." + key + " ORDER BY CAST(b.event_time AS TIMESTAMP) DESC, b.source_key DESC) AS nth" + of + ") ranked WHERE nth = 1",
		}
	}
	values := make([]string, len(into.Columns))
	for i, c := range into.Columns {
		values[i] = "s." + c.Name
		if c.Name == LedgerSourceKey {
			values[i] = "b." + c.Name
		}
	}
	return []string{
		"DELETE FROM " + into.String() + " WHERE source_key IN (" + entered("source_key", StatusLoaded) + ")",
		"INSERT INTO " + into.String() + " (" + columns + ") SELECT " + strings.Join(values, ", ") + of,
	}
}

// gone ends the transaction: what becomes of the rows of files that are gone, and the end of the entries.
func gone(d Dataset, on OnDelete) []string {
	changed := supersede("b.status = '" + StatusKept + "'")
	if GoneStatus(d, on) == StatusRetired {
		changed = "DELETE FROM " + d.Table().String() + " WHERE source_key IN (" + entered("source_key", StatusRetired) + ")"
	}
	return []string{changed, "DROP TABLE " + entries().Name}
}

// quoted escapes text for a SQL string literal.
func quoted(text string) string { return strings.ReplaceAll(text, "'", "''") }
