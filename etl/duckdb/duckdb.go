// Package duckdb executes the Glue job on this machine: the same SQL files that Spark runs in AWS,
// over the bytes of one raw object, by an embedded DuckDB.
//
//	manifest, err := duckdb.Run(ctx, duckdb.Args{
//		Dataset:  etl.Flights,
//		Source:   etl.Source{Bucket: "raw", Key: "daily-flights/date=2008-05-01/flights.csv", Version: "v1"},
//		LoadID:   loadID,
//		Object:   "/path/to/its/bytes",
//		Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: "/path/to/those", Modified: t}},
//		SQL:      queries, // as deployed, by file name: flights_checked.sql, ...
//		Output:   "/path/that/stands/for/loads/<load id>",
//	})
//
// What the contract refuses whole is a *etl.RefusedError; single bad rows are in the rejects.
package duckdb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"airline/etl"
)

// JoinedFile is an object of a dataset that the rows are joined with; its key says of which.
type JoinedFile struct {
	Key      string
	Path     string // of a local file with its bytes
	Modified time.Time
}

// Args says what to load. The zero values of the optional ones are safe.
type Args struct {
	Dataset etl.Dataset
	Source  etl.Source
	LoadID  string
	// Object is the path of a local file with the bytes of exactly that version.
	Object string
	// Joined are the files of the datasets that the rows are joined with.
	Joined []JoinedFile
	// MinDepDelay rejects flights that left less than so many minutes late. Nil: no filter.
	MinDepDelay *int64
	// Limits are what can be of a flight. Nil: etl.DefaultLimits.
	Limits *etl.Limits
	// MaxJoinedRejectRatio is the share of faulty rows, 0 to 1, above which rows do without a
	// joined file: its own load was refused. Nil: no limit.
	MaxJoinedRejectRatio *float64
	// SQL are the transform's queries by file name (see etl.SQL).
	SQL map[string]string
	// Rows is the address of the folder that the Parquet files are to be in, for the manifest. Empty: beside it.
	Rows string
	// Output is the directory that becomes loads/<load_id>/<run>/. What an earlier run left there is removed.
	Output string

	// TempDir is for what does not fit in memory. Default: the system's.
	TempDir string
	// MemoryBytes is what DuckDB may hold in memory. Default: 2 GiB.
	MemoryBytes int64
	// Threads is how many cores DuckDB uses. Default: all for a big object, one for a small one, which is done before another
	// core has woken up.
	Threads int
}

// Run loads one object: Parquet, rejects and, last of all, the manifest are in the output directory. It is for a load alone:
// several have an [Engine], and small ones its [Engine.Together].
func Run(ctx context.Context, args Args) (etl.Manifest, error) {
	var e Engine
	manifest, err := e.Run(ctx, args)
	return manifest, errors.Join(err, e.Close())
}

// prepare checks the arguments and makes an empty output directory. The days are those of the key of a dated file.
func (a Args) prepare() (days etl.Days, err error) {
	if err := a.check(); err != nil {
		return days, err
	}
	if err := os.MkdirAll(a.Output, 0o755); err != nil {
		return days, fmt.Errorf("load %s: %w", a.Source.Key, err)
	}
	for _, old := range []string{etl.ManifestFile, etl.RowsDir, rejectsDir} { // the manifest first: it says that the others are whole
		if err := os.RemoveAll(filepath.Join(a.Output, old)); err != nil {
			return days, fmt.Errorf("load %s: %w", a.Source.Key, err)
		}
	}
	if err := etl.CheckVisible(a.Source.Key); err != nil {
		return days, err
	}
	return a.Dataset.Days(a.Source.Key)
}

// check finds everything that is wrong with the arguments at once.
func (a Args) check() error {
	var wrong []string
	if _, ok := a.Dataset.Declared(); !ok {
		wrong = append(wrong, fmt.Sprintf("dataset %q is none of %v", a.Dataset, etl.Datasets()))
	}
	for _, required := range []struct{ name, value string }{
		{"source bucket", a.Source.Bucket}, {"source key", a.Source.Key}, {"source version", a.Source.Version},
		{"load id", a.LoadID}, {"object", a.Object}, {"output", a.Output},
	} {
		if required.value == "" {
			wrong = append(wrong, required.name+" is missing")
		}
	}
	for _, name := range a.Dataset.Queries() {
		if a.SQL[name] == "" {
			wrong = append(wrong, "query "+name+" is missing")
		}
	}
	if a.Limits != nil {
		if err := a.Limits.Check(); err != nil {
			wrong = append(wrong, err.Error())
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("load arguments: %s", strings.Join(wrong, "; "))
	}
	return nil
}

// job is one run, in a schema of its own.
type job struct {
	*Engine
	args Args
	days etl.Days // of the key of a dated file
}

// manifest is that of a load of which nothing is known yet.
func (a Args) manifest() etl.Manifest {
	return etl.Manifest{LoadID: a.LoadID, Dataset: string(a.Dataset), Source: a.Source, Rows: a.Rows, Reasons: map[string]int64{}}
}

// run is the job from end to end.
func (j *job) run(ctx context.Context) (etl.Manifest, error) {
	args := j.args
	manifest := args.manifest()
	warnings, err := j.joined(ctx)
	if err != nil {
		return etl.Manifest{}, err
	}
	manifest.Warnings = warnings
	if err := j.settings(ctx); err != nil {
		return etl.Manifest{}, err
	}
	layout, err := j.checked(ctx, args.Dataset, args.Source.Key, args.Object)
	if refused := (*etl.RefusedError)(nil); errors.As(err, &refused) && refused.Columns == nil {
		refused.Columns = layout.Names // of a file that was refused for what is below its header
	}
	if err != nil {
		return etl.Manifest{}, err
	}
	manifest.Columns = layout.Names
	if layout.Coded {
		warning, err := j.withoutCodes(ctx)
		if err != nil {
			return etl.Manifest{}, err
		}
		manifest.Warnings = append(manifest.Warnings, warning...)
	}
	if err := j.count(ctx, &manifest); err != nil {
		return etl.Manifest{}, err
	}
	if err := j.write(ctx, &manifest); err != nil {
		return etl.Manifest{}, err
	}
	return manifest, nil
}

// settings puts the run's own values where queries find them.
func (j *job) settings(ctx context.Context) error {
	given := map[string]string{}
	if j.args.Limits != nil {
		for name, value := range j.args.Limits.Arguments() {
			given[strings.TrimPrefix(name, "--")] = value
		}
	}
	if j.args.MinDepDelay != nil {
		given[strings.TrimPrefix(etl.ArgumentMinDepDelay, "--")] = fmt.Sprint(*j.args.MinDepDelay)
	}
	return j.exec(ctx, "CREATE TABLE settings AS "+etl.SettingsQuery(given))
}

// count fills in the manifest's numbers.
func (j *job) count(ctx context.Context, manifest *etl.Manifest) error {
	rows, err := j.conn.QueryContext(ctx, j.args.SQL["counts.sql"])
	if err != nil {
		return j.failed("counts.sql", err)
	}
	defer rows.Close()
	for rows.Next() {
		var reason sql.NullString
		var records, firstLine int64
		if err := rows.Scan(&reason, &records, &firstLine); err != nil {
			return j.failed("counts.sql", err)
		}
		add(manifest, reason, records)
	}
	if err := rows.Err(); err != nil {
		return j.failed("counts.sql", err)
	}
	return nil
}

// add counts records in a manifest that have a reason, or none because they load.
func add(manifest *etl.Manifest, reason sql.NullString, records int64) {
	if reason.Valid {
		manifest.RowsRejected += records
		manifest.Reasons[reason.String] = records
	} else {
		manifest.RowsLoaded = records
	}
	manifest.RowsRead = manifest.RowsLoaded + manifest.RowsRejected
	manifest.RejectRatio = manifest.FaultRatio()
}

// Where in an output directory the files are.
const (
	rejectsDir  = "rejects"
	rowsFile    = etl.RowsDir + "part-00000.parquet"
	rejectsFile = rejectsDir + "/part-00000.json"
)

// rows are the columns to load, but for the load that they are of, which stands behind them: see etl.StagedColumns.
func (a Args) rows() string {
	return strings.Join(etl.Table{Columns: a.Dataset.RowColumns()}.ColumnNames(), ", ")
}

// write puts everything into the output directory, the manifest last.
func (j *job) write(ctx context.Context, manifest *etl.Manifest) error {
	rows := "SELECT " + j.args.rows() + ", " + literal(j.args.LoadID) + " AS load_id FROM checked WHERE reason IS NULL"
	if err := j.copy(ctx, rows, rowsFile, "FORMAT PARQUET"); err != nil {
		return fmt.Errorf("load %s: rows: %w", j.args.Source.Key, err)
	}
	manifest.Files = []string{rowsFile}
	manifest.RejectFiles = []string{}
	if manifest.RowsRejected > 0 {
		if err := j.copy(ctx, "SELECT * FROM ("+j.args.SQL["rejects.sql"]+") ORDER BY line", rejectsFile, "FORMAT JSON"); err != nil {
			return j.failed("rejects.sql", err)
		}
		manifest.RejectFiles = []string{rejectsFile}
	}
	return WriteManifest(j.args.Output, *manifest)
}

// WriteManifest writes the object that ends a load's output into its directory.
func WriteManifest(dir string, m etl.Manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, etl.ManifestFile), append(text, '\n'), 0o644)
}

// copy writes a query's rows to a file under the output directory.
func (j *job) copy(ctx context.Context, query, file, format string) error {
	path := filepath.Join(j.args.Output, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return j.exec(ctx, "COPY ("+query+"\n) TO "+literal(path)+" ("+format+")")
}

func (j *job) exec(ctx context.Context, statement string, values ...any) error {
	_, err := j.conn.ExecContext(ctx, statement, values...)
	return err
}

// failed says which query over which object an error is of.
func (j *job) failed(query string, err error) error {
	return fmt.Errorf("load %s: %s: %w", j.args.Source.Key, query, err)
}

// literal writes a text of ours, such as a path under our own directories, as SQL.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
