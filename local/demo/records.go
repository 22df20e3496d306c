package demo

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"airline/etl"
)

// recordSplitter reads records as they stand, by the rules of the job: lines, and more of them where a quoted field has line breaks. A quote that
// opens no field joins no lines.
type recordSplitter struct {
	in     *bufio.Reader
	name   string // of the file as people know it
	format etl.Format
	line   int64 // lines read so far
}

// rawRecord is one record.
type rawRecord struct {
	text  []byte // without its line end
	line  int64  // where it begins, from 1
	lines int64
	// fields is how many there are; 0 of a record whose quotes are malformed, and of one without quotes, whose fields nobody has counted.
	fields int
}

// swallows says that a quote has joined lines that are rows of their own: together they make no record of so many fields, or one of those after
// the first is a row by itself.
func (r rawRecord) swallows(fields int, column days) bool {
	if r.lines == 1 || r.fields != fields {
		return r.lines > 1
	}
	for i, line := range bytes.Split(r.text, []byte{'\n'}) {
		if i == 0 {
			continue
		}
		bare := bytes.ReplaceAll(line, []byte{'"'}, nil)
		if _, day := column.day(bare); day && bytes.Count(bare, []byte(","))+1 == fields {
			return true
		}
	}
	return false
}

// next is the record that comes next; io.EOF after the last. Blank lines are none.
func (r *recordSplitter) next() (rawRecord, error) {
	for {
		text, err := r.read()
		if err != nil && len(text) == 0 {
			return rawRecord{}, err
		}
		record := rawRecord{line: r.line, lines: 1}
		if bytes.IndexByte(text, '"') >= 0 {
			fields, state := r.format.Split(bytes.TrimSuffix(text, []byte{'\r'}))
			for odd := false; state == etl.OpenQuote && !odd; record.lines++ {
				more, err := r.read()
				if errors.Is(err, io.EOF) && len(more) == 0 {
					return rawRecord{}, etl.Refuse("unclosed quote", r.name, record.line)
				}
				if err != nil && len(more) == 0 {
					return rawRecord{}, err
				}
				text = append(append(text, '\n'), more...)
				if len(text) > etl.MaxRecordBytes {
					return rawRecord{}, etl.Refuse("too long", r.name, record.line)
				}
				odd = bytes.Count(more, []byte{'"'})%2 == 1
			}
			if record.lines > 1 {
				fields, _ = r.format.Split(bytes.TrimSuffix(text, []byte{'\r'}))
			}
			record.fields = len(fields)
		}
		if record.text = bytes.TrimSuffix(text, []byte{'\r'}); len(record.text) > 0 && !r.format.Comments(record.text) {
			return record, nil
		}
	}
}

// read is the next line without its end.
func (r *recordSplitter) read() ([]byte, error) {
	line, err := r.in.ReadBytes('\n')
	if len(line) > 0 {
		r.line++
	}
	return bytes.TrimSuffix(line, []byte{'\n'}), err
}
