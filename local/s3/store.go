package s3

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"
)

// version is one version of an object: its bytes are a file or in the store's spill, or it is a delete marker.
type version struct {
	key      string
	id       string // "null" in a bucket that has never been versioned
	path     string // file that holds the bytes; empty where they are in the spill
	at       int64  // their place in the spill
	size     int64
	etag     string // with its quotes
	modified time.Time
	marker   bool
	header   header
	parts    []int64 // sizes of those that it was uploaded in; none for a single upload
	checksum checksum
}

// store keeps one bucket's objects under a directory: the current version of every key as a file named after
// the key, older ones under .versions.
//
// Keys are any UTF-8, so names that a file system would take amiss are percent-encoded per segment; two keys
// that would still meet in one file (differing in case only, or one the other's directory) are kept apart by
// a hash. The index in memory, not the directory, says what exists.
type store struct {
	dir    string
	keys   []string              // those with any version, in UTF-8 order
	byKey  map[string][]*version // newest first
	placed map[string]string     // path in lower case to the key that lives there
	spill  Spill                 // of small objects; nil where they are files too
}

// A Spill keeps bytes at a place, from which they are read again. *sim.Spill is one.
type Spill interface {
	Add(data []byte) (at int64)
	Read(at int64, length int, buffer []byte) ([]byte, error)
}

// small is the size in bytes up to which an object goes into the spill, where there is one.
const small = 64 << 10

func newStore(dir string) (*store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return &store{dir: dir, byKey: map[string][]*version{}, placed: map[string]string{}}, nil
}

// current is the newest version of a key, which may be a delete marker; nil when there is none.
func (s *store) current(key string) *version {
	if list := s.byKey[key]; len(list) > 0 {
		return list[0]
	}
	return nil
}

// find is the version with that id, nil when there is none.
func (s *store) find(key, id string) *version {
	for _, v := range s.byKey[key] {
		if v.id == id {
			return v
		}
	}
	return nil
}

// put makes v the newest version of its key, with these bytes. With the id "null" it replaces a version of
// that id.
func (s *store) put(v *version, c content) error {
	if v.id == "null" {
		if err := s.remove(v.key, "null"); err != nil {
			return err
		}
	}
	if old := s.current(v.key); old != nil && !old.marker {
		if err := s.retire(old); err != nil {
			return err
		}
	}
	if !v.marker {
		if err := s.keep(v, c); err != nil {
			return err
		}
	}
	if _, ok := s.byKey[v.key]; !ok {
		at := sort.SearchStrings(s.keys, v.key)
		s.keys = slices.Insert(s.keys, at, v.key)
	}
	s.byKey[v.key] = slices.Insert(s.byKey[v.key], 0, v)
	return nil
}

// keep puts the bytes of the newest version of a key where they belong.
func (s *store) keep(v *version, c content) error {
	v.size = c.size
	if s.spill != nil && c.file == "" && c.size <= small {
		v.at = s.spill.Add(c.data)
		return nil
	}
	v.path = s.place(v.key)
	if err := os.MkdirAll(filepath.Dir(v.path), 0o755); err != nil {
		return err
	}
	return c.save(v.path)
}

// retire moves the bytes of the newest version out of the way of a newer one.
func (s *store) retire(v *version) error {
	if v.path == "" {
		return nil
	}
	rel, err := filepath.Rel(s.dir, v.path)
	if err != nil {
		return err
	}
	to := filepath.Join(s.dir, versionsDir, rel+"%."+v.id) // "%." is in no encoded key
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Rename(v.path, to); err != nil {
		return err
	}
	v.path = to
	return nil
}

// remove deletes one version for good. The version below it becomes the current one and gets its place back.
func (s *store) remove(key, id string) error {
	list := s.byKey[key]
	i := slices.IndexFunc(list, func(v *version) bool { return v.id == id })
	if i < 0 {
		return nil
	}
	if list[i].path != "" {
		if err := os.Remove(list[i].path); err != nil {
			return err
		}
	}
	list = slices.Delete(list, i, i+1)
	if len(list) == 0 {
		delete(s.byKey, key)
		at := sort.SearchStrings(s.keys, key)
		s.keys = slices.Delete(s.keys, at, at+1)
		return nil
	}
	s.byKey[key] = list
	if top := list[0]; i == 0 && top.path != "" {
		to := s.place(key)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Rename(top.path, to); err != nil {
			return err
		}
		top.path = to
	}
	return nil
}

const versionsDir = ".versions"

// place is the file in which the current version of a key lives.
func (s *store) place(key string) string {
	segments := strings.Split(key, "/")
	for i, segment := range segments {
		segments[i] = fileName(segment)
	}
	rel := strings.Join(segments, "/")
	sum := sha256.Sum256([]byte(key))
	for {
		folded := strings.ToLower(rel)
		owner, taken := s.placed[folded]
		if (!taken || owner == key) && !s.inTheWay(folded, key) {
			s.claim(folded, key)
			return filepath.Join(s.dir, filepath.FromSlash(rel))
		}
		rel = "%" + hex.EncodeToString(sum[:]) // beside everything: no encoded key begins so
	}
}

// inTheWay reports whether a directory on the way to a file is another key's file, or the file a directory.
func (s *store) inTheWay(folded, key string) bool {
	if owner := s.placed[folded+"/"]; owner != "" {
		return true
	}
	for i := range folded {
		if folded[i] == '/' {
			if owner, ok := s.placed[folded[:i]]; ok && owner != key {
				return true
			}
		}
	}
	return false
}

func (s *store) claim(folded, key string) {
	s.placed[folded] = key
	for i := range folded {
		if folded[i] == '/' {
			s.placed[folded[:i]+"/"] = "directory"
		}
	}
}

// fileName encodes one segment of a key as a file name: letters, digits and a few signs stay as they are.
func fileName(segment string) string {
	switch segment {
	case "":
		return "%"
	case ".", "..", versionsDir:
		return strings.ReplaceAll(segment, ".", "%2E")
	}
	var b strings.Builder
	for i := range len(segment) {
		c := segment[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-_.=+,@!()' ", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	name := b.String()
	if strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") { // which some file systems drop
		name = fmt.Sprintf("%s%%%02X", name[:len(name)-1], name[len(name)-1])
	}
	if len(name) > 200 {
		sum := sha256.Sum256([]byte(segment))
		name = name[:120] + "%" + hex.EncodeToString(sum[:20])
	}
	return name
}

// opened is the content of a version.
type opened interface {
	io.ReadCloser
	io.ReaderAt
}

// open opens a version's content: a file, or small bytes that need none.
func (s *store) open(v *version) (opened, error) {
	if v.path != "" {
		return os.Open(v.path)
	}
	data, err := s.spill.Read(v.at, int(v.size), nil)
	return inSpill{bytes.NewReader(data)}, err
}

// inSpill are bytes that were in the spill.
type inSpill struct{ *bytes.Reader }

func (inSpill) Close() error { return nil }

// bytes reads a version's content.
func (s *store) bytes(v *version) ([]byte, error) {
	if v.path != "" {
		return os.ReadFile(v.path)
	}
	return s.spill.Read(v.at, int(v.size), nil)
}
