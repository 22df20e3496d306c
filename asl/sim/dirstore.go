package sim

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// DirStore is an ObjectStore in a directory: the object s3://bucket/a/b is the
// file bucket/a/b in it. Keys cannot lead out of the directory.
type DirStore string

// GetObject reads a file.
func (d DirStore) GetObject(bucket, key string) ([]byte, error) {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	body, err := root.ReadFile(filepath.FromSlash(path.Join(bucket, key)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("s3://%s/%s: %w", bucket, key, ErrNoSuchKey)
	}
	return body, err
}

// ListObjects lists the files of a bucket whose key begins with prefix, by key.
func (d DirStore) ListObjects(bucket, prefix string) ([]ObjectInfo, error) {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if _, err := root.Stat(path.Clean(bucket)); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("s3://%s: %w", bucket, ErrNoSuchBucket)
	}
	var list []ObjectInfo
	err = fs.WalkDir(root.FS(), path.Clean(bucket), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		key := strings.TrimPrefix(name, bucket+"/")
		if !strings.HasPrefix(key, prefix) {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		list = append(list, ObjectInfo{Key: key, ETag: fmt.Sprintf("\"%x-%x\"", info.ModTime().UnixNano(), info.Size()),
			Size: info.Size(), LastModified: info.ModTime(), StorageClass: "STANDARD"})
		return nil
	})
	return list, err
}

// PutObject writes a file, and the directories on the way.
func (d DirStore) PutObject(bucket, key string, body []byte) error {
	return d.StreamObject(bucket, key, bytes.NewReader(body))
}

// StreamObject writes a file in pieces, and the directories on the way.
func (d DirStore) StreamObject(bucket, key string, body io.WriterTo) error {
	root, err := os.OpenRoot(string(d))
	if err != nil {
		return err
	}
	defer root.Close()
	name := filepath.FromSlash(path.Join(bucket, key))
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	_, err = body.WriteTo(w)
	return errors.Join(err, w.Flush(), file.Close())
}
