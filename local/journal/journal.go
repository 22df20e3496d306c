// Package journal keeps records in a folder so that none that was said to be kept is lost, whenever the process is killed or
// the machine loses power.
//
//	j, err := journal.Open(dir, about) // takes the folder for this process alone
//	err = j.Read(func(record []byte) error { ... }) // what was kept before, in order
//	end, err := j.Append(record) // outlives the process from here on
//	err = j.Sync(end)            // outlives the machine's power from here on
//
// A record is a frame: its length, a checksum of its number and its bytes, the bytes. Many callers of Sync share one fsync. What
// follows the last whole frame was never said to be kept, and is cut off; a frame that cannot be read and was said to be kept is an
// error that names its place. Large bodies lie in files of their own beside the journal ([Journal.Keep]).
package journal

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// The files of a folder.
const (
	aboutFile   = "about.json"
	recordsFile = "journal"
	syncedFile  = "journal.synced" // the length of the journal up to which it was said to be kept
	lockFile    = "lock"
	bodiesDir   = "bodies"
)

// MaxRecord is how many bytes a record may have.
const MaxRecord = 64 << 20

const frameHeader = 8 // length and checksum

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrLocked is the error of a folder that another process uses.
var ErrLocked = errors.New("is in use by another process")

// ErrForeign is the error of a folder that holds something else.
var ErrForeign = errors.New("holds something else than a journal")

// Journal is an open folder. Append is called by one goroutine at a time, after Read; Sync and Keep by any.
type Journal struct {
	dir    string
	lock   *os.File
	file   *os.File
	marks  *os.File
	number uint64 // of the next record
	read   bool

	end    atomic.Int64 // of the last record
	mu     sync.Mutex   // held while the file is synced
	synced int64
	bodies atomic.Uint64 // number of the last body
}

// Open takes a folder, and makes it where it is new. about says what the journal is of, as text that is kept beside it; fits is asked
// whether a folder that was made before, with the text of then, may go on.
func Open(dir string, about []byte, fits func(before []byte) error) (_ *Journal, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	before, err := os.ReadFile(filepath.Join(dir, aboutFile))
	made := err == nil
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return nil, err
	case !made && !empty(entries):
		return nil, fmt.Errorf("%s %w", dir, ErrForeign)
	}
	j := &Journal{dir: dir}
	if j.lock, err = lock(filepath.Join(dir, lockFile)); err != nil {
		return nil, fmt.Errorf("%s %w", dir, err)
	}
	defer func() {
		if err != nil {
			j.Close()
		}
	}()
	if made {
		err = fits(before)
	} else {
		err = j.begin(about)
	}
	if err != nil {
		return nil, err
	}
	if j.file, err = os.OpenFile(filepath.Join(dir, recordsFile), os.O_RDWR, 0); err != nil {
		return nil, err
	}
	if j.marks, err = os.OpenFile(filepath.Join(dir, syncedFile), os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, err
	}
	return j, nil
}

// empty tells whether nothing but what a process leaves that was killed before it had begun is in a folder.
func empty(entries []os.DirEntry) bool {
	for _, e := range entries {
		switch e.Name() {
		case lockFile, recordsFile, bodiesDir, aboutFile + ".new":
		default:
			return false
		}
	}
	return true
}

// begin makes the files of a new journal. What it is about comes last: with it the folder is one.
func (j *Journal) begin(about []byte) error {
	if err := os.MkdirAll(filepath.Join(j.dir, bodiesDir), 0o755); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		text []byte
	}{{recordsFile, nil}, {aboutFile + ".new", about}} {
		if err := writeSynced(filepath.Join(j.dir, f.name), f.text); err != nil {
			return err
		}
	}
	if err := os.Rename(filepath.Join(j.dir, aboutFile+".new"), filepath.Join(j.dir, aboutFile)); err != nil {
		return err
	}
	return syncDir(j.dir)
}

func writeSynced(path string, text []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncDir makes the names in a folder outlive the machine's power.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Read gives the records that were kept before, in order. It must be called once, before the first Append.
func (j *Journal) Read(each func(record []byte) error) error {
	kept, err := j.kept()
	if err != nil {
		return err
	}
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < kept {
		return fmt.Errorf("%s has %d bytes and had %d: records that were said to be kept are missing", j.file.Name(), info.Size(), kept)
	}
	in := bufio.NewReaderSize(j.file, 1<<20)
	at := int64(0)
	for {
		record, err := readFrame(in, j.number)
		if err == io.EOF {
			break
		}
		if errors.Is(err, errFrame) {
			if at < kept {
				return fmt.Errorf("%s is damaged at byte %d, in record %d, and was said to be kept up to byte %d", j.file.Name(), at, j.number, kept)
			}
			break // never said to be kept
		}
		if err != nil {
			return err
		}
		if err := each(record); err != nil {
			return err
		}
		at += frameHeader + int64(len(record))
		j.number++
	}
	if err := j.file.Truncate(at); err != nil {
		return err
	}
	if _, err := j.file.Seek(at, io.SeekStart); err != nil {
		return err
	}
	j.end.Store(at)
	j.read = true
	return j.Sync(at)
}

// kept is the length up to which the journal was said to be kept, as far as that was written down.
func (j *Journal) kept() (int64, error) {
	var b [8]byte
	switch n, err := j.marks.ReadAt(b[:], 0); {
	case err == io.EOF && n < len(b):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return int64(binary.LittleEndian.Uint64(b[:])), nil
}

var errFrame = errors.New("not a frame")

// readFrame reads the frame of the record of that number; io.EOF where nothing follows.
func readFrame(in io.Reader, number uint64) ([]byte, error) {
	var header [frameHeader]byte
	switch _, err := io.ReadFull(in, header[:]); {
	case err == io.EOF:
		return nil, io.EOF
	case err == io.ErrUnexpectedEOF:
		return nil, errFrame
	case err != nil:
		return nil, err
	}
	length := binary.LittleEndian.Uint32(header[:])
	if length == 0 || length > MaxRecord {
		return nil, errFrame
	}
	var record bytes.Buffer // which grows as bytes come: a length that is not true costs nothing
	switch n, err := io.Copy(&record, io.LimitReader(in, int64(length))); {
	case err != nil:
		return nil, err
	case n < int64(length):
		return nil, errFrame
	}
	if checksum(number, record.Bytes()) != binary.LittleEndian.Uint32(header[4:]) {
		return nil, errFrame
	}
	return record.Bytes(), nil
}

func checksum(number uint64, record []byte) uint32 {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], number)
	return crc32.Update(crc32.Checksum(b[:], castagnoli), castagnoli, record)
}

// Append writes a record, and gives the end up to which Sync makes it last.
func (j *Journal) Append(record []byte) (end int64, err error) {
	switch {
	case !j.read:
		return 0, errors.New("the journal was not read")
	case len(record) == 0 || len(record) > MaxRecord:
		return 0, fmt.Errorf("a record has 1 to %d bytes, not %d", MaxRecord, len(record))
	}
	frame := make([]byte, frameHeader, frameHeader+len(record))
	binary.LittleEndian.PutUint32(frame, uint32(len(record)))
	binary.LittleEndian.PutUint32(frame[4:], checksum(j.number, record))
	if _, err := j.file.Write(append(frame, record...)); err != nil {
		return 0, err
	}
	j.number++
	return j.end.Add(int64(frameHeader + len(record))), nil
}

// Sync makes the records up to an end last. Callers that come while the file is being synced share the next time.
func (j *Journal) Sync(end int64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.synced >= end {
		return nil
	}
	reached := j.end.Load()
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.synced = reached
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], uint64(reached))
	// It is a second witness only: it may be lost, and then less damage is told from an unfinished record.
	_, err := j.marks.WriteAt(b[:], 0)
	return err
}

// Close makes all records last and gives the folder back.
func (j *Journal) Close() error {
	var errs []error
	if j.read {
		errs = append(errs, j.Sync(j.end.Load()))
	}
	for _, f := range []*os.File{j.file, j.marks, j.lock} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}
