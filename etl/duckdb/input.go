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
	"time"

	"airline/etl"

	"github.com/duckdb/duckdb-go/v2"
)

// controlDelimiter separates the columns of a file that is to have one: four control characters
// in a row, which no text has (inspection sees to it by the first of them).
const controlDelimiter = "\x01\x02\x03\x04"

// checked makes the table of that name: every record of a raw file with its verdict.
func (j *job) checked(ctx context.Context, dataset etl.Dataset, key, path string) (etl.Layout, error) {
	days := etl.Days{}
	if dataset.Dated() {
		days = j.days
	}
	layout, err := ReadHead(dataset, key, path, days)
	if err != nil {
		return layout, err
	}
	t, err := openText(key, path, j.dir, dataset.Format())
	if err != nil {
		return layout, err
	}
	defer t.close()
	steps := chain(dataset, layout)
	if err := j.raw(ctx, dataset, steps[0].view, layout, t); err != nil {
		return layout, err
	}
	if len(layout.Day) > 0 {
		if err := j.spellDays(ctx); err != nil {
			return layout, err
		}
	}
	return layout, j.judge(ctx, steps, "checked")
}

// judge makes a table of the verdicts: it executes all steps but the first, of which there is the view. The records go.
func (j *job) judge(ctx context.Context, steps []step, into string) error {
	for i, step := range steps[1:] {
		create := "CREATE VIEW " + step.view + " AS "
		if i == len(steps)-2 {
			create = "CREATE OR REPLACE TABLE " + into + " AS "
		}
		if err := j.exec(ctx, create+j.args.SQL[step.query]); err != nil {
			return j.failed(step.query, err)
		}
	}
	// The file's own copy in the database has done its service.
	for _, step := range slices.Backward(steps[:len(steps)-1]) {
		if err := j.exec(ctx, "DROP VIEW "+step.view); err != nil {
			return err
		}
	}
	return j.exec(ctx, "DROP TABLE records")
}

// step is a query and the view that its answer becomes, which the next one reads.
type step struct{ query, view string }

// chain are the queries that make records into verdicts: the first is the file's own, and files that say less need fewer.
func chain(dataset etl.Dataset, layout etl.Layout) []step {
	raw := string(dataset) + "_raw"
	steps := []step{{view: raw}}
	if layout.Coded {
		steps = append([]step{{view: string(dataset) + "_dated"}}, step{dataset.CodesQuery(), raw})
	}
	if len(layout.Day) > 0 {
		steps[0].query = dataset.DaysQuery()
		steps = append([]step{{view: string(dataset) + "_split"}}, steps...)
	}
	return append(steps, step{dataset.CheckedQuery(), "checked"})
}

// spellDays makes the table days: what a row may say of the days of the key.
func (j *job) spellDays(ctx context.Context) error {
	if err := j.exec(ctx, "CREATE OR REPLACE TABLE days (text VARCHAR, "+j.args.Dataset.DateColumn()+" DATE)"); err != nil {
		return err
	}
	for _, s := range j.days.Spellings() {
		if err := j.exec(ctx, "INSERT INTO days VALUES ($1, $2)", s.Text, s.Day); err != nil {
			return err
		}
	}
	return nil
}

// raw makes the view of that name: line, record, fault, the contract's columns as texts, and the day of each row.
func (j *job) raw(ctx context.Context, dataset etl.Dataset, view string, layout etl.Layout, t *text) error {
	in, err := t.open()
	if err != nil {
		return fmt.Errorf("%s: %w", t.key, err)
	}
	defer in.Close()
	reader := newRecordReader(in, t.key, dataset.Format())
	if _, err := reader.next(); err != nil { // the header
		return wrap(t.key, err)
	}
	if t.simple {
		err = j.readLines(ctx, dataset, view, layout, t)
	} else {
		err = j.appendRecords(ctx, dataset, view, layout, reader)
	}
	return wrap(t.key, err)
}

// oneDay is the column of the day, in dated files that do not name their rows' days.
func (j *job) oneDay(dataset etl.Dataset, layout etl.Layout) string {
	if !dataset.Dated() || len(layout.Day) > 0 {
		return ""
	}
	return ", DATE " + literal(j.days.First.Format(time.DateOnly)) + " AS " + dataset.DateColumn()
}

// readLines has DuckDB read the lines of a simple text and split them where a query asks for fields.
func (j *job) readLines(ctx context.Context, dataset etl.Dataset, view string, layout etl.Layout, t *text) error {
	path, err := filepath.Abs(t.path)
	if err != nil {
		return err
	}
	if strings.ContainsAny(path, "*?[") { // DuckDB takes it for a pattern
		link := filepath.Join(j.dir, "lines.csv")
		if err := os.Symlink(path, link); err != nil {
			return err
		}
		defer os.Remove(link)
		path = link
	}
	newLine := `\n`
	if t.crlf {
		newLine = `\r\n`
	}
	delimiter := "chr(1) || chr(2) || chr(3) || chr(4)"
	// Nothing is left to the reader's own detection. A null is what no text has, so none is read.
	read := "CREATE TABLE records AS SELECT record FROM read_csv(" + literal(path) + ", columns = {'record': 'VARCHAR'}, auto_detect = false," +
		" header = false, delim = " + delimiter + ", nullstr = chr(1), quote = '', escape = '', comment = ''," +
		" new_line = '" + newLine + "', compression = 'none', max_line_size = " + fmt.Sprint(2*etl.MaxRecordBytes) + ")"
	if err := j.exec(ctx, read); err != nil {
		return err
	}
	var columns strings.Builder
	for _, field := range fields(dataset, layout) {
		texts := make([]string, len(field.at))
		for i, at := range field.at {
			texts[i] = fmt.Sprintf("field[%d]", at+1)
			switch {
			case t.blanks && field.text:
				texts[i] = "trim(" + texts[i] + ", " + literal(etl.Blanks()) + ")"
			case t.blanks:
				texts[i] = "trim(" + texts[i] + ", ' ' || chr(9))"
			}
		}
		value := "NULL::VARCHAR"
		if len(texts) > 0 {
			value = strings.Join(texts, " || '-' || ")
		}
		fmt.Fprintf(&columns, ", %s AS %s", value, field.name)
	}
	// Rows are numbered in the file's order, from 0; the header is the first line.
	return j.exec(ctx, fmt.Sprintf("CREATE VIEW %s AS SELECT line, record, CASE WHEN len(field) <> %d THEN '%s' END AS fault%s%s"+
		" FROM (SELECT rowid + 1 AS line, record, split(record, %s) AS field FROM records WHERE rowid > 0)",
		view, layout.Fields, faultRagged, columns.String(), j.oneDay(dataset, layout), literal(dataset.Format().Delimiter)))
}

// field is a column of the first view: the fields of a record that it is made of, several joined by "-", none for NULL.
type field struct {
	name string
	at   []int
	text bool // free of all blanks around it: see etl.RawColumn
}

func fields(dataset etl.Dataset, layout etl.Layout) []field {
	form := dataset.Raw()
	var all []field
	for i, c := range form.Columns {
		all = append(all, field{c.As, layout.Positions[i : i+1], c.Text})
	}
	for i, c := range form.Optional {
		f := field{name: c.As, text: c.Text}
		if layout.Optional[i] >= 0 {
			f.at = layout.Optional[i : i+1]
		}
		all = append(all, f)
	}
	if len(layout.Day) > 0 {
		all = append(all, field{name: "day", at: layout.Day})
	}
	return all
}

// appendRecords reads what DuckDB's reader would not read as the contract means it: quotes, blank
// lines, mixed line ends.
func (j *job) appendRecords(ctx context.Context, dataset etl.Dataset, view string, layout etl.Layout, reader *recordReader) error {
	columns := fields(dataset, layout)
	if err := j.exec(ctx, "CREATE TABLE records ("+recordColumns(columns)+")"); err != nil {
		return err
	}
	if err := j.exec(ctx, "CREATE VIEW "+view+" AS SELECT *"+j.oneDay(dataset, layout)+" FROM records"); err != nil {
		return err
	}
	return j.append(func(appender *duckdb.Appender) error {
		row := make([]driver.Value, 3+len(columns))
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
			rec.put(row, columns, layout.Fields)
			if err := appender.AppendRow(row...); err != nil {
				return err
			}
		}
	})
}

// recordColumns are the columns of the table records.
func recordColumns(columns []field) string {
	text := "line BIGINT, record VARCHAR, fault VARCHAR"
	for _, c := range columns {
		text += ", " + c.name + " VARCHAR"
	}
	return text
}

// append adds rows to the table records.
func (j *job) append(rows func(*duckdb.Appender) error) error {
	return j.conn.Raw(func(c any) error {
		conn, ok := c.(driver.Conn)
		if !ok {
			return fmt.Errorf("the database driver's connection is a %T", c)
		}
		appender, err := duckdb.NewAppenderFromConn(conn, "", "records")
		if err != nil {
			return err
		}
		return errors.Join(rows(appender), appender.Close())
	})
}

// put makes a row of the table records of one of a file whose records have so many fields.
func (r record) put(row []driver.Value, columns []field, width int) {
	if r.fault == "" && len(r.fields) != width {
		r.fault = faultRagged
	}
	clear(row)
	row[0], row[1] = r.line, r.text
	if r.fault != "" {
		row[2] = r.fault
		return
	}
	for i, c := range columns {
		row[3+i] = c.value(r.fields)
	}
}

// value is the column's text in a record, nil for NULL.
func (f field) value(record []string) driver.Value {
	switch len(f.at) {
	case 0:
		return nil
	case 1:
		if f.text {
			return strings.Trim(record[f.at[0]], etl.Blanks())
		}
		return trimmed(record[f.at[0]])
	}
	texts := make([]string, len(f.at))
	for i, at := range f.at {
		texts[i] = trimmed(record[at])
	}
	return strings.Join(texts, "-")
}

// trimmed is a text without the blanks around it, like the names of a header.
func trimmed(text string) string { return strings.Trim(text, " \t") }

// wrap names the object in an error that does not do so itself.
func wrap(key string, err error) error {
	var refused *etl.RefusedError
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("%s: %w", key, err)
}
