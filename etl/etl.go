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
// What a file of a dataset looks like and where its rows go is declared once (declaration.go; flights.go and airports.go are its values). Table
// definitions, load statements, the queries that judge rows and the job's description of files are generated from it, and
// tests hold the Parquet of both engines to it:
//
//	for _, statement := range etl.DDL() { ... }              // idempotent
//	statements := etl.Load(etl.Target{StagingBucket: "airline-dev-staging-111122223333", CopyRoleARN: role}, etl.Flights, etl.Retire)
//	values := etl.LoadParameters()                           // the named parameters that they take
//
// The package knows no Pulumi, no AWS SDK and no database driver; etl/duckdb executes it.
package etl
