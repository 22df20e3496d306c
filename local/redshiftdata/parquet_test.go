package redshiftdata

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestAlike: objects of one schema go into one statement as long as they are no more than a MiB together, and only those that follow each other.
func TestAlike(t *testing.T) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := &session{warehouse: &warehouse{db: db}}
	// random texts, which nothing makes smaller, of 16 bytes a row
	texts := func(rows int) string {
		return fmt.Sprintf("SELECT substr(md5(i::VARCHAR), 1, 16) AS a FROM range(%d) t(i)", rows)
	}
	small, half, whole := "SELECT 'x' AS a", texts(40_000), texts(100_000)
	for name, c := range map[string]struct {
		queries []string
		want    []int // how many objects each statement takes
	}{
		"small ones":                 {[]string{small, small, small, small}, []int{4}},
		"two of more than half":      {[]string{half, small, half, small}, []int{2, 2}},
		"one of more than all":       {[]string{small, whole, whole, small, small}, []int{1, 1, 1, 2}},
		"names in another order":     {[]string{"SELECT 'x' AS a, 'y' AS b", "SELECT 'x' AS b, 'y' AS a", "SELECT 'y' AS b, 'z' AS a"}, []int{1, 2}},
		"another between":            {[]string{small, "SELECT 1 AS a", small}, []int{1, 1, 1}},
		"one that cannot be read":    {[]string{small, "", small}, []int{1, 1, 1}},
		"one object, which is small": {[]string{small}, []int{1}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var objects []object
			for i, query := range c.queries {
				o := object{file: filepath.Join(dir, fmt.Sprintf("%d.parquet", i))}
				if err := os.WriteFile(o.file, []byte("no Parquet"), 0o600); err != nil {
					t.Fatal(err)
				}
				if query != "" {
					if err := os.WriteFile(o.file, parquet(t, query), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				objects = append(objects, o)
			}
			var got []int
			for _, together := range s.alike(t.Context(), objects) {
				got = append(got, len(together))
				var bytes int64
				for _, o := range together {
					info, err := os.Stat(o.file)
					if err != nil {
						t.Fatal(err)
					}
					bytes += info.Size()
				}
				if len(together) > 1 && bytes > maxAlike {
					t.Errorf("%d bytes in one statement", bytes)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("statements of %v objects, want %v", got, c.want)
			}
		})
	}
}
