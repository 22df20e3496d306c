package etl

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The unit of work is a batch: the files of one execution. Its folder in the staging bucket has what the machine and the job tell each
// other and the warehouse:
//
//	loads/batches/<run>/objects.json   what the job is to load: a JSON list of Object
//	                    loads/<load_id>/rows/verdict=loaded/   the rows of each file
//	                    entries/       what the ledger is to learn of each file: objects with JSON, for COPY
//	                    files.json     what became of each file of the job: JSON Lines of Outcome
//	                    batch.json     the same in short, for the machine: BatchResult
//
// A batch that is too big for one run of the job is done in parts. What is of one part has its name, such as -0-199 of the first 200 objects, before
// the .json: objects-0-199.json, entries/loaded-0-199.json, files-0-199.json and batch-0-199.json.
//
//	loads/<load_id>/<run>/             a file's manifest and rejects

// BatchPrefix is the folder of a run of a batch; the run is named after the execution.
func BatchPrefix(run string) string { return LoadsPrefix + "batches/" + run + "/" }

// ListKey is a list of files to load that somebody has written for a machine; its name is hexadecimal.
func ListKey(name string) string { return LoadsPrefix + "lists/" + name + ".json" }

// ReceiptsPrefix has what the ledger has learnt of a dataset's files: an object for each batch, by the moment of its end. Whoever wants to know of a file whether
// it is loaded, and not to wake the warehouse, finds it here; of what is not here, the ledger knows.
func ReceiptsPrefix(dataset string) string { return LoadsPrefix + "receipts/" + dataset + "/" }

// ReceiptKey is the receipt of a batch: a JSON list of Receipt. Its time is ISO 8601, so that keys are in the order of time.
func ReceiptKey(dataset, time, run string) string {
	return ReceiptsPrefix(dataset) + time + "-" + run + ".json"
}

// Receipt is a version of a key of which the ledger says that it is loaded, or gone.
type Receipt struct {
	Key     string `json:"key"`
	Version string `json:"version"`
}

// ComparedKey says when a dataset's files were last compared with the ledger, and all was well.
func ComparedKey(dataset string) string { return LoadsPrefix + "compared/" + dataset + ".json" }

// BackfillPrefix is the folder of a backfill, whose run is named after its execution:
//
//	missing/<map run>/SUCCEEDED_*   the files that the warehouse lacked: JSON Lines
//	failures/                       what became of each batch of which not all was loaded: JSON objects
func BackfillPrefix(run string) string { return LoadsPrefix + "backfills/" + run + "/" }

// BackfillFailures is the folder failures/ of a backfill.
func BackfillFailures(run string) string { return BackfillPrefix(run) + "failures/" }

// BatchObjectsKey is the list of what the job is to load, of a part or, without a name, of all.
func BatchObjectsKey(run, part string) string { return BatchPrefix(run) + partOf(BatchObjects, part) }

// partOf is the name of what is of a part, from that of what is of all.
func partOf(name, part string) string { return strings.TrimSuffix(name, ".json") + part + ".json" }

var partOfList = regexp.MustCompile(`/objects(-[0-9]+-[0-9]+)\.json$`)

// PartOfList is what is of the same part as the list of objects of which the address is given.
func PartOfList(list, name string) string {
	part := ""
	if found := partOfList.FindStringSubmatch(list); found != nil {
		part = found[1]
	}
	return partOf(name, part)
}

// BatchRowsPrefix holds the Parquet files of all files of a batch, and nothing else: a folder for each load.
func BatchRowsPrefix(run string) string { return BatchPrefix(run) + BatchRows }

// EntriesPrefix holds the entries of a batch, and nothing else.
func EntriesPrefix(run string) string { return BatchPrefix(run) + batchEntries }

// BatchFilesKey is the full list of what became of the job's files.
func BatchFilesKey(run, part string) string { return BatchPrefix(run) + partOf(BatchFiles, part) }

// BatchResultKey is what became of them in short; the job writes it last.
func BatchResultKey(run, part string) string { return BatchPrefix(run) + partOf(BatchSummary, part) }

// What a job writes into the folder of its list of objects.
const (
	BatchObjects = "objects.json"
	BatchRows    = "loads/" // then <load_id>/, then RowsDir
	batchEntries = "entries/"
	BatchEntries = batchEntries + "loaded.json"
	BatchFiles   = "files.json"
	BatchSummary = "batch.json"
)

// Object is a file that a job is to load: a version of an object, and what the ledger is to say of it.
type Object struct {
	Bucket     string `json:"bucket"`
	Key        string `json:"key"`
	Version    string `json:"version"`
	LoadID     string `json:"load_id"`
	EventTime  string `json:"event_time"`  // when the version was written, ISO 8601
	ObservedAt string `json:"observed_at"` // from when on it was seen to be the key's newest
	Size       int64  `json:"size"`        // in bytes, as S3 has it
}

// Entry is what the ledger is to learn of a file.
type Entry struct {
	LoadID       string `json:"load_id"`
	SourceKey    string `json:"source_key"`
	Version      string `json:"version"`
	EventTime    string `json:"event_time"`
	ObservedAt   string `json:"observed_at"`
	Status       string `json:"status"`
	RowsRead     int64  `json:"rows_read"`
	RowsLoaded   int64  `json:"rows_loaded"`
	RowsRejected int64  `json:"rows_rejected"`
}

// Outcome is what became of a file of a batch.
type Outcome struct {
	Key          string           `json:"key"`
	Version      string           `json:"version"`
	LoadID       string           `json:"load_id"`
	RowsRead     int64            `json:"rows_read"`
	RowsLoaded   int64            `json:"rows_loaded"` // of a file that failed, 0
	RowsRejected int64            `json:"rows_rejected"`
	RejectRatio  float64          `json:"reject_ratio"`
	Reasons      map[string]int64 `json:"reasons"`
	Warnings     []string         `json:"warnings,omitempty"`
	// Columns are the names in the file's header, where it was read, be the file loaded or not.
	Columns []string `json:"columns,omitempty"`
	// Error is empty for a file whose rows are to load, else a RefusalCode or Unreadable; Cause is the message.
	Error string `json:"error,omitempty"`
	Cause string `json:"cause,omitempty"`
}

// Unreadable is the error of an object that could not be read: it is gone, or its key is not there for the job.
const Unreadable = "unreadable object"

// BatchResult is what a machine gets to know of what its job did, however many files there were.
type BatchResult struct {
	Files        int   `json:"files"`
	Loaded       int   `json:"loaded"`
	Failed       int   `json:"failed"`
	Measured     int   `json:"measured"` // files of which rows were counted, be they loaded or refused for them
	RowsRead     int64 `json:"rows_read"`
	RowsLoaded   int64 `json:"rows_loaded"`
	RowsRejected int64 `json:"rows_rejected"`
	// RejectRatio is that of the worst file.
	RejectRatio float64 `json:"reject_ratio"`
	// Columns are the names in the headers of all files, each once: those that a table of the catalog can have, ToldColumns bytes of them at most.
	Columns []string `json:"columns"`
	// Loads and Failures are the first files of either kind, Told of each at most, without their columns.
	Loads    []Outcome `json:"loads"`
	Failures []Outcome `json:"failures"`
}

// Bounds of what a BatchResult says of files: how many of a kind, how many bytes of a message, and of the names of columns.
const (
	Told        = 20
	ToldBytes   = 1000
	ToldColumns = 50_000
)

// maxColumnName is how many bytes the name of a column in the Glue catalog has at most (Glue API Reference, "Column structure").
const maxColumnName = 255

// Summarize sums the outcomes of a batch up.
func Summarize(outcomes []Outcome) BatchResult {
	sum := BatchResult{Files: len(outcomes), Columns: columnsOf(outcomes), Loads: []Outcome{}, Failures: []Outcome{}}
	for _, o := range outcomes {
		if o.Reasons != nil {
			sum.Measured++
		}
		sum.RowsRead += o.RowsRead
		sum.RowsLoaded += o.RowsLoaded
		sum.RowsRejected += o.RowsRejected
		sum.RejectRatio = max(sum.RejectRatio, o.RejectRatio)
		list, count := &sum.Loads, &sum.Loaded
		if o.Error != "" {
			list, count = &sum.Failures, &sum.Failed
		}
		*count++
		if len(*list) < Told {
			o.Cause, o.Columns = clipped(o.Cause), nil
			*list = append(*list, o)
		}
	}
	return sum
}

// columnsOf are the names in the headers of all files, in the order in which they come.
func columnsOf(outcomes []Outcome) []string {
	names, bytes := []string{}, 0
	seen := map[string]bool{"": true} // the catalog gives a column without a name one of its own
	for _, o := range outcomes {
		for _, name := range o.Columns {
			if seen[name] || len(name) > maxColumnName {
				continue
			}
			seen[name] = true
			if bytes += len(name); bytes > ToldColumns {
				return names
			}
			names = append(names, name)
		}
	}
	return names
}

// clipped is the beginning of a message, in whole characters.
func clipped(text string) string {
	if len(text) <= ToldBytes {
		return text
	}
	end := ToldBytes
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..."
}
