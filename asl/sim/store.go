package sim

import (
	"bytes"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// An ObjectStore is where distributed Maps find their items and leave their
// results: S3, or something like it.
type ObjectStore interface {
	GetObject(bucket, key string) ([]byte, error)
	ListObjects(bucket, prefix string) ([]ObjectInfo, error)
	PutObject(bucket, key string, body []byte) error
}

// An ObjectStreamer is an ObjectStore that takes objects in pieces, so that large ones need not be in memory as a whole.
type ObjectStreamer interface {
	ObjectStore
	StreamObject(bucket, key string, body io.WriterTo) error
}

// ErrNoSuchBucket is what ListObjects' error wraps when there is no such bucket.
var ErrNoSuchBucket = errors.New("The specified bucket does not exist.")

// ErrNoSuchKey is what GetObject's error wraps when there is no such object.
var ErrNoSuchKey = errors.New("The specified key does not exist.")

// ErrNoObjects is the error of a state that reads or writes objects in an
// execution without Options.Objects. It is neither retried nor caught, because
// it is the test that is wrong and not the machine.
const ErrNoObjects = "NoObjectStore"

func noObjects(field string) *fault {
	return &fault{name: ErrNoObjects, hasName: true, hasCause: true, terminal: true,
		cause: field + " needs an object store, and the execution has none"}
}

// ObjectInfo describes an object in a listing.
type ObjectInfo struct {
	Key          string
	ETag         string // with its quotes
	Size         int64  // bytes
	LastModified time.Time
	StorageClass string // "STANDARD"
}

// MemoryStore is an ObjectStore in memory: contents by bucket and key.
type MemoryStore map[string]map[string][]byte

// GetObject gives the content of an object.
func (m MemoryStore) GetObject(bucket, key string) ([]byte, error) {
	body, ok := m[bucket][key]
	if !ok {
		return nil, fmt.Errorf("s3://%s/%s: %w", bucket, key, ErrNoSuchKey)
	}
	return body, nil
}

// ListObjects lists the objects whose key begins with prefix, by key.
func (m MemoryStore) ListObjects(bucket, prefix string) ([]ObjectInfo, error) {
	var list []ObjectInfo
	for _, key := range slices.Sorted(maps.Keys(m[bucket])) {
		if strings.HasPrefix(key, prefix) {
			body := m[bucket][key]
			list = append(list, ObjectInfo{Key: key, ETag: fmt.Sprintf("\"%x\"", md5.Sum(body)), Size: int64(len(body)), StorageClass: "STANDARD"})
		}
	}
	return list, nil
}

// PutObject stores a copy of body.
func (m MemoryStore) PutObject(bucket, key string, body []byte) error {
	if m[bucket] == nil {
		m[bucket] = map[string][]byte{}
	}
	m[bucket][key] = bytes.Clone(body)
	return nil
}
