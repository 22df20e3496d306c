package duckdb_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/generate"
	"airline/etl/samples"
)

// What is made of a declaration loads, all of it: of the project's datasets, and of those that no code knows.
func TestGeneratedFilesLoad(t *testing.T) {
	var declared []etl.Declaration
	for _, d := range samples.Declarations() {
		declared = append(declared, d.Declaration)
	}
	restore, err := etl.Try(declared...)
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	made := func(d etl.Dataset) string {
		var text bytes.Buffer
		if err := generate.Declared(&text, d, 1, 500); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, string(d)+".csv")
		if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, d := range etl.Datasets() {
		args := duckdb.Args{Dataset: d, Source: etl.Source{Bucket: "b", Key: d.Folder(time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)) + "f.csv", Version: "v"}, LoadID: "id",
			Object: made(d), SQL: queries, Output: filepath.Join(dir, "output", string(d))}
		for _, with := range d.Joined() {
			args.Joined = append(args.Joined, duckdb.JoinedFile{Key: with.Prefix() + "f.csv", Path: made(with)})
		}
		m, err := duckdb.Run(t.Context(), args)
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		want := int64(500)
		if d.Merged() {
			want = 200
		}
		if m.RowsLoaded != want || m.RowsRejected != 0 {
			t.Errorf("%s: %d rows loaded of %d: %v", d, m.RowsLoaded, want, m.Reasons)
		}
	}
	if err := generate.Declared(&bytes.Buffer{}, "trains", 1, 1); err == nil {
		t.Error("a file of an unknown dataset was made")
	}
}
