package duckdb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"airline/etl"

	"github.com/duckdb/duckdb-go/v2"
)

// controlDelimiter separates the columns of a file that is to have one: four control characters
// in a row, which no text has (inspection sees to it by the first of them).
const controlDelimiter = "\x01\x02\x03\x04"

// checked makes the table of that name: every record of a raw file with its verdict.
func (j *job) checked(ctx context.Context, dataset etl.Dataset, key, path string) error {
	dir, err := os.MkdirTemp(j.dir, "object-")
	if err != nil {
		return err
	}
	t, err := openText(key, path, dir)
	if err != nil {
		return err
	}
	if err := j.raw(ctx, dataset, t, dir); err != nil {
		return err
	}
	query := string(dataset) + "_checked.sql"
	if err := j.exec(ctx, "CREATE OR REPLACE TABLE checked AS "+j.args.SQL[query]); err != nil {
		return j.failed(query, err)
	}
	// The file's own copy in the database has done its service.
	for _, drop := range []string{"DROP VIEW IF EXISTS " + rawView(dataset), "DROP TABLE IF EXISTS records"} {
		if err := j.exec(ctx, drop); err != nil {
			return err
		}
	}
	return nil
}

// raw makes the view <dataset>_raw: line, record, fault and the contract's columns as texts.
func (j *job) raw(ctx context.Context, dataset etl.Dataset, t *text, dir string) error {
	in, err := t.open()
	if err != nil {
		return fmt.Errorf("%s: %w", t.key, err)
	}
	defer in.Close()
	reader := newRecordReader(in, t.key)
	header, err := reader.next()
	if errors.Is(err, io.EOF) {
		return emptyObject(t.key)
	}
	if err != nil {
		return err
	}
	if header.fault != "" {
		header.fields = []string{header.text}
	}
	layout, err := dataset.ReadHeader(t.key, header.line, header.fields)
	if err != nil {
		return err
	}
	if t.simple {
		err = j.readLines(ctx, dataset, layout, t, dir)
	} else {
		err = j.appendRecords(ctx, dataset, layout, reader)
	}
	return wrap(t.key, err)
}

// readLines has DuckDB read the lines of a simple text and split them where a query asks for fields.
func (j *job) readLines(ctx context.Context, dataset etl.Dataset, layout etl.Layout, t *text, dir string) error {
	path, err := filepath.Abs(t.path)
	if err != nil {
		return err
	}
	// A name of ours: DuckDB takes *, ? and [ in a name for a pattern.
	link := filepath.Join(dir, "lines.csv")
	if err := os.Symlink(path, link); err != nil {
		return err
	}
	newLine := `\n`
	if t.crlf {
		newLine = `\r\n`
	}
	delimiter := "chr(1) || chr(2) || chr(3) || chr(4)"
	// Nothing is left to the reader's own detection. A null is what no text has, so none is read.
	read := "CREATE TABLE records AS SELECT record FROM read_csv(" + literal(link) + ", columns = {'record': 'VARCHAR'}, auto_detect = false," +
		" header = false, delim = " + delimiter + ", nullstr = chr(1), quote = '', escape = '', comment = ''," +
		" new_line = '" + newLine + "', compression = 'none', max_line_size = " + fmt.Sprint(2*etl.MaxRecordBytes) + ")"
	if err := j.exec(ctx, read); err != nil {
		return err
	}
	// Rows are numbered in the file's order, from 0; the header is the first line.
	var columns strings.Builder
	for i, name := range rawColumns(dataset) {
		fmt.Fprintf(&columns, ", field[%d] AS %s", layout.Positions[i]+1, name)
	}
	return j.exec(ctx, fmt.Sprintf("CREATE VIEW %s AS SELECT line, record, CASE WHEN len(field) <> %d THEN '%s' END AS fault%s"+
		" FROM (SELECT rowid + 1 AS line, record, split(record, ',') AS field FROM records WHERE rowid > 0)",
		rawView(dataset), layout.Fields, faultRagged, columns.String()))
}

// appendRecords reads what DuckDB's reader would not read as the contract means it: quotes, blank
// lines, mixed line ends.
func (j *job) appendRecords(ctx context.Context, dataset etl.Dataset, layout etl.Layout, reader *recordReader) error {
	names := rawColumns(dataset)
	if err := j.exec(ctx, "CREATE TABLE records (line BIGINT, record VARCHAR, fault VARCHAR, "+strings.Join(names, " VARCHAR, ")+" VARCHAR)"); err != nil {
		return err
	}
	if err := j.exec(ctx, "CREATE VIEW "+rawView(dataset)+" AS SELECT * FROM records"); err != nil {
		return err
	}
	return j.conn.Raw(func(c any) error {
		conn, ok := c.(driver.Conn)
		if !ok {
			return fmt.Errorf("the database driver's connection is a %T", c)
		}
		appender, err := duckdb.NewAppenderFromConn(conn, "", "records")
		if err != nil {
			return err
		}
		return errors.Join(appendAll(ctx, appender, layout, reader), appender.Close())
	})
}

func appendAll(ctx context.Context, appender *duckdb.Appender, layout etl.Layout, reader *recordReader) error {
	row := make([]driver.Value, 3+len(layout.Positions))
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		rec, err := reader.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if rec.fault == "" && len(rec.fields) != layout.Fields {
			rec.fault = faultRagged
		}
		clear(row)
		row[0], row[1] = rec.line, rec.text
		if rec.fault != "" {
			row[2] = rec.fault
		} else {
			for i, at := range layout.Positions {
				row[3+i] = rec.fields[at]
			}
		}
		if err := appender.AppendRow(row...); err != nil {
			return err
		}
	}
}

// airports makes the table of that name out of all airports files. One that the contract refuses
// takes no part and is warned of: its own load has failed, and flights need not.
func (j *job) airports(ctx context.Context) (warnings []string, err error) {
	const create = "CREATE TABLE airports_files (airport_id BIGINT, city VARCHAR, state VARCHAR, name VARCHAR, modified TIMESTAMP, source_key VARCHAR)"
	if err := j.exec(ctx, create); err != nil {
		return nil, err
	}
	files := slices.Clone(j.args.Airports)
	slices.SortFunc(files, func(a, b AirportsFile) int { return strings.Compare(a.Key, b.Key) })
	for _, file := range files {
		var refused *etl.RefusedError
		err := j.checked(ctx, etl.Airports, file.Key, file.Path)
		if err == nil {
			refused, err = j.overLimit(ctx, file)
		}
		if refused != nil || errors.As(err, &refused) {
			warnings = append(warnings, "airports without those of "+refused.Error())
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := j.exec(ctx, "INSERT INTO airports_files SELECT airport_id, city, state, name, CAST($1 AS TIMESTAMP), CAST($2 AS VARCHAR) FROM checked WHERE reason IS NULL", file.Modified.UTC(), file.Key); err != nil {
			return nil, fmt.Errorf("load %s: airports of %s: %w", j.args.Source.Key, file.Key, err)
		}
	}
	if err := j.exec(ctx, "CREATE TABLE airports AS "+j.args.SQL["airports_newest.sql"]); err != nil {
		return nil, j.failed("airports_newest.sql", err)
	}
	return warnings, j.enumerate(ctx)
}

// overLimit refuses an airports file, which has just been checked, of which too many rows have a fault.
func (j *job) overLimit(ctx context.Context, file AirportsFile) (*etl.RefusedError, error) {
	if j.args.MaxAirportsRejectRatio == nil {
		return nil, nil
	}
	m := etl.Manifest{Source: etl.Source{Key: file.Key}, Reasons: map[string]int64{}}
	if err := j.count(ctx, &m); err != nil {
		return nil, err
	}
	return etl.TooManyRejects(m, *j.args.MaxAirportsRejectRatio), nil
}

// enumerate turns the airports' texts into enumerations. Their values are the same and so is the
// Parquet, but every flight carries six of them, and a number is copied, joined and written to a
// dictionary page in a fraction of the time that a text takes.
func (j *job) enumerate(ctx context.Context) error {
	for _, column := range []string{"city", "state", "name"} {
		for _, statement := range []string{
			"CREATE TYPE " + column + "_values AS ENUM (SELECT DISTINCT " + column + " FROM airports WHERE " + column + " IS NOT NULL)",
			"ALTER TABLE airports ALTER " + column + " TYPE " + column + "_values",
		} {
			if err := j.exec(ctx, statement); err != nil {
				return fmt.Errorf("airports: %w", err)
			}
		}
	}
	return nil
}

// rawView is the name under which a dataset's query finds the raw file.
func rawView(dataset etl.Dataset) string { return string(dataset) + "_raw" }

// rawColumns are the contract's columns as the queries name them, in the order of RawColumns.
func rawColumns(dataset etl.Dataset) []string {
	if dataset == etl.Flights {
		return []string{"carrier", "origin_airport_id", "dest_airport_id", "dep_delay", "arr_delay"}
	}
	return dataset.RawColumns()
}

// wrap names the object in an error that does not do so itself.
func wrap(key string, err error) error {
	var refused *etl.RefusedError
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("%s: %w", key, err)
}
