package duckdb

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"airline/etl"
)

// record is one record of a raw file: usually a line, more where a quoted field has line breaks.
type record struct {
	line   int64    // where it starts, from 1
	text   string   // as it stood, without the line end
	fields []string // unquoted; nil when there is a fault
	fault  string   // why it could not be split, or ""
}

// The faults of single records, as the manifest counts them.
const (
	faultQuotes = "malformed quotes"
	faultRagged = "ragged row"
)

// recordReader splits text into records by the rules of etl.SplitRecord and a format. A line that
// breaks these rules is a faulty record of its own, so that one stray quote does not swallow its
// neighbours. Lines end in LF or CRLF; blank lines are none.
type recordReader struct {
	in   *bufio.Reader
	key  string
	line int64 // lines read so far

	format etl.Format
}

func newRecordReader(in io.Reader, key string, format etl.Format) *recordReader {
	return &recordReader{in: bufio.NewReaderSize(in, 1<<16), key: key, format: format}
}

// next returns io.EOF after the last record.
func (r *recordReader) next() (record, error) {
	for {
		text, err := r.readLine(nil)
		if err != nil {
			return record{}, err
		}
		line := r.line
		if len(text) > etl.MaxRecordBytes {
			return record{}, etl.Refuse("too long", r.key, line)
		}
		end := trimCR(text)
		if len(end) == 0 || r.format.Comments(end) {
			continue
		}
		fields, state := r.format.Split(end)
		if state == etl.OpenQuote {
			text, err = r.readContinuation(text, line)
			if err != nil {
				return record{}, err
			}
			end = trimCR(text)
			fields, state = r.format.Split(end)
		}
		rec := record{line: line, text: string(end)}
		if state == etl.Balanced {
			rec.fields = fields
		} else {
			rec.fault = faultQuotes
		}
		return rec, nil
	}
}

// readContinuation reads on until the quotes of a record that began on the given line are even.
func (r *recordReader) readContinuation(text []byte, line int64) ([]byte, error) {
	for {
		text = append(text, '\n')
		begin := len(text)
		var err error
		text, err = r.readLine(text)
		if errors.Is(err, io.EOF) {
			return nil, etl.Refuse("unclosed quote", r.key, line)
		}
		if err != nil {
			return nil, err
		}
		if len(text) > etl.MaxRecordBytes {
			return nil, etl.Refuse("too long", r.key, line)
		}
		if bytes.Count(text[begin:], []byte{'"'})%2 == 1 {
			return text, nil
		}
	}
}

// readLine appends the next line, without its LF, to text.
func (r *recordReader) readLine(text []byte) ([]byte, error) {
	begin := len(text)
	for {
		part, err := r.in.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case err == nil:
			r.line++
			return text[:len(text)-1], nil
		case errors.Is(err, io.EOF) && len(text) > begin:
			r.line++
			return text, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return text, err
		case len(text)-begin > etl.MaxRecordBytes:
			return nil, etl.Refuse("too long", r.key, r.line+1)
		}
	}
}

func trimCR(line []byte) []byte { return bytes.TrimSuffix(line, []byte{'\r'}) }
