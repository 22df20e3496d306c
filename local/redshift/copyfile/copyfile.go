// Package copyfile reads the text files that Redshift's COPY takes: fields between delimiters, with or without quotes
// ("COPY", Data format parameters, Database Developer Guide).
//
//	r := copyfile.NewReader(file, copyfile.Format{Delimiter: ",", CSV: true, Quote: '"'})
//	for r.Next() {
//		fmt.Println(r.Line, r.Fields, r.Err)
//	}
//	err := r.Close()
package copyfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Format tells how a file is to be read.
type Format struct {
	Delimiter string
	// CSV has fields in quotes, in which a quote is doubled, and line breaks and delimiters are themselves.
	CSV   bool
	Quote byte
	// Escape has a backslash before what stands for itself; RemoveQuotes takes away quotes around a field. Neither goes with CSV.
	Escape, RemoveQuotes bool
	// Header is how many lines are passed over at the beginning.
	Header int
	// NoBlankLines passes over lines without anything.
	NoBlankLines bool
}

// MaxRow is the longest row, in bytes: 4 MB ("COPY").
const MaxRow = 4 << 20

// What is wrong with a line. The next line is read all the same.
var (
	ErrQuote  = errors.New("Invalid quote formatting for CSV")
	ErrClosed = errors.New("Delimiter not found: a quotation mark is not closed")
	ErrLong   = errors.New("Row too long: a row has at most 4 MB")
)

// Field is a field of a row.
type Field struct {
	Text string
	// Written is the field as it stands in the file, before an escape or quotes were taken away; NULL is told by it.
	Written string
	// Position is where it begins in its line, in bytes from 0.
	Position int
}

// Reader reads rows.
type Reader struct {
	// Line is the number of the row's first line, from 1; Raw its text.
	Line   int64
	Raw    string
	Fields []Field
	// Err is what is wrong with the row; nil: nothing.
	Err error

	format Format
	in     *bufio.Reader
	lines  int64
	raw    bytes.Buffer
	failed error
}

// NewReader reads rows from in.
func NewReader(in io.Reader, f Format) *Reader {
	return &Reader{format: f, in: bufio.NewReaderSize(in, 1<<16)}
}

// Next reads the next row; it is false at the end, or when the file cannot be read.
func (r *Reader) Next() bool {
	for {
		if !r.row() {
			return false
		}
		switch {
		case r.format.Header > 0:
			r.format.Header--
		case r.format.NoBlankLines && r.Raw == "":
		default:
			return true
		}
	}
}

// Close tells why the file could not be read to its end.
func (r *Reader) Close() error { return r.failed }

// row reads one row. Those of the header are lines, whatever is in them.
func (r *Reader) row() bool {
	r.raw.Reset()
	r.Fields, r.Err, r.Line = r.Fields[:0], nil, r.lines+1
	if !r.line() {
		return false
	}
	if r.format.Header > 0 {
		r.Raw = r.raw.String()
		return true
	}
	at := 0
	for {
		next, ok := r.field(at)
		if !ok {
			break
		}
		at = next
	}
	r.Raw = r.raw.String()
	if r.Err == nil && len(r.Raw) > MaxRow {
		r.Err = ErrLong
	}
	return true
}

// line reads one more line into the row; without its line break.
func (r *Reader) line() bool {
	before := r.raw.Len()
	for {
		part, err := r.in.ReadSlice('\n')
		if r.raw.Len() <= MaxRow+2 { // what is longer is passed over
			r.raw.Write(part)
		}
		switch {
		case err == nil:
			r.raw.Truncate(before + len(bytes.TrimSuffix(bytes.TrimSuffix(r.raw.Bytes()[before:], []byte("\n")), []byte("\r"))))
			r.lines++
			return true
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			if r.raw.Len() == before {
				return false
			}
			r.lines++
			return true
		default:
			r.failed = err
			return false
		}
	}
}

// more reads the next line, which goes on with the row.
func (r *Reader) more() bool {
	r.raw.WriteByte('\n')
	if r.raw.Len() <= MaxRow && r.line() {
		return true
	}
	r.raw.Truncate(r.raw.Len() - 1)
	return false
}

// field reads the field at a place, and gives the place behind its delimiter; ok is false behind the last one.
func (r *Reader) field(at int) (next int, ok bool) {
	first := byte(0)
	if b := r.raw.Bytes(); at < len(b) {
		first = b[at]
	}
	switch {
	case r.format.CSV && first == r.format.Quote:
		return r.quoted(at)
	case !r.format.CSV && r.format.RemoveQuotes && (first == '"' || first == '\''):
		return r.unquoted(at, first)
	}
	var text []byte
	for i := at; ; i++ {
		b := r.raw.Bytes()
		switch {
		case i >= len(b):
			r.add(text, at, i)
			return i, false
		case r.delimits(i):
			r.add(text, at, i)
			return i + len(r.format.Delimiter), true
		case r.format.Escape && b[i] == '\\':
			if i++; i < len(b) {
				text = append(text, b[i])
			} else if r.more() { // of the line break
				text = append(text, '\n')
				i = len(b)
			}
			continue
		case r.format.CSV && b[i] == r.format.Quote:
			r.Err = ErrQuote
			return 0, false
		}
		text = append(text, b[i])
	}
}

// quoted reads a field of CSV in quotes.
func (r *Reader) quoted(at int) (next int, ok bool) {
	var text []byte
	for i := at + 1; ; i++ {
		b := r.raw.Bytes()
		switch {
		case i >= len(b):
			if !r.more() {
				r.Err = ErrQuote
				return 0, false
			}
			text = append(text, '\n')
			continue
		case b[i] != r.format.Quote:
			text = append(text, b[i])
			continue
		case i+1 < len(b) && b[i+1] == r.format.Quote:
			text = append(text, r.format.Quote)
			i++
			continue
		}
		i++
		switch {
		case i >= len(b):
			r.add(text, at, i)
			return i, false
		case r.delimits(i):
			r.add(text, at, i)
			return i + len(r.format.Delimiter), true
		}
		r.Err = ErrQuote
		return 0, false
	}
}

// unquoted reads a field of which the quotes around it are taken away: the last one stands before the delimiter.
func (r *Reader) unquoted(at int, quote byte) (next int, ok bool) {
	var text []byte
	for i := at + 1; ; i++ {
		b := r.raw.Bytes()
		switch {
		case i >= len(b):
			if !r.more() {
				r.Err = ErrClosed
				return 0, false
			}
			text = append(text, '\n')
			continue
		case r.format.Escape && b[i] == '\\' && i+1 < len(b):
			i++
			text = append(text, b[i])
			continue
		case b[i] == quote && i+1 == len(b):
			r.add(text, at, i+1)
			return i + 1, false
		case b[i] == quote && r.delimits(i+1):
			r.add(text, at, i+1)
			return i + 1 + len(r.format.Delimiter), true
		}
		text = append(text, b[i])
	}
}

func (r *Reader) delimits(i int) bool {
	return bytes.HasPrefix(r.raw.Bytes()[i:], []byte(r.format.Delimiter))
}

func (r *Reader) add(text []byte, from, to int) {
	r.Fields = append(r.Fields, Field{Text: string(text), Written: string(r.raw.Bytes()[from:to]), Position: from})
}
