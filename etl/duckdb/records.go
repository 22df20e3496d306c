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

// recordReader splits text into records as RFC 4180 has it: a quote opens a field only at the
// field's start, is doubled inside, and must be followed by a comma or the line's end. A line that
// breaks these rules is a faulty record of its own, so that one stray quote does not swallow its
// neighbours. Lines end in LF or CRLF; blank lines are none.
type recordReader struct {
	in   *bufio.Reader
	key  string
	line int64 // lines read so far
}

func newRecordReader(in io.Reader, key string) *recordReader {
	return &recordReader{in: bufio.NewReaderSize(in, 1<<16), key: key}
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
			return record{}, tooLong(r.key, line)
		}
		end := trimCR(text)
		if len(end) == 0 {
			continue
		}
		fields, state := split(end)
		if state == openQuote {
			text, err = r.readContinuation(text, line)
			if err != nil {
				return record{}, err
			}
			end = trimCR(text)
			fields, state = split(end)
		}
		rec := record{line: line, text: string(end)}
		if state == balanced {
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
			return nil, &etl.RefusedError{Key: r.key, Line: line, Code: etl.RefusedQuote,
				What: "a quoted field begins here and never ends, so the rows after it cannot be told apart",
				Mend: "close the quote, or double it if it is meant"}
		}
		if err != nil {
			return nil, err
		}
		if len(text) > etl.MaxRecordBytes {
			return nil, tooLong(r.key, line)
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
			return nil, tooLong(r.key, r.line+1)
		}
	}
}

func tooLong(key string, line int64) error {
	return &etl.RefusedError{Key: key, Line: line, Code: etl.RefusedLongRecord,
		What: "the record that begins here is longer than 1 MiB",
		Mend: "look for a quote that is not closed, or for another kind of file under this name"}
}

func trimCR(line []byte) []byte { return bytes.TrimSuffix(line, []byte{'\r'}) }

// quoting says how a text's quotes ended.
type quoting int

const (
	balanced quoting = iota
	openQuote
	malformed
)

// split takes a record apart at its commas and removes its quotes.
func split(text []byte) ([]string, quoting) {
	fields := make([]string, 0, 8)
	for {
		if len(text) == 0 || text[0] != '"' {
			end := bytes.IndexByte(text, ',')
			field := text
			if end >= 0 {
				field = text[:end]
			}
			if bytes.IndexByte(field, '"') >= 0 {
				return nil, malformed
			}
			fields = append(fields, string(field))
			if end < 0 {
				return fields, balanced
			}
			text = text[end+1:]
			continue
		}
		field, rest, state := unquote(text[1:])
		if state != balanced {
			return nil, state
		}
		fields = append(fields, field)
		if len(rest) == 0 {
			return fields, balanced
		}
		if rest[0] != ',' {
			return nil, malformed
		}
		text = rest[1:]
	}
}

// unquote reads a quoted field after its opening quote; rest begins after the closing one.
func unquote(text []byte) (field string, rest []byte, state quoting) {
	var value []byte
	for {
		quote := bytes.IndexByte(text, '"')
		if quote < 0 {
			return "", nil, openQuote
		}
		value = append(value, text[:quote]...)
		text = text[quote+1:]
		if len(text) == 0 || text[0] != '"' {
			return string(value), text, balanced
		}
		value = append(value, '"')
		text = text[1:]
	}
}
