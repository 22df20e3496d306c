package s3

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/minio/crc64nvme"
)

// A File is a body that lies in a file already, whole and checked: PutObject and UploadPart take the file over, by renaming
// it, so that no object is ever whole in memory. It must be on the file system of the buckets ([Service.Spool]), and closed.
type File struct {
	io.Reader // never read; a File is a body as the SDK's inputs have it
	Path      string
	Size      int64
	MD5       hash.Hash // of the bytes
	NVME      []byte    // their CRC64NVME; nil where it was not computed
}

// Bytes are a body in memory that was read and checked: what was computed meanwhile is not computed again.
type Bytes struct {
	*bytes.Reader
	Data []byte
	MD5  hash.Hash
	NVME []byte // their CRC64NVME
}

// Spool is a directory for Files, beside the buckets.
func (s *Service) Spool() (string, error) {
	dir := filepath.Join(s.dir, "..", "uploads")
	return dir, os.MkdirAll(dir, 0o755)
}

// UseSpill has small objects kept in a spill from now on, and not as files: making one takes longer than all else of a PutObject. It
// is for a world that nobody saves ([Service.State]).
func (s *Service) UseSpill(spill Spill) {
	s.spill = spill
	for _, b := range s.buckets {
		b.spill = spill
	}
}

// Open reads an object past the API and its clock, as whoever owns the machine; an empty id is the newest version.
func (s *Service) Open(bucket, key, id string) (io.ReadCloser, error) {
	b := s.buckets[bucket]
	if b == nil {
		return nil, fmt.Errorf("there is no bucket %s", bucket)
	}
	v := b.current(key)
	if id != "" {
		v = b.find(key, id)
	}
	if v == nil || v.marker {
		return nil, fmt.Errorf("s3://%s/%s: %w", bucket, key, os.ErrNotExist)
	}
	return b.open(v)
}

// content is the bytes of an object or a part: in memory, or a file to take over.
type content struct {
	data []byte
	file string
	size int64
	sum  hash.Hash
	// parts are the sizes of those that the bytes were uploaded in.
	parts []int64
	// nvme is the checksum CRC64NVME; nil where it was not computed.
	nvme []byte
	// checksum is what the bytes were sent with, or what their upload computes of each part.
	checksum checksum
	// checked says that the checksum that the bytes were sent with is right.
	checked bool
}

func inMemory(data []byte) content {
	sum := md5.New()
	sum.Write(data)
	return content{data: data, size: int64(len(data)), sum: sum, nvme: binary.BigEndian.AppendUint64(nil, crc64nvme.Checksum(data))}
}

// contentOf takes a body in.
func contentOf(body io.Reader) (content, error) {
	switch body := body.(type) {
	case *File:
		return content{file: body.Path, size: body.Size, sum: body.MD5, nvme: body.NVME, checked: true}, nil
	case *Bytes:
		return content{data: body.Data, size: int64(len(body.Data)), sum: body.MD5, nvme: body.NVME, checked: true}, nil
	}
	data, err := readAll(body)
	return inMemory(data), err
}

// save makes a file of the bytes.
func (c content) save(path string) error {
	if c.file != "" {
		return os.Rename(c.file, path)
	}
	return os.WriteFile(path, c.data, 0o644)
}

// discard forgets bytes that became no object.
func (c content) discard() {
	if c.file != "" {
		os.Remove(c.file) // its directory is emptied with the world
	}
}

// copyTo appends the bytes to a file.
func (c content) copyTo(w io.Writer) error {
	if c.file == "" {
		_, err := w.Write(c.data)
		return err
	}
	f, err := os.Open(c.file)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// tag is the MD5 of the bytes, as an entity tag.
func (c content) tag() string { return `"` + hex.EncodeToString(c.sum.Sum(nil)) + `"` }
