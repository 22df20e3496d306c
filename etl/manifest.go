package etl

// LoadPrefix is where, in the staging bucket, everything of one load is kept.
func LoadPrefix(loadID string) string { return "loads/" + loadID + "/" }

// RowsPrefix holds the Parquet files that COPY loads, and nothing else.
func RowsPrefix(loadID string) string { return LoadPrefix(loadID) + "rows/" }

// ManifestKey is the object that ends a load's output.
func ManifestKey(loadID string) string { return LoadPrefix(loadID) + "manifest.json" }

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
	// RejectRatio is RowsRejected / RowsRead, from 0 to 1; 0 when nothing was read.
	RejectRatio float64 `json:"reject_ratio"`
	// Reasons counts the rejected rows by reason.
	Reasons map[string]int64 `json:"reasons"`
	// Files are the Parquet files, relative to the manifest; at least one, even for no rows,
	// because COPY of an empty prefix fails.
	Files []string `json:"files"`
	// RejectFiles are JSON Lines {"line","reason","record"}, relative to the manifest; none when no row was rejected.
	RejectFiles []string `json:"reject_files"`
}
