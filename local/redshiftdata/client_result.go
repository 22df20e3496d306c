package redshiftdata

import (
	"bufio"
	"context"
	"encoding/binary"
	"io"
	"os"

	"airline/local/redshift"
	"airline/local/redshift/stream"
	"airline/local/redshift/wire"
)

// openResult is a result that streams from the session's connection. When another statement needs the connection, the rest of it
// goes to a file.
type openResult struct {
	session  *clientSession
	prepared readyStatement
	again    bool // prepared may be kept for the next time
	finished bool
	rows     *stream.Rows
	cancel   context.CancelFunc
	kept     *keptRows
	err      error
	n        int64
	done     func(rows int64, err error) // is told when the rows have been read
}

// prepareToRun makes the connection free.
func (s *clientSession) prepareToRun() error { return s.keep() }

// keep puts the rest of the open result into a file, if there is one.
func (s *clientSession) keep() error {
	o := s.open
	if o == nil {
		return nil
	}
	kept, err := newKeptRows(s.warehouse.staging, o.rows)
	o.kept = kept
	o.finish()
	o.err = err
	return nil // whoever reads the result is told
}

// drop ends the open result.
func (s *clientSession) drop() {
	if s.open != nil {
		s.open.finish()
	}
}

// finish frees the connection.
func (o *openResult) finish() {
	if !o.finished {
		o.finished = true
		o.rows.Close()
		if o.again {
			o.session.putReady(o.prepared)
		} else {
			o.prepared.statement.Close()
		}
	}
	if o.cancel != nil {
		o.cancel()
	}
	if o.session.open == o {
		o.session.open = nil
	}
}

func (o *openResult) Next() bool {
	more := false
	if o.kept != nil {
		more = o.kept.next()
	} else {
		more = o.err == nil && o.rows.Next()
	}
	if more {
		o.n++
	}
	return more
}

func (o *openResult) Null(column int) bool {
	if o.kept != nil {
		return o.kept.cells[column] == nil
	}
	return o.rows.Null(column)
}

func (o *openResult) Text(to []byte, column int) []byte {
	if o.kept != nil {
		return append(to, o.kept.cells[column]...)
	}
	return o.rows.Text(to, column)
}

func (o *openResult) Err() error {
	err := o.err
	switch {
	case err != nil:
	case o.kept != nil:
		err = o.kept.err
	default:
		err = o.rows.Err()
	}
	return clientError(redshift.DuckError(err), "")
}

func (o *openResult) Close() {
	if o.done != nil {
		o.done(o.n, o.Err())
		o.done = nil
	}
	if o.session.open == o {
		o.finish()
	}
	if o.kept != nil {
		o.kept.close()
	}
}

// keptRows are the rows of a result in a file that has no name any more.
type keptRows struct {
	file  *os.File
	in    *bufio.Reader
	cells [][]byte
	err   error
}

// newKeptRows writes what is left of a result. The rows of a column that is null have the length 0, others their length and one.
func newKeptRows(folder string, rows *stream.Rows) (*keptRows, error) {
	file, err := os.CreateTemp(folder, "result-")
	if err != nil {
		return nil, err
	}
	k := &keptRows{file: file, cells: make([][]byte, len(rows.Columns()))}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, err
	}
	out := bufio.NewWriterSize(file, 1<<16)
	var text, length []byte
	for rows.Next() {
		for i := range k.cells {
			if rows.Null(i) {
				text, length = text[:0], binary.AppendUvarint(length[:0], 0)
			} else {
				text = rows.Text(text[:0], i)
				length = binary.AppendUvarint(length[:0], uint64(len(text))+1)
			}
			out.Write(length) // an error comes with Flush
			out.Write(text)
		}
	}
	if err := out.Flush(); err != nil {
		file.Close()
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		file.Close()
		return nil, err
	}
	k.in, k.err = bufio.NewReaderSize(file, 1<<16), rows.Err()
	return k, nil
}

func (k *keptRows) next() bool {
	if k.err != nil || k.in == nil {
		return false
	}
	for i := range k.cells {
		n, err := binary.ReadUvarint(k.in)
		if err == io.EOF && i == 0 {
			return false
		}
		if err == nil && n == 0 {
			k.cells[i] = nil
			continue
		}
		if err == nil {
			k.cells[i] = append(k.cells[i][:0:cap(k.cells[i])], make([]byte, n-1)...)
			if k.cells[i] == nil {
				k.cells[i] = []byte{}
			}
			_, err = io.ReadFull(k.in, k.cells[i])
		}
		if err != nil {
			k.err = err
			return false
		}
	}
	return true
}

func (k *keptRows) close() {
	if k.file != nil {
		k.file.Close()
		k.file, k.in = nil, nil
	}
}

// textRows is a small result that the session makes itself.
type textRows struct {
	rows [][]string
	at   int
}

// newTextRows describes and makes a result of texts.
func newTextRows(rows [][]string) wire.Result { return &textRows{rows: rows, at: -1} }

func textColumns(names ...string) []wire.Column {
	var all []wire.Column
	for _, n := range names {
		all = append(all, wire.Column{Name: n, Type: wire.OIDVarchar, Size: -1, Modifier: -1})
	}
	return all
}

func (r *textRows) Next() bool { r.at++; return r.at < len(r.rows) }
func (r *textRows) Null(int) bool {
	return false
}
func (r *textRows) Text(to []byte, column int) []byte { return append(to, r.rows[r.at][column]...) }
func (r *textRows) Err() error                        { return nil }
func (r *textRows) Close()                            {}
