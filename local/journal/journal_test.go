package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"airline/local/journal"
)

func open(t *testing.T, dir string) (*journal.Journal, []string) {
	t.Helper()
	j, err := journal.Open(dir, []byte("a"), func([]byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	records, err := read(j)
	if err != nil {
		t.Fatal(err)
	}
	return j, records
}

func read(j *journal.Journal) (records []string, err error) {
	err = j.Read(func(record []byte) error {
		records = append(records, string(record))
		return nil
	})
	return records, err
}

func appendAll(t *testing.T, j *journal.Journal, texts ...string) (end int64) {
	t.Helper()
	for _, text := range texts {
		var err error
		if end, err = j.Append([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	return end
}

func TestRecordsAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	j, records := open(t, dir)
	if len(records) > 0 {
		t.Errorf("a new journal has %q", records)
	}
	want := []string{"one", strings.Repeat("x", 2<<20), "three"}
	if err := j.Sync(appendAll(t, j, want...)); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(dir, nil, nil); !errors.Is(err, journal.ErrLocked) {
		t.Errorf("a second journal of the folder: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, records = open(t, dir)
	defer j.Close()
	if !slices.Equal(records, want) {
		t.Errorf("%d records are there, of %d", len(records), len(want))
	}
	for _, bad := range [][]byte{nil, make([]byte, journal.MaxRecord+1)} {
		if _, err := j.Append(bad); err == nil {
			t.Errorf("a record of %d bytes is taken", len(bad))
		}
	}
}

// Wherever a journal is cut off, the whole records before are there; and it goes on from them.
func TestAnUnfinishedRecordIsCutOff(t *testing.T) {
	whole := []string{"one", "two", "three"}
	dir := t.TempDir()
	j, _ := open(t, filepath.Join(dir, "whole"))
	var ends []int64
	for _, text := range whole {
		ends = append(ends, appendAll(t, j, text))
	}
	text, err := os.ReadFile(filepath.Join(dir, "whole", "journal"))
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(text) + 1 {
		for _, tail := range []string{"", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "\xff\xff\xff\x7fabc"} {
			name := filepath.Join(dir, fmt.Sprintf("%d-%d", cut, len(tail)))
			j, _ := open(t, name)
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(name, "journal"), append(slices.Clone(text[:cut]), tail...), 0o644); err != nil {
				t.Fatal(err)
			}
			want := 0
			for _, end := range ends {
				if int64(cut) >= end {
					want++
				}
			}
			j, records := open(t, name)
			if !slices.Equal(records, whole[:want]) {
				t.Fatalf("cut off at byte %d, then %q: records are %q", cut, tail, records)
			}
			appendAll(t, j, "more")
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			j, records = open(t, name)
			if !slices.Equal(records, append(slices.Clone(whole[:want]), "more")) {
				t.Fatalf("cut off at byte %d, and gone on: records are %q", cut, records)
			}
			j.Close()
		}
	}
}

// What was said to be kept is there, or the journal is refused with the place.
func TestDamageIsNoEnd(t *testing.T) {
	for name, change := range map[string]func([]byte) []byte{
		"a byte":         func(b []byte) []byte { b[12] ^= 1; return b },
		"a length":       func(b []byte) []byte { b[0]++; return b },
		"the end":        func(b []byte) []byte { return b[:len(b)-1] },
		"all":            func([]byte) []byte { return nil },
		"one in between": func(b []byte) []byte { return slices.Delete(b, 11, 22) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			j, _ := open(t, dir)
			appendAll(t, j, "one", "two", "three")
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "journal")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, change(text), 0o644); err != nil {
				t.Fatal(err)
			}
			j, err = journal.Open(dir, nil, func([]byte) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
			defer j.Close()
			if _, err := read(j); err == nil || !strings.Contains(err.Error(), "said to be kept") {
				t.Errorf("it is read: %v", err)
			}
			if _, err := j.Append([]byte("four")); err == nil {
				t.Error("it is written to")
			}
		})
	}
}

func TestFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notes"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(dir, nil, nil); !errors.Is(err, journal.ErrForeign) {
		t.Errorf("a folder of something else: %v", err)
	}
	dir = t.TempDir()
	for _, left := range []string{"lock", "journal", "about.json.new"} { // by a process that was killed at once
		if err := os.WriteFile(filepath.Join(dir, left), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	j, _ := open(t, dir)
	j.Close()
	refused := errors.New("not mine")
	var before string
	if _, err := journal.Open(dir, []byte("b"), func(text []byte) error { before = string(text); return refused }); !errors.Is(err, refused) || before != "a" {
		t.Errorf("a journal about %q: %v", before, err)
	}
	j, _ = open(t, dir) // the lock was given back
	j.Close()
}

func TestManyShareASync(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, dir)
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			mu.Lock()
			end, err := j.Append(fmt.Append(nil, "record ", i))
			mu.Unlock()
			if err == nil {
				err = j.Sync(end)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	j.Close()
	j, records := open(t, dir)
	defer j.Close()
	slices.Sort(records)
	if len(slices.Compact(records)) != 50 {
		t.Errorf("%d records are there", len(records))
	}
}

func TestBodies(t *testing.T) {
	dir := t.TempDir()
	j, _ := open(t, filepath.Join(dir, "kept"))
	keep := func(text string) string {
		t.Helper()
		file := filepath.Join(dir, "file")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		name, err := j.Keep(file)
		if err == nil {
			err = os.Remove(file)
		}
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	one, two := keep("one"), keep("two")
	if err := j.Sweep(map[string]bool{two: true}); err != nil {
		t.Fatal(err)
	}
	three := keep("three")
	if _, err := os.Stat(j.Body(one)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a body that no record names: %v", err)
	}
	for name, want := range map[string]string{two: "two", three: "three"} {
		if text, err := os.ReadFile(j.Body(name)); err != nil || string(text) != want {
			t.Errorf("body %s: %q, %v", name, text, err)
		}
	}
	j.Close()
	if _, err := j.Keep(filepath.Join(dir, "absent")); err == nil {
		t.Error("a file that is not there is kept")
	}
}
