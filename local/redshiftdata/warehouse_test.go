package redshiftdata

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A warehouse whose process was killed opens with all that was committed, whatever its tables have gone through.
func TestKilledWarehouse(t *testing.T) {
	file, killed := filepath.Join(t.TempDir(), "warehouse.duckdb"), filepath.Join(t.TempDir(), "warehouse.duckdb")
	now := func() time.Time { return time.Unix(0, 0) }
	w, err := openWarehouse(file, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		"CREATE TABLE public.t (a VARCHAR CHECK (strlen(a) <= 3), b INTEGER DEFAULT 7, c BOOLEAN DEFAULT true)", "INSERT INTO public.t (a) VALUES ('x')",
		"ALTER TABLE public.t RENAME COLUMN a TO z", "ALTER TABLE public.t DROP COLUMN c", "ALTER TABLE public.t RENAME TO u",
	} {
		if _, err := w.db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	for _, ending := range []string{"", ".wal"} {
		body, err := os.ReadFile(file + ending)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(killed+ending, body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if w, err = openWarehouse(killed, now); err != nil {
		t.Fatal(err)
	}
	var z string
	var b int
	if err := w.db.QueryRow("SELECT z, b FROM public.u").Scan(&z, &b); err != nil || z != "x" || b != 7 {
		t.Errorf("%v: %s, %d", err, z, b)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
}
