package redshiftdata

import (
	"bufio"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/local/redshift/copyfile"
)

// cell is a row's text for one column.
type cell struct {
	text, written string
	position      int
	null          bool
}

// copyRow is a row of an object, with what is wrong with it.
type copyRow struct {
	line  int64
	raw   string
	cells []cell
	err   *redshift.LoadError
}

// errEnough ends a load that has failed.
var errEnough = errors.New("too many rows cannot be loaded")

// copyTexts loads the rows of text files, or of JSON. What is no row of the table's is an error of STL_LOAD_ERRORS; so many as MAXERROR are
// too many.
func (s *session) copyTexts(ctx context.Context, c *copyStatement, target []redshift.Column, objects []object) (outcome, error) {
	if len(objects) == 0 {
		return outcome{}, nil
	}
	lines := objects[0].file + ".lines" // in the directory that DuckDB may read
	defer os.Remove(lines)
	if err := c.writeLines(lines, target, objects); errors.Is(err, errEnough) {
		e := c.failed[len(c.failed)-1]
		return outcome{}, fmt.Errorf("ERROR: Load into table '%s' failed. Check 'sys_load_error_detail' system table for details.\n  Detail: %s, line %d, column %s: %s", c.table.Table, e.File, e.Line, or(e.Column, "-"), e.Reason)
	} else if err != nil {
		return outcome{}, err
	}
	if c.noLoad {
		return outcome{}, nil
	}
	var names, values, types []string
	for _, col := range target {
		quoted := name{Table: col.Name}.Quoted()
		names = append(names, quoted)
		values = append(values, "CAST("+quoted+" AS "+col.Type.Duck()+")")
		types = append(types, quoted+": 'VARCHAR'")
	}
	done, err := s.tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM read_json('%s', format = 'newline_delimited', maximum_object_size = %d, columns = {%s})",
		c.table.Quoted(), strings.Join(names, ", "), strings.Join(values, ", "), escaped(lines), 4*copyfile.MaxRow, strings.Join(types, ", ")))
	if err != nil {
		return outcome{}, redshift.DuckError(err)
	}
	n, err := done.RowsAffected()
	return outcome{rows: n}, err
}

// writeLines brings the rows of all objects into one file, a row a line, as texts that DuckDB casts to the columns' types.
func (c *copyStatement) writeLines(path string, target []redshift.Column, objects []object) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriter(f)
	for _, o := range objects {
		if err := c.eachRow(o, target, func(r copyRow) error {
			line, failed := c.converted(r, target, o)
			if failed == nil {
				_, err := out.Write(line)
				return err
			}
			if c.failed = append(c.failed, *failed); len(c.failed) >= max(c.maxErrors, 1) {
				return errEnough
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return out.Flush()
}

// converted is a row as a line, or why it cannot be loaded.
func (c *copyStatement) converted(r copyRow, target []redshift.Column, o object) ([]byte, *catalog.LoadError) {
	wrong := func(err *redshift.LoadError) *catalog.LoadError {
		return &catalog.LoadError{File: o.uri(), Line: r.line, Raw: r.raw, Code: err.Code, Reason: err.Reason}
	}
	if r.err != nil {
		return nil, wrong(r.err)
	}
	row := make(map[string]any, len(target))
	for i, col := range target {
		x := cell{null: true}
		if i < len(r.cells) {
			x = r.cells[i]
		} else if col.Type.Kind == redshift.Varchar { // FILLRECORD
			x = cell{}
		}
		var text string
		null, err := x.null, (*redshift.LoadError)(nil)
		if !null {
			text, null, err = c.conversion.Value(x.text, x.written, col)
		} else if col.NotNull {
			err = redshift.MissingData
		}
		switch {
		case err != nil:
			e := wrong(err)
			e.Column, e.Type, e.Position, e.Value = col.Name, col.Type.Internal(), x.position, x.text
			if col.Type.Length > 0 {
				e.Length = fmt.Sprint(col.Type.Length)
			}
			return nil, e
		case null:
			row[col.Name] = nil
		default:
			row[col.Name] = text
		}
	}
	line, err := json.Marshal(row)
	if err != nil { // texts always have JSON
		return nil, wrong(&redshift.LoadError{Code: 1200, Reason: err.Error()})
	}
	return append(line, '\n'), nil
}

// uri is the object's place.
func (o object) uri() string { return "s3://" + o.bucket + "/" + o.key }

// eachRow reads the rows of an object.
func (c *copyStatement) eachRow(o object, target []redshift.Column, each func(copyRow) error) error {
	f, err := os.Open(o.file)
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = f
	switch c.compression {
	case "gzip":
		if in, err = gzip.NewReader(bufio.NewReader(f)); err != nil {
			return fmt.Errorf("ERROR: %s is not a GZIP file: %w", o.uri(), err)
		}
	case "bzip2":
		in = bzip2.NewReader(bufio.NewReader(f))
	}
	if c.format == "json" {
		return c.eachObject(in, target, each)
	}
	r := copyfile.NewReader(in, c.file)
	for r.Next() {
		if err := each(c.delimited(r, len(target))); err != nil {
			return err
		}
	}
	if err := r.Close(); err != nil {
		return fmt.Errorf("ERROR: reading %s: %w", o.uri(), err)
	}
	return nil
}

// delimited is a row of a text file. Behind the last field there may be a delimiter, but not in CSV.
func (c *copyStatement) delimited(r *copyfile.Reader, columns int) copyRow {
	row := copyRow{line: r.Line, raw: r.Raw}
	if r.Err != nil {
		row.err = &redshift.LoadError{Code: 1216, Reason: r.Err.Error()}
		return row
	}
	fields := r.Fields
	if n := len(fields); !c.file.CSV && n == columns+1 && fields[n-1].Written == "" {
		fields = fields[:n-1]
	}
	switch {
	case len(fields) > columns:
		row.err = redshift.ExtraFields
	case len(fields) < columns && !c.fill:
		row.err = redshift.MissingField
	}
	for _, f := range fields {
		row.cells = append(row.cells, cell{text: f.Text, written: f.Written, position: f.Position})
	}
	return row
}
