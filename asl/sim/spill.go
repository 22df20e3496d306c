package sim

import (
	"fmt"
	"os"
	"sync"
)

// A Spill keeps texts that are seldom read again: the first in memory, and what is beyond a bound in a temporary file. When the
// file cannot be written it keeps them all in memory. It may be shared by executions and goroutines.
type Spill struct {
	mu      sync.Mutex
	dir     string
	bound   int
	memory  []byte // the first texts
	file    *os.File
	written int64  // length of the file
	pending []byte // what comes behind the file's end
	broken  bool   // the file takes no more
}

// spillPending is how many bytes are gathered before they are written.
const spillPending = 256 << 10

// NewSpill keeps up to bound bytes in memory, and the rest in a file in dir; "" is the system's directory for temporary files.
func NewSpill(dir string, bound int) *Spill { return &Spill{dir: dir, bound: bound} }

// Add keeps a text and gives the place to read it from.
func (s *Spill) Add(text []byte) (at int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at = s.length()
	if len(s.pending) == 0 && s.written == 0 && len(s.memory)+len(text) <= s.bound {
		s.memory = append(s.memory, text...)
		return at
	}
	if s.pending = append(s.pending, text...); len(s.pending) >= spillPending && !s.broken {
		s.write()
	}
	return at
}

// length is the sum of all texts.
func (s *Spill) length() int64 { return int64(len(s.memory)) + s.written + int64(len(s.pending)) }

// write moves what is pending to the file.
func (s *Spill) write() {
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "spill-*")
		if err != nil {
			s.broken = true
			return
		}
		os.Remove(file.Name()) // it is gone when it is closed, however the process ends
		s.file = file
	}
	if _, err := s.file.WriteAt(s.pending, s.written); err != nil {
		s.broken = true // what was written of it is never read
		return
	}
	s.written += int64(len(s.pending))
	s.pending = s.pending[:0]
}

// Read appends the length bytes at a place to buffer.
func (s *Spill) Read(at int64, length int, buffer []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at < 0 || length < 0 || at+int64(length) > s.length() {
		return buffer, fmt.Errorf("reading %d bytes at %d of the %d that were kept", length, at, s.length())
	}
	if kept := int64(len(s.memory)); at < kept {
		return append(buffer, s.memory[at:at+int64(length)]...), nil
	} else if at -= kept; at >= s.written {
		at -= s.written
		return append(buffer, s.pending[at:at+int64(length)]...), nil
	}
	from := len(buffer)
	buffer = append(buffer, make([]byte, length)...)
	if _, err := s.file.ReadAt(buffer[from:], at); err != nil {
		return buffer[:from], fmt.Errorf("reading what was kept in a temporary file: %w", err)
	}
	return buffer, nil
}

// Close gives up everything that was kept.
func (s *Spill) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.file
	s.memory, s.pending, s.file, s.written = nil, nil, nil, 0
	if file == nil {
		return nil
	}
	return file.Close()
}
