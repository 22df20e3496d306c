package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/etl"
)

// Odd files are listed with what is wrong with them, and do not keep the others from being listed.
func TestOddFiles(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "daily-flights", "date=2008-05-01")
	if err := os.MkdirAll(filepath.Join(folder, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"good.csv", "K\xf6ln.csv"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o644); err != nil {
			t.Skipf("this file system does not take %q: %v", name, err)
		}
	}
	for link, to := range map[string]string{"linked.csv": "good.csv", "dangling.csv": "nothing.csv", "folder.csv": "folder"} {
		if err := os.Symlink(to, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := readData(dir, t.TempDir(), Silent)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"good.csv": "", "linked.csv": "", "dangling.csv": "link to nothing", "folder.csv": "no file", "K\xf6ln.csv": "not UTF-8"}
	for _, u := range d.files[etl.Flights] {
		name := filepath.Base(u.path)
		says, listed := want[name]
		delete(want, name)
		switch {
		case !listed:
			t.Errorf("%q is listed", name)
		case says == "" && u.problem != nil:
			t.Errorf("%q: %v", name, u.problem)
		case says != "" && (u.problem == nil || !strings.Contains(u.problem.Error(), says)):
			t.Errorf("%q: got %v, want %q", name, u.problem, says)
		}
	}
	for name := range want {
		t.Errorf("%q is not listed", name)
	}
}
