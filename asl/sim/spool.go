package sim

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// spoolInMemory is how many bytes of results are kept in memory; what is beyond goes to a temporary file.
const spoolInMemory = 16 << 20

// A spool keeps the encoded results of a map run's child executions, by the child's index, until they are written.
type spool struct {
	memory bytes.Buffer
	file   *os.File // what comes after memory is full; nil as long as it is not
	length int64
	places []kept // by index
	err    error  // of the file
}

// kept is where a child's entries stand in the spool.
type kept struct {
	offset int64
	length int32
	failed bool
}

func newSpool(children int) *spool { return &spool{places: make([]kept, children)} }

// add keeps the entries of child i, which were encoded and joined.
func (s *spool) add(i int, text []byte, failed bool) {
	if s.err != nil {
		return
	}
	if s.file == nil && s.memory.Len()+len(text) > spoolInMemory {
		if s.file, s.err = os.CreateTemp("", "map-run-*"); s.err != nil {
			return
		}
		os.Remove(s.file.Name()) // it is gone when it is closed, however the process ends
	}
	if s.file == nil {
		s.memory.Write(text)
	} else if _, s.err = s.file.WriteAt(text, s.length-int64(s.memory.Len())); s.err != nil {
		return
	}
	s.places[i] = kept{s.length, int32(len(text)), failed}
	s.length += int64(len(text))
}

// group is the result file of the children that failed, or of those that did not: nothing when there are none.
func (s *spool) group(failed, lines bool) *resultFile {
	f := &resultFile{spool: s}
	open, separator, end := "[", ",", "]"
	if lines {
		open, separator, end = "", "\n", "\n"
	}
	next := open
	for i, p := range s.places {
		if p.length > 0 && p.failed == failed {
			f.parts = append(f.parts, int32(i))
			f.size += int64(len(next)) + int64(p.length)
			next = separator
		}
	}
	if len(f.parts) == 0 {
		return f
	}
	f.open, f.separator, f.end = open, separator, end
	f.size += int64(len(end))
	return f
}

// close lets the temporary file go.
func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
}

// text reads the entries of child i into buffer.
func (s *spool) text(i int32, buffer []byte) ([]byte, error) {
	p := s.places[i]
	kept := int64(s.memory.Len())
	if p.offset < kept {
		return s.memory.Bytes()[p.offset : p.offset+int64(p.length)], nil
	}
	if cap(buffer) < int(p.length) {
		buffer = make([]byte, p.length)
	}
	buffer = buffer[:p.length]
	_, err := s.file.ReadAt(buffer, p.offset-kept)
	return buffer, err
}

// resultFile is the content of one result file.
type resultFile struct {
	spool                *spool
	parts                []int32
	size                 int64
	open, separator, end string
}

// WriteTo writes the file.
func (f *resultFile) WriteTo(w io.Writer) (n int64, err error) {
	put := func(text []byte) {
		if err == nil {
			var m int
			m, err = w.Write(text)
			n += int64(m)
		}
	}
	next := f.open
	var buffer []byte
	for _, i := range f.parts {
		text, problem := f.spool.text(i, buffer)
		if problem != nil {
			return n, fmt.Errorf("results of the map run: %w", problem)
		}
		put([]byte(next))
		put(text)
		next, buffer = f.separator, text
		if f.spool.places[i].offset < int64(f.spool.memory.Len()) {
			buffer = nil // it is the spool's own
		}
	}
	put([]byte(f.end))
	return n, err
}

// put stores the file as an object, in pieces where the store takes them.
func (f *resultFile) put(store ObjectStore, bucket, key string) error {
	if f.spool.err != nil {
		return f.spool.err
	}
	if s, ok := store.(ObjectStreamer); ok {
		return s.StreamObject(bucket, key, f)
	}
	var b bytes.Buffer
	b.Grow(int(f.size))
	if _, err := f.WriteTo(&b); err != nil {
		return err
	}
	return store.PutObject(bucket, key, b.Bytes())
}
