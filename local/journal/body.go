package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// Keep makes a file a body of the journal: it gets a further name in the journal's folder, where nobody changes it, and its bytes and
// that name last when Keep returns. The file must be on the file system of the folder, and is not written to any more.
func (j *Journal) Keep(path string) (name string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return "", err
	}
	name = strconv.FormatUint(j.bodies.Add(1), 10)
	if err := os.Link(path, j.Body(name)); err != nil {
		return "", fmt.Errorf("keeping a body needs a file system with links: %w", err)
	}
	return name, syncDir(filepath.Join(j.dir, bodiesDir))
}

// Body is the file of a body.
func (j *Journal) Body(name string) string { return filepath.Join(j.dir, bodiesDir, name) }

// Sweep removes the bodies that no record names. It comes before the first Keep.
func (j *Journal) Sweep(named map[string]bool) error {
	entries, err := os.ReadDir(filepath.Join(j.dir, bodiesDir))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if n, err := strconv.ParseUint(e.Name(), 10, 64); err == nil {
			j.bodies.Store(max(j.bodies.Load(), n))
		}
		if !named[e.Name()] {
			if err := os.Remove(j.Body(e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
