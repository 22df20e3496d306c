package catalog_test

import (
	"database/sql"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"airline/local/redshift/catalog"
)

// BenchmarkInstall makes the catalog's functions and tables, as every world does when it opens its warehouse.
func BenchmarkInstall(b *testing.B) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for b.Loop() {
		if err := catalog.Install(b.Context(), db); err != nil {
			b.Fatal(err)
		}
	}
}
