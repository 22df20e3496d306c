package etl

import "fmt"

// LoadsPrefix is where, in the staging bucket, everything of loads is kept.
const LoadsPrefix = "loads/"

// LoadPrefix is where, in the staging bucket, the manifest and the rejects of one load are kept, in a folder for each run.
func LoadPrefix(loadID string) string { return LoadsPrefix + loadID + "/" }

// RowsDir is where a load's Parquet files are, below its folder of rows. A Spark job writes all of its records below rows/,
// parted by their verdict.
const RowsDir = "rows/verdict=loaded/"

// ManifestFile is the object that ends a load's output, in its folder.
const ManifestFile = "manifest.json"

// Source is the object version that a load read.
type Source struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"`
	Version string `json:"version"`
}

// Manifest says what a load read and wrote. RowsRead = RowsLoaded + RowsRejected, always.
type Manifest struct {
	LoadID       string `json:"load_id"`
	Dataset      string `json:"dataset"`
	Source       Source `json:"source"`
	RowsRead     int64  `json:"rows_read"`
	RowsLoaded   int64  `json:"rows_loaded"`
	RowsRejected int64  `json:"rows_rejected"`
	// RejectRatio is the share of rows with a fault, from 0 to 1; see FaultRatio.
	RejectRatio float64 `json:"reject_ratio"`
	// Reasons counts the rejected rows by reason.
	Reasons map[string]int64 `json:"reasons"`
	// Rows is where the Parquet files are, as an address that ends in "/", when that is not beside the manifest.
	Rows string `json:"rows,omitempty"`
	// Files are the Parquet files, relative to Rows or the manifest; at least one, even for no rows,
	// because COPY of an empty prefix fails.
	Files []string `json:"files"`
	// RejectFiles are JSON Lines {"line","reason","record"}, relative to the manifest; none when no row was rejected.
	RejectFiles []string `json:"reject_files"`
	// Columns are the names in the file's header: see Layout.Names.
	Columns []string `json:"columns,omitempty"`
	// Warnings are what an operator should know although the load is right.
	Warnings []string `json:"warnings,omitempty"`
}

// ReasonFiltered is the one reason that is no fault: the row is good and unwanted.
const ReasonFiltered = "below minDepDelay"

// FaultRatio is the share of the rows read that were rejected for a fault. Rows that the delay
// filter took out are rejected but no fault of the file's, or every load with a filter would be
// refused. 0 when nothing was read.
func (m Manifest) FaultRatio() float64 {
	if m.RowsRead == 0 {
		return 0
	}
	return float64(m.faults()) / float64(m.RowsRead)
}

// faults counts the rows that were rejected for a fault.
func (m Manifest) faults() int64 { return m.RowsRejected - m.Reasons[ReasonFiltered] }

// lacked is the dataset in which most rows with a fault have no match; empty when most have another fault. Such rows are as they should be.
func (m Manifest) lacked() (lacked Dataset) {
	rows := map[Dataset]int64{}
	for reason, in := range Dataset(m.Dataset).Raw().Unmatched {
		rows[in] += m.Reasons[reason]
	}
	for _, in := range Dataset(m.Dataset).Joined() {
		if 2*rows[in] > m.faults() {
			lacked = in
		}
	}
	return lacked
}

// WithoutCodes warns of a file that names rows of the dataset by codes which nobody can know.
func (d Dataset) WithoutCodes() string {
	code, _ := d.declared().column(d.CodeColumn())
	return fmt.Sprintf("the file names %[1]s by codes, and no file of %[1]s has the column %[2]s, so all of its %[1]s are unknown; add the column to one of them", d, code.Name)
}
