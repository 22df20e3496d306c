// Package etl is everything that touches rows: what a raw file must look like, which rows of it
// become facts, why the others do not, and how what is left reaches Redshift.
//
// The raw objects of a batch go through it like this; batch.go names what is where:
//
//	raw objects -> job/*.py (Glue) or etl/duckdb (local world)
//	                  executes sql/*.sql
//	            -> loads/batches/<run>/loads/<load_id>/rows/verdict=loaded/   the Parquet that COPY loads
//	               loads/batches/<run>/entries/*.json      what the ledger is to learn of each file
//	               loads/<load_id>/<run>/rejects/*.json    what was refused, why, and the record as it stood
//	               loads/<load_id>/<run>/manifest.json     a file's counts
//	               loads/batches/<run>/batch.json          what became of all files; written last, so its presence means complete
//	            -> Load: one transaction of the Redshift Data API
//
// The contract (contract.go) is declared once. The table definitions and load statements are
// generated from it, and tests hold the SQL files, the Parquet of both engines and the PySpark job to it:
//
//	for _, statement := range etl.DDL() { ... }              // idempotent
//	statements := etl.Load(etl.Target{StagingBucket: "airline-dev-staging-111122223333", CopyRoleARN: role}, etl.Flights, etl.Retire)
//	values := etl.LoadParameters()                           // the named parameters that they take
//
// The package knows no Pulumi, no AWS SDK and no database driver; etl/duckdb executes it.
package etl

import (
	"embed"
	"fmt"
	"io/fs"
)

// Files holds what the stack uploads beside the Glue job: the script and its modules under job/ and the
// transform under sql/, with the contract as the script reads it. Infrastructure uploads them under the same names.
//
//go:embed job/*.py sql/*.sql sql/*.json
var Files embed.FS

// JobScript is the job's script among Files, and JobModules is a pattern of the modules that it imports.
const (
	JobScript  = "job/ingest.py"
	JobModules = "job/airline_*.py"
)

// SQL reads the transform's queries out of a file system that has them under sql/, by file name.
func SQL(files fs.FS) (map[string]string, error) {
	entries, err := fs.ReadDir(files, "sql")
	if err != nil {
		return nil, fmt.Errorf("transform: %w", err)
	}
	queries := make(map[string]string, len(entries))
	for _, entry := range entries {
		text, err := fs.ReadFile(files, "sql/"+entry.Name())
		if err != nil {
			return nil, fmt.Errorf("transform: %w", err)
		}
		queries[entry.Name()] = string(text)
	}
	return queries, nil
}
