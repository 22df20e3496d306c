package sim

import (
	"bytes"
	"fmt"
	"io"
)

// spoolInMemory is how many bytes of results are kept in memory; what is beyond goes to a temporary file.
const spoolInMemory = 16 << 20

// A spool keeps the encoded results of a map run's child executions, by the child's index, until they are written.
type spool struct {
	texts  *Spill
	places []kept // by index
}

// kept is where a child's entries stand in the spool.
type kept struct {
	offset int64
	length int32
	failed bool
}

func newSpool(children int) *spool {
	return &spool{texts: NewSpill("", spoolInMemory), places: make([]kept, children)}
}

// add keeps the entries of child i, which were encoded and joined.
func (s *spool) add(i int, text []byte, failed bool) {
	s.places[i] = kept{s.texts.Add(text), int32(len(text)), failed}
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
func (s *spool) close() { s.texts.Close() }

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
		p := f.spool.places[i]
		text, problem := f.spool.texts.Read(p.offset, int(p.length), buffer[:0])
		if problem != nil {
			return n, fmt.Errorf("results of the map run: %w", problem)
		}
		put([]byte(next))
		put(text)
		next, buffer = f.separator, text
	}
	put([]byte(f.end))
	return n, err
}

// put stores the file as an object, in pieces where the store takes them.
func (f *resultFile) put(store ObjectStore, bucket, key string) error {
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
