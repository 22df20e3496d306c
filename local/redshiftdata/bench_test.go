package redshiftdata_test

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// rowsOfBenchmarks is how many flights the benchmarks ask about, and how many of them a client prints.
const rowsOfBenchmarks, rowsOfOutput = 10_000_000, 1_000_000

// filled makes a DuckDB file with flights and airports.
func filled(b *testing.B) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "warehouse.duckdb")
	db, err := sql.Open("duckdb", file+"?threads=2")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{
		"CREATE SCHEMA public",
		"CREATE TABLE public.airports AS SELECT i::INTEGER AS id, 'Airport ' || i AS name FROM range(1000) t(i)",
		fmt.Sprintf(`CREATE TABLE public.flights AS SELECT i::BIGINT AS id, ['AA','WN','DL','UA','B6'][1 + i %% 5] AS carrier, (hash(i) %% 1000)::INTEGER AS airport, (hash(i + 1) %% 200)::BIGINT - 20 AS delay,
			DATE '2008-01-01' + (i %% 365)::INTEGER AS day FROM range(%d) t(i)`, rowsOfBenchmarks),
		"CHECKPOINT",
	} {
		if _, err := db.Exec(q); err != nil {
			b.Fatal(err)
		}
	}
	return file
}

// BenchmarkQueries asks the same of the warehouse, by a client of its wire protocol, and of bare DuckDB.
func BenchmarkQueries(b *testing.B) {
	bare, err := sql.Open("duckdb", filled(b)+"?threads=2")
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	client := serveFile(b, filled(b)).connect(b, "")
	for _, q := range []struct{ name, sql string }{
		{"count", "select count(*) from public.flights"},
		{"join", "select a.name, count(*), min(f.delay) from public.flights f join public.airports a on a.id = f.airport group by a.name order by 2 desc, 1 limit 3"},
		{"window", "select carrier, max(n) from (select carrier, row_number() over (partition by airport order by delay, id) as n from public.flights) t group by carrier order by 1"},
	} {
		b.Run(q.name+"/duckdb", func(b *testing.B) {
			for b.Loop() {
				rows, err := bare.Query(q.sql)
				if err != nil {
					b.Fatal(err)
				}
				for rows.Next() {
				}
				if err := rows.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(q.name+"/warehouse", func(b *testing.B) {
			for b.Loop() {
				if _, err := client.PgConn().Exec(b.Context(), q.sql).ReadAll(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOutput prints rows with psql, and with DuckDB's own command.
func BenchmarkOutput(b *testing.B) {
	for _, command := range []string{"psql", "duckdb"} {
		if _, err := exec.LookPath(command); err != nil {
			b.Skipf("%s is not on the path", command)
		}
	}
	query := fmt.Sprintf("select id, carrier, airport, delay, day from public.flights where id < %d", rowsOfOutput)
	file := filled(b)
	print := func(b *testing.B, words ...string) {
		for b.Loop() {
			out, err := os.Create(filepath.Join(b.TempDir(), "out"))
			if err != nil {
				b.Fatal(err)
			}
			cmd := exec.Command(words[0], words[1:]...)
			cmd.Stdout, cmd.Stderr = out, os.Stderr
			if err := cmd.Run(); err != nil {
				b.Fatal(err)
			}
			out.Close()
		}
	}
	b.Run("duckdb", func(b *testing.B) { print(b, "duckdb", "-readonly", "-csv", file, query) })
	b.Run("duckdb-box", func(b *testing.B) { print(b, "duckdb", "-readonly", "-column", file, query) })
	server := serveFile(b, file)
	b.Run("psql", func(b *testing.B) { print(b, "psql", server.URL, "-X", "-A", "-c", query) })
	b.Run("psql-aligned", func(b *testing.B) { print(b, "psql", server.URL, "-X", "-c", query) })
	b.Run("psql-cursor", func(b *testing.B) { print(b, "psql", server.URL, "-X", "-A", "-v", "FETCH_COUNT=10000", "-c", query) })
}
