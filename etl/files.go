package etl

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"testing/fstest"
)

// written are the files that somebody wrote: the script and its modules under job/, and what all datasets share under sql/.
//
//go:embed job/*.py sql/counts.sql sql/rejects.sql
var written embed.FS

// Files holds what the stack uploads beside the Glue job: the script and its modules under job/ and the transform under sql/, with the contract as the
// script reads it. Infrastructure uploads them under the same names. The queries of each dataset and the contract are generated from the
// declarations; the copies under etl/sql are for readers and reviews.
var Files fs.FS = uploaded{}

// uploaded are all files, made when the first is opened.
type uploaded struct{}

var allFiles = sync.OnceValues(makeFiles)

func makeFiles() (fs.FS, error) {
	files := fstest.MapFS{}
	err := fs.WalkDir(written, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(written, name)
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		return nil, err
	}
	texts, err := Generated()
	for name, text := range texts {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files, err
}

// Open opens a file or a directory.
func (uploaded) Open(name string) (fs.File, error) {
	files, err := allFiles()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return files.Open(name)
}

// Generated are the files that are made from the declarations, by name: the queries of each dataset, and the contract. The error says all that
// is wrong with the declarations.
func Generated() (map[string]string, error) {
	var wrong []error
	for _, d := range declarations {
		wrong = append(wrong, d.Check())
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	contract, err := ContractJSON()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ContractFile, err)
	}
	files := map[string]string{"sql/" + ContractFile: string(contract)}
	for _, d := range declarations {
		for name, query := range d.queries() {
			files["sql/"+name] = query()
		}
	}
	return files, nil
}

// The names of the queries of a dataset.
func (d Dataset) CheckedQuery() string { return string(d) + "_checked.sql" } // judges each record
func (d Dataset) DaysQuery() string    { return string(d) + "_days.sql" }    // gives records their days
func (d Dataset) CodesQuery() string   { return string(d) + "_codes.sql" }   // gives records keys in the place of codes
func (d Dataset) NewestQuery() string  { return string(d) + "_newest.sql" }  // is what others are joined with

// queries make the dataset's queries, by file name.
func (d Declaration) queries() map[string]func() string {
	all := map[string]func() string{d.Name.CheckedQuery(): d.checkedQuery}
	if len(d.Days) > 0 {
		all[d.Name.DaysQuery()] = d.daysQuery
	}
	if len(d.Name.Raw().Codes) > 0 {
		all[d.Name.CodesQuery()] = d.codesQuery
	}
	if slices.ContainsFunc(declarations, func(o Declaration) bool { return slices.Contains(o.Name.Joined(), d.Name) }) {
		all[d.Name.NewestQuery()] = d.newestQuery
	}
	return all
}

// Queries are the SQL files that loading the dataset takes, in order; those of the datasets that it is joined with are among them.
func (d Dataset) Queries() []string {
	names := []string{"counts.sql", "rejects.sql"}
	for _, one := range append(d.Joined(), d) {
		names = slices.AppendSeq(names, maps.Keys(one.declared().queries()))
	}
	slices.Sort(names)
	return names
}

// The job's scripts among Files: for Spark, and for DuckDB on one small machine. JobModules is a pattern of the modules that they import.
const (
	JobScript      = "job/ingest.py"
	SmallJobScript = "job/ingest_duckdb.py"
	JobModules     = "job/airline_*.py"
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
