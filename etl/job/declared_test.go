package job_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"airline/etl"
	"airline/etl/samples"

	"github.com/google/go-cmp/cmp"
)

// What only a declaration says, all engines do: they make of files of datasets that no code knows what must become of them, and the same.
func TestScriptsDoWhatIsDeclared(t *testing.T) {
	all := samples.Declarations()
	var declared []etl.Declaration
	for _, d := range all {
		declared = append(declared, d.Declaration)
	}
	restore, err := etl.Try(declared...)
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	dir := t.TempDir()
	queries := filepath.Join(dir, "sql")
	if err := os.CopyFS(queries, sub(t, etl.Files, "sql")); err != nil {
		t.Fatal(err)
	}
	var loads []load
	for i, d := range all {
		for j, file := range d.Files {
			bucket := filepath.Join(dir, "raw", string(rune('a'+i)), string(rune('a'+j)))
			for key, content := range map[string]string{file.Key: file.Content, "airports/airports.csv": samples.Airports} {
				path := filepath.Join(bucket, filepath.FromSlash(key))
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			loads = append(loads, load{name: d.Name + "/" + file.Name, dataset: d.Declaration.Name, bucket: bucket, key: file.Key,
				arguments: map[string]string{"sql": "file://" + queries + "/"}, must: &file})
		}
	}
	want := make([]outcome, len(loads))
	for i, l := range loads {
		want[i] = runLocal(t, l, l.id(i), filepath.Join(dir, "local"))
		t.Run("the local world/"+l.name, func(t *testing.T) { expectMade(t, l, want[i]) })
	}
	each(t, func(t *testing.T, e engine, python string) {
		got := runScript(t, e, python, loads, filepath.Join(dir, e.name), filepath.Join(dir, "nothing to read back"))
		for m, mode := range e.modes {
			for i, l := range loads {
				t.Run(mode.name+"/"+l.name, func(t *testing.T) {
					if diff := cmp.Diff(want[i], got[m][i]); diff != "" {
						t.Errorf("the local world and %s differ (-local world +%[1]s):\n%s", e.script, diff)
					}
					expectMade(t, l, got[m][i])
				})
			}
		}
	})
}

func expectMade(t *testing.T, l load, made outcome) {
	t.Helper()
	if wrong := l.must.Judge(samples.Made{Rows: made.Rows, Rejects: made.Rejects, Refused: made.Refused, Message: made.Message}); wrong != "" {
		t.Error(wrong)
	}
	if m := made.Manifest; made.Refused == "" && (m.RowsRead != m.RowsLoaded+m.RowsRejected || m.RowsRead != int64(len(l.must.Rows)+len(l.must.Rejects))) {
		t.Errorf("%d rows were read, %d loaded, %d rejected", m.RowsRead, m.RowsLoaded, m.RowsRejected)
	}
}

func sub(t *testing.T, files fs.FS, dir string) fs.FS {
	t.Helper()
	under, err := fs.Sub(files, dir)
	if err != nil {
		t.Fatal(err)
	}
	return under
}
